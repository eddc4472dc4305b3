"""What a slider's future is in words, for tooltips and screen readers, and the few characters beside the slider."""

from __future__ import annotations

from typing import Any

import numpy as np

from spark.analysis import IMPOSSIBLE, Sensitivity

from ..numbers import number
from .sweeps import Track, classes_along

SEEN = 0.005
"""Smallest change that is shown as one, Hz or ms."""
MOST_NAMED = 3
"""Patterns that are named along one slider."""


def amount(value: float) -> str:
    """The size of a change: as many digits as can be read at a glance."""
    size = abs(value)
    return f"{size:.0f}" if size >= 9.95 else f"{size:.1f}" if size >= 0.095 else f"{size:.2f}"


def signed(value: float) -> str:
    """A change with its sign."""
    return f"{'+' if value > 0 else '−'}{amount(value)}" if abs(value) >= SEEN else "no change"


def hint(step: Sensitivity, unit: str) -> tuple[str, str]:
    """What stands beside a slider ("▲ 0.8 Hz", "–" without effect), and the sentence behind it."""
    size = f"One step up (+{number(step.step)}{' ' + unit if unit else ''})"
    if step.side == "none":
        return "–", "Neither one step up nor one down is possible here."
    if not step.effect:
        return "–", f"{size}: no effect here."
    rate, late = step.d_rate or 0.0, step.d_latency
    said = [f"{signed(rate)} Hz" if abs(rate) >= SEEN else "no change of the rate"]
    if late is not None and abs(late) >= SEEN:
        said.append(f"{signed(late)} ms to the first spike")
    if len(said) == 1 and abs(rate) < SEEN:
        said.append("its spikes move")
    shown, of = (rate, "Hz") if abs(rate) >= SEEN or late is None or abs(late) < SEEN else (late, "ms")
    short = f"{'▲' if shown > 0 else '▼'} {amount(shown)} {of}" if abs(shown) >= SEEN else "≈ 0 Hz"
    side = {"up": "", "down": " (told from one step down)"}.get(step.side, "")
    return short, f"{size}: {', '.join(said)}{side}."


def along(track: Track, unit: str) -> str:
    """What happens along a slider, such as "fires from 375 pA; tonic throughout"."""
    fires = track.rate > 0
    valid = np.array([pattern != IMPOSSIBLE for pattern in track.patterns])
    if not valid.any():
        return "Nothing on this slider can be run."
    places = [f"about {number(value)}{' ' + unit if unit else ''}" for value in track.fires]
    turns = int(np.count_nonzero((fires[1:] != fires[:-1]) & valid[1:] & valid[:-1]))
    first = bool(fires[valid][0])
    if not fires.any():
        said = "Silent throughout"
    elif turns == 0:
        said = "Fires throughout"
    elif turns == 1:
        said = f"Fires {'up to' if first else 'from'} {places[0]}"
    elif turns == 2:
        said = f"Silent between {places[0]} and {places[1]}" if first else f"Fires between {places[0]} and {places[1]}"
    else:
        said = f"Fires in several parts, {'the first up to' if first else 'first from'} {places[0]}"
    names = classes_along(track)
    if len(names) == 1:
        said += f"; {'transient' if names == ['silent'] else names[0]} {'throughout' if turns == 0 else 'there'}"
    elif 1 < len(names) <= MOST_NAMED:
        said += "; " + ", then ".join("transient" if name == "silent" else name for name in names)
    elif names:
        said += f"; {len(set(names))} kinds of pattern"
    if not valid.all():
        part = 100 * np.count_nonzero(~valid) / valid.size
        ends = [name for name, end in (("low", 0), ("high", -1)) if not valid[end]]
        said += f"; impossible {'at the ' + ' and '.join(ends) + ' end' if ends else 'in places'} ({part:.0f} % of it)"
    return said + "."


def told(track: Track, unit: str) -> dict[str, Any]:
    """What the page is told of a slider beside its colours."""
    short, sentence = hint(track.step, unit)
    low, high, log = track.span
    return {
        "span": [low, high, log],
        "fires": track.fires,
        "along": along(track, unit),
        "hint": short,
        "step": sentence,
    }
