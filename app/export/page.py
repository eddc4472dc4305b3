"""The picture as a file of its own: an interactive page that needs no server and no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Any

import numpy as np

import spark
from spark.core.variable import CURRENT, LEVEL, POTENTIAL, Variable

from ..run.shot import Shot
from ..sidebar.row_specs import plain_symbol
from ..views.raster import population, rates
from ..views.style import COLOURS
from ..views.traces import Traces, slower
from .parameters import Row

MOST_STROKES = 30_000
"""Spikes drawn as strokes; of more an image is made."""
COLUMNS, ROWS = 2000, 400
"""Of that image."""
BACKGROUND = {False: "#FFFFFF", True: "#20262B"}
"""That of Bokeh's themes."""
SHAPE = {"width": 1000, "height": 190, "toolbar": "above"}
TALL = {"height": 300, "legend_position": "top", "legend_cols": 3}
TIME = "time"
STATE = "spark-state"
"""The element of the page that holds the state."""


def standalone(shot: Shot, dark: bool = False, rows: Sequence[Row] = (), state: str = "") -> bytes:
    """An HTML page with all that was recorded of the first neuron, the raster of all, their rate, and the values.

    Args:
        shot: the run, all of which is in the page, and the part of its time that is shown when it opens.
        dark: in the colours of the page's dark theme.
        rows: values that the run was made with, for a table below it.
        state: JSON that the page carries, in a `<script>` of its own.
    """
    import holoviews as hv  # it takes a second to load, and only this needs it
    from bokeh.embed import file_html
    from bokeh.models import Div, Range1d
    from bokeh.resources import INLINE
    from bokeh.themes import built_in_themes

    hv.extension("bokeh", logo=False)
    renderer = hv.renderer("bokeh").instance(webgl=False)
    recording, colours = shot.recording, COLOURS[dark]
    whole = replace(shot, start=0.0, end=recording.duration, columns=recording.steps)  # every sample: it can be zoomed
    several = recording.units > 1
    zoomed = {"xlim": (shot.start, shot.end)} | SHAPE

    def curve(variable: Variable, x: np.ndarray, y: np.ndarray, axis: str, label: str = "") -> Any:
        axes = hv.Dimension(TIME, unit="ms"), hv.Dimension(f"{variable.name}_axis", label=axis)
        return hv.Curve((x, y), *axes, label=label).opts(color=colours[variable.role], **zoomed)

    def recorded(variable: Variable, axis: str = "", label: str = "") -> Any:
        values = recording.recorded[variable.name][:, 0]
        return curve(variable, recording.time, values, axis or variable.label, label)

    found = Traces.strokes(whole, range(1))
    ends = hv.Dimension(TIME, unit="ms"), "from", "until", "to"
    strokes = hv.Segments((found["x"], found["low"], found["x"], found["high"]), [*ends])
    potential = (
        recorded(LEVEL, POTENTIAL.label, "threshold or cut-off").opts(line_dash="dashed")
        * strokes.opts(color=colours["potential"])
        * curve(POTENTIAL, *Traces.curve(whole, 0), POTENTIAL.label, f"potential{' of neuron 1' if several else ''}")
    )
    others = [recorded(v) for v in slower(type(recording.soma)) if v.name in recording.recorded]
    panels = [recorded(CURRENT), potential.opts(**zoomed | TALL, ylabel=POTENTIAL.label), *others]
    if several:
        axes = hv.Dimension(TIME, unit="ms"), hv.Dimension("rate", label="rate (Hz)")
        steps = hv.Curve(tuple(rates(recording).values()), *axes)
        panels.append(steps.opts(interpolation="steps-post", color=colours["rate"], **zoomed))
    raster = _raster(whole, colours["spikes"])
    panels.append(raster.opts(title=population(shot), **zoomed | {"height": 380 if several else 120}))
    layout = hv.Layout(panels).cols(1).opts(shared_axes=True, title=type(recording.soma).title)
    plot = renderer.get_plot(layout).state
    for heading in plot.select({"type": Div}):  # HoloViews writes it in black
        heading.text = heading.text.replace("color:black", f"color:{colours['spikes']}")
    for axis in plot.select({"type": Range1d}):
        if (axis.start, axis.end) == (shot.start, shot.end):
            axis.update(reset_start=0.0, reset_end=recording.duration)
    theme = built_in_themes["dark_minimal" if dark else "light_minimal"]
    page = file_html(plot, INLINE, title=f"Spark: {type(recording.soma).title}", theme=theme)
    page = re.sub(r'<script src="[^"]*"></script>\n?', "", page)  # a part of Panel's that no figure needs
    page = page.replace("<head>", f"<head><style>{_style(dark)}</style>", 1)
    before, end, after = page.rpartition("</body>")
    return f"{before}{_table(rows)}{_carried(state)}{end}{after}".encode()


def _style(dark: bool) -> str:
    ink = COLOURS[dark]["spikes"]
    return (
        f"body {{ background: {BACKGROUND[dark]}; color: {ink}; font: 14px/1.45 Helvetica, Arial, sans-serif }}"
        "table { border-collapse: collapse; margin: 1em 0 0 4em } caption, th { text-align: left }"
        "caption { font-weight: bold } th { padding-top: .7em } td { padding: .1em 1.2em .1em 0 }"
        "td:nth-child(3) { text-align: right; font-variant-numeric: tabular-nums }"
    )


def _table(rows: Sequence[Row]) -> str:
    """The values as a table, a heading for each group."""
    if not rows:
        return ""
    lines = [f"<table><caption>Values of this run (Spark {escape(spark.__version__)})</caption>"]
    for group, own in groupby(rows, key=lambda row: row.group):
        lines.append(f'<tr><th colspan="4" scope="rowgroup">{escape(group)}</th></tr>')
        for row in own:
            words, symbol, value, unit = map(escape, (row.words, plain_symbol(row.symbol), row.value, row.unit))
            symbol = re.sub(r"_(\w+)", r"<sub>\1</sub>", symbol)
            lines.append(f"<tr><td>{words}</td><td>{symbol}</td><td>{value}</td><td>{unit}</td></tr>")
    return "\n".join([*lines, "</table>"])


def _carried(state: str) -> str:
    """JSON within a page: no text of it can end the element that holds it."""
    for sign in "<>&":
        state = state.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{STATE}">{state}</script>' if state else ""


def _raster(whole: Shot, colour: str) -> Any:
    """A stroke for each spike, or an image of them where there are many."""
    import holoviews as hv

    recording = whole.recording
    time, neuron = hv.Dimension(TIME, unit="ms"), hv.Dimension("neuron")
    times = np.concatenate(recording.spike_times)
    row = np.repeat(whole.places + 1, [len(train) for train in recording.spike_times])
    limits: dict[str, Any] = {"ylim": (0.5, recording.units + 0.5)} | ({"yticks": [1]} if recording.units == 1 else {})
    if times.size <= MOST_STROKES:
        found = hv.Segments((times, row - 0.42, times, row + 0.42), [time, neuron, "end", "top"])
        return found.opts(color=colour, line_width=1.4, **limits)
    rows = min(recording.units, ROWS)
    edges = (0.0, recording.duration), (0.5, recording.units + 0.5)
    counts, _, _ = np.histogram2d(row, times, (rows, COLUMNS), (edges[1], edges[0]))
    bounds = (0.0, 0.5, recording.duration, recording.units + 0.5)
    image = hv.Image((counts > 0).astype(np.uint8)[::-1], [time, neuron], "spike", bounds=bounds)
    return image.opts(cmap=["rgba(0,0,0,0)", colour], clim=(0, 1), **limits)
