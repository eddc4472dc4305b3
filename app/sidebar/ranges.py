"""How far a slider travels and how large its steps are: from numbers alone, so that every row is made by one rule."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

TRAVEL = 220
"""Pixels that a thumb travels at least, in a window of 1366 pixels and more."""
STEPS = 600
"""Most steps from end to end: a pixel of the shortest track is then less than three steps of a key."""
NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
WIDER = 1.5
"""How much a range may grow to take a value in; one that lies farther away has a range of its own."""
READABLE = 10
"""Steps from zero to a value at least, where the range is narrowed to the value's size."""
ROOM = 0.02
"""Part of a range within which a value counts as standing at its end: a hand must be able to go on from there."""
DECADES = 5.0
"""Most decades of a logarithmic slider: a pixel of the shortest track is then less than three of its keys."""

Bounds = tuple[float | None, float | None]


class Range(NamedTuple):
    """From where to where a slider travels, its step, and whether it travels logarithmically."""

    min: float
    max: float
    step: float
    log: bool


def step_of(width: float) -> float:
    """The smallest of 1, 2, 5, 10, ... of which there are at most `STEPS` in this width."""
    least = width / STEPS * (1 - 1e-9)
    decade = 10.0 ** math.floor(math.log10(least))
    return float(f"{next(m for m in (1, 2, 5, 10) if m * decade >= least) * decade:.6g}")


def travel(span: tuple[float, float], value: float, log: bool = False, bounds: Bounds = (None, None)) -> Range:
    """The range of a quantity: that of the literature, made to the measure of a value that lies outside or is tiny.

    Args:
        span: the range of the literature.
        value: the preset's value, or the default one; it lies within the range.
        log: whether the slider travels logarithmically, where it can.
        bounds: what is valid.
    """
    low, high = span
    if log and low > 0 and value > 0:
        return _logarithmic(low, high, value)
    wide = _wider(low, high, value)
    if wide[1] - wide[0] <= WIDER * (high - low):
        low, high = wide
    elif low <= 0 <= high or log:
        return sized(value, negative=value < 0 or low < 0, bounds=bounds)
    else:
        width = nice(high - low)
        low = step_of(width) * 50 * math.floor((value - width / 2) / (step_of(width) * 50) + 0.5)
        high = low + width
    if low <= 0 <= high and value:
        while step_of(high - low) * READABLE > abs(value) and (high - low) > 4 * abs(value):
            low, high = low / 2, high / 2
    return _within(low, high, bounds)


def sized(size: float, negative: bool = True, bounds: Bounds = (None, None)) -> Range:
    """The range of a quantity whose size is known: to twice of it, and a little to the other side of zero."""
    far = nice(2 * abs(size))
    near = far / 5 if negative else 0.0
    return _within(*((-near, far) if size > 0 else (-far, near)), bounds)


def size_of(value: float, others: Iterable[float]) -> float:
    """The size of a value; where it is zero, that of the largest beside it."""
    return value or max((abs(other) for other in others), default=0.0)


def nice(size: float) -> float:
    """The next larger number that is easily read."""
    decade = 10.0 ** math.floor(math.log10(size))
    return float(f"{next(m for m in NICE if m * decade >= size * (1 - 1e-9)) * decade:.6g}")


def _wider(low: float, high: float, value: float) -> tuple[float, float]:
    """The range, grown in tenths of itself until the value, if it is not zero, has some of it on either side."""
    unit, room = step_of(high - low) * 50, ROOM * (high - low)
    if value < low + (room if value else 0):
        low = unit * math.floor((value - room) / unit)
    if value > high - (room if value else 0):
        high = unit * math.ceil((value + room) / unit)
    return low, high


def _logarithmic(low: float, high: float, value: float) -> Range:
    if value <= low:
        low = 1 / nice(2 / value)
        high = min(high, low * 10**DECADES)
    elif value >= high:
        high = nice(2 * value)
        low = max(low, high / 10**DECADES)
    return Range(float(low), float(high), step_of(high - low), True)


def _within(low: float, high: float, bounds: Bounds) -> Range:
    """A linear range that keeps to what is valid."""
    least, most = bounds
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    low, high = (float(f"{end:.6g}") + 0.0 for end in (low, high))  # and no -0
    return Range(low, high, step_of(high - low), False)
