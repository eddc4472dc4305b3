"""Numbers that describe a spike train, named as in eFEL and Elephant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SpikeStatistics:
    """Features of one spike train; None where the train has too few spikes for it.

    Attributes:
        spike_count: number of spikes.
        mean_rate: spikes per second between start and end of the window, Hz.
        latency: time from the start of the window to the first spike, ms.
        mean_isi: mean interval between spikes, ms.
        cv: coefficient of variation of the intervals (standard deviation over mean).
        adaptation_index: mean of (I[n+1] - I[n]) / (I[n+1] + I[n]) over successive intervals: 0 tonic,
            positive slowing down, negative speeding up.
    """

    spike_count: int
    mean_rate: float
    latency: float | None
    mean_isi: float | None
    cv: float | None
    adaptation_index: float | None


def spike_statistics(times: np.ndarray, start: float, end: float) -> SpikeStatistics:
    """Features of the spikes that fall into the window from `start` to `end` ms.

    Args:
        times: sorted spike times, ms.
        start: beginning of the window (the stimulus onset), ms.
        end: its end, ms.

    Raises:
        ValueError: the window has no length.
    """
    if not end > start:
        raise ValueError(f"the window must end after it starts, got {start:g} to {end:g} ms.")
    spikes = np.asarray(times, float)
    spikes = spikes[(spikes >= start) & (spikes <= end)]
    intervals = np.diff(spikes)
    mean = float(intervals.mean()) if intervals.size else None
    return SpikeStatistics(
        spike_count=int(spikes.size),
        mean_rate=1000.0 * spikes.size / (end - start),
        latency=float(spikes[0] - start) if spikes.size else None,
        mean_isi=mean,
        cv=float(intervals.std() / mean) if intervals.size > 1 and mean else None,
        adaptation_index=_adaptation_index(intervals),
    )


def _adaptation_index(intervals: np.ndarray) -> float | None:
    if intervals.size < 2:
        return None
    return float(np.mean(np.diff(intervals) / (intervals[1:] + intervals[:-1])))
