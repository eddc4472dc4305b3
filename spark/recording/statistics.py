"""Statistics of a run that are kept while it goes on, without keeping its spikes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .events import Events

BIN = 1.0
"""Width of the bins of the population rate, ms: the nearest whole number of steps, at least one."""


@dataclass(frozen=True, eq=False)
class Statistics:
    """What the spikes of a run amount to, over its whole length.

    Attributes:
        spike_count: spikes of each unit, int64.
        mean_rate: spikes per second of each unit, Hz: count / duration.
        isi_mean: mean interval between the spikes of each unit, ms; NaN where it fired less than twice.
        isi_cv: standard deviation of the intervals over their mean; NaN where there are fewer than two intervals.
        population_rate: spikes per second and unit in each bin, Hz. A spike counts in the bin of its step.
        bin: width of the bins, ms: `BIN`, or the nearest whole number of steps. The last one may be cut short by the
            end of the run; its rate is that of the part that is there.
    """

    spike_count: np.ndarray
    mean_rate: np.ndarray
    isi_mean: np.ndarray
    isi_cv: np.ndarray
    population_rate: np.ndarray
    bin: float


class Tally:
    """Running sums of a run's spikes, fed in the order of time.

    What comes out does not depend, in any bit, on how the events were cut into pieces: every sum adds one spike after
    the other. Squares are taken of what an interval differs from the unit's first one, since the difference of two
    large sums would say nothing of a regular train.
    """

    def __init__(self, steps: int, units: int, dt: float) -> None:
        self.steps, self.units, self.dt = steps, units, dt
        self.per_bin = max(1, round(BIN / dt))
        self.binned = np.zeros(-(-steps // self.per_bin), np.int64)
        self.count = np.zeros(units, np.int64)
        self.first, self.last, self.base, self.total, self.squares = np.zeros((5, units))

    def add(self, events: Events) -> None:
        """Count these spikes, all of them later than those before."""
        if not events.step.size:
            return
        found = np.bincount(events.step // self.per_bin)
        self.binned[: found.size] += found
        unit, time = events.by_unit(self.dt)
        begins = np.flatnonzero(np.diff(unit, prepend=-1))  # where the next unit's spikes begin
        lengths = np.diff(begins, append=unit.size)
        who = unit[begins]
        number = np.arange(unit.size) - np.repeat(begins - self.count[who], lengths)  # 0 for a unit's first spike
        before = np.roll(time, 1)
        before[begins] = self.last[who]
        interval = time - before
        self.first[unit[number == 0]] = time[number == 0]
        self.base[unit[number == 1]] = interval[number == 1]
        later = number > 1
        deviation = interval[later] - self.base[unit[later]]
        np.add.at(self.total, unit[later], deviation)
        np.add.at(self.squares, unit[later], deviation * deviation)
        self.last[who] = time[begins + lengths - 1]
        self.count[who] += lengths

    def result(self) -> Statistics:
        """The statistics of all that was added."""
        intervals = np.maximum(self.count - 1, 0)
        widths = np.full(self.binned.size, self.per_bin * self.dt)
        widths[-1] = (self.steps - (self.binned.size - 1) * self.per_bin) * self.dt
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(intervals > 0, (self.last - self.first) / intervals, np.nan)
            variance = (self.squares - self.total**2 / intervals) / intervals
            cv = np.where(intervals > 1, np.sqrt(np.maximum(variance, 0.0)) / mean, np.nan)
        return Statistics(
            spike_count=self.count.copy(),
            mean_rate=1000.0 * self.count / (self.steps * self.dt),
            isi_mean=mean,
            isi_cv=cv,
            population_rate=1000.0 * self.binned / (self.units * widths),
            bin=self.per_bin * self.dt,
        )
