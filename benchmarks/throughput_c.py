"""The loop by hand (`loop.c`): compiled where there is a compiler, called by ctypes."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SOURCE = Path(__file__).with_name("loop.c")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-fopenmp-simd", "-shared", "-fPIC")
FIELDS = (
    *("potential_rest", "potential_reset", "potential_tau", "resistance", "threshold"),
    *("rheobase_threshold", "spike_slope", "adaptation_tau", "adaptation_delta", "adaptation_subthreshold"),
)
"""In the order of `parameters` in the source; a leaky soma has the first five."""
FLOATS = ctypes.POINTER(ctypes.c_float)


class Loops:
    """The compiled functions.

    Attributes:
        compiler: which compiler made them, and with what options.
        compile_s: seconds that it took.
    """

    def __init__(self, library: ctypes.CDLL, compiler: str, compile_s: float) -> None:
        self._library, self.compiler, self.compile_s = library, compiler, compile_s

    def prepared(
        self, parameters: dict[str, np.ndarray], current: np.ndarray, dt: float, chunk: int
    ) -> Callable[[], np.ndarray]:
        """A function that runs all steps from rest, `chunk` of them at a time into the same memory, as Spark does.

        It returns the potential of the first neuron.
        """
        n, steps = parameters["potential_rest"].size, current.size
        kept = [np.ascontiguousarray(parameters[name], np.float32) for name in FIELDS if name in parameters]
        own = (FLOATS * len(FIELDS))(*(_pointer(array) for array in kept))
        v, w = np.empty(n, np.float32), np.empty(n, np.float32)
        spikes, seen = np.zeros((chunk, n), np.uint8), np.zeros(steps, np.float32)
        given = np.ascontiguousarray(current, np.float32)
        whole = len(kept) == len(FIELDS)
        function = self._library.adaptive if whole else self._library.leaky
        function.restype = None

        def run() -> np.ndarray:
            v[:], w[:] = kept[0], 0.0
            for begin in range(0, steps, chunk):
                state = (_pointer(v), _pointer(w)) if whole else (_pointer(v),)
                now = (_pointer(given[begin:]), *state, spikes.ctypes.data_as(ctypes.c_void_p), _pointer(seen[begin:]))
                size = min(chunk, steps - begin)
                function(ctypes.c_int(n), ctypes.c_int(size), ctypes.c_float(dt), own, *now, ctypes.c_int(0))
            return seen

        return run


def _pointer(array: np.ndarray) -> Any:
    return array.ctypes.data_as(FLOATS)


def built() -> Loops | str:
    """The loops, or why there are none."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        return "no C compiler"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "loop.so"
        began = time.perf_counter()
        done = subprocess.run(
            [compiler, *FLAGS, "-o", str(target), str(SOURCE), "-lm"], capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - began
        if done.returncode:
            return f"{Path(compiler).name} could not compile it: {done.stderr.strip().splitlines()[-1:]}"
        words = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout
        name = f"{words.splitlines()[0] if words else Path(compiler).name}, {' '.join(FLAGS[:3])}"
        return Loops(ctypes.CDLL(str(target)), name, round(took, 2))
