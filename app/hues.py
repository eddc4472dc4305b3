"""Colours of firing: the pattern's class as hue, the rate as lightness. One meaning on sliders and maps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spark.analysis import IMPOSSIBLE

CLASSES = {
    "silent": ("silent", "transient"),
    "tonic": ("tonic",),
    "adapting": ("adapting",),
    "bursting": ("bursting", "initial burst"),
    "irregular": ("irregular", "accelerating"),
    "delayed": ("delayed",),
}
"""Hues, and the patterns that each stands for."""
SHADES = 40
"""Steps of lightness of each hue."""
FULL = 200.0
"""Rate of the full colour, Hz."""
SOFT = 5.0
"""Rate below which lightness is about proportional to the rate, Hz."""
Colour = tuple[int, int, int]
ENDS: dict[bool, dict[str, tuple[Colour, Colour]]] = {
    False: {  # slow and fast on a light page: Okabe and Ito's hues, paler and deeper
        "silent": ((212, 218, 225), (112, 122, 133)),
        "tonic": ((142, 197, 233), (0, 84, 148)),
        "adapting": ((128, 214, 184), (0, 110, 78)),
        "bursting": ((247, 171, 118), (189, 66, 0)),
        "irregular": ((231, 178, 210), (140, 44, 110)),
        "delayed": ((250, 224, 130), (196, 148, 0)),
    },
    True: {  # on a dark page: dimmer and brighter
        "silent": ((52, 58, 64), (142, 152, 162)),
        "tonic": ((24, 78, 120), (104, 190, 247)),
        "adapting": ((8, 88, 66), (64, 224, 174)),
        "bursting": ((122, 50, 8), (255, 146, 76)),
        "irregular": ((100, 44, 82), (240, 160, 208)),
        "delayed": ((112, 88, 0), (255, 220, 80)),
    },
}
HATCH: dict[bool, tuple[Colour, Colour]] = {
    False: ((150, 150, 150), (196, 196, 196)),
    True: ((84, 84, 84), (44, 44, 44)),
}
"""Two greys, side by side, where nothing can be run: the last two numbers of a palette."""
NOWHERE = 254


def class_of(pattern: str) -> str:
    """The class of a pattern, such as "bursting" for "initial burst", or "impossible"."""
    if pattern == IMPOSSIBLE:
        return IMPOSSIBLE
    return next(name for name, patterns in CLASSES.items() if pattern.startswith(patterns))


def share(rate: np.ndarray) -> np.ndarray:
    """How far a rate is from the palest colour (0 Hz) to the fullest (200 Hz and more), 0 to 1."""
    return np.clip(np.log1p(np.nan_to_num(rate) / SOFT) / np.log1p(FULL / SOFT), 0.0, 1.0)


def numbers(classes: Sequence[str], rate: np.ndarray) -> np.ndarray:
    """Each point's number in a `palette`, uint8.

    Args:
        classes: class of each point.
        rate: Hz.
    """
    known = np.array([name != IMPOSSIBLE for name in classes])
    first = np.array([SHADES * list(CLASSES).index(name) if name != IMPOSSIBLE else 0 for name in classes])
    shade = np.rint((SHADES - 1) * share(np.asarray(rate)))
    return np.where(known, first + shade, NOWHERE + stripes(len(known))).astype(np.uint8)


def stripes(count: int, row: int = 1) -> np.ndarray:
    """0 and 1 in turn: the hatching of points, or along the diagonals of rows of points."""
    index = np.arange(count)
    return index % 2 if row == 1 else (index // row + index % row) // max(1, row // 32) % 2


def palette(dark: bool) -> np.ndarray:
    """256 colours, uint8 of shape (256, 3), for a dark or a light page."""
    found = np.zeros((256, 3), np.uint8)
    for i, (slow, fast) in enumerate(ENDS[dark].values()):
        found[i * SHADES : (i + 1) * SHADES] = np.rint(np.linspace(slow, fast, SHADES))
    found[NOWHERE:] = HATCH[dark]
    return found


def rgba(classes: Sequence[str], rate: np.ndarray, dark: bool) -> np.ndarray:
    """RGBA of each point, uint8 of shape (points, 4)."""
    opaque = np.full((len(classes), 1), 255, np.uint8)
    return np.hstack([palette(dark)[numbers(classes, rate)], opaque])


def css(colour: Sequence[int] | np.ndarray) -> str:
    """A colour as the page writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def key(dark: bool) -> list[tuple[str, str, str]]:
    """Name, palest and fullest colour of every class, and of what is impossible."""
    named = [(name, css(slow), css(fast)) for name, (slow, fast) in ENDS[dark].items()]
    return [*named, (IMPOSSIBLE, css(HATCH[dark][0]), css(HATCH[dark][1]))]
