"""Help: the keys, the glossary and the tips that come from it, and the way back to the tour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import param

from ..glossary import told
from .bundle import script
from .frames import one_of
from .messenger import Messenger


class Help(Messenger):
    """A button with a dialog behind it. Keys whose work the server does are said to it by name: see `on_ask`."""

    glossary = param.List(told(), doc="All terms, as `app/glossary.py` tells them.")
    _esm = script("help/help.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_ask: Mapping[str, Callable[[], object]] = {}
        self._answered = False

    def answer(self, words: str | None) -> None:
        """Show why it is silent, None: no longer."""
        if words is not None or self._answered:
            self._answered = words is not None
            self.tell({"answer": words})

    def hear(self, message: dict[str, Any]) -> None:
        """Do what a key asks for: "fit", "pin", "tour" or "why"."""
        one_of(self.on_ask, message, "ask")()
