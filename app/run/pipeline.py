"""From what is asked to what is drawn: run the job, reduce it to what the figures can show. In a worker thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from spark import Recording

from ..client.picture import Looks, Sources
from ..session.job import Job
from . import compiled_shapes
from .readouts import cost, readouts
from .shot import Shot

Fit = dict[Any, tuple[float, float]]


class Exactly(tuple[float, float]):
    """A range that is shown as it is with every picture: the rows of a raster, all of them and no more."""


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
        shot = Shot(
            request.recording, *request.visible, request.shown, request.columns, request.order, request.job.spread
        )
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
    compiled_shapes.note(request.job)
    line = {"readouts": readouts(recording, request.window), "cost": cost(recording, seconds), "about": request.about}
    return replace(request, recording=recording, line=line)
