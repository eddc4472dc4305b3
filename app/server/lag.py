"""How late the event loop is: everything that a visitor does waits as long."""

from __future__ import annotations

import asyncio
import time
from collections import deque

EVERY = 0.25
"""Seconds between two looks."""
WINDOW = 15.0
"""Seconds of which the worst is told: Prometheus asks about as often."""


class Lag:
    """Looks at the clock again and again, and keeps how much later than planned it came to that."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=round(WINDOW / EVERY))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._planned = 0.0

    def start(self) -> None:
        """Look from now on; once, on the loop that is meant."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._plan()

    def _plan(self) -> None:
        assert self._loop is not None
        self._planned = time.monotonic() + EVERY
        self._loop.call_later(EVERY, self._look)

    def _look(self) -> None:
        self._late.append(max(0.0, time.monotonic() - self._planned))
        self._plan()

    @property
    def worst(self) -> float:
        """The longest delay of the last seconds, s."""
        return max(self._late, default=0.0)
