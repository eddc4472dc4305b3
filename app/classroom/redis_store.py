"""Rooms in a Redis server, which processes of several machines share."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from . import limits
from .redis_scripts import CHANGES, CREATE, DELETE, PUT
from .store import (
    Entries,
    Key,
    StoreError,
    no_room,
    size_of,
    taken,
    text_of,
    too_large,
    too_many,
    too_many_rooms,
)

VERSION = 1
PATIENCE = 5.0
"""Seconds to wait for the server."""
CHANNEL = "spark:changed"
LOOK = 5.0
"""Seconds after which all rooms are looked at, whatever was heard: a connection may be cut without a word."""


class RedisStore:
    """Rooms in a Redis server (no cluster); each change is one script: all of it is done, or nothing.

    What a room holds outlives the Redis server where that writes to its disk (`appendonly yes`).

    Args:
        url: redis://, rediss:// or unix://, as redis-py reads it.

    Raises:
        StoreError: redis-py is not installed, the server does not answer, or holds rooms of a newer version.
    """

    def __init__(self, url: str) -> None:
        try:
            import redis
        except ImportError:
            raise StoreError(
                "Rooms in Redis need redis-py, which is not installed: pip install 'spark-somas[redis]'."
            ) from None
        self._failed: type[Exception] = redis.RedisError
        parts = urlsplit(url)
        self.name = parts.path if parts.scheme == "unix" else parts.netloc.rpartition("@")[2]  # no password
        with self._told():
            self._redis: Any = redis.Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
                health_check_interval=30,
            )
            self._create, self._put, self._changes, self._delete = map(
                self._redis.register_script, (CREATE, PUT, CHANGES, DELETE)
            )
            self._redis.set("spark:version", VERSION, nx=True)
            version = int(self._redis.get("spark:version"))
        if version > VERSION:
            self.close()
            raise StoreError(
                f"The rooms in Redis at {self.name} are of version {version}, and this server reads version {VERSION}: "
                "run a newer one, or name another database in SPARK_ROOMS."
            )

    def create(self, code: str, entries: Entries, expires: float) -> None:
        texts = {key: text_of(value) for key, value in entries.items() if value is not None}
        if sum(size_of(key, text) for key, text in texts.items()) > limits.ROOM:
            raise too_large()
        now = time.time()
        with self._told():
            said = self._create(
                [*_keys(code), "spark:rooms"], [code, expires, int(now * 1000), limits.ROOMS, now, *_flat(texts)]
            )
        if said == "taken":
            raise taken(code)
        if said == "rooms":
            raise too_many_rooms()

    def put(self, code: str, entries: Entries, most: Mapping[str, int] = {}) -> int:
        texts = {key: "" if value is None else text_of(value) for key, value in entries.items()}
        bounds = [part for kind, number in most.items() for part in (kind, number)]
        with self._told():
            said, more = self._put(_keys(code), [code, limits.ROOM, CHANNEL, len(most), *bounds, *_flat(texts)])
        match said:
            case "gone":
                raise no_room(code)
            case "most":
                raise too_many(more, most[more])
            case "size":
                raise too_large()
        return int(more)

    def changes(self, code: str, since: int) -> tuple[int, dict[Key, Any]]:
        with self._told():
            said = self._changes(_keys(code), [since])
        if not said:
            raise no_room(code)
        revision, *found = said
        changed = {}
        for field, text in zip(found[::2], found[1::2], strict=True):
            if text or since:
                kind, _, key = field.partition("\0")
                changed[kind, key] = json.loads(text) if text else None
        return int(revision), changed

    def moved(self, rooms: Mapping[str, int]) -> set[str]:
        with self._told(), self._redis.pipeline(transaction=False) as line:
            for code in rooms:
                line.hget(_keys(code)[0], "revision")
            now = line.execute()
        return {code for (code, revision), found in zip(rooms.items(), now, strict=True) if found != str(revision)}

    def delete(self, code: str) -> None:
        with self._told():
            self._delete([*_keys(code), "spark:rooms"], [code, CHANNEL])

    def expire(self, now: float) -> None:
        with self._told():
            gone = self._redis.zrangebyscore("spark:rooms", "-inf", now)
        for code in gone:
            self.delete(code)

    def rooms(self) -> int:
        with self._told():
            return int(self._redis.zcount("spark:rooms", time.time(), "+inf"))

    def ear(self) -> _Ear:
        return _Ear(self)

    def close(self) -> None:
        self._redis.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what redis-py says."""
        try:
            yield
        except (self._failed, OSError, ValueError) as error:
            raise StoreError(f"The rooms in Redis at {self.name} cannot be reached just now ({error}).") from error


class _Ear:
    """Is told by Redis which rooms have changed."""

    def __init__(self, store: RedisStore) -> None:
        self._store = store
        self._looked = 0.0
        with store._told():
            self._heard = store._redis.pubsub()
            self._heard.subscribe(CHANNEL)

    def wait(self, seconds: float) -> Collection[str] | None:
        codes: set[str] = set()
        with self._store._told():
            message = self._heard.get_message(timeout=seconds)
            while message is not None and len(codes) < 1000:
                if message["type"] != "message":
                    self._looked = 0.0  # subscribed, perhaps once more: what was said before is missed
                else:
                    codes.add(message["data"])
                message = self._heard.get_message(timeout=0)
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            return None
        return codes

    def close(self) -> None:
        self._heard.close()


def _keys(code: str) -> list[str]:
    """What a room is kept under: what it is, its entries, their revisions, and how many of each kind there are."""
    return [f"spark:room:{code}{part}" for part in ("", ":entries", ":revisions", ":counts")]


def _flat(texts: Mapping[Key, str]) -> list[str]:
    return [part for (kind, key), text in texts.items() for part in (f"{kind}\0{key}", text)]
