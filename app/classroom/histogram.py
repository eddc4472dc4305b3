"""How a class has answered a poll, as bars and lines that a page draws."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from spark.analysis import PATTERNS

from .polls import Poll

MOST_BARS = 20
MOST_LINES = 60
"""Sketches that are shown, and points of each: more than can be told apart, and 50 kB."""
LARGEST = 1e300
"""Beyond it the difference of two numbers is none."""
MIDDLE = (0.1, 0.9)
"""Between these quantiles numbers are said to lie; as much again on both sides has bars, and all beyond one each."""
DIGITS, FINEST = 12, 1e-9
"""Significant digits of an edge, and the least width of a bar as a part of the largest number."""
WHOLE = 2.0**50
"""Below it whole numbers and halves are exact."""


def summary(poll: Poll, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What all have answered, of JSON types.

    Args:
        poll: what was asked.
        answers: by member what `Poll.answer` gave.

    Returns:
        `n`, and `parts`: each `of` "choice", "number", "pattern", "rate" or "sketch", with its own `n`. The first four
        have `bars`: `count` and either `value` and `label`, or `low` and `high` (low included; None: everything below,
        or above), with a `label` where one whole number falls in. Of numbers there are `unit`, `median` and `quartiles`
        as well (None without any). Sketches are `lines`, points of ms and mV.
    """
    found = list(answers.values())
    if poll.kind == "choice":
        counts = Counter(found)
        bars = [{"value": k, "label": one, "count": counts[k]} for k, one in enumerate(poll.options)]
        parts = [{"of": "choice", "n": len(found), "bars": bars}]
    elif poll.kind == "number":
        parts = [_numbers("number", poll.unit, found)]
    else:
        parts = [_predictions(name, answers) for name in poll.asks]
    return {"n": len(found), "parts": parts}


def _predictions(name: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    said = {member: one[name] for member, one in answers.items() if one.get(name) is not None}
    if name == "pattern":
        counts = Counter(said.values())
        bars = [{"value": one, "label": one, "count": counts[one]} for one in PATTERNS]
        return {"of": name, "n": len(said), "bars": bars}
    if name == "rate":
        return _numbers(name, "Hz", list(said.values()))
    # Who is shown does not change with those who come later, nor go by who was first.
    chosen = sorted(said, key=lambda member: hashlib.sha256(member.encode()).digest())[:MOST_LINES]
    return {"of": name, "n": len(said), "lines": [_thinned(said[member]) for member in chosen]}


def _thinned(points: list[list[float]]) -> list[list[float]]:
    chosen = np.unique(np.linspace(0, len(points) - 1, MOST_LINES).astype(int))
    return [[float(f"{one:.4g}") for one in points[k]] for k in chosen]


def _numbers(name: str, unit: str, said: list[float]) -> dict[str, Any]:
    values = np.clip(np.array(said, float), -LARGEST, LARGEST)
    found: dict[str, Any] = {"of": name, "n": len(said), "unit": unit, "bars": [], "median": None, "quartiles": None}
    if not values.size:
        return found
    low, median, high = (float(one) for one in np.quantile(values, (0.25, 0.5, 0.75)))
    return found | {"bars": _bars(values), "median": median, "quartiles": [low, high]}


def _bars(values: np.ndarray) -> list[dict[str, Any]]:
    """Bars of equal width where the answers lie, and one for all beyond on each side that has any."""
    # Answers themselves and no mean of two, so that one without any bound moves neither.
    ordered, last = np.sort(values), values.size - 1
    low, high = sorted(float(ordered[k]) for k in (math.ceil(MIDDLE[0] * last), math.floor(MIDDLE[1] * last)))
    room = high - low or 2 * abs(low) or 1.0
    edges, labels = _edges(values[(values >= low - room) & (values <= high + room)])
    counts = np.bincount(np.searchsorted(edges, values, "right"), minlength=len(edges) + 1)
    ends: list[float | None] = [None, *edges.tolist(), None]
    bars = [
        {"low": ends[k], "high": ends[k + 1], "count": int(count)} | label
        for k, (count, label) in enumerate(zip(counts, [{}, *labels, {}], strict=True))
    ]
    return [bar for bar in bars if bar["count"] or None not in (bar["low"], bar["high"])]


def _edges(values: np.ndarray) -> tuple[np.ndarray, list[dict[str, str]]]:
    """Edges of bars that hold all values, low ones included, and what stands under each bar."""
    low, high = float(values.min()), float(values.max())
    if high - low < MOST_BARS and max(abs(low), abs(high)) < WHOLE and np.array_equal(values, np.rint(values)):
        whole = np.arange(low, high + 1)
        return np.append(whole, high + 1) - 0.5, [{"label": f"{one:.0f}"} for one in whole]
    largest = max(abs(low), abs(high))
    wanted = min(MOST_BARS - 2, math.ceil(2 * values.size ** (1 / 3)))  # Rice's rule
    step = _nice(max((high - low) / wanted, FINEST * largest) if high > low else largest / 10)
    first, last = math.floor(low / step), math.floor(high / step) + 1
    edges = [float(f"{k * step:.{DIGITS}g}") for k in range(first, last + 1)]
    if edges[0] > low:
        edges.insert(0, float(f"{(first - 1) * step:.{DIGITS}g}"))
    if edges[-1] <= high:
        edges.append(float(f"{(last + 1) * step:.{DIGITS}g}"))
    return np.array(edges), [{}] * (len(edges) - 1)


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= step * (1 - 1e-9))
