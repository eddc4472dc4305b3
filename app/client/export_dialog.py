"""The dialog behind *Export*: figure, data and code of the run that is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import param

from .bundle import script
from .frames import part, whole, word
from .messenger import Messenger


class ExportDialog(Messenger):
    """Asks for one thing at a time, and hands files to the browser and texts to the clipboard.

    `first` holds what it offers, as `app/export/made.py` tells it.
    """

    first = param.Dict({})
    _esm = script("export/export.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_ask: Callable[[int, str, dict[str, Any]], None] = lambda number, what, options: None
        self.on_cancel: Callable[[], None] = lambda: None

    def open(self, panels: Sequence[tuple[str, str]], words: str, view: dict[str, Any] | None = None) -> None:
        """Show it.

        Args:
            panels: key and words of each panel that a figure may have.
            words: what is exported.
            view: the open view, which the page draws itself: its title, the id of its layout, names of files by format.
        """
        self.tell({"open": {"panels": panels, "words": words, "view": view}})

    def give(self, number: int, name: str, kind: str, content: bytes, note: str = "") -> None:
        """Hand over what was asked for.

        Args:
            number: by which it was asked for.
            name: of the file.
            kind: its media type; "" for a text to be copied.
            content: of both.
            note: a sentence that stands with the text.
        """
        self.tell({"number": number, "name": name, "kind": kind, "note": note}, content)

    def reach(self, number: int, part: float) -> None:
        """Say which part of what was asked for by this number is made, from 0 to 1."""
        self.tell({"number": number, "part": part})

    def complain(self, number: int, words: str) -> None:
        """Say why what was asked for by this number cannot be had."""
        self.tell({"number": number, "error": words})

    def tell_again(self) -> None:
        """What was on its way may be lost."""
        self.tell({"lost": True})

    def hear(self, message: dict[str, Any]) -> None:
        """Somebody asks for something, or no longer."""
        if message.get("ask") is None:
            self.on_cancel()
        else:
            options = part(message, "options") if message.get("options") else {}
            self.on_ask(whole(message, "number"), word(message, "ask"), dict(options))
