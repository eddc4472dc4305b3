"""The phase plane: nullclines, flow, fixed points, and the run's path with a dot that moves along it."""

from __future__ import annotations

from typing import Any

from bokeh.models import BoxAnnotation, HoverTool, LegendItem, Line, Range1d, Scatter, Segment

from spark.analysis import phase_plane
from spark.nn.components.somas import Soma

from ...client.player import Player
from ...numbers import number
from ...run.pipeline import Request
from ...run.shot import Shot
from ..side import Finding, SideView, Stage, hand
from ..style import draw, empty, legend, side_figure
from .broken import Broken
from .portrait import Portrait, Span

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
        self.plot = side_figure(
            Range1d(-90, 0),
            Range1d(-1, 1),
            "wheel_zoom,pan",
            x_axis_label="V (mV)",
            y_axis_label="w (pA)",
        )
        self._sources = empty(self.name, EMPTY)
        line = {"line_width": 2.4}
        glyphs: dict[str, Any] = {
            "field": Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1.1, line_alpha=0.6),
            "idle": Line(x="x", y="y", line_width=1.4, line_dash="dotted"),
            "reset": Line(x="x", y="y", line_width=1.6, line_dash=[2, 3]),
            "firing": Line(x="x", y="y", line_width=1.8, line_dash="dashed"),
            "jumps": Line(x="x", y="y", line_width=1, line_dash=[3, 4]),
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
        legend(self.plot, list(self._items.values()))
        self.plot.add_tools(
            HoverTool(
                renderers=[self._drawn["stable"], self._drawn["unstable"]],
                tooltips=[("fixed point", "@x{0.0} mV, @y{0.0}")],
            )
        )
        self.broken: Broken | None = None
        """How the axis of the potential is drawn."""
        self._strip = BoxAnnotation(left=0, right=0, line_alpha=0, fill_alpha=0.12, hatch_pattern="/", visible=False)
        self._strip.update(hatch_alpha=0.45, hatch_weight=1, hatch_scale=7, level="overlay")
        self.plot.add_layout(self._strip)
        for axis in (self.plot.x_range, self.plot.y_range):
            for end in ("start", "end"):
                axis.on_change(end, lambda attr, old, new: stage.again())  # a hand has zoomed: draw what it sees
        hand(self.plot, ADDRESS, "spark:phase:path", drag=False)
        self.player = Player(
            first={
                "path": "spark:phase:path",
                "dot": "spark:phase:dot",
            },
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
            x = float(message["x"]) if self.broken is None else self.broken.true(float(message["x"]))
            start = {"potential": x} | ({second: float(message["y"])} if second else {})
            self.stage.start_from(start)

    def picture(self, shot: Shot, request: Request) -> Finding:
        """Curves, arrows, fixed points and path of the first neuron."""
        seen = Portrait.of(shot, request, self._frame)
        self.broken = seen.broken
        drawn = seen.lines() | seen.marks() | seen.path() | {"field": seen.field()}
        plane = seen.plane
        both = plane.second is not None
        firing = shot.recording.config.quantities()["threshold"].words
        looks: list[tuple[Any, dict[str, Any]]] = [
            (self.plot.yaxis[0], {"axis_label": plane.label}),
            (self._items["second"], {"label": {"value": f"d{plane.symbol}/dt = 0" if both else "zero"}}),
            (self._items["v"], {"label": {"value": "dV/dt = 0" if both else "dV/dt"}}),
            *self._break(seen.broken, firing),
        ]
        return Finding(
            {f"spark:phase:{name}": columns for name, columns in drawn.items()},
            seen.words(),
            {self.plot.x_range: seen.x, self.plot.y_range: seen.y},
            looks,
            hint="Click in the plane to start a run there.",
        )

    def _frame(self, axis: str, wanted: Span) -> Span:
        return self.stage.frame(self.plot.x_range if axis == "x" else self.plot.y_range, wanted)

    def _break(self, broken: Broken | None, firing: str) -> list[tuple[Any, dict[str, Any]]]:
        """Where the axis ends, and what stands beyond."""
        bounds = "auto" if broken is None else [-1e6, broken.at]
        looks: list[tuple[Any, dict[str, Any]]] = [
            (part, {"bounds": bounds}) for part in (self.plot.xaxis[0], self.plot.xgrid[0])
        ]
        looks.append((self._strip, {"visible": broken is not None}))
        if broken is not None:
            looks.append((self._strip, {"left": broken.at, "right": broken.at + 0.5 * broken.room}))
            firing += f", {number(broken.top)} mV"
        looks.append((self._items["firing"], {"label": {"value": firing}}))
        return looks

    def recolour(self, colours: dict[str, str]) -> None:
        names = {"field": "cursor", "idle": "potential", "v": "potential", "second": "second", "reset": "cursor"}
        names |= {"firing": "threshold", "path": "spikes", "jumps": "spikes"}
        for name, colour in names.items():
            self._drawn[name].glyph.line_color = colours[colour]
        for name in ("stable", "unstable", "dot"):
            glyph = self._drawn[name].glyph
            glyph.line_color = colours["threshold" if name == "dot" else "spikes"]
            glyph.fill_color = colours["threshold" if name == "dot" else "spikes"]
        self._strip.update(fill_color=colours["cursor"], hatch_color=colours["cursor"])
