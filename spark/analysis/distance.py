"""How far two spike trains are apart."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .trains import train

LARGEST_COST = 1e200
"""Stands for an infinite cost: larger than any time allows, and times 0 it is 0."""


def coincidences(data: ArrayLike, model: ArrayLike, precision: float) -> int:
    """The largest number of pairs of one spike from each train, not more than `precision` ms apart, no spike twice.

    Args:
        data: sorted spike times, ms.
        model: sorted spike times, ms.
        precision: ms.

    Raises:
        ValueError: times that are not sorted or not finite, a negative precision.
    """
    if not precision >= 0:
        raise ValueError(f"precision = {precision} ms must not be negative.")
    a, b = train("data", data).tolist(), train("model", model).tolist()
    found = i = j = 0
    while i < len(a) and j < len(b):
        # Of two spikes too far apart the earlier can have no partner any more.
        gap = a[i] - b[j]
        if abs(gap) <= precision:
            found, i, j = found + 1, i + 1, j + 1
        elif gap < 0:
            i += 1
        else:
            j += 1
    return found


def coincidence_factor(data: ArrayLike, model: ArrayLike, duration: float, *, precision: float = 2.0) -> float:
    """The coincidence factor Gamma of a model's spike train with a recorded one.

        Gamma = (N_coinc - 2 nu Delta N_data) / ((N_data + N_model) / 2) / (1 - 2 nu Delta),   nu = N_model / duration

    1 for equal trains; 0 for as many coincidences as a Poisson train of the model's rate nu would have by chance;
    negative for fewer. The rate is that of the model: exchanging the trains changes the last factor. Two empty trains
    agree: 1. One empty train: 0.

    Args:
        data: the train to be met, sorted spike times, ms.
        model: the train that should meet it, sorted spike times, ms.
        duration: length of both, ms.
        precision: Delta, how far apart two spikes may be and still coincide, ms.

    Raises:
        ValueError: times that are not sorted or not finite; a duration or precision that is not positive; a precision
            so coarse (2 nu Delta >= 1) that chance alone fills the train.

    Source: Kistler, Gerstner, van Hemmen (1997) Neural Comput 9:1015-1045; Jolivet et al. (2008) J Neurosci Methods
        169:417-424.
    """
    if not (math.isfinite(duration) and duration > 0 and precision > 0):
        raise ValueError(f"duration = {duration} ms and precision = {precision} ms must be greater than 0.")
    n, m = train("data", data).size, train("model", model).size
    if n + m == 0:
        return 1.0
    chance = 2 * precision * m / duration
    if chance >= 1:
        raise ValueError(
            f"precision = {precision:g} ms is too coarse for {m} spikes in {duration:g} ms: "
            f"take less than {duration / (2 * m):.3g} ms."
        )
    return float((coincidences(data, model, precision) - chance * n) / ((n + m) / 2) / (1 - chance))


def victor_purpura(first: ArrayLike, second: ArrayLike, cost: float) -> float:
    """The Victor-Purpura distance: the least price at which one train becomes the other.

    A spike is inserted or deleted for 1, and moved by t ms for `cost` t. So spikes up to 2/cost ms apart are moved,
    and others replaced. A metric for cost > 0. At cost 0 it is the difference of the spike counts; for an infinite
    cost it is the number of spikes that the other train does not have at the same time.

    G[i, j] = min(G[i-1, j] + 1, G[i, j-1] + 1, G[i-1, j-1] + cost |a_i - b_j|), row by row: the first and the last
    term are known from the row above, and the middle one is a running minimum of (them - j), plus j.

    Args:
        first: sorted spike times, ms.
        second: sorted spike times, ms.
        cost: q, of moving a spike, 1/ms; may be infinite.

    Returns:
        The distance, between |n - m| and n + m for n and m spikes; no unit.

    Raises:
        ValueError: times that are not sorted or not finite, a negative cost.

    Source: Victor & Purpura (1996) J Neurophysiol 76:1310-1326.
    """
    if not cost >= 0:
        raise ValueError(f"cost = {cost} must be at least 0 per ms.")
    rows, columns = sorted((train("first", first), train("second", second)), key=lambda train: train.size)
    price = min(float(cost), LARGEST_COST)
    place = np.arange(columns.size + 1, dtype=float)
    above = place.copy()
    here = np.empty_like(above)
    for spike in rows:
        # A move for more than 2 is never made; the limit keeps large costs from spoiling the sum.
        moved = np.minimum(price * np.abs(columns - spike), 2.0)
        np.add(above, 1.0, out=here)
        np.minimum(here[1:], above[:-1] + moved, out=here[1:])
        np.subtract(here, place, out=here)
        np.minimum.accumulate(here, out=here)
        np.add(here, place, out=above)
    return float(above[-1])


def van_rossum(first: ArrayLike, second: ArrayLike, tau: float) -> float:
    """The van Rossum distance: how far two trains are apart once each spike is a decaying exponential.

        D^2 = 2/tau * integral of (f - g)^2 dt,   f(t) = sum over spikes t_i <= t of exp(-(t - t_i) / tau)

    With this factor a train of one spike and an empty one are 1 apart, as in Elephant's `van_rossum_distance`; in the
    paper, with 1/tau, they are 1/sqrt(2) apart. Two single spikes t ms apart: sqrt(2 (1 - exp(-|t|/tau))). For a short
    tau it counts the spikes that the other train does not have at the same time, D^2 = n + m; for an infinite one it
    is the difference of the counts, |n - m|.

    From spike to spike f - g decays by exp(-t/tau), so that the integral is a sum of squares, one for each spike.

    Args:
        first: sorted spike times, ms.
        second: sorted spike times, ms.
        tau: time constant of the exponential, ms; may be infinite.

    Returns:
        D, a number without a unit.

    Raises:
        ValueError: times that are not sorted or not finite, a tau that is not positive.

    Source: van Rossum (2001) Neural Comput 13:751-763.
    """
    if not tau > 0:
        raise ValueError(f"tau = {tau} ms must be greater than 0.")
    a, b = train("first", first), train("second", second)
    if not a.size + b.size:
        return 0.0
    times, signs = np.concatenate([a, b]), np.repeat([1.0, -1.0], [a.size, b.size])
    order = np.argsort(times, kind="stable")
    gaps = np.diff(times[order]) / tau
    decays, areas = np.exp(-gaps).tolist(), np.append(-np.expm1(-2 * gaps), 1.0)
    height, heights = 0.0, []
    for sign, decay in zip(signs[order].tolist(), [0.0, *decays], strict=True):
        height = height * decay + sign
        heights.append(height)
    return float(np.sqrt(np.sum(np.square(heights) * areas)))
