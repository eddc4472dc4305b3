"""What each slider would do: every field over its range in one batch, and one step of each. No panel here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spark.analysis import IMPOSSIBLE, Sensitivity, Sweep, differences

from ..hues import class_of
from .batch import Neuron, Plan, plan, run

COUNT, FEWER = 48, 24
"""Points of a slider, and how many where 48 would cost too much."""
MOST = 10_000_000
"""Largest cost of a batch, points x steps: a third of a second for the usual run, half a second at worst."""
FINER = 8
"""Points between a silent and a firing point, to find the boundary."""
LOG_STEP = 0.02
"""One step of a logarithmic slider, as a part of its value: what an arrow key does."""
Span = tuple[float, float, bool]
"""Lowest and highest value of a slider, and whether its travel is logarithmic."""


@dataclass(frozen=True)
class Track:
    """A slider's future.

    Attributes:
        span: its range.
        rate, patterns: of each point.
        fires: the values at which firing begins or ends, at most two.
        step: what one step does.
    """

    span: Span
    rate: np.ndarray
    patterns: list[str]
    fires: list[float]
    step: Sensitivity

    @property
    def classes(self) -> list[str]:
        """Class of each point."""
        return [class_of(pattern) for pattern in self.patterns]


def foresee(
    neuron: Neuron,
    spans: Mapping[str, Span],
    steps: Mapping[str, float],
    how: Plan,
    progress: Callable[[float], object],
) -> dict[str, Track]:
    """The future of every slider.

    Args:
        neuron: the neuron as it is.
        spans: range of each slider, by path.
        steps: one step of each.
        how: how to run it.
        progress: may raise to end it.

    Raises:
        ValueError, FloatingPointError: the neuron's own values cannot be run.
    """
    slopes = differences(run(neuron, how, _stepped(neuron, steps), progress), steps)
    whole = run(neuron, how, _along(neuron, spans, how.count), progress)
    found = {path: whole.take(slice(i * how.count, (i + 1) * how.count), path) for i, path in enumerate(spans)}
    fires = _boundaries(neuron, found, spans, how, progress)
    return {path: Track(spans[path], one.rate, one.patterns, fires[path], slopes[path]) for path, one in found.items()}


def _stepped(neuron: Neuron, steps: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The points of `spark.analysis.differences`: the neuron itself, then a step up and one down of each slider."""
    points = {path: np.full(2 * len(steps) + 1, neuron.shown[path]) for path in steps}
    for i, (path, step) in enumerate(steps.items()):
        points[path][2 * i + 1 : 2 * i + 3] += (step, -step)
    return points


def _along(neuron: Neuron, spans: Mapping[str, Span], count: int) -> dict[str, np.ndarray]:
    """The points of all sliders, one after another: each from end to end, the others as they are."""
    points = {path: np.full(count * len(spans), neuron.shown[path]) for path in spans}
    for i, (path, (low, high, log)) in enumerate(spans.items()):
        points[path][i * count : (i + 1) * count] = (np.geomspace if log else np.linspace)(low, high, count)
    return points


def _boundaries(
    neuron: Neuron,
    found: Mapping[str, Sweep],
    spans: Mapping[str, Span],
    how: Plan,
    progress: Callable[[float], object],
) -> dict[str, list[float]]:
    """Where firing begins or ends along each slider: between two points, found by eight more in one small batch."""
    at = {path: _turns(one)[:2] for path, one in found.items()}
    rows: dict[str, np.ndarray] = {}
    for path, one in found.items():
        x, log = one.points[path], spans[path][2]
        inner = [_between(x[k], x[k + 1], log, FINER // len(at[path])) for k in at[path]]
        # Without a boundary the points are the value itself: the batch has one size, and is compiled once.
        rows[path] = np.concatenate(inner) if inner else np.full(FINER, neuron.shown[path])
    points = {path: np.full(FINER * len(rows), neuron.shown[path]) for path in rows}
    for i, (path, values) in enumerate(rows.items()):
        points[path][i * FINER : (i + 1) * FINER] = values
    fires = np.split(run(neuron, how, points, progress).rate > 0, len(rows))
    places: dict[str, list[float]] = {}
    for own, (path, turns) in zip(fires, at.items(), strict=True):
        one, x = found[path], found[path].points[path]
        parts = zip(turns, np.split(rows[path], max(1, turns.size)), np.split(own, max(1, turns.size)), strict=False)
        places[path] = []
        for k, inner_x, after in parts:
            ends = np.concatenate([[x[k]], inner_x, [x[k + 1]]])
            first = int(np.argmax(np.append(after != (one.rate[k] > 0), True)))
            places[path].append(float((ends[first] + ends[first + 1]) / 2))
    return places


def _turns(one: Sweep) -> np.ndarray:
    """The points after which firing begins or ends."""
    fires = one.rate > 0
    return np.flatnonzero((fires[1:] != fires[:-1]) & one.valid[1:] & one.valid[:-1])


def _between(low: float, high: float, log: bool, count: int) -> np.ndarray:
    space = np.geomspace if log else np.linspace
    return np.asarray(space(low, high, count + 2)[1:-1])


def plan_of(neuron: Neuron, sliders: int) -> Plan | None:
    """How to run this many sliders; None where that would cost too much."""
    return plan(neuron, (COUNT, FEWER), lambda count: count * sliders, MOST)


def ranges(rows: Sequence[Mapping[str, Any]], neuron: Neuron) -> tuple[dict[str, Span], dict[str, float]]:
    """Range of each slider among these rows, widened by its value as the page does, and its step."""
    spans: dict[str, Span] = {}
    steps: dict[str, float] = {}
    for row in rows:
        if row["key"] not in neuron.shown:
            continue
        path, value = row["key"], neuron.shown[row["key"]]
        low, high = min(row["min"], value), max(row["max"], value)
        logarithmic = bool(row["log"] and low > 0)
        spans[path] = (low, high, logarithmic)
        steps[path] = LOG_STEP * value if logarithmic else row["step"]
    return spans, steps


def classes_along(track: Track) -> list[str]:
    """The classes of patterns along a track where it fires, each as often as it begins anew."""
    names = [name for name, rate in zip(track.classes, track.rate, strict=True) if name != IMPOSSIBLE and rate > 0]
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
