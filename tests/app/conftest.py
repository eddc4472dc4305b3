"""Where the rooms of a classroom are kept, each kind for real: a SQLite file, and a Redis server of the tests' own."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.classroom.opening import open_store
from app.classroom.store import Store
from tests.programs import REDIS

PATIENCE = 60.0
"""Seconds after which a test gives up waiting."""


def until(seen: Callable[[], object]) -> None:
    """Wait until this is true."""
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.005)


class RedisServer:
    """`redis-server` on a socket in a folder of its own; it keeps all it is told when it is killed."""

    def __init__(self) -> None:
        self._executable = REDIS.find()
        if reason := REDIS.failure():
            pytest.fail(f"These tests need a Redis server ({reason}): python tests/programs.py installs it.")
        self._folder = Path(tempfile.mkdtemp())  # a socket's path is at most 100 characters
        self.socket = self._folder / "socket"
        self._used = 0
        self.start()

    def start(self) -> None:
        """Start it, once more where it was killed."""
        keep = ["--dir", str(self._folder), "--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--databases", "500", *keep]
        self.socket.unlink(missing_ok=True)
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, executable=self._executable, stdout=log, stderr=log)
        try:
            until(lambda: self._process.poll() is not None or self._answers())
            assert self._process.poll() is None
        except AssertionError:
            pytest.fail(f"redis-server does not answer:\n{(self._folder / 'log').read_text('utf-8')}")

    def _answers(self) -> bool:
        import redis

        with redis.Redis(unix_socket_path=str(self.socket)) as asked:
            try:
                return bool(asked.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._process.wait(30)

    def url(self) -> str:
        """Of a database that nobody has used."""
        self._used += 1
        return f"unix://{self.socket}?db={self._used}"

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One server per worker."""
    with closing(RedisServer()) as server:
        yield server


@pytest.fixture(params=["sqlite", "redis"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What SPARK_ROOMS says."""
    if request.param == "sqlite":
        return str(tmp_path / "kept" / "rooms.sqlite")
    server: RedisServer = request.getfixturevalue("redis_server")
    return server.url()


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with closing(open_store(where)) as store:
        yield store
