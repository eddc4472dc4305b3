"""Work-precision: error against cost for every solver x soma (`python -m benchmarks.precision`).

Prints the table, and renews `docs/precision.json`, `docs/precision.svg` and their section of `docs/fidelity.md`.
With `--peers PATH`, the interpreter of another environment, Brian2 and NEST are measured on the cases they can run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from statistics import median
from typing import Any

import numpy as np

import spark
from spark.nn.components.somas import catalogue
from spark.solvers import Solver
from spark.solvers import catalogue as solvers
from tests.common import GOLDEN, SOMAS, held_current

from .cases import largest_error
from .diagram import draw
from .page import ROOT, conditions, renew, sentence, table

STEPS = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
SHOWN = (1.0, 0.1, 0.01)
REPEATS = 5
DATA, PICTURE = ROOT / "docs" / "precision.json", ROOT / "docs" / "precision.svg"
PEERS = (
    "Brian2 and NEST were not measured here: `python -m benchmarks.precision --peers PATH` does that, given an "
    "environment that has them."
)

NOTE = (
    "Peers ({}): each with its own method (`benchmarks/precision_peers.py`), float64, one run of 300 ms timed after a "
    "warm-up. Both put spikes on the grid; NEST stamps the end of the step, Brian2 its beginning."
)


def contestants(soma: str) -> dict[str, Solver]:
    """Solvers by the name in the picture; the sequential scheme belongs to Izhikevich's model."""
    found: dict[str, Solver] = {"Euler on the grid": solvers()["Euler"](on_grid=True)}
    for name, kind in solvers().items():
        if name != "SequentialEuler" or "Izhikevich" in soma:
            found[name] = kind()
    return found


def first_case(soma: str) -> dict[str, Any]:
    """The soma's first golden case: 300 ms of a step current."""
    return next(case for case in GOLDEN.values() if case["soma"] == soma)


def _compared() -> list[str]:
    """The somas that have a golden case, in the catalogue's order: those of other packages have none."""
    return [name for name in catalogue() if any(case["soma"] == name for case in GOLDEN.values())]


def measured(soma: str) -> list[dict[str, Any]]:
    """Error and cost of every solver at every step."""
    case = first_case(soma)
    points = []
    for dt in STEPS:
        taken = {}
        for name, solver in contestants(soma).items():
            point: dict[str, Any] = {"solver": name, "dt": dt}
            points.append(point)
            try:
                times, _ = _run(case, dt, solver)  # compiles
            except (FloatingPointError, ValueError) as error:
                point["refused"] = type(error).__name__
                continue
            point |= compared(times, case)
            taken[name] = point, median(_run(case, dt, solver)[1] for _ in range(REPEATS))
        for point, spent in taken.values():
            point["ms_per_second"] = round(spent, 4)
            if "Euler" in taken:
                point["to_euler"] = round(spent / taken["Euler"][1], 3)
    return points


def _run(case: dict[str, Any], dt: float, solver: Solver) -> tuple[np.ndarray, float]:
    """Spike times of the case, and ms spent for each simulated second.

    The stimulus is repeated to one of two numbers of steps, so that few loops are compiled and the call itself is a
    small part of the time; only the spikes of its first pass are compared.
    """
    steps = 6_000 if dt >= 0.05 else 30_000
    once = held_current(case, dt)
    current = np.tile(once, -(-steps // len(once)))[:steps]
    soma = SOMAS[case["soma"]](**case["config"])
    start = time.process_time()
    run = spark.simulate(soma, current, dt=dt, solver=solver, initial=case["initial"], record=())
    spent = time.process_time() - start
    times = run.spike_times[0]
    return times[times <= case["duration_ms"]], 1000 * spent / (steps * dt / 1000)


def compared(times: np.ndarray, case: dict[str, Any]) -> dict[str, Any]:
    """Largest error (ms) against the converged spikes, and whether none is missing."""
    expected = np.asarray(case["spike_times_ms"])
    n = min(len(times), len(expected))
    return {"error_ms": largest_error(times, expected) if n else None, "counted": len(times), "spikes": len(expected)}


def peers(interpreter: str) -> dict[str, Any]:
    """What `precision_peers.py` measured in the other environment."""
    tasks = {case["soma"]: case for case in map(first_case, _compared())}
    done = subprocess.run(
        [interpreter, str(ROOT / "benchmarks" / "precision_peers.py")],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    for soma, points in found["points"].items():
        for point in points:
            point |= compared(np.asarray(point.pop("times")), tasks[soma])
    return found


def rendered(document: dict[str, Any]) -> str:
    """The generated section of the page."""
    head = ["soma", "solver"]
    head += [f"{what} at {dt:g} ms" for dt in SHOWN for what in ("error", "cost")]
    rows = []
    for soma, points in document["points"].items():
        by_name: dict[str, dict[float, dict[str, Any]]] = {}
        for point in points:
            by_name.setdefault(point["solver"], {})[point["dt"]] = point
        for name, by_step in by_name.items():
            cells = [cell for dt in SHOWN for cell in _cells(by_step.get(dt))]
            rows.append([f"`{soma}`", name, *cells])
    legend = (
        "Errors in ms (Spark in float32, Brian2 and NEST in float64); cost in ms of processor time for each simulated "
        f"second of one neuron, medians of {REPEATS} calls of `simulate` (6,000 or 30,000 steps), compiling apart; in "
        "brackets relative to Euler, which locates its crossings too, in the same run. † a wrong number of spikes."
    )
    versions = document["peers"]
    note = NOTE.format(", ".join(f"{k} {v}" for k, v in versions.items())) if versions else PEERS
    return "\n\n".join([sentence(document["conditions"]), legend, note, table(head, rows)])


def _cells(point: dict[str, Any] | None) -> list[str]:
    if point is None:
        return ["", ""]
    if "refused" in point:
        return ["refused", ""]
    error = "no spike" if point["error_ms"] is None else f"{point['error_ms']:.2g}"
    ratio = f" ({point['to_euler']:.1f}×)" if "to_euler" in point else ""
    return [error + ("" if point["counted"] == point["spikes"] else " †"), f"{point['ms_per_second']:.3g}{ratio}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PATH", help="interpreter of an environment with brian2 and nest-simulator")
    parser.add_argument("--redraw", action="store_true", help="only draw and print what was measured before")
    options = parser.parse_args()
    if options.redraw:
        document = json.loads(DATA.read_text("utf-8"))
    else:
        points = {soma: measured(soma) for soma in _compared()}
        document = {"conditions": conditions(), "peers": {}, "points": points}
    if options.peers:
        found = peers(options.peers)
        document["peers"] = found["versions"]
        for soma, others in found["points"].items():
            own = [p for p in document["points"][soma] if not p["solver"].startswith(tuple(found["versions"]))]
            document["points"][soma] = own + others
    DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    PICTURE.write_text(draw(document["points"]), "utf-8")
    text = rendered(document)
    renew("precision", text)
    print(text)


if __name__ == "__main__":
    main()
