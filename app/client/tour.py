"""The bar in which the tour says what to do next; what that is, `app/page/first_steps.py` knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle import script
from .frames import word
from .messenger import Messenger


class Tour(Messenger):
    """Nothing at all, but during the tour a bar above the plots. A browser that has seen it does not ask again."""

    _esm = script("tour/tour.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_ask: Callable[[str], None] = lambda what: None
        self._shown: dict[str, Any] = {}

    def show(self, step: dict[str, Any]) -> None:
        """Show a step: `at` of `steps`, `title`, `words`; {} hides the bar."""
        if step != self._shown:
            self._shown = step
            self.tell({"step": step})

    def tell_again(self) -> None:
        """Show it once more."""
        self.tell({"step": self._shown})

    def hear(self, message: dict[str, Any]) -> None:
        """Hand on what the visitor wants: "begin", "next" or "end"."""
        self.on_ask(word(message, "ask"))
