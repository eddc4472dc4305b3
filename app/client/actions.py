"""The buttons of the page's bar: what concerns the page as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .bundle import script
from .frames import one_of, whole
from .messenger import Messenger


class Actions(Messenger):
    """Buttons with words; with icons alone where the page is narrower, and in one menu on a phone.

    `first` holds `actions`, dicts with key, icon (of `actions/icons.js`), label and title, in their order.
    """

    first = param.Dict({})
    _esm = script("actions/actions.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_press: dict[str, Callable[[], object]] = {}
        self.on_go: Callable[[int], None] = lambda at: None
        self._changes: dict[str, Any] = {"changes": [], "at": 0}

    def show_changes(self, words: list[str], at: int) -> None:
        """Show what was changed, the first one first, and how many of that are done."""
        self._changes = {"changes": words, "at": at}
        self.tell_again()

    def tell_again(self) -> None:
        """Show them once more."""
        self.tell(self._changes)

    def hear(self, message: dict[str, Any]) -> None:
        """Carry out an action by its key, or go to a change by its place."""
        if "go" in message:
            self.on_go(whole(message, "go"))
        else:
            one_of(self.on_press, message, "key")()
