"""Turns of a session on the server's event loop, at a fraction of what Bokeh's own next-tick callbacks cost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from .seam import loop_of, under_lock

log = logging.getLogger(__name__)


def is_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this thread is the event loop's; no other may touch a socket or a timer of it."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def on_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., Any], *given: Any) -> None:
    """Call on the event loop's thread: now if this is it, otherwise as soon as it is free."""
    if is_here(loop):
        call(*given)
    elif not loop.is_closed():
        loop.call_soon_threadsafe(call, *given)


async def locked(doc: Any, callback: Callable[[], None]) -> None:
    """Call back under the document's lock; what goes wrong is logged."""

    def call() -> None:
        try:
            callback()
        except Exception:
            log.exception("a callback failed")

    await under_lock(doc, call)


class Turns:
    """The turns of a session on the event loop; takes the place of its document in `Live`."""

    def __init__(self, doc: Any) -> None:
        self._doc = doc
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = loop_of(doc)  # None: the page is made before the server runs (--warm)

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        """Call back soon; from any thread."""
        if self._loop is None:
            self._doc.add_next_tick_callback(callback)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start, callback)

    def add_timeout_callback(self, callback: Callable[[], None], milliseconds: int) -> None:
        """Call back later; from any thread."""
        if self._loop is None:
            self._doc.add_timeout_callback(callback, milliseconds)
        else:
            on_loop(self._loop, self._loop.call_later, milliseconds / 1000, self._start, callback)

    def _start(self, callback: Callable[[], None]) -> None:
        task = asyncio.get_running_loop().create_task(locked(self._doc, callback))
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)
