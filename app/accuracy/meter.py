"""The honesty meter on the page: measured when nothing else is to be done, drawn over the run on demand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..client.picture import Picture, Sources
from ..client.turns import Turns
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.pipeline import Drawn, Request
from ..run.pools import ASIDE
from ..run.shot import Shot
from ..views.traces import Traces
from .half_step import UNKNOWN, Accuracy, accuracy, readout

REST = 0.3
"""Seconds without a newer run after which a run is measured: between the moves of a hand, nothing else is done."""


class Meter(Follower):
    """Compares each run that stays with its shadow at half the time step.

    Args:
        turns: later turns on the session's event loop.
        picture: where the meter and the shadow are shown.
        traces: the view over which the shadow is drawn.
    """

    def __init__(self, turns: Turns, picture: Picture, traces: Traces) -> None:
        super().__init__(turns, REST)
        self._picture, self._traces = picture, traces
        self._newest = Newest(ASIDE, turns.add_next_tick_callback, self._measured)
        self._found: Accuracy | None = None
        self._overlaid = False
        self._latest = 0
        self._columns = 0

    def outdate(self) -> None:
        super().outdate()
        self._newest.drop()

    def sources(self, drawn: Drawn) -> Sources:
        """The shadow of its run, if it is known and wanted."""
        if drawn.request.ask != self._latest:
            if self._found is not None:
                self._picture.say(meter=UNKNOWN)
            self._found, self._latest = None, drawn.request.ask
        return self._overlay(drawn.shot.columns)

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if self._found is None:
            self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """Run the shadow of this picture's run in a worker thread."""
        self._newest.ask(partial(_measure, drawn))

    def toggle(self) -> None:
        """Draw the shadow over the run, or no longer."""
        self._overlaid = not self._overlaid
        self._show()

    def _overlay(self, columns: int) -> Sources:
        if self._found is None or not self._overlaid:
            return self._traces.shadow(None)
        time = self._traces.potential.x_range
        return self._traces.shadow(Shot(self._found.shadow, float(time.start), float(time.end), 1, columns))

    def _measured(self, result: tuple[Request, Accuracy]) -> None:
        request, found = result
        if request.ask == self._latest:
            self._found, self._columns = found, request.columns
            self._show()

    def _show(self) -> None:
        if self._found is not None:
            self._picture.add(self._overlay(self._columns))
            self._picture.say(meter=readout(self._found) | {"drawn": self._overlaid})

    def close(self) -> None:
        super().close()
        self._newest.close()


def _measure(drawn: Drawn, stop: Callable[[], bool]) -> tuple[Request, Accuracy] | None:
    try:
        return drawn.request, accuracy(drawn.request.job, drawn.recording)
    except (ValueError, FloatingPointError):
        return None  # half the step cannot be run
