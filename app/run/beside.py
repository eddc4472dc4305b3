"""Work beside the pictures of the traces, of which only the newest counts: views, studies, foresight, honesty meter."""

from __future__ import annotations

import concurrent.futures
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from spark.simulation import Cancelled

from .live import ENDED

log = logging.getLogger(__name__)
Work = Callable[[Callable[[], bool]], Any]
"""Is given `stop()`, which says that nobody waits for it any more; it may then raise `Cancelled`."""


class Newest:
    """Does one thing at a time in a pool's thread; what waits meanwhile is replaced by what is asked later.

    Work that raises has no result, and the next is done all the same.

    Args:
        pool: its threads.
        soon: calls back under the lock of the session's document, under which everything else here happens.
        done: takes each result there, unless it is None.
    """

    def __init__(
        self,
        pool: concurrent.futures.Executor,
        soon: Callable[[Callable[[], None]], None],
        done: Callable[[Any], None],
    ) -> None:
        self._pool, self._soon, self._done = pool, soon, done
        self._waiting: Work | None = None
        self._working = self._closed = False
        self._dropped = 0

    def ask(self, work: Work) -> None:
        """Do this next, in the place of whatever waits."""
        self._waiting = work
        self._advance()

    def drop(self) -> None:
        """What waits, and what is under way, is no longer wanted."""
        self._waiting = None
        self._dropped += 1

    def close(self) -> None:
        """The session has ended."""
        self._closed, self._waiting = True, None

    def _advance(self) -> None:
        if not self._working and self._waiting is not None and not self._closed:
            work, self._waiting, self._working = self._waiting, None, True
            self._pool.submit(self._work, work, self._dropped)

    def _work(self, work: Work, number: int) -> None:
        def unwanted() -> bool:
            return self._closed or ENDED.is_set() or number != self._dropped

        result = None
        try:
            if not unwanted():
                result = work(lambda: unwanted() or self._waiting is not None)
        except Cancelled:
            pass
        except Exception:
            log.exception("work beside the pictures failed")
        self._soon(partial(self._take, result, number))

    def _take(self, result: Any, number: int) -> None:
        self._working = False
        self._advance()
        if number == self._dropped and result is not None and not self._closed:
            self._done(result)
