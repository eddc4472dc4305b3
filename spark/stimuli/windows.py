"""When stimuli begin and end, and which part of each time step lies within."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def window_of(
    parts: Sequence[Any], starts: Sequence[Any], ends: Sequence[Any], duration: float
) -> tuple[np.ndarray, np.ndarray]:
    """From the first start to the last end of these parts (ms, numbers or arrays of one shape): `Stimulus.window`."""
    if not parts:
        return within_run(0.0, duration, duration)
    first, last = np.array(starts, float), np.array(ends, float)
    constant = np.array([part.constant for part in parts]).reshape(-1, *[1] * (first.ndim - 1))
    bias = constant & (first <= 0) & (last >= duration)
    counts = ~bias | bias.all(axis=0)
    start = np.where(counts, first, np.inf).min(axis=0)
    return within_run(start, np.where(counts, last, -np.inf).max(axis=0), duration)


def within_run(start: Any, end: Any, duration: float) -> tuple[np.ndarray, np.ndarray]:
    """The part of windows (ms, numbers or arrays) that lies within a run; the whole run where that is empty."""
    end = np.minimum(end, duration)
    empty = ~(end > start)
    return np.where(empty, 0.0, start), np.where(empty, duration, end)


def share_of(start: Any, end: Any, onset: Any, stop: Any) -> Any:
    """Part of each interval that lies within [onset, stop)."""
    xp = namespace(start)
    return xp.clip(xp.minimum(end, stop) - xp.maximum(start, onset), 0, None) / (end - start)


def sinc(x: Any) -> Any:
    """sin(pi x) / (pi x), 1 at 0.

    Not the namespace's own: JAX's is made of operations that change with its versions, and not all can be printed.
    """
    xp = namespace(x)
    turn = xp.where(x == 0, 1.0, xp.pi * x)  # 1 and not 0, so that a derivative is finite there as well
    return xp.where(x == 0, 1.0, xp.sin(turn) / turn)


def namespace(times: Any) -> Any:
    """NumPy, or JAX's where the times are traced: a stimulus has its equation once, also where it is printed."""
    own = getattr(times, "__array_namespace__", None)  # which plain numbers have not
    return np if own is None else own()
