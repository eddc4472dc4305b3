"""The view that is open, made anew for a page without a server: what it shows, nothing that a server answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bokeh.models import (
    BoxZoomTool,
    ColumnDataSource,
    PanTool,
    Range1d,
    ResetTool,
    SaveTool,
    Span,
    WheelZoomTool,
)

from spark.simulation import Cancelled

from ..client.picture import Picture, Sources
from ..run.pipeline import Fit
from ..views.catalogue import catalogue
from ..views.raster import Raster
from ..views.side import Finding, SideView, figures, tried
from ..views.stage import Stage
from ..views.style import COLOURS
from ..views.traces import Traces
from .shown import OpenView, Shown

FINEST = 20_000
"""Columns for which it is drawn at most: all samples of a run of two seconds, so that one can zoom in."""
TOOLS = (PanTool, BoxZoomTool, WheelZoomTool, SaveTool, ResetTool)
"""Those of every figure; the traces have the same, along time alone."""
BAR = 30
"""Pixels of height that a toolbar takes."""
GRID = 0.2
"""How much of a grid is seen on dark ground."""


@dataclass(frozen=True)
class Beside:
    """A view as a part of a page.

    Attributes:
        title, words: what it is, and what it says.
        layout: Bokeh's; None where nothing is drawn.
        rows: a table, as cards have it: {"caption", "head", "rows"}; empty where there is none.
    """

    title: str
    words: str
    layout: Any = None
    rows: dict[str, Any] = field(default_factory=dict)


def beside(shown: Shown, view: OpenView, time: Range1d, progress: Callable[[float], object]) -> Beside | None:
    """The open view of this run; None where it has nothing to say.

    Args:
        shown: the run.
        view: which one, and what is chosen there.
        time: the axis that the traces of the page share, ms.
        progress: told of the part that is done; may raise `Cancelled` to end it.
    """
    fresh, zoomed = _built(shown, view, time)
    run = shown.shot.recording
    shot = replace(shown.shot, start=0.0, end=run.duration, columns=min(run.steps, FINEST))
    request = replace(view.request, visible=(shot.start, shot.end), columns=shot.columns)
    found = [tried(fresh, lambda: fresh.picture(shot, request))]
    progress(0.1)
    if fresh.studies:
        found.append(tried(fresh, lambda: fresh.study(shot, request, False, _stop(progress))))
        progress(0.9)
    fresh.recolour(COLOURS[shown.dark])
    words = ""
    rows: dict[str, Any] = {}
    for one in found:
        if one is not None:
            _apply(fresh, one)
            words = words if one.words is None else one.words
            rows = one.card.get("rows", rows)
    for axis, (low, high) in zoomed.items():  # the way back leads to what it would show by itself
        axis.update(start=low, end=high)
    plots = figures(fresh.layout)
    drawn = any(plot.visible for plot in plots)
    if not drawn and not words:
        return None
    for plot in plots:
        _equip(plot, shown.dark)
    return Beside(fresh.title, fresh.said(words, run.units), fresh.layout if drawn else None, rows or {})


def _built(shown: Shown, view: OpenView, time: Range1d) -> tuple[SideView, Fit]:
    """A view of this kind, on a stage of its own of which only the axis of time is in the page; where it is zoomed."""
    cursor, moment = Span(dimension="height"), Span(dimension="height", visible=False)
    traces, raster = Traces(time, cursor), Raster(time, cursor)
    for plot, span in traces.fit(shown.shot).items():
        plot.y_range.update(start=span[0], end=span[1])
    stage = Stage(shown.session, traces, raster, moment, Picture(), view.pinned)
    fresh = catalogue()[view.name](stage)
    fresh.choose(view.options)
    fresh.recolour(COLOURS[shown.dark])
    pairs = zip(figures(fresh.layout), view.zoom, strict=False)
    axes = [(axis, span) for plot, zoom in pairs for axis, span in zip((plot.x_range, plot.y_range), zoom, strict=True)]
    zoomed: Fit = {axis: span for axis, span in axes if span is not None}
    stage.frame = lambda axis, wanted: zoomed.get(axis, wanted)  # it is drawn as far as is seen
    return fresh, zoomed


def _stop(progress: Callable[[float], object]) -> Callable[[], bool]:
    """Whether nobody waits for it any more."""

    def stop() -> bool:
        try:
            progress(0.1)
        except Cancelled:
            return True
        return False

    return stop


def _apply(view: SideView, found: Finding) -> None:
    """What the page does with a message, done to the models themselves."""
    _fill(view.layout, found.sources)
    for model, values in found.looks:
        model.update(**values)
    _fit(found.fit)


def _fill(layout: Any, sources: Sources) -> None:
    for source in layout.select({"type": ColumnDataSource}):
        if source.name in sources:  # an image is one thing in its column
            columns = sources[source.name]
            source.data = {name: [values] if values.ndim > 1 else values for name, values in columns.items()}


def _fit(fit: Fit) -> None:
    for target, (low, high) in fit.items():
        axis = target if isinstance(target, Range1d) else target.y_range
        axis.update(start=low, end=high, reset_start=low, reset_end=high)


def _equip(plot: Any, dark: bool) -> None:
    """Tools and ground as at the traces, and no hand that would move something at a server."""
    plot.update(js_event_callbacks={}, subscribed_events=set(), tags=[], border_fill_alpha=0)
    plot.update(toolbar_location="above", toolbar_sticky=False)  # in a row of its own, where all of it has room
    if plot.height is not None:
        plot.height += BAR
    if dark:
        plot.grid.grid_line_alpha = GRID
    have = {type(tool) for tool in plot.tools}
    plot.add_tools(*(tool() for tool in TOOLS if tool not in have))
    wheel = next(tool for tool in plot.tools if isinstance(tool, WheelZoomTool))
    # Nothing by a drag at first: a finger that scrolls the page moves nothing.
    plot.toolbar.update(logo=None, active_scroll=wheel, active_drag=None)
