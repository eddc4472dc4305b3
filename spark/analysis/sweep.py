"""One neuron at many points of its parameters, all of them units of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..simulation import simulate
from ..simulation.asked import positive
from ..simulation.diverged import NonFinite
from ..simulation.progress import Progress
from ..solvers import Solver
from ..stimuli import Stimulus
from .curves import steady_rate
from .patterns import classify
from .variants import Subject

IMPOSSIBLE = "impossible"
"""The pattern of a point that is not valid."""
LEAST = 8
"""Fewest units of a padded sweep."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """The spikes of one neuron at many points; arrays and lists have one entry for each.

    A point that is not valid has no spikes, NaN in every number and the pattern "impossible".

    Attributes:
        points: the values by field.
        valid: bool; False where a value is outside its bounds, two contradict each other, the time step is too long
            for the solver, or the run turned non-finite.
        trains: spike times of the whole run, ms.
        window: in which spikes are counted, ms, at the neuron's own values.
        windows: the same for each point, shape (points, 2): it moves with the stimulus where that is swept.
        duration: length of the run, ms.
        noisy: whether the stimulus is random, see `classify`.
    """

    points: dict[str, np.ndarray]
    valid: np.ndarray
    trains: list[np.ndarray]
    window: tuple[float, float]
    windows: np.ndarray
    duration: float
    noisy: bool = False

    def __len__(self) -> int:
        return len(self.trains)

    def take(self, rows: slice, *fields: str) -> Sweep:
        """Some of the points, with the values of these fields, all when none is named."""
        return Sweep(
            points={name: values[rows] for name, values in self.points.items() if not fields or name in fields},
            valid=self.valid[rows],
            trains=self.trains[rows],
            window=self.window,
            windows=self.windows[rows],
            duration=self.duration,
            noisy=self.noisy,
        )

    @cached_property
    def inside(self) -> list[np.ndarray]:
        """The spike times within the window, ms."""
        return [t[(t >= low) & (t <= high)] for t, (low, high) in zip(self.trains, self.windows, strict=True)]

    @cached_property
    def spike_count(self) -> np.ndarray:
        """Number of spikes within the window, float (NaN where not valid)."""
        return self._known([float(t.size) for t in self.inside])

    @cached_property
    def rate(self) -> np.ndarray:
        """Spikes per second within the window, Hz."""
        return 1000.0 * self.spike_count / (self.windows[:, 1] - self.windows[:, 0])

    @cached_property
    def latency(self) -> np.ndarray:
        """Time from the beginning of the window to the first spike in it, ms; NaN where there is none."""
        return np.array(
            [t[0] - low if t.size else np.nan for t, low in zip(self.inside, self.windows[:, 0], strict=True)]
        )

    @cached_property
    def first_rate(self) -> np.ndarray:
        """1000 / (first interval in ms) within the window, Hz; 0 where there are fewer than two spikes."""
        return self._known([1000.0 / (t[1] - t[0]) if t.size > 1 else 0.0 for t in self.inside])

    @cached_property
    def steady_rate(self) -> np.ndarray:
        """1000 / (mean of the intervals that end in the window's second half), Hz; 0 where the train has stopped.

        The rate of `curves.steady_rate`, which says when that is.
        """
        pairs = zip(self.inside, self.windows, strict=True)
        return self._known([steady_rate(t, (low + high) / 2, high) for t, (low, high) in pairs])

    @cached_property
    def patterns(self) -> list[str]:
        """The firing pattern in words, such as "tonic" or "delayed bursting": see `classify`."""
        rows = zip(self.trains, self.windows, self.valid, strict=True)
        return [str(classify(t, *window, noisy=self.noisy)) if valid else IMPOSSIBLE for t, window, valid in rows]

    def _known(self, values: list[float]) -> np.ndarray:
        return np.where(self.valid, values, np.nan)


def sweep(
    soma: Soma,
    stimulus: Stimulus | CurrentArray | ArrayLike,
    points: Mapping[str, ArrayLike],
    *,
    duration: float | None = None,
    dt: float | None = None,
    solver: Solver | None = None,
    window: tuple[float, float] | None = None,
    initial: Mapping[str, Any] | None = None,
    progress: Progress = None,
    pad: bool = True,
) -> Sweep:
    """Simulate one neuron at many points: soma and stimulus with point k's values, everything else as it is.

    All points are units of one run that records nothing but spikes. Noise is the same for every point, that of a run
    of one neuron, so that points differ by their values alone. A point is that neuron's own run but for rounding: XLA
    may round alone and in a population differently.

    Args:
        soma: the soma; where it stands for a population, its first unit.
        stimulus: the stimulus, or pA as an array of shape (steps,).
        points: equally long arrays of values by field: "resistance" of the soma, "stimulus.amplitude", or
            "stimulus.1.amplitude" for part 1 of a sum.
        duration: length of the run, ms; as for `simulate` when None. Another number of steps compiles again.
        dt: time step, ms; the soma's own when None.
        solver: the soma's own when None.
        window: (start, end) in ms in which spikes are counted; while the stimulus is on when None.
        initial: state variables by name, a number for all points; each point's resting state when None.
        progress: as in `simulate`.
        pad: fill the population up to one of a few sizes (8, 12, 16, 24, 32, 48, ...), so that another number of points
            mostly does not compile again.

    Raises:
        TypeError, ValueError: as `simulate`; no points, a field that is not there, lengths that differ. Values that are
            illegal raise nothing: those points are not `valid`.
    """
    subject = Subject.of(soma, stimulus)
    values = _checked(subject, points)
    size = len(next(iter(values.values())))
    solver = subject.soma.config.solver if solver is None else solver
    dt = positive("dt", "ms", subject.soma.config.dt if dt is None else dt)
    steps = subject.steps(duration, dt)
    units = padded(size) if pad else size
    valid = subject.legal(values, size)
    if valid.any():
        population = subject.varied(_filled(values, valid, size))
        valid &= population.stable(solver, initial, size, dt)
    trains = [np.empty(0) for _ in range(size)]
    if valid.any():
        population = subject.varied(_filled(values, valid, units))
        try:
            run = simulate(
                population.soma,
                population.current,
                duration=steps * dt,
                dt=dt,
                solver=solver,
                units=units,
                record=(),
                initial=initial,
                progress=progress,
            )
        except NonFinite as error:
            run = error.recording
            valid &= ~error.units[:size]
        trains = [train if good else empty for train, good, empty in zip(run.spike_times, valid, trains, strict=False)]
    noisy = valid.any() and any(part.noisy for part in population.parts)
    windows = subject.windows(values, size, steps * dt)
    own = subject.windows({}, 1, steps * dt)[0]
    if window is not None:
        own = np.array(_ordered(window))
        windows = np.tile(own, (size, 1))
    return Sweep(values, valid, trains, (float(own[0]), float(own[1])), windows, steps * dt, bool(noisy))


def padded(size: int) -> int:
    """The next of 8, 12, 16, 24, 32, 48, 64, ...: at most a half more."""
    if size <= LEAST:
        return LEAST
    power = 1 << (size - 1).bit_length()
    return 3 * power // 4 if size <= 3 * power // 4 else power


def _checked(subject: Subject, points: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    """The points as float64 arrays, or an error that says what is wrong with them."""
    values = {}
    for field, given in points.items():
        subject.find(field)
        values[field] = np.array(given, float)
        if values[field].ndim != 1:
            raise ValueError(f"the points of {echo(field)} must have shape (points,), not {values[field].shape}.")
    sizes = {field: len(array) for field, array in values.items()}
    if not sizes or not min(sizes.values()):
        raise ValueError("a sweep needs at least one field with at least one value.")
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{field} {size}" for field, size in sizes.items())
        raise ValueError(f"every field needs one value for each point, got {told}.")
    return values


def _filled(values: dict[str, np.ndarray], valid: np.ndarray, units: int) -> dict[str, np.ndarray]:
    """The values for so many units: the first valid point stands where there is none."""
    first = int(np.argmax(valid))
    rows = np.full(units, first)
    rows[: valid.size] = np.where(valid, np.arange(valid.size), first)
    return {field: array[rows] for field, array in values.items()}


def _ordered(window: tuple[float, float]) -> tuple[float, float]:
    start, end = window
    if not end > start:
        raise ValueError(f"the window must end after it starts, got {start:g} to {end:g} ms.")
    return float(start), float(end)
