"""The f-I curve: how fast it fires under a constant current, and where the run that is shown lies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from spark import Recording
from spark.simulation import Cancelled
from spark.stimuli import Step

from ...client.picture import Sources
from ...run.pipeline import Request
from ...run.rheobase import rheobase
from ...run.shot import Shot
from ...session.job import Job
from ..side import Finding, SideView, Stage, hand
from ..style import xy
from . import sampling
from .figure import Figure
from .sampling import Curves, Operating
from .words import hint, immovable, sentence

ADDRESS = "view fi"
AMPLITUDE = "stimulus.0.amplitude"


class FI(SideView):
    """Rates against current; a drag sets the current of the stimulus."""

    name, title, place, studies = "fi", "f–I curve", 2, True
    controls = (
        {
            "key": "sweep",
            "kind": "toggle",
            "label": "Up and down",
            "value": False,
            "title": "Also go up a staircase of currents and down again: does the rate depend on the way?",
        },
    )

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.figure = Figure()
        self.sweeping = False
        self._curves: Curves | None = None
        self._ghost: Curves | None = None
        self._at: Operating | None = None
        self._widest: sampling.Span | None = None
        hand(self.figure.plot, ADDRESS, "spark:fi:dot")

    @classmethod
    def rehearsals(cls, job: Job, recording: Recording) -> Iterator[Callable[[], Any]]:
        limit = rheobase(recording)
        span = sampling.span(limit, 0.0)
        for coarse in (True, False):
            yield partial(sampling.compute, recording, limit, span, span, coarse)

    @property
    def layout(self) -> Any:
        return self.figure.plot

    def picture(self, shot: Shot, request: Request) -> Finding:
        """The dot, and the curves that are there in words; curves of another model go."""
        at = self._at = sampling.operating(shot, request)
        sources: Sources = {"spark:fi:dot": xy(np.array([at.current]), np.array([at.rate]))}
        if self.stage.pinned is None:
            self._ghost = None
            sources |= self.figure.ghost(None)
        curves, card = self._known(shot), {"values": {"sweep": self.sweeping}}
        if curves is None:
            sources |= self.figure.nothing()
            return Finding(sources, "Computing the curve …", looks=self.figure.unmarked(), card=card)
        if curves.key != sampling.key_of(shot.recording):
            return Finding(sources, card=card)  # of other values: a study is on its way
        told = sentence(curves, at, self.sweeping, self._ghost)
        return Finding(sources, told, card=card, hint=hint(at, self.sweeping))

    def _known(self, shot: Shot) -> Curves | None:
        """The curves, if they are those of this model."""
        curves = self._curves
        return curves if curves is not None and curves.key[0] is type(shot.recording.soma) else None

    def study(self, shot: Shot, request: Request, coarse: bool, stop: Callable[[], bool]) -> Finding | None:
        """The curves, anew only where something else than the current has changed; also that of the pinned neuron."""
        at, curves, pin = sampling.operating(shot, request), self._known(shot), self.stage.pinned
        recording, ghost, least = shot.recording, None, None
        limit = sampling.limit_of(curves, recording)
        wanted = sampling.span(limit, at.current)
        if pin is not None:
            least = sampling.limit_of(self._ghost, pin.recording)
            wanted = sampling.wider(wanted, sampling.span(least, at.current))
        # Axes keep still while a hand moves: what they may show must be there, whatever is wanted by now.
        self._widest = wanted if curves is None or self._widest is None else sampling.wider(self._widest, wanted)
        curves = sampling.renewed(curves, recording, limit, wanted, self._widest, coarse)
        if pin is not None and least is not None:
            ghost = sampling.renewed(self._ghost, pin.recording, least, wanted, self._widest, coarse)

        def go_on(done: float) -> None:
            if not coarse and stop():
                raise Cancelled

        if self.sweeping and curves.sweep is None and not curves.trouble:
            with suppress(Cancelled):  # the curve at least: a newer study is on its way
                curves = sampling.with_sweep(curves, recording, go_on)
        self._curves, self._ghost = curves, ghost
        return Finding(
            self.figure.sources(curves, self.sweeping) | self.figure.ghost(ghost),
            sentence(curves, at, self.sweeping, ghost),
            self.figure.fit(curves, ghost, wanted),
            self.figure.looks(curves, ghost, wanted, self.sweeping),
            hint=hint(at, self.sweeping),
        )

    def receive(self, message: dict[str, Any]) -> None:
        """A drag sets the current; the toggle adds a sweep up and down."""
        if message["type"] == "control":
            self.sweeping = bool(message["value"])
            self.stage.again()
        elif message["type"] == "hand" and self._at is not None:
            self.still = () if message["final"] else (self.figure.plot.x_range,)
            self._take(float(message["x"]), bool(message["final"]), self._at)

    def _take(self, x: float, final: bool, at: Operating) -> None:
        """The hand is at this current."""
        part = self.stage.session.parts[0]
        if not isinstance(part, Step) or at.step is None:
            self.stage.show(words=immovable(part.title), hint="")
        elif math.isfinite(x):
            wide = self._curves.span[1] - self._curves.span[0] if self._curves else 1000.0
            step = 10.0 ** math.floor(math.log10(wide / 300))
            low, high = part.quantities()["amplitude"].bounds
            # Other stimuli add to the current at which the dot is: the hand moves the dot.
            value = round((x - (at.current - at.step)) / step) * step
            self.stage.set({AMPLITUDE: round(min(max(value, low), high), 9)}, final)

    @property
    def options(self) -> dict[str, Any]:
        return {"sweep": True} if self.sweeping else {}

    def choose(self, options: dict[str, Any]) -> None:
        self.sweeping = options.get("sweep") is True

    def closed(self) -> None:
        self._widest = None

    def recolour(self, colours: dict[str, str]) -> None:
        self.figure.recolour(colours)
