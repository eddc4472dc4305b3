"""What waits to be written: one thread, in which the rooms take turns."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .store import Entries, Full, Key, NoRoom, Store, StoreError

log = logging.getLogger(__name__)
Done = Callable[[Exception | None], None]
"""Is told that it is written, or why not; in the writer's thread."""
TURN = 16
"""Puts of one room that are written before it is another room's turn."""
OWN = 64
"""What one visit may have waiting, entries and callbacks; a single put may be of any size."""
WAITING = 4096
"""The same, for one room."""


@dataclass(eq=False)
class Put:
    """Entries that are to be written together, or a room that is to be deleted (`entries` is None).

    Attributes:
        who: sent it; for what each may have waiting.
        entries: what is new; None deletes the room.
        most: at most so many entries of a kind.
        done: who want to be told.
    """

    who: Hashable
    entries: Entries | None
    most: Mapping[str, int]
    done: list[Done] = field(default_factory=list)
    weight: Counter[Hashable] = field(default_factory=Counter)


class _Line:
    """What waits for one room, in order."""

    def __init__(self) -> None:
        self.puts: OrderedDict[object, Put] = OrderedDict()
        self._weight: Counter[Hashable] = Counter()
        self._deletions = 0

    def add(self, put: Put) -> None:
        """The newest with the same keys takes the place of what waits, along with all who want to be told."""
        if put.entries is None:
            self._deletions += 1
            self.puts[self._deletions] = put  # never one too many, and nothing before it is merged with what follows
            return
        which = self._deletions, frozenset(put.entries), frozenset(put.most.items())
        older = self.puts.get(which)
        new = len(put.done) + (0 if older else len(put.entries))
        own, all_of_them = self._weight[put.who], self._weight.total()
        if (own and own + new > OWN) or (all_of_them and all_of_them + new > WAITING):
            raise Full("More is sent than can be kept just now: wait a moment, then change it once more.")
        put.weight[put.who] = new
        self._weight[put.who] += new
        if older is not None:
            del self.puts[which]
            put.done[:0] = older.done
            put.weight += older.weight
        self.puts[which] = put

    def take(self) -> list[Put]:
        """What comes next: a deletion alone, or puts until there is one."""
        taken: list[Put] = []
        while self.puts and len(taken) < TURN:
            which, put = next(iter(self.puts.items()))
            if taken and put.entries is None:
                break
            del self.puts[which]
            taken.append(put)
            self._weight -= put.weight
            if put.entries is None:
                break
        return taken


class Writer:
    """Writes what is put, one room after the other, in a thread of its own.

    Args:
        store: where to.
        written: is told of each room that has changed, or is not there, before those who wait for it are.
    """

    def __init__(self, store: Store, written: Callable[[str], None]) -> None:
        self._store, self._written = store, written
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="classroom writer", daemon=True)
        self._thread.start()

    def put(self, code: str, put: Put) -> None:
        """Write this soon.

        Raises:
            Full: too much waits already.
            StoreError: nothing is written any more.
        """
        with self._changed:
            if self._closed:
                raise StoreError("The server is stopping: load the page again in a moment.")
            line = self._lines.get(code) or _Line()
            line.add(put)
            self._lines[code] = line
            self._changed.notify_all()

    def close(self, patience: float = 10.0) -> None:
        """Write what waits, and end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(patience)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._lines and not self._closed:
                    self._changed.wait()
                if not self._lines:
                    return
                code, line = self._lines.popitem(last=False)
                puts = line.take()
                if line.puts:
                    self._lines[code] = line  # behind the others
            try:
                self._write(code, puts)
            except Exception:
                log.exception("the classroom's writer failed")

    def _write(self, code: str, puts: list[Put]) -> None:
        fault = self._attempt(code, puts)
        if isinstance(fault, Full) and len(puts) > 1:
            faults = [self._attempt(code, [put]) for put in puts]  # whose it is, and the others' all the same
        else:
            faults = [fault] * len(puts)
        if any(fault is None or isinstance(fault, NoRoom) for fault in faults):
            self._written(code)
        for put, fault in zip(puts, faults, strict=True):
            for done in put.done:
                done(fault)

    def _attempt(self, code: str, puts: list[Put]) -> Exception | None:
        """Write these as one change; why not."""
        entries: dict[Key, Any] = {}
        most: dict[str, int] = {}
        try:
            for put in puts:
                if put.entries is None:
                    self._store.delete(code)
                    return None
                entries |= put.entries
                for kind, number in put.most.items():
                    most[kind] = min(number, most.get(kind, number))
            self._store.put(code, entries, most)
        except StoreError as error:
            return error
        except Exception as error:
            log.exception("the classroom's store failed")
            return error
        return None
