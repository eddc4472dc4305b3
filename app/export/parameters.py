"""What a run was made with, as rows of a table and as the text below a figure: all of it read from a session."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

import spark
from spark.core.quantity import Quantity

from ..numbers import number
from ..session.session import Session
from ..sidebar.current_list import as_text
from ..sidebar.row_specs import plain_symbol

NEURONS = "neurons"
DIGITS = 6
"""Digits of a value that is read; the state has every one."""
LONGEST = 12
"""Values of a list that are written out."""
MODEL, SPREAD = "Model", "Standard deviation between neurons"
"""Groups whose values are told by their symbols; those of stimulus and run would be the same ones twice."""


@dataclass(frozen=True)
class Row:
    """One value: under which heading, its name, its LaTeX symbol ("" where it has none), its value and its unit."""

    group: str
    words: str
    symbol: str
    value: str
    unit: str


def rows(session: Session) -> list[Row]:
    """Everything that decides a run of this session, the membrane in the words that are chosen for it."""
    found = [_row(MODEL, quantity, session.get(path)) for path, quantity in session.shown.items()]
    for k, part in enumerate(session.parts, 1):
        group = f"{part.title} stimulus{f' {k}' if len(session.parts) > 1 else ''}"
        for name, field in part.fields().items():
            value = getattr(part, name)
            if isinstance(field, Quantity):
                found.append(_row(group, field, value))
            else:
                found.append(Row(group, name.replace("_", " "), "", _plain(value), ""))
    settings, config, on_grid = session.settings, session.config, session.config.solver.on_grid
    found += [
        Row("Run", "duration", "T", number(settings.duration, DIGITS), "ms"),
        Row("Run", "time step", r"\Delta t", number(config.dt, DIGITS), "ms"),
        Row("Run", "solver", "", type(config.solver).__name__ + (", spikes on the grid" if on_grid else ""), ""),
        Row("Run", NEURONS, "N", f"{settings.units:,}", ""),
    ]
    for name, std in session.spread.items():
        if std:
            quantity = session.fields[name]
            found.append(_row(SPREAD, quantity, std, rf"\sigma({quantity.symbol})"))
    for name, value in session.initial.items():
        found.append(Row("Start", name.replace("_", " "), "", number(value, DIGITS), _unit_of(session, name)))
    return found


def caption(session: Session) -> str:
    """The same as running text, symbols as Matplotlib's mathematics between dollar signs."""
    said = [_title(session)]
    groups: dict[str, list[Row]] = {}
    for row in rows(session):
        groups.setdefault(row.group, []).append(row)
    for group, own in groups.items():
        values = ", ".join(_said(row, group in (MODEL, SPREAD)) for row in own)
        said.append(f"{values}." if group == MODEL else f"{group}: {values}.")
    return " ".join([*said, f"Spark\u00a0{spark.__version__}."])


def state_text(state: dict[str, Any]) -> str:
    """A session's plain data as JSON that can be opened again, with the version that wrote it.

    ASCII, so that the metadata of any file take it.
    """
    return json.dumps({"spark": spark.__version__} | state, allow_nan=False)


def _title(session: Session) -> str:
    preset = session.preset
    if preset is None:
        return f"{session.soma.title} soma."
    changed = ", modified" if session.modified else ""
    return f"{session.soma.title} soma, “{preset.title}” of {preset.source}{changed}.".replace("$", r"\$")


def _row(group: str, quantity: Quantity, value: Any, symbol: str = "") -> Row:
    return Row(group, quantity.words, symbol or quantity.symbol, number(float(value), DIGITS), quantity.unit)


def _plain(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return as_text(value) if value.size <= LONGEST else f"{value.size:,} values, as the state has them"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _unit_of(session: Session, name: str) -> str:
    return next((v.unit for v in session.soma.system.variables if v.name == name), "")


def _said(row: Row, by_symbol: bool) -> str:
    """A value with its name; no line ends between the value and its unit."""
    value = f"{row.value}\u00a0{row.unit}" if row.unit else row.value
    if row.words == NEURONS:
        return f"{value}\u00a0{NEURONS if value != '1' else 'neuron'}"
    return f"${row.symbol}$\u00a0=\u00a0{value}" if by_symbol and row.symbol else f"{row.words}\u00a0{value}"


def plain(text: str) -> str:
    """A caption without mathematics: symbols with at most one subscript."""
    parts = text.replace(r"\$", "\0").split("$")
    return "".join(plain_symbol(part) if k % 2 else part for k, part in enumerate(parts)).replace("\0", "$")
