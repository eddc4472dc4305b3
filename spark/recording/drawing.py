"""A run as HoloViews draws it, by its Bokeh or its Matplotlib backend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.echo import echo
from ..core.variable import CURRENT, LEVEL, POTENTIAL, Variable
from .frames import few, traced_variables
from .run import Run
from .strokes import cornered, levels, peak

COLOURS = {
    "current": "#B57400",
    "potential": "#0072B2",
    "others": "#56B4E9",
    "threshold": "#D55E00",
    "second": "#A8518A",
    "spikes": "#1A1A1A",
}
"""By role, on a light page; one colour per quantity, safe for the colour-blind (Okabe and Ito)."""
UNITS = ("#0072B2", "#009E73", "#A8518A", "#B57400", "#56B4E9")
"""Of several units in one panel."""
MOST_STROKES = 30_000
"""Spikes drawn as strokes; of more an image is made."""
COLUMNS, ROWS = 2000, 400
"""Of that image."""
WIDTH = 700
"""Of a panel, pixels; a hundred of them are an inch on paper."""
TALL, LOW = 250, 100
"""Of the panel of the potential, and of the others, pixels; Matplotlib's backend aligns panels of one shape only."""
SHAPE = 4.0
"""Width over height of its panels."""
MISSING = "plot draws with HoloViews, which is not installed: run pip install 'spark-somas[plot]'."


def drawn(run: Run, units: Sequence[int] | None, time: tuple[float, float] | None) -> Any:
    """One panel for each recorded variable, potential first, and one for the spikes of a population."""
    try:
        import holoviews as hv
    except ImportError as error:
        raise ImportError(MISSING) from error
    window = (0.0, run.duration) if time is None else time
    if not window[0] < window[1]:
        raise ValueError(f"time takes (start, end) in ms with start < end, not {echo(time)}.")
    columns = _columns(run, units)
    shown = [v for v in traced_variables(run) if columns and v != LEVEL]
    shown.sort(key=lambda v: (v != POTENTIAL, v == CURRENT))  # the others stand between the two, in their own order
    raster = run.events is not None and (run.units > 1 or not shown)
    if not shown and not raster:
        raise ValueError("this run has nothing to draw: record a variable, or run it with events=True.")
    if not hv.Store.loaded_backends():
        hv.extension("bokeh", logo=False)
    panels = [_traces(run, variable, columns, window) for variable in shown]
    if raster:
        panels.append(_raster(run, window))
    title = f"{run.soma.title}: {run.spike_count:,} spike{'s' * (run.spike_count != 1)} in {run.duration:,.6g} ms"
    hidden: dict[str, Any] = {"bokeh": {"xaxis": None}, "matplotlib": {"xaxis": "bare"}}
    panels = [*(_looking(panel, **hidden) for panel in panels[:-1]), panels[-1]]  # the lowest says what time it is
    panels[0] = _looking(panels[0], title=title)
    layout = hv.Layout(panels).cols(1)
    return _looking(layout, matplotlib={"sublabel_format": "", "hspace": 0.3, "fig_inches": WIDTH / 100})


def _columns(run: Run, units: Sequence[int] | None) -> list[int]:
    """Which of the traced units are drawn: those that are asked for, or the first."""
    there = run.traced.tolist()
    if units is None:
        return list(range(len(there)))[: len(UNITS)]
    missing = [unit for unit in units if unit not in there]
    if missing:
        raise ValueError(f"units asks for {echo(missing[0])}, and this run traced only {few(there)}.")
    return [there.index(unit) for unit in units]


def _traces(run: Run, variable: Variable, columns: Sequence[int], window: tuple[float, float]) -> Any:
    """One variable of some units over time; the potential with threshold and spikes."""
    import holoviews as hv

    parts, alone = [], len(columns) == 1
    for n, column in enumerate(columns):
        colour = COLOURS[variable.role] if alone else UNITS[n % len(UNITS)]
        label = variable.words if alone else f"unit {run.traced[column]}"
        if variable == POTENTIAL:
            parts += _potential(run, column, window, label, colour, alone)
        else:
            part = _within(run.time, run.recorded[variable.name][:, column], window)
            parts.append(_curve(variable, *part, label, colour))
    return _looking(
        hv.Overlay(parts),
        xlim=window,
        ylabel=variable.label,
        show_legend=variable == POTENTIAL and len(parts) > 1,
        legend_position="right",
        **_sized(TALL if variable == POTENTIAL else LOW),
    )


def _potential(run: Run, column: int, window: tuple[float, float], label: str, colour: str, alone: bool) -> list[Any]:
    """The potential of one unit, its threshold, and its spikes as strokes."""
    import holoviews as hv

    time, v = run.time, run.potential[:, column]
    spikes = np.empty(0) if run.events is None else run.spike_times[run.traced[column]]
    level = levels(run, column, np.clip((spikes / run.dt).astype(int), 0, run.steps - 1))
    whole = levels(run, column, np.arange(0, run.steps, run.every))
    parts = []
    if level is not None and whole is not None:
        words, ink = (LEVEL.words, COLOURS["threshold"]) if alone else ("", colour)
        parts.append(_curve(LEVEL, *_within(time, whole, window), words, ink, "dashed"))
        if run.every == 1 and spikes.size:
            time, v = cornered(time, v, spikes, level, run.parameters["potential_reset"][run.traced[column]])
    parts.append(_curve(POTENTIAL, *_within(time, v, window), label, colour))
    seen = (spikes >= window[0]) & (spikes <= window[1])
    if seen.any():
        low = run.potential[np.searchsorted(run.time, spikes, side="right") - 1, column]  # the sample before
        if level is not None:  # up to which the corners lead the trace, but between thinned samples
            low = level if run.every == 1 else np.minimum(level, low)
        top = peak(run, column)
        high = np.maximum(low if level is None else level, -np.inf if top is None else top)
        axes = [*_axes(POTENTIAL), "until", "to"]
        parts.append(_lined(hv.Segments((spikes[seen], low[seen], spikes[seen], high[seen]), axes), colour))
    return parts


def _raster(run: Run, window: tuple[float, float]) -> Any:
    assert run.events is not None
    units, times = run.events.by_unit(run.dt)
    seen = (times >= window[0]) & (times <= window[1])
    made = strokes_or_image(times[seen], units[seen], 0, run.units, window)
    rows = {"ylim": (-0.5, run.units - 0.5), "ylabel": "unit"}
    made = _looking(made, xlim=window, **rows, **_sized(LOW if run.units < 4 else TALL))
    if type(made).__name__ == "Image":
        grey = {"interpolation": "antialiased"}  # nothing is lost where the picture has fewer points than the image
        return _looking(made, cmap=["#FFFFFF", COLOURS["spikes"]], clim=(0, 1), matplotlib=grey)
    return _lined(made, COLOURS["spikes"], 1.2)


def _within(time: np.ndarray, values: np.ndarray, window: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """The part of a trace in a window, and one sample on each side."""
    first = max(int(np.searchsorted(time, window[0])) - 1, 0)
    last = int(np.searchsorted(time, window[1], side="right")) + 1
    return time[first:last], values[first:last]


def _axes(variable: Variable) -> tuple[Any, Any]:
    import holoviews as hv

    name = POTENTIAL.name if variable == LEVEL else variable.name  # they share one axis
    return hv.Dimension("time", unit="ms"), hv.Dimension(f"{name}_axis", label=variable.label)


def _curve(variable: Variable, x: np.ndarray, y: np.ndarray, label: str, colour: str, dash: str = "solid") -> Any:
    import holoviews as hv

    return _lined(hv.Curve((x, y), *_axes(variable), label=label), colour, 1.6, dash)


def _lined(element: Any, colour: str, width: float = 1.6, dash: str = "solid") -> Any:
    return _looking(
        element,
        color=colour,
        bokeh={"line_width": width, "line_dash": dash},
        matplotlib={"linewidth": width, "linestyle": dash},
    )


def _sized(height: int) -> dict[str, Any]:
    return {"bokeh": {"frame_width": WIDTH, "frame_height": height}, "matplotlib": {"aspect": SHAPE}}


def _looking(element: Any, **looks: Any) -> Any:
    """The element with these looks, those of `bokeh` and `matplotlib` where they are loaded, the others in both."""
    import holoviews as hv

    own = {backend: looks.pop(backend, {}) for backend in ("bokeh", "matplotlib")}
    for backend in set(own) & set(hv.Store.loaded_backends()):
        if looks | own[backend]:
            element = element.opts(**looks, **own[backend], backend=backend)
    return element


def strokes_or_image(times: np.ndarray, rows: np.ndarray, lowest: int, units: int, window: tuple[float, float]) -> Any:
    """A raster without its looks: a stroke for each spike, or an image of them where there are many.

    Args:
        times: of all spikes, ms.
        rows: the row of each of them.
        lowest: the lowest row.
        units: number of rows.
        window: beginning and end of the axis of time, ms.
    """
    import holoviews as hv

    axes = hv.Dimension("time", unit="ms"), hv.Dimension("neuron")
    if times.size <= MOST_STROKES:
        return hv.Segments((times, rows - 0.42, times, rows + 0.42), [*axes, "end", "top"])
    below, above = lowest - 0.5, lowest + units - 0.5
    counts, _, _ = np.histogram2d(rows, times, (min(units, ROWS), COLUMNS), ((below, above), window))
    bounds = (window[0], below, window[1], above)
    return hv.Image((counts > 0).astype(np.uint8)[::-1], [*axes], "spike", bounds=bounds)
