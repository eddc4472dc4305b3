"""The numbers that a run leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from .events import Crowds, Events
from .recorded import Recorded
from .shown import shown
from .statistics import Statistics, Tally

if TYPE_CHECKING:
    from ..nn.components.somas import Soma, SomaConfig
    from ..solvers import Solver


@dataclass(frozen=True, eq=False, repr=False)
class Run(Recorded):
    """The numbers of a run, and what follows from them; `Recording`, which everybody sees, says what each one is."""

    model: Callable[[], Soma]
    solver: Solver
    dt: float
    steps: int
    units: int
    events: Events | None
    parameters: dict[str, np.ndarray]
    final: dict[str, np.ndarray]
    recorded: dict[str, np.ndarray]
    traced: np.ndarray
    every: int
    backend: str
    device: str
    counted: Statistics | None = None

    @cached_property
    def soma(self) -> Soma:
        """The soma, with a copy of its config as it was."""
        return self.model()

    @property
    def config(self) -> SomaConfig:
        """The soma's config as it was."""
        return self.soma.config

    @property
    def duration(self) -> float:
        """Length of the run, ms."""
        return self.steps * self.dt

    @cached_property
    def time(self) -> np.ndarray:
        """Time of each sample, ms, shape (samples,), float64."""
        return np.arange(0, self.steps, self.every) * self.dt

    @cached_property
    def spikes(self) -> np.ndarray:
        """Which units fired in which step: bool, shape (steps, units)."""
        events, dense = self._events(), np.zeros((self.steps, self.units), bool)
        dense[events.step, events.unit] = True
        return dense

    @cached_property
    def offsets(self) -> np.ndarray:
        """How many ms after the beginning of its step each spike came: shape (steps, units), 0 where there is none."""
        events = self._events()
        dense = np.zeros((self.steps, self.units), events.offset.dtype)
        dense[events.step, events.unit] = events.offset
        return dense

    @cached_property
    def spike_times(self) -> list[np.ndarray]:
        """Spike times in ms with sub-step precision, one sorted float64 array per unit."""
        unit, times = self._events().by_unit(self.dt)
        return np.split(times, np.searchsorted(unit, np.arange(1, self.units)))

    @cached_property
    def crowded(self) -> np.ndarray:
        """Which units were to fire more than once within a step: spikes of theirs are missing. Bool, shape (units,).

        A step keeps one spike of each unit. On the grid that is the scheme itself: none.
        """
        crowds = Crowds(self.units)
        if not self.solver.on_grid:
            crowds.add(self._events())
        return crowds.found

    @cached_property
    def statistics(self) -> Statistics:
        """Counts, rates and intervals of every unit, and the population rate; the same with and without events."""
        if self.counted is not None:
            return self.counted
        tally = Tally(self.steps, self.units, self.dt)
        tally.add(self._events())
        return tally.result()

    @property
    def spike_count(self) -> int:
        """Number of all spikes."""
        return int(self.statistics.spike_count.sum()) if self.events is None else self.events.step.size

    def _events(self) -> Events:
        if self.events is None:
            raise AttributeError("no events")  # `Recorded` says it in words
        return self.events

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({type(self.soma).__name__}, {self.steps} steps of {self.dt:g} ms, "
            f"{self.units} units, {self.spike_count} spikes, recorded: {', '.join(self.recorded)}, {self.solver})"
        )

    def _repr_html_(self) -> str:
        return shown(self)

    def parameters_of(self, unit: int = 0) -> dict[str, float]:
        """The values that one unit ran with, by name."""
        return {name: float(values[unit]) for name, values in self.parameters.items()}

    def head(self, steps: int, units: int, traces: int | None = None) -> Self:
        """A copy of the first `steps` steps of the first `units` units, of the first `traces` of their traces.

        It has no final state unless every step is kept.

        Raises:
            ValueError: the run kept no events.
        """
        if self.events is None:
            raise ValueError("a part cannot be taken of a run without events: run it with events=True.")
        whole, samples = steps >= self.steps, -(-steps // self.every)
        columns = np.flatnonzero(self.traced < units)[:traces]
        return replace(
            self,
            steps=min(steps, self.steps),
            units=min(units, self.units),
            events=self.events.head(steps, units),
            parameters={name: value[:units] for name, value in self.parameters.items()},
            final={name: value[:units] for name, value in self.final.items()} if whole else {},
            recorded={name: v[:samples, columns] for name, v in self.recorded.items()},
            traced=self.traced[columns],
        )
