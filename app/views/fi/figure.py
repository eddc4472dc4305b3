"""The figure of the f-I curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import (
    BoxAnnotation,
    HoverTool,
    Label,
    LegendItem,
    Line,
    Node,
    Range1d,
    Scatter,
    Segment,
    Span,
)

from spark.analysis import FICurve

from ...client.picture import Looks, Sources
from ...numbers import number
from ...run.pipeline import Fit
from ..style import FONT, draw, empty, legend, side_figure, xy
from .sampling import Curves

TALLEST = 3.0
"""First intervals count for the height of the axis up to so many times the other rates: a burst would dwarf them."""
COLUMNS = {
    "curves": ("x", "rate", "steady", "first"),
    "theory": ("x", "y"),
    "sweep": ("x", "up", "down"),
    "pinned": ("x", "y"),
    "dot": ("x", "y"),
}
NAMES = {
    "rate": ("mean rate", "rate"),
    "steady": ("steady rate", "potential"),
    "first": ("first interval", "current"),
    "theory": ("theory", "spikes"),
    "up": ("up", "hold"),
    "down": ("down", "second"),
    "pinned": ("pinned", "ghost"),
}
"""What each curve is called, and its colour."""


class Figure:
    """Glyphs and marks; `sources` names are what a message addresses."""

    def __init__(self) -> None:
        self.plot = side_figure(
            Range1d(0, 1000),
            Range1d(-4, 100),
            x_axis_label="constant current (pA)",
            y_axis_label="rate (Hz)",
            min_border_right=18,
        )
        self.plot.xaxis.ticker.desired_num_ticks = 6
        self._build()

    def _build(self) -> None:
        sources = empty("fi", COLUMNS)
        # Where both ways agree, the mark of the way down lies in the hollow one of the way up.
        up, down = {"size": 10, "line_width": 1.6, "fill_alpha": 0.0}, {"size": 4.5, "line_width": 1}
        glyphs: dict[str, tuple[str, Any]] = {
            "pinned": ("pinned", Line(x="x", y="y", line_width=2, line_dash=[6, 4], line_alpha=0.85)),
            "first": ("curves", Line(x="x", y="first", line_width=1.8, line_dash=[2, 3])),
            "rate": ("curves", Line(x="x", y="rate", line_width=2.6)),
            "steady": ("curves", Line(x="x", y="steady", line_width=2, line_dash=[8, 4])),
            "theory": ("theory", Line(x="x", y="y", line_width=1.4, line_dash=[1, 3])),
            "up": ("sweep", Scatter(x="x", y="up", marker="triangle", **up)),
            "down": ("sweep", Scatter(x="x", y="down", marker="inverted_triangle", **down)),
            "drop": ("dot", Segment(x0="x", y0=-1e4, x1="x", y1="y", line_width=1.2)),
            "dot": ("dot", Scatter(x="x", y="y", size=14, marker="circle", line_width=2)),
        }
        self._drawn = {name: draw(self.plot, sources[source], glyph) for name, (source, glyph) in glyphs.items()}
        self._items = {
            name: LegendItem(label=words, renderers=[self._drawn[name]]) for name, (words, _) in NAMES.items()
        }
        legend(self.plot, list(self._items.values()), sample=20)
        self._least = Span(location=0, dimension="height", line_width=1.6, line_dash=[6, 3], visible=False)
        self._least_name = Label(
            x=0,
            y=Node(target="frame", symbol="top"),
            y_offset=-18,
            text="",
            text_font=FONT,
            text_font_size="12px",
            visible=False,
        )
        self._both = BoxAnnotation(left=0, right=0, fill_alpha=0.16, line_alpha=0, visible=False)
        for part in (self._both, self._least, self._least_name):
            self.plot.add_layout(part)
        self.plot.add_tools(
            HoverTool(
                renderers=[self._drawn["rate"]],
                mode="vline",
                line_policy="nearest",
                tooltips=[
                    ("current", "@x{0.[00]} pA"),
                    ("mean rate", "@rate{0.0} Hz"),
                    ("steady rate", "@steady{0.0} Hz"),
                    ("first interval", "@first{0.0} Hz"),
                ],
            )
        )

    def sources(self, curves: Curves, sweeping: bool) -> Sources:
        """The curves as data."""
        curve, sweep = curves.curve, curves.sweep if sweeping else None
        empty = np.empty(0)
        rates = {"rate": curve.rate, "steady": curve.steady_rate, "first": curve.first_rate}
        swept = (sweep.currents, sweep.up, sweep.down) if sweep else (empty, empty, empty)
        return {
            "spark:fi:curves": {"x": curve.currents} | rates,
            "spark:fi:theory": xy(*(curves.theory or (empty, empty))),
            "spark:fi:sweep": dict(zip(COLUMNS["sweep"], swept, strict=True)),
        }

    @staticmethod
    def ghost(curves: Curves | None) -> Sources:
        """The pinned neuron's curve."""
        empty = np.empty(0)
        return {"spark:fi:pinned": xy(curves.curve.currents, curves.curve.rate) if curves else xy(empty, empty)}

    @staticmethod
    def nothing() -> Sources:
        """No curves of the live neuron."""
        return {f"spark:fi:{n}": dict.fromkeys(COLUMNS[n], np.empty(0)) for n in ("curves", "theory", "sweep")}

    def unmarked(self) -> Looks:
        """No rheobase, no bistable interval."""
        return [(part, {"visible": False}) for part in (self._least, self._least_name, self._both)]

    def fit(self, curves: Curves, ghost: Curves | None, wanted: tuple[float, float]) -> Fit:
        """The currents that are wanted, and the rates there."""

        def highest(curve: FICurve, *rates: np.ndarray) -> float:
            shown = (curve.currents >= wanted[0]) & (curve.currents <= wanted[1])
            return max(float(rate[shown].max(initial=0.0)) for rate in rates)

        curve = curves.curve
        rates, first = highest(curve, curve.rate, curve.steady_rate), highest(curve, curve.first_rate)
        if ghost is not None:
            rates = max(rates, highest(ghost.curve, ghost.curve.rate))
        top = 1.08 * max(rates, min(first, TALLEST * rates), 10.0)
        return {self.plot.x_range: wanted, self.plot: (-0.03 * top, top)}

    def looks(self, curves: Curves, ghost: Curves | None, wanted: tuple[float, float], sweeping: bool) -> Looks:
        """The rheobase and its name, on the side where the neuron is silent if there is room; the bistable interval."""
        least, sweep = curves.limit.current, curves.sweep if sweeping else None
        looks: list[tuple[Any, dict[str, Any]]] = [
            (self._items["theory"], {"visible": curves.theory is not None}),
            (self._items["up"], {"visible": sweep is not None}),
            (self._items["down"], {"visible": sweep is not None}),
            (self._items["pinned"], {"visible": ghost is not None}),
            (self._least, {"visible": least is not None}),
            (self._least_name, {"visible": least is not None}),
            (self._both, {"visible": bool(sweep and sweep.bistable)}),
        ]
        if sweep is not None and sweep.bistable:
            looks.append((self._both, dict(zip(("left", "right"), sweep.bistable, strict=True))))
        if least is not None:
            left = least - wanted[0] > 0.36 * (wanted[1] - wanted[0])
            look = {"text": f"rheobase {number(least, 4)} pA", "text_align": "right" if left else "left"}
            looks += [
                (self._least, {"location": least}),
                (self._least_name, look | {"x": least, "x_offset": -6 if left else 6}),
            ]
        return looks

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        for name, (_, colour) in NAMES.items():
            glyph = self._drawn[name].glyph
            glyph.line_color = colours[colour]
            if name in ("up", "down"):
                glyph.fill_color = colours[colour]
        self._drawn["drop"].glyph.line_color = colours["threshold"]
        dot = self._drawn["dot"].glyph
        dot.line_color = dot.fill_color = colours["threshold"]
        self._least.line_color = self._least_name.text_color = colours["cursor"]
        self._both.fill_color = colours["second"]
