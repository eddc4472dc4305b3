"""What one client does to everybody else, hostile or only greedy: the others' p95 with it and without, in one run.

    python -m benchmarks.hostile [--seconds 4] [--kinds "messages;eight noises"] [--others 5] [--count 2]

Each kind is a process of its own on this machine, against a server of this run on loopback; it ends after its seconds,
after so many bytes, or after so many connections, whichever comes first. What it takes of the processor itself is in
the figures too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from app.keep import link
from app.session.session import Session
from spark.stimuli import PoissonSynapses

from .crowd_page import ROW, Visitor, models
from .crowd_server import Server
from .crowd_socket import PING, TEXT, frame
from .crowd_visit import Crowd, values
from .page import ROOT

OTHERS, SECONDS = 5, 4.0
BYTES, CONNECTIONS = 400_000_000, 2_000
"""The most that one hostile client sends and opens."""
AHEAD = 1 << 20
"""Bytes that it has on their way."""
TAU = "config.potential_tau"
KEYS = (TAU, "run.units", "run.duration")
"""Rows that a large run moves."""
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
    rows: ClassVar[dict[str, str]] = {}
    """Addresses of components by a row that they have."""

    def _look(self, document: dict[str, Any]) -> None:
        super()._look(document)
        for model in models(document):
            if model["attributes"].get("class_name") == "Rows":
                data, text = model["attributes"]["data"]["attributes"], json.dumps(model["attributes"]["data"])
                self.rows.update({key: data["address"] for key in KEYS if f'"{key}"' in text})

    @property
    def over(self) -> bool:
        """Whether it has had its time, its bytes and its connections."""
        return time.perf_counter() > self.end or self.sent > BYTES or self.opened > CONNECTIONS

    def announce(self) -> None:
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
                self.announce()
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
        self.announce()
        while not self.over:
            pass

    async def visit(self) -> None:
        """Opens a page, and is honest: what a visitor more makes of it."""
        await self.open()
        self.announce()
        while not self.over:
            await asyncio.sleep(0.1)
        await self.close()

    async def deaf(self) -> None:
        """Moves and says that it has painted, and reads nothing of what it is sent."""
        await self.open()
        self.announce()
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

    async def drags(self, **run: float) -> None:
        """Has a large run, which ordinary controls allow, and moves a slider of it five times a second."""
        await self.open()
        self.announce()
        channel = self._channel
        assert channel is not None

        def set_(key: str, value: float) -> None:
            for generation in range(4):  # rows that were built anew by a link count on
                said = {"type": "set", "generation": generation, "values": {key: value}, "final": False}
                channel.send(json.dumps({"to": self.rows[key], "data": said}).encode())

        for name, value in run.items():
            set_(f"run.{name}", value)
        for number in itertools.count():
            if self.over or channel._transport.is_closing():
                break
            set_(TAU, 10 + 0.01 * (number % 50))
            await asyncio.sleep(0.2)

    async def opens(self) -> None:
        """Opens pages and leaves them, one after the other."""
        while not self.over:
            self.opened += 1
            with contextlib.suppress(HTTPClientError, ConnectionError, RuntimeError, TimeoutError, OSError):
                own = Visitor(self.url)
                await own.open()
                self.announce()
                await own.close()

    async def knock(self, path: str) -> None:
        """Asks for the same again and again, ten at a time."""
        client = AsyncHTTPClient(max_clients=10)
        at = urlsplit(self.url)
        self.announce()

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


def noisy() -> str:
    """Eight noisy currents into a thousand neurons for a second, as a link: ten million steps x neurons."""
    session = Session()
    session.choose_stimulus(PoissonSynapses)
    for _ in range(7):
        session.add_stimulus(PoissonSynapses)
    session.set({"run.units": 1000})
    return link.write(session)


async def drags_noise(one: Hostile) -> None:
    """The same with eight noisy currents."""
    one.begin = {"link": noisy()}
    await one.drags()


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
    "1,000 neurons": lambda one: one.drags(units=1000),
    "100 s": lambda one: one.drags(duration=100_000),
    "eight noises": drags_noise,
    "openings": Hostile.opens,
    "files": lambda one: one.knock("/static/js/bokeh.min.js"),
}
"""What it does."""


async def attack(kind: str, url: str, seconds: float) -> None:
    """Be that client for so long."""
    one = Hostile(url)
    one.seconds = seconds
    with contextlib.suppress(HTTPClientError, TimeoutError):
        await KINDS[kind](one)


async def beside(crowd: Crowd, url: str, seconds: float, kind: str, clients: int) -> dict[str, Any]:
    """The crowd's figures, beside so many such clients."""
    words = [sys.executable, "-m", "benchmarks.hostile", "--attack", kind, url, str(seconds + 1)]
    how: dict[str, Any] = {"cwd": ROOT, "env": os.environ | {"PYTHONPATH": str(ROOT)}}
    processes = [
        await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, **how) for _ in range(clients)
    ]
    for process in processes:  # they are there
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), 60)
    found = await crowd.move(seconds)
    for process in processes:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 20)
        if process.returncode is None:
            process.kill()
    return found


async def measured(server: Server, count: int, seconds: float, kinds: list[str], clients: int) -> None:
    """A line for each kind: before, beside it, after."""
    crowd = Crowd(server, values())
    await crowd.grow(count)
    await crowd.move(seconds)
    print(f"{count} others, 5 moves/s each, {seconds:g} s: p50 and p95 in ms, connections lost, MB of the server")
    for kind in kinds:
        before, memory = await crowd.move(seconds), server.memory()
        during = await beside(crowd, server.url, seconds, kind, clients)
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
    parser.add_argument("--count", type=int, default=1, help="how many such clients at once")
    parser.add_argument("--kinds", default=";".join(KINDS))
    parser.add_argument("--attack", nargs=3, metavar=("KIND", "URL", "SECONDS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        kind, url, seconds = options.attack
        asyncio.run(attack(kind, url, float(seconds)))
        return
    with Server(1) as server:
        server.settle()
        asyncio.run(measured(server, options.others, options.seconds, options.kinds.split(";"), options.count))


if __name__ == "__main__":
    main()
