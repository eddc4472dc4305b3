"""Numbers that describe a spike train; each says which of the definitions in use it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SpikeStatistics:
    """Features of one spike train; None where the train has too few spikes for it.

    All intervals between the spikes of the window count. Names are those of the field; eFEL has other definitions
    under some of them, since it leaves out the first interval (`ignore_first_ISI`).

    Attributes:
        spike_count: number of spikes.
        mean_rate: spikes per second between start and end of the window, Hz. Elephant's `mean_firing_rate`; eFEL's
            `mean_frequency` divides by the time up to the last spike.
        latency: time from the start of the window to the first spike, ms. eFEL's `time_to_first_spike`.
        mean_isi: mean interval between spikes, ms; needs two spikes.
        cv: coefficient of variation of the intervals: their standard deviation (ddof 0) over their mean; needs three
            spikes. Elephant's `cv` of these intervals; eFEL's `ISI_CV` drops the first one and takes ddof 1.
        adaptation_index: mean of (I[n+1] - I[n]) / (I[n+1] + I[n]) over successive intervals: 0 tonic,
            positive slowing down, negative speeding up; needs three spikes. Allen Institute's (ipfx); eFEL's
            `adaptation_index2` is the same without the first interval.
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
