"""From what is asked to what is drawn: run the job, reduce it to what the figures can show. In a worker thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from spark import Recording
from spark.analysis import Firing, Rheobase

from ..client.picture import Looks, Sources
from ..session.job import Job
from . import compiled_shapes, price
from .diverged import Trouble
from .outcome import Outcome
from .readouts import cost
from .rheobase import known
from .sentence import sentence
from .shot import FIRST_SPIKE, NUMBER, RATE, Shot

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
        about: the sentence of what the model or preset is about; "" where values have been changed.
        expected: the pattern that this sentence speaks of; () for any firing.
        shown: how many neurons are drawn as traces.
        duration: length of the run as it was asked for, ms.
        visible: the part of the time axis that is shown, ms.
        columns: its width in pixels.
        recording: the run, if it is there already and only has to be drawn again.
        line: its read-outs.
        order: by what the raster is sorted, see `Shot`; by the first value in which the neurons differ when
            None, or where they no longer differ in what was chosen.
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
    order: str | None = None
    expected: tuple[str, ...] = ()

    @cached_property
    def outcome(self) -> Outcome:
        """What the run has shown."""
        assert self.recording is not None
        return Outcome(self.job, self.recording)

    @property
    def firing(self) -> Firing:
        """The first neuron's pattern."""
        return self.outcome.firing

    @property
    def trouble(self) -> Trouble | None:
        """Why the run is not to be believed, though its numbers are finite."""
        return self.outcome.trouble

    def said(self, limit: Rheobase | None) -> str:
        """The sentence below the read-outs: what it is about, unless something else happens.

        Args:
            limit: the rheobase, if it is known.
        """
        assert self.recording is not None
        if self.trouble is not None:
            return self.trouble.words
        patterns = self.firing.patterns
        if self.about and (patterns == self.expected if self.expected else patterns != ("silent",)):
            return self.about
        return sentence(self.recording, self.window, self.firing, self.job.stimulus.noisy, limit)


@dataclass(frozen=True)
class Drawn:
    """A picture of the traces, ready to be sent; `request` holds the run and its read-outs.

    Attributes:
        seconds: what drawing took.
    """

    request: Request
    shot: Shot
    sources: Sources
    fit: Fit
    looks: Looks
    seconds: float

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
        else:  # meanwhile more may be known
            about = {"about": request.said(known(request.recording))}
            request = replace(request, line=request.line | about)
        assert request.recording is not None
        began = time.perf_counter()
        spread, order = request.job.spread, request.order
        if order not in (NUMBER, RATE, FIRST_SPIKE, *spread):  # what the neurons differ in is seen at once
            order = next(iter(spread), NUMBER)
        shot = Shot(request.recording, *request.visible, request.shown, request.columns, order, spread)
        sources: Sources = {}
        fit: Fit = {}
        looks: list[Any] = []
        for view in self._views:
            sources |= view.data(shot)
            fit |= view.fit(shot)
            looks += view.describe(shot)
        return Drawn(request, shot, sources, fit, looks, time.perf_counter() - began)


def _run(request: Request, progress: Callable[[float], object]) -> Request:
    job, compiled = request.job, compiled_shapes.ready(request.job)
    began, part = time.perf_counter(), 0.0

    def reached(done: float) -> None:
        nonlocal part
        part = done
        progress(done)

    try:
        recording = job.run(reached)
    finally:  # a run that was ended has its price as well
        seconds = time.perf_counter() - began
        if compiled and part > 0:
            price.note(job, seconds, part)
    compiled_shapes.note(job)
    done = replace(request, recording=recording)
    line: dict[str, Any] = {
        "readouts": done.outcome.readouts,
        "cost": cost(recording, seconds),
        "about": done.said(known(recording)),
        "remedy": done.trouble and done.trouble.line,
    }
    return replace(done, line=line)
