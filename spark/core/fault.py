"""What is wrong with a file."""

LONGEST = 500
"""Characters of half a sentence; what a library says may hold a whole file."""


class Fault(ValueError):
    """What is wrong with a file, in half a sentence: who opened it says which file."""


def why(error: Exception) -> str:
    """What went wrong while a file was read, as half a sentence: anything but a `Fault` is the file's damage."""
    said = " ".join(str(error).split()).rstrip(".")[:LONGEST]
    return said if isinstance(error, Fault) else f"it is damaged ({type(error).__name__}: {said})"
