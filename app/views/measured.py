"""What was measured of a mystery neuron, in the traces and the raster: wherever the run has the same current."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, Segment

from spark import Recording
from spark.recording.strokes import peak

from ..client.picture import Sources
from ..mystery.response import Response, key_of
from ..run.pipeline import Exactly, Fit
from ..run.shot import Shot
from .raster import Raster, below
from .style import draw, xy
from .traces import Traces

MOST = 12
"""Responses that are kept: an earlier one is measured again when its stimulus is back."""
COLUMNS = {"trace": ("x", "y"), "strokes": ("x", "low", "high"), "row": ("x", "low", "high")}
NONE = np.empty(0)


class Measured:
    """A dashed trace over the first neuron's, with its spikes, and a row of them below the raster.

    Args:
        traces, raster: where they are drawn.
    """

    def __init__(self, traces: Traces, raster: Raster) -> None:
        self._traces, self._raster = traces, raster
        strokes, row = (
            ColumnDataSource(name=f"spark:measured:{name}", data={column: [] for column in COLUMNS[name]})
            for name in ("strokes", "row")
        )
        stroke = {"x0": "x", "y0": "low", "x1": "x", "y1": "high"}
        dashed = Segment(**stroke, line_width=1.8, line_dash=[5, 3])
        self._glyphs = [
            draw(traces.potential, strokes, dashed, level="annotation"),
            draw(raster.figure, row, Segment(**stroke, line_width=1.6)),
        ]
        self._responses: dict[str, Response] = {}  # replaced, never changed: pictures are drawn in threads

    def add(self, response: Response) -> None:
        """Draw this one wherever it fits."""
        kept = [*self._responses.values(), response][-MOST:]
        self._responses = {one.key: one for one in kept}

    def clear(self) -> None:
        """Draw none."""
        self._responses = {}

    def of(self, recording: Recording) -> Response | None:
        """What was measured with the current of this run."""
        return self._responses.get(key_of(recording)) if self._responses and recording.units == 1 else None

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        for renderer in self._glyphs:
            renderer.glyph.line_color = colours["measured"]

    def describe(self, shot: Shot) -> list[tuple[Any, dict[str, Any]]]:
        """An item of the legend, and the name of the row."""
        there = self.of(shot.recording) is not None
        return [
            (self._traces.measured, {"visible": there}),
            (self._raster.below, {"tags": ["pinned", "mystery"] if self._raster.pinned or not there else ["mystery"]}),
        ]

    @property
    def _place(self) -> int:
        """The row, below that of a pinned run; neurons count from 1."""
        return -1 if self._raster.pinned else 0

    def data(self, shot: Shot) -> Sources:
        """Data of every source for this run."""
        response = self.of(shot.recording)
        if response is None:
            return {f"spark:measured:{name}": dict.fromkeys(columns, NONE) for name, columns in COLUMNS.items()}
        times = response.spikes[(response.spikes >= shot.start) & (response.spikes <= shot.end)]
        step = np.clip((times / shot.recording.dt).astype(int), 0, response.potential.size - 1)
        low, high = below(1) * (self._place - 0.42), below(1) * (self._place + 0.42)
        return {
            "spark:measured:trace": xy(*shot.trace(response.potential)),
            "spark:measured:strokes": {
                "x": times,
                "low": response.potential[step],
                "high": np.full(times.size, _top(shot)),
            },
            "spark:measured:row": {"x": times, "low": np.full(times.size, low), "high": np.full(times.size, high)},
        }

    def fit(self, shot: Shot) -> Fit:
        """The y ranges that show the run, and what was measured with it."""
        response = self.of(shot.recording)
        if response is None:
            return {}
        low, high = self._traces.fit(shot)[self._traces.potential]
        rows = self._raster.span(1)
        return {
            self._traces.potential: (min(low, float(response.potential.min()) - 1.0), high),
            self._raster.figure: Exactly((rows[0] - below(1), rows[1])),
        }


def _top(shot: Shot) -> float:
    """To where a spike is drawn: as high as those of the run beside it, which tells nothing of the mystery."""
    top = peak(shot.recording)
    return float(np.max(shot.recording.threshold[:, 0])) if top is None else top
