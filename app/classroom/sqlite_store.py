"""Rooms in a SQLite file, which several processes of one machine share."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import limits
from .store import Entries, Key, StoreError, no_room, size_of, taken, text_of, too_large, too_many, too_many_rooms

VERSION = 1
PATIENCE = 5.0
"""Seconds to wait for another process that writes."""
TICK = 0.025
"""Seconds between two looks for changes by others."""
TABLES = """
CREATE TABLE rooms (
    code TEXT PRIMARY KEY, expires REAL NOT NULL,
    first INTEGER NOT NULL, revision INTEGER NOT NULL, size INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE entries (
    code TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT, revision INTEGER NOT NULL,
    PRIMARY KEY (code, kind, key)
);
CREATE INDEX changed ON entries (code, revision);
"""
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
        with self._told():
            if not self.path.parent.is_dir():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.parent.chmod(0o700)
            # SQLite gives its log and its index the mode of the file itself.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self._writing = self._connect()
            self._prepare()
            self._reading = self._connect()
        self._one_writes, self._one_reads = threading.Lock(), threading.Lock()

    def create(self, code: str, entries: Entries, expires: float) -> None:
        texts = {key: text_of(value) for key, value in entries.items() if value is not None}
        now = time.time()
        with self._change() as sql:
            self._forget(sql, "expires <= ?", now)
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
        with self._told():
            return _Ear(self, self._connect())

    def close(self) -> None:
        for lock, sql in ((self._one_writes, self._writing), (self._one_reads, self._reading)):
            with lock:
                sql.close()

    def _connect(self) -> sqlite3.Connection:
        sql = sqlite3.connect(self.path, PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            sql.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON")
        except sqlite3.Error:
            sql.close()
            raise
        return sql

    def _prepare(self) -> None:
        """Make the tables, unless they are there."""
        sql = self._writing
        try:
            sql.execute("BEGIN IMMEDIATE")
            version = sql.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StoreError(
                    f"The rooms in {self.path} are of version {version}, and this server reads version {VERSION}: run "
                    "a newer one, or name another file in SPARK_ROOMS."
                )
            if version == 0:
                if sql.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    raise StoreError(f"{self.path} is a database of something else: name another file in SPARK_ROOMS.")
                for statement in TABLES.split(";"):
                    sql.execute(statement)
                sql.execute(f"PRAGMA user_version = {VERSION}")
            sql.execute("COMMIT")
        except BaseException:
            sql.close()
            raise

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is alone: all of it, or nothing."""
        with self._told(), self._one_writes:
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
        with self._told(), self._one_reads:
            self._reading.execute("BEGIN")
            try:
                yield self._reading
            finally:
                self._reading.execute("ROLLBACK")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what SQLite or the system says."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise StoreError(f"The rooms in {self.path} cannot be read or written just now ({why}).") from error

    @staticmethod
    def _forget(sql: sqlite3.Connection, which: str, value: object) -> bool:
        codes = sql.execute(f"SELECT code FROM rooms WHERE {which}", (value,)).fetchall()
        sql.executemany("DELETE FROM entries WHERE code = ?", codes)
        sql.executemany("DELETE FROM rooms WHERE code = ?", codes)
        return bool(codes)

    def _overwrite(self, gone: bool) -> None:
        """Take what was deleted out of the log as well; where somebody reads just now, the next deletion does."""
        if gone:
            with self._told(), self._one_writes:
                self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Ear:
    """Looks at SQLite's counter of commits by others: that costs microseconds."""

    def __init__(self, store: SqliteStore, sql: sqlite3.Connection) -> None:
        self._store, self._sql = store, sql
        self._version = 0

    def wait(self, seconds: float) -> Collection[str] | None:
        end = time.monotonic() + seconds
        while True:
            with self._store._told():
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
