"""What a hostile client does to everybody else: the others' p95 with it and without, kind by kind, in one run.

    python -m benchmarks.hostile [--seconds 4] [--kinds messages,nonsense] [--others 5]

Each kind is a process of its own on this machine, against a server of this run on loopback; it ends after its seconds,
after so many bytes, or after so many connections, whichever comes first. What it takes of the processor itself is in
the figures too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from .crowd_page import ROW, Visitor
from .crowd_server import Server
from .crowd_socket import PING, TEXT, frame
from .crowd_visit import Crowd, values
from .page import ROOT

OTHERS, SECONDS = 5, 4.0
BYTES, CONNECTIONS = 400_000_000, 2_000
"""The most that one hostile client sends and opens."""
AHEAD = 1 << 20
"""Bytes that it has on their way."""
PAUSE = 0.002
"""Seconds that it waits while those are under way, or where it was not let in."""


class Hostile(Visitor):
    """Opens a page as anybody does, and then behaves otherwise.

    Args:
        seconds: for how long, from when its first page is open.
    """

    seconds: float = 0.0
    end: float = float("inf")
    sent = opened = 0

    @property
    def over(self) -> bool:
        """Whether it has had its time, its bytes and its connections."""
        return time.perf_counter() > self.end or self.sent > BYTES or self.opened > CONNECTIONS

    def begin(self) -> None:
        """Its first page is open: what that took is nobody's fault, and is over before anything is measured."""
        if self.end == float("inf"):
            self.end = time.perf_counter() + self.seconds
            print("ready", flush=True)

    async def flood(self, data: bytes, fast: bool) -> None:
        """The same frames again and again, over the page's own connection or Bokeh's; opened anew when cut off."""
        while not self.over:
            self.opened += 1
            own = Visitor(self.url)
            with contextlib.suppress(HTTPClientError, ConnectionError, RuntimeError, TimeoutError, OSError):
                await own.open()
                self.begin()
                socket = own._channel if fast else own._socket
                assert socket is not None
                while not self.over and not own.lost and not socket._transport.is_closing():
                    if socket._transport.get_write_buffer_size() < AHEAD:
                        socket._transport.write(data)
                        self.sent += len(data)
                        await asyncio.sleep(0)
                    else:
                        await asyncio.sleep(PAUSE)
            for socket in (own._channel, own._socket):
                if socket is not None:
                    socket._transport.abort()
            await asyncio.sleep(PAUSE)

    async def stand_by(self) -> None:
        """Opens nothing, and works as hard as the others: what the machine alone makes of it."""
        self.begin()
        while not self.over:
            pass

    async def visit(self) -> None:
        """Opens a page, and is honest: what a visitor more makes of it."""
        await self.open()
        self.begin()
        while not self.over:
            await asyncio.sleep(0.1)
        await self.close()

    async def deaf(self) -> None:
        """Moves and says that it has painted, and reads nothing of what it is sent."""
        await self.open()
        self.begin()
        assert self._channel is not None
        address = self._address[self._rows]
        self._channel._transport.pause_reading()
        for number, value in enumerate(values()):
            if self.over or self._channel._transport.is_closing():
                break
            said = {"type": "set", "generation": 0, "values": {ROW: value}, "final": False}
            painted = {"type": "painted", "revision": number, "columns": 850}
            for to, data in ((address, said), (self._address[self._picture], painted)):
                self._channel.send(json.dumps({"to": to, "data": data}).encode())
            await asyncio.sleep(PAUSE)

    async def knock(self, path: str) -> None:
        """Asks for the same again and again, ten at a time."""
        client = AsyncHTTPClient(max_clients=10)
        at = urlsplit(self.url)
        self.begin()

        async def one() -> None:
            while not self.over:
                self.opened += 1
                with contextlib.suppress(HTTPClientError, OSError):
                    await client.fetch(f"{at.scheme}://{at.netloc}{path}", request_timeout=20)

        await asyncio.gather(*(one() for _ in range(10)))


def said(**data: Any) -> bytes:
    """A frame for the page's own connection."""
    return frame(TEXT, json.dumps({"to": "nobody", "data": data}).encode())


def patch(text: str) -> bytes:
    """A message of Bokeh's protocol, three frames."""
    parts = (b'{"msgid": "1", "msgtype": "PATCH-DOC"}', b"{}", json.dumps({"events": [text]}).encode())
    return b"".join(frame(TEXT, part) for part in parts)


KINDS: dict[str, Callable[[Hostile], Awaitable[None]]] = {
    "bystander": Hostile.stand_by,
    "guest": Hostile.visit,
    "messages": lambda one: one.flood(100 * said(type="set"), fast=True),
    "nonsense": lambda one: one.flood(100 * frame(TEXT, b"{"), fast=True),
    "pings": lambda one: one.flood(100 * frame(PING, b""), fast=True),
    "large": lambda one: one.flood(frame(TEXT, b" " * 15_000_000), fast=True),
    "patches": lambda one: one.flood(20 * patch("what"), fast=False),
    "large patches": lambda one: one.flood(patch("x" * 15_000_000), fast=False),
    "deaf": Hostile.deaf,
    "pages": lambda one: one.knock(urlsplit(one.url).path),
    "files": lambda one: one.knock("/static/js/bokeh.min.js"),
}
"""What it does."""


async def attack(kind: str, url: str, seconds: float) -> None:
    """Be that client for so long."""
    one = Hostile(url)
    one.seconds = seconds
    with contextlib.suppress(HTTPClientError, TimeoutError):
        await KINDS[kind](one)


async def beside(crowd: Crowd, url: str, seconds: float, kind: str) -> dict[str, Any]:
    """The crowd's figures, beside such a client."""
    words = [sys.executable, "-m", "benchmarks.hostile", "--attack", kind, url, str(seconds + 1)]
    path = os.environ | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=path, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)
    try:
        return await crowd.move(seconds)
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 20)
        if process.returncode is None:
            process.kill()


async def measured(server: Server, count: int, seconds: float, kinds: list[str]) -> None:
    """A line for each kind: before, beside it, after."""
    crowd = Crowd(server, values())
    await crowd.grow(count)
    await crowd.move(seconds)
    print(f"{count} others, 5 moves/s each, {seconds:g} s: p50 and p95 in ms, connections lost, MB of the server")
    for kind in kinds:
        before, memory = await crowd.move(seconds), server.memory()
        during = await beside(crowd, server.url, seconds, kind)
        peak = server.memory()
        after = await crowd.move(seconds)
        calm = (before["ms"]["p95"] + after["ms"]["p95"]) / 2
        ms = during["ms"] or {"p50": float("nan"), "p95": float("nan")}
        print(
            f"{kind:14} p50 {before['ms']['p50']:6} -> {ms['p50']:6}   p95 {calm:7.1f} -> {ms['p95']:7} "
            f"({100 * (ms['p95'] / calm - 1):+.0f} %)   lost {during['lost']}   memory {memory:.0f} -> {peak:.0f}",
            flush=True,
        )
    await crowd.leave()


def main() -> None:
    """Measure and print, or be the client."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--others", type=int, default=OTHERS)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--attack", nargs=3, metavar=("KIND", "URL", "SECONDS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        kind, url, seconds = options.attack
        asyncio.run(attack(kind, url, float(seconds)))
        return
    with Server(1) as server:
        server.settle()
        asyncio.run(measured(server, options.others, options.seconds, options.kinds.split(",")))


if __name__ == "__main__":
    main()
