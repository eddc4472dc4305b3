"""Callbacks under the document's lock, at a fraction of what Bokeh's own next-tick callbacks cost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from panel.io.state import set_curdoc

log = logging.getLogger(__name__)


async def locked(doc: Any, callback: Callable[[], None]) -> None:
    """Call back as the document's session would, unless it has ended."""
    session = getattr(doc.session_context, "session", None)
    if session is None:
        return

    def call() -> None:
        with set_curdoc(doc):
            try:
                callback()
            except Exception:
                log.exception("a callback failed")

    await session.with_document_locked(call)


class Turns:
    """The turns of a session on the event loop; takes the place of its document in `Live`."""

    def __init__(self, doc: Any) -> None:
        self._doc = doc
        self._tasks: set[asyncio.Task[None]] = set()
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:  # the page was made before the server runs (--warm)
            self._loop = None

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        """Call back soon; from any thread."""
        if self._loop is None:
            self._doc.add_next_tick_callback(callback)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start, callback)

    def add_timeout_callback(self, callback: Callable[[], None], milliseconds: int) -> None:
        """Call back later; from the event loop."""
        if self._loop is None:
            self._doc.add_timeout_callback(callback, milliseconds)
        else:
            self._loop.call_later(milliseconds / 1000, self._start, callback)

    def _start(self, callback: Callable[[], None]) -> None:
        task = asyncio.get_running_loop().create_task(locked(self._doc, callback))
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)
