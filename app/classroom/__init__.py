"""The classroom: rooms with a code, kept in a database that several server processes share, and who may enter them."""
