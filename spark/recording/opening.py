"""Files that are opened to be read: what they are, and what is said of one that cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TypeAlias

from ..core.echo import echo
from ..core.fault import Fault, why

Source: TypeAlias = "str | os.PathLike[str] | IO[bytes]"
LARGEST = 2**31
"""Bytes that a file may have, and that its arrays may unpack to, unless the caller says otherwise."""


@contextmanager
def opened(file: Source, what: str, largest: int) -> Iterator[IO[bytes]]:
    """The file, and whatever goes wrong with it as one sentence.

    Args:
        file: a path, or a binary file that can seek.
        what: what it should be, such as "an NPZ file".
        largest: bytes that it may have.

    Raises:
        TypeError: it is neither a path nor an open file.
        ValueError: says which file it is, and what is wrong with it.
        OSError: there is no such file, or it cannot be opened.
    """
    if not isinstance(file, (str, os.PathLike)) and not hasattr(file, "read"):
        raise TypeError(f"{what} is read from a path, or from a file open for reading bytes, not from {echo(file)}.")
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as stream, opened(stream, what, largest):
            yield stream
        return
    name = getattr(file, "name", "the file")
    try:
        size = file.seek(0, os.SEEK_END)
        if size > largest:
            raise Fault(f"it has {size:,} bytes, of at most {largest:,}: a larger `largest` lets it in")
        file.seek(0)
        yield file
    except ImportError:
        raise  # which is not the file's fault
    except Exception as error:  # a wrong file can make any part of its reader fail, and all that is its fault
        raise ValueError(f"{name} cannot be read as {what} of Spark: {why(error)}.") from error
