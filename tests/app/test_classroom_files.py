"""What is particular to rooms in a file and to those in Redis: who may read them, what is left, what is said."""

import sqlite3
import stat
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.classroom import sqlite_file
from app.classroom.opening import open_store
from app.classroom.sqlite_store import SqliteStore
from app.classroom.store import StoreError
from tests.app.conftest import RedisServer

ROOM, ANNA = ("room", ""), ("member", "a")
LATER = time.time() + 3600


def test_a_file_of_rooms_is_for_its_owner(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "kept" / "rooms.sqlite")) as store:
        store.create("A", {ROOM: 1}, LATER)
        files = list((tmp_path / "kept").iterdir())
        assert len(files) == 3 and all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
        assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    with closing(SqliteStore(tmp_path / "kept" / "rooms.sqlite")) as store:
        assert store.changes("A", 0)[1] == {ROOM: 1}


@pytest.mark.parametrize("end", ["delete", "expire"])
def test_nothing_is_left_of_a_room(tmp_path: Path, end: str) -> None:
    with closing(SqliteStore(tmp_path / "rooms.sqlite")) as store:
        store.create("A", {ROOM: 1, ANNA: {"name": "Ada Lovelace"}}, LATER)
        store.put("A", {ANNA: {"name": "Ada Lovelace, Countess"}, ("values", "a"): "Lovelace" * 5000})
        assert b"Lovelace" in b"".join(file.read_bytes() for file in tmp_path.iterdir())
        store.delete("A") if end == "delete" else store.expire(LATER)
        assert b"Lovelace" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_file_of_a_newer_version_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("PRAGMA user_version = 2")
    with pytest.raises(StoreError, match=r"rooms\.sqlite are of version 2, and this server reads version 1"):
        SqliteStore(path)


def test_a_database_of_something_else_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("CREATE TABLE rooms (price)")
    with pytest.raises(StoreError, match=r"other\.sqlite is a database of something else"):
        SqliteStore(path)


def test_a_damaged_file_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match=r"rooms\.sqlite is damaged, or no file of rooms .*move it away"):
        SqliteStore(path)
    assert path.read_bytes() == b"no database" * 1000


def test_a_file_that_is_damaged_later_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    with closing(SqliteStore(path)) as store:
        store.create("A", {("values", str(i)): "x" * 3000 for i in range(50)}, LATER)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with closing(SqliteStore(path)) as store, pytest.raises(StoreError, match="is damaged"):
        store.changes("A", 0)


@pytest.mark.parametrize("path", ["a file/rooms.sqlite", "a folder"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, path: str) -> None:
    (tmp_path / "a file").write_text("")
    (tmp_path / "a folder").mkdir()
    with pytest.raises(StoreError, match=r"cannot be read or written \(.*\): let the server's user write it"):
        SqliteStore(tmp_path / path)


def test_a_file_that_is_held_for_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "PATIENCE", 0.1)
    path = tmp_path / "rooms.sqlite"
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        store.create("A", {ROOM: 1}, LATER)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"held by another process for more than 0\.1 s"):
            store.put("A", {ROOM: 2})
        assert store.changes("A", 0)[1] == {ROOM: 1}  # whoever reads waits for nobody
        other.execute("COMMIT")
        store.put("A", {ROOM: 2})


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    with closing(SqliteStore(path)) as store:
        store.create("A", {ROOM: 1}, LATER)
        store._writing.execute("PRAGMA max_page_count = 10")  # what SQLite says then is what it says of a full disk
        with pytest.raises(StoreError, match="disk full"):
            store.put("A", {ROOM: 2, ANNA: "x" * 100_000})
        assert store.changes("A", 0)[1] == {ROOM: 1}
        store.put("A", {ROOM: 3})


def test_redis_forgets_a_room_by_itself_and_wholly(redis_server: RedisServer) -> None:
    import redis

    url = redis_server.url()
    with closing(open_store(url)) as store, redis.Redis.from_url(url, decode_responses=True) as server:
        store.create("A", {ROOM: 1, ANNA: 1}, LATER)
        store.put("A", {("answer", "a"): 1})
        lasting = [server.pexpiretime(key) for key in server.keys("spark:room:*")]
        assert lasting == [int(LATER * 1000 + 0.5)] * 4
        store.delete("A")
        store.create("B", {}, LATER)
        store.put("B", {ANNA: 1})
        assert {server.pexpiretime(key) for key in server.keys("spark:room:*")} == {int(LATER * 1000 + 0.5)}
        store.expire(LATER)
        assert server.keys("*") == ["spark:version"]


def test_rooms_in_redis_of_a_newer_version_are_let_be(redis_server: RedisServer) -> None:
    import redis

    url = redis_server.url()
    with redis.Redis.from_url(url) as server:
        server.set("spark:version", 2)
    with pytest.raises(StoreError, match="are of version 2, and this server reads version 1"):
        open_store(url)


@pytest.mark.parametrize("url", ["redis://teacher:secret@localhost:1/0", "unix:///nowhere/socket?password=secret"])
def test_a_redis_server_that_is_away_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"Redis at (localhost:1|/nowhere/socket) cannot be reached") as told:
        open_store(url)
    assert "secret" not in str(told.value)


def test_without_redis_py_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(StoreError, match=r"pip install 'spark-somas\[redis\]'"):
        open_store("redis://localhost")
