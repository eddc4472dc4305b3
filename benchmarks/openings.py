"""What a visitor who comes costs those who are there (writes `docs/openings.json`).

    python -m benchmarks.openings [--others 5] [--arriving 40] [--within 10]

The others move a slider 5 times a second: alone, and while so many pages are opened at even distances and until all of
those are there. The event loop is the server's main thread: what it works more with openings than without, for each of
them, is what one takes of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Any

import numpy as np

from .crowd_page import Opening, Visitor
from .crowd_server import Server
from .crowd_visit import Crowd, values
from .page import ROOT, conditions, renew

DATA, PAGE = ROOT / "docs" / "openings.json", ROOT / "docs" / "performance.md"
UNTIL = 2.5
"""Times as long as the others come, the moves go on: until all have their pages."""
LOOP_MS, OTHERS_MS = 60.0, 100.0
"""What is wanted: of the event loop, for an opening; of the others, 95th percentile."""


async def arrive(server: Server, count: int, seconds: float) -> list[tuple[Visitor, Opening]]:
    """Open pages at even distances, whether or not those before are there."""

    async def one(at: int) -> tuple[Visitor, Opening]:
        await asyncio.sleep(at * seconds / count)
        visitor = Visitor(server.url)
        return visitor, await visitor.open()

    return list(await asyncio.gather(*(one(at) for at in range(count))))


async def visits(server: Server, others: int, arriving: int, within: float) -> dict[str, Any]:
    """The others alone, and with those who come."""
    crowd = Crowd(server, values())
    await crowd.grow(others)
    await crowd.move(3.0)
    server.settle()  # everything that is done once has been done
    found: dict[str, Any] = {"others": others, "arriving": arriving, "within_s": within}
    work = {}
    for name, count in (("alone", 0), ("with", arriving)):
        began, at, ends = server.loop(), time.perf_counter(), list[float]()
        coming = asyncio.ensure_future(arrive(server, count, within))
        coming.add_done_callback(lambda _, ends=ends: ends.append(time.perf_counter()))
        found[name] = (await crowd.move(UNTIL * within))["ms"]
        came = await coming
        work[name] = server.loop() - began
        if came:
            opened = [1000 * one.session for _, one in came]
            found["opened_ms"] = {"p50": round(float(np.median(opened))), "worst": round(max(opened))}
            found["until_all_s"] = round(ends[0] - at, 1)
        await asyncio.gather(*(one.close() for one, _ in came))
    found["loop_ms_per_opening"] = round(1000 * (work["with"] - work["alone"]) / arriving, 1)
    await crowd.leave()
    return found


def rendered(document: dict[str, Any]) -> str:
    """As the page shows it."""
    found, conditions = document["found"], document["conditions"]
    alone, beside = (" / ".join(f"{one:g}" for one in found[name].values()) for name in ("alone", "with"))
    loop, p95 = found["loop_ms_per_opening"], found["with"]["p95"]
    opened = found["opened_ms"]
    rows = [
        ("an opening, of the event loop", f"{loop:g} ms", f"≤ {LOOP_MS:g} ms", met(loop <= LOOP_MS)),
        ("a move of the others, p50 / p95 / worst", f"{beside} ms", f"p95 ≤ {OTHERS_MS:g} ms", met(p95 <= OTHERS_MS)),
        ("the same while nobody comes", f"{alone} ms", "", ""),
        ("until a page has its document, median / worst", f"{opened['p50']} / {opened['worst']} ms", "", ""),
        ("until all have theirs", f"{found['until_all_s']:g} s", "", ""),
    ]
    return "\n".join(
        [
            f"{found['others']} visitors move a slider 5 times a second while {found['arriving']} others open the page "
            f"within {found['within_s']:g} s.",
            "",
            "|  | measured | wanted |  |",
            "| --- | --- | --- | --- |",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            "Of the event loop: processor time of the server's main thread, beyond what it takes while nobody comes.",
            "The visitors share the cores.",
            "",
            f"Measured {conditions['date']} at commit {conditions['commit']}: {conditions['machine']}; "
            f"Python {conditions['python']}, jax {conditions['jax']}.",
        ]
    )


def met(wanted: bool) -> str:
    """As a table says it."""
    return "met" if wanted else "**missed**"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--others", type=int, default=5, help="visitors who are there")
    parser.add_argument("--arriving", type=int, default=40, help="visitors who come")
    parser.add_argument("--within", type=float, default=10.0, help="in so many seconds")
    parser.add_argument("--print", action="store_true", help="write nothing")
    options = parser.parse_args()
    with Server(1) as server:
        server.settle()
        found = asyncio.run(visits(server, options.others, options.arriving, options.within))
    document = {"conditions": conditions(), "found": found}
    print(rendered(document))
    if not options.print:
        DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
        renew("openings", rendered(document), PAGE)


if __name__ == "__main__":
    main()
