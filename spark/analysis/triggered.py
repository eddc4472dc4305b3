"""What the current was like around the spikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.variable import CURRENT
from ..simulation import Recording
from .trains import trains

EXACT = 1e-6
"""Part of a sample within which a spike lies on its edge: times in ms are rounded."""


@dataclass(frozen=True)
class SpikeTriggeredAverage:
    """The mean current around a spike.

    Attributes:
        time: lag from the spike, ms, shape (lags,): negative before it, one sample apart.
        current: mean over the spikes of the current that was held at that lag, pA, shape (lags,); NaN without a spike.
        spikes: how many spikes the mean is of: those around which the whole window was recorded.
    """

    time: np.ndarray
    current: np.ndarray
    spikes: int


def spike_triggered_average(
    recording: Recording, before: float = 50.0, after: float = 10.0, *, units: Sequence[int] | None = None
) -> SpikeTriggeredAverage:
    """The spike-triggered average of the current: the mean of I(t_i + s) over all spikes t_i, for lags s.

        A(s) = 1/n * sum over spikes of I(t_i + s),   -before <= s < after, in steps of dt

    I is the current that was held over each step; spikes are taken where they were, inside their steps. Spikes whose
    window reaches over an end of the run are left out, as Elephant's `spike_triggered_average` does. The mean current
    is not taken off. `spark.analysis.triggered.averaged` does the same of other signals.

    Args:
        recording: a run with its current recorded: simulate(..., record=("current",)).
        before: how far the window reaches back, ms.
        after: how far it reaches on, ms.
        units: numbers of the traced units whose spikes are taken, with the current of each; all traced when None.

    Raises:
        AttributeError: the current was not recorded, or no events were kept.
        ValueError: a window that is empty or longer than the run, a run that was thinned, units that were not traced.

    Source: de Boer & Kuyper (1968) IEEE Trans Biomed Eng 15:169-179; Schwartz, Pillow, Rust, Simoncelli (2006) J Vis
        6:484-507.
    """
    held = getattr(recording, CURRENT.name)
    if recording.every != 1:
        raise ValueError("a thinned run does not tell the current of every step: run it with every=1.")
    there = recording.traced.tolist()
    missing = [unit for unit in units or () if unit not in there]
    if missing:
        raise ValueError(f"unit {echo(missing[0])} was not traced, so its current is not known.")
    chosen = there if units is None else units
    pairs = [(held[:, there.index(unit)], recording.spike_times[unit]) for unit in chosen]
    return averaged(pairs, recording.dt, before, after)


def averaged(
    pairs: Sequence[tuple[np.ndarray, ArrayLike]], dt: float, before: float, after: float
) -> SpikeTriggeredAverage:
    """The same of any signals that are held over samples of `dt` ms: pairs of signal (samples,) and spike times, ms."""
    back, on = round(before / dt), round(after / dt)
    if not (before >= 0 and after >= 0 and back + on >= 1):
        raise ValueError(f"before = {before:g} ms and after = {after:g} ms make no window of a sample of {dt:g} ms.")
    lags = np.arange(-back, on)
    total, count = np.zeros(lags.size), 0
    for signal, times in pairs:
        if signal.size < lags.size:
            raise ValueError(f"the window of {before + after:g} ms is longer than the run of {signal.size * dt:g} ms.")
        at = np.floor(trains(times)[0] / dt + EXACT).astype(int)
        at = at[(at >= back) & (at + on <= signal.size)]
        total += np.asarray(signal, float)[at[:, None] + lags].sum(axis=0)
        count += at.size
    return SpikeTriggeredAverage(lags * dt, total / count if count else np.full(lags.size, np.nan), count)
