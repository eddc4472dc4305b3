"""Intervals between spikes: one after the other, how often, and each against the next; and the order of the raster."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.layouts import column, row
from bokeh.models import HoverTool, Label, Line, Node, Quad, Range1d, Scatter, Slope

from spark.analysis import Histogram, histogram, unit_rates

from ...client.picture import Looks, Sources
from ...run.pipeline import Fit, Request
from ...run.shot import FIRST_SPIKE, NUMBER, RATE, Shot
from ..side import Finding, SideView, Stage
from ..style import FONT, draw, empty, side_figure, xy
from .gaps import Intervals as Gaps
from .gaps import mapped, numbered
from .words import sentence

POINTS = ("own", "others", "own_map", "others_map")
BARS = ("own_bars", "all_bars", "rate_bars")
SORT = "sort"
LEFT = 70


class Intervals(SideView):
    """Three figures of intervals, all on one scale; of a population also its rates, and its order in the raster."""

    name, title, place = "intervals", "Intervals", 3
    says_whose = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._choice: dict[str, Any] | None = None
        self.isi = Range1d(0, 100)
        still = {name: Range1d(0, 10) for name in ("number", "count", "rate", "neurons")}
        self.numbered = _small("interval number", "interval (ms)", still["number"], self.isi)
        self.counted = _small("interval (ms)", "count", self.isi, still["count"])
        self.mapped = _small("interval n (ms)", "interval n + 1 (ms)", self.isi, self.isi)
        self.rates = _small("rate (Hz)", "neurons", still["rate"], still["neurons"])
        self.rates.visible = False
        self.rates.xaxis.ticker.desired_num_ticks = 3
        self.mapped.xaxis.ticker.desired_num_ticks = 4
        columns = dict.fromkeys(POINTS, ("x", "y")) | dict.fromkeys(BARS, ("left", "right", "top"))
        self._sources = empty(self.name, columns)
        self._diagonal = Slope(gradient=1, y_intercept=0, line_width=1.4, line_dash="dashed")
        self.mapped.add_layout(self._diagonal)
        self._drawn: list[tuple[Any, str]] = []
        dots = {"marker": "circle", "line_alpha": 0}
        self._mark(self.numbered, "others", Scatter(x="x", y="y", size=4.5, fill_alpha=0.85, **dots), "others")
        self._mark(self.numbered, "own", Line(x="x", y="y", line_width=1.2), "potential")
        own = self._mark(self.numbered, "own", Scatter(x="x", y="y", size=6, **dots), "potential")
        bar = {"left": "left", "right": "right", "top": "top", "bottom": 0, "line_width": 1}
        every = self._mark(self.counted, "all_bars", Quad(fill_alpha=0.65, **bar), "others")
        ours = self._mark(self.counted, "own_bars", Quad(fill_alpha=0.9, **bar), "potential")
        self._mark(self.mapped, "others_map", Scatter(x="x", y="y", size=4.5, fill_alpha=0.85, **dots), "others")
        pairs = self._mark(self.mapped, "own_map", Scatter(x="x", y="y", size=7, fill_alpha=0.8, **dots), "potential")
        rates = self._mark(self.rates, "rate_bars", Quad(fill_alpha=0.8, **bar), "rate")
        for plot, renderers, tip in (
            (self.numbered, [own], "interval @x{0}: @y{0.00} ms"),
            (self.counted, [every, ours], "@left{0.0[00]} to @right{0.0[00]} ms: @top{0}"),
            (self.mapped, [pairs], "@x{0.00} ms, then @y{0.00} ms"),
            (self.rates, [rates], "@left{0.0[0]} to @right{0.0[0]} Hz: @top{0} neurons"),
        ):
            plot.add_tools(HoverTool(renderers=renderers, tooltips=tip))
        self._blank = {plot: _note(plot) for plot in (self.numbered, self.counted, self.mapped)}
        below = row(self.mapped, self.rates, sizing_mode="stretch_both", spacing=0, styles={"flex": "1.25 1 0"})
        self._layout = column(self.numbered, self.counted, below, sizing_mode="stretch_both", spacing=0)

    def _mark(self, plot: Any, source: str, glyph: Any, colour: str) -> Any:
        renderer = draw(plot, self._sources[source], glyph)
        self._drawn.append((renderer, colour))
        return renderer

    @property
    def layout(self) -> Any:
        return self._layout

    def picture(self, shot: Shot, request: Request) -> Finding:
        """Points and bars of all figures, the intervals in a sentence or two, and how the raster can be sorted."""
        recording = shot.recording
        firing, (start, end) = request.firing, request.window
        if firing.spikes.size:
            end = max(end, float(firing.spikes[-1]))  # a rebound
        found = Gaps.of(recording, shot.shown, (start, end))
        bins = histogram(found.all)
        rates = histogram(unit_rates(recording.spike_times, *request.window) if recording.units > 1 else [])
        return Finding(
            self._sources_of(found, bins, rates, recording.units > 1),
            sentence(found, firing, recording.units, recording.spike_times[0].size),
            self._fit(found, bins, rates),
            self._looks(found, recording.units > 1),
            self._card(shot),
        )

    @staticmethod
    def _sources_of(found: Gaps, bins: Histogram, rates: Histogram, several: bool) -> Sources:
        own = np.histogram(found.own, bins.edges)[0] if bins.counts.size else bins.counts
        bars = {
            "own_bars": _bars(bins.edges, own),
            "all_bars": _bars(bins.edges, bins.counts if several else bins.counts[:0]),
            "rate_bars": _bars(rates.edges, rates.counts),
        }
        points = {
            "own": numbered([found.own]),
            "others": numbered(found.others),
            "own_map": mapped([found.own]),
            "others_map": mapped(found.others),
        }
        drawn = {name: xy(*values) for name, values in points.items()} | bars
        return {f"spark:intervals:{name}": values for name, values in drawn.items()}

    def _fit(self, found: Gaps, bins: Histogram, rates: Histogram) -> Fit:
        """All from zero: one scale for every axis of intervals."""
        seen = [found.own, *found.others]
        fit: Fit = {}
        if found.all.size:
            longest = max((float(part.max()) for part in seen if part.size), default=float(found.all.max()))
            most = max((part.size for part in seen), default=1)
            fit |= {self.isi: (0.0, 1.12 * longest), self.numbered.x_range: (0.0, 1.04 * most + 1)}
            fit[self.counted.y_range] = (0.0, 1.15 * float(bins.counts.max()))
        if rates.counts.size:
            fit[self.rates.x_range] = (0.0, 1.08 * max(float(rates.edges[-1]), 1.0))
            fit[self.rates.y_range] = (0.0, 1.15 * float(rates.counts.max()))
        return fit

    def _looks(self, found: Gaps, several: bool) -> Looks:
        """Rates of a population alone; a note where a figure would be empty."""
        longest = max((part.size for part in (found.own, *found.others)), default=0)
        empty = {self.numbered: longest == 0, self.counted: found.all.size == 0, self.mapped: longest < 2}
        return [
            (self.rates, {"visible": several}),
            (self._diagonal, {"visible": longest > 1}),
            *((self._blank[plot], {"visible": bool(none)}) for plot, none in empty.items()),
        ]

    def _card(self, shot: Shot) -> dict[str, Any]:
        """By what the raster can be sorted: also by what differs between the neurons."""
        if shot.recording.units == 1:
            self._choice = None
            return {"controls": []}
        fields, session = shot.recording.config.quantities(), self.stage.session
        spread = [name for name, width in list(session.spread.items()) if width > 0 and name in fields]
        options = [[NUMBER, "neuron number"], [RATE, "rate"], [FIRST_SPIKE, "first spike"]]
        options += [[name, fields[name].words] for name in spread]
        if self.order is not None and self.order not in [value for value, _ in options]:
            self.order = None  # what it sorted by is the same in all neurons by now
        now = shot.order if self.order is None else self.order
        if self._choice is None or self._choice["options"] != options:  # otherwise it would lose the keyboard's focus
            choice = {"key": SORT, "kind": "choice", "label": "Sort raster by", "options": options}
            self._choice = choice | {"value": now}
        return {"controls": [self._choice], "values": {SORT: now}}

    def receive(self, message: dict[str, Any]) -> None:
        """The raster is to be sorted."""
        if message["type"] == "control":
            self.order = str(message["value"])
            self.stage.again()

    @property
    def options(self) -> dict[str, Any]:
        return {SORT: self.order} if self.order else {}

    def choose(self, options: dict[str, Any]) -> None:
        order = options.get(SORT)
        self.order = order if isinstance(order, str) else None

    def closed(self) -> None:
        self.order = None  # what cannot be seen should not sort

    def recolour(self, colours: dict[str, str]) -> None:
        for renderer, colour in self._drawn:
            glyph = renderer.glyph
            if not isinstance(glyph, Line):
                glyph.fill_color = colours[colour]
            glyph.line_color = colours[colour]
        self._diagonal.line_color = colours["cursor"]
        for note in self._blank.values():
            note.text_color = colours["cursor"]


def _small(x: str, y: str, x_range: Range1d, y_range: Range1d) -> Any:
    """A small figure with still axes."""
    size: dict[str, Any] = {
        "min_height": 124,
        "min_border_left": LEFT,
        "min_border_bottom": 4,
        "styles": {"flex": "1 1 0"},
    }
    plot = side_figure(x_range, y_range, x_axis_label=x, y_axis_label=y, **size)
    plot.xaxis.ticker.desired_num_ticks = 5
    plot.yaxis.ticker.desired_num_ticks = 4
    plot.axis.axis_label_standoff = 3
    plot.axis.minor_tick_line_alpha = 0
    return plot


def _note(plot: Any) -> Label:
    """Words in the middle of a figure that has nothing to show."""
    middle = {axis: Node(target="frame", symbol="center") for axis in ("x", "y")}
    note = Label(
        **middle,
        text="too few spikes",
        text_align="center",
        text_baseline="middle",
        text_font=FONT,
        text_font_size="13px",
        visible=False,
    )
    plot.add_layout(note)
    return note


def _bars(edges: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    kept = counts > 0
    wide = slice(0, counts.size)
    return {
        "left": edges[wide][kept],
        "right": edges[1:][wide][kept],
        "top": counts[kept].astype(float),
    }
