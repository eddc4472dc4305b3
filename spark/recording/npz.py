"""A run as an NPZ file, and back: plain arrays and one line of JSON, nothing that could be code."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, cast

import numpy as np

from ..core.archive import archive_of, array_in
from ..core.fault import Fault
from .header import LONGEST, as_text, parsed
from .opening import LARGEST, Source, opened
from .parts import R, arrays_of, names_of, recording_of
from .run import Run

HEADER = "header"
TEXT = "U"


class _Counted:
    """A member of an archive, written piece by piece: NumPy asks for no more of a file than `write`."""

    def __init__(self, member: IO[bytes], written: Callable[[int], object]) -> None:
        self._member, self._written = member, written

    def write(self, data: bytes) -> int:
        self._written(len(data))
        return self._member.write(data)


def npz(recording: Run, header: dict[str, Any], progress: Callable[[float], object]) -> bytes:
    """The run as the content of an NPZ file."""
    # For those who read it without Spark; `read` makes them again.
    handy = {"time": recording.time}
    if recording.events is not None:
        handy["spikes/time"] = recording.events.times(recording.dt)
    file = BytesIO()
    content: dict[str, np.ndarray] = {HEADER: np.array(as_text(header))} | handy | arrays_of(recording)
    whole, done = sum(array.nbytes for array in content.values()), 0

    def written(size: int) -> None:
        nonlocal done
        done += size
        progress(min(done / whole, 1.0))

    # What `numpy.savez_compressed` does, which tells nobody how far it is.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in content.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(cast("IO[bytes]", _Counted(member, written)), array, allow_pickle=False)
    progress(1.0)
    return file.getvalue()


def read(file: Source, made: type[R], largest: int = LARGEST) -> R:
    """The recording that was written as NPZ, equal in every bit.

    Nothing in the file is run, and no array is unpacked before its size is known.

    Args:
        file: a path, or a binary file that can seek.
        made: the class of the recording.
        largest: bytes that the file may have, and that its arrays may unpack to.

    Raises:
        ValueError: it is no such file, damaged, too large, or of a soma that is not in the catalogue; says which file
            and what is wrong.
        OSError: it cannot be opened.
    """
    with opened(file, "an NPZ file", largest) as stream, archive_of(stream, largest) as archive:
        header = _header(archive)
        return recording_of(header, {name: array_in(archive, name) for name in names_of(header)}, made)


def header_in(stream: IO[bytes]) -> dict[str, Any]:
    """What the file says of its run."""
    with archive_of(stream, LARGEST) as archive:
        return _header(archive)


def _header(archive: zipfile.ZipFile) -> dict[str, Any]:
    text = array_in(archive, HEADER, TEXT, 4 * LONGEST + 10_000)
    if text.shape:
        raise Fault("its header is no line of text")
    return parsed(str(text))
