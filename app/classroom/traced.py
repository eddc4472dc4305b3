"""A run as small as a tile shows it: the lowest and highest potential of each column of pixels, and a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spark.recording.strokes import peak

from ..run.outcome import Outcome

LARGE = 960
"""Columns that are kept, and shown of a trace that is enlarged."""


@dataclass(frozen=True)
class Traced:
    """What is kept of a run.

    Attributes:
        duration: ms.
        low, high: of each column, mV, float32; spikes reach to their peak, as strokes do in the traces.
        spikes: spike times of the whole run, ms.
        pattern: in words.
        rate: while the stimulus is on, Hz.
        first: from the onset to the first spike that the pattern is told from, ms; None where there is none.
        count: spikes that the pattern is told from.
    """

    duration: float
    low: np.ndarray
    high: np.ndarray
    spikes: np.ndarray
    pattern: str
    rate: float
    first: float | None
    count: int

    @classmethod
    def of(cls, outcome: Outcome, count: int) -> Traced:
        """An outcome in so many columns."""
        recording, firing = outcome.recording, outcome.firing
        potential, times = recording.potential[:, 0], recording.spike_times[0]
        low, high = columns(potential, potential, np.arange(count) / count)
        if times.size:
            step = np.clip((times / recording.dt).astype(int), 0, recording.steps - 1)
            top = np.maximum(recording.threshold[step, 0], peak(recording) or -np.inf)
            place = np.minimum((times / recording.duration * count).astype(int), count - 1)
            np.maximum.at(high, place, top.astype(high.dtype))
        start, end = outcome.job.window
        during = np.count_nonzero((times >= start) & (times <= end))
        return cls(
            duration=recording.duration,
            low=low,
            high=high,
            spikes=times,
            pattern=firing.words,
            rate=float(1000.0 * during / (end - start)),
            first=float(firing.spikes[0] - start) if firing.spikes.size else None,
            count=int(firing.spikes.size),
        )

    def on(self, duration: float, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest in so many columns of a time axis from 0 to `duration`, NaN after the end."""
        place = np.arange(count) / count * (duration / self.duration)
        there = place < 1.0
        low, high = columns(self.low, self.high, place[there], min(1.0, duration / self.duration))
        rest = np.full(count - low.size, np.nan, np.float32)
        return np.concatenate([low, rest]), np.concatenate([high, rest])


def columns(
    lowest: np.ndarray, highest: np.ndarray, begins: np.ndarray, end: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of parts of what is sampled, each at least one sample.

    Args:
        lowest, highest: of each sample.
        begins: where the parts begin, as shares of the whole, rising; each ends where the next begins.
        end: where the last ends.
    """
    size = len(lowest)
    first = np.minimum((begins * size + 1e-6).astype(int), size - 1)
    last = max(int(first[-1]) + 1, round(end * size))
    return np.minimum.reduceat(lowest[:last], first), np.maximum.reduceat(highest[:last], first)
