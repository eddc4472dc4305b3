"""The traces of the page that is saved, as HoloViews draws them: every sample and spike, to zoom into."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from bokeh.models import Legend, Plot, Range1d, Toolbar

from spark.core.variable import CURRENT, LEVEL, POTENTIAL, Variable
from spark.recording.drawing import MOST_STROKES, strokes_or_image

from ..run.shot import Shot
from ..views.raster import population, rates, sorted_by
from ..views.style import COLOURS, LEFT, RIGHT, in_few_rows
from ..views.traces import Traces, has_soft, slower, soft, wide

ALONG = ["save", "xpan", "xwheel_zoom", "xbox_zoom", "reset"]
"""Tools that move time alone: axes of values keep what they show."""
SHAPE: dict[str, Any] = {
    "default_tools": ALONG,
    "active_tools": ["xwheel_zoom"],
    "responsive": True,
    "height": 130,
    "toolbar": "above",
    "xaxis": None,
}
TALL = {"height": 280, "legend_position": "top", "legend_cols": 3}
LOWEST: dict[str, Any] = {"xaxis": "bottom"}
TIME = "time"


def plots(shot: Shot, dark: bool) -> tuple[Any, Range1d]:
    """All that was recorded of the first neuron, the raster of all and their rate; and the axis of time of all of them.

    Args:
        shot: the run, and the part of its time that is shown at first.
        dark: in the colours of the dark theme.
    """
    import holoviews as hv  # it takes a second to load, and only this needs it

    hv.extension("bokeh", logo=False)
    renderer = hv.renderer("bokeh").instance(webgl=False)
    recording, colours = shot.recording, COLOURS[dark]
    whole = replace(shot, start=0.0, end=recording.duration, columns=recording.steps)  # every sample: it can be zoomed
    several = recording.units > 1
    zoomed = {"xlim": (shot.start, shot.end)} | SHAPE

    def curve(variable: Variable, x: np.ndarray, y: np.ndarray, axis: str, label: str = "") -> Any:
        axes = hv.Dimension(TIME, unit="ms"), hv.Dimension(f"{variable.name}_axis", label=axis)
        return hv.Curve((x, y), *axes, label=label).opts(color=colours[variable.role], **zoomed)

    def recorded(variable: Variable) -> Any:
        return curve(variable, recording.time, recording.recorded[variable.name][:, 0], variable.label)

    def level(values: np.ndarray, name: str, dash: str) -> Any:
        words = recording.config.quantities()[name].words
        return curve(LEVEL, *whole.trace(values), POTENTIAL.label, words).opts(line_dash=dash)

    found = Traces.strokes(whole, range(1))
    ends = hv.Dimension(TIME, unit="ms"), "from", "until", "to"
    strokes = hv.Segments((found["x"], found["low"], found["x"], found["high"]), [*ends])
    potential = level(recording.recorded[LEVEL.name][:, 0], "threshold", "dashed")
    if has_soft(shot):
        potential *= level(soft(whole), "rheobase_threshold", "dotted")
    potential *= strokes.opts(color=colours["potential"])
    potential *= curve(POTENTIAL, *Traces.curve(whole, 0), POTENTIAL.label, "neuron 1" if several else "potential")
    others = [recorded(v) for v in slower(type(recording.soma)) if v.name in recording.recorded]
    current = recorded(CURRENT).opts(ylim=wide(np.append(recording.recorded[CURRENT.name][:, 0], 0.0)))
    panels = [current, potential.opts(**zoomed | TALL, ylabel=POTENTIAL.label), *others]
    if several:
        axes = hv.Dimension(TIME, unit="ms"), hv.Dimension("rate", label="rate (Hz)")
        steps = hv.Curve(tuple(rates(recording).values()), *axes)
        panels.append(steps.opts(interpolation="steps-post", color=colours["rate"], **zoomed))
    raster = _raster(whole, colours["spikes"])
    by = sorted_by(shot)
    panels.append(
        raster.opts(
            title=population(shot),
            ylabel=f"neuron, by {by}" if by else "neuron",
            **zoomed | LOWEST | {"height": 380 if several else 120},
        )
    )
    made = renderer.get_plot(hv.Layout(panels).cols(1).opts(shared_axes=True, sizing_mode="stretch_width"))
    drawn = made.state
    made.cleanup()  # in a worker thread it belongs to the process's own document, which would keep it for ever
    for toolbar in drawn.select({"type": Toolbar}):
        toolbar.logo = None
    for plot in drawn.select({"type": Plot}):
        plot.toolbar.active_drag = None  # a finger that scrolls the page moves nothing
        plot.update(lod_threshold=None)  # else the curves turn grey under a wheel
        plot.update(min_border_left=LEFT, min_border_right=RIGHT, border_fill_alpha=0)
        for legend in plot.select({"type": Legend}):
            legend.update(location="left", border_line_alpha=0, background_fill_alpha=0, padding=0, margin=0)
            in_few_rows(plot, legend)
    shown = [axis for axis in drawn.select({"type": Range1d}) if (axis.start, axis.end) == (shot.start, shot.end)]
    for axis in shown:
        axis.update(reset_start=0.0, reset_end=recording.duration)
    return drawn, shown[0]


def _raster(whole: Shot, colour: str) -> Any:
    """A stroke for each spike, or an image of them where there are many."""
    recording = whole.recording
    times = np.concatenate(recording.spike_times)
    row = np.repeat(whole.places + 1, [len(train) for train in recording.spike_times])
    limits: dict[str, Any] = {"ylim": (0.5, recording.units + 0.5)} | ({"yticks": [1]} if recording.units == 1 else {})
    found = strokes_or_image(times, row, 1, recording.units, (0.0, recording.duration))
    if times.size <= MOST_STROKES:
        return found.opts(color=colour, line_width=1.4, **limits)
    return found.opts(cmap=["rgba(0,0,0,0)", colour], clim=(0, 1), **limits)
