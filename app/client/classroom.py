"""The classroom in the page: a door, a bar for whoever is in a room, and what is laid over the plots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle import script
from .messenger import Messenger


class Classroom(Messenger):
    """Nothing at all outside of a room but the door, which is opened by a button.

    `on` holds what is done with each thing that the page says, by its type; what those are, `app/page/entering.py`,
    `lecturing.py` and `attending.py` say.
    """

    _esm = script("classroom/classroom.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on: dict[str, Callable[[dict[str, Any]], None]] = {}
        self._shown: dict[str, Any] = {}

    def show(self, **shown: Any) -> None:
        """Change what the page shows, which is told once more where a connection was lost."""
        self._shown |= shown
        self.tell(shown)

    def clear(self) -> None:
        """Nobody is in a room any more."""
        self._shown = {}
        self.show(room=None)

    def door(self) -> None:
        """Open the door: join a room, or open one."""
        self.tell({"door": True})

    def tell_again(self) -> None:
        """Tell all that is shown; the page itself comes back to its room."""
        self.tell(self._shown)

    def hear(self, message: dict[str, Any]) -> None:
        """Hand on what the page says."""
        act = self.on.get(str(message.get("type")))
        if act is not None:
            act(message)
