"""What is wrong with a file."""


class Fault(ValueError):
    """What is wrong with a file, in half a sentence: who opened it says which file."""
