"""What a solution is worth: spikes under stimuli that nobody has seen, and hidden values, where they can be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from spark.analysis import rheobase
from spark.stimuli import OrnsteinUhlenbeck, Ramp, Step, Stimulus

from .puzzle import Puzzle
from .response import Experiment, Unmeasurable, gamma
from .seal import entropy
from .telling import Told, told

DT, LENGTH, ONSET, LASTS = 0.1, 600.0, 50.0, 500.0
"""Of the stimuli that are held out, ms."""
BANDS = ((0.02, 1.0), (0.05, 0.75), (0.1, 0.5), (0.25, 0.25))
"""Errors and what a value within them is worth. A score tells bands and no errors: from those a value would follow."""


@dataclass(frozen=True)
class Spikes:
    """One stimulus that was held out: what it was, coincidence factor, and both numbers of spikes."""

    stimulus: str
    gamma: float
    yours: int
    its: int


@dataclass(frozen=True)
class Value:
    """One value: whether it could be told, and the narrowest band that its error lies in, inf beyond all."""

    told: Told
    band: float

    @property
    def points(self) -> float | None:
        """From 0 to 1; None where it could not be told, which is nobody's fault."""
        return dict(BANDS).get(self.band, 0.0) if self.told.known else None


@dataclass(frozen=True)
class Score:
    """What a solution is worth.

    Attributes:
        spikes: one for each stimulus that was held out.
        values: by name, one for each hidden value.
    """

    spikes: tuple[Spikes, ...]
    values: dict[str, Value]

    @cached_property
    def of_spikes(self) -> float:
        """The mean coincidence factor, at least 0."""
        return max(0.0, float(np.mean([one.gamma for one in self.spikes])))

    @cached_property
    def of_values(self) -> float | None:
        """The mean of the values that can be told; None where none can."""
        points = [one.points for one in self.values.values() if one.points is not None]
        return float(np.mean(points)) if points else None

    @property
    def total(self) -> float:
        """From 0 to 1: half for spikes, half for values; spikes alone where no value can be told."""
        return self.of_spikes if self.of_values is None else (self.of_spikes + self.of_values) / 2


def held_out(puzzle: Puzzle) -> dict[str, Stimulus]:
    """By what they are called, stimuli that suit this neuron and that no link tells."""
    least = rheobase(puzzle.soma()).current
    assert least is not None  # no level has a neuron without one
    timing: dict[str, Any] = {"onset": ONSET, "duration": LASTS}
    seed = entropy(puzzle.contents.level, puzzle.contents.seed, 1) % 2**31
    steps: dict[str, Stimulus] = {
        f"step, {factor:g} × rheobase": Step(amplitude=factor * least, **timing) for factor in (1.2, 1.6, 2.2)
    }
    return steps | {
        "ramp to 2.2 × rheobase": Ramp(start=0.0, end=2.2 * least, **timing),
        "noise about 1.3 × rheobase": OrnsteinUhlenbeck(
            mean=1.3 * least, std=0.6 * least, tau=5.0, seed=seed, **timing
        ),
    }


def score(puzzle: Puzzle, values: Mapping[str, float], experiments: Iterable[Experiment]) -> Score:
    """Score a solution.

    Args:
        puzzle: the neuron.
        values: what is handed in, by name of each hidden quantity.
        experiments: the stimuli from which they were told.

    Raises:
        Unmeasurable: these values cannot be run.
    """
    spikes = tuple(_spikes(puzzle, values, title, one) for title, one in held_out(puzzle).items())
    found = {
        name: Value(one, _band(puzzle.level.error(name, values[name], puzzle.hidden[name])))
        for name, one in told(puzzle, experiments).items()
    }
    return Score(spikes, found)


def _spikes(puzzle: Puzzle, values: Mapping[str, float], title: str, stimulus: Stimulus) -> Spikes:
    experiment = Experiment(stimulus, DT, round(LENGTH / DT))
    its = experiment.run(puzzle).spike_times[0]
    try:
        yours = experiment.run(puzzle, values).spike_times[0]
    except Unmeasurable:
        raise Unmeasurable("Your values cannot be run under all stimuli: choose others, and hand in again.") from None
    return Spikes(title, gamma(its, yours, LENGTH), len(yours), len(its))


def _band(error: float) -> float:
    return next((band for band, _ in BANDS if error <= band), np.inf)
