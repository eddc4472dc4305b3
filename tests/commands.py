"""`python -m app` in a process of its own, for tests that end, freeze or starve it."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from benchmarks.crowd_page import Visitor

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 240
"""Seconds for a server to start on a machine that has other things to do."""


class Command:
    """The command in a process of its own."""

    def __init__(self, log: Path, *more: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.root, self._log = f"http://localhost:{self.port}", log
        command = [sys.executable, "-m", "app", "--port", str(self.port), "--address", "127.0.0.1", *more]
        told = os.environ | {"SPARK_ROOMS": str(log.with_name("rooms.sqlite"))} | environment
        with log.open("w") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=out, stderr=subprocess.STDOUT)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    @property
    def children(self) -> set[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return set(map(int, path.read_text().split()))

    async def ready(self, path: str = "/health", processes: int | None = None) -> None:
        while True:
            assert self.process.poll() is None, self.log
            try:
                told = json.loads((await get(self.root + path)).body)
                if told["ready"] and told.get("processes") == processes:
                    return
            except (OSError, HTTPClientError):
                pass
            await asyncio.sleep(0.1)


@contextmanager
def commanded(folder: Path, *more: str, **environment: str) -> Iterator[Command]:
    command = Command(folder / "log", *more, **environment)
    try:
        yield command
    finally:
        command.process.kill()
        command.process.wait()


async def get(url: str):
    return await AsyncHTTPClient().fetch(url, request_timeout=60)


async def until(what: Callable[[], object]) -> None:
    while not what():
        await asyncio.sleep(0.02)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), PATIENCE)

    with ThreadPoolExecutor(1) as thread:  # after tests of the page Playwright has an event loop in this one
        thread.submit(asyncio.run, bounded()).result()


async def moves(visitor: Visitor, value: float) -> None:
    """A move of this visitor is answered by its own picture."""
    visitor.forget()
    visitor.move(value, final=True)
    await until(lambda: visitor.answered)
    assert visitor.moves[0].own


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def refused(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


async def value_of(command: Command, name: str, path: str = "/metrics") -> float:
    text = (await get(command.root + path)).body.decode()
    return sum(float(line.split(" ")[-1]) for line in text.splitlines() if re.match(rf"{name}[ {{]", line))
