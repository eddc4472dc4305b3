"""One run, independent of the session that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import numpy as np

from spark import Recording, simulate
from spark.core.quantity import Drawable
from spark.nn.components.somas import Soma
from spark.nn.initializers import Normal
from spark.simulation.diverged import NonFinite
from spark.simulation.simulate import variables
from spark.solvers import Solver
from spark.stimuli import Stimulus

from .limits import FEWEST_UNITS, LONG_WORK, MAX_SPIKES, MAX_TRACES, rounded_up

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
    def spread(self) -> dict[str, float]:
        """Standard deviation by name of the parameters in which its neurons differ."""
        return {name: value.std for name, value in self.soma.config.values().items() if isinstance(value, Normal)}

    @property
    def padded(self) -> tuple[int, int]:
        """Steps and units rounded up, so that a moving size slider does not compile at every step."""
        few = self.units <= FEW_UNITS
        return max(rounded_up(self.steps), USUAL_STEPS if few else 0), rounded_up(self.units)

    @cached_property
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
