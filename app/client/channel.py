"""A connection of the page's own, for what is said many times a second.

Bokeh's protocol takes three frames and a reply for each message, and prepares each for every model of the document:
with it a picture costs twenty frames, here it is two in and one out. The page opens the channel when it is told of it;
until then, and whenever it is closed, everything goes over Bokeh's connection.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Coroutine
from functools import partial
from typing import Any, ClassVar, Protocol

from tornado.web import Application
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..limits import BAD_FRAMES, CHANNEL_MESSAGE, PINGS
from .frames import BadFrame, read, whole
from .pace import UNHEARD, Faults, Pace, Unread, end
from .seam import is_welcome, loop_of, serve_beside, serve_first, sockets_of
from .turns import is_here, locked, on_loop

log = logging.getLogger(__name__)


class Receiver(Protocol):
    """What the page talks to."""

    def receive(self, message: dict[str, Any]) -> None:
        """Take a message from the page."""

    def tell_again(self) -> None:
        """A connection was lost: what was told last may not have arrived."""


ELSEWHERE, TAKEN = 4404, 4409
"""Codes with which it is closed: another process has the session, or another page of it is newer (the page begins anew:
`picture/channel.js`)."""


LOGGED = 20
"""Refused frames of a page that the log tells of."""


class Channel:
    """The server's end of one page's connection.

    Args:
        doc: the session's document; receivers are called under its lock.
    """

    open_to: ClassVar[dict[str, Channel]] = {}
    """Channels by the key with which a page opens them."""

    def __init__(self, doc: Any) -> None:
        self._doc, self._loop = doc, loop_of(doc)
        self._receivers: dict[str, Receiver] = {}
        self._socket: _Socket | None = None
        self._key: str | None = None
        self._tasks: set[asyncio.Future[None]] = set()
        self.refused = 0
        """How many frames were refused."""
        self.heard = 0
        """The number of the last move that came, of those that the page counts."""

    def connect(self, address: str, receiver: Receiver) -> None:
        """Let what the page says to `address` come to this receiver."""
        self._receivers[address] = receiver

    def invite(self) -> str | None:
        """A key for the page; None where the server has no connection of Bokeh's to learn from."""
        sockets = sockets_of(self._doc)
        if self._loop is None or not sockets:
            return None
        for socket in sockets:
            on_loop(self._loop, _prepare, socket)
        if self._key is None:
            self._key = secrets.token_urlsafe(24)
            self.open_to[self._key] = self
        return self._key

    def send(self, head: dict[str, Any], data: bytes = b"") -> bool:
        """Send if the channel is open: the head as JSON, and bytes; from any thread."""
        socket = self._socket
        if self._loop is None or socket is None:
            return False
        text = json.dumps(head).encode()
        text += b" " * (-(len(text) + 4) % 8)  # arrays in the data begin at multiples of eight bytes
        message = len(text).to_bytes(4, "little") + text + data
        if is_here(self._loop):
            return self._write(socket, message)
        on_loop(self._loop, self._write, socket, message)
        return True  # if it is lost all the same, everything is told again

    def _write(self, socket: _Socket, message: bytes) -> bool:
        try:
            if socket.unread.too_much:
                end(socket, UNHEARD, "nothing is read")
            written = socket.write_message(message, binary=True)
            socket.unread.add(len(message))
            written.add_done_callback(partial(_written, socket))
        except WebSocketClosedError:
            self._leave(socket)
            return False
        return True

    def close(self) -> None:
        """The visit has ended."""
        if self._key is not None:
            self.open_to.pop(self._key, None)
        if self._loop is not None and self._socket is not None:
            on_loop(self._loop, self._socket.close)
        self._receivers.clear()

    def _enter(self, socket: _Socket) -> None:
        before, self._socket = self._socket, socket
        if before is not None:  # the page has noticed before this server did
            before.close(TAKEN, "another page has it")
            self._do(locked(self._doc, self._lost))

    def _leave(self, socket: _Socket) -> None:
        if self._socket is socket:
            self._socket = None
            self._do(locked(self._doc, self._lost))

    def _lost(self) -> None:
        for receiver in list(self._receivers.values()):
            receiver.tell_again()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Future[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("message from the page failed", exc_info=task.exception())

    async def receive(self, text: str | bytes) -> bool:
        """Take a message from the page; whether it was understood."""
        try:
            address, said = read(text)
        except BadFrame as error:
            self.refuse(error)
            return False
        done = False

        def deliver() -> None:
            nonlocal done
            done = self.deliver(address, said)

        await locked(self._doc, deliver)
        return done

    def deliver(self, address: str, said: dict[str, Any]) -> bool:
        """Hand what the page says to the receiver at this address; whether it was understood."""
        receiver = self._receivers.get(address)
        if receiver is None:
            return True  # of a part of the page that has gone
        try:
            move = whole(said, "move") if "move" in said else 0
            receiver.receive(said)
        except BadFrame as error:
            self.refuse(error)
            return False
        self.heard = max(self.heard, move)
        return True

    def refuse(self, error: BadFrame) -> None:
        """Something was said that no page of ours says: the log has the first ones."""
        self.refused += 1
        if self.refused <= LOGGED:
            log.warning("refused: %s", error)


class _Socket(WebSocketHandler):
    """Tornado's end: finds the channel by its key."""

    _channel: Channel | None = None

    def initialize(self) -> None:
        self.unread, self._pace = Unread(), Pace()
        self._bad, self._pings = Faults(BAD_FRAMES, "not understood"), Faults(PINGS, "too many pings")

    def check_origin(self, origin: str) -> bool:
        return is_welcome(self, origin)

    @property
    def max_message_size(self) -> int:
        return CHANNEL_MESSAGE

    def open(self) -> None:
        self._channel = Channel.open_to.get(self.get_query_argument("key", ""))
        if self._channel is None:  # another process of this server has the session: the page tries again
            self.close(ELSEWHERE, "no such session here")
            return
        self.set_nodelay(True)
        self._channel._enter(self)
        self.write_message("open")

    async def on_message(self, message: str | bytes) -> None:
        if self._channel is None or await self._pace.through(self._channel.receive(message)):
            return
        if self._bad.note(self):
            log.warning("A page said %d things that were not understood: its connection is closed.", BAD_FRAMES)

    def on_ping(self, data: bytes) -> None:
        self._pings.note(self)

    def on_close(self) -> None:
        if self._channel is not None:
            self._channel._leave(self)


def _written(socket: _Socket, written: asyncio.Future[None]) -> None:
    socket.unread.read()
    written.exception()  # a page that has gone is no error


def answer_at(server: Application, path: str) -> None:
    """Let pages open their channels here from the first visitor on, whichever process of the server is asked."""
    serve_first(server, [(re.escape(path), _Socket)])


def _prepare(socket: WebSocketHandler) -> None:
    socket.set_nodelay(True)  # otherwise small frames wait up to 40 ms in the kernel for others to join them
    serve_beside(socket, "live", _Socket)
