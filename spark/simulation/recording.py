"""What a run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..nn.components.somas import Soma, SomaConfig
    from ..solvers import Solver

RECORDABLE = ("potential", "threshold", "adaptation", "recovery", "current")


@dataclass(frozen=True, eq=False, repr=False)
class Recording:
    """A run of `spark.simulate`.

    Sample k of a variable is its value at `time[k]` = k dt, the beginning of step k; `current[k]` is held over that
    step, and `spikes[k]` says whether a spike fell into it.

    Attributes:
        soma: the soma, with a copy of its config as it was.
        solver: the solver used.
        dt: time step, ms.
        spikes: bool, shape (steps, units).
        offsets: how many ms after the beginning of its step each spike came, same shape, 0 where there is none.
        parameters: the values that were used, one per unit, by name: what initializers drew.
        final: state variables after the last step, by name: `initial` of a run that goes on.
    """

    soma: Soma
    solver: Solver
    dt: float
    spikes: np.ndarray
    offsets: np.ndarray
    parameters: dict[str, np.ndarray] = field(repr=False)
    final: dict[str, np.ndarray] = field(repr=False)
    recorded: dict[str, np.ndarray] = field(repr=False)

    @property
    def config(self) -> SomaConfig:
        """The soma's config as it was."""
        return self.soma.config

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return int(self.spikes.shape[0])

    @property
    def units(self) -> int:
        """Number of units."""
        return int(self.spikes.shape[1])

    @property
    def duration(self) -> float:
        """Length of the run, ms."""
        return self.steps * self.dt

    @cached_property
    def time(self) -> np.ndarray:
        """Time of each sample, ms, shape (steps,), float64."""
        return np.arange(self.steps) * self.dt

    @cached_property
    def spike_times(self) -> list[np.ndarray]:
        """Spike times in ms with sub-step precision, one sorted float64 array per unit."""
        unit, step = np.nonzero(self.spikes.T)
        times = step * self.dt + self.offsets[step, unit].astype(float)
        return np.split(times, np.searchsorted(unit, np.arange(1, self.units)))

    def __repr__(self) -> str:
        return (
            f"Recording({type(self.soma).__name__}, {self.steps} steps of {self.dt:g} ms, {self.units} units, "
            f"{int(self.spikes.sum())} spikes, recorded: {', '.join(self.recorded)}, {self.solver})"
        )

    def head(self, steps: int, units: int, traces: int | None = None) -> Recording:
        """A copy of the first `steps` steps of the first `units` units, traces of the first `traces` units only.

        It has no final state unless every step is kept.
        """
        whole = steps >= self.steps
        return replace(
            self,
            spikes=self.spikes[:steps, :units].copy(),
            offsets=self.offsets[:steps, :units].copy(),
            parameters={name: value[:units] for name, value in self.parameters.items()},
            final={name: value[:units] for name, value in self.final.items()} if whole else {},
            recorded={name: v[:steps, : min(units, traces or units)].copy() for name, v in self.recorded.items()},
        )

    def __getattr__(self, name: str) -> Any:
        recorded = self.__dict__.get("recorded", {})
        if name in recorded:
            return recorded[name]
        if name in RECORDABLE:
            raise AttributeError(f"{name} was not recorded: ask for it with simulate(..., record=({name!r},)).")
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
