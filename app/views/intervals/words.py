"""The intervals of a run in words."""

from __future__ import annotations

import numpy as np

from spark.analysis import Firing, return_map

from ...numbers import number
from .gaps import APART, Intervals, clusters

REGULAR = 0.02
"""Coefficient of variation up to which intervals count as equal."""
SLOWLY = 0.8
"""Correlation of each interval with the next from which they change little by little."""


def sentence(found: Intervals, firing: Firing, units: int, spikes: int) -> str:
    """The intervals in words, of the first neuron, and how all differ.

    Args:
        found: the intervals.
        firing: its pattern, which is quoted: the words here are those of the figures.
        units: size of the population.
        spikes: number of its spikes in the whole run.
    """
    own = found.own
    whose = "" if units == 1 else "Neuron 1 (bold): "
    part = " while the stimulus is on" if spikes != firing.spikes.size else ""
    if not own.size:
        fired = f"it did not fire{part}" if not firing.spikes.size else f"it fired once{part}"
        rest = ""
        if found.all.size:
            rest = f" {found.all.size:,} intervals of the others (faint), mean {number(float(found.all.mean()))} ms."
        return f"{whose}{'no' if whose else 'No'} interval, {fired}: an interval needs two spikes.{rest}"
    if own.size == 1:
        said = f"{whose}{'one' if whose else 'One'} interval of {number(own[0])} ms; a return map needs two."
    else:
        mean, spread = float(own.mean()), float(own.std())
        extent = f"{own.size:,} intervals of {number(own.min())} to {number(own.max())} ms{part}"
        said = f"{whose}{extent}, mean {number(mean)} ms, CV {spread / mean:.2f}: {firing}. {_shape(own)}".rstrip()
    return f"{said} All {units:,} (faint): mean {number(float(found.all.mean()))} ms." if units > 1 else said


def _shape(gaps: np.ndarray) -> str:
    late, count = gaps[gaps.size // 2 :], clusters(gaps)
    if count == 1:
        if float(late.std()) > REGULAR * float(late.mean()):
            if np.corrcoef(*return_map(late))[0, 1] > SLOWLY:
                return "The return map follows the diagonal: they change little by little."
            return "The return map is one cloud."
        if gaps.max() <= APART[0] * gaps.min():
            return "The return map is one point on the diagonal: equal intervals."
        way = "lengthen" if gaps[0] < late.mean() else "shorten"
        ends = f"from {number(gaps[0])} to {number(gaps[-1])} ms"
        return f"They {way} {ends}: the return map ends in a point on the diagonal."
    if count:
        return f"The return map has {count} clusters."
    return "" if gaps.size < 8 else "The return map has no clear clusters."
