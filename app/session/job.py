"""One run, independent of the session that asked for it, and what a run may cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from spark import Recording, simulate
from spark.core.quantity import Drawable
from spark.nn.components.somas import Soma
from spark.simulation.asked import NonFinite
from spark.simulation.simulate import variables
from spark.solvers import Solver
from spark.stimuli import Stimulus

MAX_STEPS = 1_000_000
MAX_WORK = 1_000_000_000
MAX_SPIKES = 10_000_000
"""Most steps, steps x units and spikes of one run: one user must not exhaust the server. They are some 100 MB of
traces, ten seconds or twenty, and 120 MB."""
LONG_WORK = 10_000_000
FEWEST_UNITS = 50
"""Steps x units above which a run takes longer than a tenth of a second or two; a step of fewer units costs no less."""
MAX_TRACES = 10
"""Neurons whose traces are kept; spikes are kept of all."""
USUAL_STEPS, FEW_UNITS = 10_000, 4
"""Runs of a few neurons are never shorter than this: the extra steps take milliseconds, compiling would take longer."""


@dataclass(frozen=True)
class Job:
    """Everything that one run needs."""

    soma: Soma
    stimulus: Stimulus
    dt: float
    steps: int
    units: int
    initial: dict[str, float]

    @property
    def padded(self) -> tuple[int, int]:
        """Steps and units rounded up, so that a moving size slider does not compile at every step."""
        few = self.units <= FEW_UNITS
        return max(rounded_up(self.steps), USUAL_STEPS if few else 0), rounded_up(self.units)

    @property
    def window(self) -> tuple[float, float]:
        """While the stimulus is on, ms."""
        return self.stimulus.window(self.steps * self.dt)

    @property
    def long(self) -> bool:
        """Whether it may take seconds."""
        steps, units = self.padded
        return steps * max(units, FEWEST_UNITS) > LONG_WORK

    @property
    def shape(self) -> tuple[Any, ...]:
        """What decides whether something must be compiled."""
        return type(self.soma), self.soma.config.solver, self.padded, frozenset(map(type, self.stimulus.parts))

    def run(self, progress: Callable[[float], object] | None = None) -> Recording:
        """Simulate; `progress` is told of the part that is done, and may raise to end it."""
        steps, units = self.padded
        try:
            recording = simulate(
                type(self.soma)(self._padded_config(units)),
                self.stimulus,
                duration=steps * self.dt,
                units=units,
                record=variables(type(self.soma)),
                initial=self.initial,
                progress=progress,
                traces=MAX_TRACES,
                events=self._most_spikes,
            )
        except NonFinite as error:  # that may be beyond the end that was asked for
            wanted = error.recording.head(self.steps, self.units, MAX_TRACES)
            if not all(np.isfinite(values).all() for values in wanted.recorded.values()):
                raise
            return wanted
        return recording.head(self.steps, self.units, MAX_TRACES)

    @property
    def _most_spikes(self) -> int:
        """Of the padded run: what fills it up must not count against the visitor, within reason."""
        steps, units = self.padded
        return min(2 * MAX_SPIKES, MAX_SPIKES * steps * units // (self.steps * self.units))

    def with_solver(self, solver: Solver) -> Job:
        """The same with another solver."""
        return replace(self, soma=type(self.soma)(self.soma.config.copy(solver=solver)))

    def _padded_config(self, units: int) -> Any:
        """The config with initializers drawn for the population itself; the units that fill it up repeat the last."""
        config = self.soma.config
        if units == self.units:
            return config
        drawn = config.draw((self.units,), jax.random.key(config.seed), np.float64)
        spread = {k: v for k, v in drawn.items() if isinstance(getattr(config, k), Drawable)}
        return config.copy(**{k: np.pad(v, (0, units - self.units), mode="edge") for k, v in spread.items()})


def steps_of(duration: float, dt: float, units: int) -> int:
    """The number of steps.

    Raises:
        ValueError: the run would be too large for one visitor; says how to make it smaller.
    """
    steps = max(1, round(min(duration / dt, 1e15)))
    if steps > MAX_STEPS or steps * units > MAX_WORK:
        raise ValueError(
            f"{steps:,} steps × {units:,} neurons is more than this server runs at once "
            f"({MAX_STEPS:,} steps, {MAX_WORK:,} steps × neurons): shorten the duration, lengthen the time "
            "step or use fewer neurons."
        )
    return steps


def rounded_up(size: int) -> int:
    """The next of 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, ...: at most a third more."""
    if size <= 6:
        return size
    decade = 10 ** math.floor(math.log10(size))
    return next(math.ceil(m * decade) for m in (1, 1.2, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10) if m * decade >= size)
