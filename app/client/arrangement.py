"""Where the page's parts stand at which width, and what a hand changes of that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param

from .bundle import script
from .frames import whole
from .messenger import Messenger

DARK = "spark-dark"
"""The cookie that says "true" where the page was dark at the last visit, so that this one opens so."""
HERE = Path(__file__).parent / "arrangement"


def style(name: str) -> str:
    """A style sheet of the arrangement: `document`, or that of the element of this name."""
    return (HERE / f"{name}.css").read_text("utf-8")


class Arrangement(Messenger):
    """Opens and closes the controls, drags their edge, and lets phones choose by chips what stands below the plots.

    It also keeps the page in the colours of the system until the visitor chooses others.
    """

    tabs = param.List([], doc="Titles of the tabs of controls, each a chip.")
    _esm = script("arrangement/arrangement.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_tab: Callable[[int], None] = lambda tab: None

    def hear(self, message: dict[str, Any]) -> None:
        """Handle a chip that was pressed."""
        self.on_tab(whole(message, "tab", 0, len(self.tabs) - 1))
