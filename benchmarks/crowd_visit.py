"""Many visitors at once: they open the page, move a slider at a fixed rate, and leave."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .crowd_page import Opening, Visitor
from .crowd_server import CHECK, LIFETIME, Server, machine_worked

RATE = 5.0
"""Moves per second of each visitor."""
LOWEST, HIGHEST = 250.0, 1250.0
"""pA; the default neuron fires from 300 pA on."""
DRAIN = 5.0
"""Seconds after the last move in which it may be answered."""
REST = (LIFETIME + CHECK) / 1000 + 12
"""Seconds until the server has let go of sessions that were closed; Panel collects garbage 5 s or more after that."""
GOLDEN = 0.6180339887498949


def values() -> Iterator[float]:
    """Amplitudes of which none comes twice, so that no result can be shared or kept."""
    for i in itertools.count(1):
        yield float(np.float32(LOWEST + (HIGHEST - LOWEST) * (i * GOLDEN % 1)))


@dataclass
class Meters:
    """Clocks: time, and processor time of the server, of this process, and of all programs on the machine, s."""

    wall: float
    server: float
    client: float
    machine: float

    @classmethod
    def read(cls, server: Server) -> Meters:
        """What they show now."""
        return cls(time.perf_counter(), server.worked(), time.process_time(), machine_worked())

    def since(self, before: Meters) -> Meters:
        """What has passed."""
        return Meters(
            *(getattr(self, name) - getattr(before, name) for name in ("wall", "server", "client", "machine"))
        )


class Crowd:
    """Visitors of one server."""

    def __init__(self, server: Server, amplitudes: Iterator[float]) -> None:
        self._server, self._amplitudes = server, amplitudes
        self.visitors: list[Visitor] = []
        self.openings: list[Opening] = []

    async def grow(self, count: int) -> None:
        """Open pages, one after the other, until there are so many."""
        while len(self.visitors) < count:
            visitor = Visitor(self._server.url)
            self.visitors.append(visitor)
            self.openings.append(await visitor.open())

    async def move(self, seconds: float) -> dict[str, Any]:
        """Everybody moves the slider for so long; what came of it."""
        for visitor in self.visitors:
            visitor.forget()
        begun = Meters.read(self._server)
        chance = random.Random(len(self.visitors))
        await asyncio.gather(*(self._drag(visitor, seconds, chance.random() / RATE) for visitor in self.visitors))
        end = time.perf_counter() + DRAIN
        while time.perf_counter() < end and not all(visitor.answered for visitor in self.visitors):
            await asyncio.sleep(0.02)
        return self._figures(Meters.read(self._server).since(begun))

    async def leave(self) -> float:
        """All close their pages; waits until the server has cleared up, and gives the processor time of that, s."""
        before = self._server.worked()
        await asyncio.gather(*(visitor.close() for visitor in self.visitors))
        self.visitors = []
        await asyncio.sleep(REST)
        self._server.settle()
        return self._server.worked() - before

    async def _drag(self, visitor: Visitor, seconds: float, phase: float) -> None:
        """Moves at fixed times, whether or not those before were answered; then the slider is let go."""
        begin, count = time.perf_counter() + phase, max(1, round(seconds * RATE))
        for i in range(count):
            await asyncio.sleep(begin + i / RATE - time.perf_counter())
            visitor.move(next(self._amplitudes), final=i == count - 1)

    def _figures(self, passed: Meters) -> dict[str, Any]:
        moves = [move for visitor in self.visitors for move in visitor.moves]
        times = [1000 * (move.arrived - move.sent) for move in moves if move.arrived is not None]
        traffic = [visitor.traffic for visitor in self.visitors]
        return {
            "sessions": len(self.visitors),
            "moves": len(moves),
            "ms": {name: round(float(np.percentile(times, q)), 1) for name, q in QUANTILES.items()} if times else None,
            "own_share": round(sum(move.own for move in moves) / len(moves), 4),
            "answered_share": round(len(times) / len(moves), 4),
            "last_answered": sum(visitor.answered for visitor in self.visitors),
            "lost": sum(visitor.lost for visitor in self.visitors),
            "server_ms_per_move": round(1000 * passed.server / len(moves), 2),
            "server_cores": round(passed.server / passed.wall, 2),
            "client_ms_per_move": round(1000 * passed.client / len(moves), 2),
            "client_cores": round(passed.client / passed.wall, 2),
            "others_cores": round(max(0.0, passed.machine - passed.server - passed.client) / passed.wall, 2),
            "kB_per_picture": round(sum(t.bytes for t in traffic) / max(1, sum(t.pictures for t in traffic)) / 1000, 1),
        }


QUANTILES = {"p50": 50, "p95": 95, "worst": 100}
