"""A run that cannot be believed: why, in one sentence, and the one change that most likely mends it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from spark import Recording
from spark.simulation.diverged import NonFinite, TooLong, strayed

from ..numbers import number
from ..session.job import Job

USUAL = 0.1
"""Time step that every model takes with its usual values, ms."""
SHARE = 0.5
"""Part of the longest time step that is proposed."""
NICE = (5.0, 2.0, 1.0)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a run.

    Attributes:
        words: in one sentence.
        remedy: values by their rows' keys that most likely mend it; {} where none is known.
        label: of the button that sets them.
    """

    words: str
    remedy: dict[str, Any]
    label: str = ""

    @property
    def line(self) -> dict[str, Any] | None:
        """For the strip."""
        return {"label": self.label, "values": self.remedy} if self.remedy else None


def failed(error: Exception, job: Job) -> Trouble | None:
    """A run that raised because time is resolved too coarsely, or grew without bound; None for any other error."""
    if isinstance(error, TooLong):
        return Trouble(str(error), *_shorter(_nice(SHARE * error.limit)))
    if not isinstance(error, NonFinite):
        return None
    when = "" if error.when is None else f" at {number(error.when, 4)} ms"
    who = "" if job.units == 1 else f" in neuron {int(np.flatnonzero(error.units)[0]) + 1}"
    return _grown(f"The run diverged{when}{who}", job)


def runaway(recording: Recording, job: Job) -> Trouble | None:
    """A run of which a neuron left every potential of neurons behind, though its numbers are finite."""
    step = recording.every * recording.dt
    stray = strayed(type(job.soma), recording.recorded, recording.traced, recording.final, step)
    if stray is None:
        return None
    when = "" if stray.when is None else f" at {number(stray.when, 4)} ms"
    who = "" if job.units == 1 else f" in neuron {stray.unit + 1}"
    way = "falls" if stray.potential < 0 else "rises"
    return _grown(f"The run diverged{when}{who}: its potential {way} to {stray.potential:.0e} mV", job)


def _grown(said: str, job: Job) -> Trouble:
    solver = job.soma.config.solver
    usual = type(job.soma).config_class.param["solver"].default
    if type(solver) is not type(usual):
        name = type(usual).__name__
        return Trouble(f"{said}: {type(solver).__name__} cannot follow it.", {"solver": name}, f"Use {name}")
    if job.dt > USUAL:
        return Trouble(f"{said}: the time step of {job.dt:g} ms is too long for these values.", *_shorter(USUAL))
    return Trouble(f"{said}: choose values nearer to the defaults, or a shorter time step than {job.dt:g} ms.", {})


def _shorter(dt: float) -> tuple[dict[str, Any], str]:
    return {"config.dt": dt}, f"Use a time step of {dt:g} ms"


def _nice(limit: float) -> float:
    """The next round number below."""
    if limit >= USUAL:
        return USUAL
    decade = 10.0 ** math.floor(math.log10(limit))
    return next(m * decade for m in NICE if m * decade <= limit * (1 + 1e-9))
