"""Processes are kept, renewed and ended together; each visitor has one of them. With stubs, which start in no time."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from app.server import processes as kept
from app.server.admitted import admitted
from app.server.options import Options
from app.server.places import bound, port_of
from app.server.processes import Processes
from app.server.router import Router
from app.server.summed import summed

ROOT = Path(__file__).resolve().parents[2]
STUB = [sys.executable, str(Path(__file__).with_name("stub_process.py"))]
WORD = "a-word-of-tests"
PATIENCE = 120


async def until(what: Callable[[], object]) -> None:
    while not what():
        await asyncio.sleep(0.01)


class Visitors:
    """Two stubs and their router, and a client that believes in cookies."""

    def __init__(self, processes: Processes, port: int) -> None:
        self.processes, self.port = processes, port
        self.pages: list[Any] = []

    async def get(self, path: str = "/app", cookie: str = "", **how: Any) -> HTTPResponse:
        headers = how.pop("headers", {}) | ({"Cookie": cookie} if cookie else {})
        request = HTTPRequest(f"http://127.0.0.1:{self.port}{path}", headers=headers, follow_redirects=False, **how)
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def named(self, cookie: str = "") -> tuple[str, str]:
        """Who answers, and the cookie that the visitor has then."""
        response = await self.get(cookie=cookie)
        set_ = [one.partition(";")[0] for one in response.headers.get_list("Set-Cookie")]
        own = [one for one in set_ if one.startswith(f"spark-{self.port}=")]
        return json.loads(response.body)["name"], (own or [cookie])[0]

    async def connect(self, cookie: str = "") -> tuple[Any, str]:
        """A WebSocket, and the name of whoever has it."""
        headers = {"Cookie": cookie} if cookie else {}
        page = await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{self.port}/app/ws", headers=headers))
        self.pages.append(page)
        return page, str(await page.read_message())


@contextlib.asynccontextmanager
async def served(folder: Path, count: int = 2, mode: str = "good", **more: Any) -> AsyncIterator[Visitors]:
    options = Options(port=0, address="127.0.0.1", processes=count, **more)
    sockets = bound(options)
    command, environment = [*STUB, "--mode", mode], os.environ | {"SPARK_ADMIN": WORD}
    processes = Processes(count, (), folder, command, environment, options.prefix)
    router = Router(processes, sockets, port_of(sockets), options, WORD)
    visitors = Visitors(processes, port_of(sockets))
    try:
        await processes.start()
        yield visitors
    finally:
        for page in visitors.pages:
            page.close()
        router.stop()
        for one in sockets:
            one.close()
        await processes.end()
        processes.failed.cancel()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), PATIENCE)

    asyncio.run(bounded())


async def both_ready(visitors: Visitors) -> None:
    await until(lambda: len(visitors.processes.ready) == 2)


def test_a_visitor_stays_with_one_process_and_visitors_are_shared_out(tmp_path):
    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            found = [await visitors.named() for _ in range(6)]
            assert sorted(name for name, _ in found) == ["1"] * 3 + ["2"] * 3
            for name, cookie in found:
                assert cookie == f"spark-{visitors.port}={name}"
                for _ in range(3):
                    assert await visitors.named(cookie) == (name, cookie)
                page, said = await visitors.connect(cookie)
                assert said == name
                page.close()
            response = await visitors.get()
            (own,) = [one for one in response.headers.get_list("Set-Cookie") if one.startswith("spark-")]
            assert "HttpOnly" in own and "SameSite=Lax" in own and "Path=/" in own
            assert {"own=1; Path=/", "other=2"} <= set(response.headers.get_list("Set-Cookie"))
            # A cookie of a process that is not there, or that means nothing, is one of nobody.
            assert (await visitors.named(f"spark-{visitors.port}=99"))[1].endswith(("=1", "=2"))
            # Who has no cookie and asks again meets both.
            names = {(await visitors.connect())[1] for _ in range(2)}
            assert names == {"1", "2"}

    run(test)


def test_what_is_passed_on_is_what_was_said(tmp_path):
    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            lies = {"X-Forwarded-For": "6.6.6.6", "X-Real-Ip": "6.6.6.6", "X-Scheme": "https", "Kept": "yes"}
            lies |= {"Forwarded": "for=6.6.6.6", "X-Forwarded-Host": "elsewhere.example.org"}
            told = json.loads((await visitors.get("/app?a=%20b", headers=lies)).body)["headers"]
            assert told["X-Real-Ip"] == told["X-Forwarded-For"] == ["127.0.0.1"] and told["X-Scheme"] == ["http"]
            assert "Forwarded" not in told and "X-Forwarded-Host" not in told
            assert told["Kept"] == ["yes"] and told["Host"] == [f"127.0.0.1:{visitors.port}"]
            assert (await visitors.get(method="HEAD")).headers["Content-Length"] == "77"
            assert (await visitors.get(method="POST", body=b"abc")).body == b"cba"
            page, _ = await visitors.connect()
            for size in (1, 126, 70_000, 3_000_000):
                sent = os.urandom(size)
                await page.write_message(sent, binary=True)
                assert await page.read_message() == sent
            page.close(1000)
            await until(lambda: sum(one.sockets for one in visitors.processes.ready) == 0)

    run(test)


def test_one_that_ends_is_started_again_and_its_visitors_go_elsewhere(tmp_path):
    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            name, cookie = await visitors.named()
            page, _ = await visitors.connect(cookie)
            found = visitors.processes.find(name)
            assert found is not None
            os.kill(found.pid, signal.SIGKILL)
            assert await page.read_message() is None, "the page must learn at once that its connection is gone"
            after, moved = await visitors.named(cookie)
            assert after != name and moved != cookie
            await until(lambda: visitors.processes.find("3"))
            assert {one.name for one in visitors.processes.ready} == {after, "3"}
            assert visitors.processes.restarts == 1
            # An answer that was cut off is asked for elsewhere.
            response = await visitors.get("/leaves", cookie=moved)
            assert response.code == 503 and response.headers["Retry-After"] == "1"
            assert b"tries again by itself" in response.body

    run(test)


def test_renewed_processes_take_over_and_old_ones_go_when_their_visitors_have_gone(tmp_path):
    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            old = {one.pid for one in visitors.processes.ready}
            _, cookie = await visitors.named()
            page, _ = await visitors.connect(cookie)
            renewed = asyncio.ensure_future(visitors.processes.renew())
            assert await page.read_message() is None and page.close_code == 1012
            # One is new, one will be: who has to move goes where nobody moves again.
            assert len({(await visitors.named())[0] for _ in range(3)} - {"3", "4"}) == 0
            await renewed
            assert (await visitors.named(cookie))[0] in ("3", "4")
            assert {one.name for one in visitors.processes.ready} == {"3", "4"}
            await until(lambda: not any(alive(pid) for pid in old))
            assert {one.name for one in visitors.processes.ready} == {"3", "4"}
            assert visitors.processes.restarts == 0, "who was to end is not started again"

    run(test)


def test_a_renewal_that_fails_changes_nothing(tmp_path):
    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            visitors.processes._command = [*STUB, "--mode", "dies"]
            await visitors.processes.renew()
            assert {one.name for one in visitors.processes.ready} == {"1", "2"}
            visitors.processes._command = STUB
            await asyncio.sleep(0.1)
            await visitors.processes.renew()
            assert {one.name for one in visitors.processes.ready} == {"4", "5"}, "there are as many as before"
            assert visitors.processes.restarts == 0

    run(test)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_start_that_fails_is_told_and_not_repeated(tmp_path):
    async def test() -> None:
        async with served(tmp_path, mode="dies") as visitors:
            assert await visitors.processes.failed == 7
            assert (await visitors.get()).code == 503
            health = await visitors.get("/health")
            assert health.code == 503 and json.loads(health.body)["ready"] is False
            assert (await visitors.get("/health/live")).code == 200

    run(test)


def test_one_that_does_not_answer_is_killed_and_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "SILENT", 0.5)
    monkeypatch.setattr(kept, "SLOW_LOOK", 0.05)
    monkeypatch.setattr(kept, "ANSWER", 0.2)

    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            frozen = visitors.processes.ready[0]
            os.kill(frozen.pid, signal.SIGSTOP)
            await until(lambda: not alive(frozen.pid))
            await until(lambda: visitors.processes.find("3"))
            assert frozen.name not in {one.name for one in visitors.processes.ready}

    run(test)


def test_one_that_does_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "GRACE", 0.2)
    pids: list[int] = []

    async def test() -> None:
        async with served(tmp_path, mode="stubborn") as visitors:
            await both_ready(visitors)
            pids.extend(one.pid for one in visitors.processes.ready)

    run(test)
    assert not any(map(alive, pids))


def test_health_and_metrics_are_those_of_all(tmp_path):
    async def test() -> None:
        async with served(tmp_path, admin="w" * 12) as visitors:
            await both_ready(visitors)
            health = await visitors.get("/health")
            assert json.loads(health.body) == {"live": True, "ready": True, "processes": 2}
            assert (await visitors.get("/health", method="HEAD")).code == 200
            lines = (await visitors.get("/metrics")).body.decode().splitlines()
            assert lines.count("# TYPE a_b gauge") == 1
            assert 'a_b{pool="x",process="1"} 1' in lines and 'a_b{pool="x",process="2"} 2' in lines
            assert 'a_b_count{process="1"} 2' in lines and "spark_processes 2" in lines
            # What a proxy passes on comes from anywhere; the word opens it all the same.
            far = {"X-Forwarded-For": "127.0.0.1"}
            assert (await visitors.get("/metrics", headers=far)).code == 403
            opened = await visitors.get("/metrics", headers=far | {"Authorization": f"Bearer {'w' * 12}"})
            assert opened.code == 200
            inner = far | {"Authorization": f"Bearer {WORD}"}
            assert (await visitors.get("/metrics", headers=inner)).code == 403, "that word is the processes' own"

    run(test)


@pytest.mark.parametrize(
    ("address", "headers", "word", "may"),
    [
        ("127.0.0.1", {}, "", True),
        ("::1", {}, "", True),
        ("192.168.0.9", {}, "", False),
        ("0.0.0.0", {}, "", False),  # over a socket of the file system
        ("127.0.0.1", {"Forwarded": "for=1.2.3.4"}, "", False),
        ("192.168.0.9", {"Authorization": "Bearer "}, "", False),
        ("192.168.0.9", {"Authorization": "Bearer the-word"}, "the-word", True),
        ("192.168.0.9", {"Authorization": "Bearer thé-word"}, "the-word", False),
    ],
)
def test_who_may_read_metrics(address, headers, word, may):
    request: Any = SimpleNamespace(remote_ip=address, headers=headers)
    assert admitted(request, word) is may


def test_the_sum_of_nothing_is_still_a_text():
    assert "spark_processes 0" in summed({}, 3) and "spark_restarts_total 3" in summed({}, 3)


PARENT = """
    import asyncio, os, sys
    from pathlib import Path
    from app.server.processes import Processes

    async def main():
        processes = Processes(2, (), Path(sys.argv[1]), sys.argv[2:], dict(os.environ), "")
        await processes.start()
        while len(processes.ready) < 2:
            await asyncio.sleep(0.01)
        print(*(one.pid for one in processes.ready), flush=True)
        await asyncio.Event().wait()

    asyncio.run(main())
"""


def test_no_process_outlives_a_command_that_was_killed(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path), *STUB]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SPARK_ADMIN": WORD}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = list(map(int, parent.stdout.readline().split()))
        assert len(pids) == 2 and all(map(alive, pids))
        parent.kill()
    run(lambda: until(lambda: not any(map(alive, pids))))


def test_a_socket_of_a_process_is_for_its_user_alone(tmp_path):
    async def test() -> None:
        async with served(tmp_path) as visitors:
            await both_ready(visitors)
            path = Path(visitors.processes.path_of(visitors.processes.ready[0]))
            assert path.stat().st_mode & 0o077 == 0
            with socket.socket(socket.AF_UNIX) as one:
                one.connect(str(path))

    run(test)
