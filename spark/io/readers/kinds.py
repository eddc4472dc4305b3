"""Which kind of file it is, by its first bytes; and its sweeps."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...core.fault import Fault
from . import abf, arrays, hdf5, igor, nwb, text
from .assembled import checked
from .sweep import Sweep

Columns = Sequence[str] | Mapping[str, str] | None
NPZ = b"PK\x03\x04"
MOST_SWEEPS = 5_000


def sweeps_of(
    path: str | os.PathLike[str], columns: Columns, dt: float | None, largest: int
) -> tuple[str, list[Sweep]]:
    """The kind of the file and its sweeps, with units that make sense.

    Args:
        path: of the file.
        columns: what its columns or arrays hold, where their names do not say it.
        dt: ms, where it does not say that.
        largest: bytes that it may have, and that its numbers may take.

    Raises:
        Fault: says what is wrong, in half a sentence.
        ImportError: the library of this kind is not installed.
        OSError: it cannot be opened.
    """
    size = os.path.getsize(path)
    if size > largest:
        raise Fault(f"it has {size:,} bytes, of at most {largest:,}")
    with open(path, "rb") as stream:
        begin = stream.read(8)
        stream.seek(0)
        if not begin:
            raise Fault("it is empty")
        if begin[:4] in abf.SIGNATURES:
            kind, found = "ABF", abf.read(path, largest)
        elif begin[:4] == NPZ:
            kind, found = "NPZ", arrays.read(stream, columns, dt, largest)
        elif begin[:4] == hdf5.SIGNATURE:
            kind, found = "NWB", nwb.read(stream, largest)
        elif begin[:2] in igor.VERSIONS:
            kind, found = "IBW", igor.read(stream, os.path.splitext(os.path.basename(path))[0], largest)
        else:
            kind, found = "CSV", text.read(stream, columns, dt, largest)
    if columns is not None and kind not in ("CSV", "NPZ"):
        raise Fault(f"columns= is for tables and NPZ; {kind} files say what they hold")
    if len(found) > MOST_SWEEPS:
        raise Fault(f"it has {len(found):,} sweeps, of at most {MOST_SWEEPS:,}")
    if dt is not None and kind not in ("CSV", "NPZ"):
        found = [replace(sweep, dt=dt) for sweep in found]
    return kind, [checked(sweep) for sweep in found]
