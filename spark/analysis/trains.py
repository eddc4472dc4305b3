"""Spike trains as the measures of them take them: of one unit, of several, or of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ..simulation import Recording

Spikes: TypeAlias = "ArrayLike | Sequence[ArrayLike] | Recording"
"""Sorted spike times of one unit, ms; a list of such, one for each unit or trial; or a run, with all of its units."""


def train(name: str, times: ArrayLike) -> np.ndarray:
    """Spike times of one unit, ms, float64.

    Raises:
        ValueError: they are not sorted, or not finite.
    """
    found = np.asarray(times, float)
    if found.ndim != 1 or not np.isfinite(found).all() or np.any(np.diff(found) < 0):
        raise ValueError(f"{name} must be sorted, finite spike times in ms, shape (spikes,).")
    return found


def is_one(spikes: Spikes) -> bool:
    """Whether these are the spike times of one unit, and no list of units."""
    if isinstance(spikes, Recording):
        return False
    return (isinstance(spikes, np.ndarray) and spikes.dtype != object) or all(np.ndim(each) == 0 for each in spikes)  # type: ignore[union-attr]


def trains(spikes: Spikes) -> list[np.ndarray]:
    """The spike times of each unit, ms, float64.

    Raises:
        AttributeError: a run that kept no events.
        ValueError: a train that is not sorted, or not finite.
    """
    if isinstance(spikes, Recording):
        return spikes.spike_times
    if is_one(spikes):
        return [train("spike times", spikes)]  # type: ignore[arg-type]
    return [train(f"spike times of unit {n}", each) for n, each in enumerate(spikes)]  # type: ignore[arg-type]


def window(spikes: Spikes, start: float, end: float | None) -> tuple[float, float]:
    """Where counting begins and ends, ms.

    Raises:
        ValueError: no end, where no run says it, or no length.
    """
    if end is None:
        if not isinstance(spikes, Recording):
            raise ValueError("end is missing, in ms: spike times do not say how long they were looked for.")
        end = spikes.duration
    if not (math.isfinite(start) and math.isfinite(end) and end > start):
        raise ValueError(f"the window must end after it starts, got {start:g} to {end:g} ms.")
    return start, end
