"""A finished run as the views see it, and its reduction to what a screen can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from spark import Recording
from spark.analysis import order_units

COLUMNS = 1000
"""Width of the plots in pixels, where the page has not told."""
NUMBER, RATE, FIRST_SPIKE = "", "rate", "first spike"
"""By what neurons are sorted, besides the name of a parameter."""


@dataclass(frozen=True)
class Shot:
    """A run with the part of its time axis that is visible, ms.

    Attributes:
        recording: the run.
        start, end: the visible part, ms.
        shown: how many neurons are drawn as traces.
        columns: how many pixels wide the visible part is.
        order: by what the rows of the raster are sorted: `NUMBER`, `RATE`, `FIRST_SPIKE` or a parameter's name.
        spread: standard deviations of the parameters in which its neurons were asked to differ.
    """

    recording: Recording
    start: float
    end: float
    shown: int
    columns: int = COLUMNS
    order: str = NUMBER
    spread: Mapping[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> slice:
        """The samples that are visible, and one on each side."""
        dt, steps = self.recording.dt, self.recording.steps
        first = int(np.clip(np.floor(self.start / dt) - 1, 0, steps - 1))
        return slice(first, int(np.clip(np.ceil(self.end / dt) + 2, first + 1, steps)))

    @property
    def reduced(self) -> bool:
        """Whether there are more samples than can be shown."""
        rows = self.rows
        return rows.stop - rows.start > 4 * self.columns

    @cached_property
    def places(self) -> np.ndarray:
        """The row of each neuron in the raster, from 0, the lowest."""
        recording, places = self.recording, np.arange(self.recording.units)
        if self.order in (RATE, FIRST_SPIKE) or self.order in recording.parameters:  # another soma may lack it
            places[order_units(recording, self.order)] = np.arange(recording.units)
        return places

    def held(self, window: tuple[float, float]) -> float:
        """The first neuron's input in the middle of a time window (ms), pA: for what it is looked at as constant."""
        current = self.recording.recorded["current"][:, 0]
        return float(current[min(int(sum(window) / 2 / self.recording.dt), len(current) - 1)])

    def trace(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Times and values of one variable of one neuron: as they are, or lowest and highest of each pixel column.

        A straight line is its two ends.
        """
        rows = self.rows
        time, y = self.recording.time[rows], values[rows]
        if len(y) > 2 and y[0] == y[-1] and (y == y[0]).all():
            return time[[0, -1]], y[[0, -1]]
        if not self.reduced:
            return time, y
        width = -(-len(y) // self.columns)
        whole = len(y) // width * width
        columns = y[:whole].reshape(-1, width)
        low, high = columns.argmin(axis=1), columns.argmax(axis=1)
        first = np.arange(0, whole, width)
        picked = np.empty(2 * len(columns) + len(y) - whole, int)
        picked[0 : 2 * len(columns) : 2] = np.minimum(low, high) + first
        picked[1 : 2 * len(columns) : 2] = np.maximum(low, high) + first
        picked[2 * len(columns) :] = np.arange(whole, len(y))
        return time[picked], y[picked]

    def spikes(self, unit: int) -> np.ndarray:
        """Visible spike times of one neuron."""
        times = self.recording.spike_times[unit]
        return times[(times >= self.start) & (times <= self.end)]
