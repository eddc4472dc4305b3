"""How far a run is, how long it will still take, and how that is said."""

from __future__ import annotations

import time
from typing import Any

from ..numbers import neurons

SHOWN_AFTER = 0.4
"""Seconds that a run may take without a word."""
WORTH = 0.2
"""Seconds that must be left when it is first told: what is about to end needs no bar."""
EVERY = 0.1
"""Seconds between two tellings."""


class Pace:
    """Follows one run by the clock; in its thread.

    `done` is the part that is done, `left` the seconds that the rest will take, None while that is unknown, `taken`
    those since it began.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._first: tuple[float, float] | None = None
        self._told: float | None = None
        self.done = 0.0
        self.left: float | None = None
        self.taken = 0.0

    def reach(self, done: float) -> bool:
        """The run has come so far: whether somebody should be told."""
        now, self.done = time.monotonic(), done
        self.taken = now - self._began
        if self._first is None:
            self._first = now, done  # what took long until here may have been the compiler
        elif done > self._first[1]:
            self.left = (now - self._first[0]) * (1 - done) / (done - self._first[1])
        if self._told is None:
            told = self.left is not None and self.left >= WORTH and self.taken >= SHOWN_AFTER
        else:
            told = done >= 1 or now - self._told >= EVERY
        if told:
            self._told = now
        return told


def progress(units: int, done: float, left: float | None) -> dict[str, Any]:
    """The strip's progress: the part for its bar, and words."""
    if done >= 1:
        return {"part": 1.0, "words": "Drawing …"}
    rest = "" if left is None else f", about {_about(left)} left"
    return {"part": done, "words": f"Simulating {neurons(units)} … {100 * done:.0f}%{rest}"}


QUEUED = {"part": 0.0, "words": "Waiting: a long run of somebody else comes first."}


def _about(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
