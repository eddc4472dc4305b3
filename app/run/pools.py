"""The threads in which runs are made, sorted by what they take, and what waits for them."""

from __future__ import annotations

import concurrent.futures
import os
from collections.abc import Callable
from typing import Any

from .giving_way import give_way

QUICK_UNTIL, SHORT_UNTIL = 0.03, 0.2
"""Seconds that a run of `POOL` and of `SHORT` may take."""


class Pool(concurrent.futures.ThreadPoolExecutor):
    """Threads that know what waits for them.

    Args:
        threads: how many.
        name: theirs.
        giving_way: what their niceness is higher by.
    """

    def __init__(self, threads: int, name: str, giving_way: int = 0) -> None:
        super().__init__(threads, name, give_way, (giving_way,))
        self._unfinished: set[concurrent.futures.Future[Any]] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        """Do this in a thread."""
        future = super().submit(fn, *args, **kwargs)
        self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        return future

    @property
    def queued(self) -> int:
        """How much waits for a thread."""
        return sum(not future.running() and not future.done() for future in list(self._unfinished))


_processors = os.cpu_count() or 2
POOL = Pool(max(2, _processors), "spark-run")
"""For what takes a few milliseconds."""
SHORT = Pool(max(2, _processors), "spark-short", 5)
"""For runs that a hand feels: those of many neurons must not delay what takes a few milliseconds."""
LONG = Pool(max(1, _processors - 1), "spark-long", 10)
"""For runs of seconds: they leave a processor to those of other visitors, and wait for one another."""
ASIDE = Pool(1, "spark-aside", 10)
"""For what may wait: it must never hold a thread that a picture needs."""
