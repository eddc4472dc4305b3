"""What it costs a picture that its visitor is passed on to one of several processes.

    python -m benchmarks.hop [--moves 300]

Three servers at a time, with one visitor each: `panel serve app`, `python -m app` with one process, and with two, where
a router stands between. Moves are made in turn, so that whatever else the machine does is in all of them. On a
machine that is busy each process on its way waits for its turn: `benchmarks.hop_bare` measures the hop alone.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from statistics import median

import numpy as np

from .crowd_page import Visitor
from .crowd_visit import values
from .page import conditions
from .serve import Server

KINDS = {
    "panel serve": ("panel", ()),
    "one process": ("app", ()),
    "two processes": ("app", ("--processes", "2")),
}


async def measure(servers: dict[str, Server], count: int) -> dict[str, list[float]]:
    """ms from a move until its picture has come, of each server: moves are made in turn."""
    visitors = {}
    for name, server in servers.items():
        server.wait_until_idle()
        visitors[name] = Visitor(server.url)
        await visitors[name].open()
    await asyncio.sleep(5)
    amplitudes = values()
    found: dict[str, list[float]] = {name: [] for name in servers}
    for turn in range(count + 20):
        for name, visitor in visitors.items():
            visitor.forget()
            visitor.move(next(amplitudes), final=True)
            end = time.perf_counter() + 20
            while not visitor.answered and time.perf_counter() < end:
                await asyncio.sleep(0)
            (move,) = visitor.moves
            if turn >= 20 and move.arrived is not None:
                found[name].append(1000 * (move.arrived - move.sent))
    for visitor in visitors.values():
        await visitor.close()
    return found


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=300)
    count = parser.parse_args().moves
    servers = {name: Server("app", *more, program=program) for name, (program, more) in KINDS.items()}
    entered = []
    try:
        for server in servers.values():
            entered.append(server.__enter__())
        found = asyncio.run(measure(servers, count))
    finally:
        for server in entered:
            server.__exit__(None, None, None)
    direct = found["one process"]
    print(f"| {count} moves, ms | p50 | p95 | beside one process, median of pairs |\n| --- | --- | --- | --- |")
    for name, times in found.items():
        beside = median(a - b for a, b in zip(times, direct, strict=True))
        print(f"| {name} | {median(times):.2f} | {np.percentile(times, 95):.2f} | {beside:+.2f} |")
    print(conditions())


if __name__ == "__main__":
    main()
