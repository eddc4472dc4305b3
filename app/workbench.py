"""The page: its arrangement, and the wiring between sidebar, session, loop and views."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui
from bokeh.layouts import column
from bokeh.models import Range1d, Span

from spark import Recording

from . import warm
from .client.channel import Channel
from .client.picture import Picture
from .client.turns import Turns
from .explain import Explain
from .foresight import Foresight
from .live import ASIDE, Live
from .meter import Meter
from .pace import QUEUED, progress
from .pipeline import Axes, Drawn, Pipeline, Request, View
from .rehearsal import rehearsals
from .session import Session
from .sidebar import WIDTH, Sidebar
from .theme import THEMES
from .views.export import standalone
from .views.ghosts import Ghosts
from .views.raster import Raster
from .views.shot import COLUMNS
from .views.style import COLOURS
from .views.traces import Traces

log = logging.getLogger(__name__)

COMPILING = "Compiling the model for this size; the first time only. The plots show the run before."
CANCELLED = "Cancelled: the plots show the run before. Change a value to run again."


class Workbench:
    """One visitor's page."""

    def __init__(self) -> None:
        warm.start()
        warm.then(rehearsals)
        self.session = Session()
        self._drawn: Drawn | None = None
        self._stale = True
        self._ask = 0
        self._error: str | None = None
        self._note: str | None = None
        self._quiet = False
        self._axes = Axes()
        self._duration = self.session.settings.duration
        self._x_range = Range1d(0, self._duration, bounds=(0, self._duration))
        self._x_range.min_interval = 1.0
        self._cursor = Span(dimension="height", line_dash="dotted", line_width=1)
        self._traces = Traces(self._x_range, self._cursor)
        self._raster = Raster(self._x_range, self._cursor)
        self._views: tuple[View, ...] = (Ghosts(self._traces, self._raster), self._traces, self._raster)
        self._pipeline = Pipeline(self._views)
        self._channel = Channel(pn.state.curdoc)
        self._live = Live(Turns(pn.state.curdoc), self._show, self._failed)
        self._picture = Picture(sizing_mode="stretch_width", margin=0, height=72)
        moment = Span(dimension="height", line_width=2, visible=False)
        for figure in (*self._traces.figures, self._raster.figure):
            figure.add_layout(moment)
        self._sidebar = Sidebar(self.session, self._restructure, self._move)
        self._explain = Explain(
            self.session,
            self._live,
            self._picture,
            self._channel,
            self._traces,
            self._raster,
            moment,
            self._sidebar.set,
            self._run,
            self._zoomed,
        )
        self._build_page()
        self._meter = Meter(self._live, self._picture, self._traces, self._visible)
        self._foresight = Foresight(self._live, self._sidebar.foreseen)
        self._wire()
        self._sidebar.show()

    def servable(self) -> None:
        """Show the page."""
        self._page.servable()

    def _build_page(self) -> None:
        figures = [*self._traces.figures, self._raster.figure]
        plots = pn.pane.Bokeh(
            column(*figures, sizing_mode="stretch_both", spacing=0), sizing_mode="stretch_both", margin=0
        )
        plots.styles = {"flex": "1.3 1 0", "min-width": "0"}
        self._explain.side.styles = {"flex": "1 1 0", "min-width": "0", "border-left": "1px solid rgba(128,128,128,.4)"}
        self._page = pmui.Page(
            title="Spark",
            header=self._sidebar.header,
            sidebar=self._sidebar.objects,
            sidebar_width=WIDTH,
            main=[
                pn.Column(
                    self._picture,
                    self._explain.picker,
                    pn.Row(plots, self._explain.side, sizing_mode="stretch_both", margin=0),
                    sizing_mode="stretch_both",
                    margin=0,
                )
            ],
            busy_indicator=None,
            theme_config=THEMES,
        )

    def _wire(self) -> None:
        self.session.changed = self._run
        self._picture.on_painted = self._live.painted
        self._picture.on_ready = self._start
        self._picture.on_lost = self._draw_again
        self._picture.on_cancel = self._live.stop
        self._live.on_progress = self._progress
        self._live.on_stopped = self._stopped
        self._axes.on_hand = self._picture.notice
        self._picture.join(self._channel, "picture")
        self._picture.on_meter = self._meter.toggle
        self._sidebar.join(self._channel)
        self._sidebar.fit.on_click(lambda event: self._fit_now())
        self._sidebar.save.on_click(lambda event: self._save())
        self._sidebar.foresight.param.watch(lambda event: self._foresight.switch(event.new), "value")
        for end in ("start", "end"):
            self._x_range.on_change(end, lambda attr, old, new: self._zoomed())
        self._page.param.watch(lambda event: self._recolour(), "dark_theme")
        self._recolour()
        pn.state.on_session_destroyed(lambda context: self._close())

    def _draw_again(self) -> None:
        """Pictures on their way were lost: send the last run once more, whole."""
        self._live.restart()
        self._zoomed()

    def _start(self) -> None:
        self._live.restart()
        self._want_fit("always")
        self._run()

    def _restructure(self, change: Callable[[], None]) -> None:
        """A change after which the controls are others: carry it out, rebuild them, run once."""
        pn.state.onload(partial(self._restructure_now, change))  # menus set before that, Panel never tells the page

    def _restructure_now(self, change: Callable[[], None]) -> None:
        self._want_fit("always")
        self._picture.say(busy="Simulating …", error=None)
        try:
            change()
        except (ValueError, TypeError) as error:
            self._complain(error)
            return
        self._sidebar.show()
        self._explain.model_changed(self._ask)

    def _want_fit(self, how: str) -> None:
        """Fit the axes when a run that is asked for from now on is shown."""
        self._axes.want(how, self._ask + 1)

    @property
    def _recording(self) -> Recording | None:
        """The run that is shown."""
        return self._drawn.recording if self._drawn else None

    def _move(self, values: dict[str, Any], final: bool) -> None:
        """A hand moves values of the session by path, or lets go of them.

        Raises:
            ValueError, TypeError: they are refused.
        """
        same = all(np.array_equal(self.session.get(path), value) for path, value in values.items())
        if final and not self._axes.wanted:
            self._axes.want("outside", self._ask + (not same))
        if final:
            self._explain.let_go(self._ask + (not same))
        if not same or self._error:
            self.session.set(values)
        elif self._drawn and self._drawn.request.ask == self._ask:
            # A hand lets go of what it moved: that is shown already.
            self._picture.adjust(self._axes.follow(self._drawn.fit, self._ask))
            self._explain.settle()

    def _run(self) -> None:
        """Run what the session says, as soon as the run before is done."""
        self._note = None
        self._picture.rest()
        try:
            job = self.session.job()
        except (ValueError, TypeError) as error:
            self._live.cancel()
            self._stale = self._live.busy  # the last good values: their picture is still to come
            self._complain(error)
            return
        self._error = None
        self._stale = True
        self._ask += 1
        if not warm.ready(job):
            self._picture.say(busy=COMPILING, error=None)
        session = self.session
        request = Request(
            job,
            self._ask,
            session.window(),
            session.preset.shows if session.preset else session.soma.shows,
            session.settings.shown,
            session.settings.duration,
            self._visible() if session.settings.duration == self._duration else (0.0, session.settings.duration),
            self._picture.columns or COLUMNS,
            order=self._explain.order,
        )
        self._live.ask(partial(self._pipeline, request), job.long)

    def _progress(self, done: float | None, left: float | None) -> None:
        """The run takes long: say how far it is."""
        run = QUEUED if done is None else progress(self.session.settings.units, done, left)
        self._picture.say(run=run, busy=None, error=self._error)

    def _stopped(self) -> None:
        """The run was cancelled: what is shown stays, and answers to the time axis and to views."""
        self._stale, self._note = False, CANCELLED
        self._picture.say(run=None, busy=None, note=CANCELLED)
        for rows in self._sidebar.foreseen:
            rows.doubt(True)
        self._zoomed()

    def _complain(self, error: Exception) -> None:
        self._error = str(error) or type(error).__name__
        self._picture.say(error=self._error, busy=None, run=None)

    def _visible(self) -> tuple[float, float]:
        return float(self._x_range.start), float(self._x_range.end)

    def _zoomed(self) -> None:
        """Another part of the time axis is visible, or another view open: draw the run again, in full resolution."""
        if self._quiet or self._drawn is None:
            return
        if not self._stale:
            self._live.ask(partial(self._pipeline, replace(self._drawn.request, **self._now())))
        elif not self._live.busy:
            self._run()

    def _now(self) -> dict[str, Any]:
        """What a picture shows of its run."""
        columns = self._picture.columns or COLUMNS
        return {"visible": self._visible(), "columns": columns, "order": self._explain.order}

    def _show(self, revision: int, drawn: Drawn) -> None:
        warm.visited()
        self._drawn = drawn
        self._stale = self._live.busy
        if drawn.request.duration != self._duration:
            self._show_all_time(drawn.request.duration)
        newer = drawn.request.ask != self._ask and self._live.busy
        state = {"error": self._error, "busy": "Simulating …" if newer else None, "note": self._note, "run": None}
        self._picture.paint(
            revision,
            drawn.sources | self._meter.sources(drawn),
            drawn.request.line | state,
            [*drawn.looks, *self._axes.follow(drawn.fit, drawn.request.ask)],
        )
        self._explain.follow(drawn)
        if not self._live.busy and any(getattr(drawn.request, name) != now for name, now in self._now().items()):
            self._zoomed()  # something was zoomed or sorted meanwhile: no run is begun anew for that
        if not self._live.busy:
            self._meter.measure(drawn)
        if self._live.busy or drawn.request.ask == self._ask:  # else the sliders show what was cancelled
            self._foresight.follow(drawn)

    def _show_all_time(self, duration: float) -> None:
        self._duration = duration
        self._quiet = True
        self._x_range.bounds = (0, self._duration)  # first: the page clips the range to them
        self._x_range.update(start=0, end=self._duration, reset_end=self._duration)
        self._quiet = False

    def _fit_now(self) -> None:
        self._show_all_time(self._duration)
        since = self._ask if self._drawn is None or self._stale else self._drawn.request.ask
        self._explain.fit(since)
        self._axes.want("always", since)
        self._zoomed()

    def _save(self) -> None:
        """Make the picture as a file in a worker thread, and let the browser save it."""
        recording, doc = self._recording, pn.state.curdoc
        if recording is None:
            return
        name = f"spark-{type(recording.soma).__name__}.html"

        def make() -> None:
            try:
                content = standalone(recording)
            except Exception as error:
                log.exception("the picture could not be saved")
                doc.add_next_tick_callback(partial(self._picture.say, error=f"The picture could not be saved: {error}"))
            else:
                doc.add_next_tick_callback(partial(self._picture.download, name, content))

        ASIDE.submit(make)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, (ValueError, TypeError, FloatingPointError)):
            log.error("a run failed", exc_info=error)
        if not self._live.busy:  # else a newer run is on its way, to which this does not apply
            self._complain(error)
            self._stale = False
            self._zoomed()  # what was zoomed or opened meanwhile shows the run before

    def _close(self) -> None:
        """The visit has ended: let go of everything, also where panel-material-ui would keep the page alive."""
        self._live.close()
        self._explain.close()
        self._foresight.close()
        self._channel.close()
        self._drawn = None
        for watcher in list(pn.state.param.watchers.get("busy", {}).get("value", [])):
            if getattr(getattr(watcher.fn, "__self__", None), "self_or_cls", None) is self._page:
                pn.state.param.unwatch(watcher)

    def _recolour(self) -> None:
        colours = COLOURS[bool(self._page.dark_theme)]
        self._cursor.line_color = colours["cursor"]
        for view in self._views:
            view.recolour(colours)
        self._explain.recolour(colours)
        self._foresight.recolour(bool(self._page.dark_theme))
