"""Spikes counted in bins: over trials the peri-stimulus time histogram, and how much counts differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .trains import Spikes, trains, window

WHOLE = 1e-6
"""Part of a bin by which a window may miss a whole number of them, for rounding."""
EDGE = 1e-12
"""Part of its distance from the first edge by which a spike may miss another edge that it is on, for rounding."""


@dataclass(frozen=True)
class PSTH:
    """A peri-stimulus time histogram.

    Attributes:
        edges: of the bins, ms, shape (bins + 1,); a spike on an edge belongs to the bin above it.
        counts: spikes of all trials in each bin, int, shape (bins,).
        rate: spikes per second and trial in each bin, Hz, shape (bins,).
        trials: number of trains.
    """

    edges: np.ndarray
    counts: np.ndarray
    rate: np.ndarray
    trials: int


def psth(spikes: Spikes, width: float, start: float = 0.0, end: float | None = None) -> PSTH:
    """The peri-stimulus time histogram: the rate of repeated trials, or of a population, bin by bin,

        rate[k] = 1000 n[k] / (trials width),   n[k] the spikes of all trials from edge k up to before edge k + 1.

    Elephant's `time_histogram(..., output="rate")`, in Hz.

    Args:
        spikes: sorted spike times of each trial, ms, or a run, of which each unit is a trial.
        width: of a bin, ms.
        start: of the first bin, ms.
        end: of the last bin, ms; that of the run when None.

    Raises:
        ValueError: times that are not sorted or not finite; a window that is no whole number of bins, or that has no
            end; no trial.

    Source: Gerstein & Kiang (1960) Biophys J 1:15-28.
    """
    edges, counted = _counted(spikes, width, start, end)
    counts = counted.sum(axis=0)
    return PSTH(edges, counts, 1000.0 * counts / (len(counted) * width), len(counted))


def fano_factor(spikes: Spikes, start: float = 0.0, end: float | None = None, width: float | None = None) -> float:
    """The Fano factor of spike counts: their variance over their mean.

    The variance is that of the counts themselves (ddof 0, the mean squared deviation from their mean), as in
    Elephant's `fanofactor`. 1 for Poisson trains, but for a part of 1/n with n counts; 0 for equal counts.

    Args:
        spikes: sorted spike times of each trial, ms, or a run, of which each unit is a trial.
        start: where counting begins, ms.
        end: where it ends, itself not included, ms; the end of the run when None.
        width: counts are taken in each so wide part of the window, ms, of all trials together; of the whole
            window, one for each trial, when None.

    Returns:
        A number without a unit; NaN where there is no spike.

    Raises:
        ValueError: as `psth`; fewer than two counts.

    Source: Fano (1947) Phys Rev 72:26-29; Eden & Kramer (2010) J Neurosci Methods 190:149-152.
    """
    begin, stop = window(spikes, start, end)
    _, counts = _counted(spikes, stop - begin if width is None else width, begin, stop)
    if counts.size < 2:
        raise ValueError("a Fano factor compares counts: give several trials, or a width of windows within one.")
    mean = counts.mean()
    return float(counts.var() / mean) if mean else float("nan")


def _counted(spikes: Spikes, width: float, start: float, end: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the bins, ms, and the counts of each train, int, shape (trains, bins)."""
    begin, stop = window(spikes, start, end)
    if not 0 < width < np.inf:
        raise ValueError(f"width = {width} ms must be greater than 0 and finite.")
    bins = round((stop - begin) / width)
    if bins < 1 or abs((stop - begin) / width - bins) > WHOLE:
        raise ValueError(
            f"width = {width:g} ms must divide the window from {begin:g} to {stop:g} ms into whole bins: "
            f"it makes {(stop - begin) / width:.4g}."
        )
    found = trains(spikes)
    if not found:
        raise ValueError("there is no trial: give spike times of one at least.")
    edges = begin + width * np.arange(bins + 1)
    edges[-1] = stop
    return edges, np.array([_binned(times, begin, width, bins) for times in found])


def _binned(times: np.ndarray, begin: float, width: float, bins: int) -> np.ndarray:
    """Counts in bins; 0.3 ms is on the edge of a third bin of 0.1 ms, though 3 * 0.1 is above it."""
    place = (times - begin) / width
    edge = np.rint(place)
    number = np.where(np.abs(place - edge) < EDGE * np.maximum(1.0, np.abs(edge)), edge, np.floor(place)).astype(int)
    return np.bincount(number[(number >= 0) & (number < bins)], minlength=bins)
