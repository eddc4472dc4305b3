"""Steps of current in a sweep: from where to where, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..io import Sweep

LEAST = 3.0
"""Times the noise of a recorded current by which it must move to have moved."""
FINEST = 1.0
"""pA that a step has at least."""
SMOOTHED = 1.0
"""ms over which a current is averaged when edges are looked for."""


@dataclass(frozen=True)
class CurrentStep:
    """A stretch of constant current after another one.

    Attributes:
        onset, end: its first sample, and the one after its last.
        before: the first sample of the stretch before it.
        current: pA, its median.
        change: pA, from the stretch before.
        holding: pA, of the first stretch of the sweep.
        noise: pA, by which the current scatters within its two stretches.
    """

    onset: int
    end: int
    before: int
    current: float
    change: float
    holding: float
    noise: float


def steps_of(sweep: Sweep) -> list[CurrentStep]:
    """The steps of its current, in the order of time; none where it is not known, or moves all the time."""
    if sweep.current is None or sweep.dt is None:
        return []
    edges = _edges(sweep.current, max(1, round(SMOOTHED / sweep.dt)))
    parts = [slice(begin, end) for begin, end in pairwise(edges)]
    levels = [float(np.median(sweep.current[part])) for part in parts]
    noise = [float(np.std(sweep.current[part])) for part in parts]
    return [
        CurrentStep(
            part.start,
            part.stop,
            before.start,
            levels[k + 1],
            levels[k + 1] - levels[k],
            levels[0],
            max(noise[k : k + 2]),
        )
        for k, (before, part) in enumerate(pairwise(parts))
    ]


def _edges(current: np.ndarray, width: int) -> list[int]:
    """Where stretches of constant current begin, and the end of the last one."""
    ends = [0, current.size]
    if current.size < 4 * width:
        return ends
    sums = np.concatenate([[0.0], np.cumsum(current)])
    means = (sums[width:] - sums[:-width]) / width  # of the samples from k on
    moved = np.abs(means[width:] - means[:-width])  # at k: after k + width from before it
    noise = 1.4826 * float(np.median(np.abs(moved - np.median(moved))))
    large = np.flatnonzero(moved > max(FINEST, LEAST * 2 * noise))
    if not large.size:
        return ends
    groups = np.split(large, np.flatnonzero(np.diff(large) > width) + 1)
    places = [int(group[np.argmax(moved[group])]) + width for group in groups]
    return [0, *(_exactly(current, place, width) for place in places), current.size]


def _exactly(current: np.ndarray, place: int, width: int) -> int:
    """The edge near a place, to the sample: before it lie as many as are nearer to the level before."""
    before, after = (float(np.mean(part)) for part in (current[place - width : place], current[place : place + width]))
    near = current[place - width : place + width]
    return place - width + int(np.count_nonzero(np.abs(near - before) < np.abs(near - after)))
