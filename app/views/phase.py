"""The phase plane: nullclines, flow, fixed points, and the run's path with a dot that moves along it."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, Legend, LegendItem, Line, Range1d, Scatter, Segment
from bokeh.plotting import figure

from spark.analysis import phase_plane
from spark.nn.components.somas import Soma

from ..client.picture import Looks, Sources
from ..client.player import Player
from ..pipeline import Fit, Request
from .shot import Shot
from .side import SideView, Stage, hand
from .style import draw, lift, xy

COLUMNS, ROWS = 15, 11
"""Arrows of the flow."""
POINTS = 300
"""Points of a nullcline."""
MOST = 1000
"""Points of the path that are drawn; those around spikes are all kept."""
NEAR_SPIKE = 4
ADDRESS = "view phase"
EMPTY: dict[str, tuple[str, ...]] = {
    "field": ("x0", "y0", "x1", "y1"),
    "idle": ("x", "y"),
    "v": ("x", "y"),
    "second": ("x", "y"),
    "reset": ("x", "y"),
    "firing": ("x", "y"),
    "path": ("x", "y", "t"),
    "jumps": ("x", "y"),
    "stable": ("x", "y"),
    "unstable": ("x", "y"),
    "dot": ("x", "y"),
}


class Phase(SideView):
    """V against the second variable; for somas that have none dV/dt against V."""

    name, title, place = "phase", "Phase plane", 1
    controls = ({"key": "rest", "kind": "button", "label": "Start at rest"},)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.plot = figure(
            x_range=Range1d(-90, 0),
            y_range=Range1d(-1, 1),
            x_axis_label="V (mV)",
            y_axis_label="w (pA)",
            tools="wheel_zoom,pan",
            active_scroll="wheel_zoom",
            active_drag="pan",
            toolbar_location=None,
            sizing_mode="stretch_both",
            min_border_right=14,
            min_border_top=6,
            lod_threshold=None,
        )
        lift(*self.plot.axis, *self.plot.grid)
        for grid in self.plot.grid:
            grid.grid_line_alpha = 0.4
        self._sources = {
            name: ColumnDataSource(name=f"spark:phase:{name}", data={column: [] for column in columns})
            for name, columns in EMPTY.items()
        }
        line = {"line_width": 2.4}
        glyphs: dict[str, Any] = {
            "field": Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1.1, line_alpha=0.6),
            "idle": Line(x="x", y="y", line_width=1.4, line_dash="dotted"),
            "reset": Line(x="x", y="y", line_width=1.6, line_dash=[2, 3]),
            "firing": Line(x="x", y="y", line_width=1.8, line_dash="dashed"),
            "jumps": Line(x="x", y="y", line_width=1, line_dash=[1, 3]),
            "path": Line(x="x", y="y", line_width=1.3),
            "v": Line(x="x", y="y", **line),
            "second": Line(x="x", y="y", **line),
            "stable": Scatter(x="x", y="y", size=11, marker="circle", line_width=2),
            "unstable": Scatter(x="x", y="y", size=11, marker="circle", line_width=2, fill_alpha=0),
            "dot": Scatter(x="x", y="y", size=13, marker="circle", line_width=2),
        }
        self._drawn = {name: draw(self.plot, self._sources[name], glyph) for name, glyph in glyphs.items()}
        self._items = {
            name: LegendItem(label=words, renderers=[self._drawn[name]])
            for name, words in (
                ("v", "dV/dt = 0"),
                ("idle", "without input"),
                ("second", "dw/dt = 0"),
                ("path", "run"),
                ("reset", "reset"),
                ("firing", "firing"),
            )
        }
        legend = Legend(items=list(self._items.values()), orientation="horizontal", ncols=3, padding=2, margin=0)
        legend.update(border_line_alpha=0, label_text_font_size="11px", spacing=8, glyph_width=16, label_standoff=3)
        self.plot.add_layout(legend, "above")
        self.plot.add_tools(
            HoverTool(
                renderers=[self._drawn["stable"], self._drawn["unstable"]],
                tooltips=[("fixed point", "@x{0.0} mV, @y{0.0}")],
            )
        )
        hand(self.plot, ADDRESS, drag=False)
        self.player = Player(
            first={
                "path": "spark:phase:path",
                "dot": "spark:phase:dot",
                "span": stage.moment.id,
            },
            height=34,
            sizing_mode="stretch_width",
            margin=0,
        )

    @staticmethod
    def reason(kind: type[Soma]) -> str | None:
        plane = phase_plane.plane_of(kind)
        return plane if isinstance(plane, str) else None

    @property
    def layout(self) -> Any:
        return self.plot

    @property
    def extras(self) -> list[Any]:
        return [self.player]

    def receive(self, message: dict[str, Any]) -> None:
        """A tap sets the initial state; the button takes it back to rest."""
        if message["type"] == "control":
            self.stage.start_from({})
        elif message["type"] == "hand":
            plane = phase_plane.plane_of(self.stage.session.soma)
            second = None if isinstance(plane, str) else plane.second
            start = {"potential": float(message["x"])} | ({second: float(message["y"])} if second else {})
            self.stage.start_from(start)

    def data(self, shot: Shot, request: Request) -> Sources:
        """Curves, arrows and path of the first neuron."""
        recording = shot.recording
        kind, p, current = type(recording.soma), _first(shot), _current(shot, request)
        plane = phase_plane.plane_of(kind)
        assert not isinstance(plane, str)
        path = phase_plane.trajectory(recording)
        (left, right), (low, high) = _ranges(shot, request)
        room = high - low
        bottom, top = low - 3 * room, high + 3 * room
        sources: Sources = {f"spark:phase:{n}": dict.fromkeys(c, np.empty(0)) for n, c in EMPTY.items() if n != "dot"}

        def put(name: str, curves: Any) -> None:
            gap = np.array([np.nan])
            clipped = [curve.clipped(bottom, top) for curve in curves]
            x = np.concatenate([part for c in clipped for part in (c.potential, gap)] or [gap])[:-1]
            y = np.concatenate([part for c in clipped for part in (c.second, gap)] or [gap])[:-1]
            sources[f"spark:phase:{name}"] = xy(x, y)

        if plane.second is None:
            put("v", [phase_plane.rate(kind, p, current, left, right, POINTS)])
            put("idle", [phase_plane.rate(kind, p, 0.0, left, right, POINTS)])
            sources["spark:phase:second"] = xy(np.array([left, right]), np.zeros(2))
            level, reset = p["threshold"], p["potential_reset"]
            for name, at in (("firing", level), ("reset", reset)):
                sources[f"spark:phase:{name}"] = xy(np.array([at, at]), np.array([bottom, top]))
        else:
            lines = phase_plane.nullclines(kind, p, current, left, right, POINTS)
            put("v", lines.potential)
            put("idle", phase_plane.nullclines(kind, p, 0.0, left, right, POINTS).potential)
            put("second", [lines.second])
            put("firing", [lines.firing])
            put("reset", [lines.reset])
            sources["spark:phase:field"] = _arrows(kind, p, current, (left, right), (low, high))
        kept = _kept(path.time, recording.spike_times[0], recording.dt)
        sources["spark:phase:path"] = xy(path.potential[kept], path.second[kept]) | {"t": path.time[kept]}
        sources["spark:phase:jumps"] = xy(path.jump_potential, path.jump_second)
        points = _points(kind, p, current)
        for name, stable in (("stable", True), ("unstable", False)):
            mine = [point for point in points if point.stable == stable]
            sources[f"spark:phase:{name}"] = xy(
                np.array([point.potential for point in mine]), np.array([point.second or 0.0 for point in mine])
            )
        return sources

    def fit(self, shot: Shot, request: Request) -> Fit:
        """Both ranges, around the path, the reset and the firing level."""
        x, y = _ranges(shot, request)
        return {self.plot.x_range: x, self.plot.y_range: y}

    def describe(self, shot: Shot, request: Request) -> Looks:
        """The second variable's names."""
        plane = phase_plane.plane_of(type(shot.recording.soma))
        assert not isinstance(plane, str)
        firing = shot.recording.config.quantities()["threshold"].words
        symbol = plane.symbol
        rest = f"d{symbol}/dt = 0" if plane.second else "zero"
        return [
            (self.plot.yaxis[0], {"axis_label": f"{symbol} ({plane.unit})"}),
            (self._items["second"], {"label": {"value": rest}}),
            (self._items["v"], {"label": {"value": "dV/dt = 0" if plane.second else "dV/dt"}}),
            (self._items["firing"], {"label": {"value": firing}}),
        ]

    def words(self, shot: Shot, request: Request) -> str | None:
        """Fixed points, rheobase and what follows."""
        try:
            said = phase_plane.summary(type(shot.recording.soma), _first(shot), _current(shot, request))
        except ValueError as error:  # a second variable that never moves
            said = str(error)
        return f"{said} Click in the plane to start a run there."

    def closed(self) -> None:
        self.stage.look([(self.stage.moment, {"visible": False})])

    def recolour(self, colours: dict[str, str]) -> None:
        names = {"field": "cursor", "idle": "potential", "v": "potential", "second": "second", "reset": "cursor"}
        names |= {"firing": "threshold", "path": "spikes", "jumps": "spikes"}
        for name, colour in names.items():
            self._drawn[name].glyph.line_color = colours[colour]
        for name in ("stable", "unstable", "dot"):
            glyph = self._drawn[name].glyph
            glyph.line_color = colours["threshold" if name == "dot" else "spikes"]
            glyph.fill_color = colours["threshold" if name == "dot" else "spikes"]
        self.stage.moment.line_color = colours["threshold"]


def _first(shot: Shot) -> dict[str, float]:
    return {name: float(values[0]) for name, values in shot.recording.parameters.items()}


def _points(kind: type[Soma], p: dict[str, float], current: float) -> tuple[phase_plane.FixedPoint, ...]:
    """The fixed points; none where they fill a line, because the second variable never moves."""
    try:
        return phase_plane.fixed_points(kind, p, current)
    except ValueError:
        return ()


def _current(shot: Shot, request: Request) -> float:
    """The input in the middle of the stimulus, pA: what the curves are drawn for."""
    current = shot.recording.recorded["current"][:, 0]
    middle = int(sum(request.window) / 2 / shot.recording.dt)
    return float(current[min(middle, len(current) - 1)])


def _ranges(shot: Shot, request: Request) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the plane shows: the path, the reset, the firing level and what lies near the fixed points."""
    recording, p = shot.recording, _first(shot)
    plane = phase_plane.plane_of(type(recording.soma))
    assert not isinstance(plane, str)
    v = recording.recorded["potential"][:, 0]
    low = min(float(v.min()), p["potential_reset"])
    level = float(recording.recorded["threshold"][:, 0].max())
    high = max(level, float(v.max()))
    x = (low - 0.12 * (high - low), high + 0.05 * (high - low))
    if plane.second is None:
        # An upstroke would dwarf what decides: the curve is shown whole up to just above the soft threshold.
        soft = "rheobase_threshold" in p
        sub = min(x[1], p["rheobase_threshold"] + 2 * p["spike_slope"]) if soft else x[1]
        kind = type(recording.soma)
        curves = [
            phase_plane.rate(kind, p, current, x[0], max(sub, x[0] + 1.0), POINTS).second
            for current in (0.0, _current(shot, request))
        ]
        bottom, top = min(float(np.min(curves)), -0.2), max(float(np.max(curves)), 0.2)
        return x, (bottom - 0.15 * (top - bottom), top + 0.15 * (top - bottom))
    second = recording.recorded[plane.second][:, 0]
    found = [float(second.min()), float(second.max())]
    points = _points(type(recording.soma), p, _current(shot, request))
    span = max(found[1] - found[0], 1.0)
    found += [pt.second for pt in points if pt.second is not None and abs(pt.second - found[0]) < 3 * span]
    bottom, top = min(found), max(found)
    room = 0.25 * max(top - bottom, 1.0)
    return x, (bottom - room, top + room)


def _arrows(
    kind: type[Soma], p: dict[str, float], current: float, x: tuple[float, float], y: tuple[float, float]
) -> dict[str, np.ndarray]:
    """Strokes of the flow, all of one length on the screen, but shorter where it nearly stands still."""
    across, up = (np.linspace(a + (b - a) / 40, b - (b - a) / 40, n) for (a, b), n in ((x, COLUMNS), (y, ROWS)))
    flow = phase_plane.field(kind, p, current, across, up)
    dx, dy = flow.potential_rate / (x[1] - x[0]), flow.second_rate / (y[1] - y[0])
    size = np.hypot(dx, dy)
    length = 0.03 * np.tanh(size / (np.median(size) + 1e-30) * 2) / np.maximum(size, 1e-30)
    gx, gy = np.meshgrid(across, up)
    return {
        "x0": gx.ravel(),
        "y0": gy.ravel(),
        "x1": (gx + dx * length * (x[1] - x[0])).ravel(),
        "y1": (gy + dy * length * (y[1] - y[0])).ravel(),
    }


def _kept(time: np.ndarray, spikes: np.ndarray, dt: float) -> np.ndarray:
    """Points of the path to draw: every so many, all ends, and all near a spike, where it moves fast."""
    kept = np.zeros(time.size, bool)
    kept[:: max(1, time.size // MOST)] = True
    gaps = np.isnan(time)
    kept |= gaps | np.roll(gaps, 1) | np.roll(gaps, -1)
    if spikes.size:
        at = np.where(gaps, np.inf, time)
        after = np.searchsorted(spikes, at)
        for neighbour in (after - 1, after):
            kept |= np.abs(at - spikes[neighbour.clip(0, spikes.size - 1)]) <= NEAR_SPIKE * dt
    return kept
