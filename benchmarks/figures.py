"""How far spike times are off with every soma's default solver: the figures of `docs/fidelity.md`."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from spark.nn.components.somas import ExponentialSoma, LeakySoma, catalogue

from .cases import Case, cases, largest_error

STEPS = (0.1, 0.05)
SPAN = 500.0
"""Errors are those of the spikes of the first 500 ms."""
CLOSE = 0.05
"""A chaotic run is followed as long as its spikes are this close (ms) to the converged ones."""

TARGETS: dict[str, tuple[float, ...]] = {
    "AdaptiveExponentialSoma": (0.05, 0.02),
    "IzhikevichSoma": (0.05,),
}
"""Largest error allowed at each of `STEPS`, ms; `TARGET` at 0.1 ms for every other soma."""
TARGET = (0.05,)

EXACT = (
    "Rounding only: the flow is linear and integrated exactly, and the crossing is found on that exact flow by "
    "Newton's method."
)
UPSTROKE = (
    "`threshold` cuts the upstroke off, as in the converged solution; below V_T + 10 Δ_T it is part of the parameter "
    "set. The smooth coordinate keeps a log singularity where the upstroke diverges: at errors below 0.001 ms the "
    "order of RK4 falls to about 2."
)
REMARKS = {
    "StrictRefractoryLeakySoma": "A potential that creeps to its threshold shows rounding most (PyNN set).",
    "AdaptiveLeakySoma": "A potential that creeps to its moving threshold shows rounding most (GLIF2 set).",
    "AdaptiveExponentialSoma": "`naud2008_irregular` is chaotic: no step and no precision keeps its spike times; its "
    "row says how long.",
    "IzhikevichSoma": "The cut-off of 30 is part of the model, and is located inside the step. (P), (Q), (T) of 2004 "
    "exist only in the published Euler scheme: they run with it, and equal its spikes in float64. (K) decides near a "
    "saddle, which magnifies float32 rounding: its error in float64 is below 10⁻⁶ ms.",
    "StrictRefractoryAdaptiveExponentialSoma": "NEST's `aeif_*` with `t_ref` on steps of 0.0001 ms are "
    "within 0.0006 ms of the golden cases.",
}
"""What there is to say of one soma alone."""


def departures(soma: str) -> str:
    """Where a soma departs from its reference, and why: what its membrane tells, and what it alone does."""
    kind = catalogue()[soma]
    membrane = EXACT if issubclass(kind, LeakySoma) else UPSTROKE if issubclass(kind, ExponentialSoma) else ""
    return f"{membrane} {REMARKS.get(soma, '')}".strip()


def figures() -> dict[str, dict[str, dict[str, Any]]]:
    """What was measured of every case: soma -> case id -> figures."""
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in catalogue()}
    for case in cases():
        found[case.soma][case.id] = _measure(case)
    return {name: rows for name, rows in found.items() if rows}  # a soma of another package has none


def _measure(case: Case) -> dict[str, Any]:
    measured: dict[str, Any] = {"kind": case.kind, "spikes": len(case.expected)}
    if case.preset and case.kind == "scheme":  # belongs to its own step, and is compared as it is
        with jax.enable_x64(True):
            got = case.times(case.preset.dt, steps=1)
        equal = len(got) == len(case.expected) and largest_error(got, case.expected) < 1e-9
        return measured | {"dt": case.preset.dt, "equal": equal}
    single = {dt: case.times(dt) for dt in STEPS}
    with jax.enable_x64(True):
        double = {dt: case.times(dt) for dt in STEPS}
    if case.kind == "chaotic":
        return measured | {
            "followed_ms": [_followed(single[dt], case.expected) for dt in STEPS],
            "followed_float64_ms": [_followed(double[dt], case.expected) for dt in STEPS],
            "counted": [len(single[dt]) for dt in STEPS],
        }
    return measured | {
        "error_ms": [largest_error(single[dt], case.expected, SPAN) for dt in STEPS],
        "error_float64_ms": [largest_error(double[dt], case.expected, SPAN) for dt in STEPS],
        "rounding_ms": largest_error(single[STEPS[0]], double[STEPS[0]]),
        "counted": [len(single[dt]) for dt in STEPS],
    }


def _followed(got: np.ndarray, expected: np.ndarray) -> float:
    """Time of the last converged spike up to which none is further off than `CLOSE`, ms."""
    n = min(len(got), len(expected))
    off = np.flatnonzero(np.abs(got[:n] - expected[:n]) > CLOSE)
    last = int(off[0]) if off.size else n
    return float(expected[last - 1]) if last else 0.0


def summary(soma: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """One soma's largest figures, and whether they meet the targets."""
    compared = [row for row in rows.values() if "error_ms" in row]
    targets = TARGETS.get(soma, TARGET)
    worst = [max(row["error_ms"][i] for row in compared) for i in range(len(STEPS))]
    counts = all(count == row["spikes"] for row in compared for count in row["counted"])
    schemes = all(row["equal"] for row in rows.values() if row["kind"] == "scheme")
    return {
        "solver": type(catalogue()[soma].config_class().solver).__name__,
        "golden": [name for name, row in rows.items() if row["kind"] == "golden"],
        "presets": [name for name, row in rows.items() if row["kind"] != "golden"],
        "error_ms": worst,
        "rounding_ms": max(row["rounding_ms"] for row in compared),
        "counts_equal": counts,
        "schemes_equal": schemes,
        "targets_ms": targets,
        "met": counts and schemes and all(e <= t for e, t in zip(worst, targets, strict=False)),
    }
