"""Recordings out of a stranger's file: read by a process of its own, with bounds of memory, time and output."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

import numpy as np

from ..core.fault import Fault
from .readers import child
from .readers.kinds import Columns
from .readers.sweep import Sweep
from .reading import File, read_by
from .recordings import Recordings

MEGABYTE = 10**6
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR")
"""Of the environment, what finding libraries takes."""
SAID = 4_000
"""Characters of what the process says that are looked at."""


def read_apart(
    path: File | Sequence[File],
    *,
    columns: Sequence[str] | Mapping[str, str] | None = None,
    dt: float | None = None,
    largest: int = 100 * MEGABYTE,
    memory: int = 1000 * MEGABYTE,
    seconds: float = 20.0,
) -> Recordings:
    """`read`, in a process of its own: a file that crashes, hangs or bloats its reader takes only that along.

    Memory is bounded on Linux and macOS; on Windows only time, sizes and output are.

    Args:
        path: of the file, or of several.
        columns: as `read` takes them.
        dt: as `read` takes it.
        largest: bytes that the file may have, and that its numbers may take.
        memory: bytes that the process may take.
        seconds: that it may take.

    Raises:
        ValueError: as `read`; or the bounds were met. Says which file.
        ImportError: the library for its kind is not installed.
        OSError: it cannot be opened.
    """

    def reader(one: File, columns: Columns, dt: float | None, largest: int) -> tuple[str, list[Sweep]]:
        return _bounded(one, columns, dt, largest, memory, seconds)

    return read_by(reader, path, columns, dt, largest)


def _bounded(
    path: File, columns: Columns, dt: float | None, largest: int, memory: int, seconds: float
) -> tuple[str, list[Sweep]]:
    size = os.path.getsize(path)
    if size > largest:
        raise Fault(f"it has {size:,} bytes, of at most {largest:,}")
    given = columns if columns is None or isinstance(columns, Mapping) else list(columns)
    asked = {"path": os.path.abspath(path), "columns": given, "dt": dt, "largest": largest}
    limits = {"memory": memory, "seconds": seconds, "output": largest}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-I", child.__file__, json.dumps(asked | limits)]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                cwd=folder,
                env=_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Fault(f"it was not read within {seconds:g} s") from None
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip()[-SAID:].rsplit("\n", 1)[-1]
        if "MemoryError" in last or "Unable to allocate" in last:
            raise Fault(f"reading it takes more than {memory // MEGABYTE:,} MB")
        raise Fault(f"its reader ended ({_ended(done.returncode)}): it is damaged, or takes more than it may")
    return _answer(done.stdout)


def _answer(content: bytes) -> tuple[str, list[Sweep]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        said = json.loads(str(arrays["said"]))
        if "missing" in said:
            raise ImportError(said["missing"])
        if "fault" in said:
            raise Fault(said["fault"])
        sweeps = []
        for k, one in enumerate(said["sweeps"]):
            parts = {name: arrays[f"{k}/{name}"] for name in one.pop("there")}
            sweeps.append(Sweep(**one, **parts))
        return said["kind"], sweeps


def _environment() -> dict[str, str]:
    """Of the server's own next to nothing: no key, no password."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
    }


def _ended(code: int) -> str:
    import signal

    return signal.Signals(-code).name if code < 0 else f"status {code}"
