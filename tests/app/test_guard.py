"""What stands before the server's own handlers, on a small server of tornado's with Bokeh's ways."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler, authenticated
from tornado.websocket import WebSocketHandler, websocket_connect

from app import limits
from app.server import guard
from app.server.handlers import Connection, Page
from app.server.headers import embedders, policy


class Plain(RequestHandler):
    """A page."""

    def get(self) -> None:
        self.set_header("Content-Type", self.get_query_argument("type"))
        self.write("<html><script>1</script><SCRIPT src='a'></SCRIPT><scripted>ä")

    def post(self) -> None:
        self.write(str(len(self.request.body)))


class Locked(RequestHandler):
    """A page whose visitors log in first, as Bokeh's is."""

    application_context = SimpleNamespace(url="/app", sessions=())

    def get_login_url(self) -> str:
        return "/login"

    @authenticated
    async def get(self) -> None:
        """For nobody."""


class Answering(WebSocketHandler):
    """A connection that answers as it is told to, by the ways of Bokeh's."""

    def initialize(self, **given: Any) -> None:
        """Bokeh gives it more."""

    async def on_message(self, message: str | bytes) -> None:
        await self.send_message(SimpleNamespace(msgtype=message))

    async def send_message(self, message: Any) -> None:
        for _ in range(16 if message.msgtype == "LARGE" else 1):
            await self.write_message("x" * (1 << 20) if message.msgtype == "LARGE" else message.msgtype, locked=False)

    async def write_message(self, message: Any, binary: bool = False, locked: bool = True) -> None:  # type: ignore[override]
        await WebSocketHandler.write_message(self, message, binary)


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The address of a guarded server."""
    talk = type("Talk", (Connection, Answering), {})
    page = type("Guarded", (Page, Locked), {})
    server = Application([("/", Plain), ("/ws", talk), ("/app", page)], websocket_max_message_size=20 << 20)
    guard.bound(server)
    listening, port = bind_unused_port()
    http = HTTPServer(server)
    http.add_socket(listening)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        http.stop()
        await http.close_all_connections()


@contextlib.asynccontextmanager
async def connected(at: str) -> AsyncIterator[Any]:
    """The page's end of a connection; neither end is left open."""
    page: Any = await websocket_connect(f"ws://{at}/ws", max_message_size=limits.MESSAGE)
    stream = page.protocol.stream
    yield page
    page.close()
    while not stream.closed():
        await asyncio.sleep(0.01)


def run(test: Any) -> None:
    async def whole() -> None:
        async with served() as at:
            await asyncio.wait_for(test(at), 30)

    asyncio.run(whole())


def test_a_page_is_whole_when_its_scripts_are_marked() -> None:
    async def test(at: str) -> None:
        answer = await AsyncHTTPClient().fetch(f"http://{at}/?type=text/html")
        policy = answer.headers["Content-Security-Policy"]
        mark = policy.split("'nonce-")[1].split("'")[0]
        body = answer.body.decode()
        assert body == f'<html><script nonce="{mark}">1</script><script nonce="{mark}" src=\'a\'></SCRIPT><scripted>ä'
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        other = await AsyncHTTPClient().fetch(f"http://{at}/?type=text/plain")
        assert "<script>" in other.body.decode() and "Content-Security-Policy" not in other.headers

    run(test)


def test_a_body_is_read_up_to_its_bound() -> None:
    async def test(at: str) -> None:
        client = AsyncHTTPClient()
        fits = await client.fetch(f"http://{at}/", method="POST", body=b"x" * limits.BODY)
        assert int(fits.body) == limits.BODY
        more = await client.fetch(f"http://{at}/", method="POST", body=b"x" * (limits.BODY + 1), raise_error=False)
        assert more.code in (400, 599)

    run(test)


async def closed(page: Any) -> int:
    while await page.read_message() is not None:
        pass
    return int(page.close_code or 0)


def test_a_connection_that_fails_again_and_again_is_closed() -> None:
    async def test(at: str) -> None:
        async with connected(at) as page:
            for _ in range(limits.BAD_FRAMES - 1):
                await page.write_message("ERROR")
                assert await page.read_message() == "ERROR"
            await page.write_message("OK")
            assert await page.read_message() == "OK"
            await page.write_message("ERROR")
            assert await closed(page) == 4400

    run(test)


def test_a_connection_takes_messages_up_to_its_bound() -> None:
    async def test(at: str) -> None:
        async with connected(at) as page:
            await page.write_message("y" * limits.MESSAGE)
            assert await page.read_message() == "y" * limits.MESSAGE
            await page.write_message("y" * (limits.MESSAGE + 1))
            await closed(page)

    run(test)


def test_pings_are_answered_but_not_for_ever() -> None:
    async def test(at: str) -> None:
        async with connected(at) as page:
            for _ in range(limits.PINGS):
                page.ping()
            assert await closed(page) == 4400

    run(test)


def test_whoever_may_embed_the_page_is_an_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_EMBED", "https://a.example, http://localhost:8080")
    assert embedders() == ("https://a.example", "http://localhost:8080")
    for wrong in ("*", "a.example", "https://", "https://a.example/", "https://a.example;script-src", "javascript:x"):
        monkeypatch.setenv("SPARK_EMBED", wrong)
        with pytest.raises(ValueError, match="must hold origins such as"):
            embedders()


def test_the_policy_has_one_word_for_each_thing() -> None:
    words = policy("mark", ("https://a.example",)).split("; ")
    names = [word.split()[0] for word in words]
    assert len(set(names)) == len(names) and names[0] == "default-src"


def test_who_has_to_log_in_first_is_led_there_and_costs_no_place(caplog: pytest.LogCaptureFixture) -> None:
    async def test(at: str) -> None:
        for _ in range(3):
            answer = await AsyncHTTPClient().fetch(f"http://{at}/app", follow_redirects=False, raise_error=False)
            assert answer.code == 302 and answer.headers["Location"].startswith("/login")

    run(test)
    assert not caplog.records
