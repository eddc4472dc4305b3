"""What keeps a session in the browser: its address, its store, and what is said when the connection is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle import script
from .frames import part, whole, word
from .messenger import Messenger


class Keeper(Messenger):
    """Writes the address, hears of back and forward, and keeps what the hand does while the server is away.

    The page restores itself: after a lost connection it begins anew with what it kept (`keeper/connection.js`).
    """

    _esm = script("keeper/keeper.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_open: Callable[[str, dict[str, Any], bool], None] = lambda text, moves, compare: None
        self.on_moved: Callable[[dict[str, Any]], None] = lambda moves: None
        self.on_undo: Callable[[], None] = lambda: None
        self.on_lost: Callable[[], None] = lambda: None
        self._link: dict[str, Any] = {}
        self._opened = 0
        self._early: dict[str, Any] | None = None
        self._listens = False

    def write(self, link: str, title: str, push: bool, whole: str | None, long: bool) -> None:
        """Change the address.

        Args:
            link: the session as text.
            title: it in words.
            push: whether one can go back to the one before.
            whole: the session as text where an address does not hold all of it.
            long: whether an address does not; without `whole` it is for a file alone.
        """
        heard = self.channel.heard if self.channel else 0
        now = {"link": link, "title": title, "whole": whole, "long": long}
        self._link = now | {"opened": self._opened, "heard": heard}
        self.tell(self._link | {"push": push})

    def remember(self, steps: list[tuple[str, str]], currents: dict[str, str], since: int, drop: int, at: int) -> None:
        """Let the browser keep changes, for a page that begins anew: see `app/keep/history.py`.

        Args:
            steps: words of each, and the session after it as text.
            currents: those that are named there, as text.
            since: how many of those that it has, after what it drops, stay before them.
            drop: how many it drops of the first ones.
            at: how many changes are done.
        """
        self.tell({"steps": steps, "currents": currents, "since": since, "drop": drop, "at": at})

    def say(self, words: str, kind: str = "said", undo: bool = False) -> None:
        """Say something at the bottom of the page: "said" or "error"; `undo` offers to take it back."""
        said = {"say": {"words": words, "kind": kind, "undo": undo}}
        if self._listens:
            self.tell(said)
        else:  # of the link that the page begins with
            self._early = said

    def welcome(self, message: dict[str, Any]) -> None:
        """It listens from now on."""
        super().welcome(message)
        self._listens = True
        if self._early is not None:
            self.tell(self._early)
            self._early = None

    def heard(self, move: int) -> None:
        """All moves up to this one are known: the page need not keep them once it has the next address."""
        if self.channel is not None:
            self.channel.heard = max(self.channel.heard, move)

    def tell_again(self) -> None:
        """Write the address once more."""
        if self._link:
            self.tell(self._link | {"push": False})
            self.on_lost()

    def hear(self, message: dict[str, Any]) -> None:
        """Answer the page, or open what it has."""
        match message.get("type"):
            case "ping":
                self.tell({"pong": True})
            case "open":
                moves, opened = message.get("moves"), whole(message, "opened")
                link = word(message, "link") if "link" in message else ""
                self._opened = opened
                self.on_open(link, moves if isinstance(moves, dict) else {}, message.get("typed") is True)
            case "moved":  # which may have been lost with the page's channel
                if self.channel is None or whole(message, "move") > self.channel.heard:
                    self.on_moved(part(message, "values"))
            case "undo":
                self.on_undo()
