"""The picture as a file of its own: an interactive page that needs no server and no network."""

from __future__ import annotations

import numpy as np

from spark import Recording
from spark.core.variable import CURRENT, LEVEL, POTENTIAL, Variable

from .style import COLOURS
from .traces import slower


def standalone(recording: Recording) -> bytes:
    """An HTML page with everything that was recorded of the first neuron, and the raster of all."""
    import holoviews as hv  # it takes a second to load, and only this needs it
    from bokeh.embed import file_html
    from bokeh.resources import INLINE

    hv.extension("bokeh", logo=False)
    hv.renderer("bokeh").webgl = False
    colours = COLOURS[False]
    shape = {"width": 1000, "height": 190, "toolbar": "above"}

    def curve(variable: Variable, axis: str, label: str = "") -> hv.Curve:
        name = variable.name
        axes = hv.Dimension("time", unit="ms"), hv.Dimension(f"{name}_axis", label=axis)
        return hv.Curve((recording.time, recording.recorded[name][:, 0]), *axes, label=label).opts(
            color=colours[variable.role], **shape
        )

    times = recording.spike_times[0]
    step = np.clip((times / recording.dt).astype(int), 0, recording.steps - 1)
    low, high = (recording.recorded[variable.name][step, 0] for variable in (POTENTIAL, LEVEL))
    upstrokes = hv.Segments((times, low, times, high), [hv.Dimension("time", unit="ms"), "from", "until", "to"])
    potential = (
        curve(LEVEL, POTENTIAL.label, "threshold or cut-off").opts(line_dash="dashed")
        * upstrokes.opts(color=colours["potential"])
        * curve(POTENTIAL, POTENTIAL.label, "potential")
    )
    others = [curve(v, v.label) for v in slower(type(recording.soma)) if v.name in recording.recorded]
    spikes = [(t, unit + 1) for unit, train in enumerate(recording.spike_times) for t in train]
    raster = hv.Scatter(spikes, hv.Dimension("time", unit="ms"), "neuron").opts(
        marker="dash", angle=90, size=9, color=colours["spikes"], ylim=(0.5, recording.units + 0.5), **shape
    )
    panels = [
        curve(CURRENT, CURRENT.label),
        potential.opts(**shape, ylabel=POTENTIAL.label),
        *others,
        raster,
    ]
    layout = hv.Layout(panels).cols(1).opts(shared_axes=True, title=type(recording.soma).title)
    return file_html(hv.render(layout), INLINE, title="Spark").encode()
