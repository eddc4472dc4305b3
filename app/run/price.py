"""How long a run will take, from what those of its kind have taken: soma, solver, currents and size decide it."""

from __future__ import annotations

from typing import Any

from ..session.job import Job
from ..session.limits import FEWEST_UNITS
from . import compiled_shapes

USUAL = 2e-8
"""Seconds of one step of one neuron, where nothing of its kind has run yet; what turns out to be longer is moved."""
COMPILING = 0.2
"""Seconds that compiling counts; it takes more, but somebody who waits for it waits for no run of minutes before it."""
FORGET = 1.1
"""A busy machine makes a run dearer than it is: the cheapest one counts, with every other a little less."""
MOST = 10_000
"""Kinds that are remembered; somebody who tries combinations of currents fills no memory."""
_rates: dict[Any, float] = {}


def seconds(job: Job) -> float:
    """What a run of this job will take, s."""
    steps, units = job.padded
    found = steps * _rates.get(_kind(job), USUAL * max(units, FEWEST_UNITS))
    return found if compiled_shapes.ready(job) else max(found, COMPILING)


def note(job: Job, taken: float, part: float = 1.0) -> None:
    """A part of this job has taken so many seconds, without compiling."""
    kind, rate = _kind(job), taken / (part * job.padded[0])
    if len(_rates) >= MOST:
        _rates.clear()
    _rates[kind] = min(FORGET * _rates.get(kind, rate), rate)


def _kind(job: Job) -> tuple[Any, ...]:
    """What decides the price of a step; of each current also whether every neuron gets its own."""
    units = job.padded[1]
    parts = sorted(f"{type(part).__name__} {min(part.columns(units), 2)}" for part in job.stimulus.parts)
    return type(job.soma), job.soma.config.solver, units, tuple(parts)
