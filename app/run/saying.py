"""What the sentence below the read-outs says only when the hand rests, since it takes a millisecond: the rheobase."""

from __future__ import annotations

from ..client.picture import Picture
from ..client.turns import Turns
from .follower import Follower
from .pipeline import Drawn
from .rheobase import known, rheobase

REST = 0.1
"""Seconds without a newer run after which the sentence is completed."""


class Saying(Follower):
    """Completes the sentence.

    Args:
        turns: its later turns.
        picture: where the sentence is shown.
    """

    def __init__(self, turns: Turns, picture: Picture) -> None:
        super().__init__(turns, REST)
        self._picture = picture

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if known(drawn.recording) is None:
            self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """Say it again with the rheobase, if it speaks of it."""
        before, after = drawn.request.said(None), drawn.request.said(rheobase(drawn.recording))
        if after != before:
            self._picture.say(about=after)
