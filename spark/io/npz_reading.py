"""A run out of an NPZ file."""

from __future__ import annotations

from ..recording import Recording
from ..recording.opening import LARGEST, Source


def read_npz(file: Source, *, largest: int = LARGEST) -> Recording:
    """The recording that `spark.io.write` wrote as NPZ, equal in every bit: `Recording.load`.

    Args:
        file: a path, or a binary file that can seek.
        largest: bytes that the file may have, and that its arrays may unpack to.

    Raises:
        ValueError: it is no such file, damaged, too large, or of a soma that is not in the catalogue; says which file
            and what is wrong.
        OSError: it cannot be opened.
    """
    return Recording.load(file, largest=largest)
