"""What a router costs each message of a WebSocket, there and back: a process that sends back what it hears.

    python -m benchmarks.hop_bare [--messages 600]

Its client is a process of its own, with a connection straight to it and one by the router, which it uses in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tornado.websocket import websocket_connect

from app.server.options import Options
from app.server.places import bound, port_of
from app.server.processes import Processes
from app.server.router import Router

from .page import ROOT, conditions

ECHO = [sys.executable, str(ROOT / "tests/app/stub_process.py")]
SIZES = (200, 20_000, 100_000)
"""Bytes: a move, a picture of one neuron, one of many."""


async def client(direct: int, routed: int, count: int) -> None:
    """Send to both ports in turn, and print a table."""
    ways = [await websocket_connect(f"ws://127.0.0.1:{port}/app/ws") for port in (direct, routed)]
    for way in ways:
        await way.read_message()  # its name
    print(
        "| bytes, there and back | direct, ms | routed, ms | difference, median of pairs |\n| --- | --- | --- | --- |"
    )
    for size in SIZES:
        data, times = os.urandom(size), ([], [])  # type: tuple[list[float], list[float]]
        for _ in range(count):
            for way, taken in zip(ways, times, strict=True):
                began = time.perf_counter()
                await way.write_message(data, binary=True)
                await way.read_message()
                taken.append(1000 * (time.perf_counter() - began))
        beside = median(b - a for a, b in zip(*times, strict=True))
        print(f"| {size:,} | {median(times[0]):.2f} | {median(times[1]):.2f} | {beside:+.2f} |")
    for way in ways:
        way.close()


async def measure(count: int) -> float:
    """Run the client; ms of the router's processor for each message and its answer."""
    options = Options(port=0, address="127.0.0.1")
    direct, routed = bound(options), bound(options)
    ports = [str(port_of(sockets)) for sockets in (direct, routed)]
    with tempfile.TemporaryDirectory() as folder:
        processes = Processes(1, direct, Path(folder), ECHO, os.environ | {"SPARK_ADMIN": "none"}, "")
        router = Router(processes, routed, port_of(routed), options, "none")
        await processes.start()
        await processes.any_ready.wait()
        worked = time.process_time()
        command = [sys.executable, "-m", "benchmarks.hop_bare", "--messages", str(count), "--client", *ports]
        await (await asyncio.create_subprocess_exec(*command, cwd=ROOT)).wait()
        worked = time.process_time() - worked
        router.stop()
        await processes.end()
        processes.failed.cancel()
    return 1000 * worked / (count * len(SIZES))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--client", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        asyncio.run(client(*given.client, given.messages))
        return
    worked = asyncio.run(measure(given.messages))
    print(f"the router's processor, each message and its answer: {worked:.2f} ms")
    print(conditions())


if __name__ == "__main__":
    main()
