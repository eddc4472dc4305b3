"""The picture of the rooms in docs/design.md, and the life of one slider move through them: docs/pictures/rooms.svg."""

from __future__ import annotations

import ast
import re
import textwrap
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs/pictures/rooms.svg"
FLOORS = (
    ("the explorer", ("app/page", "app/server")),
    ("", ("app/compile_ahead.py", "app/lessons")),
    ("", ("app/accuracy", "app/export", "app/static_page")),
    ("", ("app/views",)),
    ("", ("app/classroom",)),
    ("", ("app/foresight", "app/sidebar")),
    ("", ("app/run",)),
    ("", ("app/mystery",)),
    ("", ("app/client", "app/keep", "app/session")),
    ("the library", ("spark/fit",)),
    ("", ("spark/analysis", "spark/export", "spark/io")),
    ("", ("spark/simulation", "spark/presets")),
    ("", ("spark/recording",)),
    ("", ("spark/nn", "spark/stimuli")),
    ("", ("spark/core", "spark/solvers")),
)
"""From the top: who stands on a lower floor is imported by those above, never the other way round."""
LIFE = (
    ("app/client/rows/slider_row.js", "in the page: a hand moves the thumb"),
    ("app/client/picture/channel.js", "in the page: one frame on a connection of its own"),
    ("app/client/channel.py", "to whom it is addressed, under the document's lock"),
    ("app/sidebar/sidebar.py", "a row's key becomes a path of the session"),
    ("app/page/screen.py", "sets it, and asks for one run"),
    ("app/session/session.py", "checks the value; all that is chosen becomes a job"),
    ("app/run/live.py", "the newest waits, one runs: to a thread"),
    ("app/run/pipeline.py", "in the thread: run, read out, reduce"),
    ("app/session/job.py", "in the thread: spark.simulate, padded so that nothing compiles"),
    ("app/views/traces.py", "in the thread: two values for each pixel column"),
    ("app/client/picture.py", "all data of the picture in one message"),
    ("app/client/picture/painting.js", "in the page: painted once; its number goes back to live.py"),
)
"""The stations of one move of a slider, each a file."""
WIDTH, LEFT, GAP = 1110, 20, 10
INK, FAINT, PAPER, ACCENT = "#1A1A1A", "#5A6470", "#FFFFFF", "#D55E00"
COLOURS = {"app": ("#E8F1F8", "#0072B2"), "spark": ("#EAF5F0", "#00785A")}


def words_of(room: str) -> str:
    """The first sentence of a room's own docstring."""
    path = ROOT / room
    text = ast.get_docstring(ast.parse((path if path.suffix else path / "__init__.py").read_text("utf-8"))) or ""
    first = re.split(r"\.\s", text + " ")[0]
    return re.sub(r"^Floor \d: ", "", " ".join(first.split()))


def _room(room: str, x: float, y: float, width: float, height: float) -> list[str]:
    fill, line = COLOURS[room.split("/")[0]]
    name = room if room.endswith(".py") else f"{room}/"
    parts = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{line}"/>',
        f'<text x="{x + 12}" y="{y + 19}" font-weight="600">{escape(name)}</text>',
    ]
    for i, text in enumerate(_lines(room, width)):
        parts.append(f'<text x="{x + 12}" y="{y + 37 + 15 * i}" fill="{FAINT}" font-size="12">{escape(text)}</text>')
    numbers = [n for n, (file, _) in enumerate(LIFE, 1) if file == room or file.startswith(f"{room}/")]
    for i, n in enumerate(reversed(numbers)):
        parts += _number(n, x + width - 18 - 25 * i, y + 15)
    return parts


def _lines(room: str, width: float) -> list[str]:
    return textwrap.wrap(words_of(room), int((width - 20) / 6.9))


def _number(n: int, x: float, y: float) -> list[str]:
    return [
        f'<circle cx="{x}" cy="{y}" r="10" fill="{ACCENT}"/>',
        f'<text x="{x}" y="{y + 4}" fill="{PAPER}" font-size="12" font-weight="600" text-anchor="middle">{n}</text>',
    ]


def draw() -> str:
    """The picture."""
    half, y, parts = 600.0, 54.0, []
    for heading, rooms in FLOORS:
        if heading:
            y += 22
            parts.append(f'<text x="{LEFT}" y="{y - 8}" fill="{FAINT}" font-size="13">{heading}</text>')
        width = (half - GAP * (len(rooms) - 1)) / len(rooms)
        height = 32.0 + 15 * max(len(_lines(room, width)) for room in rooms)
        for i, room in enumerate(rooms):
            parts += _room(room, LEFT + i * (width + GAP), y, width, height)
        y += height + GAP
    x, step = LEFT + half + 34, (y - 110) / (len(LIFE) - 0.4)
    parts.append(f'<text x="{x}" y="68" fill="{FAINT}" font-size="13">the life of one slider move</text>')
    for n, (file, text) in enumerate(LIFE, 1):
        at = 90 + (n - 1) * step
        if n < len(LIFE):
            parts.append(f'<path d="M{x + 10} {at}v{step}" stroke="{ACCENT}" stroke-width="2"/>')
        parts += _number(n, x + 10, at)
        parts.append(f'<text x="{x + 30}" y="{at + 1}" font-weight="600" font-size="13">{file}</text>')
        parts.append(f'<text x="{x + 30}" y="{at + 17}" fill="{FAINT}" font-size="12">{escape(text)}</text>')
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 10:g}" role="img" font-size="14" '
            f'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" fill="{INK}">',
            "<title>The rooms of Spark, and the life of one slider move through them</title>",
            f'<rect width="{WIDTH}" height="{y + 10:g}" fill="{PAPER}"/>',
            f'<text x="{LEFT}" y="34" font-size="19" font-weight="600">The rooms: imports go down, never up</text>',
            *parts,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    FILE.write_text(draw(), "utf-8")
