"""A figure for print: the panels that are asked for, at exactly the width and type size of a journal."""

from __future__ import annotations

import io
import math
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

import spark
from spark.core.variable import CURRENT, POTENTIAL

from ..run.shot import Shot
from ..views.traces import slower
from .parameters import plain

Format = Literal["svg", "pdf", "png"]
FORMATS: tuple[Format, ...] = ("svg", "pdf", "png")
WIDTHS, SIZES, DPI = (30.0, 300.0), (4.0, 20.0), (72, 1200)
"""Least and most of the width, mm, of the type size, pt, and of the resolution of a PNG."""
DRAWN = 0.5
"""Part of the work that is done when all panels are drawn: Matplotlib writes a file in one go."""
LARGEST = 60_000_000
"""Pixels of a PNG: four bytes each while it is drawn."""
MM, INCH = 72 / 25.4, 25.4
"""Points of a millimetre, and millimetres of an inch."""
FONT = "DejaVu Sans"
"""It comes with Matplotlib: a figure is the same on every server."""
SETTINGS: dict[str, Any] = {
    "axes.linewidth": 0.5,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "font.family": [FONT],
    "legend.borderaxespad": 0.0,
    "legend.borderpad": 0.0,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "mathtext.default": "it",
    "mathtext.fontset": "dejavusans",
    "path.simplify": True,
    "pdf.fonttype": 42,  # TrueType: what an editor opens as text
    "svg.fonttype": "none",
    "svg.hashsalt": "spark",
    "xtick.major.size": 2.0,
    "xtick.major.width": 0.5,
    "ytick.major.size": 2.0,
    "ytick.major.width": 0.5,
}
_SETTINGS_ARE_GLOBAL = threading.Lock()
"""Matplotlib reads its settings while it draws, and has one set for all threads."""


def panels(shot: Shot) -> dict[str, str]:
    """What can be drawn of this run, in the order of the page: names of panels, and their words."""
    recording = shot.recording
    second = [v for v in slower(type(recording.soma)) if v.name in recording.recorded]
    found = {v.name: v.words for v in (CURRENT, POTENTIAL, *second)}
    return found | ({"rate": "population rate"} if recording.units > 1 else {}) | {"raster": "spikes"}


def figure(
    shot: Shot,
    *,
    wanted: Sequence[str] | None = None,
    width_mm: float = 85.0,
    type_size: float = 7.0,
    format: Format = "svg",
    dpi: int = 600,
    scale_bars: bool = False,
    caption: str = "",
    title: str = "",
    state: str = "",
    progress: Callable[[float], object] = lambda done: None,
) -> bytes:
    """A figure as a file.

    Args:
        shot: the run, the part of its time axis that is drawn, how many neurons have a trace, and how they are sorted.
        wanted: names of `panels`; all of them when None. They stand in the order of the page.
        width_mm: width of the whole figure, mm; the height follows from the panels.
        type_size: size of all words, pt.
        format: "svg" with text that stays text, "pdf" with embedded fonts, or "png".
        dpi: pixels per inch of a PNG.
        scale_bars: bars with their lengths in place of axes.
        caption: text below the panels, mathematics between dollar signs: see `parameters.caption`.
        title: what the file's metadata call it.
        state: text that its metadata carry: see `parameters.state_text`.
        progress: told of the part that is done, from panel to panel; may raise to end it.

    Raises:
        ValueError: no panel, an unknown one, or a size out of its bounds; says which sizes there are.
    """
    known = panels(shot)
    chosen = [name for name in known if wanted is None or name in wanted]
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise ValueError(f"This run has no panel {unknown[0]!r}: choose from {', '.join(known)}.")
    if not chosen:
        raise ValueError("A figure needs at least one panel: choose one.")
    if format not in FORMATS:
        raise ValueError(f"A figure is saved as {', '.join(FORMATS)}, not as {format!r}.")
    width_mm = _within(width_mm, WIDTHS, "width", "mm")
    type_size = _within(type_size, SIZES, "type size", "pt")
    dpi = int(_within(dpi, DPI, "resolution", "dpi"))
    import matplotlib  # nothing else needs it, and it takes a while to load

    from .sheet import Sheet

    progress(0.0)
    with _SETTINGS_ARE_GLOBAL, matplotlib.rc_context(SETTINGS | {"font.size": type_size}):
        sheet = Sheet(shot, chosen, width_mm, type_size, scale_bars, caption, lambda done: progress(DRAWN * done))
        if format == "png":
            return _png(sheet, dpi, title, state)
        return _pdf(sheet, title, state) if format == "pdf" else _svg(sheet, title, state, plain(caption))


def _within(value: float, bounds: tuple[float, float], words: str, unit: str) -> float:
    low, high = bounds
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"The {words} of a figure must be from {low:g} to {high:g} {unit}, not {value:g}.")
    return float(value)


def _saved(sheet: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    sheet.figure.savefig(out, facecolor="white", edgecolor="none", **options)
    return out.getvalue()


def _svg(sheet: Any, title: str, state: str, caption: str) -> bytes:
    about = {"Title": title, "Creator": f"Spark {spark.__version__}", "Description": state, "Date": None}
    text = _saved(sheet, format="svg", dpi=600, metadata=about).decode()
    width, height = sheet.width_mm, sheet.height_mm
    size = f'width="{width:g}mm" height="{height:.6g}mm"'
    text, found = re.subn(r'width="[\d.]+pt" height="[\d.]+pt"', size, text, count=1)
    assert found, "Matplotlib writes the size of an SVG in another way"
    # Where a reader has not this font, another of about its shapes: what is narrower overlaps nothing.
    return text.replace(f"'{FONT}'", f"'{FONT}', Verdana, Arial, Helvetica, sans-serif").encode()


def _pdf(sheet: Any, title: str, state: str) -> bytes:
    about = {"Title": title, "Creator": f"Spark {spark.__version__}", "Subject": state, "CreationDate": None}
    return _saved(sheet, format="pdf", dpi=600, metadata=about)


def _png(sheet: Any, dpi: int, title: str, state: str) -> bytes:
    width, height = (round(mm / INCH * dpi) for mm in (sheet.width_mm, sheet.height_mm))
    if width * height > LARGEST:
        raise ValueError(
            f"This figure would have {width:,} times {height:,} pixels, of at most {LARGEST:,} in all: "
            "choose a lower resolution or a smaller width."
        )
    sheet.figure.set_size_inches((width + 0.01) / dpi, (height + 0.01) / dpi)  # Matplotlib cuts off the fraction
    about = {"Title": title, "Software": f"Spark {spark.__version__}", "Description": state}
    return _saved(sheet, format="png", dpi=dpi, metadata=about)
