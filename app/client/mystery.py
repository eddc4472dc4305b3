"""The panel of the mystery neuron, and the form that makes one; what it means, `app/page/measuring.py` knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle import script
from .messenger import Messenger


class Mystery(Messenger):
    """Nothing at all, until it is opened: then a panel with the form that makes a link, or the mystery of a link.

    `on` holds what is done with each thing that the page says, by its type: "open", "make", "measure", "hand", "back"
    and "leave".
    """

    _esm = script("mystery/mystery.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on: dict[str, Callable[[dict[str, Any]], None]] = {}
        self._levels: list[dict[str, Any]] = []

    def show_levels(self, levels: list[dict[str, Any]]) -> None:
        """Tell which levels there are: title, and what is hidden."""
        self._levels = levels
        self.tell({"levels": levels})

    def show(self, mystery: dict[str, Any] | None) -> None:
        """Open a mystery; None shows the form."""
        self.tell({"mystery": mystery})

    def open(self) -> None:
        """Open the panel, or close it."""
        self.tell({"toggle": True})

    def tell_again(self) -> None:
        """Tell the levels once more; the page asks for the mystery itself."""
        self.tell({"levels": self._levels})

    def hear(self, message: dict[str, Any]) -> None:
        """Hand on what the page says."""
        act = self.on.get(str(message.get("type")))
        if act is not None:
            act(message)
