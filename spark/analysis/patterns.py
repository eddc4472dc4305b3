"""Which firing pattern a spike train shows, told from its intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PATTERNS = (
    "silent",
    "transient",
    "tonic",
    "adapting",
    "accelerating",
    "initial burst",
    "bursting",
    "irregular",
    "delayed",
)

STEADY = 1.15
"""Last over first interval up to which a train counts as tonic."""
BURST_GAP = 2.0
"""Least ratio between the shortest pause and the longest interval within a burst."""
LATE = 1.25
"""A first spike this many first intervals after the onset, and `LATE_MS` at least, is delayed."""
LATE_MS = 33.0
SILENCE = 2.0
"""A train that ends this many of its longest intervals before the stimulus does is transient."""
SPREAD = 0.3
"""Coefficient of variation of the pauses, and of the other intervals, above which a train is irregular."""


@dataclass(frozen=True)
class Firing:
    """A firing pattern.

    Attributes:
        patterns: one of `PATTERNS`, or "delayed" and another.
        why: the numbers that decided, in words.
    """

    patterns: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return " ".join(self.patterns)


def classify(times: np.ndarray, start: float, end: float) -> Firing:
    """The pattern of a spike train under a stimulus between `start` and `end` ms.

    By the intervals alone: few or no spikes are silent or transient; where the intervals fall into two groups, short
    ones and pauses, the train bursts, at the beginning only or again and again; otherwise the last interval is
    compared with the first. Spikes after the stimulus count only where they are the majority (a rebound, transient).

    Args:
        times: sorted spike times, ms.
        start: onset of the stimulus, ms.
        end: its end, or that of the run, ms.

    Raises:
        ValueError: the window has no length.
    """
    if not end > start:
        raise ValueError(f"the window must end after it starts, got {start:g} to {end:g} ms.")
    spikes = np.asarray(times, float)
    spikes = spikes[spikes >= start]
    if not spikes.size:
        return Firing(("silent",), "no spike")
    during = spikes[spikes <= end]
    if 2 * during.size >= spikes.size:
        spikes = during
    intervals = np.diff(spikes)
    silence = end - spikes[-1]
    longest = float(intervals.max()) if intervals.size else 0.0
    if spikes[-1] > end or intervals.size == 0 or silence > max(SILENCE * longest, (end - start) / 4):
        return Firing(("transient",), f"{_count(spikes.size, 'spike')}, the last at {spikes[-1]:.0f} ms")
    kind, why = _repetitive(intervals)
    latency = float(spikes[0] - start)
    if latency >= max(LATE_MS, LATE * float(intervals[0])):
        return Firing(("delayed", kind), f"first spike after {latency:.0f} ms; {why}")
    return Firing((kind,), why)


def _repetitive(intervals: np.ndarray) -> tuple[str, str]:
    """The pattern of a train that goes on."""
    limit = _gap(intervals)
    if limit is not None:
        pause = intervals > limit
        runs = np.diff(np.flatnonzero(np.concatenate([[True], pause, [True]]))) - 1  # short intervals between pauses
        bursts = int(np.count_nonzero(runs))
        if runs[0] >= 2 and bursts == 1 and pause[runs[0] :].all():
            return "initial burst", f"{runs[0] + 1} spikes, then single ones {np.mean(intervals[pause]):.0f} ms apart"
        if bursts >= 2 and not pause[0]:
            inner = runs[1:-1]
            steady = inner.size == 0 or (inner.min() > 0 and np.ptp(inner) <= 1)
            if steady and (pause.sum() < 3 or _variation(intervals[pause][1:]) < SPREAD):
                return "bursting", f"{bursts} bursts, pauses of {np.mean(intervals[pause]):.0f} ms"
            return "irregular", f"groups of {runs.min() + 1} to {runs.max() + 1} spikes"
    late = intervals[len(intervals) // 2 :]
    if late.size >= 6 and _variation(late) > SPREAD:
        return "irregular", f"intervals from {intervals.min():.0f} to {intervals.max():.0f} ms"
    change = float(intervals[-1] / intervals[0])
    why = f"intervals from {intervals[0]:.1f} to {intervals[-1]:.1f} ms"
    if change > STEADY:
        return "adapting", why
    return ("accelerating", why) if change < 1 / STEADY else ("tonic", why)


def _gap(intervals: np.ndarray) -> float | None:
    """An interval between the short ones and the pauses, if they fall into two groups."""
    ordered = np.sort(intervals)
    if ordered.size < 3:
        return None
    ratios = ordered[1:] / ordered[:-1]
    widest = int(np.argmax(ratios))
    return float(np.sqrt(ordered[widest] * ordered[widest + 1])) if ratios[widest] >= BURST_GAP else None


def _variation(intervals: np.ndarray) -> float:
    return float(np.std(intervals) / np.mean(intervals)) if intervals.size else 0.0


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"
