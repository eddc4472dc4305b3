"""When the future of the sliders is computed: once the hand rests, aside, and never for what nobody waits for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from spark.simulation import Cancelled

from .. import hues
from ..client.rows import Rows
from ..client.turns import Turns
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..run.pools import ASIDE
from .batch import Neuron, Plan
from .sweeps import Span, Track, foresee, plan_of, ranges
from .words import told

log = logging.getLogger(__name__)
REST = 0.35
"""Seconds without a newer run after which it is computed: after the honesty meter, which is cheaper."""
TOO_LONG = "No foresight: {steps:,.0f} steps for every point of every slider are too many. Shorten the duration."


Found = tuple[Neuron, Mapping[str, Track], str]
"""For which neuron, what was found along each slider, and what was given up for it, in words."""


class Foresight(Follower):
    """Colours the sliders of model and stimulus with what would happen along them, and says what one step would do.

    Args:
        turns: later turns on the session's event loop.
        rows: the components with the sliders.
    """

    def __init__(self, turns: Turns, rows: Sequence[Rows]) -> None:
        super().__init__(turns, REST)
        self._rows = rows
        self._newest = Newest(ASIDE, turns.add_next_tick_callback, self._done)
        self._on, self._dark = True, False
        self._doubted = False
        self._asked: Neuron | None = None
        self._found: Found | None = None
        self._told: set[str] = set()
        self.recolour(dark=False)

    def outdate(self) -> None:
        super().outdate()
        self._doubted = False
        self._drop()

    def _drop(self) -> None:
        self._newest.drop()
        self._asked = None

    def doubt(self) -> None:
        """What is told may not hold, until another run is asked for."""
        self._doubted = True
        for rows in self._rows:
            rows.doubt(True)

    def follow(self, drawn: Drawn, resting: bool) -> None:
        """What is told may hold no longer; ask anew, for when the hand rests."""
        super().follow(drawn, resting)
        if not self._on or self._doubted:
            return
        neuron = Neuron.of(drawn.request.job)
        if self._told != self._sliders(neuron):
            self._found = None  # it is known of other sliders
        differ = self._found[0].differs(neuron) if self._found else None
        for rows in self._rows:
            rows.doubt(differ is None or bool(differ), self._moved_alone(neuron) if differ else None)
        if differ == set() and not all(rows.foreseen for rows in self._rows):
            self._show()  # rows were built anew with the values that they had
        elif differ != set():
            self.await_rest(drawn)

    def _sliders(self, neuron: Neuron) -> set[str]:
        """The sliders that there are now."""
        return {row["key"] for rows in self._rows for row in rows.sliders} & neuron.shown.keys()

    def _moved_alone(self, neuron: Neuron) -> str | None:
        """The slider that alone was moved: its own strip holds, since everything else is as it was."""
        assert self._found is not None
        before = self._found[0].shown
        moved = [path for path in self._sliders(neuron) if before[path] != neuron.shown[path]]
        return moved[0] if len(moved) == 1 else None

    def switch(self, on: bool) -> None:
        """Show it and keep it up to date, or neither."""
        self._on, self._found = on, None
        self._drop()
        for rows in self._rows:
            rows.foresee({} if on else None)
        if on and self._drawn is not None:
            self.follow(self._drawn, self._resting)

    def recolour(self, dark: bool) -> None:
        """Take the colours of the page's light or dark theme."""
        self._dark = dark
        self._rows[0].colours = hues.key(dark)  # before anything is found as well
        if self._on and self._found is not None:
            self._show()

    def close(self) -> None:
        super().close()
        self._on, self._found = False, None
        self._newest.close()

    def rested(self, drawn: Drawn) -> None:
        """Compute it for this run, unless that is known or under way."""
        neuron = Neuron.of(drawn.request.job)
        known = (self._asked, self._found[0] if self._found else None)
        if not self._on or any(one is not None and one.differs(neuron) == set() for one in known):
            return
        self._told = self._sliders(neuron)
        spans, steps = ranges([row for rows in self._rows for row in rows.sliders], neuron)
        how = plan_of(neuron, len(spans)) if spans else None
        if how is None:
            self._found = (neuron, {}, TOO_LONG.format(steps=neuron.steps))
            self._show()
            return
        self._asked = neuron
        self._newest.ask(partial(_compute, neuron, spans, steps, how))

    def _done(self, found: Found) -> None:
        self._found, self._asked = found, None
        self._show()

    def _show(self) -> None:
        """One message to each component: its strips as bytes, and what is said of them."""
        assert self._found is not None
        _, found, note = self._found
        for i, rows in enumerate(self._rows):
            units = {row["key"]: row["unit"] for row in rows.sliders}
            mine = {path: track for path, track in found.items() if path in units}
            pixels = [hues.rgba(track.classes, track.rate, self._dark) for track in mine.values()]
            head = {
                "tracks": {path: told(track, units[path]) for path, track in mine.items()},
                "count": len(pixels[0]) if pixels else 0,
                "note": note,
                "key": hues.key(self._dark) if mine and i == 0 else [],
            }
            rows.foresee(head, np.concatenate(pixels).tobytes() if pixels else b"")


def _compute(
    neuron: Neuron, spans: Mapping[str, Span], steps: Mapping[str, float], how: Plan, stop: Callable[[], bool]
) -> Found:
    """In the thread for what may wait.

    Raises:
        Cancelled: nobody waits for it any more.
    """

    def go_on(done: float) -> None:
        if stop():
            raise Cancelled

    try:
        return neuron, foresee(neuron, spans, steps, how, go_on), how.note
    except Cancelled:
        raise
    except (ValueError, FloatingPointError) as error:
        log.info("no foresight: %s", error)
    except Exception:
        log.exception("foresight failed")
    return neuron, {}, how.note
