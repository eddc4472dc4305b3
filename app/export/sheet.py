"""The sheet of a figure: panels above one another, each as tall as its words need, and a caption below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import ScaledTranslation

from ..run.shot import Shot
from . import bars
from .panels import Panel, drawn

DPI = 600
"""At which words are measured."""
MM = DPI / 25.4
"""Pixels of a millimetre."""
EDGE = 0.8
"""Blank around everything, mm."""
CAPTION = 0.9
"""The caption's size, of the other words'."""


class Sheet:
    """Drawn once, measured, and arranged.

    Attributes:
        figure: Matplotlib's.
        width_mm, height_mm: its size.
    """

    def __init__(
        self,
        shot: Shot,
        names: Sequence[str],
        width_mm: float,
        type_size: float,
        scale_bars: bool,
        caption: str,
        progress: Callable[[float], object] = lambda done: None,
    ) -> None:
        self.width_mm, self._line = width_mm, type_size * 25.4 / 72
        self._size, self._scale_bars = type_size, scale_bars
        self.figure = Figure(figsize=(width_mm / 25.4, width_mm / 25.4), dpi=DPI)
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()
        self._panels: list[Panel] = []
        for k, name in enumerate(names):
            progress(k / len(names))
            axes = self.figure.add_axes((0.2, 0.1, 0.7, 0.2), label=name)
            self._panels.append(drawn(axes, name, shot, self._line, width_mm))
        progress(1.0)
        self._dress(shot)
        lines = self._wrapped(caption, type_size * CAPTION)
        self.height_mm = self._arrange(len(lines))
        if lines:
            self.figure.text(
                EDGE / width_mm,
                EDGE / self.height_mm,
                "\n".join(lines),
                fontsize=type_size * CAPTION,
                linespacing=1.25,
                va="bottom",
                ha="left",
            )

    def _dress(self, shot: Shot) -> None:
        """Axes, or bars in their place; one axis of time, below all panels."""
        for panel in self._panels:
            axes, last = panel.axes, panel is self._panels[-1]
            axes.set_xlim(shot.start, shot.end)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
            axes.xaxis.set_visible(last)
            axes.spines["bottom"].set_visible(last)
            if self._scale_bars:
                bars.replace(panel, last, self._size)
            elif last:
                axes.set_xlabel("time (ms)", labelpad=1.5)
                bars.tick_time(axes, self.width_mm, self._line)
            if not self._scale_bars:
                bars.tick(panel, self._line)

    def _arrange(self, lines: int) -> float:
        """Give every panel its place; the height of the figure, mm."""
        width, line = self.width_mm, self._line
        for panel in self._panels:  # as tall as it will be: how far words reach above and below depends on that
            panel.axes.set_position((0.2, 0.1, 0.7, panel.height / width))
        outside = [self._outside(panel.axes) for panel in self._panels]
        left, right = EDGE + max(side[0] for side in outside), EDGE + max(side[1] for side in outside)
        gap = 0.45 * line
        caption = lines * line * CAPTION * 1.25 + (0.8 * line if lines else 0.0)
        rows, y = [], EDGE
        for panel, (_, _, below, above) in zip(self._panels, outside, strict=True):
            y += above + self._legend(panel, width - left - EDGE)
            rows.append(y)
            y += panel.height + below + gap
        height = y - gap + caption + EDGE
        self.figure.set_size_inches(width / 25.4, height / 25.4)
        for panel, top in zip(self._panels, rows, strict=True):
            bottom = height - top - panel.height
            panel.axes.set_position(
                (left / width, bottom / height, (width - left - right) / width, panel.height / height)
            )
            # All names of axes on one line.
            panel.axes.yaxis.set_label_coords(-(left - EDGE) / (width - left - right), 0.5)
            panel.axes.yaxis.label.set_verticalalignment("top")
        return height

    def _outside(self, axes: Axes) -> tuple[float, float, float, float]:
        """How far words reach out of a panel, mm: left, right, below, above."""
        box, whole = axes.get_window_extent(self._renderer), axes.get_tightbbox(self._renderer)
        assert whole is not None
        sides = box.x0 - whole.x0, whole.x1 - box.x1, box.y0 - whole.y0, whole.y1 - box.y1
        return sides[0] / MM, sides[1] / MM, sides[2] / MM, sides[3] / MM

    def _legend(self, panel: Panel, room: float) -> float:
        """A legend above a panel in as few lines as fit into `room`; its height, mm."""
        if len(panel.named) < 2:
            return 0.0
        lifted = panel.axes.transAxes + ScaledTranslation(0, 0.3 * self._size / 72, self.figure.dpi_scale_trans)
        for columns in range(len(panel.named), 0, -1):
            legend = panel.axes.legend(
                handles=panel.named,
                ncols=columns,
                loc="lower left",
                bbox_to_anchor=(0.0, 1.0),
                bbox_transform=lifted,
                frameon=False,
                handlelength=1.4,
                handletextpad=0.4,
                columnspacing=1.0,
                labelspacing=0.25,
            )
            box = legend.get_window_extent(self._renderer)
            if box.width / MM <= room:
                return box.height / MM + 0.6 * self._line
        raise ValueError(
            f"The words of this figure do not fit into {self.width_mm:g} mm at {self._size:g} pt: "
            "choose a larger width or smaller type."
        )

    def _wrapped(self, text: str, size: float) -> list[str]:
        """Lines of a caption that fit into the width."""
        font, lines = FontProperties(family="DejaVu Sans", size=size), [""]
        room = (self.width_mm - 2 * EDGE) * MM
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            width, _, _ = self._renderer.get_text_width_height_descent(longer, font, ismath=True)
            if width > room and lines[-1]:
                lines.append(word)
            else:
                lines[-1] = longer
        return [line for line in lines if line]
