"""Intervals between spikes, and the order of a population."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..simulation import Recording

FEWEST_BINS = 10
MOST_BINS = 200
FINEST = 0.02
"""Least width of a bin as a part of the median (on a logarithmic axis: in decades): finer is rounding, not spread."""
STEPS = (1.0, 2.0, 5.0, 10.0)


def spike_intervals(times: ArrayLike, start: float | None = None, end: float | None = None) -> np.ndarray:
    """Intervals between successive spikes in a window, ms, shape (spikes - 1,): element n follows spike n.

    Args:
        times: sorted spike times, ms.
        start: spikes before it are left out, ms; None for no bound.
        end: spikes after it are left out, ms; None for no bound.

    Raises:
        ValueError: times that are not sorted, or not finite.
    """
    spikes = np.asarray(times, float)
    if spikes.ndim != 1 or not np.isfinite(spikes).all() or np.any(np.diff(spikes) < 0):
        raise ValueError("spike times must be sorted, finite numbers in ms, shape (spikes,).")
    kept = spikes[(spikes >= (-np.inf if start is None else start)) & (spikes <= (np.inf if end is None else end))]
    return np.diff(kept)


def return_map(gaps: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Each interval and the one after it, two arrays of shape (intervals - 1,), ms.

    A tonic train is one point on the diagonal, a doublet two points across it, chaos a curve.
    """
    gaps = np.asarray(gaps, float)
    return gaps[:-1], gaps[1:]


@dataclass(frozen=True)
class Histogram:
    """Counts in bins.

    Attributes:
        edges: shape (bins + 1,), rising; a value on an edge belongs to the bin above it.
        counts: shape (bins,).
        log: whether the bins are equally wide on a logarithmic axis.
        width: of a bin, in the unit of the values, or in decades where `log`; 0 without a value.
    """

    edges: np.ndarray
    counts: np.ndarray
    log: bool
    width: float


def histogram(values: ArrayLike, *, log: bool = False, width: float | None = None) -> Histogram:
    """How often values occur: intervals in ms, or the rates of a population in Hz.

    The width of the bins is 2 IQR / n^(1/3) (IQR the interquartile range of the n values), at most a tenth of the
    range, at least 2 % of the median and at least a 200th of the range, rounded up to 1, 2 or 5 times a power of ten;
    edges lie at multiples of it. So bars stand still while a slider moves the values a little. With `log` the same
    holds of log10 of the values: at least 0.02 decades wide.

    Args:
        values: any shape; values that are not finite are left out, and with `log` those that are not positive.
        log: bins of equal ratio, for intervals that span decades.
        width: of a bin, instead of the rule, in the unit of the values, or in decades; taken as it is, but for more
            than 200 bins doubled until they are fewer.

    Raises:
        ValueError: a width that is not positive.

    Source: Freedman & Diaconis (1981) Z Wahrsch verw Gebiete 57:453-476 for the unrounded width.
    """
    if width is not None and not (math.isfinite(width) and width > 0):
        raise ValueError(f"width = {width} must be greater than 0.")
    x = np.asarray(values, float).ravel()
    x = x[np.isfinite(x) & ((x > 0) if log else True)]
    if not x.size:
        return Histogram(np.zeros(1), np.zeros(0, int), log, 0.0)
    x = np.log10(x) if log else x
    low, high = float(x.min()), float(x.max())
    width = _width(x, log) if width is None else float(width)
    while math.floor(high / width) - math.floor(low / width) >= MOST_BINS:
        width *= 2
    first, last = math.floor(low / width), math.floor(high / width)
    edges = np.arange(first, last + 2) * width
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, last - first)
    counts = np.bincount(place, minlength=last - first + 1)
    return Histogram(10.0**edges if log else edges, counts, log, width)


def _width(x: np.ndarray, log: bool) -> float:
    quarter, middle, three_quarters = np.percentile(x, (25, 50, 75))
    rule = 2 * (three_quarters - quarter) / np.cbrt(x.size)
    finest = FINEST if log else FINEST * abs(float(middle))
    rule = min(float(rule), float(np.ptp(x)) / FEWEST_BINS)  # two groups far apart would be one bar
    wanted = max(rule, finest, float(np.ptp(x)) / MOST_BINS) or 1.0
    decade = 10.0 ** math.floor(math.log10(wanted))
    return next(m * decade for m in STEPS if m * decade >= wanted * (1 - 1e-9))


def unit_rates(spike_times: Sequence[np.ndarray], start: float, end: float) -> np.ndarray:
    """Spikes per second of each unit between `start` and `end` ms, both included, Hz, shape (units,).

    Raises:
        ValueError: the window has no length.
    """
    if not end > start:
        raise ValueError(f"the window must end after it starts, got {start:g} to {end:g} ms.")
    within = [np.searchsorted(t, end, side="right") - np.searchsorted(t, start) for t in spike_times]
    return 1000.0 * np.asarray(within, float) / (end - start)


def order_units(
    recording: Recording, by: str = "rate", *, start: float = 0.0, end: float | None = None, descending: bool = False
) -> np.ndarray:
    """The units in the order of something, int, shape (units,): row k of a sorted raster is unit `order[k]`.

    Sorted stably: equals keep the order of their numbers, also when descending. What has no value (no first spike)
    comes last either way.

    Args:
        recording: a run.
        by: "rate" (spikes between `start` and `end`), "first spike" (from `start` on), or the name of a parameter.
        start: ms.
        end: ms; that of the run when None.
        descending: largest first.

    Raises:
        ValueError: an unknown `by`; a window without length.
    """
    stop = recording.duration if end is None else end
    if by == "rate":
        key = unit_rates(recording.spike_times, start, stop)
    elif by == "first spike":
        found = [t[(t >= start) & (t <= stop)] for t in recording.spike_times]
        key = np.array([t[0] if t.size else np.nan for t in found], float)
    elif by in recording.parameters:
        key = np.asarray(recording.parameters[by], float)
    else:
        names = ", ".join(("rate", "first spike", *recording.parameters))
        raise ValueError(f"units cannot be sorted by {echo(by)}: choose from {names}.")
    return np.argsort(-key if descending else key, kind="stable")
