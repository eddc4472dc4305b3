"""How what is shown departs from its preset, told to the page when that changes."""

from __future__ import annotations

from collections.abc import Callable

from ..client.turns import Turns
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..session.session import Session
from .menus import start_words


class Departure(Follower):
    """Looks at the session when a picture is on its way, so that no move of a hand waits for it.

    Args:
        turns: later turns on the session's event loop.
        session: what is chosen.
        say: takes whether it is modified, and the state to start from in words ("" for the preset's).
    """

    def __init__(self, turns: Turns, session: Session, say: Callable[[bool, str], None]) -> None:
        super().__init__(turns, rest=0.0)
        self._session, self._say = session, say

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        self.look()

    def let_go(self, since: int) -> None:
        self._turns.add_next_tick_callback(self.look)  # values that contradict each other show no picture

    def look(self) -> None:
        """Tell how it is now."""
        session = self._session
        self._say(session.modified, start_words(session.soma, session.start))
