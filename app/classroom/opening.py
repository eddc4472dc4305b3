"""Which store the rooms of this server are kept in."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_dir

from .sqlite_store import SqliteStore
from .store import Store

VARIABLE = "SPARK_ROOMS"
"""Of the environment: the path of a SQLite file, or the URL of a Redis server."""
FILE = Path(user_data_dir("spark", appauthor=False)) / "classroom" / "rooms.sqlite"
"""Where rooms are kept, where nobody says anything else."""


def has_rooms() -> bool:
    """Whether there may be rooms whose time is over: a store was named, or the user's own is there."""
    return bool(os.environ.get(VARIABLE)) or FILE.exists()


def open_store(where: str) -> Store:
    """The store at a path or URL; "": the file in the user's data folder.

    Raises:
        StoreError: it cannot be had.
    """
    if where.startswith(("redis://", "rediss://", "unix://")):
        from .redis_store import RedisStore  # nobody else needs redis-py

        return RedisStore(where)
    return SqliteStore(where or FILE)
