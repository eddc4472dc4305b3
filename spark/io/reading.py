"""Recordings of real cells out of files of any kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.echo import echo
from ..core.fault import why
from ..recording.opening import LARGEST
from .readers.kinds import Columns, sweeps_of
from .readers.sweep import Sweep
from .recordings import Recordings, joined

File = str | os.PathLike[str]
Reader = Callable[[File, Columns, "float | None", int], tuple[str, list[Sweep]]]


def read(
    path: File | Sequence[File],
    *,
    columns: Sequence[str] | Mapping[str, str] | None = None,
    dt: float | None = None,
    largest: int = LARGEST,
) -> Recordings:
    """The sweeps of a current-clamp recording, in mV, pA and ms.

    What kind of file it is, is seen from its first bytes: a table of text (CSV, TSV; delimiter, decimal comma, titles
    and units are recognised), NPZ, ABF 1 and 2, NWB, or IBW. Where a file records the current that is taken, otherwise
    the command of its protocol (`Sweep.protocol`). Nothing in a file is run, no other file is opened, and sizes are
    looked at before anything is unpacked. The libraries that read ABF, NWB and IBW are C, or take a garbled file at its
    word: read strangers' files by `spark.io.read_apart`.

    Args:
        path: of the file; or of several whose sweeps belong together, such as a potential and a current in IBW files.
        columns: what the columns of a table hold, in their order, where their titles do not say it, as such titles:
            `["time_s", "potential_mV", "current_pA"]`, "" for one that is left out; or by title or name of an array,
            `{"v": "potential_mV"}`. Besides time, potential and current there are `spikes_ms`, times of spikes.
        dt: ms from one sample to the next, where the file does not say it.
        largest: bytes that the file may have, and that its numbers may take.

    Raises:
        ValueError: it is no such recording, damaged, too large, or says too little; says which file, what is wrong and
            what to give.
        ImportError: the library for its kind is not installed: `pip install "spark-somas[recordings]"`.
        OSError: it cannot be opened.
    """
    return read_by(sweeps_of, path, columns, dt, largest)


def read_by(
    reader: Reader, path: File | Sequence[File], columns: Columns, dt: float | None, largest: int
) -> Recordings:
    """What `read` does, where `reader` takes the sweeps out of one file."""
    if dt is not None and not (isinstance(dt, (int, float)) and 0 < dt < float("inf")):
        raise ValueError(f"dt takes ms above 0, not {echo(dt)}.")
    if not isinstance(path, (str, os.PathLike)):
        if not isinstance(path, Sequence) or not all(isinstance(one, (str, os.PathLike)) for one in path):
            raise TypeError(f"a recording is read from a path, or from several, not from {echo(path)}.")
        return joined([read_by(reader, one, columns, dt, largest) for one in path])
    with open(path, "rb"), _named(path):  # that it cannot be opened is no fault of the file
        kind, sweeps = reader(path, columns, dt, largest)
    return Recordings(tuple(sweeps), Path(path).name, kind)


@contextmanager
def _named(path: File) -> Iterator[Any]:
    """Whatever goes wrong with a file as one sentence."""
    try:
        yield
    except ImportError:
        raise
    except Exception as error:  # a wrong file can make any part of its reader fail (zipfile: OSError): its fault
        raise ValueError(f"{Path(path).name} cannot be read as a recording: {why(error)}.") from error
