"""What one run may cost: one visitor must not exhaust the server."""

from __future__ import annotations

import math

MAX_STEPS = 1_000_000
MAX_WORK = 1_000_000_000
MAX_SPIKES = 10_000_000
"""Most steps, steps x units and spikes of one run: one user must not exhaust the server. They are some 100 MB of
traces, ten seconds or twenty, and 120 MB."""
LONG_WORK = 10_000_000
FEWEST_UNITS = 50
"""Steps x units above which a run takes longer than a tenth of a second or two; a step of fewer units costs no less."""
MAX_TRACES = 10
"""Neurons whose traces are kept; spikes are kept of all."""


def steps_of(duration: float, dt: float, units: int) -> int:
    """The number of steps.

    Raises:
        ValueError: the run would be too large for one visitor; says how to make it smaller.
    """
    steps = max(1, round(min(duration / dt, 1e15)))
    if steps > MAX_STEPS or steps * units > MAX_WORK:
        raise ValueError(
            f"{steps:,} steps × {units:,} neurons is more than this server runs at once "
            f"({MAX_STEPS:,} steps, {MAX_WORK:,} steps × neurons): shorten the duration, lengthen the time "
            "step or use fewer neurons."
        )
    return steps


def rounded_up(size: int) -> int:
    """The next of 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, ...: at most a third more."""
    if size <= 6:
        return size
    decade = 10 ** math.floor(math.log10(size))
    return next(math.ceil(m * decade) for m in (1, 1.2, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10) if m * decade >= size)
