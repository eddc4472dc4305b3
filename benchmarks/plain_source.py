"""A plain app: Bokeh figures that are kept, and data sources that a slider's callback sets."""

from typing import Any

import panel as pn
from bokeh.layouts import column
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from benchmarks.plain import HEIGHTS, HIGH, LOW, START, STEP, WIDTH, run

pn.extension()


def panel(height: int, label: str, y_range: tuple[float, float], **options: Any) -> Any:
    return figure(width=WIDTH, height=height, y_axis_label=label, y_range=y_range, tools="xpan,xwheel_zoom", **options)


def traces(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {"x": found["time"], "y": found[name]}


def strokes(found: dict[str, Any]) -> dict[str, Any]:
    return {"x": found["spikes"], "neuron": found["neuron"], "low": found["low"], "high": found["high"]}


first = run(START)
current, potential, threshold = (
    ColumnDataSource(traces(first, name)) for name in ("current", "potential", "threshold")
)
spikes = ColumnDataSource(strokes(first))

above = panel(HEIGHTS[0], "I (pA)", (-50, 650), x_range=(0, 1000))
above.line("x", "y", source=current, line_width=2)
middle = panel(HEIGHTS[1], "V (mV)", (-72, -53), x_range=above.x_range)
middle.line("x", "y", source=potential, line_width=2)
middle.line("x", "y", source=threshold, line_width=2, line_dash="dashed", color="orange")
middle.segment("x", "low", "x", "high", source=spikes, line_width=2)
below = panel(HEIGHTS[2], "neuron", (0.5, 1.5), x_range=above.x_range)
below.dash("x", "neuron", source=spikes, angle=1.5708, size=20)

slider = pn.widgets.FloatSlider(name="resistance", start=LOW, end=HIGH, step=STEP, value=START, format="0.0000")


def moved(event: Any) -> None:
    found = run(event.new)
    current.data = traces(found, "current")
    potential.data = traces(found, "potential")
    threshold.data = traces(found, "threshold")
    spikes.data = strokes(found)


slider.param.watch(moved, "value")
pn.Row(slider, pn.pane.Bokeh(column(above, middle, below))).servable()
