"""What many visitors of one server get: latency, processor time and memory of each (writes `docs/crowd.json`).

    python -m benchmarks.crowd [--quick] [--sessions 1,40] [--procs 1]

The client is no browser: it opens the page, speaks Bokeh's protocol as the page does, and has every picture "painted"
at once. It runs on the machine of the server; what it takes itself is measured as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from .crowd_report import rendered, summary
from .crowd_server import CHECK, LIFETIME, Server
from .crowd_visit import DRAIN, RATE, Crowd, values
from .page import ROOT, conditions, renew

Numbers = tuple[int, ...]

DATA = ROOT / "docs" / "crowd.json"
PAGE = ROOT / "docs" / "performance.md"
SESSIONS, PROCESSES = (1, 5, 10, 20, 40, 80), (1, 2)
SECONDS, QUICK = 10.0, 3.0
"""How long the sliders are moved."""
FEW, MANY = 10, 40
"""Sessions between which memory is compared."""
WARM, WARM_SECONDS = 10, 3.0
"""The crowd that comes first, and is not measured: it meets everything that is done once."""


async def memory(server: Server, amplitudes: Any, seconds: float) -> dict[str, Any]:
    """MB per session: what few and many sessions hold that are open at once, and what is left when all have gone.

    It is done twice. What the second crowd leaves beyond the first was lost, not only kept for the next.
    """
    rounds = []
    for _ in range(2):
        empty = server.memory()
        crowd = Crowd(server, amplitudes)
        await crowd.grow(FEW)
        await crowd.move(seconds)
        few = server.memory()
        await crowd.grow(MANY)
        opened = server.memory()
        await crowd.move(seconds)
        many = server.memory()
        await crowd.leave()
        rounds.append({"empty": empty, "few": few, "opened": opened, "many": many, "left": server.memory()})
    first, second = rounds
    return {
        "few": FEW,
        "many": MANY,
        "rounds_MB": [{name: round(value, 1) for name, value in one.items()} for one in rounds],
        "per_session_MB": round((first["many"] - first["few"]) / (MANY - FEW), 2),
        "opened_MB": round((first["opened"] - first["few"]) / (MANY - FEW), 2),
        "returned_share": round((first["many"] - first["left"]) / max(first["many"] - first["empty"], 0.1), 3),
        "lost_per_session_MB": round((second["left"] - first["left"]) / MANY, 3),
    }


async def visits(server: Server, sessions: Numbers, seconds: float, with_memory: bool) -> dict[str, Any]:
    """Crowds of these sizes, one after the other."""
    amplitudes = values()
    await _crowd(server, amplitudes, WARM, WARM_SECONDS)
    if "Traceback" in server.said():
        raise RuntimeError(
            "the server does not understand what is sent: `crowd_page.py` must say what `app/client` says"
        )
    found: dict[str, Any] = {"idle_MB": round(server.memory(), 1)}
    if with_memory:
        found["memory"] = await memory(server, amplitudes, seconds)
        print(found["memory"], flush=True)
    found["crowds"] = []
    for count in sessions:
        found["crowds"].append(await _crowd(server, amplitudes, count, seconds))
        print(summary(found["crowds"][-1]), flush=True)
    return found


async def _crowd(server: Server, amplitudes: Any, count: int, seconds: float) -> dict[str, Any]:
    crowd = Crowd(server, amplitudes)
    await crowd.grow(count)
    found = await crowd.move(seconds)
    opening = {
        name: round(1000 * median(getattr(one, name) for one in crowd.openings))
        for name in ("page", "connection", "document", "session", "picture")
    }
    found["opening_ms"] = opening | {
        "session_p95": round(1000 * float(np.percentile([one.session for one in crowd.openings], 95)))
    }
    found["closing_ms"] = round(1000 * await crowd.leave() / count)
    return found


def measured(
    sessions: tuple[int, ...], processes: tuple[int, ...], seconds: float, with_memory: bool = True
) -> dict[str, Any]:
    """Everything that is written."""
    servers = []
    for count in processes:
        print(f"{count} server process{'es' * (count > 1)}", flush=True)
        with Server(count) as server:
            server.settle()
            found = asyncio.run(visits(server, sessions, seconds, with_memory))
            servers.append({"processes": count} | found | {"errors_in_log": server.said().count("Traceback")})
    return {
        "conditions": conditions(),
        "settings": {
            "moves_per_s": RATE,
            "seconds": seconds,
            "drain_s": DRAIN,
            "warm_up_sessions": WARM,
            "memory_between_sessions": [FEW, MANY],
            "unused_session_lifetime_ms": LIFETIME,
            "check_unused_sessions_ms": CHECK,
        },
        "servers": servers,
    }


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=_numbers, default=SESSIONS, help="sizes of the crowds, as 1,40")
    parser.add_argument("--procs", type=_numbers, default=PROCESSES, help="numbers of server processes, as 1,2")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:g} s of moves in place of {SECONDS:g} s")
    parser.add_argument("--no-memory", action="store_true", help="leave out memory, half of the time")
    parser.add_argument("--to", type=Path, default=DATA, help="where to write")
    options = parser.parse_args()
    seconds = QUICK if options.quick else SECONDS
    document = measured(options.sessions, options.procs, seconds, not options.no_memory)
    print("\n" + rendered(document))
    options.to.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    if options.to == DATA and PAGE.exists() and "<!-- crowd: begin -->" in PAGE.read_text("utf-8"):
        renew("crowd", rendered(document), PAGE)


def _numbers(text: str) -> Numbers:
    return tuple(int(word) for word in text.split(","))


if __name__ == "__main__":
    main()
