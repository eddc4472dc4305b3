"""The equations of every model, set once, and where model and values come from."""

from __future__ import annotations

from typing import Any

import param

from .bundle import script
from .messenger import Messenger


class Equations(Messenger):
    """Shows the equations of one model and a line of HTML for each of its sources.

    The page sets the equations of all models when it has nothing else to do: KaTeX takes tens of milliseconds for one.
    """

    models = param.Dict({}, doc="LaTeX of every model's equations, by name.")
    first = param.Dict({}, doc="What the page opens with.")
    _esm = script("equations/equations.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._shown: dict[str, Any] = {}

    def show(self, model: str, sources: str, lines: list[str] | None = None) -> None:
        """Show this model's equations, or these lines of LaTeX in their place, and its sources as HTML."""
        self._shown = {"model": model, "sources": sources, "lines": lines}
        if self.is_shown:
            self.tell_again()
        else:  # no page shows them yet
            self.first = self._shown

    def tell_again(self) -> None:
        """Show them once more."""
        self.tell(self._shown)
