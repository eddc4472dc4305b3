"""Arrays out of an NPZ archive that may come from anybody: no pickles, and no array before its size is known."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import IO, Any

import numpy as np

from .fault import Fault

SIGNATURE = b"PK\x03\x04"
MOST_MEMBERS = 1_000
ENDING = ".npy"


def archive_of(stream: IO[bytes], largest: int) -> zipfile.ZipFile:
    """The archive, once the sizes of all that is in it are known.

    Args:
        stream: the file, at its begin.
        largest: bytes that it may unpack to.

    Raises:
        Fault: it is none, or too large.
    """
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


def names_in(archive: zipfile.ZipFile) -> list[str]:
    """Names of its arrays."""
    return [name.removesuffix(ENDING) for name in archive.namelist() if name.endswith(ENDING)]


def array_in(archive: zipfile.ZipFile, name: str, kinds: str = "fi", longest: int | None = None) -> np.ndarray:
    """One array, once its own header says of it what the archive says: neither is believed alone.

    Args:
        archive: with it.
        name: of the array.
        kinds: those of NumPy that it may be.
        longest: bytes that it may take; None for any.

    Raises:
        Fault: it is not there, too large, or something else.
    """
    try:
        member = archive.getinfo(f"{name}{ENDING}")
    except KeyError:
        raise Fault(f"it lacks {name}") from None
    if longest is not None and member.file_size > longest:
        raise Fault(f"its {name} takes {member.file_size:,} bytes")
    file = BytesIO(archive.read(member))
    version = np.lib.format.read_magic(file)
    read: Any = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
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
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)
