"""How fast rooms of the classroom are: `python -m benchmarks.rooms [SQLITE FILE OR REDIS URL]`.

From a put until the others are told, in this process and from another one; what the listener costs while nothing
happens; what 200 students put in a second; and how long a put in one room takes while another room floods.
"""

from __future__ import annotations

import os
import queue
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.classroom.hub import Hub, open_store
from app.classroom.visit import Visit

STATE = ("state", "")
DOCUMENT = "x" * 4000
"""About what a session of one neuron has as JSON."""
OTHER = """
import sys, time
from contextlib import closing
from app.classroom.hub import Hub, open_store
with closing(Hub(open_store(sys.argv[1]))) as hub:
    visit = hub.enter("A", lambda turn: turn(), lambda kinds: "state" in kinds and visit.put(
        {("echo", ""): [visit.room.get("state")[0], time.time()]}))
    print("here", flush=True)
    sys.stdin.read()
"""


def told(seconds: list[float]) -> str:
    """Median and 95th percentile."""
    return (
        f"median {statistics.median(seconds) * 1e3:.1f} ms, p95 {statistics.quantiles(seconds, n=20)[-1] * 1e3:.1f} ms"
    )


def after_puts(visit: Visit, heard: queue.Queue[float], times: int) -> list[float]:
    """Seconds from each of so many puts until it was heard; not in step with anybody's clock."""
    taken = []
    for i in range(times):
        time.sleep(0.02 + 0.0137 * (i % 7))
        start = time.time()
        visit.put({STATE: [i, DOCUMENT]})
        taken.append(heard.get(timeout=10) - start)
    return taken


def enter(hub: Hub, code: str, on_change: Callable[[frozenset[str]], None] = lambda kinds: None) -> Visit:
    return hub.enter(code, lambda turn: turn(), on_change)


def main(where: str) -> None:
    heard: queue.Queue[float] = queue.Queue()
    with closing(Hub(open_store(where))) as hub:
        for code in ("A", "B"):
            hub.create(code, {("room", ""): 1}, 600.0)
        teacher = enter(hub, "A")

        student = enter(hub, "A", lambda kinds: heard.put(time.time()) if "state" in kinds else None)
        print("in this process:  ", told(after_puts(teacher, heard, 200)))
        student.leave()

        student = enter(hub, "A", lambda kinds: heard.put(student.room.get("echo")[1]) if "echo" in kinds else None)
        command = [sys.executable, "-c", OTHER, where]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None and other.stdout.readline() == "here\n"
            print("in another one:   ", told(after_puts(teacher, heard, 200)))
            other.communicate()
        student.leave()

        begun = os.times()
        time.sleep(10)
        now = os.times()
        print(f"listening, idle:   {(now.user + now.system - begun.user - begun.system) * 10:.2f} % of a processor")

        students = [enter(hub, "B") for _ in range(200)]
        done: queue.Queue[Exception | None] = queue.Queue()
        start = time.perf_counter()
        for i in range(25):
            for n, one in enumerate(students):
                one.put({("values", str(n)): [i, DOCUMENT], ("step", f"{n}/{i}"): 1}, done.put)
            faults = [done.get(timeout=60) for _ in students]
            assert not any(faults), faults
        print(f"200 students:      {5000 / (time.perf_counter() - start):,.0f} puts of 4 kB a second")

        flooding = [True]

        def again(n: int) -> None:
            if flooding[0]:
                entries = {("values", str(n)): [time.time(), DOCUMENT * 10]}
                students[n].put(entries, lambda fault: again(n))

        student = enter(hub, "A", lambda kinds: heard.put(time.time()) if "state" in kinds else None)
        for n in range(200):
            again(n)
        print("beside a flood:   ", told(after_puts(teacher, heard, 100)))
        flooding[0] = False
        for code in ("A", "B"):
            hub.delete(code)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(str(Path(folder) / "rooms.sqlite"))
