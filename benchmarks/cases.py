"""Runs whose converged spike times are known: the golden cases of the tests, and every preset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spark.presets import Preset, presets
from spark.solvers import Solver
from tests.common import GOLDEN, run_golden

CHAOTIC = {"naud2008_irregular"}
"""Rounding errors grow tenfold every two spikes: told apart, since no step or precision keeps their spike times."""


SAME_STEPS = 20_000
"""Short runs are prolonged to this many steps and their spikes cut off: one loop per soma is compiled, not fifty."""


@dataclass(frozen=True)
class Case:
    """One run with known spike times.

    Attributes:
        id: name of the golden case or preset.
        soma: class name of its soma.
        duration: length of the run, ms.
        expected: converged spike times, ms; those of the published scheme where `preset.solver` is set.
        preset: the preset, None for a golden case.
    """

    id: str
    soma: str
    duration: float
    expected: np.ndarray
    preset: Preset | None = None

    @property
    def kind(self) -> str:
        """Golden, preset, chaotic, or scheme: shown by a published coarse scheme only, which is its own solver."""
        if self.preset is None:
            return "golden"
        return "chaotic" if self.id in CHAOTIC else "scheme" if self.preset.solver else "preset"

    def times(self, dt: float, solver: Solver | None = None, *, steps: int = SAME_STEPS) -> np.ndarray:
        """Its spike times (ms) with this time step, and the soma's own solver when None."""
        steps = max(steps, round(self.duration / dt))
        if self.preset is None:
            long = GOLDEN[self.id] | {"duration_ms": steps * dt}
            run = run_golden(long, dt, solver, record=())
        else:
            run = self.preset.run(dt=dt, duration=steps * dt, solver=solver, record=())
        times = run.spike_times[0]
        return times[times <= self.duration]


def cases() -> list[Case]:
    """Every golden case, then every preset."""
    golden = [Case(c["id"], c["soma"], c["duration_ms"], np.asarray(c["spike_times_ms"])) for c in GOLDEN.values()]
    return golden + [
        Case(p.id, p.soma, p.duration, np.asarray(p.expected["spike_times_ms"], float), p) for p in presets().values()
    ]


def largest_error(got: np.ndarray, expected: np.ndarray, until: float = np.inf) -> float:
    """The largest difference (ms) between the spikes that both have, of those expected up to `until` ms."""
    n = min(len(got), int(np.count_nonzero(expected <= until)))
    return float(np.abs(got[:n] - expected[:n]).max(initial=0.0))
