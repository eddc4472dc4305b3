"""The tour: four steps for a first visit, each of them done by the hand and seen in what the page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spark.nn.components.somas import catalogue

from ..client.tour import Tour
from ..client.turns import Turns
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..run.rheobase import rheobase
from ..session.session import Session
from ..views.fi import sampling

REST = 0.1
"""Seconds after the last picture from which the hand counts as resting."""
NEAR = 0.02
"""How near to the rheobase a current counts as that, as a part of it."""
MODEL, PRESET = "AdaptiveExponentialSoma", "Regular bursting"
TITLES = ("Make it fire.", "Find the rheobase.", "Meet a bursting neuron.", "See why it bursts.")
DONE = "That was the tour."
BACK = "Help (?) has it again, and all keys and terms."
BURST = "After each burst the staircase is back where it was: its corners are the spikes of one burst."


class FirstSteps(Follower):
    """Says what to do next, and goes on when that was done.

    Args:
        turns: later turns on the session's event loop.
        session: what is chosen.
        opened: the name of the open view, None for none.
        bar: where it is said.
    """

    def __init__(self, turns: Turns, session: Session, opened: Callable[[], str | None], bar: Tour) -> None:
        super().__init__(turns, REST)
        self._session, self._opened, self._bar = session, opened, bar
        self._at: int | None = None
        self._was_silent = False
        bar.on_ask = self.ask

    def ask(self, what: str) -> None:
        """Begin, skip the step, or end."""
        self._was_silent = False
        if what == "next" and self._at is not None:
            self._at = min(self._at + 1, len(TITLES))
        else:
            self._at = 0 if what == "begin" else None
        self._take()

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if self._at is not None:
            self._take()
            if self._at == 1:
                self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The current stays where it is: perhaps at the rheobase."""
        if self._at == 1 and self._opened() == "fi" and _at_rheobase(drawn):
            self._at = 2
            self._take()

    def _take(self) -> None:
        """Go on where a step is done, and say what is to be done."""
        drawn = self._drawn
        if self._at == 0 and drawn is not None:
            fires = bool(drawn.recording.spike_times[0].size)
            if fires and self._was_silent:
                self._at = 1
                self.await_rest(drawn)
            self._was_silent |= not fires
        preset = self._session.preset
        if self._at == 2 and preset is not None and (preset.soma, preset.title) == (MODEL, PRESET):
            self._at = 3
        if self._at == 3 and self._opened() == "reset":
            self._at = len(TITLES)
        self._bar.show(self._step())

    def _step(self) -> dict[str, Any]:
        at = self._at
        if at is None:
            return {}
        title = DONE if at == len(TITLES) else TITLES[at]
        return {"at": at, "steps": len(TITLES), "title": title, "words": self._words(at)}

    def _words(self, at: int) -> str:
        view = self._opened()
        if at == 0:
            if self._was_silent:
                return "It is silent. Now raise the amplitude of the current until it fires."
            return "Lower the amplitude of the stimulus until the neuron is silent, then raise it until it fires."
        if at == 1:
            if view != "fi":
                return "Open the f–I curve: the rate for every current."
            return "Bring the dot to the dashed line: drag it, or move the amplitude."
        if at == 2:
            return f"Choose the model {catalogue()[MODEL].title} (AdEx) and its preset {PRESET}."
        if at == 3:
            return "Open the reset map: what one spike leaves behind, and what the next one makes of it."
        return f"{BURST} {BACK}" if view == "reset" else BACK


def _at_rheobase(drawn: Drawn) -> bool:
    least = rheobase(drawn.recording).current
    current = sampling.operating(drawn.shot, drawn.request).current
    return least is not None and abs(current - least) <= NEAR * abs(least)
