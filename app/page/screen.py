"""What is shown of a session: its runs are asked for here, and their pictures come to the page here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from bokeh.models import Range1d

from spark import Recording

from .. import compile_ahead
from ..client.picture import Picture, Sources
from ..client.turns import Turns
from ..numbers import typographic
from ..run import compiled_shapes, counted, price
from ..run.diverged import Trouble, failed
from ..run.follower import Follower
from ..run.held import held
from ..run.live import Live
from ..run.pipeline import Drawn, Pipeline, Request
from ..run.progress import QUEUED, progress
from ..run.shot import COLUMNS
from ..session.job import Job
from ..session.session import Session
from .axes import Axes

log = logging.getLogger(__name__)

COMPILING = "Compiling the model for this size; the first time only. The plots show the run before."
OPENING = "Opening what the address holds …"
SHOWN = " The plots show the last values that could be run."
HELD = "Waiting for your prediction. The plots show the run before."
CANCELLED = "Cancelled: the plots show the run before. Change a value to run again."


class Screen:
    """Takes what the session says to the page; what cannot be run leaves the last good picture there.

    Args:
        session: what is chosen.
        picture: the page's data.
        time: the axis that all traces share, ms.
        pipeline: runs and draws.
        turns: how worker threads come back to the session.
        followers: what follows what is shown.
    """

    def __init__(
        self,
        session: Session,
        picture: Picture,
        time: Range1d,
        pipeline: Pipeline,
        turns: Turns,
        followers: Sequence[Follower],
    ) -> None:
        self._session, self._picture, self._time, self._pipeline = session, picture, time, pipeline
        self._followers = followers
        self._duration = session.settings.duration
        self._axes = Axes()
        self._axes.on_hand = picture.notice
        self._drawn: Drawn | None = None
        self._stale = True
        self._error: str | None = None
        self._remedy: dict[str, Any] | None = None
        self._job: Job | None = None
        self._note: str | None = None
        self._quiet = False
        self.on_hold: Callable[[Job], bool] = lambda job: False
        """Is asked before each run; True: it waits until `reveal`."""
        self._held = False
        self.is_whole = True
        """Whether all of the run is seen."""
        self.asked = 0
        """Number of the last run that was asked for."""
        self._live = Live(turns, self._show, self._failed)
        self._live.on_progress, self._live.on_stopped = self._progress, self._stopped
        picture.on_painted, picture.on_cancel = self._live.painted, self._live.stop
        picture.on_ready, picture.on_lost = self._start, self._draw_again
        self.on_begin: Callable[[Any], bool] = lambda begin: False
        """Begins with what the page holds of a session; False where that is nothing."""
        for end in ("start", "end"):
            time.on_change(end, lambda attr, old, new: self._zoomed())

    @property
    def recording(self) -> Recording | None:
        """The run that is shown."""
        return self._drawn.recording if self._drawn else None

    @property
    def drawn(self) -> Drawn | None:
        """What is shown, where that is what the session says: no newer run is on its way, failed or was cancelled."""
        settled = self._drawn is not None and self._drawn.request.ask == self.asked and self._error is None
        settled = settled and not self._held
        return self._drawn if settled else None

    @property
    def is_held(self) -> bool:
        """Whether what the session says waits for a prediction."""
        return self._held

    def _zoomed(self) -> None:
        self.is_whole = self._visible() == (0.0, self._duration)
        self.redraw()

    def _visible(self) -> tuple[float, float]:
        """The part of the time axis that is shown, ms."""
        return float(self._time.start), float(self._time.end)

    def carry_out(self, change: Callable[[], None], said: str = "") -> bool:
        """Make a change after which the controls are others, and run once; False where it is refused.

        Args:
            change: of the session.
            said: what it is called, where that is more than the values that change.
        """
        self._fit_next()
        self._picture.say(busy="Simulating …", error=None)
        try:
            change()
        except (ValueError, TypeError) as error:
            counted.REFUSED.note()
            self._complain(error)
            return False
        self._run()
        self._tell(lambda follower: follower.changed(said))
        return True

    def start_from(self, initial: dict[str, float]) -> None:
        """Run from this state."""
        self._session.start_from(initial)
        self._run()
        self._tell(lambda follower: follower.changed(""))

    def _start(self, begin: Any) -> None:
        self._live.restart()
        self._fit_next()
        if self.on_begin(begin):
            self._picture.say(busy=OPENING)
        else:
            self._run()

    def _draw_again(self) -> None:
        """Pictures on their way were lost: send the last run once more, whole."""
        self._live.restart()
        self.redraw()

    def _fit_next(self) -> None:
        """Fit the axes when a run that is asked for from now on is shown."""
        self._axes.want("always", self.asked + 1)

    def move(self, values: dict[str, Any], final: bool) -> None:
        """A hand moves values of the session by path, or lets go of them.

        Raises:
            ValueError, TypeError: they are refused.
        """
        same = all(np.array_equal(self._session.get(path), value) for path, value in values.items())
        if final:
            since = self.asked + (not same)
            if not self._axes.wanted:
                self._axes.want("poor", since)
            self._tell(lambda follower: follower.let_go(since))
        if not same or self._error:
            self._session.set(values)
            self._run()
        elif self._drawn and self._drawn.request.ask == self.asked:
            # A hand lets go of what it moved: that is shown already.
            self._picture.adjust(self._axes.follow(self._drawn.fit, self.asked))
            self._tell(lambda follower: follower.settle())
        if final:
            self._tell(lambda follower: follower.changed(""))

    def reveal(self) -> None:
        """Run what waits for a prediction, or go on as usual where none does any more."""
        if self._held:
            self._run(revealed=True)

    def _run(self, revealed: bool = False) -> None:
        """Run what the session says, as soon as the run before is done; `revealed`: what waited for a prediction."""
        self._note = None
        self._picture.rest()
        try:
            job = self._session.job()
            held().ask(self, job)
        except (ValueError, TypeError) as error:
            counted.REFUSED.note()
            self._live.cancel()
            self._stale = self._live.busy  # the last good values: their picture is still to come
            self._complain(error, SHOWN if self._drawn else "")
            return
        self._error, self._job = None, job
        self._held = self._drawn is not None and not revealed and self.on_hold(job)
        if self._held:
            self._live.cancel()
            self._stale = self._live.busy
            self._note = HELD  # also of a picture that is on its way
            self._picture.say(busy=None, error=None, note=HELD)
            return
        self._stale = True
        self.asked += 1
        self._tell(lambda follower: follower.outdate())
        if not compiled_shapes.ready(job):
            self._picture.say(busy=COMPILING, error=None)
        session, told = self._session, self._session.untouched
        about = session.preset.shows if session.preset else session.soma.shows
        request = Request(
            job,
            self.asked,
            job.window,
            about if told else "",
            session.settings.shown,
            session.settings.duration,
            self._visible() if session.settings.duration == self._duration else (0.0, session.settings.duration),
            self._picture.columns or COLUMNS,
            order=self._order,
            expected=session.preset.pattern if session.preset else (),
        )
        self._live.ask(partial(self._pipeline, request), price.seconds(job))

    def redraw(self) -> None:
        """Another part of the time axis is visible, or another view open: draw the run again, in full resolution."""
        if self._quiet or self._drawn is None:
            return
        if not self._stale:
            drawn = self._drawn
            self._live.ask(partial(self._pipeline, replace(drawn.request, **self._now())), drawn.seconds)
        elif not self._live.busy:
            self._run()

    @property
    def _order(self) -> str | None:
        """By what the raster was asked to be sorted."""
        return next((follower.order for follower in self._followers if follower.order is not None), None)

    def _now(self) -> dict[str, Any]:
        """What a picture shows of its run."""
        columns = self._picture.columns or COLUMNS
        return {"visible": self._visible(), "columns": columns, "order": self._order}

    def fit(self) -> None:
        """Show the whole run, on all axes."""
        self._show_all_time(self._duration)
        since = self.asked if self._drawn is None or self._stale else self._drawn.request.ask
        self._tell(lambda follower: follower.fit(since))
        self._axes.want("always", since)
        self.redraw()

    def _show(self, revision: int, drawn: Drawn) -> None:
        compile_ahead.visited()
        self._drawn = drawn
        held().show(self, drawn.recording, ended=drawn.request.ask == self.asked)
        self._stale = self._live.busy
        if drawn.request.duration != self._duration:
            self._show_all_time(drawn.request.duration)
        newer = drawn.request.ask != self.asked and self._live.busy
        dropped = drawn.request.ask != self.asked and not self._live.busy
        if dropped and self._error is None:
            self._note = CANCELLED  # this run was done before it could be ended, the newer one was never begun
        state: dict[str, Any] = {
            "error": self._error,
            "remedy": self._remedy if self._error else drawn.request.line.get("remedy"),
            "busy": "Simulating …" if newer else None,
            "note": self._note,
            "run": None,
        }
        beside: Sources = {}
        self._tell(lambda follower: beside.update(follower.sources(drawn)))
        self._picture.paint(
            revision,
            drawn.sources | beside,
            drawn.request.line | state,
            [*drawn.looks, *self._axes.follow(drawn.fit, drawn.request.ask)],
        )
        if dropped:
            self._doubt()
        resting = not self._live.busy
        self._tell(lambda follower: follower.follow(drawn, resting))
        if not self._live.busy and any(getattr(drawn.request, name) != now for name, now in self._now().items()):
            self.redraw()  # something was zoomed or sorted meanwhile: no run is begun anew for that

    def _show_all_time(self, duration: float) -> None:
        self._duration = duration
        self._quiet = True
        self._time.bounds = (0, self._duration)  # first: the page clips the range to them
        self._time.update(start=0, end=self._duration, reset_end=self._duration)
        self._quiet, self.is_whole = False, True

    def _progress(self, done: float | None, left: float | None) -> None:
        """The run takes long: say how far it is."""
        run = QUEUED if done is None else progress(self._session.settings.units, done, left)
        self._picture.say(run=run, busy=None, error=self._error)

    def _stopped(self) -> None:
        """The run was cancelled: what is shown stays, and answers to the time axis and to views."""
        held().drop(self)
        self._stale, self._note = False, CANCELLED
        self._picture.say(run=None, busy=None, note=CANCELLED)
        self._doubt()
        self.redraw()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, (ValueError, TypeError, FloatingPointError)):
            log.error("a run failed", exc_info=error)
        if not self._live.busy:  # else a newer run is on its way, to which this does not apply
            self._complain(error, trouble=failed(error, self._job) if self._job else None)
            held().drop(self)
            self._stale = False
            self._doubt()
            self.redraw()  # what was zoomed or opened meanwhile shows the run before

    def _doubt(self) -> None:
        self._tell(lambda follower: follower.doubt())

    def _tell(self, tell: Callable[[Follower], object]) -> None:
        """Tell every follower; one that fails keeps neither the picture nor the others from what comes next."""
        for follower in self._followers:
            try:
                tell(follower)
            except Exception:
                log.exception("%s failed to follow", type(follower).__name__)

    def _complain(self, error: Exception, more: str = "", trouble: Trouble | None = None) -> None:
        said = trouble.words if trouble else str(error) or type(error).__name__
        self._error, self._remedy = typographic(said) + more, trouble.line if trouble else None
        self._picture.say(error=self._error, remedy=self._remedy, busy=None, run=None)

    def close(self) -> None:
        """The visit has ended."""
        self._live.close()
        self._drawn = None
        held().leave(self)
        self._tell(lambda follower: follower.close())
