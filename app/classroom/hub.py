"""The rooms of this process: one copy of each for all who are in it, kept true while somebody is."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from platformdirs import user_data_dir

from . import limits
from .room import Room
from .sqlite_store import SqliteStore
from .store import Entries, Key, NoRoom, Store, StoreError, no_room
from .writing import Put, Writer

log = logging.getLogger(__name__)
VARIABLE = "SPARK_ROOMS"
"""Of the environment: the path of a SQLite file, or the URL of a Redis server."""
GONE = frozenset({"gone"})
"""What is told as changed when the room has ended."""
LISTEN = 0.25
"""Seconds that are listened for changes before anything else is looked at."""
AGAIN = 1.0
"""Seconds after which a store that has failed is tried once more."""
SWEEP = 600.0
"""Seconds after which rooms that have lasted their time are deleted."""
Soon = Callable[[Callable[[], None]], None]


class Visit:
    """Somebody's stay in a room; made by `Hub.enter`.

    Attributes:
        room: what is in it, up to date; of all visits of this process.
    """

    def __init__(self, hub: Hub, copy: _Copy, soon: Soon, on_change: Callable[[frozenset[str]], None]) -> None:
        self.room = copy.room
        self._hub, self._copy, self._soon, self._on_change = hub, copy, soon, on_change
        self._lock = threading.Lock()
        self._changed: frozenset[str] = frozenset()
        self._left = False

    def put(
        self,
        entries: Entries,
        done: Callable[[Exception | None], None] | None = None,
        most: Mapping[str, int] = {},
    ) -> None:
        """Change entries (None deletes), all of them or none; never blocks.

        What waits for the same keys is replaced by this. The values belong to the room from here on.

        Args:
            entries: what is new.
            done: told by `soon`, when the room has it: None, or why it was not written (`StoreError`).
            most: at most so many entries of a kind.
        """
        self._hub._put(self, Put(self, dict(entries), dict(most)), done)

    def delete(self, done: Callable[[Exception | None], None] | None = None) -> None:
        """Delete the room with everything in it, for everybody; never blocks, and `done` is told as by `put`."""
        self._hub._put(self, Put(self, None, {}), done)

    def leave(self) -> None:
        """Nothing is told any more; what was put is still written."""
        with self._lock:
            left, self._left = self._left, True
        if not left:
            self._hub._leave(self._copy, self)

    def _tell(self, kinds: frozenset[str]) -> None:
        with self._lock:
            waits = bool(self._changed)
            self._changed |= kinds
        if kinds and not waits:
            self._call_soon(self._turn)

    def _turn(self) -> None:
        with self._lock:
            kinds, self._changed = self._changed, frozenset()
        if kinds >= GONE:
            kinds = GONE
        self._on_change(kinds)

    def _call_soon(self, call: Callable[[], None]) -> None:
        def turn() -> None:
            if not self._left:
                call()

        if not self._left:
            try:
                self._soon(turn)
            except Exception:
                log.exception("a page could not be told")  # the others are
                with self._lock:
                    self._changed = frozenset()


class _Copy:
    """A room of this process, and who is in it."""

    def __init__(self, code: str) -> None:
        self.room = Room(code)
        self.visits: set[Visit] = set()
        self.guests = 0  # who is in it, or about to be
        self.gone = False
        self.lock = threading.RLock()


class Hub:
    """All rooms of this process, and the store they are kept in.

    Two threads: one writes, one listens for what other processes write while somebody is in a room.

    Args:
        store: where rooms are kept; closed with the hub.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._copies: dict[str, _Copy] = {}
        self._behind: set[str] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._writer = Writer(store, self._written)
        self._listener = threading.Thread(target=self._listen, name="classroom listener", daemon=True)
        self._listener.start()

    def create(self, code: str, entries: Entries, lasts: float = limits.DAYS * 86400.0) -> None:
        """Open a room for so many seconds; blocks.

        Raises:
            Taken: there is one of this code.
            Full: there are too many rooms.
            StoreError: the store cannot be written.
        """
        self.store.create(code, entries, time.time() + lasts)

    def enter(self, code: str, soon: Soon, on_change: Callable[[frozenset[str]], None]) -> Visit:
        """Come into a room; blocks until all of it is here.

        Args:
            code: of the room.
            soon: calls back in a turn of the visitor; from any thread.
            on_change: told by `soon` which kinds have changed; changes that come before the turn are one call.
                {"gone"}: the room has ended.

        Raises:
            NoRoom: there is no such room.
            StoreError: the store cannot be read.
        """
        with self._changed:
            copy = self._copies.setdefault(code, _Copy(code))
            copy.guests += 1
            self._changed.notify_all()
        try:
            with copy.lock:
                self._read(copy)
                if copy.gone:
                    raise no_room(code)
                visit = Visit(self, copy, soon, on_change)
                copy.visits.add(visit)
                return visit
        except BaseException:
            self._leave(copy)
            raise

    def delete(self, code: str) -> None:
        """Delete a room with everything in it, for everybody; blocks.

        Raises:
            StoreError: the store cannot be written.
        """
        self.store.delete(code)
        self._written(code)

    def close(self) -> None:
        """Write what waits, and end."""
        self._writer.close()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._listener.join(10)
        self.store.close()

    def _put(self, visit: Visit, put: Put, done: Callable[[Exception | None], None] | None) -> None:
        def told(fault: Exception | None) -> None:
            if done is not None:
                visit._call_soon(partial(done, fault))

        if done is not None:
            put.done.append(told)
        try:
            if visit._copy.gone:
                raise no_room(visit.room.code)
            self._writer.put(visit.room.code, put)
        except StoreError as error:
            told(error)

    def _leave(self, copy: _Copy, visit: Visit | None = None) -> None:
        with copy.lock:
            copy.visits -= {visit}
        with self._changed:
            copy.guests -= 1
            if not copy.guests and self._copies.get(copy.room.code) is copy:
                del self._copies[copy.room.code]

    def _read(self, copy: _Copy) -> None:
        """Take in what is new, and tell those who are in the room."""
        with copy.lock:
            if copy.gone:
                return
            try:
                revision, changed = self.store.changes(copy.room.code, copy.room.revision)
                kinds = copy.room.fold(revision, changed) if changed or revision != copy.room.revision else frozenset()
            except NoRoom:
                copy.gone, kinds = True, GONE
                with self._changed:
                    if self._copies.get(copy.room.code) is copy:
                        del self._copies[copy.room.code]
            for visit in tuple(copy.visits):
                visit._tell(kinds)

    def _written(self, code: str) -> None:
        """This process has changed a room."""
        with self._changed:
            copy = self._copies.get(code)
        if copy is not None:
            try:
                self._read(copy)
            except StoreError:
                with self._changed:
                    self._behind.add(code)

    def _listen(self) -> None:
        ear, swept, told = None, 0.0, False
        while not self._closed:
            try:
                if time.monotonic() - swept > SWEEP or not swept:
                    self.store.expire(time.time())
                    swept = time.monotonic()
                with self._changed:
                    if not self._copies and not self._closed:
                        if ear is not None:
                            ear.close()
                            ear = None
                        self._changed.wait(SWEEP)
                        continue
                ear = ear or self.store.ear()
                heard = ear.wait(LISTEN)
                self._catch_up(heard)
                told = False
            except Exception as error:
                if not told:
                    log.warning("The classroom's rooms are not kept up to date: %s", error)
                told = True
                ear = None
                with self._changed:
                    self._behind |= self._copies.keys()
                    self._changed.wait(AGAIN)
        if ear is not None:
            ear.close()

    def _catch_up(self, heard: Any) -> None:
        """Read what may have changed: these rooms, or any (None)."""
        with self._changed:
            copies, behind = dict(self._copies), set(self._behind)
        if heard is None:
            heard = self.store.moved({code: copy.room.revision for code, copy in copies.items()})
        for code in {*heard, *behind} & copies.keys():
            self._read(copies[code])
        with self._changed:
            self._behind -= behind


_hubs: dict[int, Hub] = {}
_one_opens = threading.Lock()


def hub() -> Hub:
    """The hub of this process; its store is named by SPARK_ROOMS, otherwise a file in the user's data folder.

    Raises:
        StoreError: the store cannot be had.
    """
    with _one_opens:
        # A process that was forked has none of its parent's threads, and must not touch its connections.
        if os.getpid() not in _hubs:
            _hubs[os.getpid()] = Hub(open_store(os.environ.get(VARIABLE, "")))
            atexit.register(_hubs[os.getpid()].close)
        return _hubs[os.getpid()]


def open_store(where: str) -> Store:
    """The store at a path or URL; "": the file in the user's data folder.

    Raises:
        StoreError: it cannot be had.
    """
    if where.startswith(("redis://", "rediss://", "unix://")):
        raise StoreError("Redis is not there yet.")
    return SqliteStore(where or Path(user_data_dir("spark", appauthor=False)) / "classroom" / "rooms.sqlite")


__all__ = ["Hub", "Key", "Visit", "hub", "open_store"]
