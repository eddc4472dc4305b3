"""What this process counts of its runs, for whoever keeps the server: a few additions for each picture."""

from __future__ import annotations

import time
from collections import deque

WINDOW = 60.0
"""Seconds of which the quantiles speak."""
MOST = 4096
"""Pictures that are remembered at most."""


class Timed:
    """How long something took, each time: how often, how long in all, and quantiles of the last minute."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0
        self._latest: deque[tuple[float, float]] = deque(maxlen=MOST)

    def note(self, seconds: float) -> None:
        """It took so long."""
        self.count += 1
        self.seconds += seconds
        self._latest.append((time.monotonic(), seconds))

    def quantiles(self, *parts: float) -> list[float] | None:
        """Those of the last minute, s; None where there was none."""
        since = time.monotonic() - WINDOW
        found = sorted(seconds for at, seconds in list(self._latest) if at >= since)
        if not found:
            return None
        return [found[min(len(found) - 1, int(part * len(found)))] for part in parts]


class Counter:
    """How often something has happened."""

    def __init__(self) -> None:
        self.count = 0

    def note(self) -> None:
        """Once more."""
        self.count += 1


PICTURES = Timed()
"""From a change, the newest of a hand's, until its picture is sent."""
REFUSED = Counter()
"""Changes and runs that were refused: values that contradict each other, or ask for too much."""
FAILED = Counter()
"""Runs that began and came to nothing: they diverged, or something is wrong."""
