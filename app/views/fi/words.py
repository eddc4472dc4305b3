"""The f-I curve in words."""

from __future__ import annotations

import numpy as np

from ...numbers import number
from .sampling import Curves, Operating

BELOW = 0.03
"""Part of the rheobase by which a current lies clearly below it."""
SLOW = 5.0
"""A rate that nobody would call a jump from silence, Hz."""


def sentence(curves: Curves, at: Operating, sweeping: bool, ghost: Curves | None = None) -> str:
    """The curves and the run in words; `ghost` is the curve of a pinned run."""
    least = _least(curves)
    if at.rate:
        first = "" if at.first is None else f", first interval {number(at.first)} Hz"
        run = f"at {number(at.current, 4)} pA it fires at {number(at.rate)} Hz{first}"
    else:
        run = f"at {number(at.current, 4)} pA it is silent"
    last = _there_and_back(curves, sweeping)
    return " ".join(filter(None, [f"{least}; {run}.", _onset(curves), _pinned(ghost), last]))


def _least(curves: Curves) -> str:
    """The rheobase, up to which it can rest; and from where a step makes it fire all the same, as the curve shows."""
    limit = curves.limit
    if limit.current is None:
        return limit.reason.rstrip(".")
    said, first = f"Rheobase {number(limit.current, 4)} pA", _first(curves, curves.curve.rate)
    return said if first is None else f"{said} for a slow current, a step makes it fire from {number(first)} pA"


def _first(curves: Curves, rate: np.ndarray) -> float | None:
    """The lowest current of the curve with such a rate, if it lies clearly below the rheobase."""
    limit, fires = curves.limit.current, np.flatnonzero(rate > 0)
    first = float(curves.curve.currents[fires[0]]) if fires.size else None
    return None if limit is None or first is None or first > limit - BELOW * abs(limit) else first


def _pinned(ghost: Curves | None) -> str:
    return "" if ghost is None else f"Pinned (dashed): {_least(ghost).replace('Rheobase', 'rheobase', 1)}."


def _onset(curves: Curves) -> str:
    limit, steady = curves.limit, curves.curve.steady_rate
    beside = _first(curves, steady)
    if beside is not None:
        least = float(steady[steady > 0].min())
        return f"From {number(beside)} pA it goes on firing beside its resting state: firing sets in at {least:.2g} Hz."
    if limit.excitability == 1:
        return f"Class 1 ({limit.bifurcation}): the rate starts from zero."
    if limit.excitability == 2 and (steady > 0).any():
        least = float(steady[steady > 0].min())
        sets = "firing sets in at" if least > SLOW else "yet it fires as slowly as"
        return f"Class 2 ({limit.bifurcation}): {sets} {least:.2g} Hz."
    return ""


def _there_and_back(curves: Curves, sweeping: bool) -> str:
    if not sweeping or curves.sweep is None:
        return curves.trouble if sweeping else ""
    found = curves.sweep
    if found.bistable:
        low, high = (number(end, 4) for end in found.bistable)
        rests = curves.limit.current is not None and found.bistable[0] < curves.limit.current
        what = f"Bistable from {low} to {high} pA" if rests else f"Up and down differ from {low} to {high} pA"
        return f"{what}: silent on the way up, firing on the way down."
    if found.hysteresis:
        low, high = (number(end, 4) for end in found.hysteresis)
        return f"Up and down differ from {low} to {high} pA, but it fires on both ways."
    return "Up and down agree: no hysteresis."


def hint(at: Operating, sweeping: bool) -> str:
    """What a drag does, or why it does nothing."""
    return immovable(at.stimulus) if at.step is None else "" if sweeping else "Drag to set the current."


def immovable(stimulus: str) -> str:
    """Why a drag does nothing."""
    return f"The stimulus is no step but “{stimulus}”: its current cannot be dragged here; the dot is at its mean."
