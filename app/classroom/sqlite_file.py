"""The SQLite file of rooms: how it is made and opened, and what is said when it cannot be."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .store import StoreError

VERSION = 1
PATIENCE = 5.0
"""Seconds to wait for another process that writes."""
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


def prepare(path: Path) -> None:
    """Make the file with its tables, unless it is there; for its owner's eyes, since it holds names.

    Raises:
        StoreError: it cannot be had, is something else, or of a newer version.
    """
    with told(path):
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(0o700)
        # SQLite gives its log and its index the mode of the file itself.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(connect(path)) as sql:
            sql.execute("BEGIN IMMEDIATE")  # of two servers that start at once, one makes the tables
            version = sql.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StoreError(
                    f"The rooms in {path} are of version {version}, and this server reads version {VERSION}: run a "
                    "newer one, or name another file in SPARK_ROOMS."
                )
            if version == 0:
                if sql.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    raise StoreError(f"{path} is a database of something else: name another file in SPARK_ROOMS.")
                for statement in TABLES.split(";"):
                    sql.execute(statement)
                sql.execute(f"PRAGMA user_version = {VERSION}")
            sql.execute("COMMIT")


def connect(path: Path) -> sqlite3.Connection:
    """A connection for any one thread at a time.

    Raises:
        StoreError: it cannot be had.
    """
    with told(path):
        sql = sqlite3.connect(path, PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            sql.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON")
        except BaseException:
            sql.close()
            raise
        return sql


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in a sentence what SQLite or the system says of this file."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(_sentence(path, error)) from error


def _sentence(path: Path, error: sqlite3.Error | OSError) -> str:
    """What has gone wrong with this file, and what to do."""
    why = getattr(error, "strerror", None) or str(error)
    kind = getattr(error, "sqlite_errorcode", None)
    match kind and kind & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return (
                f"The rooms in {path} are held by another process for more than {PATIENCE:g} s: try again in a moment."
            )
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"The rooms in {path} cannot be written ({why}): is its disk full? Make room, then try again."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return (
                f"{path} is damaged, or no file of rooms ({why}): move it away, and the server makes a new one, or "
                "name another file in SPARK_ROOMS."
            )
    return (
        f"The rooms in {path} cannot be read or written ({why}): let the server's user write it and its folder, or "
        "name another file in SPARK_ROOMS."
    )
