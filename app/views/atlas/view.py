"""The atlas: rate and firing pattern over two parameters, and where in it the run that is shown lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from spark import Recording
from spark.analysis import Sweep
from spark.simulation import Cancelled

from ... import hues
from ...foresight.batch import Neuron, Plan, plan, run
from ...run.pipeline import Request
from ...run.shot import Shot
from ...session import membrane
from ...session.job import Job
from ..side import Finding, SideView, Stage, hand
from .axes import Axis, axes, usual
from .figure import MOST_RATE, Figure

ADDRESS = "view atlas"
FINE, COARSE = (64, 48, 32, 24), (16, 12)
"""Points along each side of the map: as many as the run's length allows."""
MOST, MOST_COARSE = 45_000_000, 5_000_000
"""Largest cost, points x steps: one or two seconds at rest, a tenth of one while a hand moves a slider."""
NAMED = 4
"""Patterns that the summary names."""

HINT = "Drag to move both sliders."
COLOURED = ("pattern", "rate")
"""What a map can be coloured by."""


@dataclass(frozen=True, eq=False)
class Map:
    """A map that was computed.

    Attributes:
        neuron: for which; its own values of the two axes do not matter.
        x, y: the axes.
        how: how it was run.
        sweep: the points, row after row.
    """

    neuron: Neuron
    x: Axis
    y: Axis
    how: Plan
    sweep: Sweep

    @classmethod
    def of(cls, neuron: Neuron, x: Axis, y: Axis, how: Plan, progress: Callable[[float], object]) -> Map:
        """Compute it; `progress` may raise to end that."""
        side = np.linspace(0.0, 1.0, how.count)
        points = {x.path: np.tile(x.value(side), side.size), y.path: np.repeat(y.value(side), side.size)}
        return cls(neuron, x, y, how, run(neuron, how, points, progress))

    def over(self, neuron: Neuron, x: Axis, y: Axis) -> bool:
        """Whether it is a map over these axes, of such a neuron, if perhaps of other values."""
        return (self.x, self.y) == (x, y) and type(self.neuron.soma) is type(neuron.soma)

    def holds(self, neuron: Neuron, x: Axis, y: Axis) -> bool:
        """Whether it is the map of this neuron over these axes."""
        differ = self.neuron.differs(neuron)
        return differ is not None and self._along(neuron, differ, {x.path, y.path}) and self.over(neuron, x, y)

    def _along(self, neuron: Neuron, differ: set[str], axes: set[str]) -> bool:
        """Whether what differs lies on the axes; tau and R, on one of C or g_L, as these say it."""
        if axes & membrane.QUANTITIES.keys():
            differ = differ - {membrane.TAU, membrane.RESISTANCE} | {
                path for path in membrane.QUANTITIES if self.neuron.shown.get(path) != neuron.shown.get(path)
            }
        return differ <= axes

    @cached_property
    def classes(self) -> list[str]:
        """Class of the pattern at each point."""
        return [hues.class_of(pattern) for pattern in self.sweep.patterns]

    @cached_property
    def told(self) -> str:
        """How much of it shows which pattern, in words."""
        quiet = {"silent": "transient"}  # their one hue, told apart by the rate
        fires = self.sweep.rate > 0
        named = [quiet.get(name, name) if rate else name for name, rate in zip(self.classes, fires, strict=True)]
        share = [(name, 100 * n / len(named)) for name, n in Counter(named).most_common(NAMED)]
        top = np.nanmax(self.sweep.rate) if self.sweep.valid.any() else 0.0
        parts = ", ".join(f"{name} {part:.0f} %" for name, part in share if part >= 0.5)
        return f"The map: {parts}; up to {top:.0f} Hz{f' (colours end at {MOST_RATE:.0f})' if top > MOST_RATE else ''}."


def plan_of(neuron: Neuron, coarse: bool) -> Plan | None:
    """How a map of this neuron is run; None where its run is too long for that."""
    return plan(neuron, COARSE if coarse else FINE, lambda count: count**2, MOST_COARSE if coarse else MOST)


class Atlas(SideView):
    """A map of two quantities; a drag on it moves both sliders."""

    name, title, place, studies = "atlas", "Atlas", 5, True
    controls = (
        {"key": "x", "kind": "choice", "label": "across", "value": "", "options": []},
        {"key": "y", "kind": "choice", "label": "up", "value": "", "options": []},
        {
            "key": "colour",
            "kind": "choice",
            "label": "colour by",
            "value": COLOURED[0],
            "options": [[name, name] for name in COLOURED],
        },
    )

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.figure = Figure()
        self.colour = COLOURED[0]
        self._chosen: tuple[str, str] | None = None
        self.map: Map | None = None
        self._told: str | None = None
        self.plot_axes: tuple[Axis, Axis] | None = None
        hand(self.figure.plot, ADDRESS, "spark:atlas:here")

    @classmethod
    def rehearsals(cls, job: Job, recording: Recording) -> Iterator[Callable[[], Any]]:
        """The map as coarsely as while a hand moves: in full it takes a second, of which compiling is half."""
        neuron = Neuron.of(job)
        choice = axes(neuron)
        x, y = (choice[path] for path in usual(choice))
        how = plan_of(neuron, coarse=True)
        if how is not None:
            yield partial(Map.of, neuron, x, y, how, lambda done: None)

    @property
    def layout(self) -> Any:
        return self.figure.plot

    def _choice(self, neuron: Neuron) -> dict[str, Axis]:
        """What an axis can be, in the words that are chosen for the membrane."""
        return axes(neuron, self.stage.session.capacitive)

    def _ask(self, request: Request) -> tuple[Neuron, Axis, Axis]:
        """The neuron, and the axes that are chosen as far as it has them."""
        neuron = Neuron.of(request.job)
        choice = self._choice(neuron)
        x, y = self._chosen or ("", "")
        if x not in choice or y not in choice:
            x, y = usual(choice)
        return neuron, choice[x], choice[y]

    def picture(self, shot: Shot, request: Request) -> Finding:
        """The marker, the axes and what can be chosen for them; a map over other axes goes."""
        neuron, x, y = self._ask(request)
        self.plot_axes, known = (x, y), self.map
        sources = self.figure.here(*(float(axis.position(neuron.shown[axis.path])) for axis in (x, y)))
        words: str | None = "Computing the map …"
        hint = ""
        if known is not None and known.over(neuron, x, y):
            words = self._summary(known, neuron, shot, request) if known.holds(neuron, x, y) else None
            hint = HINT
        else:
            self._told = None
            sources |= self.figure.nothing()
        options = [[axis.path, f"{axis.name} {axis.sign}"] for axis in self._choice(neuron).values()]
        card = {
            "options": {"x": options, "y": options},
            "values": {"x": x.path, "y": y.path, "colour": self.colour},
        }
        return Finding(sources, words, looks=self.figure.axes(x, y), card=card, hint=hint)

    def study(self, shot: Shot, request: Request, coarse: bool, stop: Callable[[], bool]) -> Finding | None:
        """The map, anew where anything else than the two values has changed."""
        neuron, x, y = self._ask(request)
        known = self.map if self.map is not None and self.map.holds(neuron, x, y) else None
        how = plan_of(neuron, coarse)
        if how is None:
            self.map = None
            said = "The run is too long for a map: shorten the duration, or lengthen the time step."
            return None if coarse else Finding(self.figure.nothing(), said)

        def go_on(done: float) -> None:
            if not coarse and stop():
                raise Cancelled

        if known is None or (not coarse and known.how.count < how.count):
            try:
                known = Map.of(neuron, x, y, how, go_on)
            except Cancelled:
                return None
            self.map = known
        elif self._told == self.colour:  # only where it is has changed
            return Finding(words=self._summary(known, neuron, shot, request), hint=HINT)
        self._told = self.colour
        sources, looks = self.figure.map(known.sweep.rate, known.classes, self.colour)
        return Finding(sources, self._summary(known, neuron, shot, request), looks=looks, hint=HINT)

    def _summary(self, known: Map, neuron: Neuron, shot: Shot, request: Request) -> str:
        """What the map shows, and where the run lies in it."""
        times, (start, end) = shot.recording.spike_times[0], request.window
        rate = 1000 * np.count_nonzero((times >= start) & (times <= end)) / (end - start)
        here = ", ".join(axis.told(neuron.shown[axis.path]) for axis in (known.x, known.y))
        said = f"Here ({here}): {request.firing.words}, {rate:.1f} Hz."
        return f"{said} {known.told} {known.how.note}".rstrip()

    def receive(self, message: dict[str, Any]) -> None:
        """A drag sets both values; the choices change the axes or the colours."""
        if message["type"] == "control":
            self._choose(str(message["key"]), str(message["value"]))
        elif message["type"] == "hand" and self.plot_axes is not None:
            x, y = self.plot_axes
            values = {x.path: x.nearest(float(message["x"])), y.path: y.nearest(float(message["y"]))}
            self.stage.set(values, bool(message["final"]))

    def _choose(self, key: str, value: str) -> None:
        if key == "colour":
            self.colour = value
        elif self.plot_axes is not None:
            x, y = (axis.path for axis in self.plot_axes)
            if key == "x":
                self._chosen = (value, x if value == y else y)  # the same twice: they change places
            else:
                self._chosen = (y if value == x else x, value)
        self.stage.again()

    @property
    def options(self) -> dict[str, Any]:
        axes = dict(zip("xy", self._chosen, strict=True)) if self._chosen else {}
        return axes | ({"colour": self.colour} if self.colour != COLOURED[0] else {})

    def choose(self, options: dict[str, Any]) -> None:
        x, y = options.get("x"), options.get("y")
        self._chosen = (x, y) if isinstance(x, str) and isinstance(y, str) else None
        colour = options.get("colour")
        self.colour = colour if colour in COLOURED else COLOURED[0]

    def recolour(self, colours: dict[str, str]) -> None:
        self.figure.recolour(colours)
