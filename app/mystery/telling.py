"""Which hidden values can be told from the stimuli that were used: how far what is measured moves with each of them.

Spike times and potentials of the neuron are differentiated by its hidden values, by central differences. Divided by
what can be told apart in a measurement they are a Jacobian J without a unit, and the values can be had to within
standard deviations that are the roots of the diagonal of (J^T J)^-1 (the bound of Cramer and Rao), here from the
singular values of J: a value along whose direction nothing moves has an infinite one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spark import Recording

from .puzzle import Puzzle
from .response import Experiment

STEP = 2e-3
"""Of the differences, in the unit of a quantity's errors: small enough for no spike to come or go, and large beside the
digits of single precision."""
TIME, POTENTIAL = 0.5, 0.5
"""What can be told apart in a plot, ms and mV; the noise of the measurement comes on top."""
EVERY = 5.0
"""Potentials are looked at so often, ms."""
GUARD = 2.0
"""And not so close to a spike, ms."""
FAR = 5.0
"""Spikes of variants that are further apart, ms, are not the same spike."""
TOLD = 0.1
"""A value can be told where it can be had to within this part of the unit of its errors."""
PART = 0.3
"""Components of a direction from which on a value has a part in it."""


@dataclass(frozen=True)
class Told:
    """What can be said of one value.

    Attributes:
        name: of the quantity.
        error: to within what it can be had, in the unit of its errors.
        apart: the other values of the direction along which nothing moves; none where it can be told, or where nothing
            depends on it.
    """

    name: str
    error: float
    apart: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether it can be told."""
        return self.error <= TOLD


def told(puzzle: Puzzle, experiments: Iterable[Experiment]) -> dict[str, Told]:
    """By name, whether each hidden value can be told from these experiments together.

    Raises:
        Unmeasurable: the neuron cannot be run under one of them.
    """
    names = list(puzzle.hidden)
    rows = [np.zeros((len(names), len(names))), *(jacobian(puzzle, one) for one in experiments)]
    _, sizes, directions = np.linalg.svd(np.concatenate(rows), full_matrices=False)
    return {name: _told(at, names, sizes, directions) for at, name in enumerate(names)}


def _told(at: int, names: list[str], sizes: np.ndarray, directions: np.ndarray) -> Told:
    shares = np.abs(directions[:, at]) / np.maximum(sizes, 1e-9)
    error = float(np.linalg.norm(shares))
    if error <= TOLD:
        return Told(names[at], error)
    along = np.abs(directions[int(np.argmax(shares))])
    others = tuple(name for name, part in zip(names, along, strict=True) if part > PART and name != names[at])
    return Told(names[at], error, others)


def jacobian(puzzle: Puzzle, experiment: Experiment) -> np.ndarray:
    """How far each spike time and potential moves with each hidden value, (measured, values), without a unit."""
    level, noise = puzzle.level, puzzle.contents.noise
    pairs = []
    for name, true in puzzle.hidden.items():
        step = STEP * level.scale(name, true)
        pairs.append([experiment.run(puzzle, {name: true + sign * step}) for sign in (1, -1)])
    runs = [run for pair in pairs for run in pair]
    count, end = _alike(runs)
    seen = _quiet(runs, end)
    columns = []
    for more, less in pairs:
        times = more.spike_times[0][:count] - less.spike_times[0][:count]
        potential = np.asarray(more.potential[seen, 0], float) - np.asarray(less.potential[seen, 0], float)
        columns.append(np.concatenate([times / TIME, potential / np.hypot(POTENTIAL, noise)]) / (2 * STEP))
    return np.stack(columns, axis=1)


def _alike(runs: list[Recording]) -> tuple[int, float]:
    """How many spikes all runs have in common, and until when they are alike, ms."""
    least = min(len(run.spike_times[0]) for run in runs)
    times = np.stack([run.spike_times[0][:least] for run in runs])
    apart = np.flatnonzero(np.ptp(times, axis=0) > FAR)
    count = int(apart[0]) if apart.size else least
    next_ones = [run.spike_times[0][count] for run in runs if len(run.spike_times[0]) > count]
    return count, float(min(next_ones, default=runs[0].duration))


def _quiet(runs: list[Recording], end: float) -> np.ndarray:
    """Samples at which potentials are compared: before `end`, and far from every spike."""
    every = max(1, round(EVERY / runs[0].dt))
    samples = np.arange(0, runs[0].steps, every)
    times = samples * runs[0].dt
    spikes = np.concatenate([run.spike_times[0] for run in runs])
    near = np.array([np.min(np.abs(spikes - time), initial=np.inf) <= GUARD for time in times], bool)
    return samples[~near & (times < end - GUARD)]
