"""Runs in JavaScript and in Spark, in 64-bit mode, and how far they are apart."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache

import jax
import numpy as np

import spark
from spark.export import javascript
from spark.nn.components.somas import Soma
from spark.presets import Preset, presets
from spark.solvers import Solver
from spark.solvers import catalogue as solvers_of
from spark.stimuli import Step, Stimulus

RUN = "return module.run(given.p, given.stimulus, given.dt, given.steps, given.options)"


def solvers() -> list[Solver]:
    """Every solver, those of order 1 also on the time grid."""
    return [
        kind(on_grid=on_grid) for kind in solvers_of().values() for on_grid in sorted({kind().on_grid, kind.order == 1})
    ]


@dataclass(frozen=True)
class Case:
    """A run of a soma.

    Attributes:
        name: what it is called.
        soma: its values.
        stimulus: its input.
        dt: time step, ms.
        duration: length, ms.
        initial: where it begins elsewhere than at rest.
    """

    name: str
    soma: Soma
    stimulus: Stimulus
    dt: float
    duration: float
    initial: dict[str, float]

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return round(self.duration / self.dt)

    @property
    def current(self) -> np.ndarray:
        """What is held in each step, pA."""
        return self.stimulus.sample(self.steps, self.dt, dtype=np.float64)[:, 0]

    @property
    def p(self) -> dict[str, float]:
        """The soma's parameters."""
        return {name: float(getattr(self.soma.config, name)) for name in self.soma.config.per_unit()}


def cases(kind: type[Soma], longest: float = np.inf) -> list[Case]:
    """Every preset of a soma, or a step of current where it has none."""
    own = [preset for preset in presets().values() if preset.soma == kind.__name__]
    return [_of(preset, longest) for preset in own] or [Case("default", kind(), Step(), 0.1, min(1000.0, longest), {})]


def _of(preset: Preset, longest: float) -> Case:
    duration = min(preset.duration, longest)
    return Case(preset.id, preset.make_soma(), preset.make_stimulus(), preset.dt, duration, dict(preset.initial))


@cache
def module(kind: type[Soma], solver: Solver) -> str:
    """The module of a soma with its defaults: the parameters are told to it."""
    return javascript(kind(), solver)


@dataclass(frozen=True)
class Difference:
    """How far two runs are apart.

    Attributes:
        counts: numbers of spikes, Spark's first.
        spikes: the largest difference of two spike times, ms.
        trace: the largest difference of two traces outside of upstrokes, in their units.
    """

    counts: tuple[int, int]
    spikes: float
    trace: float


def ran(case: Case, solver: Solver) -> spark.Recording:
    """The run in Spark, with all that can be recorded."""
    record = tuple(v.name for v in case.soma.system.recordable)
    with warnings.catch_warnings(), jax.enable_x64(True):
        warnings.simplefilter("ignore")  # a step may be too long for a solver here: both fail alike
        return spark.simulate(
            case.soma, case.current, dt=case.dt, initial=case.initial or None, solver=solver, record=record
        )
