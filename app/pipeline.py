"""From what is asked to what is drawn: run the job, reduce it to what the figures can show. In a worker thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from bokeh.models import Range1d

from spark import Recording

from . import warm
from .client.picture import Looks, Sources
from .job import Job
from .readouts import cost, readouts
from .views.shot import Shot

Fit = dict[Any, tuple[float, float]]
MARGIN = 0.04
"""Part of a fitted axis that data leave free at its ends, at least: they may take it before the axis follows."""
LEAST_PART = 0.6
"""Data that take less of an axis than this part are shown larger."""


class View(Protocol):
    """What a view offers: all figures are built once, and fed."""

    def data(self, shot: Shot) -> Sources:
        """Data of every source for this run."""

    def fit(self, shot: Shot) -> Fit:
        """The y range that shows the whole run, by figure or range."""

    def describe(self, shot: Shot) -> Looks:
        """Labels, legends and what is visible, for the model that ran."""

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""


@dataclass(frozen=True)
class Request:
    """One picture that is asked for.

    Attributes:
        job: what to run.
        ask: counts the runs of a session.
        window: while the stimulus is on, ms.
        about: the sentence below the read-outs.
        shown: how many neurons are drawn as traces.
        duration: length of the run as it was asked for, ms.
        visible: the part of the time axis that is shown, ms.
        columns: its width in pixels.
        recording: the run, if it is there already and only has to be drawn again.
        line: its read-outs.
        order: by what the raster is sorted, see `Shot`.
    """

    job: Job
    ask: int
    window: tuple[float, float]
    about: str
    shown: int
    duration: float
    visible: tuple[float, float]
    columns: int
    recording: Recording | None = None
    line: dict[str, Any] = field(default_factory=dict)
    order: str = ""


@dataclass(frozen=True)
class Drawn:
    """A picture of the traces, ready to be sent; `request` holds the run and its read-outs."""

    request: Request
    shot: Shot
    sources: Sources
    fit: Fit
    looks: Looks

    @property
    def recording(self) -> Recording:
        """The run that is drawn."""
        return self.shot.recording


class Pipeline:
    """Carries out requests for these views."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views

    def __call__(self, request: Request, progress: Callable[[float], object]) -> Drawn:
        """Run, unless that was done, and draw; `progress` may raise to end the run."""
        if request.recording is None:
            request = _run(request, progress)
        assert request.recording is not None
        shot = Shot(request.recording, *request.visible, request.shown, request.columns, request.order)
        sources: Sources = {}
        fit: Fit = {}
        looks: list[Any] = []
        for view in self._views:
            sources |= view.data(shot)
            fit |= view.fit(shot)
            looks += view.describe(shot)
        return Drawn(request, shot, sources, fit, looks)


def _run(request: Request, progress: Callable[[float], object]) -> Request:
    began = time.perf_counter()
    recording = request.job.run(progress)
    seconds = time.perf_counter() - began
    warm.done(request.job)
    line = {"readouts": readouts(recording, request.window), "cost": cost(recording, seconds), "about": request.about}
    return replace(request, recording=recording, line=line)


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
