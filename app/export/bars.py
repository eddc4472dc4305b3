"""Axes of a panel with few ticks that never touch, or bars with their lengths in the axes' place."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from ..numbers import number
from .panels import Panel
from .parameters import plain

INK = "#1A1A1A"
NAME = 0.9
"""Part of a panel's height that the name of its axis may take in one line."""
SMALL = 1e-3
"""Part of a panel's height that nobody tells from zero."""


def tick(panel: Panel, line: float) -> None:
    """The vertical axis: its name and numbers.

    Args:
        panel: which.
        line: height of a line of words, mm.
    """
    axes = panel.axes
    axes.tick_params(axis="y", pad=1.5)
    if not panel.label:
        axes.yaxis.set_ticks([])
        axes.spines["left"].set_visible(False)
        size = float(axes.yaxis.label.get_fontsize())
        _beside(axes, panel.symbol, axes.transAxes, (0, 0.5), (-0.5 * size, 0), "right", "center")
        return
    most = min(max(int(panel.height / (2.2 * line)), 2), 5)
    whole = panel.unit == ""  # neurons
    axes.yaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=whole, min_n_ticks=2))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 6)))
    name = panel.label
    if len(plain(name)) * 0.48 * line > NAME * panel.height:
        name = name.replace(" (", "\n(", 1).replace(", ", ",\n", 1)
    axes.set_ylabel(name, labelpad=2, linespacing=1.05)


def tick_time(axes: Axes, width: float, line: float) -> None:
    """The axis of time, whose numbers stand at least two of their widths apart."""
    letters = max(3, *(len(number(end, 6)) for end in axes.get_xlim()))
    most = min(max(int(0.8 * width / (letters * 0.6 * line * 2.6)), 2), 8)
    axes.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 6)))
    axes.tick_params(axis="x", pad=1.5)


def nice(length: float) -> float:
    """The longest of 1, 2, 5, 10, 20, ... that is at most this."""
    power = 10.0 ** math.floor(math.log10(length))
    return power * max(digit for digit in (1, 2, 5) if digit * power <= length * (1 + 1e-9))


def replace(panel: Panel, last: bool, size: float) -> None:
    """Take the axes away; a bar beside the panel says how much is how long, one below the last how long it lasts.

    Args:
        panel: which.
        last: whether it is the lowest.
        size: of words, pt; distances are parts of it, so that they are the same beside panels of any height.
    """
    axes = panel.axes
    axes.set_axis_off()
    bar: dict[str, Any] = {"color": INK, "linewidth": 1.0, "solid_capstyle": "butt", "clip_on": False}
    still = {"scalex": False, "scaley": False}
    low, high = axes.get_ylim()
    middle = (low + high) / 2
    if panel.start is None:
        _beside(axes, panel.symbol, axes.transAxes, (0, 0.5), (-0.5 * size, 0), "right", "center")
    else:
        level = blended_transform_factory(axes.transAxes, axes.transData)
        start = 0.0 if abs(panel.start) < SMALL * (high - low) else panel.start
        said = f"{panel.symbol} = {number(start, 3)} {panel.unit}".rstrip()
        _beside(axes, said, level, (0, panel.start), (-0.5 * size, 0), "right", "center")
    if panel.unit:
        length = nice(0.5 * (high - low))
        beside = blended_transform_factory(axes.transAxes, axes.transData) + _moved(axes, 0.8 * size, 0)
        axes.plot([1, 1], [middle - length / 2, middle + length / 2], transform=beside, **still, **bar)
        _beside(axes, f"{number(length, 6)} {panel.unit}", beside, (1, middle), (0.4 * size, 0), "left", "center")
    if last:
        start, end = axes.get_xlim()
        length = nice(0.25 * (end - start))
        below = blended_transform_factory(axes.transData, axes.transAxes) + _moved(axes, 0, -0.8 * size)
        axes.plot([end - length, end], [0, 0], transform=below, **still, **bar)
        at = (end - length / 2, 0)
        _beside(axes, f"{number(length, 6)} ms", below, at, (0, -0.35 * size), "center", "top")


def _moved(axes: Axes, x: float, y: float) -> ScaledTranslation:
    """A translation by so many points."""
    return ScaledTranslation(x / 72, y / 72, axes.figure.dpi_scale_trans)


def _beside(
    axes: Axes, text: str, place: Transform, at: tuple[float, float], by: tuple[float, float], ha: Any, va: Any
) -> None:
    """Words that stand so many points away from a place."""
    axes.text(*at, text, transform=place + _moved(axes, *by), ha=ha, va=va, color=INK, clip_on=False)
