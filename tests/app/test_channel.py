"""Bokeh 3.10 calls back in worker threads: what is said there reaches the page too, by the event loop's thread."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketClosedError, websocket_connect

from app import limits
from app.client.channel import Channel, _Socket
from app.client.pace import HEARD
from app.client.turns import Turns
from tests.app.server import in_session

Said = list[tuple[dict[str, Any], bytes]]


class Everybody(Application):
    """May open a connection, as with Bokeh's server where it is told so."""

    websocket_origins = frozenset({"*"})


class Receiver:
    """Counts how often it must tell everything again."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.again = asyncio.Event()

    def receive(self, message: dict[str, Any]) -> None:
        self.heard.append((message, threading.current_thread()))

    def tell_again(self) -> None:
        self.again.set()


class Failing(Receiver):
    """Understands nothing."""

    def receive(self, message: dict[str, Any]) -> None:
        raise KeyError("type")


@contextlib.asynccontextmanager
async def opened(channel: Channel) -> AsyncIterator[Any]:
    """The page's end of this channel, over a real socket: tornado's `WebSocketClientConnection`."""
    listening, port = bind_unused_port()
    server = HTTPServer(Everybody([("/live", _Socket)]))
    server.add_socket(listening)
    Channel.open_to["key"] = channel
    try:
        page: Any = await websocket_connect(f"ws://127.0.0.1:{port}/live?key=key")
        stream = page.protocol.stream
        assert await page.read_message() == "open"
        yield page
        page.close()
        while channel._socket is not None or not stream.closed():  # neither end is left open
            await asyncio.sleep(0.01)
    finally:
        Channel.open_to.pop("key", None)
        server.stop()
        await server.close_all_connections()


def unpacked(message: str | bytes | None) -> tuple[dict[str, Any], bytes]:
    assert isinstance(message, bytes)
    end = 4 + int.from_bytes(message[:4], "little")
    return json.loads(message[4:end]), message[end:]


def test_what_a_worker_thread_says_reaches_the_page_in_its_order() -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        async with opened(channel) as page:

            def say() -> None:
                for number in range(3):
                    assert channel.send({"number": number}, bytes([number]))

            await asyncio.to_thread(say)
            assert channel.send({"number": 3})
            told = [unpacked(await page.read_message()) for _ in range(4)]
            assert [head["number"] for head, _ in told] == [0, 1, 2, 3]
            assert [data for _, data in told] == [b"\0", b"\1", b"\2", b""]

    in_session(test)


def test_on_the_event_loop_itself_it_is_written_at_once() -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        async with opened(channel):
            socket: Any = channel._socket
            write, written = socket.write_message, []

            def note(message: bytes, binary: bool) -> Any:
                written.append(threading.current_thread())
                return write(message, binary)

            socket.write_message = note
            channel.send({})
            assert written == [threading.current_thread()]

    in_session(test)


def test_a_page_that_is_gone_when_a_worker_thread_speaks_is_told_again() -> None:
    async def test(session: Any) -> None:
        channel, receiver = Channel(session.document), Receiver()
        channel.connect("here", receiver)
        async with opened(channel) as page:
            assert channel._socket is not None
            channel._socket.ws_connection = None  # tornado's own word for it, before it has called `on_close`
            assert await asyncio.to_thread(channel.send, {})
            await receiver.again.wait()
            assert not channel.send({})
            page.protocol.stream.close()  # the server's end will not answer

    in_session(test)


def test_a_worker_thread_can_close_it() -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        async with opened(channel) as page:
            await asyncio.to_thread(channel.close)
            assert await page.read_message() is None

    in_session(test)


def test_what_the_page_says_is_heard_on_the_event_loop() -> None:
    async def test(session: Any) -> None:
        channel, receiver = Channel(session.document), Receiver()
        channel.connect("here", receiver)
        async with opened(channel) as page:
            await page.write_message(json.dumps({"to": "here", "data": {"value": 1}}))
            while not receiver.heard:
                await asyncio.sleep(0.01)
        assert receiver.heard == [({"value": 1}, threading.current_thread())]

    in_session(test)


def test_turns_that_a_worker_thread_asks_for_come_on_the_event_loop() -> None:
    async def test(session: Any) -> None:
        turns, came, both = Turns(session.document), [], asyncio.Event()

        def come() -> None:
            came.append(threading.current_thread())
            if len(came) == 2:
                both.set()

        def ask() -> None:
            turns.add_next_tick_callback(come)
            turns.add_timeout_callback(come, 1)

        await asyncio.to_thread(ask)
        await both.wait()
        assert set(came) == {threading.current_thread()}

    in_session(test)


async def closed(page: Any) -> int:
    """The code with which the server has closed it; what it said before is read and let be."""
    while await page.read_message() is not None:
        pass
    return int(page.close_code or 0)


def test_a_page_that_talks_nonsense_is_cut_off() -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        channel.connect("here", Failing())
        nonsense = ["", "{", "[]", "1", '{"to": "here"}', '{"to": 1, "data": {}}', '{"to": "here", "data": 1}']
        nonsense += ["[" * 10_000, '{"to": "here", "data": {}}']
        async with opened(channel) as page:
            for i in range(limits.BAD_FRAMES):
                await page.write_message(nonsense[i % len(nonsense)])
            assert await closed(page) == 4400

    in_session(test)


def test_what_is_for_nobody_is_no_nonsense() -> None:
    async def test(session: Any) -> None:
        channel, receiver = Channel(session.document), Receiver()
        channel.connect("here", receiver)
        async with opened(channel) as page:
            for _ in range(2 * limits.BAD_FRAMES):
                await page.write_message('{"to": "nobody", "data": {}}')
            await page.write_message('{"to": "here", "data": {}}')
            while not receiver.heard:
                await asyncio.sleep(0.01)

    in_session(test)


def test_of_a_flood_no_more_is_gone_through_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    noted = _Socket.on_ping

    def on_ping(socket: _Socket, data: bytes) -> None:
        seen.append(data)
        noted(socket, data)

    monkeypatch.setattr(_Socket, "on_ping", on_ping)

    async def test(session: Any) -> None:
        async with opened(Channel(session.document)) as page:
            for _ in range(10 * limits.PINGS):  # small frames: thousands arrive together
                page.ping()
            await closed(page)
            await asyncio.sleep(0.2)
            assert len(seen) == limits.PINGS + 1

    in_session(test)


def test_a_message_that_is_too_large_is_not_taken() -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        async with opened(channel) as page:
            await page.write_message("x" * (limits.CHANNEL_MESSAGE + 1))
            await closed(page)
            assert channel._socket is None

    in_session(test)


def test_a_page_that_does_not_read_is_cut_off() -> None:
    async def test(session: Any) -> None:
        channel, receiver, sent = Channel(session.document), Receiver(), 0
        channel.connect("here", receiver)
        async with opened(channel) as page:
            while channel.send({}, bytes(1 << 20)):  # what the kernel holds for the page is not the server's
                sent += 1
                assert sent < 40
                await asyncio.sleep(0.01)
            assert channel._socket is None
            await asyncio.sleep(HEARD + 0.2)  # it does not hear that it is over: it is hung up on
            with contextlib.suppress(WebSocketClosedError):
                await page.write_message('{"to": "here", "data": {}}')
            await asyncio.sleep(0.1)
            assert not receiver.heard
            await closed(page)

    in_session(test)


def test_a_page_that_comes_again_has_the_channel_and_the_one_before_is_told() -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        async with opened(channel) as page, opened(channel) as newer:
            assert await closed(page) == 4409
            assert channel.send({"still": "there"})
            assert unpacked(await newer.read_message())[0] == {"still": "there"}

    in_session(test)
