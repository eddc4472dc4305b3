"""A panel of parameter rows as one component."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from spark.core.echo import echo

from .bundle import script
from .frames import BadFrame, part, whole
from .messenger import Messenger


class Rows(Messenger):
    """Sliders, checks, choices and texts, one row each.

    `rows` holds a dict per row: key, kind ("slider", "check", "choice", "text"), name, symbol, unit, doc, group,
    default, value; for sliders min, max, step, log; for choices `options`; `part` where its group can be removed;
    `turn` (text, says) where it can be shown in other words.
    They are built anew by a message, like values and errors, so that a row that the user is dragging is never fought
    over; `first` holds those with which the page opens.

    Where there is `foresight`, sliders have a strip in their colours of what happens along them, and a hint what one
    step does (`rows/foresight_strip.js`). `colours` is the key to them with which the page opens, of the first rows.
    """

    first = param.List(default=[])
    foresight = param.Boolean(default=False)
    colours = param.List(default=[])
    _esm = script("rows/rows.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_set: Callable[[dict[str, Any], bool], object] = lambda values, final: None
        self.on_remove: Callable[[int], None] = lambda part: None
        self.on_turn: Callable[[], None] = lambda: None
        self._rows: list[dict[str, Any]] = []
        self._answered: set[str] = set()
        self._generation = 0
        self._foresight: tuple[dict[str, Any] | None, bytes] = ({}, b"")
        self._doubt: tuple[bool, str | None] = (False, None)

    def rebuild(self, rows: list[dict[str, Any]], keep: bool = False) -> None:
        """Show these rows; moves of those before, still on their way, are ignored.

        Args:
            rows: a dict each.
            keep: what was foreseen is of these rows as well.
        """
        same, self._rows = _outlines(rows) == _outlines(self._rows), [dict(row) for row in rows]
        if not same and self._foresight[0] and not keep:
            self._foresight = ({}, b"")
        if not self.is_shown:  # no page shows them yet
            self.first = rows
            return
        self._generation += 1
        if same:  # they are not built again
            values = {row["key"]: row["value"] for row in rows}
            self.tell({"generation": self._generation, "values": values})
        else:
            self.tell_again()

    @property
    def keys(self) -> set[str]:
        """The rows that there are."""
        return {row["key"] for row in self._rows}

    @property
    def values(self) -> dict[str, Any]:
        """What they show."""
        return {row["key"]: row["value"] for row in self._rows}

    @property
    def sliders(self) -> list[dict[str, Any]]:
        """The sliders for which there may be foresight."""
        return [row for row in self._rows if row["kind"] == "slider" and not row.get("integer")]

    def tell_again(self) -> None:
        """Show these rows once more, as they are by now."""
        self.tell({"generation": self._generation, "rows": self._rows})
        if self.foresight:
            self._tell_foresight()

    def foresee(self, found: dict[str, Any] | None, colours: bytes = b"") -> None:
        """Show what happens along the sliders, or that it is not known ({}), or nothing of it (None).

        Args:
            found: `tracks` by key (span, fires, along, hint, step), in the order of their colours; `count` of colours
                each, a `note` for all of them, the `key` to the colours.
            colours: RGBA of every point.
        """
        self._foresight, self._doubt = (found, colours), (False, None)
        self._tell_foresight()

    @property
    def foreseen(self) -> bool:
        """Whether it shows what happens along its sliders."""
        return bool(self._foresight[0])

    def doubt(self, doubt: bool, keep: str | None = None) -> None:
        """Show that what was foreseen holds no longer, but for one slider's strip."""
        if (doubt, keep) != self._doubt and self.foreseen:
            self._doubt = (doubt, keep)
            self.tell({"doubt": doubt, "keep": keep})

    def welcome(self, message: dict[str, Any]) -> None:
        """It listens only now: rows that a hand may be moving already are not built again."""
        if message.get("generation") != self._generation:
            self.tell_again()
        elif self.foreseen:
            self._tell_foresight()

    def _keep(self, values: dict[str, Any]) -> None:
        for row in self._rows:
            row["value"] = values.get(row["key"], row["value"])

    def _tell_foresight(self) -> None:
        found, colours = self._foresight
        self.tell({"foresight": found, "doubt": self._doubt[0], "keep": self._doubt[1]}, colours)

    def push(self, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> None:
        """Show values (clearing errors of their rows), or errors below rows, which go back to what they had before."""
        self._keep(values or {})
        self._answered |= {*(values or {}), *(errors or {})}
        kept = {row["key"]: row["value"] for row in self._rows if row["key"] in (errors or {})}
        self.tell({"values": values or {}, "errors": errors or {}, "kept": kept})

    def hear(self, message: dict[str, Any]) -> None:
        """Handle a moved row, or the wish to remove a part, or to see a group in other words."""
        if message.get("generation") != self._generation:
            return  # it was meant for rows that are no longer there
        match message.get("type"):
            case "set":
                values = dict(part(message, "values"))
                if other := values.keys() - self.keys:
                    raise BadFrame(f"{echo(min(other))} is none of the rows.")
                self._answered.clear()
                self.on_set(values, message.get("final") is True)
                self._keep({key: value for key, value in values.items() if key not in self._answered})
            case "remove":
                self.on_remove(whole(message, "part"))
            case "turn":
                self.on_turn()


def _outlines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows but for their values."""
    return [row | {"value": None} for row in rows]
