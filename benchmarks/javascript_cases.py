"""Runs in JavaScript and in Spark, in 64-bit mode, and how far they are apart."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

import spark
from spark.core.hybrid import Values
from spark.export import javascript
from spark.nn.components.somas import Soma
from spark.presets import Preset, presets
from spark.solvers import Solver
from spark.solvers import catalogue as solvers_of
from spark.stimuli import Step, Stimulus

from .javascript_engine import Engine

STEEP = 1.0
"""Where the potential moves by more mV in a step, it is an upstroke, or the reset after it."""
TRIFLE = 1e-12
"""pA: with a membrane of 100 MOhm a change in the last digits of the potential."""
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
class Pair:
    """A run in Spark and the same in JavaScript.

    Attributes:
        times: of the spikes, ms, each.
        traces: of all that can be recorded, each by name.
        states: every state variable in JavaScript, at the beginning of each step.
    """

    times: tuple[np.ndarray, np.ndarray]
    traces: tuple[dict[str, np.ndarray], dict[str, np.ndarray]]
    states: dict[str, np.ndarray]

    @property
    def counts(self) -> tuple[int, int]:
        """How many spikes each has."""
        return len(self.times[0]), len(self.times[1])

    @property
    def spikes(self) -> float:
        """The largest difference of two spike times, ms."""
        return _apart(*self.times)

    @property
    def trace(self) -> float:
        """The largest difference of two traces, mV (or pA), where the potential moves by less than `STEEP` in a step.

        Of numbers beyond 1000 a part in 1000 of it: they have not as many digits behind the point.
        """
        potential = self.traces[0]["potential"]
        moves = np.abs(np.diff(potential, prepend=potential[:1], append=potential[-1:]))
        flat = (moves[1:] <= STEEP) & (moves[:-1] <= STEEP)
        return max(
            float(relative(one, self.traces[1][name])[flat].max(initial=0)) for name, one in self.traces[0].items()
        )


def relative(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Differences of numbers, of large ones in a thousandth of them."""
    return np.abs(one - other) / np.maximum(1.0, np.abs(one) / 1000)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max(initial=0)) if len(one) == len(other) else np.inf


def compared(engine: Engine, case: Case, solver: Solver) -> Pair:
    """Both runs, with all that can be recorded."""
    current, ours = case.current, in_spark(case, solver)
    state = [variable.name for variable in case.soma.system.variables]
    options = {"state": case.initial, "record": sorted({*state, *ours.recorded})}
    source, told = module(type(case.soma), solver), {"p": case.p, "stimulus": current.tolist(), "options": options}
    theirs = engine(source, RUN, dt=case.dt, steps=case.steps, **told)
    traces = theirs["traces"]
    return Pair(
        (ours.spike_times[0], np.array(theirs["spikes"])),
        ({name: trace[:, 0] for name, trace in ours.recorded.items()}, {name: traces[name] for name in ours.recorded}),
        {name: traces[name] for name in state},
    )


def in_spark(case: Case, solver: Solver, more: float = 0.0) -> spark.Recording:
    """The run in Spark; with so much more current, pA."""
    record = tuple(variable.name for variable in case.soma.system.recordable)
    with warnings.catch_warnings(), jax.enable_x64(True):
        warnings.simplefilter("ignore")  # a step may be too long for a solver: then both go wrong, and alike
        return spark.simulate(
            case.soma, case.current + more, dt=case.dt, initial=case.initial or None, solver=solver, record=record
        )


def by_itself(case: Case, solver: Solver) -> Pair:
    """Spark's own run, and the same with a trifle more current: what becomes of a difference in the last digits."""
    one, other = in_spark(case, solver), in_spark(case, solver, TRIFLE)
    traces = [{name: trace[:, 0] for name, trace in run.recorded.items()} for run in (one, other)]
    return Pair((one.spike_times[0], other.spike_times[0]), (traces[0], traces[1]), {})


def step_by_step(case: Case, solver: Solver, pair: Pair) -> float:
    """The largest difference after one step in Spark from each state of the run in JavaScript, as `relative`."""
    system, names = case.soma.system, list(pair.states)
    with jax.enable_x64(True):
        shape = (case.steps,)
        p = Values({name: jnp.full(shape, value) for name, value in case.p.items()})
        begun = Values({name: jnp.asarray(pair.states[name]) for name in names})
        step = jax.jit(lambda p, s, current: solver.step(system, p, s, current, jnp.asarray(case.dt))[0])
        ended = step(p, begun, jnp.asarray(case.current))
    return max(float(relative(np.asarray(ended[k])[:-1], pair.states[k][1:]).max(initial=0)) for k in names)
