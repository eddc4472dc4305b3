"""How much of the event loop one connection takes: what is beyond its share waits, and nobody waits with it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from tornado.websocket import WebSocketHandler

from ..limits import BURST, LEAST, PATIENCE, SHARE, UNREAD

MISUNDERSTOOD, UNHEARD = 4400, 4408
"""Codes with which a connection is closed: too much was not understood, or nothing is read."""
HEARD = 1.0
"""Seconds for the other end to hear that it is over."""


class _Measured:
    """Awaits a coroutine and adds up the processor time of its own steps, not of what runs while it waits."""

    def __init__(self, work: Coroutine[Any, Any, Any], clock: Callable[[], float]) -> None:
        self._work, self._clock = work, clock
        self.taken = 0.0

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._work.__await__()
        call, given = steps.send, None
        while True:
            began = self._clock()
            try:
                wanted = call(given)
            except StopIteration as done:
                return done.value
            finally:
                self.taken += self._clock() - began
            try:
                call, given = steps.send, (yield wanted)
            except BaseException as error:
                call, given = steps.throw, error


class Pace:
    """One connection's. Its messages are read no faster than its share allows: its sender's socket fills instead.

    Args:
        clock: of the wall, s.
        work: of this thread's processor time, s.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, work: Callable[[], float] = time.thread_time
    ) -> None:
        self._clock, self._work = clock, work
        self.debt, self._when = 0.0, clock()
        """Seconds of work that its share has not made up for yet."""

    async def through(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do it, and come back when the next message may be read; gives what it gave."""
        measured = _Measured(work, self._work)
        try:
            return await measured
        finally:
            await asyncio.sleep(self.owed(measured.taken))  # 0 lets everybody else go first

    def owed(self, taken: float) -> float:
        """How long to wait after a message that took so long, s."""
        now = self._clock()
        self.debt = max(0.0, self.debt - SHARE * (now - self._when)) + max(taken, LEAST)
        self._when = now
        return min(PATIENCE, (self.debt - BURST) / SHARE) if self.debt > BURST else 0.0


def end(socket: WebSocketHandler, code: int, words: str) -> Callable[[], None]:
    """Close a connection; gives what hangs up on it at once, which happens anyway a second later.

    The other end may go on talking after it was told that this is over, and thousands of small frames may have arrived.
    """
    connection: Any = socket.ws_connection
    if connection is None:
        return lambda: None  # it is over already
    socket.close(code, words)  # forgets the connection

    def hang_up() -> None:
        connection.client_terminated = True
        connection.stream.close()

    asyncio.get_running_loop().call_later(HEARD, hang_up)
    return hang_up


class Faults:
    """What one connection may do wrong before it is closed.

    Args:
        most: so often.
        words: why it is closed.
        code: with which it is closed.
    """

    def __init__(self, most: int, words: str, code: int = MISUNDERSTOOD) -> None:
        self._most, self._words, self._code, self._count = most, words, code, 0
        self._hang_up: Callable[[], None] = lambda: None

    def note(self, socket: WebSocketHandler) -> bool:
        """Once more; whether that was once too often: it is told so, and after that hung up on."""
        self._count += 1
        if self._count == self._most:
            self._hang_up = end(socket, self._code, self._words)
        elif self._count > self._most:
            self._hang_up()
        return self._count == self._most


class Unread:
    """The messages that wait for a page to read them."""

    def __init__(self) -> None:
        self._sizes: deque[int] = deque()

    @property
    def too_much(self) -> bool:
        """Whether the page does not read. One large message is let be: it may be what somebody saves."""
        return len(self._sizes) > 1 and sum(self._sizes) - max(self._sizes) > UNREAD

    def add(self, size: int) -> None:
        """One is on its way."""
        self._sizes.append(size)

    def read(self) -> None:
        """The first of them has left."""
        if self._sizes:
            self._sizes.popleft()
