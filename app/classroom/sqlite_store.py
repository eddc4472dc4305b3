"""Rooms in a SQLite file, which several processes of one machine share."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import limits
from .sqlite_file import connect, prepare, told
from .store import Entries, Key, no_room, size_of, taken, text_of, too_large, too_many, too_many_rooms

TICK = 0.025
"""Seconds between two looks for changes by others."""
PUT = """
INSERT INTO entries VALUES (?, ?, ?, ?, ?)
ON CONFLICT (code, kind, key) DO UPDATE SET value = excluded.value, revision = excluded.revision
"""


class SqliteStore:
    """Rooms in a SQLite file (write-ahead log, so that readers and the one writer do not wait for each other).

    A commit outlives the end of the process; a power cut may take the last ones. A file that is made here is for its
    owner's eyes, since it holds names; what is deleted is overwritten.

    Args:
        path: of the file; made with its folder where there is none.

    Raises:
        StoreError: it cannot be had, is no file of rooms, or of a newer version.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        prepare(self.path)
        self._writing, self._reading = connect(self.path), connect(self.path)
        self._one_writes, self._one_reads = threading.Lock(), threading.Lock()

    def create(self, code: str, entries: Entries, expires: float) -> None:
        texts = {key: text_of(value) for key, value in entries.items() if value is not None}
        now = time.time()
        with self._change() as sql:
            gone = self._forget(sql, "expires <= ?", now)
            if sql.execute("SELECT 1 FROM rooms WHERE code = ?", (code,)).fetchone():
                raise taken(code)
            if sql.execute("SELECT count(*) FROM rooms").fetchone()[0] >= limits.ROOMS:
                raise too_many_rooms()
            size = sum(size_of(key, text) for key, text in texts.items())
            if size > limits.ROOM:
                raise too_large()
            # Revisions begin at the time, so that none is one of an earlier room with the same code.
            first = int(now * 1000)
            sql.execute("INSERT INTO rooms VALUES (?, ?, ?, ?, ?)", (code, expires, first, first, size))
            sql.executemany(PUT, [(code, *key, text, first) for key, text in texts.items()])
        self._overwrite(gone)

    def put(self, code: str, entries: Entries, most: Mapping[str, int] = {}) -> int:
        texts = {key: None if value is None else text_of(value) for key, value in entries.items()}
        with self._change() as sql:
            room = sql.execute(
                "SELECT revision, size FROM rooms WHERE code = ? AND expires > ?", (code, time.time())
            ).fetchone()
            if room is None:
                raise no_room(code)
            revision, size = room[0] + 1, room[1]
            new = dict.fromkeys(most, 0)
            for key, text in texts.items():
                one = (code, *key)
                held = sql.execute("SELECT value FROM entries WHERE code = ? AND kind = ? AND key = ?", one).fetchone()
                size += size_of(key, text) - (size_of(key, held[0]) if held else 0)
                if key[0] in new and text is not None and (held is None or held[0] is None):
                    new[key[0]] += 1
                sql.execute(PUT, (*one, text, revision))
            for kind in (kind for kind, more in new.items() if more):
                live = "SELECT count(*) FROM entries WHERE code = ? AND kind = ? AND value IS NOT NULL"
                if sql.execute(live, (code, kind)).fetchone()[0] > most[kind]:
                    raise too_many(kind, most[kind])
            if size > max(room[1], limits.ROOM):
                raise too_large()
            sql.execute("UPDATE rooms SET revision = ?, size = ? WHERE code = ?", (revision, size, code))
        return revision

    def changes(self, code: str, since: int) -> tuple[int, dict[Key, Any]]:
        with self._look() as sql:
            room = sql.execute(
                "SELECT revision, first FROM rooms WHERE code = ? AND expires > ?", (code, time.time())
            ).fetchone()
            if room is None or (since and since < room[1]):
                raise no_room(code)
            changed = "SELECT kind, key, value FROM entries WHERE code = ? AND revision > ?"
            found = sql.execute(changed, (code, since)).fetchall() if since < room[0] else []
        return room[0], {(kind, key): text and json.loads(text) for kind, key, text in found if text or since}

    def moved(self, rooms: Mapping[str, int]) -> set[str]:
        with self._look() as sql:
            find = "SELECT revision FROM rooms WHERE code = ?"
            now = {code: sql.execute(find, (code,)).fetchone() for code in rooms}
        return {code for code, revision in rooms.items() if now[code] != (revision,)}

    def delete(self, code: str) -> None:
        with self._change() as sql:
            gone = self._forget(sql, "code = ?", code)
        self._overwrite(gone)

    def expire(self, now: float) -> None:
        with self._look() as sql:
            if sql.execute("SELECT 1 FROM rooms WHERE expires <= ? LIMIT 1", (now,)).fetchone() is None:
                return
        with self._change() as sql:
            gone = self._forget(sql, "expires <= ?", now)
        self._overwrite(gone)

    def rooms(self) -> int:
        with self._look() as sql:
            return int(sql.execute("SELECT count(*) FROM rooms WHERE expires > ?", (time.time(),)).fetchone()[0])

    def ear(self) -> _Ear:
        return _Ear(self.path)

    def close(self) -> None:
        for lock, sql in ((self._one_writes, self._writing), (self._one_reads, self._reading)):
            with lock:
                sql.close()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is alone: all of it, or nothing."""
        with told(self.path), self._one_writes:
            self._writing.execute("BEGIN IMMEDIATE")
            try:
                yield self._writing
                self._writing.execute("COMMIT")
            except BaseException:
                if self._writing.in_transaction:
                    self._writing.execute("ROLLBACK")
                raise

    @contextmanager
    def _look(self) -> Iterator[sqlite3.Connection]:
        """A transaction that reads: one state of the rooms."""
        with told(self.path), self._one_reads:
            self._reading.execute("BEGIN")
            try:
                yield self._reading
            finally:
                self._reading.execute("ROLLBACK")

    @staticmethod
    def _forget(sql: sqlite3.Connection, which: str, value: object) -> bool:
        codes = sql.execute(f"SELECT code FROM rooms WHERE {which}", (value,)).fetchall()
        sql.executemany("DELETE FROM entries WHERE code = ?", codes)
        sql.executemany("DELETE FROM rooms WHERE code = ?", codes)
        return bool(codes)

    def _overwrite(self, gone: bool) -> None:
        """Take what was deleted out of the log as well; where somebody reads just now, the next deletion does."""
        if gone:
            with told(self.path), self._one_writes:
                self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Ear:
    """Looks at SQLite's counter of commits by others: that costs microseconds."""

    def __init__(self, path: Path) -> None:
        self._path, self._sql = path, connect(path)
        self._version = 0

    def wait(self, seconds: float) -> Collection[str] | None:
        end = time.monotonic() + seconds
        while True:
            with told(self._path):
                version = self._sql.execute("PRAGMA data_version").fetchone()[0]
            if version != self._version:
                self._version = version
                return None
            left = end - time.monotonic()
            if left <= 0:
                return ()
            time.sleep(min(TICK, left))

    def close(self) -> None:
        self._sql.close()
