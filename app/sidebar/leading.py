"""Which rows lead: those that stay while the page is presented, unless the visitor has chosen others."""

from __future__ import annotations

import math

from ..session.session import Session
from .row_specs import GROUPS, Row

COUNT = 2
"""Rows of a model that lead; of a stimulus its first."""
SLOWER = ("Adaptation", "Recovery")


def with_stars(session: Session, rows: list[Row], leads: list[str]) -> list[Row]:
    """Rows whose sliders can be presented, with whether they are by default."""
    star = {"of": session.soma.__name__}
    return [row | {"star": star | {"own": row["key"] in leads}} if row["kind"] == "slider" else row for row in rows]


def of_model(session: Session, rows: list[Row]) -> list[str]:
    """What the preset sets otherwise than the model, slower variables' first; then theirs, then the model's first."""
    fields = session.fields
    changed = [
        row
        for row in rows
        if row["key"].removeprefix("config.") in fields
        and not math.isclose(row["default"], float(fields[row["key"].removeprefix("config.")].default))
    ]
    order = sorted(changed, key=lambda row: -GROUPS.index(row["group"]) if row["group"] in GROUPS else 0)
    slower = [row for row in rows if row["group"] in SLOWER]
    return list(dict.fromkeys(row["key"] for row in [*order, *slower, *rows]))[:COUNT]


def of_stimulus(rows: list[Row]) -> list[str]:
    """The amplitude of the first stimulus, or what it has first."""
    keys = [row["key"] for row in rows if row["kind"] == "slider"]
    return [key for key in keys if key.endswith(".amplitude")][:1] or keys[:1]
