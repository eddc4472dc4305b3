"""When axes follow the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Container
from functools import partial
from typing import Any

from bokeh.models import Range1d

from ..client.picture import Looks
from ..run.pipeline import Exactly, Fit

MARGIN = 0.04
"""Part of a fitted axis that data leave free at its ends, at least: they may take it before the axis follows."""
LEAST_PART = 0.6
"""Data that take less of an axis than this part are shown larger."""
HEADROOM = 0.15
"""Part of its length by which an axis that grows goes beyond what its data need: it grows seldom."""
Span = tuple[float, float]


class Axes:
    """When axes follow the data: they grow at once, shrink when the hand rests, and stay where somebody has zoomed."""

    def __init__(self) -> None:
        self._how, self._since = "always", 0
        self._shown: dict[str, Span] = {}
        self._grown: set[str] = set()
        self._by_hand: set[str] = set()
        self.on_hand: Callable[[Range1d, str, float], None] = lambda axis, end, value: None

    @property
    def wanted(self) -> bool:
        """Whether a fit is waited for."""
        return self._how != "never"

    def want(self, how: str, since: int) -> None:
        """Fit when the run number `since`, or a later one, is shown: "always", or axes that show it in a "poor" way."""
        self._how, self._since = how, since

    def follow(self, fit: Fit, ask: int, still: Container[Range1d] = ()) -> Looks:
        """The ranges to show with run number `ask`, of those that came with it; `still` ones do not grow now."""
        looks: list[tuple[Range1d, dict[str, Any]]] = []
        due = self.wanted and ask >= self._since and bool(fit)
        for target, wanted in fit.items():
            axis = target if isinstance(target, Range1d) else target.y_range
            span = self._next(axis, wanted, due, axis in still)
            if span is None:
                continue
            if axis.id not in self._shown:
                for end in ("start", "end"):
                    axis.on_change(end, partial(self._set_by_hand, axis))
            self._shown[axis.id] = span
            self._by_hand.discard(axis.id)
            if due:
                self._grown.discard(axis.id)
            else:
                self._grown.add(axis.id)
            low, high = span
            looks.append((axis, {"start": low, "end": high, "reset_start": low, "reset_end": high}))
        if due:
            self._how = "never"
        return looks

    def frame(self, axis: Range1d, wanted: Span) -> Span:
        """What an axis may show next to data with this fit: a view draws as far as that."""
        if self._how == "always":
            return wanted
        if axis.id in self._by_hand:
            return float(axis.start), float(axis.end)
        shown = self._shown.get(axis.id, wanted)
        grown = _grown(shown, wanted)
        return min(shown[0], wanted[0], grown[0]), max(shown[1], wanted[1], grown[1])

    def by_hand(self, axis: Range1d) -> Span | None:
        """What a hand has made an axis show; None where it follows the data."""
        return (float(axis.start), float(axis.end)) if axis.id in self._by_hand else None

    def _next(self, axis: Range1d, wanted: Span, due: bool, still: bool) -> Span | None:
        """What an axis shows of data with this fit; None leaves it as it is."""
        if self._how == "always":
            return wanted if due else None
        if axis.id in self._by_hand:
            return None
        shown = self._shown.get(axis.id) or (axis.start, axis.end)  # which are slow to read
        if isinstance(wanted, Exactly):
            return wanted if wanted != shown else None
        outside, (low, high) = _outside(shown, wanted), wanted
        if due:
            small = high - low < LEAST_PART * (shown[1] - shown[0])
            return wanted if any(outside) or small or axis.id in self._grown else None
        return _grown(shown, wanted) if any(outside) and not still else None

    def _set_by_hand(self, axis: Range1d, end: str, before: float, value: float) -> None:
        self._by_hand.add(axis.id)
        self.on_hand(axis, end, value)


def _outside(shown: Span, wanted: Span) -> tuple[bool, bool]:
    """At which ends data leave an axis, or come too near."""
    room = MARGIN * (wanted[1] - wanted[0])
    return shown[0] > wanted[0] + room, shown[1] < wanted[1] - room


def _grown(shown: Span, wanted: Span) -> Span:
    """The axis with the ends that data leave moved out to a round number, and some head-room beyond."""
    (below, above), (low, high) = _outside(shown, wanted), shown
    room = HEADROOM * (max(shown[1], wanted[1]) - min(shown[0], wanted[0]))
    step = 10.0 ** math.floor(math.log10(room))
    step *= 1.0 if room >= 4 * step else 0.5
    if below:  # an end that hardly moved, because the length did, moves a little
        low = step * math.floor((wanted[0] - min(room, shown[0] - wanted[0])) / step)
    if above:
        high = step * math.ceil((wanted[1] + min(room, wanted[1] - shown[1])) / step)
    return low, high
