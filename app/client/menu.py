"""A menu: one choice among options, by mouse, touch and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .bundle import script
from .frames import word
from .messenger import Messenger


class Menu(Messenger):
    """A combobox with a list, which may be searched and walked through.

    `first` holds what the page opens with: `label`, `groups` and what is optional, as `menu/menu.js` describes them.
    Those of panel-material-ui cannot be opened by keyboard, and have neither pictures nor a search by other words.
    """

    first = param.Dict({})
    _esm = script("menu/menu.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_choose: Callable[[str], None] = lambda value: None
        self.on_back: Callable[[], None] = lambda: None
        self._shown: dict[str, Any] = {}

    def show(self, **changes: Any) -> None:
        """Change the `value`, the `part` whose groups are listed, or whether values are `modified` since.

        `own` stands in place of what is chosen, where the values are somebody else's (None: they are not).
        """
        fresh = {key: value for key, value in changes.items() if self._shown.get(key, self) != value}
        if not fresh:
            return
        self._shown |= fresh
        if self.is_shown:
            self.tell(fresh)
        else:  # no page shows it yet
            self.first = self.first | self._shown

    def tell_again(self) -> None:
        """Show everything once more; whatever was chosen before is answered by that."""
        self.tell(self._shown | {"answer": True})

    def hear(self, message: dict[str, Any]) -> None:
        """Handle a choice, also of what is chosen already, or a way back to it; the page waits for the answer."""
        try:
            if message.get("type") == "choose":
                self.on_choose(word(message, "value"))
            elif message.get("type") == "back":
                self.on_back()
        finally:
            self.tell_again()
