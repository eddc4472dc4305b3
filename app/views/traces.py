"""Input current, potential with threshold and spikes, and every slower variable, on one time axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    CrosshairTool,
    HoverTool,
    LegendItem,
    Line,
    Range1d,
    Segment,
    Span,
)

from spark.core.hybrid import Values
from spark.core.variable import CURRENT, LEVEL, POTENTIAL, Variable
from spark.nn.components.somas import Soma, catalogue
from spark.nn.components.somas.membranes import soft_threshold
from spark.recording.strokes import cornered, peak

from ..client.picture import Sources
from ..run.shot import Shot
from .style import COLOURS, draw, legend, panel, xy

MOST = 10
"""Most neurons that are drawn as traces."""
SKETCH, SKETCHED = "spark:sketch", "#C2559D"
"""Name and colour of a sketched trace; the colour is that of the pad (`app/client/lessons/lessons.css`)."""


def slower(kind: type[Soma]) -> tuple[Variable, ...]:
    """The recorded variables that have a figure of their own: neither potential and threshold nor the input."""
    return tuple(v for v in kind.system.recordable if v not in (POTENTIAL, LEVEL, CURRENT))


class Traces:
    """Three figures, or as many more as the soma with most variables needs; a picture message addresses the sources."""

    def __init__(self, x_range: Range1d, cursor: Span) -> None:
        most = max(len(slower(kind)) for kind in catalogue().values())
        self._names = [f"second{k or ''}" for k in range(most)]
        names = ["current", "threshold", "soft", "shadow", "spikes", "others", "traces", "v0", *self._names]
        self._sources = {name: ColumnDataSource(name=f"spark:{name}", data={"x": [], "y": []}) for name in names}
        for name in ("spikes", "others"):
            self._sources[name].data = {"x": [], "low": [], "high": []}
        measured = ColumnDataSource(name="spark:measured:trace", data={"x": [], "y": []})
        self.current = panel(x_range, CURRENT.label, 1.1, (-50, 650))
        self.current.yaxis.ticker.desired_num_ticks = 3  # the lowest of the stack
        self.potential = panel(x_range, POTENTIAL.label, 3.4, (-80, -20))
        self.slower = [panel(x_range, "", 1.3, (-10, 210)) for _ in self._names]
        self.figures = [self.current, self.potential, *self.slower]
        source = self._sources
        self._glyphs: dict[str, list[Any]] = {
            "current": [draw(self.current, source["current"], Line(x="x", y="y", line_width=2.2))],
            "others": [
                draw(self.potential, source["traces"], Line(x="x", y="y", line_width=1.2)),
                draw(self.potential, source["others"], Segment(x0="x", y0="low", x1="x", y1="high", line_width=1.2)),
            ],
            "threshold": [
                draw(self.potential, source["threshold"], Line(x="x", y="y", line_width=2, line_dash="dashed")),
                draw(self.potential, source["soft"], Line(x="x", y="y", line_width=2, line_dash="dotted")),
            ],
            "potential": [
                draw(self.potential, source["v0"], Line(x="x", y="y", line_width=2.2)),
                draw(self.potential, source["spikes"], Segment(x0="x", y0="low", x1="x", y1="high", line_width=2.2)),
            ],
            "measured": [draw(self.potential, measured, Line(x="x", y="y", line_width=1.5, line_dash=[5, 3]))],
            "shadow": [
                draw(self.potential, source["shadow"], Line(x="x", y="y", line_width=1.6, line_dash=[6, 3])),
            ],
        }
        # What a student has sketched of the potential: the page fills it itself, and no picture does.
        sketched = ColumnDataSource(name=SKETCH, data={"x": [], "y": []})
        draw(self.potential, sketched, Line(x="x", y="y", line_width=2.6, line_dash="dashed", line_color=SKETCHED))
        self._lines = [
            draw(plot, source[name], Line(x="x", y="y", line_width=2.2))
            for plot, name in zip(self.slower, self._names, strict=True)
        ]
        self._roles: list[str] = ["second"] * most
        self._colours = COLOURS[False]
        lines = self._glyphs["threshold"]
        self._items = {
            "potential": LegendItem(label=POTENTIAL.words, renderers=[self._glyphs["potential"][0]]),
            "others": LegendItem(label="others", renderers=self._glyphs["others"][:1], visible=False),
            "soft": LegendItem(label="rheobase threshold", renderers=[lines[1]]),
            "firing": LegendItem(label="firing threshold", renderers=[lines[0]]),
            "measured": LegendItem(label="mystery", renderers=self._glyphs["measured"][:1], visible=False),
        }
        self.measured = self._items["measured"]
        """Of what is measured of a mystery, which `Measured` draws."""
        legend(self.potential, list(self._items.values()))
        self._hover = {
            "current": self._tip(self.current, self._glyphs["current"][0], CURRENT.words, CURRENT.unit),
            "potential": self._tip(self.potential, self._glyphs["potential"][0], POTENTIAL.words, POTENTIAL.unit),
            "threshold": self._tip(self.potential, self._glyphs["threshold"][0], "threshold", LEVEL.unit),
        }
        self._tips = [self._tip(plot, line, "", "") for plot, line in zip(self.slower, self._lines, strict=True)]
        for plot in self.figures:
            plot.add_tools(CrosshairTool(overlay=cursor))

    @staticmethod
    def _tip(plot: Any, renderer: Any, name: str, unit: str) -> HoverTool:
        tool = HoverTool(
            renderers=[renderer],
            mode="vline",
            tooltips=[("time", "@x{0.0} ms"), (name, f"@y{{0.00}} {unit}")],
            attachment="right" if name == "threshold" else "left",
        )
        plot.add_tools(tool)
        return tool

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        for name, renderers in self._glyphs.items():
            for renderer in renderers:
                renderer.glyph.line_color = colours[name]
        self._colours = colours
        for line, role in zip(self._lines, self._roles, strict=True):
            line.glyph.line_color = colours[role]

    def describe(self, shot: Shot) -> list[tuple[Any, dict[str, Any]]]:
        """Labels, legend and the slower variables' figures for the model that ran."""
        shown, drawn = self._shown(shot), neurons_drawn(shot)
        one = "potential" if shot.recording.units == 1 else "neuron 1"
        others = "neuron 2" if drawn == 2 else f"neurons 2 to {drawn}"
        firing = shot.recording.config.quantities()["threshold"].words
        looks: list[tuple[Any, dict[str, Any]]] = [
            *((plot, {"visible": variable is not None}) for plot, variable in zip(self.slower, shown, strict=True)),
            (self._hover["threshold"], {"tooltips": [["time", "@x{0.0} ms"], [firing, f"@y{{0.00}} {LEVEL.unit}"]]}),
            (self._items["potential"], {"label": {"value": one}}),
            (self._items["others"], {"label": {"value": others}, "visible": drawn > 1}),
            (self._items["firing"], {"label": {"value": firing}}),
            (self._items["soft"], {"visible": has_soft(shot)}),
        ]
        for k, variable in enumerate(shown):
            if variable is not None:
                looks.append((self.slower[k].yaxis[0], {"axis_label": variable.label}))
                said = [f"{variable.words} {variable.symbol}", f"@y{{0.00}} {variable.unit}".rstrip()]
                looks.append((self._tips[k], {"tooltips": [["time", "@x{0.0} ms"], said]}))
                looks.append((self._lines[k].glyph, {"line_color": self._colours[variable.role]}))
                self._roles[k] = variable.role
        return looks

    def _shown(self, shot: Shot) -> list[Variable | None]:
        """What each of the figures beside the potential shows of this run."""
        there = [v for v in slower(type(shot.recording.soma)) if v.name in shot.recording.recorded]
        return [*there, *[None] * len(self.slower)][: len(self.slower)]

    def shadow(self, shot: Shot | None) -> Sources:
        """The run at half the time step, drawn over the first neuron's; nothing when None."""
        return {"spark:shadow": xy(*(_NOTHING if shot is None else self.curve(shot, 0)))}

    def data(self, shot: Shot) -> Sources:
        """Data of every source for this run."""
        recording = shot.recording
        recorded = recording.recorded
        sources: Sources = {
            "spark:current": xy(*shot.trace(recorded["current"][:, 0])),
            "spark:threshold": xy(*shot.trace(recorded["threshold"][:, 0])),
            "spark:soft": xy(*shot.trace(soft(shot))) if has_soft(shot) else xy(*_NOTHING),
        }
        for name, variable in zip(self._names, self._shown(shot), strict=True):
            sources[f"spark:{name}"] = xy(*(shot.trace(recorded[variable.name][:, 0]) if variable else _NOTHING))
        drawn = neurons_drawn(shot)
        sources["spark:v0"] = xy(*self.curve(shot, 0))
        sources["spark:traces"] = _joined([self.curve(shot, unit) for unit in range(1, drawn)])
        sources["spark:spikes"] = self.strokes(shot, range(1))
        sources["spark:others"] = self.strokes(shot, range(1, drawn))
        return sources

    @staticmethod
    def curve(shot: Shot, unit: int) -> tuple[np.ndarray, np.ndarray]:
        """The trace; where single samples show, with its corners at each spike: firing level and reset."""
        recording = shot.recording
        time, v = shot.trace(recording.potential[:, unit])
        times = shot.spikes(unit)
        if shot.reduced or not times.size:
            return time, v
        step = np.clip((times / recording.dt).astype(int), 0, recording.steps - 1)
        return cornered(time, v, times, recording.threshold[step, unit], recording.parameters["potential_reset"][unit])

    @staticmethod
    def strokes(shot: Shot, units: range) -> dict[str, np.ndarray]:
        """A vertical stroke from the firing level to the peak for each visible spike, one per pixel column."""
        recording = shot.recording
        x, low, high = [np.empty(0)], [np.empty(0)], [np.empty(0)]
        top = peak(shot.recording)
        pixel = (shot.end - shot.start) / COLUMNS_OF_STROKES
        for unit in units:
            times = shot.spikes(unit)
            if times.size > COLUMNS_OF_STROKES:
                times = times[np.unique((times / pixel).astype(int), return_index=True)[1]]
            step = np.clip((times / recording.dt).astype(int), 0, recording.steps - 1)
            x.append(times)
            level = recording.threshold[step, unit]
            low.append(np.minimum(level, recording.potential[step, unit]))
            high.append(level if top is None else np.maximum(top, level))
        return {"x": np.concatenate(x), "low": np.concatenate(low), "high": np.concatenate(high)}

    def fit(self, shot: Shot) -> dict[Any, tuple[float, float]]:
        """The y range that shows the whole run, by figure."""
        recorded = shot.recording.recorded
        levels = [recorded["potential"][:, : neurons_drawn(shot)], recorded["threshold"][:, 0]]
        low = min(float(np.min(level)) for level in levels)
        high = max(float(np.max(levels[1])), peak(shot.recording) or -np.inf)
        wanted = {
            self.current: wide(np.append(recorded["current"][:, 0], 0.0)),
            self.potential: (low - 0.06 * (high - low), high + 0.12 * (high - low)),
        }
        for plot, variable in zip(self.slower, self._shown(shot), strict=True):
            if variable is not None:
                wanted[plot] = wide(recorded[variable.name][:, 0])
        return wanted


COLUMNS_OF_STROKES = 1500
_NOTHING = (np.empty(0), np.empty(0))


def neurons_drawn(shot: Shot) -> int:
    """How many neurons have a trace."""
    return min(shot.shown, shot.recording.units, MOST)


def has_soft(shot: Shot) -> bool:
    """Whether there is a rheobase threshold below the level at which spikes end."""
    return "rheobase_threshold" in shot.recording.parameters


def soft(shot: Shot) -> np.ndarray:
    """The first neuron's rheobase threshold, mV, at each sample."""
    first = Values({name: values[0] for name, values in shot.recording.parameters.items()})
    return np.asarray(soft_threshold(first, Values(threshold=shot.recording.threshold[:, 0])))


def _joined(curves: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
    """Several curves as one, which is not drawn where it is not a number: one glyph for all instead of one for each."""
    gap = np.array([np.nan])
    x, y = ([part for curve in curves for part in (curve[axis], gap)] for axis in (0, 1))
    return xy(np.concatenate([*x, gap[:0]]), np.concatenate([*y, gap[:0]]))


def wide(values: np.ndarray) -> tuple[float, float]:
    """An axis that shows these values, with some room."""
    low, high = float(np.min(values)), float(np.max(values))
    room = 0.12 * (high - low) or max(1.0, 0.1 * abs(high))
    return low - room, high + room
