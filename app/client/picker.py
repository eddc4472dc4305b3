"""The bar above the plots: the names of the views that explain a run, and what belongs to the plots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .bundle import script
from .frames import word
from .messenger import Messenger


class Picker(Messenger):
    """One button per view; at most one is pressed. A view that does not apply is dimmed, and says why.

    At its end stand a state that was set to start from, to be removed by a press, the clicks of the spikes, and the
    button that fits the axes. `first` holds what the page opens with: `views` [[name, title, reason or None], ...] and
    `open`; `line` is the id of the line over the traces at the time that is looked at or heard.
    """

    first = param.Dict({})
    line = param.String("")
    _esm = script("picker/picker.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_pick: Callable[[str], None] = lambda name: None
        self.on_fit: Callable[[], None] = lambda: None
        self.on_restart: Callable[[], None] = lambda: None
        self._shown: dict[str, Any] = {}

    def show(self, **changes: Any) -> None:
        """Change `views`, which is `open` (None for none), or the `start` in words ("" for none)."""
        if all(key in self._shown and self._shown[key] == value for key, value in changes.items()):
            return
        self._shown |= changes
        if self.is_shown:
            self.tell_again()
        else:  # no page shows it yet
            self.first = dict(self._shown)

    def tell_again(self) -> None:
        """Show them once more."""
        self.tell(self._shown)

    def hear(self, message: dict[str, Any]) -> None:
        """Handle a pressed button."""
        match message.get("type"):
            case "fit":
                self.on_fit()
            case "restart":
                self.on_restart()
            case _:
                self.on_pick(word(message, "name"))
