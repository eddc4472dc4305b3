"""Colours and axes that every view shares. One colour per quantity, safe for the colour-blind (Okabe and Ito)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, CustomJS, Glyph, GlyphRenderer, Legend, LegendItem, Range1d
from bokeh.plotting import figure

from spark.recording.drawing import COLOURS as ON_WHITE

COLOURS = {
    False: {  # on a light page
        **ON_WHITE,
        "rate": "#009E73",
        "cursor": "#555555",
        "shadow": "#000000",
        "ghost": "#8C8C8C",
        "trail": "#4C8FBF",
        "measured": "#B0127B",
        "leak": "#3C8D4F",
        "initiation": "#D23B6A",
        "hold": "#7A6A5C",
    },
    True: {  # on a dark page
        "current": "#E69F00",
        "potential": "#56B4E9",
        "others": "#2A7AB0",
        "threshold": "#FF8A3D",
        "second": "#E39BC7",
        "spikes": "#F2F2F2",
        "rate": "#2FD3A5",
        "cursor": "#BBBBBB",
        "shadow": "#FFFFFF",
        "ghost": "#8F8F8F",
        "trail": "#4A9BD0",
        "measured": "#FF8AD8",
        "leak": "#6CC17F",
        "initiation": "#FF6F9C",
        "hold": "#B5A390",
    },
}
BACKGROUND = {False: "#FFFFFF", True: "#15191C"}
"""That of Bokeh's themes, around their figures."""
LEFT, RIGHT = 76, 26
FONT = "Roboto, Helvetica, sans-serif"
"""Of words in a figure: Bokeh's theme sets those of axes and legends only."""


SIZE = "12px"
"""Of a legend's words."""


def panel(x_range: Range1d, label: str, share: float, y_range: tuple[float, float], **options: Any) -> Any:
    """A figure of the stack: shared time axis, still y axis, `share` of the height."""
    plot = figure(
        x_range=x_range,
        y_range=Range1d(*y_range),
        y_axis_label=label,
        tools="xwheel_zoom,box_zoom",
        active_drag="box_zoom",
        active_scroll="xwheel_zoom",
        toolbar_location=None,
        sizing_mode="stretch_both",
        min_height=50,
        min_border_left=LEFT,
        min_border_right=RIGHT,
        min_border_top=6,
        min_border_bottom=4,
        lod_threshold=None,
        styles={"flex": f"{share} 1 0"},
        **options,
    )
    plot.yaxis.ticker.desired_num_ticks = 4
    plot.yaxis.axis_label_standoff = 8
    plot.xaxis.visible = False
    lift(*plot.axis, *plot.grid)
    for grid in plot.grid:
        grid.grid_line_alpha = 0.5
    return plot


def side_figure(x_range: Any, y_range: Any, tools: str = "", **options: Any) -> Any:
    """A figure beside the traces; `tools` are what a wheel and what a drag does, such as "wheel_zoom,pan"."""
    if tools:
        options["active_scroll"], options["active_drag"] = tools.split(",")
    margins = {"min_border_right": 20, "min_border_top": 6}  # room for half of a last label such as 1000
    plot = figure(
        x_range=x_range,
        y_range=y_range,
        tools=tools,
        toolbar_location=None,
        lod_threshold=None,
        **{"sizing_mode": "stretch_both"} | margins | options,
    )
    lift(*plot.axis, *plot.grid)
    for grid in plot.grid:
        grid.grid_line_alpha = 0.4
    return plot


ARRANGE = """
const [plot, legend] = names.map((name) => cb_obj.document?.get_model_by_name(name))
if (plot == null || legend == null) return
let room = 0
const aside = legend.location === "left" ? plot.min_border_left + plot.min_border_right : 16
try { room = plot.outer_width - aside } catch { return } // not laid out yet: it has no width, and tells when it has
const scale = Number(getComputedStyle(document.documentElement).getPropertyValue("--type-scale")) || 1
const size = `${Math.round(parseFloat(least) * scale * 1000) / 1000}px` // as larger.js writes it
if (legend.label_text_font_size !== size) legend.label_text_font_size = size
const ctx = document.createElement("canvas").getContext("2d")
ctx.font = `${size} ${legend.label_text_font}`
const seen = legend.items.filter((item) => item.visible)
const beside = legend.glyph_width + legend.spacing + 10
const widths = seen.map((item) => ctx.measureText(item.label?.value ?? "").width + beside)
const needed = (n) => [...Array(n).keys()].reduce(
  (sum, k) => sum + Math.max(...widths.filter((_, i) => i % n === k)), 0)
let rows = 1
while (rows < seen.length && needed(Math.ceil(seen.length / rows)) > room) rows++
const columns = Math.max(1, Math.ceil(seen.length / rows))
if (room > 0 && legend.ncols !== columns) legend.ncols = columns
"""
"""In the page: as few rows as the figure's width lets a legend have, each about as full, and words of our size,
whatever panel-material-ui makes of them."""


def legend(plot: Any, items: Sequence[LegendItem], sample: int = 16) -> None:
    """A legend above a figure, in one line where it fits, with samples of so many pixels.

    The samples are glyphs without a point. Bokeh builds a legend anew, canvases and all, whenever anything changes that
    its items reach, such as the data of what they name: that is with every picture.
    """
    named = [one for item in items for one in item.renderers]
    nothing = ColumnDataSource(data={column: [np.nan] for one in named for column in one.data_source.data})
    for item in items:
        item.renderers = [draw(plot, nothing, one.glyph) for one in item.renderers]
    above = Legend(items=list(items), orientation="horizontal", ncols=3, padding=2, margin=0)
    above.update(border_line_alpha=0, label_text_font_size=SIZE, glyph_height=14, glyph_width=sample)
    above.update(spacing=8, label_standoff=4)
    plot.add_layout(above, "above")
    in_few_rows(plot, above)


def in_few_rows(plot: Any, above: Legend) -> None:
    """A legend above a figure takes as few rows as its words need there."""
    plot.name, above.name = f"plot {plot.id}", f"legend {above.id}"  # by name: items that know the plot reach all data
    arrange = CustomJS(args={"names": [plot.name, above.name], "least": SIZE}, code=ARRANGE)
    plot.js_on_change("outer_width", arrange)
    above.js_on_change("label_text_font_size", arrange)
    for item in above.items:
        for changed in ("label", "visible"):
            item.js_on_change(changed, arrange)


def empty(view: str, columns: Mapping[str, Iterable[str]]) -> dict[str, ColumnDataSource]:
    """A view's sources by name, still without data; messages address them as `spark:<view>:<name>`."""
    return {
        name: ColumnDataSource(name=f"spark:{view}:{name}", data={column: [] for column in own})
        for name, own in columns.items()
    }


def draw(plot: Any, source: ColumnDataSource, glyph: Glyph, **options: Any) -> GlyphRenderer:
    """Add a glyph as it is. `figure.line` and its like would add one for each state of a selection: two models more."""
    return plot.add_glyph(source, glyph, nonselection_glyph=None, muted_glyph=None, **options)


def lift(*parts: Any) -> None:
    """Put axes and grids on the figure's upper canvas: new data repaint only the lower one, half the work.

    Not legends: their samples take the colours that their glyphs have when the lower canvas is painted.
    """
    for part in parts:
        part.level = "overlay"


def xy(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of a curve."""
    return {"x": x, "y": y}
