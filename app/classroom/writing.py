"""What waits to be written: one thread, in which the rooms take turns."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .store import Entries, Full, Key, Store, StoreError

log = logging.getLogger(__name__)
Done = Callable[[Exception | None], None]
"""Is told that it is written, or why not; in the writer's thread."""
TURN = 64
"""Puts of one room that are written before it is another room's turn."""
OWN = 64
"""Puts of one visit that may wait, and callbacks of theirs."""
WAITING = 4 * 1024
"""The same, of one room."""


@dataclass(eq=False)
class Put:
    """Entries that are to be written together, or a room that is to be deleted (`entries` is None)."""

    who: Hashable
    entries: Entries | None
    most: Mapping[str, int]
    done: list[Done] = field(default_factory=list)


class _Line:
    """What waits for one room, in order."""

    def __init__(self) -> None:
        self.puts: OrderedDict[tuple[frozenset[Key], frozenset[tuple[str, int]]] | object, Put] = OrderedDict()
        self.of: Counter[Hashable] = Counter()

    def add(self, put: Put) -> None:
        """The newest of the same keys takes the place of what waits, with all who want to be told."""
        which: Any = object() if put.entries is None else (frozenset(put.entries), frozenset(put.most.items()))
        older = self.puts.get(which)
        new = len(put.done) + (older is None)
        if put.entries is not None and (self.of[put.who] + new > OWN or sum(self.of.values()) + new > WAITING):
            raise Full("More is sent than can be kept just now: wait a moment, then change it once more.")
        if older is not None:
            del self.puts[which]
            put.done[:0] = older.done
        self.puts[which] = put
        self.of[put.who] += new

    def take(self) -> list[Put]:
        """What comes next, until a deletion."""
        taken: list[Put] = []
        while self.puts and len(taken) < TURN:
            if taken and next(iter(self.puts.values())).entries is None:
                break
            taken.append(self.puts.popitem(last=False)[1])
            if taken[-1].entries is None:
                break
        if not self.puts:
            self.of.clear()
        return taken


class Writer:
    """Writes what is put, one room after the other, in a thread of its own.

    Args:
        store: where to.
        written: is told of each room that has changed, before those who wait for it are.
    """

    def __init__(self, store: Store, written: Callable[[str], None]) -> None:
        self._store, self._written = store, written
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._changed = threading.Condition()
        self._busy = self._closed = False
        self._thread = threading.Thread(target=self._run, name="classroom writer", daemon=True)
        self._thread.start()

    def put(self, code: str, put: Put) -> None:
        """Write this soon.

        Raises:
            Full: too much waits already.
        """
        with self._changed:
            if self._closed:
                raise StoreError("The server is stopping: open the page again in a moment.")
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
                    self._lines[code] = line
            try:
                self._write(code, puts)
            except Exception:
                log.exception("the classroom's writer failed")

    def _write(self, code: str, puts: list[Put]) -> None:
        faults: list[Exception | None] = []
        try:
            self._write_together(code, puts)
            faults = [None] * len(puts)
        except Exception as error:
            if isinstance(error, Full) and len(puts) > 1:
                faults = [self._write_alone(code, put) for put in puts]
            else:
                faults = [self._fault(error)] * len(puts)
        if any(fault is None for fault in faults):
            self._written(code)
        for put, fault in zip(puts, faults, strict=True):
            for done in put.done:
                done(fault)

    def _write_together(self, code: str, puts: list[Put]) -> None:
        entries: dict[Key, Any] = {}
        most: dict[str, int] = {}
        for put in puts:
            if put.entries is None:
                self._store.delete(code)
                return
            entries |= put.entries
            for kind, number in put.most.items():
                most[kind] = min(number, most.get(kind, number))
        self._store.put(code, entries, most)

    def _write_alone(self, code: str, put: Put) -> Exception | None:
        try:
            self._write_together(code, [put])
        except Exception as error:
            return self._fault(error)
        return None

    @staticmethod
    def _fault(error: Exception) -> Exception:
        if not isinstance(error, StoreError):
            log.error("the classroom's store failed", exc_info=error)
        return error
