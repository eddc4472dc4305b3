"""One process that serves, as the command sees it."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from contextlib import suppress

RECENT = 10.0
"""Seconds in which a visitor who was sent a page may not have a connection yet."""


class Process:
    """One that serves.

    Attributes:
        number: counts processes from 1; the name of its socket, and its visitors' cookie, say it.
        ready: whether it takes visitors.
        leaving: whether it shall end.
        sockets: connections that are passed on to it.
    """

    def __init__(self, number: int, child: asyncio.subprocess.Process, leash: int) -> None:
        self.number, self.name = number, str(number)
        self._child, self._leash = child, leash
        self.ready = self.leaving = False
        self.sockets = 0
        self.began = time.monotonic()
        self._sent: deque[float] = deque(maxlen=10_000)

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._child.pid

    @property
    def load(self) -> int:
        """Its visitors: connections, and pages that were sent just now."""
        since = time.monotonic() - RECENT
        while self._sent and self._sent[0] < since:
            self._sent.popleft()
        return self.sockets + 2 * len(self._sent)  # a page has two connections

    def expect(self) -> None:
        """A visitor was sent a page, and comes back with connections."""
        self._sent.append(time.monotonic())

    def signal(self, number: int) -> None:
        """Tell it something, if it is there."""
        with suppress(ProcessLookupError):
            self._child.send_signal(number)

    async def ended(self) -> int:
        """How it ended."""
        try:
            return await self._child.wait()
        finally:
            if self._leash >= 0:
                os.close(self._leash)
                self._leash = -1
