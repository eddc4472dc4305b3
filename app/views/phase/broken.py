"""The axis of the potential, broken above what decides: an upstroke goes far beyond, and nothing happens there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spark.analysis.phase_plane import FixedPoint

ROOM, BEYOND, EDGE = 0.1, 0.3, 0.12
"""Widths beside that of the region between rest and threshold: what stands for the upstroke, what is shown above what
decides, and what is left free at the ends."""
LEAST = 0.3
"""An upstroke shorter than this part of it is shown as it is."""


@dataclass(frozen=True)
class Broken:
    """As it is up to `at` (mV); from there up to the firing level `top` everything lies within `room` mV."""

    at: float
    top: float
    room: float

    def shown(self, potential: np.ndarray) -> np.ndarray:
        """Where a potential is drawn."""
        return np.where(
            potential > self.at, self.at + (potential - self.at) * self.room / (self.top - self.at), potential
        )

    def true(self, drawn: float) -> float:
        """The potential that is drawn there."""
        beyond = drawn - self.at
        return self.at + beyond * (self.top - self.at) / self.room if beyond > 0 else drawn


def broken(p: dict[str, float], low: float, points: tuple[FixedPoint, ...]) -> Broken | None:
    """Where to break the axis of a soma whose upstroke ends at a fixed level; None where that is near.

    Args:
        p: its parameters.
        low: the lowest potential that is shown, mV.
        points: fixed points with and without input.
    """
    top = p["threshold"]
    decides = [p["potential_reset"], p.get("rheobase_threshold", p["potential_rest"])]
    decides += [point.potential for point in points]
    foot = min(p["potential_rest"], p["potential_reset"])
    last = max(v for v in decides if v < top or v == decides[0])
    at = last + BEYOND * max(last - foot, 1.0)
    return Broken(at, top, ROOM * (at - low)) if top - at > LEAST * (at - foot) else None
