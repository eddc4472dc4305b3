"""Predict, then reveal: a change waits until somebody has said what it will do; then the run is shown beside that."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from spark.analysis import PATTERNS, spike_statistics

from ..client.lessons import Lessons
from ..client.turns import Turns
from ..lessons.bench import Bench
from ..lessons.lesson import Ask
from ..lessons.sketches import compared
from ..run.follower import Follower
from ..run.outcome import Outcome
from ..run.pipeline import Drawn
from ..run.predicted import frame, of_pattern, of_rate
from ..session.job import Job
from ..session.session import Session
from ..session.share import to_dict
from ..sidebar.sidebar import Sidebar

SKETCH = Ask("", "sketch", "", 0, expect="potential", unit="mV")


class Predicting(Follower):
    """Holds runs back, and compares them with what was predicted.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: where predictions are made.
        sidebar: whose foresight would tell what is asked.
        reveal: makes the run that waits.
    """

    def __init__(
        self, turns: Turns, session: Session, panel: Lessons, sidebar: Sidebar, reveal: Callable[[], None]
    ) -> None:
        super().__init__(turns, 0.0)
        self._session, self._panel, self._sidebar, self._reveal = session, panel, sidebar, reveal
        self._on = self._waits = False
        self._foresight = True
        self._frame: Any = None
        self._predicted: dict[str, Any] | None = None
        self.on_begin: tuple[Callable[[], None], ...] = ()
        """From now on it is asked: nothing else leads the visitor by the hand."""
        panel.on |= {"predict": lambda said: self.switch(said.get("on") is True), "predicted": self._take}

    def switch(self, on: bool) -> None:
        """Ask before each run, or no longer."""
        if on == self._on:
            return
        if on:
            for end in self.on_begin:  # what runs because of that is not held
                end()
        self._on, self._frame = on, None
        foresight = self._sidebar.foresight
        if on:
            self._foresight = bool(foresight.value)
            self._foresee(False)
        else:
            self._foresee(self._foresight)
            self._waits = False
            self._reveal()

    def _foresee(self, yes: bool) -> None:
        pn.state.onload(partial(self._sidebar.foresight.param.update, value=yes))

    def stop(self) -> None:
        """Ask no longer."""
        self.switch(False)

    def hold(self, job: Job) -> bool:
        """Whether this run waits; the page is told what can be predicted of it."""
        if not self._on:
            return False
        now = frame(self._session)
        if not self._waits or now != self._frame:
            self._panel.tell({"predict": {"frame": now, "patterns": PATTERNS}})
        self._waits, self._frame = True, now
        return True

    def _take(self, said: dict[str, Any]) -> None:
        if self._waits:
            self._waits, self._predicted = False, said
            self._reveal()

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        said, self._predicted = self._predicted, None
        if said is not None:
            self._panel.tell({"revealed": told(said, Outcome(drawn.request.job, drawn.recording), self._session)})


def told(said: dict[str, Any], outcome: Outcome, session: Session) -> dict[str, Any]:
    """What a run shows beside a prediction of it.

    Args:
        said: `pattern`, `rate` (Hz) and `sketch` (points of ms and mV), each where it was predicted; of a page, so that
            nothing of it is believed.
        outcome: the run.
        session: that was run.
    """
    words, curve = [], None
    pattern, rate = said.get("pattern"), said.get("rate")
    if pattern in PATTERNS:
        words.append(of_pattern(pattern, outcome.firing.patterns))
    if isinstance(rate, (int, float)) and math.isfinite(rate):
        found = float(spike_statistics(outcome.recording.spike_times[0], *outcome.job.window).mean_rate)
        words.append(of_rate(rate, found))
    if said.get("sketch") is not None:
        try:
            distance, curve = compared(SKETCH, Bench(to_dict(session), outcome), said["sketch"])
            words.append(distance)
        except ValueError as error:
            words.append(str(error))
    return {"words": [one[0].upper() + one[1:] for one in words], "curve": curve}
