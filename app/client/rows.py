"""A panel of parameter rows as one component."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import param

from .messenger import Messenger


class Rows(Messenger):
    """Sliders, checks, choices and texts, one row each.

    `rows` holds a dict per row: key, kind ("slider", "check", "choice", "text"), name, symbol, unit, doc, group,
    default, value; for sliders min, max, step, log; for choices `options`; `part` where its group can be removed.
    They are built anew by a message, like values and errors, so that a row that the user is dragging is never fought
    over; `first` holds those with which the page opens.
    """

    first = param.List(default=[])
    _esm = pathlib.Path(__file__).with_name("rows.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_set: Callable[[dict[str, Any], bool], None] = lambda values, final: None
        self.on_remove: Callable[[int], None] = lambda part: None
        self._rows: list[dict[str, Any]] = []
        self._generation = 0

    def rebuild(self, rows: list[dict[str, Any]]) -> None:
        """Show these rows; moves of those before, still on their way, are ignored."""
        same, self._rows = rows == self._rows, rows
        if not self._models:  # no page shows them yet
            self.first = rows
            return
        self._generation += 1
        if same:  # they are not built again
            values = {row["key"]: row["value"] for row in rows}
            self.tell({"generation": self._generation, "values": values})
        else:
            self.lost()

    @property
    def keys(self) -> set[str]:
        """The rows that there are."""
        return {row["key"] for row in self._rows}

    def lost(self) -> None:
        """Show these rows once more."""
        self.tell({"generation": self._generation, "rows": self._rows})

    def push(self, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> None:
        """Show values (clearing errors of their rows), or errors below their rows."""
        self.tell({"values": values or {}, "errors": errors or {}})

    def receive(self, message: dict[str, Any]) -> None:
        """Handle a moved row, or the wish to remove a part."""
        if message["generation"] != self._generation:
            return  # it was meant for rows that are no longer there
        if message["type"] == "set":
            self.on_set(dict(message["values"]), bool(message["final"]))
        elif message["type"] == "remove":
            self.on_remove(int(message["part"]))
