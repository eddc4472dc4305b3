"""A plain app: HoloViews `DynamicMap`s on a `Pipe` that a slider's callback feeds."""

from typing import Any

import holoviews as hv
import panel as pn
from holoviews.streams import Pipe

from benchmarks.plain import HEIGHTS, HIGH, LOW, START, STEP, WIDTH, run

hv.extension("bokeh")
pn.extension()


def curve(found: dict[str, Any], name: str) -> hv.Curve:
    return hv.Curve((found["time"], found[name]), "time", name, label=name)


def current(data: dict[str, Any]) -> hv.Curve:
    return curve(data, "current").opts(width=WIDTH, height=HEIGHTS[0], ylim=(-50, 650))


def potential(data: dict[str, Any]) -> hv.Overlay:
    upstrokes = hv.Segments((data["spikes"], data["low"], data["spikes"], data["high"]), ["time", "low", "to", "high"])
    both = curve(data, "potential") * curve(data, "threshold").opts(line_dash="dashed") * upstrokes
    return both.opts(width=WIDTH, height=HEIGHTS[1], ylim=(-72, -53))


def raster(data: dict[str, Any]) -> hv.Scatter:
    dashes = hv.Scatter((data["spikes"], data["neuron"]), "time", "neuron")
    return dashes.opts(marker="dash", angle=90, size=20, width=WIDTH, height=HEIGHTS[2], ylim=(0.5, 1.5))


pipe = Pipe(data=run(START))
plots = [hv.DynamicMap(make, streams=[pipe]) for make in (current, potential, raster)]
slider = pn.widgets.FloatSlider(name="resistance", start=LOW, end=HIGH, step=STEP, value=START, format="0.0000")
slider.param.watch(lambda event: pipe.send(run(event.new)), "value")
pn.Row(slider, hv.Layout(plots).cols(1)).servable()
