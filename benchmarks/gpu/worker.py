"""The process that measures: what hangs in it, or takes it down, costs one row."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

Part = dict[str, Any]
Measure = Callable[..., Iterator[Part]]

STARTING = 40.0
"""Seconds that a new process may take before its first row counts: Python, JAX, CUDA."""


class Worker:
    """A process that is started when it is needed, and again when it has been ended."""

    def __init__(self) -> None:
        self._process: Any = None
        self._pipe: Any = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
            self._pipe.close()
        self._process = None

    def ask(self, measure: Measure, given: Part, limit: float, left: float) -> Iterator[Part]:
        """The parts of a row as they come.

        Args:
            measure: gives the parts; it is found in the other process by its name.
            given: its arguments.
            limit: seconds after which the process is ended and the row with it.
            left: seconds after which it is ended even if it has only just started.
        """
        if self._process is None:
            self._start()
            limit += STARTING
        until = time.monotonic() + min(limit, left)
        try:
            self._pipe.send((measure, given))
            while self._pipe.poll(max(0.0, until - time.monotonic())):
                part = self._pipe.recv()
                if isinstance(part, dict):
                    yield part
                    continue
                if not part:  # an illegal access leaves no later call of that process alive
                    self.end()
                return
            self.end()
            yield {"error": f"ended after {min(limit, left):.0f} s", "ended": True}
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            self.end()
            yield {"error": f"the process died with exit code {code}", "ended": True}

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would share what JAX has begun
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def serve(pipe: Connection) -> None:
    """Measure what is asked for, until nobody asks any more."""
    try:
        while True:
            measure, given = pipe.recv()
            well = True
            try:
                for part in measure(**given):
                    well &= not any(key.endswith("error") for key in part)
                    pipe.send(part)
            except Exception as error:  # whatever it says is a result
                well = False
                pipe.send({"error": words(error)})
            pipe.send(well or _sound(given["gpu"]))
    except (EOFError, OSError):  # the other end has gone
        return


def words(error: BaseException) -> str:
    """An error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:400]


def _sound(platform: str) -> bool:
    import jax
    import numpy as np

    try:
        device = jax.local_devices(backend=platform)[0]
        return float(np.asarray(jax.device_put(np.float32(1.0), device) + 1)) == 2.0
    except Exception:
        return False
