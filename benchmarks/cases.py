"""Runs whose converged spike times are known: the golden cases of the tests, and every preset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spark import Recording
from spark.presets import Preset, presets
from spark.solvers import Solver
from tests.common import GOLDEN, run_golden

CHAOTIC = {"naud2008_irregular"}
"""Rounding errors grow tenfold every two spikes: told apart, since no step or precision keeps their spike times."""


@dataclass(frozen=True)
class Case:
    """One run with known spike times.

    Attributes:
        id: name of the golden case or preset.
        soma: class name of its soma.
        expected: converged spike times, ms; those of the published scheme where `scheme` is set.
        simulate: runs it, given a time step (None: its own) and a solver (None: its own).
        golden: whether it is a golden case, not a preset.
        scheme: whether it is shown by a published coarse scheme only, which is then its own solver.
    """

    id: str
    soma: str
    expected: np.ndarray
    simulate: Callable[[float | None, Solver | None], Recording]
    golden: bool
    scheme: bool = False

    @property
    def chaotic(self) -> bool:
        """Whether its spike times depend on the last bit."""
        return self.id in CHAOTIC

    def times(self, dt: float | None = None, solver: Solver | None = None) -> np.ndarray:
        """Its spike times, ms."""
        return self.simulate(dt, solver).spike_times[0]


def _golden(name: str) -> Case:
    case = GOLDEN[name]

    def simulate(dt: float | None, solver: Solver | None) -> Recording:
        return run_golden(case, dt or 0.1, solver, record=())

    return Case(name, case["soma"], np.asarray(case["spike_times_ms"], float), simulate, golden=True)


def _preset(preset: Preset) -> Case:
    def simulate(dt: float | None, solver: Solver | None) -> Recording:
        return preset.run(dt=dt, solver=solver, record=())

    expected = np.asarray(preset.expected["spike_times_ms"], float)
    return Case(preset.id, preset.soma, expected, simulate, golden=False, scheme=preset.solver is not None)


def cases() -> list[Case]:
    """Every golden case, then every preset."""
    return [_golden(name) for name in GOLDEN] + [_preset(preset) for preset in presets().values()]


def largest_error(got: np.ndarray, expected: np.ndarray, until: float = np.inf) -> float:
    """The largest difference (ms) between the spikes that both have, of those expected up to `until` ms."""
    n = min(len(got), int(np.count_nonzero(expected <= until)))
    return float(np.abs(got[:n] - expected[:n]).max(initial=0.0))
