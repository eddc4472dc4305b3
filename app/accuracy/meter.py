"""The honesty meter on the page: measured when nothing else is to be done, drawn over the run on demand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..client.picture import Picture, Sources
from ..run.live import ASIDE, Live
from ..run.pipeline import Drawn, Request
from ..run.shot import Shot
from ..views.traces import Traces
from .shadow import UNKNOWN, Accuracy, accuracy, readout

REST = 0.3
"""Seconds without a newer run after which a run is measured: between the moves of a hand, nothing else is done."""


class Meter:
    """Compares each run that stays with its shadow at half the time step.

    Args:
        live: the session's loop, on which results come back.
        picture: where the meter and the shadow are shown.
        traces: the view over which the shadow is drawn.
        visible: the part of the time axis that is shown now.
    """

    def __init__(
        self, live: Live, picture: Picture, traces: Traces, visible: Callable[[], tuple[float, float]]
    ) -> None:
        self._live, self._picture, self._traces, self._visible = live, picture, traces, visible
        self._found: Accuracy | None = None
        self._drawn = False
        self._latest = 0
        self._columns = 0

    def sources(self, drawn: Drawn) -> Sources:
        """What to send with a picture: the shadow of its run, if it is known and wanted."""
        if drawn.request.ask != self._latest:
            if self._found is not None:
                self._picture.say(meter=UNKNOWN)
            self._found, self._latest = None, drawn.request.ask
        return self._overlay(drawn.shot.columns)

    def measure(self, drawn: Drawn) -> None:
        """Run the shadow of this picture's run in a worker thread, if it is still shown when the hand rests."""
        if self._found is None:
            self._live.later(REST, partial(self._start, drawn))

    def _start(self, drawn: Drawn) -> None:
        if self._newest(drawn.request):
            ASIDE.submit(self._measure, drawn)

    def _newest(self, request: Request) -> bool:
        return request.ask == self._latest and not self._live.busy and not self._live.closed

    def toggle(self) -> None:
        """Draw the shadow over the run, or no longer."""
        self._drawn = not self._drawn
        self._show()

    def _overlay(self, columns: int) -> Sources:
        if self._found is None or not self._drawn:
            return self._traces.shadow(None)
        return self._traces.shadow(Shot(self._found.shadow, *self._visible(), 1, columns))

    def _measure(self, drawn: Drawn) -> None:
        if not self._newest(drawn.request):
            return  # a newer run is under way: this one will not be looked at
        try:
            found = accuracy(drawn.request.job, drawn.recording)
        except (ValueError, FloatingPointError):
            return  # half the step cannot be run
        self._live.soon(partial(self._measured, drawn.request, found))

    def _measured(self, request: Request, found: Accuracy) -> None:
        if self._newest(request):
            self._found, self._columns = found, request.columns
            self._show()

    def _show(self) -> None:
        if self._found is not None:
            self._picture.add(self._overlay(self._columns))
            self._picture.say(meter=readout(self._found) | {"drawn": self._drawn})
