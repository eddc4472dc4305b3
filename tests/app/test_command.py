"""`python -m app` with the real app: visitors are served and handed over; nothing is left when it has gone."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from benchmarks.crowd_page import Visitor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240
"""Seconds for a server to start on a machine that has other things to do."""


class Command:
    """The command in a process of its own."""

    def __init__(self, log: Path, *more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.root, self._log = f"http://localhost:{self.port}", log
        command = [sys.executable, "-m", "app", "--port", str(self.port), "--address", "127.0.0.1", *more]
        environment = os.environ | {"SPARK_ROOMS": str(log.with_name("rooms.sqlite"))}
        with log.open("w") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)

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
def commanded(folder: Path, *more: str) -> Iterator[Command]:
    command = Command(folder / "log", *more)
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

    asyncio.run(bounded())


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


def test_one_process_needs_no_router_hands_its_visitors_over_and_never_outlives_the_command(tmp_path):
    with commanded(tmp_path, "--prefix", "spark", "--log-format", "json") as command:

        async def test() -> None:
            await command.ready("/spark/health")
            (first,) = command.children
            visitor = Visitor(f"{command.root}/spark/app")
            await visitor.open()
            assert visitor.cookie == "", "nobody stands between a visitor and the only process"
            await moves(visitor, 431.0)
            assert await value_of(command, "spark_sessions_connected", "/spark/metrics") == 1
            assert await value_of(command, "spark_picture_seconds_count", "/spark/metrics") >= 2

            # It is renewed: at no time is a visitor turned away, and who is there is let go.
            answers, over = [], asyncio.Event()

            async def ask() -> None:
                while not over.is_set():
                    answers.append((await get(f"{command.root}/spark/health/live")).code)
                    await asyncio.sleep(0.02)

            asking = asyncio.ensure_future(ask())
            command.process.send_signal(signal.SIGHUP)
            await until(lambda: visitor.lost)
            again = Visitor(f"{command.root}/spark/app")
            await again.open()
            await moves(again, 432.0)
            await until(lambda: not alive(first))
            over.set()
            await asking
            assert len(answers) > 10 and set(answers) == {200}
            await moves(again, 433.0)
            await until(lambda: len(command.children) == 1)
            (second,) = command.children
            await again.close()
            await visitor.close()

            # However the command ends, nobody holds its port.
            command.process.kill()
            await until(lambda: not alive(second) and refused(command.port))

        run(test)
        assert "Traceback" not in command.log
        lines = [json.loads(line) for line in command.log.splitlines() if line.startswith("{")]
        assert {line["process"] for line in lines} == {"command", "1", "2"}
        assert "gone to another process: there were 1" in command.log


def test_two_processes_serve_and_one_that_dies_takes_nobody_elses_visitors_along(tmp_path):
    with commanded(tmp_path, "--processes", "2") as command:

        async def test() -> None:
            await command.ready(processes=2)
            visitors = [Visitor(f"{command.root}/app") for _ in range(2)]
            for at, one in enumerate(visitors):
                await one.open()
                await moves(one, 421.0 + at)
            names = [one.cookie.partition("=")[2] for one in visitors]
            assert sorted(names) == ["1", "2"], "each has a process of its own"
            assert await value_of(command, "spark_sessions_connected") == 2

            pids = command.children
            (victim,) = {pid for pid in pids if f"--name\0{names[0]}\0" in Path(f"/proc/{pid}/cmdline").read_text()}
            os.kill(victim, signal.SIGKILL)
            await until(lambda: visitors[0].lost)
            await moves(visitors[1], 425.0)
            back = Visitor(f"{command.root}/app")
            await back.open()
            await moves(back, 426.0)
            await command.ready(processes=2)
            assert await value_of(command, "spark_restarts_total") == 1
            for one in (*visitors, back):
                await one.close()

            pids = command.children
            command.process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            await until(lambda: command.process.poll() is not None)
            assert command.process.returncode == 0 and not any(map(alive, pids)) and refused(command.port)
            assert time.monotonic() - began < PATIENCE

        run(test)
        assert "Traceback" not in command.log


def test_a_start_that_fails_ends_the_command(tmp_path):
    with commanded(tmp_path, "--no-such-option") as command:
        assert command.process.wait(PATIENCE) == 2
    assert "unrecognized arguments: --no-such-option" in command.log
