"""How well other simulators agree, as `make peers` measured it with the scripts of this room."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from ..nn.components.somas import Soma

FINEST = 0.0001
"""Below this a difference is rounding, ms."""


def agreement(soma: type[Soma] | str) -> str | None:
    """A sentence on what Brian2 and NEST, given the exported script, make of this soma; None where nobody measured it.

    Args:
        soma: its class, or the class's name.
    """
    name = soma if isinstance(soma, str) else soma.__name__
    by_peer: dict[str, list[dict[str, Any]]] = {}
    for row in _measured()["rows"]:
        if row["soma"] == name and "error" not in row:  # a peer that could not run says nothing of the soma
            by_peer.setdefault(f"{row['peer']} {row['version']}", []).append(row)
    return "; ".join(_said(peer, rows) for peer, rows in by_peer.items()) or None


def _said(peer: str, rows: list[dict[str, Any]]) -> str:
    cases = sum(row["cases"] for row in rows)
    agreeing = sum(row["equal"] - len(row["outside"]) for row in rows)
    largest = max(row["largest_ms"] for row in rows)
    return f"{peer} agrees to {milliseconds(largest)} at dt {rows[0]['dt']:g} ms in {agreeing} of {cases} cases"


def milliseconds(value: float) -> str:
    """A difference in time, no finer than it was measured."""
    return f"{value:.2g} ms" if value >= FINEST else f"less than {FINEST:g} ms"


@cache
def _measured() -> dict[str, Any]:
    file = resources.files(__package__) / "peers.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
