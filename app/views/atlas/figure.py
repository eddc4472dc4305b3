"""The figure of the atlas: an image, its colours, axes laid out as the sliders are, and a marker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import (
    ColorBar,
    ColumnDataSource,
    CustomJSTickFormatter,
    FixedTicker,
    Image,
    Legend,
    LegendItem,
    LinearColorMapper,
    LogColorMapper,
    PrintfTickFormatter,
    Range1d,
    Rect,
    Scatter,
    Segment,
)
from bokeh.palettes import Viridis256

from spark.analysis import IMPOSSIBLE

from ... import hues
from ...client.picture import Looks, Sources
from ..style import COLOURS, draw, empty, side_figure, xy
from .axes import FORMAT, Axis

SAMPLE = 0.6
"""Shade of a hue in the legend, as a part of the way from the palest to the fullest."""
LEGEND_HEIGHT = 52
"""Pixels above the map: two rows of the legend, also where one is enough. The map must not move under a hand."""
LEAST, MOST_RATE = 1.0, 500.0
"""Ends of the rate's scale, which is logarithmic, Hz: a neuron that runs away must not dwarf all others."""
LEVELS = hues.NOWHERE
"""Colours of the rate's own palette."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "image": ("image", "x", "y", "dw", "dh"),
    "cross": ("x0", "y0", "x1", "y1"),
    "here": ("x", "y"),
}


class Figure:
    """Positions run from 0 to 1 on both axes, as on a slider's track; cells are centred on their points."""

    def __init__(self) -> None:
        square = (Range1d(0, 1, bounds=(0, 1)) for _ in range(2))
        self.plot = side_figure(*square, min_border_top=LEGEND_HEIGHT)
        self.plot.grid.visible = False
        self.dark, self.colour = False, "pattern"
        for axis in self.plot.axis:
            axis.ticker = FixedTicker(ticks=[0, 1])
            axis.formatter = CustomJSTickFormatter(code=FORMAT, args={"low": 0, "high": 1, "log": False})
            axis.axis_label_text_font_size = "14px"
            axis.major_label_text_font_size = "13px"
            axis.axis_label = " "
        self._sources = empty("atlas", COLUMNS)
        self.mapper = LinearColorMapper(palette=self._palette("pattern"), low=-0.5, high=255.5)
        image = Image(image="image", x="x", y="y", dw="dw", dh="dh", color_mapper=self.mapper)
        self._image = draw(self.plot, self._sources["image"], image)
        self.samples = self._legend()
        lines = Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_width=1.2, line_dash=[5, 4])
        self._cross = draw(self.plot, self._sources["cross"], lines)
        around, inner = (Scatter(x="x", y="y", size=size, line_width=3) for size in (22, 16))
        around.fill_alpha = 0
        self._around = draw(self.plot, self._sources["here"], around)
        self._here = draw(self.plot, self._sources["here"], inner)
        self.scale = LogColorMapper(palette=list(Viridis256), low=LEAST, high=100)
        self.bar = ColorBar(color_mapper=self.scale, width=14, padding=4, visible=False)
        self.bar.update(
            ticker=FixedTicker(ticks=[]),
            formatter=PrintfTickFormatter(format="%d Hz"),
            major_label_text_font_size="13px",
        )
        self.plot.add_layout(self.bar, "right")

    def _legend(self) -> dict[str, tuple[Any, LegendItem]]:
        """A sample of every hue: squares that lie outside the map."""
        samples: dict[str, tuple[Any, LegendItem]] = {}
        for name in (*hues.CLASSES, IMPOSSIBLE):
            source = ColumnDataSource(data=xy(np.array([-9.0]), np.array([-9.0])))
            square = draw(self.plot, source, Rect(x="x", y="y", width=1, height=1, line_width=0))
            samples[name] = (square, LegendItem(label=name, renderers=[square]))
        self.legend = Legend(
            items=[item for _, item in samples.values()], orientation="horizontal", padding=2, margin=0
        )
        self.legend.update(
            border_line_alpha=0,
            background_fill_alpha=0,
            label_text_font_size="13px",
            spacing=10,
            glyph_width=14,
            glyph_height=14,
            label_standoff=4,
            ncols=4,
        )
        self.plot.add_layout(self.legend, "above")
        return samples

    def _palette(self, colour: str) -> list[str]:
        known = hues.palette(self.dark)
        if colour == "pattern":
            return [hues.css(one) for one in known]
        steps = [Viridis256[round(255 * i / (LEVELS - 1))] for i in range(LEVELS)]
        return [hues.css(known[0]), *steps[1:], *(hues.css(one) for one in known[LEVELS:])]

    @staticmethod
    def here(x: float, y: float) -> Sources:
        """The marker, at these positions."""
        at = [np.array([value]) for value in (x, y)]
        cross = {"x0": [0.0, x], "y0": [y, 0.0], "x1": [1.0, x], "y1": [y, 1.0]}
        return {
            "spark:atlas:here": xy(*at),
            "spark:atlas:cross": {name: np.array(values) for name, values in cross.items()},
        }

    @staticmethod
    def nothing() -> Sources:
        """No map."""
        return {"spark:atlas:image": {name: np.empty(0) for name in ("image", "x", "y", "dw", "dh")}}

    def axes(self, x: Axis, y: Axis) -> Looks:
        """Labels and ticks of these axes."""
        looks: list[tuple[Any, dict[str, Any]]] = []
        for drawn, axis in ((self.plot.xaxis[0], x), (self.plot.yaxis[0], y)):
            looks += [
                (drawn.formatter, {"args": axis.args}),
                (drawn.ticker, {"ticks": axis.ticks}),
                (drawn, {"axis_label": axis.label}),
            ]
        return looks

    def map(self, rate: np.ndarray, classes: Sequence[str], colour: str) -> tuple[Sources, Looks]:
        """The image of a square of points, row after row, and its colours."""
        self.colour = colour
        side = round(len(classes) ** 0.5)
        top = _round(min(float(np.nanmax(rate, initial=10 * LEAST)), MOST_RATE))
        nowhere = np.array([name == IMPOSSIBLE for name in classes])
        if colour == "pattern":
            image = hues.numbers(classes, rate)
        else:
            height = np.log(np.nan_to_num(rate).clip(LEAST, top) / LEAST) / np.log(top / LEAST)
            image = np.where(rate > 0, 1 + np.rint((LEVELS - 2) * height), 0).astype(np.uint8)
        image[nowhere] = (hues.NOWHERE + hues.stripes(len(classes), side))[nowhere]
        width = np.array(
            [side / (side - 1)]
        )  # half a cell more on each side: the first and last points lie on the edges
        start = np.array([-0.5 / (side - 1)])
        sources: Sources = {
            "spark:atlas:image": {"image": image.reshape(side, side), "x": start, "y": start, "dw": width, "dh": width}
        }
        present = set(classes)
        looks: list[tuple[Any, dict[str, Any]]] = [
            (self.mapper, {"palette": self._palette(colour)}),
            (self.scale, {"high": top}),
            (self.bar.ticker, {"ticks": [rate for rate in (1, 2, 5, 10, 20, 50, 100, 200, 500) if rate <= top]}),
            (self.bar, {"visible": colour == "rate"}),
        ]
        for name, (_, item) in self.samples.items():
            shown = name in present if colour == "pattern" else name == IMPOSSIBLE and name in present
            looks.append((item, {"visible": shown}))
        return sources, looks

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        self.dark = colours["shadow"] == COLOURS[True]["shadow"]
        self.mapper.palette = self._palette(self.colour)
        known = hues.ENDS[self.dark]
        for name, (square, _) in self.samples.items():
            slow, fast = known.get(name, hues.HATCH[self.dark])
            square.glyph.fill_color = hues.css(np.rint(np.array(slow) + SAMPLE * np.subtract(fast, slow)).astype(int))
        ink, paper = ("#FFFFFF", "#101010") if self.dark else ("#101010", "#FFFFFF")
        self._cross.glyph.line_color = ink
        self._around.glyph.line_color = paper
        self._here.glyph.update(line_color=ink, fill_color=paper)


def _round(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    unit = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return float(next(digit * unit for digit in (1, 2, 5, 10) if digit * unit >= value - 1e-9))
