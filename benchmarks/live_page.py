"""The tables of `benchmarks.live`, with the targets beside the figures."""

from __future__ import annotations

from typing import Any

from .page import sentence, table

MOVE_MS, RATIO, RATE, LAG_MS, START_S, SWITCH_MS = 40.0, 1 / 3, 25.0, 60.0, 3.0, 150.0
HEAD = ["", "spikes", "one move, ms", "drag: pictures/s", "lag, ms", "kB", "frames"]


def rendered(document: dict[str, Any]) -> str:
    """The generated section of the page."""
    app, plain = document["app"], document["plain"]
    found = document["conditions"]
    rest = ", ".join(f"{name} {found[name]}" for name in ("panel", "bokeh", "holoviews", "panel-material-ui"))
    return "\n\n".join(
        [
            f"{sentence(found)} {rest}; headless Chromium {found['chromium']}, which shares the cores with the server. "
            f"Others used {found['others']} of the processors before it began.",
            _legend(app["scenes"][0]),
            table(HEAD, [_row(_name(one), one) for one in app["scenes"]] + [_row(k, v) for k, v in plain.items()]),
            table(["", "measured", "target", ""], targets(app, plain)),
            _switches(app["switches"]),
        ]
    )


def _legend(first: dict[str, Any]) -> str:
    return (
        "One move: from the input event to the frame in which the new data are painted, median / 95th percentile of "
        f"{first['moves']['count']}. Drag: an input event in every display frame for 5 s "
        f"({first['drag']['events_per_s']:g}/s came out); pictures painted per second, median (lowest); lag: from the "
        "release until the last value is painted, median / worst. kB and frames: of the connection for one picture, "
        "both ways. The plain apps show one neuron with the same plots."
    )


def _name(scene: dict[str, Any]) -> str:
    neurons = f"{scene['units']:,} neuron{'' if scene['units'] == 1 else 's'} × {scene['steps']:,} steps"
    return f"{scene['scene']}: {neurons}" if "spikes" in scene["scene"] else neurons


def _row(name: str, figures: dict[str, Any]) -> list[str]:
    moves, drag, wire = figures["moves"], figures["drag"], figures["wire"]
    return [
        name,
        f"{figures['spikes']:,}" if "spikes" in figures else "",
        f"{moves['median']:.0f} / {moves['p95']:.0f}",
        f"{drag['pictures_per_s']:.0f} ({drag['lowest_per_s']:.0f})",
        f"{drag['lag_ms']:.0f} / {drag['worst_lag_ms']:.0f}",
        f"{wire['kB']:.0f}",
        f"{wire['frames']:.0f}",
    ]


def targets(app: dict[str, Any], plain: dict[str, Any]) -> list[list[str]]:
    """Rows: what, measured, target, verdict; of one neuron."""
    one = app["scenes"][0]
    p95, drag, switch = one["moves"]["p95"], one["drag"], app["switches"]["picture"]["p95"]
    warm = sorted(app["starts_s"][1:])
    start = warm[len(warm) // 2]
    rows = [_target("one move, 95th percentile", p95, MOVE_MS, "ms")]
    if plain:
        ratio = p95 / next(iter(plain.values()))["moves"]["p95"]
        rows.append(["relative to the first plain app", f"{ratio:.2f} ×", "≤ 0.33 ×", _met(ratio <= RATIO)])
    rate = drag["pictures_per_s"]
    rows += [
        ["dragging", f"{rate:.0f} pictures/s", f"≥ {RATE:g} pictures/s", _met(rate >= RATE)],
        _target("last value after the release, worst", drag["worst_lag_ms"], LAG_MS, "ms"),
        ["server start to first picture, warm caches", f"{start:.1f} s", f"≤ {START_S:g} s", _met(start <= START_S)],
        _target("another model, 95th percentile", switch, SWITCH_MS, "ms"),
    ]
    return rows


def _target(what: str, found: float, most: float, unit: str) -> list[str]:
    return [what, f"{found:.0f} {unit}", f"≤ {most:g} {unit}", _met(found <= most)]


def _met(yes: bool) -> str:
    return "met" if yes else "**missed**"


def _switches(switches: dict[str, Any]) -> str:
    picture, axes = switches["picture"], switches["axes"]
    return (
        f"Another model, {picture['count']} switches: {picture['median']:.0f} / {picture['p95']:.0f} ms until its data "
        f"are painted, {axes['median']:.0f} / {axes['p95']:.0f} ms until axes and sizes of the figures are still."
    )
