"""Which firing pattern a spike train shows, told from its intervals: the one place that names it."""

from __future__ import annotations

from dataclasses import dataclass, field

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

JITTER = 0.2
"""CV2 (`local_variation`) up to which a train under noise counts as regular."""
EARLY = 0.25
"""Under noise a train is transient whose last spike falls into this first part of the stimulus."""
NOISY_BURSTS = 3
"""Fewest bursts that are told from noise; as few as these must have three spikes and more each on average."""
NOISY_GAP = 3.0
NOISY_INTERVALS = 6
"""Least gap and fewest intervals of an initial burst that is told from noise."""


@dataclass(frozen=True)
class Firing:
    """A firing pattern.

    Attributes:
        patterns: one of `PATTERNS`, or "delayed" and another.
        why: the numbers that decided, in words.
        spikes: the spikes from which it was told, ms: those while the stimulus is on, or, of a rebound, all from its
            onset on. Every number that stands beside the pattern should be theirs.
        groups: number of spikes of each burst, in order, where it bursts.
    """

    patterns: tuple[str, ...]
    why: str
    spikes: np.ndarray = field(default_factory=lambda: np.empty(0), compare=False, repr=False)
    groups: tuple[int, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.patterns)

    @property
    def cv(self) -> float | None:
        """Coefficient of variation of the intervals; None below two intervals."""
        intervals = np.diff(self.spikes)
        return _variation(intervals) if intervals.size > 1 else None

    @property
    def words(self) -> str:
        """The pattern, with its coefficient of variation where that is what it is about: "irregular, CV 0.84"."""
        if "irregular" in self.patterns and self.cv is not None:
            return f"{self}, CV {self.cv:.2f}"
        return str(self)


def classify(times: np.ndarray, start: float, end: float, *, noisy: bool = False) -> Firing:
    """The pattern of a spike train under a stimulus between `start` and `end` ms.

    By the intervals alone: few or no spikes are silent or transient; where the intervals fall into two groups, short
    ones and pauses, the train bursts, at the beginning only or again and again; otherwise the last interval is
    compared with the first. Spikes after the stimulus count only where they are the majority, the neuron had stopped
    by then and did not fire before the stimulus either (a rebound, transient).

    Under noise (`noisy`) intervals differ by chance, so chance must not make a pattern:

    - a train is irregular where the local variation CV2 of its intervals is above `JITTER`, whatever their slow
      trend, or where it has fewer than two intervals;
    - it bursts only with `NOISY_BURSTS` bursts of three spikes and more, or with one burst more than that, and has an
      initial burst only beside a gap of `NOISY_GAP`, before pauses that are alike: of trains without any pattern, with
      gamma distributed intervals of shape 1 to 10, at most 4 % pass;
    - it is transient only if all spikes fall into the first quarter (`EARLY`), and adapts or accelerates by the means
      of its first and last third;
    - a delay is longer than all intervals.

    Args:
        times: sorted spike times, ms.
        start: onset of the stimulus, ms.
        end: its end, or that of the run, ms.
        noisy: whether the stimulus is random, as `Stimulus.noisy` says.

    Raises:
        ValueError: the window has no length.

    Source: Holt, Softky, Koch, Douglas (1996) J Neurophysiol 75:1806-1814 for CV2; the thresholds are Spark's own.
    """
    if not end > start:
        raise ValueError(f"the window must end after it starts, got {start:g} to {end:g} ms.")
    spikes = np.asarray(times, float)
    before, spikes = spikes[spikes < start], spikes[spikes >= start]
    during = spikes[spikes <= end]
    rebound = 2 * during.size < spikes.size and not before.size and _stops(during, start, end, noisy)
    if not rebound:
        spikes = during
    if not spikes.size:
        return Firing(("silent",), "no spike")
    if rebound or _stops(spikes, start, end, noisy):
        return Firing(("transient",), f"{_count(spikes.size, 'spike')}, the last at {spikes[-1]:.0f} ms", spikes)
    intervals = np.diff(spikes)
    kind, why, groups = (_under_noise if noisy else _repetitive)(intervals)
    latency = float(spikes[0] - start)
    compared = intervals.max(initial=0.0) if noisy else intervals[0]
    if latency >= max(LATE_MS, LATE * float(compared)) and intervals.size:
        return Firing(("delayed", kind), f"first spike after {latency:.0f} ms; {why}", spikes, groups)
    return Firing((kind,), why, spikes, groups)


def local_variation(intervals: np.ndarray) -> float:
    """CV2: the mean of 2 |I[n+1] - I[n]| / (I[n+1] + I[n]); 0 of equal intervals, 1 of a Poisson process.

    Neighbours are compared, so a rate that changes slowly does not count, which it does in the CV.
    """
    if intervals.size < 2:
        return 0.0
    return float(np.mean(2 * np.abs(np.diff(intervals)) / (intervals[1:] + intervals[:-1])))


def _stops(spikes: np.ndarray, start: float, end: float, noisy: bool) -> bool:
    """Whether the train has ended long before the stimulus does."""
    if not spikes.size:
        return True
    if noisy:
        return bool(spikes[-1] <= start + EARLY * (end - start))
    longest = float(np.diff(spikes).max(initial=0.0))
    return spikes.size == 1 or bool(end - spikes[-1] > max(SILENCE * longest, (end - start) / 4))


Kind = tuple[str, str, tuple[int, ...]]
"""A pattern, why, and the sizes of bursts."""


def _repetitive(intervals: np.ndarray) -> Kind:
    """The pattern of a train that goes on."""
    limit = _gap(intervals)
    if limit is not None:
        pause = intervals > limit
        runs = _runs(pause)
        if _begins_with_burst(runs, pause):
            return _initial(runs, intervals[pause])
        if np.count_nonzero(runs) >= 2 and not pause[0]:
            if _alike(runs, intervals[pause]):
                return _bursts(runs, intervals[pause])
            return "irregular", f"groups of {runs.min() + 1} to {runs.max() + 1} spikes", ()
    late = intervals[len(intervals) // 2 :]
    if late.size >= 6 and _variation(late) > SPREAD:
        return "irregular", f"intervals from {intervals.min():.0f} to {intervals.max():.0f} ms", ()
    return _trend(float(intervals[0]), float(intervals[-1]))


def _under_noise(intervals: np.ndarray) -> Kind:
    """The pattern of a train that goes on, by what noise does not make."""
    limit = _gap(intervals)
    if limit is not None:
        pause = intervals > limit
        runs = _runs(pause)
        if _begins_with_burst(runs, pause) and _stands_out(intervals, pause):
            return _initial(runs, intervals[pause])
        bursts = int(np.count_nonzero(runs))
        enough = bursts > NOISY_BURSTS or (bursts == NOISY_BURSTS and np.count_nonzero(~pause) >= 2 * bursts)
        if enough and not pause[0] and _alike(runs, intervals[pause]):
            return _bursts(runs, intervals[pause])
    if intervals.size < 2:
        return "irregular", "too few intervals under noise", ()
    if local_variation(intervals) > JITTER:
        return "irregular", f"intervals from {intervals.min():.0f} to {intervals.max():.0f} ms", ()
    third = max(1, intervals.size // 3)
    return _trend(float(intervals[:third].mean()), float(intervals[-third:].mean()))


def _runs(pause: np.ndarray) -> np.ndarray:
    """Number of short intervals before, between and after pauses."""
    return np.diff(np.flatnonzero(np.concatenate([[True], pause, [True]]))) - 1


def _begins_with_burst(runs: np.ndarray, pause: np.ndarray) -> bool:
    return bool(runs[0] >= 2 and np.count_nonzero(runs) == 1 and pause[runs[0] :].all())


def _stands_out(intervals: np.ndarray, pause: np.ndarray) -> bool:
    """Whether noise is unlikely to have made an initial burst."""
    wide = intervals[pause].min() >= NOISY_GAP * intervals[~pause].max()
    return bool(wide and intervals.size >= NOISY_INTERVALS and _variation(intervals[pause]) <= SPREAD)


def _alike(runs: np.ndarray, pauses: np.ndarray) -> bool:
    """Whether bursts and pauses repeat; the first burst may be longer, the last may be cut off."""
    inner = runs[1:-1]
    steady = inner.size == 0 or (inner.min() > 0 and np.ptp(inner) <= 1)
    return bool(steady and (pauses.size < 3 or _variation(pauses[1:]) < SPREAD))


def _initial(runs: np.ndarray, pauses: np.ndarray) -> Kind:
    return (
        "initial burst",
        f"{runs[0] + 1} spikes, then single ones {np.mean(pauses):.0f} ms apart",
        (int(runs[0]) + 1,),
    )


def _bursts(runs: np.ndarray, pauses: np.ndarray) -> Kind:
    groups = tuple(int(n) + 1 for n in runs)
    return "bursting", f"{int(np.count_nonzero(runs))} bursts, pauses of {np.mean(pauses):.0f} ms", groups


def _trend(first: float, last: float) -> Kind:
    why = f"intervals from {first:.1f} to {last:.1f} ms"
    if last > STEADY * first:
        return "adapting", why, ()
    return ("accelerating", why, ()) if last < first / STEADY else ("tonic", why, ())


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
