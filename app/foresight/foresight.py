"""When the future of the sliders is computed: once the hand rests, aside, and never for what nobody waits for."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from spark.simulation import Cancelled

from .. import hues
from ..client.rows import Rows
from ..run.live import ASIDE, Live
from ..run.pipeline import Drawn
from .batch import Neuron, Plan
from .tracks import Span, Track, outlook, plan_of, ranges
from .words import told

log = logging.getLogger(__name__)
REST = 0.35
"""Seconds without a newer run after which it is computed: after the honesty meter, which is cheaper."""
TOO_LONG = "No foresight: {steps:,.0f} steps for every point of every slider are too many. Shorten the duration."


@dataclass(frozen=True)
class Asked:
    """What is to be computed for one run."""

    ask: int
    neuron: Neuron
    spans: Mapping[str, Span]
    steps: Mapping[str, float]


class Foresight:
    """Colours the sliders of model and stimulus with what would happen along them, and says what one step would do.

    Args:
        live: the session's loop, on which results come back.
        rows: the components with the sliders.
    """

    def __init__(self, live: Live, rows: Sequence[Rows]) -> None:
        self._live, self._rows = live, rows
        self._on, self._dark = True, False
        self._latest = 0
        self._running: Asked | None = None
        self._waiting: Asked | None = None
        self._found: tuple[Neuron, Mapping[str, Track], str] | None = None
        self._drawn: Drawn | None = None

    def doubt(self) -> None:
        """What is told may not hold: the sliders show what was not run."""
        for rows in self._rows:
            rows.doubt(True)

    def follow(self, drawn: Drawn) -> None:
        """A picture is shown: what is told may hold no longer; ask anew, for when the hand rests."""
        self._latest, self._drawn = drawn.request.ask, drawn
        if not self._on:
            return
        neuron = Neuron.of(drawn.request.job)
        differ = self._found[0].differs(neuron) if self._found else None
        # A slider's own strip holds while it alone is moved: everything else is as it was.
        for rows in self._rows:
            rows.doubt(differ is None or bool(differ), next(iter(differ)) if differ and len(differ) == 1 else None)
        if differ == set() and not all(rows.foreseen for rows in self._rows):
            self._show()  # rows were built anew with the values that they had
        elif differ != set() and not self._live.busy:
            self._live.later(REST, partial(self._start, drawn.request.ask, neuron))

    def switch(self, on: bool) -> None:
        """Show it and keep it up to date, or neither."""
        self._on, self._found, self._waiting = on, None, None
        for rows in self._rows:
            rows.foresee({} if on else None)
        if on and self._drawn is not None:
            self.follow(self._drawn)

    def recolour(self, dark: bool) -> None:
        """Take the colours of the page's light or dark theme."""
        self._dark = dark
        if self._on and self._found is not None:
            self._show()

    def close(self) -> None:
        """The visit has ended."""
        self._on, self._found, self._waiting, self._drawn = False, None, None, None

    def _start(self, ask: int, neuron: Neuron) -> None:
        if not self._wanted(ask) or (self._found is not None and self._found[0].differs(neuron) == set()):
            return
        sliders = [row for rows in self._rows for row in rows.sliders]
        spans, steps = ranges(sliders, neuron)
        asked = Asked(ask, neuron, spans, steps)
        if self._running is not None:
            self._waiting = asked  # the same run again as well: that which is under way may have been ended
            return
        how = plan_of(neuron, len(spans)) if spans else None
        if how is None:
            self._found = (neuron, {}, TOO_LONG.format(steps=neuron.steps))
            self._show()
            return
        self._running = asked
        ASIDE.submit(self._work, asked, how)

    def _wanted(self, ask: int) -> bool:
        return self._on and ask == self._latest and not self._live.busy and not self._live.closed

    def _work(self, asked: Asked, how: Plan) -> None:
        """In the thread for what may wait."""

        def go_on(done: float) -> None:
            if not self._wanted(asked.ask):
                raise Cancelled

        found: Mapping[str, Track] | None = None
        try:
            go_on(0.0)
            found = outlook(asked.neuron, asked.spans, asked.steps, how, go_on)
        except Cancelled:
            pass
        except (ValueError, FloatingPointError) as error:
            log.info("no foresight: %s", error)
            found = {}
        except Exception:
            log.exception("foresight failed")
            found = {}
        self._live.soon(partial(self._done, asked, found, how.note))

    def _done(self, asked: Asked, found: Mapping[str, Track] | None, note: str) -> None:
        self._running = None
        if found is not None and self._on and asked.ask == self._latest:
            self._found = (asked.neuron, found, note)
            self._show()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._start(waiting.ask, waiting.neuron)

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
