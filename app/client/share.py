"""The dialog with the link to what is shown, and the states that were kept in this browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle import script
from .frames import word
from .messenger import Messenger


class Share(Messenger):
    """Opens the dialog and draws its QR code; a state that is chosen there is opened, or pinned."""

    _esm = script("share/share.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_share: Callable[[], None] = lambda: None
        self.on_open: Callable[[str], None] = lambda link: None
        self.on_pin: Callable[[str], None] = lambda link: None
        self.on_document: Callable[[Any], None] = lambda document: None
        self.on_qr: Callable[[str], list[str]] = lambda text: []

    def open(self) -> None:
        """Open the dialog; the page has the link by now."""
        self.tell({"open": True})

    def tell_again(self) -> None:
        """A dialog that was not opened can be asked for again."""

    def hear(self, message: dict[str, Any]) -> None:
        """Handle what is chosen in the dialog."""
        match message.get("type"):
            case "share":
                self.on_share()
            case "open":
                self.on_open(word(message, "link"))
            case "pin":
                self.on_pin(word(message, "link"))
            case "document":
                self.on_document(message.get("document"))
            case "qr":
                try:
                    self.tell({"qr": {"rows": self.on_qr(word(message, "text"))}})
                except ValueError as error:
                    self.tell({"qr": {"error": str(error)}})
