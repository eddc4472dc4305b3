"""What a file says of its run, whatever its kind."""

from __future__ import annotations

from typing import Any

from ..core.archive import SIGNATURE as NPZ
from ..core.fault import Fault
from ..recording.header import LONGEST, parsed
from ..recording.npz import header_in as header_in_npz
from ..recording.opening import LARGEST, Source, opened
from .nwb_reading import header_in as header_in_nwb
from .readers.hdf5 import SIGNATURE as NWB


def about(file: Source) -> dict[str, Any]:
    """What a file that `spark.io.write` made says of its run, without its arrays.

    Args:
        file: a path, or a binary file that can seek; CSV, NPZ or NWB.

    Returns:
        Plain data: `spark` (the version that wrote it), `soma`, `config`, `solver`, `dt` (ms), `steps`, `units`,
        `stimulus`, `state` (what `write` was given), and symbols, units and words of all variables and parameters.

    Raises:
        ValueError: it is none of these, or damaged; says which file and what is wrong.
        ImportError: an NWB file without h5py.
        OSError: it cannot be opened.
    """
    with opened(file, "a file", LARGEST) as stream:
        begin = stream.read(4)
        stream.seek(0)
        if begin.startswith(b"# {"):
            line = stream.readline(LONGEST + 3)
            return parsed(line.decode("ascii")[2:])
        if begin == NPZ:
            return header_in_npz(stream)
        if begin == NWB:
            return header_in_nwb(stream)
        raise Fault("it is neither a CSV, nor an NPZ, nor an NWB file")
