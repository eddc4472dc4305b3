"""The time step of a simulator that finds spikes on its grid."""

from __future__ import annotations

import math
import numbers

from ..solvers import Solver

FINEST = 0.01
"""Without a wish, no step is longer, ms."""


def step_of(dt: float, step: float | None) -> float:
    """The step in ms: a tenth of `dt` and no longer than `FINEST`, or the one that is asked for.

    Raises:
        TypeError: it is no number.
        ValueError: it does not divide `dt`, over which the current is held.
    """
    if step is None:
        return float(short(dt / math.ceil(dt / min(dt / 10, FINEST) - 1e-9)))
    if not isinstance(step, numbers.Real) or isinstance(step, bool):
        raise TypeError(f"step takes a number in ms, not {step!r}.")
    if not (0 < step <= dt and abs(dt / step - round(dt / step)) < 1e-6):
        raise ValueError(f"step = {step:g} ms must divide dt = {dt:g} ms, over which the current is held.")
    return float(step)


def short(value: float) -> str:
    """Without the last digits, which are those of a product."""
    return repr(float(f"{value:.12g}"))


def scheme_note(solver: Solver) -> list[str]:
    """A line for a script, where Spark's run is that of a published scheme rather than of the equations."""
    if not solver.on_grid:
        return []
    return [
        f"Spark's own run is {type(solver).__name__}'s, on its grid: spikes here are those of the equations, not its."
    ]
