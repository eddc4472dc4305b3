"""When axes follow the data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bokeh.models import Range1d

from ..client.picture import Looks
from ..run.pipeline import Fit

MARGIN = 0.04
"""Part of a fitted axis that data leave free at its ends, at least: they may take it before the axis follows."""
LEAST_PART = 0.6
"""Data that take less of an axis than this part are shown larger."""


class Axes:
    """When axes follow the data: not while a value is dragged, and never where somebody has zoomed."""

    def __init__(self) -> None:
        self._how, self._since = "always", 0
        self._fitted: dict[str, tuple[float, float]] = {}
        self._by_hand: set[str] = set()
        self.on_hand: Callable[[Range1d, str, float], None] = lambda axis, end, value: None

    @property
    def wanted(self) -> bool:
        """Whether a fit is waited for."""
        return self._how != "never"

    def want(self, how: str, since: int) -> None:
        """Fit when the run number `since`, or a later one, is shown: "always", or axes that show it in a "poor" way."""
        self._how, self._since = how, since

    def follow(self, fit: Fit, ask: int) -> Looks:
        """The ranges to show with run number `ask`: those that came with it, where they are wanted."""
        looks: list[tuple[Range1d, dict[str, Any]]] = []
        if not self.wanted or ask < self._since or not fit:
            return looks
        for target, (low, high) in fit.items():
            axis = target if isinstance(target, Range1d) else target.y_range
            if self._how == "poor" and not self._poor(axis, low, high):
                continue
            if axis.id not in self._fitted:
                for end in ("start", "end"):
                    axis.on_change(end, partial(self._set_by_hand, axis))
            self._fitted[axis.id] = (low, high)
            self._by_hand.discard(axis.id)
            looks.append((axis, {"start": low, "end": high, "reset_start": low, "reset_end": high}))
        self._how = "never"
        return looks

    def _set_by_hand(self, axis: Range1d, end: str, before: float, value: float) -> None:
        self._by_hand.add(axis.id)
        self.on_hand(axis, end, value)

    def _poor(self, axis: Range1d, low: float, high: float) -> bool:
        """Whether data leave the axis or take a small part of it, and nobody has set it by hand."""
        shown, room = self._fitted.get(axis.id, (axis.start, axis.end)), MARGIN * (high - low)
        outside = shown[0] > low + room or shown[1] < high - room
        return axis.id not in self._by_hand and (outside or high - low < LEAST_PART * (shown[1] - shown[0]))
