"""The rooms of this process: one copy of each for all who are in it, kept true while somebody is."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Collection
from contextlib import closing
from functools import partial

from . import limits
from .opening import VARIABLE, open_store
from .room import Room
from .store import Entries, NoRoom, Store, StoreError, no_room
from .visit import GONE, Soon, Visit
from .writing import Put, Writer

log = logging.getLogger(__name__)
LISTEN = 0.25
"""Seconds that are listened for changes before anything else is looked at."""
AGAIN = 1.0
"""Seconds after which a store that has failed is tried once more."""
SWEEP = 600.0
"""Seconds after which rooms that have lasted their time are deleted."""


class _Copy:
    """A room of this process, and who is in it."""

    def __init__(self, code: str) -> None:
        self.room = Room(code)
        self.visits: set[Visit] = set()
        self.guests = 0  # who is in it, or about to be
        self.gone = False
        self.lock = threading.RLock()  # held while the store is read: changes are taken in one after the other


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
        self._changed = threading.Condition()  # never held while the store works, so that no page waits for that
        self._stop = threading.Event()
        self._next_sweep = 0.0
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
                visit = Visit(copy.room, soon, on_change, partial(self._put, copy), partial(self._leave, copy))
                with self._changed:
                    copy.visits.add(visit)
                return visit
        except BaseException:
            self._release(copy)
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
            self._stop.set()
            self._changed.notify_all()
        self._listener.join(10)
        self.store.close()

    def _put(self, copy: _Copy, put: Put) -> None:
        if copy.gone:
            raise no_room(copy.room.code)
        self._writer.put(copy.room.code, put)

    def _leave(self, copy: _Copy, visit: Visit) -> None:
        with self._changed:
            copy.visits.discard(visit)
        self._release(copy)

    def _release(self, copy: _Copy) -> None:
        with self._changed:
            copy.guests -= 1
            if not copy.guests:
                self._forget(copy)

    def _forget(self, copy: _Copy) -> None:
        if self._copies.get(copy.room.code) is copy:
            del self._copies[copy.room.code]

    def _read(self, copy: _Copy) -> None:
        """Take in what is new, and tell those who are in the room."""
        with copy.lock:
            if copy.gone:
                return
            try:
                kinds = copy.room.fold(*self.store.changes(copy.room.code, copy.room.revision))
            except NoRoom:
                copy.gone, kinds = True, GONE
            with self._changed:
                if copy.gone:
                    self._forget(copy)  # whoever comes now may find another room of this code
                visits = tuple(copy.visits)
            for visit in visits:
                visit.tell(kinds)

    def _written(self, code: str) -> None:
        """This process has changed a room: its own visits need not wait until that is heard."""
        with self._changed:
            copy = self._copies.get(code)
        if copy is not None:
            try:
                self._read(copy)
            except Exception as error:
                self._told(error)
                with self._changed:
                    self._behind.add(code)

    def _listen(self) -> None:
        away = False
        while not self._stop.is_set():
            try:
                self._sweep()
                with closing(self.store.ear()) as ear:
                    while self._copies and not self._stop.is_set():
                        self._catch_up(ear.wait(LISTEN))
                        away = False
                        self._sweep()
            except Exception as error:
                if not away:
                    self._told(error)
                away = True
                self._stop.wait(AGAIN)
            with self._changed:
                self._changed.wait_for(lambda: self._stop.is_set() or self._copies, SWEEP)

    @staticmethod
    def _told(error: Exception) -> None:
        unforeseen = None if isinstance(error, StoreError) else error
        log.warning("Rooms are not kept up to date for now: %s", error, exc_info=unforeseen)

    def _sweep(self) -> None:
        """Delete the rooms that have lasted their time, now and then."""
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP
            try:
                self.store.expire(time.time())
            except StoreError as error:
                log.warning("Rooms whose time is over are not deleted for now: %s", error)

    def _catch_up(self, heard: Collection[str] | None) -> None:
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
        own = os.getpid()
        if own not in _hubs:
            _hubs[own] = Hub(open_store(os.environ.get(VARIABLE, "")))
            atexit.register(lambda: _hubs[own].close() if os.getpid() == own else None)
        return _hubs[own]
