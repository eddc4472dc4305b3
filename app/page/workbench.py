"""The page: its arrangement, and the wiring between sidebar, session, loop and views."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.layouts import column
from bokeh.models import Range1d, Span

from .. import compile_ahead
from ..accuracy.meter import Meter
from ..client.arrangement import DARK, Arrangement, style
from ..client.channel import Channel
from ..client.classroom import Classroom
from ..client.document import template
from ..client.export_dialog import ExportDialog
from ..client.help import Help
from ..client.keeper import Keeper
from ..client.lessons import Lessons
from ..client.mystery import Mystery
from ..client.picture import Picture
from ..client.seam import address_of, keep_styles_here, leave_alone
from ..client.share import Share
from ..client.tour import Tour
from ..client.turns import Turns
from ..export.desk import Desk
from ..export.made import offered
from ..export.shown import OpenView, Shown
from ..foresight.foresight import Foresight
from ..run.pipeline import Pipeline, View
from ..run.saying import Saying
from ..session.session import Session
from ..session.share import to_dict
from ..sidebar.departure import Departure
from ..sidebar.sidebar import TABS, Sidebar
from ..views.ghosts import Ghosts
from ..views.measured import Measured
from ..views.raster import Raster
from ..views.stage import Stage
from ..views.style import COLOURS
from ..views.traces import Traces
from .classroom import Parts, classroom
from .explain import COMPARE, Explain
from .first_steps import FirstSteps
from .keeping import Keeping
from .measuring import Measuring
from .predicting import Predicting
from .screen import Screen
from .teaching import Teaching
from .theme import THEMES
from .undoing import Undoing
from .why_silent import WhySilent


class Workbench:
    """One visitor's page."""

    def __init__(self) -> None:
        compile_ahead.start()
        keep_styles_here(pn.state.curdoc)
        self.session = Session()
        duration = self.session.settings.duration
        time = Range1d(0, duration, bounds=(0, duration))
        time.min_interval = 1.0
        self._cursor = Span(dimension="height", line_dash="dotted", line_width=1)
        self._traces = Traces(time, self._cursor)
        self._raster = Raster(time, self._cursor)
        measured = Measured(self._traces, self._raster)
        self._views: tuple[View, ...] = (Ghosts(self._traces, self._raster), self._traces, self._raster, measured)
        self._channel = Channel(pn.state.curdoc)
        self._picture = Picture(sizing_mode="stretch_width", margin=0, height=72)
        self._moment = Span(dimension="height", line_width=2, visible=False)
        for figure in (*self._traces.figures, *self._raster.figures):
            figure.add_layout(self._moment)
        self._sidebar = Sidebar(self.session, self._restructure, self._move)
        turns = Turns(pn.state.curdoc)
        stage = Stage(self.session, self._traces, self._raster, self._moment, self._picture)
        self._explain = Explain(stage, self._channel, turns)
        self._foresight = Foresight(turns, self._sidebar.foreseen)
        meter = Meter(turns, self._picture, self._traces)
        saying, departure = Saying(turns, self._picture), Departure(turns, self.session, self._depart)
        self._help, self._tour = Help(margin=(4, 4)), Tour(sizing_mode="stretch_width", margin=0)
        steps = FirstSteps(turns, self.session, self._explain.opened, self._tour)
        why = WhySilent(turns, self.session, self._help)
        self._keeper, self._share = Keeper(width=0, margin=0), Share(width=0, margin=0)
        undoing = Undoing(turns, self.session, self._sidebar.actions, self._keeper)
        undoing.on_carry_out = self._restructure_now
        pages = (self._keeper, self._share, self._sidebar.actions)
        keeping = Keeping(turns, self.session, *pages, undoing, self._explain)
        keeping.on_set = lambda values: self._sidebar.set(values, True)
        self._lessons = Lessons(width=0, margin=0)
        parts = (self._lessons, self._sidebar, self._explain, self._keeper)
        teaching = Teaching(turns, self.session, *parts, self._restructure)
        predicting = Predicting(turns, self.session, self._lessons, self._sidebar, lambda: self._screen.reveal())
        self._mystery = Mystery(width=0, margin=0)
        own = (self._mystery, self._sidebar, measured, self._keeper)
        measuring = Measuring(turns, self.session, *own, self._restructure)
        self._classroom = Classroom(sizing_mode="stretch_width", margin=0)
        self._sidebar.actions.on_press["classroom"] = self._classroom.door
        ours = self._classroom, self._sidebar, self._explain, self._picture, measuring, self._restructure
        more = partial(address_of, pn.state.curdoc), keeping.move_again
        page = Parts(turns, self.session, *ours, lambda: self._screen, *more)
        self._entering, lecturing, attending = classroom(page, partial(steps.ask, "end"))
        teaching.on_begin = measuring.on_begin = (partial(steps.ask, "end"), predicting.stop, attending.explore)
        predicting.on_begin, attending.on_follow = (partial(steps.ask, "end"), attending.explore), predicting.stop
        marks = (meter, self._foresight, departure, steps, why)
        followers = (
            saying,
            self._explain,
            *marks,
            undoing,
            keeping,
            teaching,
            predicting,
            measuring,
            lecturing,
            attending,
        )
        self._screen = Screen(self.session, self._picture, time, Pipeline(self._views), turns, followers)
        stage.on_set, stage.on_start, stage.on_again = self._sidebar.set, self._screen.start_from, self._screen.redraw
        measuring.on_again = self._screen.redraw
        self._screen.on_begin = keeping.begin
        self._screen.on_hold = lambda job: predicting.hold(job) or lecturing.hold(job)
        self._picture.on_remedy = lambda values: self._sidebar.set(values, True)
        self._picture.on_meter, self._picture.on_resized = meter.toggle, self._screen.redraw
        tour, explain = partial(steps.ask, "begin"), self._explain
        self._help.on_ask = {"fit": self._screen.fit, "pin": explain.pin, "tour": tour, "why": why.ask}
        self._export = ExportDialog(first=offered(), width=0, height=0, margin=0)
        self._desk = Desk(turns, self._export, self._shown)
        self._build_page()
        self._wire()
        self._sidebar.show()

    def servable(self) -> None:
        """Show the page.

        The address is the keeper's: Panel's own would write each one anew that the visitor goes back to.
        """
        self._page.servable(location=False)

    def _build_page(self) -> None:
        """What stands where is app/client/arrangement/page.css's."""
        figures = [*self._traces.figures, *self._raster.figures]
        traces = column(*figures, sizing_mode="stretch_both", spacing=0, stylesheets=[style("plots")])
        plots = pn.pane.Bokeh(traces, sizing_mode="stretch_both", margin=0)
        body = pn.Row(self._explain.picker, plots, self._explain.side, sizing_mode="stretch_both", margin=0)
        body.stylesheets = [style("body")]
        self._arrangement = Arrangement(tabs=list(TABS), width=0, margin=0)
        self._arrangement.on_tab = self._sidebar.open_tab
        self._page = pmui.Page(
            title="Spark",
            header=[self._arrangement, self._lessons, self._mystery, *self._sidebar.header, self._help, self._export],
            sidebar=self._sidebar.objects,
            sidebar_variant="permanent",
            sidebar_resizable=False,
            main=[
                pn.Column(
                    *(self._classroom, self._keeper, self._share, self._tour, self._picture, body),
                    sizing_mode="stretch_both",
                    margin=0,
                )
            ],
            busy_indicator=None,
            dark_theme=pn.state.cookies.get(DARK) == "true",
            theme_config=THEMES,
            stylesheets=[style("page"), style("present")],
            raw_css=[style("document")],
            template=template(),
        )
        leave_alone(self._page)

    def _wire(self) -> None:
        self._picture.join(self._channel, "picture")
        self._sidebar.join(self._channel)
        self._arrangement.join(self._channel, "arrangement")
        self._explain.picker.on_fit, self._explain.picker.on_restart = self._screen.fit, self._restart
        self._sidebar.actions.on_press["export"] = self._desk.open
        self._sidebar.actions.on_press["present"] = self._sidebar.present
        self._sidebar.actions.on_press["leave"] = self._sidebar.leave
        self._help.join(self._channel, "help")
        self._export.join(self._channel, "export")
        self._keeper.join(self._channel, "keeper")
        self._share.join(self._channel, "share")
        self._tour.join(self._channel, "tour")
        self._lessons.join(self._channel, "lessons")
        self._mystery.join(self._channel, "mystery")
        self._classroom.join(self._channel, "classroom")
        self._sidebar.foresight.param.watch(lambda event: self._foresight.switch(event.new), "value")
        self._page.param.watch(lambda event: self._recolour(), "dark_theme")
        self._recolour()
        pn.state.on_session_destroyed(lambda context: self._close())

    def _move(self, values: dict[str, Any], final: bool) -> None:
        self._screen.move(values, final)

    def _restart(self) -> None:
        """Begin the run where the preset begins it."""
        self._screen.start_from(self.session.given_start)

    def _depart(self, modified: bool, start: str) -> None:
        self._sidebar.depart(modified)
        self._explain.picker.show(start=start)

    def _restructure(self, change: Callable[[], None], said: str = "") -> None:
        """A change after which the controls are others: carry it out, rebuild them, run once."""
        pn.state.onload(
            partial(self._restructure_now, change, said)
        )  # menus set before that, Panel never tells the page

    def _restructure_now(self, change: Callable[[], None], said: str = "") -> None:
        if self._screen.carry_out(change, said):
            self._sidebar.show()
            self._explain.model_changed(self._screen.asked)

    def _shown(self) -> Shown | None:
        """What is shown, for those who let it out."""
        drawn = self._screen.drawn
        if drawn is None:
            return None
        explain, shown = self._explain, None
        view = explain.open
        if view is not None and (view.name != COMPARE or explain.pinned):  # which shows nothing without a pinned run
            here = view.layout.id, explain.zoomed()
            shown = OpenView(view.name, drawn.request, view.options, explain.pinned, *here)
        return Shown(drawn.shot, drawn.request.job, to_dict(self.session), bool(self._page.dark_theme), shown)

    def _close(self) -> None:
        """The visit has ended: let go of everything."""
        self._screen.close()
        self._desk.close()
        self._entering.close()
        self._channel.close()

    def _recolour(self) -> None:
        dark = bool(self._page.dark_theme)
        colours = COLOURS[dark]
        self._cursor.line_color, self._moment.line_color = colours["cursor"], colours["threshold"]
        for view in self._views:
            view.recolour(colours)
        self._explain.recolour(colours)
        self._foresight.recolour(dark)
        self._screen.redraw()  # a picture that was on its way may hold the colours of before
