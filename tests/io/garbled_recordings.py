"""Reads garbled recordings one after the other, in a process that may be killed: says the number of each before it.

python -m tests.io.garbled_recordings KIND FIRST COUNT FOLDER
"""

from __future__ import annotations

import random
import resource
import signal
import sys
from pathlib import Path

import numpy as np

import spark.io

from . import cells
from .test_fuzz import garbled

MEMORY, SECONDS = 1_500_000_000, 10


def made(kind: str, folder: Path) -> bytes:
    """One good file."""
    path = folder / f"good.{kind}"
    if kind == "csv":
        rows = zip(np.arange(50) * cells.DT, cells.potentials()[2], strict=False)
        path.write_text("time_ms,V_mV\n" + "".join(f"{t:.2f},{v:.3f}\n" for t, v in rows))
    elif kind == "npz":
        np.savez(path, potential_mV=cells.potentials(), current_pA=cells.COMMANDS, dt_ms=cells.DT)
    elif kind == "abf":
        cells.abf2(path)
    elif kind == "nwb":
        cells.nwb(path)
    else:
        cells.ibw(path, cells.potentials()[0], "mV")
    return path.read_bytes()


def main() -> None:
    """Read them."""
    kind, first, count, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    good, path = made(kind, folder), folder / f"garbled.{kind}"
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    for number in range(first, count):
        path.write_bytes(garbled(good, random.Random(f"{kind} {number}")))
        print(number, flush=True)
        signal.alarm(SECONDS)
        try:
            found = spark.io.read(path, largest=100_000_000)
            assert all(np.isfinite(sweep.potential).all() for sweep in found if sweep.potential is not None)
        except ValueError as error:
            assert str(error).startswith(path.name) and "\n" not in str(error), error
        signal.alarm(0)


if __name__ == "__main__":
    main()
