"""The honesty meter: the first neuron again at half the time step, and how far its spikes move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from spark import Recording, simulate

from ..session.job import Job

AMBER = 0.1
"""Largest difference of a spike time, ms, that is not worth a warning."""


@dataclass(frozen=True)
class Accuracy:
    """How the run compares with its shadow.

    Attributes:
        shadow: the first neuron at half the step.
        difference: largest difference of a spike time, ms; None when the number of spikes changes.
        level: "good", "amber" or "red".
        value: the difference in words, and its unit.
        why: a sentence for the tooltip.
    """

    shadow: Recording
    difference: float | None
    level: str
    value: tuple[str, str]
    why: str


def shadow_of(job: Job, recording: Recording) -> Recording:
    """The first neuron of a run, with its own parameters and its own current, at half the time step."""
    soma = job.soma
    first = recording.parameters_of()
    config = soma.config.copy(**first, dt=job.dt / 2)
    current = np.zeros(2 * job.padded[0])  # as long as every run of this length, so that it compiles once
    held = np.repeat(recording.recorded["current"][:, 0], 2)
    current[: held.size] = held
    whole = simulate(type(soma)(config), current, units=1, record=("potential", "threshold"), initial=job.initial)
    return whole.head(held.size, 1)


def accuracy(job: Job, recording: Recording) -> Accuracy:
    """Run the shadow and compare: amber above 0.1 ms, red when the number of spikes changes."""
    shadow = shadow_of(job, recording)
    mine, finer = recording.spike_times[0], shadow.spike_times[0]
    if mine.size != finer.size:
        return Accuracy(
            shadow,
            None,
            "red",
            (f"{mine.size} or {finer.size}", "spikes"),
            f"At half the time step the first neuron fires {finer.size} spikes in place of {mine.size}.",
        )
    difference = float(np.max(np.abs(mine - finer), initial=0.0))
    shown = f"{difference:.3f}" if difference >= 0.001 else "< 0.001"
    level = "amber" if difference > AMBER else "good"
    why = f"At half the time step no spike of the first neuron moves by more than {difference:.2g} ms."
    return Accuracy(shadow, difference, level, (shown, "ms"), why)


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
