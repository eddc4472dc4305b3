"""Orbits of a map from spike to spike, and what they say about the firing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .neuron import Array

LONGEST_PERIOD = 16
SHORTEST = 4
SAME = 2e-3
"""Values closer than this part of the orbit's width, or of the jump at a spike, count as the same."""


class Map(Protocol):
    """What leads from the value after one spike to that after the next; NaN where none follows."""

    @property
    def start(self) -> float:
        """The value after a first spike from rest."""

    @property
    def jump(self) -> float:
        """How far a spike raises it."""

    def __call__(self, value: float) -> float:
        """The value after the next spike."""


@dataclass(frozen=True)
class Reading:
    """What an orbit of the map says about the firing.

    Attributes:
        pattern: "tonic spiking", "burst of n spikes", "irregular", "silent", or "undecided" (too few spikes).
        period: spikes after which the orbit repeats itself; None where it does not.
        orbit: the values of one period, in order; empty where it has none.
        why: in one sentence.
    """

    pattern: str
    period: int | None
    orbit: Array
    why: str


def iterate(mapping: Map, start: float | None = None, n: int = 400) -> Array:
    """The orbit start, Phi(start), Phi(Phi(start)), ...: `n` iterations, fewer where the neuron falls silent."""
    orbit = [mapping.start if start is None else float(start)]
    while len(orbit) <= n:
        following = mapping(orbit[-1])
        if np.isnan(following):
            break
        orbit.append(following)
    return np.array(orbit)


def cobweb(orbit: Any) -> tuple[Array, Array]:
    """The staircase between map and diagonal that belongs to an orbit: that of `iterate`, or `Trajectory.after`.

    Returns:
        Horizontal and vertical coordinates, shape (2 len(orbit) - 1,).
    """
    steps = np.repeat(np.asarray(orbit, float), 2)
    return steps[:-1], steps[1:]


def read(mapping: Map, start: float | None = None, n: int = 400) -> Reading:
    """What the map's orbit from `start` (a first spike from rest when None) comes to."""
    orbit = iterate(mapping, start, n)
    if len(orbit) <= n:
        spikes = f"{len(orbit)} spike{'s' if len(orbit) > 1 else ''}"
        return Reading("silent", None, np.zeros(0), f"It returns to rest after {spikes}: no spike follows the last.")
    return read_orbit(orbit, mapping.jump)


def read_orbit(orbit: Any, jump: float = 0.0) -> Reading:
    """What a sequence of values after successive spikes comes to: `iterate`, or `Trajectory.after` of a long run.

    Its last part must repeat itself over two periods at least; a run that has not settled yet reads as irregular.
    """
    w = np.asarray(orbit, float)
    if not w.size:
        return Reading("silent", None, w, "There is no spike.")
    if len(w) < SHORTEST:
        return Reading("undecided", None, w[:0], f"Below {SHORTEST} spikes there is no telling.")
    near = SAME * max(float(np.ptp(w)), abs(jump))
    for period in range(1, min(LONGEST_PERIOD, (len(w) - 1) // 3) + 1):
        last = w[-(3 * period + 1) :]
        if np.all(np.abs(last[period:] - last[:-period]) <= near):
            cycle = w[-period:]
            if period == 1:
                return Reading("tonic spiking", 1, cycle, f"Every spike leaves the same value, {cycle[0]:.3g}.")
            why = f"The values after its spikes repeat themselves every {period} spikes."
            return Reading(f"burst of {period} spikes", period, cycle, why)
    return Reading("irregular", None, np.zeros(0), f"No period of up to {LONGEST_PERIOD} spikes was found.")
