"""What was predicted of a run: the pad on which its potential is sketched, and the words beside the run."""

from __future__ import annotations

import math
from collections.abc import Collection
from itertools import pairwise

import numpy as np

from ..session.session import Session

COUNT = 200
"""Columns of the curve that is shown beside a sketch."""
ROOM = 0.12
"""Part of the pad's range above and below."""
Frame = dict[str, tuple[float, float]]


def frame(session: Session) -> Frame:
    """The axes of a pad for the potential: the whole run (ms), and the lowest of the soma's own potentials to its
    threshold (mV), which does not give the answer away.
    """
    values = [
        float(session.get(f"config.{name}"))
        for name, quantity in session.fields.items()
        if quantity.unit == "mV" and name in ("potential_rest", "potential_reset", "threshold", "rheobase_threshold")
    ]
    low, high = min(values), max(values)
    return axes(session, low, high, ROOM * (high - low or 10.0))


def axes(session: Session, low: float, high: float, room: float) -> Frame:
    """The axes of a pad: the whole run, and from `low` to `high` with `room` on both sides, to round numbers."""
    step = 10 ** math.floor(math.log10(high - low + 2 * room)) / 2
    span = (math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step)
    return {"time": (0.0, float(session.settings.duration)), "range": span}


def outline(values: np.ndarray) -> list[int]:
    """Samples that show a trace as it is: the lowest and the highest of each column of the pad."""
    edges = np.unique(np.linspace(0, values.size, COUNT + 1).astype(int))
    found = {0, values.size - 1}
    for begin, end in pairwise(edges):
        part = values[begin:end]
        found |= {int(begin + np.argmin(part)), int(begin + np.argmax(part))}
    return sorted(found)


def of_pattern(said: str, patterns: Collection[str]) -> str:
    """What is said of a predicted pattern beside those of the run."""
    found = " ".join(patterns).capitalize()
    return f"{found}, as you said." if said in patterns else f"{found}, not {said}."


def of_rate(said: float, found: float) -> str:
    """What is said of a predicted rate beside that of the run, both in Hz."""
    return f"{found:.1f} Hz; you said {said:g}, which is {abs(found - said):.1f} off."
