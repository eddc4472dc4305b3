"""What follows the pictures of the traces: the views beside them, the foresight, the honesty meter."""

from __future__ import annotations

from functools import partial

from ..client.picture import Sources
from ..client.turns import Turns
from .pipeline import Drawn


class Follower:
    """Base: each takes up what concerns it. All of it happens under the lock of the session's document.

    Args:
        turns: its later turns.
        rest: seconds without a newer run after which the hand counts as resting.
    """

    def __init__(self, turns: Turns, rest: float) -> None:
        self._turns, self._rest = turns, rest
        self._drawn: Drawn | None = None
        self._resting = False

    @property
    def order(self) -> str | None:
        """By what it sorts the rows of the raster, see `Request`."""
        return None

    def outdate(self) -> None:
        """Another run is asked for: nobody waits any more for what takes long of the one that is shown."""
        self._resting = False

    def sources(self, drawn: Drawn) -> Sources:
        """What goes into the message of this picture besides."""
        return {}

    def follow(self, drawn: Drawn, resting: bool) -> None:
        """This picture is on its way to the page; `resting`: no newer one is under way."""
        self._drawn, self._resting = drawn, resting

    def await_rest(self, drawn: Drawn) -> None:
        """Call `rested` in a while, if this is still what is shown and no newer run was asked for."""
        self._turns.add_timeout_callback(partial(self._look, drawn), int(1000 * self._rest))

    def _look(self, drawn: Drawn) -> None:
        if self._resting and drawn is self._drawn:
            self.rested(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The hand rests: do what takes longer."""

    def doubt(self) -> None:
        """A run was cancelled or failed: the sliders say something else than what is shown."""

    def let_go(self, since: int) -> None:
        """A hand has let go of a slider: axes may follow from run number `since` on."""

    def changed(self, said: str) -> None:
        """The session was changed by one gesture, which is over; `said` names it where it is more than its values."""

    def settle(self) -> None:
        """A hand has let go of what is shown already: no picture will come of it that axes could follow."""

    def fit(self, since: int) -> None:
        """Axes show everything with the picture of run number `since`, or a later one."""

    def close(self) -> None:
        """The visit has ended."""
        self._drawn, self._resting = None, False
