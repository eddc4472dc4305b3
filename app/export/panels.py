"""The panels of a figure, drawn as the page draws them: the same curves, strokes and colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from spark.core.variable import CURRENT, POTENTIAL, Variable

from ..run.shot import Shot
from ..views import raster
from ..views.style import COLOURS
from ..views.traces import Traces, has_soft, neurons_drawn, slower, soft

COLOUR = COLOURS[False]
LINE, THIN, STROKE = 0.8, 0.5, 0.6
"""Widths of lines, pt."""
AS_IMAGE = 3000
"""Spikes from which on a raster is an image within a drawing, whose file would be slow to open."""
MOST_STROKES = 100_000
"""Spikes from which on it is made of pixels from the beginning."""


@dataclass
class Panel:
    """A panel with its data.

    Attributes:
        axes: Matplotlib's, filled.
        height: of its plotting area, mm.
        label, symbol, unit: what is written at its axis; without a label it has none, without a unit no bar.
        start: its first value, where it is told beside a panel without axes.
        named: lines that a legend names.
    """

    axes: Axes
    height: float
    label: str
    symbol: str
    unit: str = ""
    start: float | None = None
    named: list[Any] = field(default_factory=list)


def drawn(axes: Axes, name: str, shot: Shot, line: float, width: float) -> Panel:
    """Draw a panel.

    Args:
        axes: where.
        name: one of `figure.panels`.
        shot: what.
        line: height of a line of words, mm: panels grow with it.
        width: of the figure, mm: a wide one is taller too.
    """
    scale = (width / 85) ** 0.5
    special: dict[str, Callable[[Axes, Shot, float], Panel]] = {
        CURRENT.name: _current,
        POTENTIAL.name: _potential,
        "rate": _rate,
        "raster": _raster,
    }
    if name in special:
        panel = special[name](axes, shot, scale)
    else:
        variable = next(v for v in slower(type(shot.recording.soma)) if v.name == name)
        panel = _trace(axes, shot, variable, 11 * scale)
    panel.height = max(panel.height, 2.2 * line)
    return panel


def _trace(axes: Axes, shot: Shot, variable: Variable, height: float) -> Panel:
    time, values = shot.trace(shot.recording.recorded[variable.name][:, 0])
    axes.plot(time, values, color=COLOUR[variable.role], linewidth=LINE)
    axes.margins(y=0.1)
    return Panel(axes, height, variable.label, variable.symbol, variable.unit, float(values[0]))


def _current(axes: Axes, shot: Shot, scale: float) -> Panel:
    panel = _trace(axes, shot, CURRENT, 8 * scale)
    axes.update_datalim([(shot.start, 0.0)])
    axes.autoscale_view(scalex=False)
    return panel


def _potential(axes: Axes, shot: Shot, scale: float) -> Panel:
    recording, drawn = shot.recording, neurons_drawn(shot)
    for unit in range(drawn - 1, 0, -1):
        (other,) = axes.plot(*Traces.curve(shot, unit), color=COLOUR["others"], linewidth=THIN)
    _strokes(axes, shot, range(1, drawn), COLOUR["others"], THIN)
    dashed: dict[str, Any] = {"color": COLOUR["threshold"], "linewidth": LINE}
    firing = recording.config.quantities()["threshold"].words
    (level,) = axes.plot(
        *shot.trace(recording.threshold[:, 0]), **dashed, linestyle=(0, (3.5, 2)), label=firing, dash_capstyle="butt"
    )
    lines = [level]
    if has_soft(shot):
        words = recording.config.quantities()["rheobase_threshold"].words
        lines += axes.plot(*shot.trace(soft(shot)), **dashed, linestyle=(0, (0.9, 1.6)), label=words)
    first = "potential" if recording.units == 1 else "neuron 1"
    lines[:0] = axes.plot(*Traces.curve(shot, 0), color=COLOUR["potential"], linewidth=LINE, label=first)
    _strokes(axes, shot, range(1), COLOUR["potential"], LINE)
    if drawn > 1:
        other.set_label("neuron 2" if drawn == 2 else f"neurons 2 to {drawn}")
        lines.insert(1, other)
    axes.margins(y=0.06)
    begun = float(Traces.curve(shot, 0)[1][0])
    return Panel(axes, 24 * scale, POTENTIAL.label, POTENTIAL.symbol, POTENTIAL.unit, begun, lines)


def _strokes(axes: Axes, shot: Shot, units: range, colour: str, width: float) -> None:
    found = Traces.strokes(shot, units)
    if found["x"].size:
        axes.vlines(found["x"], found["low"], found["high"], colors=colour, linewidth=width)


def _rate(axes: Axes, shot: Shot, scale: float) -> Panel:
    rates = raster.rates(shot.recording)
    axes.step(rates["x"], rates["y"], where="post", color=COLOUR["rate"], linewidth=LINE)
    axes.set_ylim(0, 1.1 * max(float(rates["y"].max()), 1.0))
    return Panel(axes, 9 * scale, "rate (Hz)", "rate", "Hz")


def _raster(axes: Axes, shot: Shot, scale: float) -> Panel:
    recording, colour = shot.recording, COLOUR["spikes"]
    units = recording.units
    times = np.concatenate([shot.spikes(unit) for unit in range(units)])
    rows = np.repeat(shot.places, [shot.spikes(unit).size for unit in range(units)])
    if times.size > MOST_STROKES:
        image = raster.image(shot, times, rows)["image"]
        extent = (shot.start, shot.end, 0.5, units + 0.5)
        colours = ListedColormap(["white", colour])
        axes.imshow(image, colours, aspect="auto", origin="lower", extent=extent, vmin=0, vmax=1)
    elif times.size:
        as_image = times.size > AS_IMAGE
        axes.vlines(times, rows + 0.58, rows + 1.42, colors=colour, linewidth=STROKE, rasterized=as_image)
    axes.set_ylim(0.5, units + 0.5)
    if units == 1:
        return Panel(axes, 3.0 * scale, "", "spikes")
    declared, by = recording.config.quantities(), raster.sorted_by(shot)
    if shot.order in declared:
        by = f"${declared[shot.order].symbol}$"
    height = 24.0 if units >= raster.MANY else 4.0 + 2.0 * units
    return Panel(axes, height * scale, f"neuron, by {by}" if by else "neuron", f"{units:,} neurons")
