"""Spikes of the population, and its rate."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    CrosshairTool,
    CustomJSTickFormatter,
    HoverTool,
    Image,
    LinearColorMapper,
    Range1d,
    Segment,
    Span,
    Step,
)

from spark import Recording

from ..client.picture import Sources
from ..numbers import number
from ..run.pipeline import Exactly, Fit
from ..run.shot import Shot
from ..sidebar.row_specs import plain_symbol
from .style import FONT, draw, panel
from .traces import slower

MOST_STROKES = 3000
"""Above as many visible spikes the raster is an image: as glyphs 100,000 take half a second to paint."""
MOST_ROWS = 400
"""Rows of that image, about its height in pixels."""
BINS = 100
RATE_HEIGHT = 62
"""Pixels of the rate's panel."""
LEAST_HEIGHT = 98
"""Pixels of the raster with the axis of time below it: its own axis has the room that its label takes."""
MANY, FEW, TALL, TALL_ALONE = 10, 1.5, 4.4, 3.5
"""From so many neurons on the raster takes a third of the height and more. Its shares of that below, and above with a
panel of a slower variable beside it and without one: it changes with the order of magnitude, not with every neuron."""
MOST_NAMED = 3
"""Most quantities with a spread that the raster's title names."""
PINNED_SHARE = 0.15
"""Least part of the height that the row of a pinned run takes, below all neurons."""
ROW = "return tick > 0 ? `${tick}` : below.tags[-tick] ?? ''"
"""What a row is called, in the page."""


class Raster:
    """One row per neuron; with several, their rate in a panel of its own above it, and in words who they are."""

    def __init__(self, x_range: Range1d, cursor: Span) -> None:
        self.figure = panel(x_range, "neuron", FEW, (0.5, 1.5))
        self.figure.min_height = LEAST_HEIGHT
        self.figure.xaxis.visible = True
        self.figure.xaxis.axis_label = "time (ms)"
        self.figure.yaxis.ticker.min_interval = 1
        self.figure.yaxis.ticker.desired_num_ticks = 3
        self.below = ColumnDataSource(tags=["pinned"])
        """Its tags name the rows below the neurons, which count from 1: the first is row 0."""
        self.figure.yaxis.formatter = CustomJSTickFormatter(args={"below": self.below}, code=ROW)
        self.figure.title.update(text_font=FONT, text_font_size="12px", text_font_style="normal", standoff=4)
        self.pinned = False  # whether there is a row for a pinned run
        self.rate = panel(x_range, "rate (Hz)", 0, (0, 100))
        self.rate.update(visible=False, min_height=RATE_HEIGHT, styles={"flex": f"0 0 {RATE_HEIGHT}px"})
        self.rate.yaxis.ticker.desired_num_ticks = 2
        self.figures = [self.rate, self.figure]
        empty: dict[str, dict[str, Any]] = {
            "strokes": {"x": [], "low": [], "high": [], "unit": []},
            "image": {"image": [], "x": [], "y": [], "dw": [], "dh": []},
            "rate": {"x": [], "y": []},
        }
        self._sources = {name: ColumnDataSource(name=f"spark:{name}", data=data) for name, data in empty.items()}
        self._mapper = LinearColorMapper(["rgba(0,0,0,0)", "#000000"], low=0, high=1)
        source = self._sources
        image = Image(image="image", x="x", y="y", dw="dw", dh="dh", color_mapper=self._mapper)
        strokes = Segment(x0="x", y0="low", x1="x", y1="high", line_width=1.6)
        rate = Step(x="x", y="y", mode="after", line_width=2)
        self._image = draw(self.figure, source["image"], image)
        self._strokes = draw(self.figure, source["strokes"], strokes)
        self._rate = draw(self.rate, source["rate"], rate)
        spike = HoverTool(renderers=[self._strokes], tooltips=[("spike", "@x{0.00} ms"), ("neuron", "@unit{0}")])
        tips = [("population rate", "@y{0.0} Hz"), ("from", "@x{0.0} ms")]
        self.figure.add_tools(spike, CrosshairTool(overlay=cursor))
        self.rate.add_tools(
            HoverTool(renderers=[self._rate], mode="vline", tooltips=tips), CrosshairTool(overlay=cursor)
        )

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        self._strokes.glyph.line_color = colours["spikes"]
        self._rate.glyph.line_color = colours["rate"]
        self._mapper.palette = ["rgba(0,0,0,0)", colours["spikes"]]

    def describe(self, shot: Shot) -> list[tuple[Any, dict[str, Any]]]:
        """The rate is there for a population only, whose raster is taller."""
        units = shot.recording.units
        share = FEW if units < MANY else TALL if slower(type(shot.recording.soma)) else TALL_ALONE
        return [
            (self.rate, {"visible": units > 1}),
            (self._sources["strokes"], {"tags": [units]}),  # silent ones have no stroke, but a place from left to right
            (self.figure, {"styles": {"flex": f"{share} 1 0"}}),
            (self.figure.title, {"text": population(shot)}),
            (self.figure.yaxis[0], {"axis_label": f"neuron, by {by}" if (by := sorted_by(shot)) else "neuron"}),
        ]

    def data(self, shot: Shot) -> Sources:
        """Data of every source for this run."""
        recording = shot.recording
        times = np.concatenate(recording.spike_times)
        unit = np.repeat(np.arange(recording.units), [len(train) for train in recording.spike_times])
        seen = (times >= shot.start) & (times <= shot.end)
        times, unit = times[seen], unit[seen]
        strokes, rest = (times.size, 0) if times.size <= MOST_STROKES else (0, times.size)
        return {
            "spark:strokes": _strokes(times[:strokes], unit[:strokes] + 1, shot.places[unit[:strokes]] + 1),
            "spark:image": image(shot, times[:rest], shot.places[unit[:rest]]),
            "spark:rate": rates(shot.recording),
        }

    def span(self, units: int) -> tuple[float, float]:
        """The rows: those of the neurons, and that of a pinned run below them."""
        return 0.5 - self.pinned * below(units), units + 0.5

    def fit(self, shot: Shot) -> Fit:
        """The y ranges that show the whole run."""
        highest = float(np.max(rates(shot.recording)["y"], initial=1.0))
        return {self.figure: Exactly(self.span(shot.recording.units)), self.rate: (0.0, 1.15 * highest)}


def rates(recording: Recording) -> dict[str, np.ndarray]:
    """The population's rate, Hz, from each time on, ms; nothing of one neuron."""
    if recording.units == 1:
        return {"x": np.empty(0), "y": np.empty(0)}
    # A number of bins takes a fifth of the time that their edges take.
    counts, edges = np.histogram(np.concatenate(recording.spike_times), BINS, (0, recording.duration))
    found = counts / recording.units / (edges[1] - edges[0]) * 1000
    return {"x": edges, "y": np.append(found, found[-1])}


def population(shot: Shot) -> str:
    """How many neurons there are, and in what they differ; nothing of one."""
    units = shot.recording.units
    if units == 1:
        return ""
    declared = shot.recording.config.quantities()
    spread = [(_sign(declared[name].symbol), std, declared[name].unit) for name, std in shot.spread.items()]
    words = [f"{symbol} ± {number(std, 3)} {unit}".rstrip() for symbol, std, unit in spread[:MOST_NAMED]]
    if len(spread) > MOST_NAMED:
        words.append(f"{len(spread) - MOST_NAMED} more")
    return f"{units:,} neurons, " + (f"spread: {', '.join(words)}" if words else "all with the same values")


def sorted_by(shot: Shot) -> str:
    """By what the rows are sorted, as the axis says it; "" where they are not."""
    declared = shot.recording.config.quantities()
    if shot.recording.units == 1:
        return ""
    return _sign(declared[shot.order].symbol) if shot.order in declared else shot.order


def _sign(symbol: str) -> str:
    """A symbol where no subscript can be drawn."""
    return plain_symbol(symbol).replace("_", "")


def below(units: int) -> float:
    """Height of the row of a pinned run, below `units` rows of neurons."""
    return max(1.0, PINNED_SHARE * units)


def _strokes(times: np.ndarray, units: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    return {"x": times, "unit": units, "low": rows - 0.42, "high": rows + 0.42}


def image(shot: Shot, times: np.ndarray, places: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of an image of spikes at `times`, ms, in the rows `places`; one byte a pixel."""
    if not times.size:
        return {name: np.empty(0) for name in ("image", "x", "y", "dw", "dh")}
    neurons = shot.recording.units
    rows = min(neurons, MOST_ROWS)
    pixels = np.zeros((rows, shot.columns), np.uint8)
    column = ((times - shot.start) / (shot.end - shot.start) * shot.columns).astype(int).clip(0, shot.columns - 1)
    pixels[places * rows // neurons, column] = 1
    one = np.ones(1)
    return {
        "image": pixels,
        "x": one * shot.start,
        "y": one * 0.5,
        "dw": one * (shot.end - shot.start),
        "dh": one * neurons,
    }
