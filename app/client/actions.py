"""The buttons of the page's bar: what concerns the page as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .bundle import script
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

    def hear(self, message: dict[str, Any]) -> None:
        """Carry out an action by its key."""
        self.on_press[str(message["key"])]()
