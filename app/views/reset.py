"""The reset map: what a spike leaves of the second variable, from what the spike before left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from bokeh.models import HoverTool, LegendItem, Line, Range1d, Scatter, Slope

from spark import Recording
from spark.analysis import phase_plane
from spark.analysis.reset_map import AdaptationMap, Reading, adaptation_map, cobweb, iterate, read
from spark.nn.components.somas import Soma

from ..client.picture import Sources
from ..numbers import fixed, number
from ..run.pipeline import Request
from ..run.shot import Shot
from ..session.job import Job
from .side import Finding, SideView, Stage
from .style import draw, empty, legend, side_figure, xy

COARSE: dict[str, Any] = {"n": 80, "horizon": 400.0}
FULL: dict[str, Any] = {"n": 240, "horizon": 2000.0}
"""Points of the map while a hand moves a slider and when it rests, and ms after which one of them counts as silent."""
FOLLOWED = 30
"""Spikes of the staircase that is drawn where the run has none of its own."""
NONE = np.empty(0)
ONE = ("tonic", "adapting", "accelerating", "initial burst")
MANY = ("bursting",)
"""Patterns on the way to a fixed point of the map, and of a cycle."""


class Reset(SideView):
    """The map with the diagonal, its fixed points, and the run's own staircase."""

    name, title, place = "reset", "Reset map", 4
    studies = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.plot = side_figure(
            Range1d(-100, 500),
            Range1d(-100, 500),
            "wheel_zoom,pan",
        )
        self._diagonal = Slope(gradient=1, y_intercept=0, line_width=1.2, line_dash="dashed", level="underlay")
        self.plot.add_layout(self._diagonal)
        glyphs: dict[str, Any] = {
            "map": Line(x="x", y="y", line_width=2.8),
            "stairs": Line(x="x", y="y", line_width=1.3),
            "expected": Line(x="x", y="y", line_width=1.3, line_dash=[4, 3]),
            "spikes": Scatter(x="x", y="y", size=6, marker="circle", line_width=1),
            "stable": Scatter(x="x", y="y", size=12, marker="circle", line_width=2),
            "unstable": Scatter(x="x", y="y", size=12, marker="circle", line_width=2, fill_alpha=0),
        }
        more = {"spikes": ("n",), "stable": ("slope", "interval"), "unstable": ("slope", "interval")}
        source = empty(self.name, {name: ("x", "y", *more.get(name, ())) for name in glyphs})
        self._drawn = {name: draw(self.plot, source[name], glyph) for name, glyph in glyphs.items()}
        self._items = {
            name: LegendItem(label=words, renderers=[self._drawn[name]])
            for name, words in (
                ("map", "map Φ"),
                ("stairs", "run"),
                ("expected", "expected"),
                ("stable", "stable"),
                ("unstable", "unstable"),
            )
        }
        legend(self.plot, list(self._items.values()))
        points = [self._drawn["stable"], self._drawn["unstable"]]
        self.plot.add_tools(
            HoverTool(renderers=[self._drawn["spikes"]], tooltips=[("spike", "@n{0}: @x{0.00} → @y{0.00}")]),
            HoverTool(
                renderers=points,
                tooltips=[("fixed point", "@x{0.00}"), ("slope", "@slope{0.00}"), ("interval", "@interval{0.0} ms")],
            ),
        )

    @staticmethod
    def reason(kind: type[Soma]) -> str | None:
        plane = phase_plane.plane_of(kind)
        if isinstance(plane, str):
            return plane
        if plane.second is None:
            return (
                f"The {kind.title} soma has no second variable that remembers a spike: every spike starts from the "
                "same state, so there is no reset map."
            )
        return None

    @classmethod
    def rehearsals(cls, job: Job, recording: Recording) -> Iterator[Callable[[], Any]]:
        p = recording.parameters_of()
        for effort in (COARSE, FULL):
            yield partial(adaptation_map, type(job.soma), p, 0.0, **effort)

    @property
    def layout(self) -> Any:
        return self.plot

    def opened(self) -> None:
        self.stage.show(busy="Computing the map; the first time takes a second …")

    def picture(self, shot: Shot, request: Request) -> Finding:
        """What the run's own spikes have left, one after the other."""
        plane = phase_plane.plane_of(type(shot.recording.soma))
        assert not isinstance(plane, str)
        after = phase_plane.trajectory(shot.recording).after
        stairs = cobweb(after) if after.size > 1 else (NONE, NONE)
        spikes = xy(after[:-1], after[1:]) | {"n": np.arange(1.0, max(after.size, 1))}
        unit = f" ({plane.unit})" if plane.unit else ""
        looks = [
            (self.plot.xaxis[0], {"axis_label": f"{plane.symbol} right after a spike{unit}"}),
            (self.plot.yaxis[0], {"axis_label": f"{plane.symbol} right after the next one{unit}"}),
        ]
        return Finding({"spark:reset:stairs": xy(*stairs), "spark:reset:spikes": spikes}, looks=looks)

    def study(self, shot: Shot, request: Request, coarse: bool, stop: Callable[[], bool]) -> Finding | None:
        """The map for the input in the middle of the stimulus, its fixed points, and what they mean."""
        recording = shot.recording
        p = recording.parameters_of()
        current = recording.recorded["current"][:, 0]
        ends = [min(int(t / recording.dt), len(current) - 1) for t in request.window]
        held = shot.held(request.window)
        found = adaptation_map(type(recording.soma), p, held, **(COARSE if coarse else FULL))
        after = phase_plane.trajectory(recording).after
        expected = iterate(found, n=FOLLOWED) if after.size < 2 else NONE
        sources: Sources = {
            "spark:reset:map": xy(*_unbroken(found)),
            "spark:reset:expected": xy(*(cobweb(expected) if expected.size > 1 else (NONE, NONE))),
        }
        for name, stable in (("stable", True), ("unstable", False)):
            mine = [point for point in found.fixed_points if point.stable == stable]
            at = np.array([point.value for point in mine])
            more = {n: np.array([getattr(point, n) for point in mine]) for n in ("slope", "interval")}
            sources[f"spark:reset:{name}"] = xy(at, at) | more
        shown = {name: bool(sources[f"spark:reset:{name}"]["x"].size) for name in ("expected", "stable", "unstable")}
        shown |= {"stairs": after.size > 1, "map": bool(np.isfinite(found.image).any())}
        looks = [(self._items[name], {"visible": there}) for name, there in shown.items()]
        varies = np.ptp(current[ends[0] : ends[1]]) > 1e-3 * max(1.0, abs(held)) if ends[1] > ends[0] else False
        words = _summary(found, read(found), after.size, request, bool(varies))
        span = _range(found, after if after.size > 1 else expected)
        return Finding(sources, words, {self.plot.x_range: span, self.plot.y_range: span}, looks)

    def recolour(self, colours: dict[str, str]) -> None:
        self._diagonal.line_color = colours["cursor"]
        names = {"map": "second", "stairs": "potential", "expected": "potential", "spikes": "potential"}
        names |= {"stable": "spikes", "unstable": "spikes"}
        for name, colour in names.items():
            glyph = self._drawn[name].glyph
            glyph.line_color = colours[colour]
            if isinstance(glyph, Scatter):
                glyph.fill_color = colours[colour]


def _unbroken(found: AdaptationMap) -> tuple[np.ndarray, np.ndarray]:
    """The map as a line, not drawn across a leap from one spike early to one spike late."""
    leap = np.abs(np.diff(found.image)) > np.ptp(found.values) / 2  # NaN compares False
    at = np.flatnonzero(leap) + 1
    return np.insert(found.values, at, np.nan), np.insert(found.image, at, np.nan)


def _range(found: AdaptationMap, after: np.ndarray) -> tuple[float, float]:
    """The same for both axes: where spikes follow each other, and a little of what lies around."""
    points = [point.value for point in found.fixed_points]
    shown = np.concatenate([after, points, [found.start]])
    low, high = float(shown.min()), float(shown.max())
    room = max(0.3 * (high - low), 0.75 * abs(found.jump), 1e-3 * float(np.ptp(found.values)))
    return low - room, high + room


def _summary(found: AdaptationMap, reading: Reading, spikes: int, request: Request, varies: bool) -> str:
    """What the map says of a steady input, what the run does, and why the two differ where they do."""
    unit = f" {found.unit}" if found.unit else ""
    held = f"{number(found.current, 4)} pA"
    when = f"In the middle of the stimulus, at {held}" if varies else f"At a steady {held}"
    points = [
        f"{'stable' if point.stable else 'unstable'} fixed point {found.symbol} = {number(point.value, 4)}{unit} "
        f"(slope {_slope(point.slope)}, interval {number(point.interval)} ms)"
        for point in found.fixed_points[:2]
    ]
    crossing = f"{_capital(' and '.join(points))}." if points else "The map has no fixed point."
    if spikes < 2:
        run = f"The run has no two spikes ({request.firing.words}); dashed: what would follow a first one."
    else:
        run = f"The run's {spikes} spikes: {request.firing.words}{_why_not(reading, request, varies)}."
    return f"{when} the map {_settles(reading)}. {crossing} {run}"


def _settles(reading: Reading) -> str:
    """Where the map leads, in words of maps: what a pattern is called, the run's classifier says."""
    if reading.pattern == "silent":
        return reading.why.replace("It returns", "returns").rstrip(".")
    if reading.period is None:
        return "never repeats itself, as in chaos"
    return "settles on one value: equal intervals" if reading.period == 1 else f"has a cycle of {reading.period} spikes"


def _why_not(reading: Reading, request: Request, varies: bool) -> str:
    """Why the run is not what the map leads to; "" where it is."""
    pattern, noisy = request.firing.patterns[-1], request.job.stimulus.noisy
    if reading.pattern == "silent":
        as_told = pattern in ("transient", "silent")
    elif reading.period is None:
        as_told = pattern == "irregular"
    else:
        as_told = pattern in (ONE if reading.period == 1 else MANY)
    if request.firing.spikes.size and request.firing.spikes[0] > request.window[1]:
        return "; it fires after the stimulus, at another current than the map's"
    if noisy:
        return "; its input is noise, the map's is steady"
    if as_told:
        return ""
    if varies:
        return "; its input varies, the map's is steady"
    if pattern == "transient":
        return "; it starts from rest, the map after a spike"
    if reading.period is not None and reading.period > 1:
        return "; the intervals of a cycle need not fall into bursts"
    return "; it is still on its way there"


def _slope(value: float) -> str:
    return fixed(value, 2 if abs(value) < 10 else 0)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
