"""How regular a spike train is, from interval to interval: numbers that a slow change of the rate hardly moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .intervals import spike_intervals
from .trains import Spikes, is_one, trains


def cv2(spikes: Spikes, start: float | None = None, end: float | None = None) -> float | np.ndarray:
    """CV2: the mean over successive intervals I of

        2 |I[n+1] - I[n]| / (I[n+1] + I[n]).

    0 for a regular train, 1 in the mean of Poisson trains; at most 2. Elephant's `cv2` of the same intervals.

    Args:
        spikes: sorted spike times, ms; a list of such, or a run.
        start: spikes before it are left out, ms; None for no bound.
        end: spikes after it are left out, ms; None for no bound.

    Returns:
        A number without a unit, or of several units an array of shape (units,); NaN with fewer than two intervals.

    Raises:
        ValueError: times that are not sorted or not finite; three spikes at one time.

    Source: Holt, Softky, Koch, Douglas (1996) J Neurophysiol 75:1806-1814.
    """
    return _each(spikes, start, end, lambda a, b: 2 * np.abs(b - a) / (a + b))


def lv(spikes: Spikes, start: float | None = None, end: float | None = None) -> float | np.ndarray:
    """LV, the local variation: the mean over successive intervals I of

        3 (I[n+1] - I[n])^2 / (I[n+1] + I[n])^2.

    0 for a regular train, 1 in the mean of Poisson trains; at most 3. Elephant's `lv` of the same intervals.

    Args, Returns, Raises: as `cv2`.

    Source: Shinomoto, Shima, Tanji (2003) Neural Comput 15:2823-2842.
    """
    return _each(spikes, start, end, lambda a, b: 3 * ((b - a) / (a + b)) ** 2)


def lvr(
    spikes: Spikes, start: float | None = None, end: float | None = None, *, refractoriness: float = 5.0
) -> float | np.ndarray:
    """LvR, the local variation revised for a refractory period: the mean over successive intervals I of

        3 (1 - 4 I[n] I[n+1] / (I[n] + I[n+1])^2) (1 + 4 R / (I[n] + I[n+1])).

    With R = 0 it is `lv`. Elephant's `lvr` of the same intervals.

    Args:
        spikes, start, end: as in `cv2`.
        refractoriness: R, ms; 5 ms in the paper, where it made the number least dependent on the rate.

    Returns: as `cv2`.

    Raises:
        ValueError: as `cv2`; an R that is negative or not finite.

    Source: Shinomoto et al. (2009) PLoS Comput Biol 5:e1000433.
    """
    if not 0 <= refractoriness < np.inf:
        raise ValueError(f"refractoriness = {refractoriness} ms must not be negative, and finite.")
    return _each(spikes, start, end, lambda a, b: 3 * ((b - a) / (a + b)) ** 2 * (1 + 4 * refractoriness / (a + b)))


def _each(
    spikes: Spikes,
    start: float | None,
    end: float | None,
    term: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> float | np.ndarray:
    found = np.array([_mean(times, start, end, term) for times in trains(spikes)])
    return float(found[0]) if is_one(spikes) else found


def _mean(
    times: ArrayLike, start: float | None, end: float | None, term: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> float:
    gaps = spike_intervals(times, start, end)
    before, after = gaps[:-1], gaps[1:]
    if not before.size:
        return float("nan")
    if np.any(before + after == 0):
        raise ValueError("three spikes fall on one time: their intervals have no ratio.")
    return float(term(before, after).mean())
