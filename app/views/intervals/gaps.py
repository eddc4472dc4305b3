"""What the intervals view shows, without a figure: the intervals of a run, and their clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spark import Recording
from spark.analysis import return_map, spike_intervals

MOST = 2000
"""Points of a figure; of more, a fixed random choice (every other one would hide what alternates)."""
APART = (1.15, 2.0)
"""Ratio of neighbouring lengths from which intervals are of two kinds; the second where the first tells too many."""
KINDS = 4
"""More kinds of intervals than these are no kinds, but a spread."""
RARE = 0.05
"""Pairs that make up less than this are strays, no cluster."""


@dataclass(frozen=True)
class Intervals:
    """Intervals between the spikes from which the pattern is told, ms.

    Attributes:
        own: those of the first neuron.
        others: of the next few, one array per neuron.
        all: of every neuron.
    """

    own: np.ndarray
    others: list[np.ndarray]
    all: np.ndarray

    @classmethod
    def of(cls, recording: Recording, shown: int, window: tuple[float, float]) -> Intervals:
        """Those between spikes of a part of a run (start and end, ms) of which so many neurons are drawn."""
        trains, (start, end) = recording.spike_times, window
        if recording.units == 1:
            own = spike_intervals(_within(trains[0], window))
            return cls(own, [], own)
        times = np.concatenate(trains)
        unit = np.repeat(np.arange(recording.units), [len(train) for train in trains])
        kept = (times >= start) & (times <= end)
        times, unit = times[kept], unit[kept]
        inside = unit[1:] == unit[:-1]  # from one neuron's last spike to the next one's first is no interval
        others = [np.diff(_within(train, window)) for train in trains[1:shown]]
        return cls(spike_intervals(_within(trains[0], window)), others, np.diff(times)[inside])


def _within(train: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    return train[(train >= window[0]) & (train <= window[1])]


def numbered(gaps: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Number (from 1) and length of each interval of some neurons."""
    parts = list(gaps)
    return _few(_joined([np.arange(1.0, part.size + 1) for part in parts]), _joined(parts))


def mapped(gaps: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Each interval and the next of some neurons."""
    pairs = [return_map(part) for part in gaps]
    return _few(_joined([one for one, _ in pairs]), _joined([after for _, after in pairs]))


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0)


def _few(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if x.size <= MOST:
        return x, y
    kept = np.sort(np.random.default_rng(0).choice(x.size, MOST, replace=False))
    return x[kept], y[kept]


def kinds(gaps: np.ndarray, apart: float) -> np.ndarray:
    """Which kind each interval is of, from 0 for the shortest: kinds are apart by this ratio at least."""
    order = np.argsort(gaps, kind="stable")
    lengths = gaps[order]
    found = np.empty(gaps.size, int)
    found[order] = np.concatenate([[0], np.cumsum(lengths[1:] > apart * lengths[:-1])]) if gaps.size else []
    return found


def clusters(gaps: np.ndarray) -> int:
    """Number of clusters in the return map of the second half of a train; 0 where it is spread, or too short to say.

    Each pair (kind of an interval, kind of the next) is one: a tonic train has one, doublets two, triplets three. Each
    must come twice, and not be rare.
    """
    late = gaps[gaps.size // 2 :]
    if late.size < 4:
        return 0
    for apart in APART:
        kind = kinds(late, apart)
        _, times = np.unique(kind[:-1] * (kind.max() + 1) + kind[1:], return_counts=True)
        if kind.max() < KINDS and times.min() >= max(2.0, RARE * late.size):
            return int(times.size)
    return 0
