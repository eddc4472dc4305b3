"""A work-precision diagram as SVG, written by hand: log-log, one panel for each soma, one colour for each solver."""

from __future__ import annotations

import math
from html import escape
from typing import Any

# Okabe and Ito's palette: told apart by everyone; shapes repeat what colours say.
STYLES = {
    "Euler on the grid": ("#999999", "square"),
    "Euler": ("#D55E00", "circle"),
    "ExponentialEuler": ("#0072B2", "diamond"),
    "Heun": ("#E69F00", "triangle"),
    "RK4": ("#009E73", "circle"),
    "SequentialEuler": ("#CC79A7", "square"),
    "Brian2": ("#56B4E9", "triangle"),
    "NEST": ("#222222", "diamond"),
}
COLUMNS, WIDTH, HEIGHT = 3, 300, 236
LEFT, TOP, GAP_X, GAP_Y = 62, 150, 44, 70
X_RANGE, Y_RANGE = (0, 3), (-5, 2)
"""Powers of ten: ms per simulated second, ms of error."""


def draw(points: dict[str, list[dict[str, Any]]]) -> str:
    """The picture of `points`: soma -> measured errors and costs."""
    rows = math.ceil(len(points) / COLUMNS)
    width = LEFT + COLUMNS * WIDTH + (COLUMNS - 1) * GAP_X + 24
    height = TOP + rows * (HEIGHT + GAP_Y) + 4
    x_range = _powers([p["ms_per_second"] for ps in points.values() for p in ps if "ms_per_second" in p])
    names = [n for n in STYLES if any(p["solver"] == n for ps in points.values() for p in ps)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" font-size="12" fill="#333">',
        "<title>Error of spike times against cost, for every solver and soma</title>",
        "<desc>Log-log panels, one for each soma. Lower left is better. Each line joins time steps from 1 ms (left) to "
        "0.01 ms (right). Hollow points have a wrong number of spikes.</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="32" font-size="19" font-weight="600">Error of spike times against cost</text>',
        f'<text x="{LEFT}" y="54" fill="#666">Largest error of a spike (ms) over milliseconds of processor time for '
        "each simulated second of one neuron. Lower left is better.</text>",
        f'<text x="{LEFT}" y="71" fill="#666">Each line joins time steps from 1 ms (left) to 0.01 ms (right); larger '
        "point: 0.1 ms. Hollow: a wrong number of spikes.</text>",
        *_legend(names),
    ]
    for i, (soma, found) in enumerate(points.items()):
        x = LEFT + (i % COLUMNS) * (WIDTH + GAP_X)
        y = TOP + (i // COLUMNS) * (HEIGHT + GAP_Y)
        parts += [f'<g transform="translate({x} {y})">', *_panel(soma, found, x_range, i % COLUMNS == 0), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _powers(values: list[float]) -> tuple[int, int]:
    return (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))) if values else X_RANGE


def _legend(names: list[str]) -> list[str]:
    parts, x = [], float(LEFT)
    for name in names:
        colour = STYLES[name][0]
        parts.append(f'<path d="M{x:g} 101h22" stroke="{colour}" stroke-width="2"/>')
        parts.append(_mark(name, x + 11, 101, 4.0, full=True))
        parts.append(f'<text x="{x + 28:g}" y="105">{escape(name)}</text>')
        x += 48 + 6.8 * len(name)
    return parts


def _panel(soma: str, points: list[dict[str, Any]], x_range: tuple[int, int], first: bool) -> list[str]:
    def across(value: float) -> float:
        return WIDTH * (math.log10(value) - x_range[0]) / (x_range[1] - x_range[0])

    def down(value: float) -> float:
        inside = min(max(math.log10(max(value, 1e-12)), Y_RANGE[0]), Y_RANGE[1])
        return HEIGHT * (Y_RANGE[1] - inside) / (Y_RANGE[1] - Y_RANGE[0])

    title = escape(soma.removesuffix("Soma"))
    parts = [
        f'<text y="-8" font-size="13.5" font-weight="600" fill="#111">{title}</text>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fafafa" stroke="#ddd"/>',
    ]
    for power in range(x_range[0], x_range[1] + 1):
        x = across(10.0**power)
        parts.append(f'<path d="M{x:.1f} 0V{HEIGHT}" stroke="#e6e6e6"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT + 17}" text-anchor="middle">{_tick(power)}</text>')
    for power in range(Y_RANGE[0], Y_RANGE[1] + 1):
        y = down(10.0**power)
        parts.append(f'<path d="M0 {y:.1f}H{WIDTH}" stroke="#e6e6e6"/>')
        if first:
            parts.append(f'<text x="-8" y="{y + 4:.1f}" text-anchor="end">{_tick(power)}</text>')
    parts.append(
        f'<text x="{WIDTH / 2}" y="{HEIGHT + 34}" text-anchor="middle" fill="#666">ms per simulated second</text>'
    )
    if first:
        middle = f"translate(-46 {HEIGHT / 2}) rotate(-90)"
        parts.append(f'<text transform="{middle}" text-anchor="middle" fill="#666">error (ms)</text>')
    for name, (colour, _) in STYLES.items():
        own = [p for p in points if p["solver"] == name and p.get("error_ms") is not None and "ms_per_second" in p]
        own.sort(key=lambda p: -p["dt"])
        if not own:
            continue
        line = " ".join(f"{across(p['ms_per_second']):.1f},{down(p['error_ms']):.1f}" for p in own)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-opacity=".75"/>'
        )
        for p in own:
            size, full = (5.2 if p["dt"] == 0.1 else 3.4), p["counted"] == p["spikes"]
            parts.append(_mark(name, across(p["ms_per_second"]), down(p["error_ms"]), size, full, _words(p)))
    return parts


def _words(p: dict[str, Any]) -> str:
    return f"{p['solver']}, dt {p['dt']:g} ms: {p['error_ms']:.2g} ms off, {p['counted']} of {p['spikes']} spikes"


def _tick(power: int) -> str:
    if -2 <= power <= 3:
        return f"{10.0**power:g}"
    return f'10<tspan dy="-5" font-size="9">{"−" if power < 0 else ""}{abs(power)}</tspan>'


def _mark(name: str, x: float, y: float, size: float, full: bool, words: str = "") -> str:
    colour, shape = STYLES[name]
    look = f'fill="{colour if full else "#fff"}" stroke="{colour}" stroke-width="1.6"'
    title = f"<title>{escape(words)}</title>" if words else ""
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" {look}>{title}</circle>'
    corners = {"square": 4, "diamond": 4, "triangle": 3}[shape]
    turn = math.pi / 4 if shape == "square" else math.pi / 2
    spots = [(turn + 2 * math.pi * k / corners) for k in range(corners)]
    path = " ".join(f"{x + 1.15 * size * math.cos(a):.1f},{y - 1.15 * size * math.sin(a):.1f}" for a in spots)
    return f'<polygon points="{path}" {look}>{title}</polygon>'
