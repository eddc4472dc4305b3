"""A WebSocket client that does as little as possible: it shares the processor with the server that it measures."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
NO_MASK = b"\0\0\0\0"
"""Clients must mask what they send; XOR with zeros is a mask, and costs nothing."""


def frame(kind: int, payload: bytes) -> bytes:
    """One whole message from a client."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | kind, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((0x80 | kind, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | kind, 0xFF)) + size.to_bytes(8, "big")
    return head + NO_MASK + payload


class Socket(asyncio.Protocol):
    """One connection. Every whole message is handed to `receive` as bytes, be it text or binary.

    Args:
        receive: called with each message.
        lost: called once, when the connection has ended.
    """

    def __init__(self, receive: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self._receive, self._lost = receive, lost
        self._transport: Any = None
        self._unread = bytearray()
        self._fragments: list[bytes] = []
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        path: str,
        protocols: list[str],
        receive: Callable[[bytes], None],
        lost: Any,
        cookie: str = "",
    ) -> Socket:
        """Open a connection that speaks one of these subprotocols."""
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(receive, lost), host, port)
        head = {
            "Host": f"{host}:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            "Origin": f"http://{host}:{port}",
        }
        if cookie:
            head["Cookie"] = cookie
        if protocols:
            head["Sec-WebSocket-Protocol"] = ", ".join(protocols)
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        socket._transport.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        await socket._open
        return socket

    def send(self, *texts: bytes) -> None:
        """Send each as a text message, all in one go."""
        self._transport.write(b"".join(frame(TEXT, text) for text in texts))

    async def close(self) -> None:
        """Say goodbye, as a page that is left does."""
        if not self._closed.done():
            self._transport.write(frame(CLOSE, (1001).to_bytes(2, "big")))
            await asyncio.wait([self._closed], timeout=5)
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if not self._open.done():
            self._open.set_exception(error or ConnectionError("the server refused the connection"))
        if not self._closed.done():
            self._closed.set_result(None)
            self._lost()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if not self._open.done():
            self._handshake()
        if self._open.done():
            self._frames()

    def _handshake(self) -> None:
        end = self._unread.find(b"\r\n\r\n")
        if end < 0:
            return
        status = bytes(self._unread[: self._unread.find(b"\r\n")])
        del self._unread[: end + 4]
        if b" 101 " in status + b" ":
            self._open.set_result(None)
        else:
            self._open.set_exception(ConnectionError(status.decode()))
            self._transport.close()

    def _frames(self) -> None:
        unread, at = self._unread, 0
        while len(unread) - at >= 2:
            first, size, start = unread[at], unread[at + 1] & 0x7F, at + 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                if len(unread) < start + wide:
                    break
                size, start = int.from_bytes(unread[start : start + wide], "big"), start + wide
            if len(unread) < start + size:
                break
            at = start + size
            self._frame(first & 0x0F, bool(first & 0x80), bytes(unread[start:at]))
        del unread[:at]

    def _frame(self, kind: int, last: bool, payload: bytes) -> None:
        if kind == PING:
            self._transport.write(frame(PONG, payload))
        elif kind == CLOSE:
            self._transport.close()
        elif kind in (CONTINUATION, TEXT, BINARY):
            self._fragments.append(payload)
            if last:
                whole, self._fragments = b"".join(self._fragments), []
                self._receive(whole)
