"""The kinds of quantities that stimuli are made of; a stimulus adds default, names and what differs."""

from __future__ import annotations

from typing import Any

from ..core.quantity import Quantity

CURRENT = "pA"
"""What has this unit is a current. A stimulus is linear in all of its currents together: they are what is scaled."""


def current(default: float, title: str, doc: str, symbol: str = "I", **changes: Any) -> Quantity:
    """A current."""
    declared = {
        "unit": CURRENT,
        "symbol": symbol,
        "bounds": (-1e6, 1e6),
        "span": (-1000, 2000),
        "group": "Stimulus",
    }
    return Quantity(default, title=title, doc=doc, **(declared | changes))


def time(default: float, title: str, doc: str, symbol: str, **changes: Any) -> Quantity:
    """A time."""
    declared = {"unit": "ms", "symbol": symbol, "bounds": (0, None), "span": (0, 2000), "group": "Stimulus"}
    return Quantity(default, title=title, doc=doc, **(declared | changes))


def frequency(
    default: float, title: str, doc: str, symbol: str = "f", span: tuple[float, float] = (0.5, 200)
) -> Quantity:
    """A frequency."""
    return Quantity(
        default,
        title=title,
        doc=doc,
        unit="Hz",
        symbol=symbol,
        bounds=(0, None),
        span=span,
        log=True,
        group="Stimulus",
    )
