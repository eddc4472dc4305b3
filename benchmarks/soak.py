"""A term in ten minutes: visitors come and go, three are hostile, processes are killed and renewed (`docs/soak.json`).

    python -m benchmarks.soak [--minutes 10] [--users 40] [--rate 1] [--processes 2]

Each visitor moves a slider, comes back by itself when its page is lost, and keeps its own record: what it set and no
page knew afterwards is a lost move, a picture whose spikes are not those of its current is a wrong one. All of it runs
on this machine, the visitors in one process and each hostile client in its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .crowd_return import Returning, expected, few
from .crowd_server import Measured
from .page import ROOT, conditions, renew
from .serve import PATIENCE

DATA = ROOT / "docs" / "soak.json"
PAGE = ROOT / "docs" / "performance.md"
HOSTILE = ("messages", "nonsense", "deaf", "large", "openings", "pings")
"""What hostile clients do, in turn."""
CLIENTS, TURN = 3, 20.0
"""How many of them there are, and for how many seconds each does the same."""
KILLED, CHANGED = 60.0, 5.0
"""Seconds from one killed process to the next, and from one visitor who leaves to the next."""
QUANTILES = {"p50": 50, "p95": 95, "worst": 100}


class Server(Measured):
    """`python -m app`, and its processes."""

    def __init__(self, processes: int) -> None:
        super().__init__("app", "--processes", str(processes), program="app")

    def wait_until_ready(self) -> None:
        """Until all of its processes take visitors, and have hardly worked for three seconds."""
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url.rpartition('/')[0]}/health") as answer,
            ):
                if answer.status == 200:
                    return self.wait_until_idle()
            time.sleep(0.2)
        raise RuntimeError(f"{self.url} is not ready")

    def renew(self) -> None:
        """New processes take the place of the old ones."""
        self._process.send_signal(signal.SIGHUP)

    def kill_one(self, chance: random.Random) -> None:
        """One of those that serve is gone."""
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(chance.choice(self.children), signal.SIGKILL)


class Soak:
    """One run.

    Args:
        server: that is up.
        users: visitors at a time.
        rate: moves of each in a second.
        seconds: for how long.
    """

    def __init__(self, server: Server, users: int, rate: float, seconds: float) -> None:
        self._server, self._users, self._rate, self._seconds = server, users, rate, seconds
        self._chance = random.Random(18)
        self._offset = itertools.count()
        self._over = asyncio.Event()
        self._stays: dict[asyncio.Task[None], asyncio.Event] = {}
        self.everybody: list[Returning] = []
        self.failed: list[str] = []
        self.killed = self.attacks = 0
        self.idle: list[str] = []
        """Hostile clients that failed themselves: they have attacked nothing."""

    async def run(self) -> dict[str, Any]:
        """All of it; what came of it."""
        for _ in range(self._users):
            self._come()
            await asyncio.sleep(0.5)
        await asyncio.sleep(10)
        begin = self._server.memory()
        attackers = [asyncio.ensure_future(self._attack(at)) for at in range(CLIENTS)]
        worker = [asyncio.ensure_future(one) for one in (self._kill(), self._renew(), self._change())]
        await asyncio.sleep(self._seconds)
        self._over.set()
        await asyncio.gather(*attackers, *worker)
        await asyncio.sleep(10)  # who was sent away is back
        end = self._server.memory()
        for over in self._stays.values():
            over.set()
        await asyncio.gather(*self._stays, return_exceptions=True)
        return self._figures(begin, end)

    def _come(self) -> None:
        over = asyncio.Event()
        task = asyncio.ensure_future(self._stay(over))
        self._stays[task] = over
        task.add_done_callback(lambda done: self._stays.pop(done, None))

    async def _stay(self, over: asyncio.Event) -> None:
        one = Returning(self._server.url)
        self.everybody.append(one)
        try:
            await one.come()
            await one.live(few(offset=next(self._offset)), over, self._rate)
            await one.leave()
        except Exception as error:
            self.failed.append(f"{type(error).__name__}: {error}")

    async def _pause(self, seconds: float) -> bool:
        """Whether it goes on after so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
        return not self._over.is_set()

    async def _kill(self) -> None:
        while await self._pause(KILLED):
            self._server.kill_one(self._chance)
            self.killed += 1

    async def _renew(self) -> None:
        for _ in range(2):
            if await self._pause(self._seconds / 3):
                self._server.renew()

    async def _change(self) -> None:
        while await self._pause(CHANGED):
            if self._stays:
                self._chance.choice(list(self._stays.values())).set()
                self._come()

    async def _attack(self, at: int) -> None:
        kinds: Iterator[str] = itertools.islice(itertools.cycle(HOSTILE), at, None)
        while not self._over.is_set():
            kind = next(kinds)
            words = ["-m", "benchmarks.hostile", "--attack", kind, self._server.url, str(TURN)]
            process = await asyncio.create_subprocess_exec(
                sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
            )
            self.attacks += 1
            try:
                said = (await asyncio.wait_for(process.communicate(), 3 * TURN))[1].decode()
            except TimeoutError:
                process.kill()
                await process.wait()
            else:
                if process.returncode:
                    self.idle.append(f"{kind}: {said.strip().rsplit(chr(10), 1)[-1]}")

    def _figures(self, begin: float, end: float) -> dict[str, Any]:
        log = self._server.said()
        times = [1000 * one for visitor in self.everybody for one in visitor.times]
        away = [one for visitor in self.everybody for one in visitor.away]
        return {
            "users": self._users,
            "moves_per_s": self._rate,
            "seconds": self._seconds,
            "visitors": len(self.everybody),
            "returns": sum(one.returns for one in self.everybody),
            "pictures": sum(one.pictures for one in self.everybody),
            "killed": self.killed,
            "renewed": 2,
            "attacks": self.attacks,
            "attacks_failed": self.idle,
            "lost": [words for one in self.everybody for words in one.lost],
            "wrong": [words for one in self.everybody for words in one.wrong],
            "never_back": self.failed,
            "ms": _told(times, 1),
            "away_s": _told(away, 1),
            "memory_MB": {"begin": round(begin), "end": round(end)},
            "errors_in_log": len(re.findall(r"Traceback|\bERROR (?!.*tornado\.access)", log)) - self.killed,
        }


def _told(values: list[float], digits: int) -> dict[str, float]:
    return {name: round(float(np.percentile(values, q)), digits) for name, q in QUANTILES.items()} if values else {}


def rendered(document: dict[str, Any]) -> str:
    """The table."""
    run = document["run"]
    ms, away, memory = run["ms"], run["away_s"], run["memory_MB"]
    rows = [
        ("visitors at a time, in all", f"{run['users']}, {run['visitors']}"),
        ("moves per second of each", f"{run['moves_per_s']:g}"),
        (
            "processes killed, renewals of all, hostile clients of 20 s",
            f"{run['killed']}, {run['renewed']}, {run['attacks']}",
        ),
        ("pages that took the place of another", f"{run['returns']:,}"),
        ("moves lost", f"{len(run['lost'])}"),
        ("pictures, wrong ones", f"{run['pictures']:,}, {len(run['wrong'])}"),
        ("visitors who did not come back", f"{len(run['never_back'])}"),
        ("from a move to its picture (median, p95), ms", f"{ms.get('p50')}, {ms.get('p95')}"),
        (
            "from a loss to the picture of the new page (median, p95, worst), s",
            f"{away.get('p50')}, {away.get('p95')}, {away.get('worst')}",
        ),
        ("memory of all processes at the begin, at the end, MB", f"{memory['begin']:,}, {memory['end']:,}"),
        ("errors in the log, the killed processes apart", f"{run['errors_in_log']}"),
    ]
    lines = [f"| {run['seconds'] / 60:g} minutes, {document['processes']} processes | |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {name} | {value} |" for name, value in rows)])


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--to", type=Path, default=DATA)
    options = parser.parse_args()
    for value in itertools.islice(few(), 61):
        expected(round(value, 3))  # what pictures are compared with, before anything is measured
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SPARK_ROOMS"] = str(Path(folder) / "rooms.sqlite")
        with Server(options.processes) as server:
            server.wait_until_ready()
            soak = asyncio.run(_run(server, options))
            log = server.said()
    document = {"conditions": conditions(), "processes": options.processes, "run": soak}
    print(rendered(document))
    for words in (*soak["lost"], *soak["wrong"], *soak["never_back"], *soak["attacks_failed"])[:20]:
        print(words)
    for line in [line for line in log.splitlines() if "ERROR" in line or "Traceback" in line][:20]:
        print(line[:200])
    options.to.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    if options.to == DATA and "<!-- soak: begin -->" in PAGE.read_text("utf-8"):
        renew("soak", rendered(document), PAGE)


async def _run(server: Server, options: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    soak = Soak(server, options.users, options.rate, 60 * options.minutes)
    found = await soak.run()
    return found | {"whole_s": round(time.perf_counter() - began)}


if __name__ == "__main__":
    main()
