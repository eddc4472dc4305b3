"""Tables for notebooks: what `_repr_html_` of configs, stimuli, somas and recordings shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import jax
import numpy as np
import param

from .fields import plain
from .quantity import Quantity


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under a head; whatever stands in a cell is text."""
    lines = [_row(head, "th"), *(_row(row, "td") for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def titled(title: str, *parts: str) -> str:
    """Parts, HTML already, under a title."""
    return f"<div><strong>{escape(title)}</strong>{''.join(parts)}</div>"


def fields_table(fields: Mapping[str, param.Parameter], values: Mapping[str, Any]) -> str:
    """The fields of a config with their values, units, bounds and meanings."""
    return table(
        ("field", "symbol", "value", "unit", "valid", "meaning"),
        [_field(name, field, values[name]) for name, field in fields.items()],
    )


def _field(name: str, field: param.Parameter, value: Any) -> Sequence[str]:
    if isinstance(field, Quantity):
        return name, plain(field.symbol), summed_up(value), field.unit, field.describe_bounds(), field.doc or ""
    return name, "", summed_up(value), "", "", field.doc or ""


def summed_up(value: Any) -> str:
    """A value in a few words: a number as it is, of an array how many values and their range."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (np.ndarray, jax.Array)):
        values = np.asarray(value)
        low, high = (f"{bound:.6g}" for bound in (values.min(), values.max()))
        return f"{values.size:,} values, {low} to {high}" if low != high else f"{values.size:,} times {low}"
    if isinstance(value, list):
        return " + ".join(type(part).__name__ for part in value)
    return str(value)


def _row(cells: Sequence[Any], tag: str) -> str:
    inner = "".join(f'<{tag} style="text-align: left">{escape(str(cell))}</{tag}>' for cell in cells)
    return f"<tr>{inner}</tr>"
