"""The loop from a change to a painted picture: the latest value wins in every stage.

At most one run and one unpainted picture are under way per session. A change that comes meanwhile replaces the one that
waits; a run that is stale before it starts is never started, one that becomes stale in its first half is cut short. The
work is done in a worker thread, everything else on the session's event loop.
"""

from __future__ import annotations

import concurrent.futures
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from spark.simulation import Cancelled

Work = Callable[[Callable[[float], None]], Any]
POOL = concurrent.futures.ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2), thread_name_prefix="spark-run")
ASIDE = concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="spark-aside")
"""For what may wait: it must never hold a thread that a picture needs."""
UNPAINTED_AFTER = 3.0
"""Seconds after which a picture counts as lost: a page that was hidden or reloaded acknowledges nothing."""


class Live:
    """Runs the newest work and hands over its result.

    Args:
        doc: the session's document, on whose event loop `show` and `failed` are called.
        show: (revision, result): send the picture; the page later calls `painted(revision)`.
        failed: (error): the work raised.
    """

    def __init__(self, doc: Any, show: Callable[[int, Any], None], failed: Callable[[Exception], None]) -> None:
        self._doc, self._show, self._failed = doc, show, failed
        self._waiting: Work | None = None
        self._finished: tuple[Any] | None = None
        self._running = self._closed = self._patience = self._cut = False
        self._revision = 0
        self._unpainted: int | None = None
        self._sent = 0.0

    @property
    def busy(self) -> bool:
        """Whether a run is under way or waits."""
        return self._running or self._waiting is not None

    @property
    def closed(self) -> bool:
        """Whether the session has ended."""
        return self._closed

    def ask(self, work: Work) -> None:
        """Do this next, in the place of whatever waits.

        `work` is given a function that it should call with the part of it that is done, and that may raise to end it.
        """
        self._waiting = work
        self._advance()

    def soon(self, callback: Callable[[], None]) -> None:
        """Call back on the session's event loop, from any thread, unless the session has ended."""
        if not self._closed:
            self._doc.add_next_tick_callback(callback)

    def later(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back on the session's event loop after a while, unless the session has ended; from that loop."""
        if not self._closed:
            self._doc.add_timeout_callback(callback, int(1000 * seconds))

    def cancel(self) -> None:
        """Drop what waits: it is no longer wanted."""
        self._waiting = None

    def painted(self, revision: int) -> None:
        """The page has painted this picture."""
        if revision == self._unpainted:
            self._unpainted = None
            self._advance()

    def restart(self) -> None:
        """The page is new: what was sent before does not count."""
        self._unpainted = None
        self._advance()

    def close(self) -> None:
        """The session has ended."""
        self._closed = True
        self._waiting = self._finished = None

    def _advance(self) -> None:
        if self._closed:
            return
        if self._unpainted is not None and time.monotonic() - self._sent > UNPAINTED_AFTER:
            self._unpainted = None
        if self._finished is not None and self._unpainted is None:
            (result,), self._finished = self._finished, None
            self._revision += 1
            self._unpainted, self._sent = self._revision, time.monotonic()
            self._show(self._revision, result)
        elif self._finished is not None and not self._patience:
            self._patience = True  # look again when the picture before must count as lost
            self.later(UNPAINTED_AFTER + 0.05, self._look_again)
        if not self._running and self._finished is None and self._waiting is not None:
            work, self._waiting = self._waiting, None
            self._running = True
            POOL.submit(self._work, work)

    def _look_again(self) -> None:
        self._patience = False
        self._advance()

    def _go_on(self, done: float) -> None:
        """Cut stale work short. Never twice in a row: a hand that does not rest should see pictures all the same."""
        if self._closed or (self._waiting is not None and done < 0.5 and not self._cut):
            raise Cancelled

    def _work(self, work: Work) -> None:
        result: Any = None
        error: Exception | None = None
        try:
            result = work(self._go_on)
            self._cut = False
        except Cancelled as raised:
            self._cut, error = True, raised
        except Exception as raised:
            error = raised
        self.soon(partial(self._done, result, error))

    def _done(self, result: Any, error: Exception | None) -> None:
        self._running = False
        if self._closed:
            return
        if error is None:
            self._finished = (result,)
        elif not isinstance(error, Cancelled):
            self._failed(error)
        self._advance()
