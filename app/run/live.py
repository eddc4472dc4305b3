"""The loop from a change to a painted picture: the latest value wins in every stage.

At most one run and one unpainted picture are under way per session. A change that comes meanwhile replaces the one that
waits; a run that is stale before it starts is never started, one that becomes stale is cut short unless its picture is
near. The work is done in a worker thread, everything else under the lock of the session's document.
"""

from __future__ import annotations

import concurrent.futures
import math
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from spark.simulation import Cancelled

from . import counted
from .pools import LONG, POOL, QUICK_UNTIL, SHORT, SHORT_UNTIL
from .progress import Pace

Work = Callable[[Callable[[float], None]], Any]
UNPAINTED_AFTER = 3.0
"""Seconds after which a picture counts as lost: a page that was hidden or reloaded acknowledges nothing."""
ENDED = threading.Event()
"""Set when the server ends: the process goes on until its threads are done, and a long run would hold it up."""
NEAR = 1.0
"""Seconds that a stale run may still take: a hand that does not rest waits no longer for its next picture."""
QUEUED_AFTER = 0.5
"""Seconds after which a run that has not begun says so."""


class _Longer(Exception):
    """Ends a run that takes longer than was thought."""


class Live:
    """Runs the newest work and hands over its result.

    Args:
        doc: the session's document, under whose lock `show` and `failed` are called.
        show: (revision, result): send the picture; the page later calls `painted(revision)`.
        failed: (error): the work raised.

    `on_progress(done, left)` is called now and then during a run that takes long: the part that is done and the seconds
    that are left, both None while it waits for a thread. `on_stopped()` is called when a run was ended by `stop`.
    """

    def __init__(self, doc: Any, show: Callable[[int, Any], None], failed: Callable[[Exception], None]) -> None:
        self._doc, self._show, self._failed = doc, show, failed
        self.on_progress: Callable[[float | None, float | None], None] = lambda done, left: None
        self.on_stopped: Callable[[], None] = lambda: None
        self._waiting: tuple[Work, float] | None = None
        self._future: concurrent.futures.Future[None] | None = None
        self._pace: Pace | None = None
        self._finished: tuple[Any] | None = None
        self._running = self._closed = self._patience = self._cut = self._stopped = False
        self._revision = 0
        self._asked = self._begun = 0.0
        self._unpainted: int | None = None
        self._sent = 0.0

    @property
    def busy(self) -> bool:
        """Whether a run is under way or waits."""
        return self._running or self._waiting is not None

    def ask(self, work: Work, seconds: float = 0.0) -> None:
        """Do this next, in the place of whatever waits; work that takes many `seconds` must not delay that of others.

        `work` is given a function that it should call with the part of it that is done, and that may raise to end it:
        also to begin it once more among those that take longer, where it takes longer than was thought.
        """
        self._waiting, self._asked = (work, seconds), time.monotonic()
        self._withdraw()
        self._advance()

    def _soon(self, callback: Callable[[], None]) -> None:
        """Call back under the document's lock, from any thread, unless the session has ended."""
        if not self._closed:
            self._doc.add_next_tick_callback(callback)

    def _later(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back under the document's lock after a while, from any thread, unless the session has ended."""
        if not self._closed:
            self._doc.add_timeout_callback(callback, int(1000 * seconds))

    def cancel(self) -> None:
        """Drop what waits: it is no longer wanted."""
        self._waiting = None

    def stop(self) -> None:
        """End what runs, within a chunk, and drop what waits."""
        dropped, self._waiting = self._waiting is not None, None
        if self._withdraw() or (dropped and not self._running):
            self.on_stopped()
        else:
            self._stopped = self._running

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
        self._withdraw()

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
            counted.PICTURES.note(time.monotonic() - self._begun)
        elif self._finished is not None and not self._patience:
            self._patience = True  # look again when the picture before must count as lost
            self._later(UNPAINTED_AFTER + 0.05, self._look_again)
        if not self._running and self._finished is None and self._waiting is not None:
            (work, seconds), self._waiting = self._waiting, None
            self._running, self._pace, self._begun = True, None, self._asked
            pool = POOL if seconds <= QUICK_UNTIL else SHORT if seconds <= SHORT_UNTIL else LONG
            self._future = pool.submit(self._work, work, pool is LONG)
            if pool is LONG:
                self._later(QUEUED_AFTER, partial(self._look_whether_begun, self._future))

    def _withdraw(self) -> bool:
        """Take back a run that has not begun."""
        withdrawn = self._running and self._future is not None and self._future.cancel()
        self._running = self._running and not withdrawn
        return withdrawn

    def _look_whether_begun(self, future: concurrent.futures.Future[None]) -> None:
        if future is self._future and self._running and self._pace is None and self._waiting is None:
            self.on_progress(None, None)

    def _look_again(self) -> None:
        self._patience = False
        self._advance()

    def _go_on(self, pace: Pace, long: bool, done: float) -> None:
        """Tell how far it is; end what nobody waits for."""
        told = pace.reach(done)
        if self._closed or self._stopped or ENDED.is_set() or (self._waiting is not None and self._should_cut(pace)):
            raise Cancelled
        if not long and self._waiting is None and min(pace.taken, pace.left or 0.0) > SHORT_UNTIL:
            raise _Longer
        if told:
            self._soon(partial(self._tell, pace, done, pace.left))

    def _should_cut(self, pace: Pace) -> bool:
        """Whether stale work is cut short: in its first half, never twice in a row, and always if its picture is far.

        A hand that does not rest should see pictures all the same, unless each would take it seconds.
        """
        return (pace.done < 0.5 and not self._cut) or (pace.left is not None and pace.left > NEAR)

    def _tell(self, pace: Pace, done: float, left: float | None) -> None:
        if self._running and pace is self._pace and self._waiting is None:
            self.on_progress(done, left)

    def _work(self, work: Work, long: bool) -> None:
        result: Any = None
        error: Exception | None = None
        self._pace = pace = Pace()
        try:
            result = work(partial(self._go_on, pace, long))
            self._cut = False
        except _Longer:
            self._soon(partial(self._begin_again, work))
            return
        except Cancelled as raised:
            self._cut, error = not self._stopped, raised
        except Exception as raised:
            error = raised
        self._soon(partial(self._done, result, error))

    def _begin_again(self, work: Work) -> None:
        """Among the long ones, unless something newer waits."""
        if self._stopped or self._closed:
            self._done(None, Cancelled())
        else:
            self._running = False
            self._waiting = self._waiting or (work, math.inf)
            self._advance()

    def _done(self, result: Any, error: Exception | None) -> None:
        self._running, stopped, self._stopped = False, self._stopped, False
        if self._closed:
            return
        if error is None:
            self._finished = (result,)
        elif not isinstance(error, Cancelled):
            counted.FAILED.note()
            self._failed(error)
        elif stopped and self._waiting is None:
            self.on_stopped()
        self._advance()
