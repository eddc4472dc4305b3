"""`make peers`: what `spark.export` writes for Brian2 and NEST, run there and held against `spark.simulate`.

Renews spark/export/peers.json, which ships with the library, and docs/peers.md. `--quick` takes few random states,
`--redraw` only makes the page again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import jax
import numpy as np

import spark
from spark.core.variable import CLOCK
from spark.export import brian2_script, nest_script
from spark.nn.somas import catalogue
from spark.presets import presets

from .cases import CHAOTIC
from .page import ROOT, conditions
from .peers_cases import DT, Batch, at_random, of_presets
from .peers_page import PAGE, page

DATA = ROOT / "spark" / "export" / "peers.json"
PEERS = {"Brian2": ("brian2", brian2_script), "NEST": ("nest-simulator", nest_script)}
STEPS = (0.01, 0.004, 0.002)
"""Of the peers, ms, finest last: what changes with them measures what the grid is worth."""
STATES, QUICK = 50, 5


def run_in(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """What each script printed, all in one process."""
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks" / "peers_child.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin and child.stdout
    child.stdin.write(json.dumps(scripts))
    child.stdin.close()
    for line in child.stdout:
        if line.startswith('{"'):
            yield json.loads(line)
    if child.wait():
        raise RuntimeError(f"a peer's process ended with {child.returncode}.")


def compared(batch: Batch, own: list[np.ndarray], peer: list[list[list[float]]]) -> dict[str, Any]:
    """Counts and times of a batch's cases, case by case; `peer` has the spike times at each of the steps.

    A spike found on a grid is up to a step late, and the next one starts from there: that is a step for each spike so
    far, and a second one where a refractory period on the grid follows. What the step does besides is measured: an
    error of order one changes from the step H to h by (H - h)/h times what is left.
    """
    late = STEPS[-1] * (2 if CLOCK in batch.soma.system.variables else 1)
    found: dict[str, Any] = {"cases": len(batch.ids), "equal": 0, "moving": [], "different": [], "outside": []}
    found |= {"largest_ms": 0.0, "allowed_ms": 0.0}
    for name, until, *all_times in zip(batch.ids, batch.until, own, *peer, strict=True):
        mine, *theirs = (_until(np.asarray(times, float), until) for times in all_times)
        mine, *theirs = _without_last(mine, theirs, until, late)
        after = theirs[-1]
        counts = {"id": name, "spark": mine.size, "peer": [times.size for times in theirs[-2:]]}
        if name in CHAOTIC or len(set(counts["peer"])) > 1:
            found["moving"].append(counts)
        elif mine.size != after.size:
            found["different"].append(counts)
        else:
            found["equal"] += 1
            off = np.abs(mine - after)
            may = 2 * _left(theirs) + late * np.arange(1, off.size + 1)
            if np.any(off > may):
                worst = int(np.argmax(off - may))
                found["outside"].append({"id": name, "ms": round(off[worst], 6), "allowed_ms": round(may[worst], 6)})
            if off.max(initial=0.0) > found["largest_ms"]:
                worst = int(np.argmax(off))
                found |= {"largest_ms": round(off[worst], 6), "allowed_ms": round(may[worst], 6)}
    return found


def _left(theirs: list[np.ndarray]) -> float:
    """What is left of an error of order one at the finest step, by what the coarser ones changed, ms."""
    h = STEPS[-1]
    changes = [
        _moved(times, theirs[-1]) * h / (step - h) for times, step in zip(theirs, STEPS, strict=True) if step > h
    ]
    return max(changes)


def _moved(one: np.ndarray, other: np.ndarray) -> float:
    n = min(one.size, other.size)
    return float(np.abs(one[:n] - other[:n]).max(initial=0.0))


def _without_last(mine: np.ndarray, theirs: list[np.ndarray], until: float, late: float) -> list[np.ndarray]:
    """The same, without last spikes that the grid may push out of the run."""
    compared = [mine, *theirs[-2:]]
    n = min(times.size for times in compared)
    slack = max(_moved(times, theirs[-1]) for times in theirs) + late * n
    surplus = np.concatenate([times[n:] for times in compared])
    return [times[:n] if np.all(surplus > until - slack) else times for times in (mine, *theirs)]


def _until(times: np.ndarray, end: float) -> np.ndarray:
    return times[times <= end]


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two batches of one soma as one row."""
    larger = max(one, other, key=lambda row: row["largest_ms"])
    both = {name: one[name] + other[name] for name in ("cases", "equal", "moving", "different", "outside")}
    return one | both | {name: larger[name] for name in ("largest_ms", "allowed_ms")}


def simulated(batch: Batch) -> list[np.ndarray]:
    """The spike times of each case by Spark's own default solver, in float64: what float32 rounds is no equation."""
    with jax.enable_x64(True):
        run = spark.simulate(batch.soma, batch.stimulus, duration=batch.duration, initial=batch.initial, record=())
    return [np.asarray(times) for times in run.spike_times]


def measured(states: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A row for each soma, peer and kind of cases, and why a peer does not have a soma."""
    tasks: list[tuple[str, str, Batch]] = []
    scripts: dict[str, list[str]] = {name: [] for name in PEERS}
    lacking: dict[str, str] = {}
    for name, kind in catalogue().items():
        for batch in [*of_presets(kind), at_random(kind, states)]:
            for peer, (package, exporter) in PEERS.items():
                if _version(package) is None:
                    continue
                try:
                    at_each_step = [_exported(exporter, batch, step) for step in STEPS]
                except ValueError as error:
                    lacking[f"{name} in {peer}"] = str(error)
                    continue
                tasks.append((peer, name, batch))
                scripts[peer] += at_each_step
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for peer, (package, _) in PEERS.items():
        answers = run_in(scripts[peer]) if scripts[peer] else iter(())
        for name, batch in [(name, batch) for own, name, batch in tasks if own == peer]:
            found = [next(answers) for _ in STEPS]
            if failed := [answer["error"] for answer in found if "error" in answer]:
                raise RuntimeError(f"{peer} refused the script of {name} ({batch.ids[0]}): {failed[0]}")
            of = "random states" if batch.ids[0].startswith("random") else "presets"
            what = {"soma": name, "peer": peer, "version": _version(package), "dt": STEPS[-1], "of": of}
            row = what | compared(batch, simulated(batch), [answer["times"] for answer in found])
            key = (name, peer, of)
            rows[key] = merged(rows[key], row) if key in rows else row
            print(json.dumps(row), [answer["seconds"] for answer in found], file=sys.stderr, flush=True)
    return list(rows.values()), lacking


def _exported(exporter: Any, batch: Batch, step: float) -> str:
    return str(exporter(batch.soma, batch.stimulus, DT, batch.duration, batch.initial, len(batch.ids), step=step))


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} random states for each soma instead of {STATES}")
    parser.add_argument("--states", type=int, default=STATES, help="random states for each soma")
    parser.add_argument("--redraw", action="store_true", help="only make the page of what was measured before")
    options = parser.parse_args()
    if options.redraw:
        document = json.loads(DATA.read_text("utf-8"))
    else:
        rows, lacking = measured(QUICK if options.quick else options.states)
        document = {
            "conditions": conditions(),
            "steps_ms": list(STEPS),
            "rows": rows,
            "lacking": lacking,
            "left_out": [preset.id for preset in presets().values() if preset.solver],
        }
        DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(document), "utf-8")
    print(page(document))


if __name__ == "__main__":
    main()
