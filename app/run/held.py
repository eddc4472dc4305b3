"""What the runs of all visitors of this process hold in memory, and whether another one finds room.

A run counts from the moment it is asked for until the page shows another, or is closed. What is counted is what was
recorded, not what the process has taken from the system: memory that is free again may stay with the process.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache

import jax

from spark import Recording
from spark.simulation.simulate import variables

from .. import limits
from ..numbers import neurons
from ..session.job import Job
from ..session.limits import MAX_TRACES

SPIKE = 40
"""Bytes of one: step, unit and offset, and its time in the order of the units, which a picture asks for."""
TIME = 8
"""Bytes of a sample's time."""
USUAL_RATE = 0.05
"""Spikes of a neuron in a millisecond where nothing has run yet; what turns out to be more counts from then on."""
MEGABYTE = 1_000_000
REMEDY = "shorten the duration, lengthen the time step or use fewer neurons"


def expected(job: Job) -> int:
    """Bytes that this run will hold, as it is padded, as near as that can be said before."""
    (steps, units), traces = job.padded, len(variables(type(job.soma)))
    sample = jax.dtypes.canonicalize_dtype(float).itemsize
    return round(steps * (sample * traces * min(units, MAX_TRACES) + TIME + SPIKE * USUAL_RATE * job.dt * units))


def taken(recording: Recording) -> int:
    """Bytes that a run holds."""
    traces = sum(values.nbytes for values in recording.recorded.values())
    return traces + TIME * recording.steps + SPIKE * recording.spike_count


class Held:
    """Counts for one process.

    Args:
        most: bytes that the runs of all visitors may hold.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._shown: dict[Hashable, int] = {}
        self._asked: dict[Hashable, int] = {}

    @property
    def bytes(self) -> int:
        """What they hold, those under way included."""
        return sum(map(self._of, self._shown.keys() | self._asked.keys()))

    def ask(self, visitor: Hashable, job: Job) -> None:
        """Count the run that a visitor asks for, beside the one that the page shows until then.

        Raises:
            ValueError: there is no room for it; says how to make it smaller.
        """
        needed, own = expected(job), self._most // limits.RUNS_SHARE
        if needed > own:
            raise ValueError(f"{_about(job)}, and this server has {_megabytes(own)} for one visitor: {REMEDY}.")
        if (
            needed > limits.RUNS_SMALL
        ):  # others are counted for these alone: a hand's ordinary move does not wait for it
            others = self.bytes - self._of(visitor)
            if others + self._shown.get(visitor, 0) + needed > self._most:
                raise ValueError(
                    f"{_about(job)}, and the runs of all other visitors take {_megabytes(others)} of this server's "
                    f"{_megabytes(self._most)} now: {REMEDY}, or try again later."
                )
        self._asked[visitor] = needed

    def show(self, visitor: Hashable, recording: Recording, ended: bool = True) -> None:
        """The page shows this run, the one before is gone; `ended`: it is the last one that was asked for."""
        self._shown[visitor] = taken(recording)
        if ended:
            self._asked.pop(visitor, None)

    def drop(self, visitor: Hashable) -> None:
        """The run that was asked for comes to nothing."""
        self._asked.pop(visitor, None)

    def leave(self, visitor: Hashable) -> None:
        """The visit has ended."""
        self._shown.pop(visitor, None)
        self._asked.pop(visitor, None)

    def _of(self, visitor: Hashable) -> int:
        return self._shown.get(visitor, 0) + self._asked.get(visitor, 0)


@cache
def held() -> Held:
    """That of this process."""
    return Held(MEGABYTE * limits.number(limits.RUNS))


def _about(job: Job) -> str:
    size = _megabytes(expected(job))
    return f"A run of {job.steps:,} steps × {neurons(job.units)} takes about {size} of memory"


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / MEGABYTE)):,} MB"
