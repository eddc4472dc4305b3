"""Somebody's stay in a room: what they read, put, and are told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .room import Room
from .store import Entries
from .writing import Done, Put

log = logging.getLogger(__name__)
GONE = frozenset({"gone"})
"""What is told as changed when the room has ended."""
Soon = Callable[[Callable[[], None]], None]


class Visit:
    """Somebody's stay in a room; made by `Hub.enter`. Any thread may call.

    Attributes:
        room: what is in it, up to date; of all visits of this process.
    """

    def __init__(
        self,
        room: Room,
        soon: Soon,
        on_change: Callable[[frozenset[str]], None],
        write: Callable[[Put], None],
        left: Callable[[Visit], None],
    ) -> None:
        self.room = room
        self._soon, self._on_change, self._write, self._on_leave = soon, on_change, write, left
        self._lock = threading.Lock()
        self._changed: frozenset[str] = frozenset()
        self._left = False

    def put(self, entries: Entries, done: Done | None = None, most: Mapping[str, int] = {}) -> None:
        """Change entries (None deletes), all of them or none; never blocks.

        What waits with the same keys is replaced by this. The values belong to the room from here on.

        Args:
            entries: what is new.
            done: told by `soon`, when the room has it: None, or why it was not written (`StoreError`).
            most: at most so many entries of a kind.
        """
        self._put(Put(self, dict(entries), dict(most)), done)

    def delete(self, done: Done | None = None) -> None:
        """Delete the room with everything in it, for everybody; never blocks, and `done` is told as by `put`."""
        self._put(Put(self, None, {}), done)

    def leave(self) -> None:
        """Nothing is told any more; what was put is still written. Never blocks."""
        with self._lock:
            left, self._left = self._left, True
        if not left:
            self._on_leave(self)

    def tell(self, kinds: frozenset[str]) -> None:
        """Something of these kinds has changed; of the hub."""
        with self._lock:
            waits = bool(self._changed)
            self._changed |= kinds
        if kinds and not waits:
            self._call_soon(self._turn)

    def _put(self, put: Put, done: Done | None) -> None:
        def told(fault: Any) -> None:
            if done is not None:
                self._call_soon(partial(done, fault))

        if done is not None:
            put.done.append(told)
        try:
            self._write(put)
        except Exception as error:
            told(error)

    def _turn(self) -> None:
        with self._lock:
            kinds, self._changed = self._changed, frozenset()
        self._on_change(GONE if kinds >= GONE else kinds)

    def _call_soon(self, call: Callable[[], None]) -> None:
        def turn() -> None:
            if not self._left:
                call()

        if self._left:
            return
        try:
            self._soon(turn)
        except Exception:
            log.exception("a page could not be told")  # the others are
            with self._lock:
                self._changed = frozenset()
