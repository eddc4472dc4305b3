"""Lessons: text files that are read, checked, and whose answers the library computes."""
