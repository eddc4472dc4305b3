"""What every request meets before it comes to a page: who is let in, what it may send, and how the answer is sealed."""
