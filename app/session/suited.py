"""Stimuli that suit a neuron: with the library's own values many would do nothing to it."""

from __future__ import annotations

import contextlib
import math

import numpy as np

from spark.analysis import phase_plane
from spark.core.quantity import Quantity
from spark.stimuli import Array, PoissonSynapses, PulseTrain, Stimulus
from spark.stimuli.base import Windowed

from .job import Job

USUAL, FAR = 375.0, 1.5
"""Rheobase of the neuron that the declared currents are made for, pA; they are scaled for one whose rheobase differs by
more than this factor."""
ABOVE, STRONG = 1.1, 1.6
"""Mean of Poisson input, and what a pulse takes the potential to, beside what just fires."""
STAIRS = (0.0, 0.5, 1.0, 1.5, 2.0)
"""An array to begin with, in such currents: a staircase over the run."""
ONSET, LENGTH = 0.1, 0.8
"""Parts of the run."""
TYPICAL = 0.6
"""Part of a preset's strongest current that other stimuli begin with, where its rheobase is below."""


def answered(job: Job) -> float:
    """A current, pA, that the first neuron of a run answers: its rheobase, or a part of its strongest current."""
    values = {name: float(value[0]) for name, value in job.soma.drawn((1,)).items()}
    least = None
    with contextlib.suppress(ValueError, TypeError):  # it may have no plane
        least = phase_plane.rheobase(type(job.soma), values).current
    strongest = float(job.stimulus.sample(job.steps, job.dt).max())
    return max(least or 0.0, TYPICAL * strongest) or USUAL


def suited(kind: type[Stimulus], least: float, tau: float | None, run: float) -> Stimulus:
    """A stimulus of this kind that a neuron answers.

    Args:
        kind: which.
        least: a current that it answers, such as its rheobase, pA.
        tau: its membrane time constant, ms.
        run: how long the run is, ms.
    """
    new = kind()
    scale = least / USUAL
    if not 1 / FAR <= scale <= FAR:
        for name, quantity in new.quantities().items():
            if isinstance(quantity, Quantity) and quantity.unit == "pA":
                setattr(new, name, _round(getattr(new, name) * scale))
    if isinstance(new, Windowed):
        new.onset, new.duration = ONSET * run, LENGTH * run
    if isinstance(new, PoissonSynapses):
        inhibition = new.inhibitory_rate * new.inhibitory_tau * new.inhibitory_weight
        rate = new.excitatory_rate * new.excitatory_tau
        new.excitatory_weight = _round((1000 * ABOVE * least + inhibition) / rate)
    elif isinstance(new, PulseTrain) and tau is not None:
        reached = 1 - math.exp(-new.width / tau)
        new.amplitude = max(new.amplitude, _round(STRONG * least / reached))
    elif isinstance(new, Array):
        new.samples = np.array([_round(stair * least) for stair in STAIRS])
        new.interval = run / len(STAIRS)
    return new


def _round(current: float) -> float:
    return float(f"{current:.2g}")
