"""A WebSocket that is passed on as it is: bytes in both directions, no frame of which is looked at."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from tornado.iostream import IOStream, StreamClosedError
from tornado.web import RequestHandler

from .process import Process

CHUNK = 1 << 18
"""Bytes that are passed on at once: a picture has about as many."""


async def tunnel(handler: RequestHandler, process: Process, path: str, head: bytes) -> None:
    """Pass this request on, and whatever its two ends say to one another until one of them has gone.

    Args:
        handler: of the request, which has answered nothing yet.
        process: to which it goes, with a socket at `path`.
        head: the request's line and headers, as the process shall see them.
    """
    inside = IOStream(socket.socket(socket.AF_UNIX), read_chunk_size=CHUNK)
    try:
        await inside.connect(path)
        await inside.write(head)
    except (OSError, StreamClosedError):
        handler.set_status(503)
        handler.finish()
        return
    outside = handler.detach()
    outside.read_chunk_size = CHUNK
    outside.set_nodelay(True)
    process.sockets += 1
    try:
        await asyncio.gather(_pass_on(outside, inside), _pass_on(inside, outside))
    finally:
        process.sockets -= 1


async def _pass_on(source: IOStream, target: IOStream) -> None:
    with suppress(StreamClosedError):
        while True:
            await target.write(await source.read_bytes(CHUNK, partial=True))  # waits for a slow reader
    target.close()
    source.close()
