"""A run as an NPZ file, and back: plain arrays and one line of JSON, nothing that could be code."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, cast

import numpy as np

from .header import LONGEST, Fault, as_text, parsed
from .opening import LARGEST, Source, opened
from .parts import R, arrays_of, names_of, recording_of
from .run import Run

SIGNATURE = b"PK\x03\x04"
HEADER = "header"
MOST_MEMBERS = 1_000
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
    with opened(file, "an NPZ file", largest) as stream, _archive(stream, largest) as archive:
        header = _header(archive)
        return recording_of(header, {name: _array(archive, name) for name in names_of(header)}, made)


def header_in(stream: IO[bytes]) -> dict[str, Any]:
    """What the file says of its run."""
    with _archive(stream, LARGEST) as archive:
        return _header(archive)


def _archive(stream: IO[bytes], largest: int) -> zipfile.ZipFile:
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        raise Fault("it is no NPZ file")
    archive = zipfile.ZipFile(stream)
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Fault(f"it has {len(members):,} arrays, of at most {MOST_MEMBERS:,}")
    size = sum(member.file_size for member in members)
    if size > largest:
        raise Fault(f"it unpacks to {size:,} bytes, of at most {largest:,}: a larger `largest` lets it in")
    return archive


def _header(archive: zipfile.ZipFile) -> dict[str, Any]:
    text = _array(archive, HEADER, TEXT)
    return parsed(str(text))


def _array(archive: zipfile.ZipFile, name: str, kinds: str = "fi") -> np.ndarray:
    """One array, once its own header says of it what the archive says: neither is believed alone."""
    try:
        member = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise Fault(f"it lacks {name}") from None
    if kinds == TEXT and member.file_size > 4 * LONGEST + 10_000:
        raise Fault(f"its header takes {member.file_size:,} bytes")
    file = BytesIO(archive.read(member))
    version = np.lib.format.read_magic(file)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
    if read is None:
        raise Fault(f"{name} is of version {version} of NPY")
    shape, _, dtype = read(file)
    if dtype.kind not in kinds or dtype.hasobject:
        raise Fault(f"{name} holds {dtype}, which is not read")
    count = 1
    for length in shape:
        count *= length  # of Python's integers, which cannot overflow
    if min(shape, default=0) < 0 or file.tell() + count * dtype.itemsize != member.file_size:
        raise Fault(f"{name} says shape {shape}, which its {member.file_size:,} bytes are not")
    if kinds == TEXT and shape:
        raise Fault("its header is no line of text")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)
