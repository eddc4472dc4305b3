"""Other runs in the traces and the raster: a pinned run before the live one, a trail of the last few behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, Line, Segment

from ..client.picture import Sources
from ..run.shot import Shot
from .raster import Raster, below
from .style import draw, xy
from .traces import Traces

FADING = (0.75, 0.55, 0.4, 0.25)
"""Opacity of the last few runs, the newest first."""
COLUMNS = {"ghost": ("x", "y"), "strokes": ("x", "low", "high"), "row": ("x", "low", "high")}
COLUMNS |= {f"trail{k}": ("x", "y") for k in range(len(FADING))}
NONE = np.empty(0)


class Ghosts:
    """Where they are drawn; the view that is open puts them there, and takes them away when it is closed.

    Args:
        traces, raster: where they are drawn; a pinned run thin on top, where a dense train does not hide it.
    """

    def __init__(self, traces: Traces, raster: Raster) -> None:
        source = {
            name: ColumnDataSource(name=f"spark:ghosts:{name}", data={column: [] for column in columns})
            for name, columns in COLUMNS.items()
        }
        behind: dict[str, Any] = {"level": "underlay"}
        before: dict[str, Any] = {"level": "annotation"}
        stroke = {"x0": "x", "y0": "low", "x1": "x", "y1": "high"}
        self._pinned = [
            draw(traces.potential, source["ghost"], Line(x="x", y="y", line_width=1.3), **before),
            draw(traces.potential, source["strokes"], Segment(**stroke, line_width=1.3), **before),
            draw(raster.figure, source["row"], Segment(**stroke, line_width=1.6), **before),
        ]
        self._trail = [
            draw(traces.potential, source[f"trail{k}"], Line(x="x", y="y", line_width=1.2, line_alpha=alpha), **behind)
            for k, alpha in enumerate(FADING)
        ]

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        for renderers, name in ((self._pinned, "ghost"), (self._trail, "trail")):
            for renderer in renderers:
                renderer.glyph.line_color = colours[name]

    def data(self, shot: Shot) -> Sources:
        """None: they are the open view's."""
        return {}

    def fit(self, shot: Shot) -> dict[Any, tuple[float, float]]:
        """They change no axis."""
        return {}

    def describe(self, shot: Shot) -> list[tuple[Any, dict[str, Any]]]:
        """They have no labels."""
        return []


def nothing() -> Sources:
    """No ghosts."""
    return {f"spark:ghosts:{name}": dict.fromkeys(columns, NONE) for name, columns in COLUMNS.items()}


def pinned(shot: Shot, units: int) -> Sources:
    """The first neuron of a run, and its spikes below the rows of `units` neurons."""
    times, height = shot.spikes(0), below(units)
    row = {
        "x": times,
        "low": np.full(times.size, 0.5 - 0.92 * height),
        "high": np.full(times.size, 0.5 - 0.08 * height),
    }
    return {
        "spark:ghosts:ghost": xy(*Traces.curve(shot, 0)),
        "spark:ghosts:strokes": Traces.strokes(shot, range(1)),
        "spark:ghosts:row": row,
    }


def trail(shots: Sequence[Shot]) -> Sources:
    """The runs before the live one, the newest first."""
    return {f"spark:ghosts:trail{k}": xy(*Traces.curve(shot, 0)) for k, shot in enumerate(shots[: len(FADING)])}
