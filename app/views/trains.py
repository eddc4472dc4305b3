"""What the intervals view shows, without a figure: the intervals of a run, and what they say."""

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
REGULAR = 0.02
"""Coefficient of variation up to which intervals count as equal."""
SLOWLY = 0.8
"""Correlation of each interval with the next from which they change little by little."""


@dataclass(frozen=True)
class Intervals:
    """Intervals of a run, ms.

    Attributes:
        own: those of the first neuron.
        others: of the next few, one array per neuron.
        all: of every neuron.
    """

    own: np.ndarray
    others: list[np.ndarray]
    all: np.ndarray

    @classmethod
    def of(cls, recording: Recording, shown: int) -> Intervals:
        """Those of a run of which so many neurons are drawn."""
        trains = recording.spike_times
        if recording.units == 1:
            own = spike_intervals(trains[0])
            return cls(own, [], own)
        gaps = np.diff(np.concatenate(trains))
        ends = np.cumsum([len(train) for train in trains])[:-1]
        inside = np.ones(gaps.size, bool)
        # From one neuron's last spike to the next one's first is no interval.
        inside[ends[(ends > 0) & (ends <= gaps.size)] - 1] = False
        return cls(spike_intervals(trains[0]), [np.diff(t) for t in trains[1:shown]], gaps[inside])


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


def sentence(found: Intervals, units: int, spikes: int) -> str:
    """The intervals in words; of the first neuron, and how all differ."""
    own = found.own
    whose = "" if units == 1 else "Neuron 1 (bold): "
    if not own.size:
        fired = "it did not fire" if not spikes else "it fired once"
        rest = ""
        if found.all.size:
            rest = f" {found.all.size:,} intervals of the others (faint), mean {_ms(float(found.all.mean()))} ms."
        return f"{whose}{'no' if whose else 'No'} interval, {fired}: an interval needs two spikes.{rest}"
    if own.size == 1:
        said = f"{whose}{'one' if whose else 'One'} interval of {_ms(own[0])} ms; a return map needs two."
    else:
        mean, spread = float(own.mean()), float(own.std())
        extent = f"{own.size:,} intervals of {_ms(own.min())} to {_ms(own.max())} ms"
        said = f"{whose}{extent}, mean {_ms(mean)} ms, CV {spread / mean:.2f}. {_shape(own)}"
    return f"{said} All {units:,} (faint): mean {_ms(float(found.all.mean()))} ms." if units > 1 else said


def _shape(gaps: np.ndarray) -> str:
    late, number = gaps[gaps.size // 2 :], clusters(gaps)
    if number == 1:
        if float(late.std()) > REGULAR * float(late.mean()):
            if np.corrcoef(*return_map(late))[0, 1] > SLOWLY:
                return "The return map follows the diagonal: they change little by little."
            return "The return map is one cloud: they vary without a pattern."
        if gaps.max() <= APART[0] * gaps.min():
            return "The return map is one point on the diagonal: regular."
        way = "lengthen" if gaps[0] < late.mean() else "shorten"
        return f"They {way} from {_ms(gaps[0])} to {_ms(gaps[-1])} ms: the return map ends in a point on the diagonal."
    if number:
        return f"The return map has {number} clusters: a pattern that repeats."
    return "" if gaps.size < 8 else "The return map has no clear clusters: they are irregular."


def _ms(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
