"""What the mystery neuron answers to a stimulus: its spikes, and its potential as it is measured. Never its values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spark import Recording
from spark.analysis import coincidence_factor
from spark.stimuli import Stimulus

from ..session.job import Job
from .puzzle import Puzzle
from .seal import entropy

PRECISION = 2.0
"""How far apart two spikes may be and still coincide, ms."""
SPARSE = 8
"""Coincidences are looked for within so small a part of the mean interval, where that is less."""
ONE = "The mystery is one neuron: set the number of neurons to 1, and measure again."
LONG = "This run takes too long to be measured: shorten it, or lengthen the time step."
WILD = "The mystery cannot be measured so: take a weaker stimulus, or a smaller time step."


class Unmeasurable(ValueError):
    """A stimulus under which the neuron cannot be run; says what to do, and nothing of the neuron."""


@dataclass(frozen=True)
class Experiment:
    """A stimulus under which the neuron was measured.

    Attributes:
        stimulus: the stimulus.
        dt: time step, ms.
        steps: length of the run in time steps.
    """

    stimulus: Stimulus
    dt: float
    steps: int

    @classmethod
    def of(cls, job: Job) -> Experiment:
        """The experiment that a run of the page is.

        Raises:
            Unmeasurable: it has several neurons, or takes long.
        """
        if job.units != 1:
            raise Unmeasurable(ONE)
        if job.long:
            raise Unmeasurable(LONG)
        return cls(job.stimulus, job.dt, job.steps)

    def run(self, puzzle: Puzzle, values: Mapping[str, float] | None = None) -> Recording:
        """The run of the neuron from rest, or of what it would be with other values.

        Raises:
            Unmeasurable: it cannot be run; the reason, which would tell of the values, stays here.
        """
        try:
            soma = puzzle.soma(dt=self.dt, **values or {})
            return Job(soma, self.stimulus, self.dt, self.steps, 1, {}).run()
        except (ValueError, TypeError, ArithmeticError):
            raise Unmeasurable(WILD) from None


@dataclass(frozen=True)
class Response:
    """What was measured. Its representation does not tell the run, which knows the values.

    Attributes:
        key: of the current that was injected, see `key_of`.
        spikes: spike times, ms.
        potential: at each sample, with the noise of the measurement, mV.
        recording: the run, by whose time axis it is drawn.
    """

    key: str
    spikes: np.ndarray
    potential: np.ndarray
    recording: Recording = field(repr=False)

    def distance(self, recording: Recording) -> tuple[float, int]:
        """How near a run of the same current comes: coincidence factor Gamma, and its number of spikes."""
        spikes = recording.spike_times[0]
        return gamma(self.spikes, spikes, recording.duration), len(spikes)


def key_of(recording: Recording) -> str:
    """What tells the current of a run's first neuron from every other: a current that is measured once is known."""
    current = np.ascontiguousarray(recording.recorded["current"][:, 0], np.float32)
    return hashlib.sha256(current.tobytes() + np.float64(recording.dt).tobytes()).hexdigest()


def measure(puzzle: Puzzle, experiment: Experiment) -> Response:
    """Run the neuron, and measure it: the same stimulus gives the same noise, so that nobody averages it away.

    Raises:
        Unmeasurable: it cannot be run with this stimulus.
    """
    recording = experiment.run(puzzle)
    key, contents = key_of(recording), puzzle.contents
    noise = np.random.default_rng(entropy(contents.level, contents.seed, int(key, 16)))
    clean = np.asarray(recording.potential[:, 0], float)
    measured = clean + noise.normal(0.0, contents.noise, clean.size)
    return Response(key, np.array(recording.spike_times[0]), measured, recording)


def gamma(data: np.ndarray, model: np.ndarray, duration: float) -> float:
    """The coincidence factor of two spike trains; within less than `PRECISION` where the model fires fast."""
    fine = duration / (SPARSE * max(len(model), 1))
    return coincidence_factor(data, model, duration, precision=min(PRECISION, fine))
