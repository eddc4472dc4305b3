"""What several tests need: reference data, the golden cases as runs, error measures."""

import json
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import spark
from spark.simulation import Recording
from spark.solvers import Solver

REFERENCES = Path(__file__).parent / "references"
SOMAS: dict[str, Any] = dict(spark.nn.somas.catalogue())
OWN = {name: kind for name, kind in SOMAS.items() if kind.__module__.startswith("spark.")}
"""Those of Spark itself: they have references, which a soma of another installed package has not."""
SOLVERS = (spark.solvers.Euler, spark.solvers.ExponentialEuler, spark.solvers.Heun, spark.solvers.RK4)
LEAKY = [name for name in SOMAS if "Leaky" in name]
EXPONENTIAL = [name for name in SOMAS if "Exponential" in name]

QUICK = (
    "AdaptiveLeakySoma",
    "SimplifiedAdaptiveExponentialSoma",
    "StrictRefractoryAdaptiveExponentialSoma",
    "IzhikevichSoma",
)
"""Built of everything that any soma of ours is built of: tests/test_common.py holds them to that. LeakySoma, which is
what most tests of a single soma take, needs no place here."""


def each(of: Iterable[Any] = SOMAS, quick: Collection[str] = QUICK) -> list[Any]:
    """These somas, names or classes, as the parameters of a test that takes seconds for each of them.

    To compile and run one takes longest, and those of ours differ in what they put together: a membrane, a pause, a
    way to adapt. `make test` takes the few that have all of that, and whatever another package has brought; `make
    thorough` takes the rest. A test that is cheap, or that holds a soma to its reference, takes all of them; one that
    takes half a minute for each names fewer, and says why they will do.
    """
    named = [(one if isinstance(one, str) else one.__name__, one) for one in of]
    later = OWN.keys() - set(quick)
    return [pytest.param(one, id=name, marks=pytest.mark.thorough if name in later else ()) for name, one in named]


@cache
def reference(name: str) -> dict[str, Any]:
    return json.loads((REFERENCES / name).read_text("utf-8"))


GOLDEN: dict[str, dict[str, Any]] = {
    case["id"]: case for name in ("golden.json", "refractory_adaptive.json") for case in reference(name)["cases"]
}


def held_current(case: dict[str, Any], dt: float) -> np.ndarray:
    """The current of a golden case at the left edge of each step (its edges are multiples of 0.1 ms)."""
    time = np.arange(round(case["duration_ms"] / dt)) * dt + dt * 1e-6
    current = np.zeros(len(time))
    for segment in case["stimulus"]:
        assert segment["kind"] == "const"
        current[(time >= segment["t0"]) & (time < segment["t1"])] += segment["I"]
    return current


def run_golden(case: dict[str, Any], dt: float, solver: Solver | None = None, **options: Any) -> Recording:
    """Simulate a golden case, recording everything that the soma has."""
    soma = SOMAS[case["soma"]](**case["config"])
    record = ("potential", *(v.name for v in SOMAS[case["soma"]].system.slow if v.name in case["initial"]))
    defaults = {"initial": case["initial"], "record": record, "solver": solver, "dt": dt}
    return spark.simulate(soma, held_current(case, dt), **(defaults | options))


def assert_times(got: np.ndarray, expected: Any, within: float, what: str = "") -> None:
    """Equal counts, and no spike further than `within` ms from its own."""
    expected = np.asarray(expected, float)
    assert len(got) == len(expected), f"{what}: {len(got)} spikes instead of {len(expected)}: {got} {expected}"
    if len(expected):
        worst = np.abs(got - expected).max()
        assert worst <= within, f"{what}: a spike is {worst:.3g} ms off (allowed: {within:g})"
