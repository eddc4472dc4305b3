"""The honesty meter: the first neuron again at half the time step and in float64, and how far its spikes move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from spark import Recording, simulate

from ..session.job import Job

AMBER = 0.1
"""Largest difference of a spike time, ms, that is not worth a warning."""


@dataclass(frozen=True)
class Accuracy:
    """How the run compares with its shadow.

    Attributes:
        shadow: the first neuron at half the step, in float64.
        difference: largest difference of a spike time, ms; None when the number of spikes changes.
        level: "good", "amber" or "red".
        value: the difference in words, and its unit.
        why: for the tooltip: what was found and, unless it is good, whether step or precision is at fault.
    """

    shadow: Recording
    difference: float | None
    level: str
    value: tuple[str, str]
    why: str


def again(job: Job, recording: Recording, parts: int) -> Recording:
    """The first neuron of a run in float64, with its own parameters and current, each step in so many parts."""
    first = recording.parameters_of()
    current = np.zeros(parts * job.padded[0])  # as long as every run of this length, so that it compiles once
    held = np.repeat(recording.recorded["current"][:, 0], parts)
    current[: held.size] = held
    with jax.enable_x64(True):  # for this thread
        config = job.soma.config.copy(**first, dt=job.dt / parts, dtype=None)
        soma = type(job.soma)(config)
        whole = simulate(soma, current, units=1, record=("potential", "threshold"), initial=job.initial)
    return whole.head(held.size, 1)


def farthest(one: Recording, other: Recording) -> float:
    """The largest difference of a spike time of the first neuron, ms; infinite where the numbers of spikes differ."""
    mine, theirs = one.spike_times[0], other.spike_times[0]
    return float(np.max(np.abs(mine - theirs), initial=0.0)) if mine.size == theirs.size else math.inf


def accuracy(job: Job, recording: Recording) -> Accuracy:
    """Run the shadow and compare: amber above 0.1 ms, red when the number of spikes changes."""
    shadow = again(job, recording, 2)
    difference = farthest(recording, shadow)
    if difference <= AMBER:
        shown = f"{difference:.3f}" if difference >= 0.001 else "< 0.001"
        why = f"At half the time step, in float64, no spike of the first neuron moves by more than {difference:.2g} ms."
        return Accuracy(shadow, difference, "good", (shown, "ms"), why)
    wide = again(job, recording, 1)
    if farthest(recording, wide) <= farthest(wide, shadow):
        fault = "The time step is at fault: a shorter one helps."
    else:
        fault = "The precision (float32) is at fault: a longer time step helps, a shorter one does not."
    mine, finer = recording.spike_times[0].size, shadow.spike_times[0].size
    if mine != finer:
        why = f"At half the time step, in float64, the first neuron fires {finer} spikes in place of {mine}. {fault}"
        return Accuracy(shadow, None, "red", (f"{mine} or {finer}", "spikes"), why)
    why = f"At half the time step, in float64, spikes of the first neuron move by up to {difference:.2g} ms. {fault}"
    return Accuracy(shadow, difference, "amber", (f"{difference:.3f}", "ms"), why)


UNKNOWN = {"label": "time-step error", "value": "…", "unit": "", "level": "", "why": "Measured when the hand rests."}
"""The meter of a run that has not been measured."""


def readout(found: Accuracy) -> dict[str, Any]:
    """The meter for the strip of read-outs."""
    return {
        "label": "time-step error",
        "value": found.value[0],
        "unit": found.value[1],
        "level": found.level,
        "why": found.why + " Click to draw that run over this one.",
    }
