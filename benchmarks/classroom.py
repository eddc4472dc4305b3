"""What a class of one server gets: following, polls, the wall, a room beside one that floods (`docs/classroom.json`).

    python -m benchmarks.classroom [--students 40,150] [--quick]

Students are no browsers: they speak the page's protocol and have every picture "painted" at once (`crowd_page.py`).
They share the machine's cores with the server; what they take themselves is measured as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .classroom_page import Student, Teacher
from .classroom_report import rendered
from .crowd_server import Server
from .crowd_visit import Meters, values
from .page import ROOT, conditions, renew

DATA = ROOT / "docs" / "classroom.json"
PAGE = ROOT / "docs" / "performance.md"
STUDENTS = (40, 150)
RATE = 5.0
"""Moves of the teacher per second."""
SECONDS, QUICK = 10.0, 4.0
DRAIN = 3.0
FLOOD = 200.0
"""Messages per second of each page that floods, in the other room."""
FLOODERS = 3
QUANTILES = {"p50": 50, "p95": 95, "worst": 100}


def told(times: list[float]) -> dict[str, float]:
    """Quantiles of seconds, in ms."""
    return {name: round(1000 * float(np.percentile(times, q)), 1) for name, q in QUANTILES.items()} if times else {}


async def follow(teacher: Teacher, students: list[Student], seconds: float, amplitudes: Iterator[float]) -> Any:
    """From the teacher's move until a student's page has a picture of it, or of a newer one."""
    for one in students:
        one.forget()
    begin, count = time.perf_counter(), round(RATE * seconds)
    for i in range(count):
        await asyncio.sleep(begin + i / RATE - time.perf_counter())
        value = next(amplitudes)
        teacher.move(value, final=i == count - 1)
        for one in students:
            one.await_picture(value, teacher.moves[-1].sent)
    end = time.perf_counter() + DRAIN
    while time.perf_counter() < end and not all(one.answered for one in students):
        await asyncio.sleep(0.02)
    moves = [move for one in students for move in one.moves]
    times = [move.arrived - move.sent for move in moves if move.arrived is not None]
    return told(times) | {
        "own_share": round(sum(move.own for move in moves) / len(moves), 3),
        "last_answered": sum(one.answered for one in students),
    }


async def poll(teacher: Teacher, students: list[Student]) -> Any:
    """Everybody answers within a second; until the teacher's histogram has all of them."""
    began = time.perf_counter()
    options = ["tonic", "adapting", "bursting", "silent"]
    teacher.tell({"type": "ask", "poll": {"kind": "choice", "question": "What does it do?", "options": options}})
    await asyncio.gather(*(one.until(lambda told: told.get("poll")) for one in students))
    asked = time.perf_counter() - began
    chance, sent, kept = random.Random(len(students)), [], []

    async def answer(one: Student) -> None:
        await asyncio.sleep(chance.random())
        sent.append(time.perf_counter())
        one.tell({"type": "answer", "poll": one.told["poll"]["id"], "answer": chance.randrange(4)})
        kept.append(await one.until(lambda told: told["poll"]["mine"] is not None) - sent[-1])

    await asyncio.gather(*(answer(one) for one in students))
    whole = await teacher.until(lambda told: told["poll"]["count"] == len(students))
    began = time.perf_counter()
    teacher.tell({"type": "reveal"})
    await asyncio.gather(*(one.until(lambda told: told["poll"]["stage"] == "revealed") for one in students))
    revealed = time.perf_counter() - began
    teacher.tell({"type": "end"})
    await asyncio.gather(*(one.until(lambda told: told["poll"] is None) for one in students))
    return {
        "asked_ms": round(1000 * asked),
        "answer_kept_ms": told(kept),
        "histogram_after_last_answer_ms": round(1000 * (whole - max(sent))),
        "revealed_ms": round(1000 * revealed),
    }


async def wall(teacher: Teacher, students: list[Student], amplitudes: Iterator[float]) -> Any:
    """Everybody explores; the wall with all of them, and then with one student's move."""
    for one in students:
        one.forget()
        one.tell({"type": "attach", "on": False})
        one.move(next(amplitudes), final=True)

    def own(told: dict[str, Any]) -> bool:
        tiles = told["wall"]["tiles"] if "wall" in told else []
        return len(tiles) == len(students) and all(tile["offset"] is not None and tile["changed"] for tile in tiles)

    began = time.perf_counter()
    teacher.tell({"type": "wall", "on": True})
    await teacher.until(own)
    first = time.perf_counter() - began
    times = []
    for one in students[:10]:
        before = json.dumps(teacher.told["wall"])
        moved = time.perf_counter()
        one.move(next(amplitudes), final=True)
        await teacher.until(lambda told, before=before: json.dumps(told["wall"]) != before)
        times.append(time.perf_counter() - moved)
    teacher.tell({"type": "wall", "on": False})
    for one in students:
        one.tell({"type": "attach", "on": True})
    await asyncio.sleep(1)
    return {"first_ms": round(1000 * first), "one_move_ms": told(times)}


async def flood(page: Student, stop: asyncio.Event) -> None:
    """Answers, values and leaving to follow again, as fast as a page can say them."""
    count = 0
    while not stop.is_set():
        for _ in range(round(FLOOD / 20)):
            count += 1
            page.tell({"type": "answer", "poll": "none", "answer": count})
            page.tell({"type": "attach", "on": bool(count % 2)})
        await asyncio.sleep(0.05)


async def measure(server: Server, count: int, seconds: float) -> dict[str, Any]:
    """One class of this size."""
    amplitudes = values()
    teacher = Teacher(server.url)
    code = await teacher.found()
    students = [Student(server.url) for _ in range(count)]
    alone = server.memory()
    for i, one in enumerate(students):
        await one.join(code, f"Student {i}")
    await follow(teacher, students, 2.0, amplitudes)  # what is done once is not measured
    begun = Meters.read(server)
    found: dict[str, Any] = {"students": count, "follow": await follow(teacher, students, seconds, amplitudes)}
    passed = Meters.read(server).since(begun)
    found["cores"] = {"server": round(passed.server / passed.wall, 2), "client": round(passed.client / passed.wall, 2)}
    print(json.dumps(found), flush=True)
    found["poll"] = await poll(teacher, students)
    print(json.dumps(found["poll"]), flush=True)
    found["wall"] = await wall(teacher, students, amplitudes)
    print(json.dumps(found["wall"]), flush=True)
    found["MB_per_student"] = round((server.memory() - alone) / count, 2)
    other = Teacher(server.url)
    there = await other.found()
    bad = [Student(server.url) for _ in range(FLOODERS)]
    for one in bad:
        await one.join(there, "")
    quiet = await follow(teacher, students, seconds, amplitudes)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(flood(one, stop)) for one in bad]
    loud = await follow(teacher, students, seconds, amplitudes)
    stop.set()
    await asyncio.gather(*tasks)
    found["beside_a_room_that_floods"] = {"before": quiet, "beside": loud}
    print(json.dumps(found["beside_a_room_that_floods"]), flush=True)
    await asyncio.gather(*(one.close() for one in (teacher, other, *students, *bad)))
    return found


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=lambda text: tuple(map(int, text.split(","))), default=STUDENTS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:g} s of moves in place of {SECONDS:g} s")
    parser.add_argument("--to", type=Path, default=DATA, help="where to write")
    options = parser.parse_args()
    seconds = QUICK if options.quick else SECONDS
    document: dict[str, Any] = {"conditions": conditions(), "classes": []}
    for count in options.students:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SPARK_ROOMS"] = str(Path(folder) / "rooms.sqlite")
            with Server(1) as server:
                server.settle()
                document["classes"].append(asyncio.run(measure(server, count, seconds)))
                document["classes"][-1]["errors_in_log"] = server.said().count("Traceback")
    print("\n" + rendered(document))
    options.to.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    if options.to == DATA:
        renew("classroom", rendered(document), PAGE)


if __name__ == "__main__":
    main()
