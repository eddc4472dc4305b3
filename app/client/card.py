"""The card above a view: what it says in words, and its controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .bundle import script
from .messenger import Messenger


class Card(Messenger):
    """A summary in words, read out by screen readers, and a few controls.

    `first` holds what the page opens with: `title`, `words`, `controls` (dicts with key, kind "button", "toggle" or
    "choice", label, value, options [[value, text], ...], title).
    """

    first = param.Dict({})
    _esm = script("card/card.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_message: Callable[[dict[str, Any]], None] = lambda message: None
        self._shown: dict[str, Any] = {}

    def show(self, **changes: Any) -> None:
        """Change the card.

        `words`, and a `hint` at what a hand may do, which a lesson does not hold back; `busy` (a text, None clears
        it); `controls`; by key of a control its `values`, `options` of a choice and whether a button is `enabled`;
        `rows`, a table {"caption", "head": [...], "rows": [[...], ...]}, whose first column holds symbols ("tau_m") or
        names (None: no table).
        """
        fresh = {key: value for key, value in changes.items() if self._shown.get(key, self) != value}
        if fresh:
            self._shown |= fresh
            self.tell(fresh)

    def tell_again(self) -> None:
        """Show everything once more."""
        self.tell(self._shown)

    def hear(self, message: dict[str, Any]) -> None:
        """Hand over what a control, or a figure, of the view says."""
        self.on_message(message)
