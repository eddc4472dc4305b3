"""The picture as a file of its own: an interactive page that needs no server and no network."""

from __future__ import annotations

from typing import Any

import numpy as np

from spark import Recording
from spark.core.variable import CURRENT, LEVEL, POTENTIAL, Variable

from ..run.shot import Shot
from .raster import population, rates
from .style import COLOURS
from .traces import slower

MOST_STROKES = 30_000
"""Spikes drawn as strokes; of more an image is made."""
COLUMNS, ROWS = 2000, 400
"""Of that image."""
BACKGROUND = {False: "#FFFFFF", True: "#20262B"}
"""That of Bokeh's themes."""
SHAPE = {"width": 1000, "height": 190, "toolbar": "above"}


def standalone(recording: Recording, dark: bool = False, spread: dict[str, float] | None = None) -> bytes:
    """An HTML page with everything that was recorded of the first neuron, the raster of all, and their rate.

    Args:
        recording: what is shown.
        dark: in the colours of the page's dark theme.
        spread: standard deviations of the parameters in which its neurons were asked to differ.
    """
    import holoviews as hv  # it takes a second to load, and only this needs it
    from bokeh.embed import file_html
    from bokeh.models import Div
    from bokeh.resources import INLINE
    from bokeh.themes import built_in_themes

    hv.extension("bokeh", logo=False)
    renderer = hv.renderer("bokeh").instance(webgl=False)
    colours, theme = COLOURS[dark], built_in_themes["dark_minimal" if dark else "light_minimal"]
    several = recording.units > 1

    def curve(variable: Variable, axis: str, label: str = "") -> Any:
        name = variable.name
        axes = hv.Dimension("time", unit="ms"), hv.Dimension(f"{name}_axis", label=axis)
        return hv.Curve((recording.time, recording.recorded[name][:, 0]), *axes, label=label).opts(
            color=colours[variable.role], **SHAPE
        )

    times = recording.spike_times[0]
    step = np.clip((times / recording.dt).astype(int), 0, recording.steps - 1)
    low, high = (recording.recorded[variable.name][step, 0] for variable in (POTENTIAL, LEVEL))
    upstrokes = hv.Segments((times, low, times, high), [hv.Dimension("time", unit="ms"), "from", "until", "to"])
    potential = (
        curve(LEVEL, POTENTIAL.label, "threshold or cut-off").opts(line_dash="dashed")
        * upstrokes.opts(color=colours["potential"])
        * curve(POTENTIAL, POTENTIAL.label, "potential of neuron 1" if several else "potential")
    )
    others = [curve(v, v.label) for v in slower(type(recording.soma)) if v.name in recording.recorded]
    panels = [curve(CURRENT, CURRENT.label), potential.opts(**SHAPE, ylabel=POTENTIAL.label), *others]
    if several:
        axes = hv.Dimension("time", unit="ms"), hv.Dimension("rate", label="rate (Hz)")
        panels.append(
            hv.Curve(tuple(rates(recording).values()), *axes).opts(
                interpolation="steps-post", color=colours["rate"], **SHAPE
            )
        )
    title = population(Shot(recording, 0.0, recording.duration, 1, spread=spread or {}))
    panels.append(
        _raster(recording, colours["spikes"]).opts(title=title, **SHAPE | {"height": 380 if several else 120})
    )
    layout = hv.Layout(panels).cols(1).opts(shared_axes=True, title=type(recording.soma).title)
    plot = renderer.get_plot(layout).state
    for heading in plot.select({"type": Div}):  # HoloViews writes it in black
        heading.text = heading.text.replace("color:black", f"color:{colours['spikes']}")
    page = file_html(plot, INLINE, title="Spark", theme=theme)
    return page.replace("<head>", f"<head><style>body {{ background: {BACKGROUND[dark]} }}</style>", 1).encode()


def _raster(recording: Recording, colour: str) -> Any:
    """A stroke for each spike, or an image of them where there are many."""
    import holoviews as hv

    time, neuron = hv.Dimension("time", unit="ms"), hv.Dimension("neuron")
    times = np.concatenate(recording.spike_times)
    row = np.repeat(np.arange(1, recording.units + 1), [len(train) for train in recording.spike_times])
    limits = {"ylim": (0.5, recording.units + 0.5)}
    if times.size <= MOST_STROKES:
        found = hv.Segments((times, row - 0.42, times, row + 0.42), [time, neuron, "until", "to"])
        return found.opts(color=colour, line_width=1.4, **limits)
    rows = min(recording.units, ROWS)
    edges = (0.0, recording.duration), (0.5, recording.units + 0.5)
    counts, _, _ = np.histogram2d(row, times, (rows, COLUMNS), (edges[1], edges[0]))
    bounds = (0.0, 0.5, recording.duration, recording.units + 0.5)
    image = hv.Image((counts > 0).astype(np.uint8)[::-1], [time, neuron], "spike", bounds=bounds)
    return image.opts(cmap=["rgba(0,0,0,0)", colour], clim=(0, 1), **limits)
