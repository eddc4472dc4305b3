"""What the phase plane shows of a run: ranges, curves, arrows of the flow, fixed points and the path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from spark.analysis import phase_plane
from spark.analysis.phase_plane import Curve, FixedPoint, Plane
from spark.nn.components.somas import Soma

from ...client.picture import Sources
from ...numbers import typographic
from ...run.pipeline import Request
from ...run.shot import Shot
from ..style import xy
from .broken import EDGE, Broken, broken

COLUMNS, ROWS = 15, 11
"""Arrows of the flow."""
SLOW, HEAD = 0.15, 0.5
"""Part of the arrows that count as slow; angle between an arrow and its head's strokes."""
POINTS = 300
"""Points of a nullcline."""
MOST = 1000
"""Points of the path that are drawn; those around spikes are all kept."""
NEAR_SPIKE = 4
Span = tuple[float, float]


@dataclass(frozen=True)
class Portrait:
    """The plane of a run's first neuron.

    Attributes:
        shot: the run.
        plane: its plane.
        p: its parameters.
        current: the input in the middle of the stimulus, pA: what the curves are drawn for.
        points: its fixed points; none where they fill a line, because the second variable never moves.
        x, y: what is to be seen: the path, the reset, the firing level and what lies near the fixed points.
        area: what may be seen, which is drawn: the axes may be wider, or a hand has zoomed.
        curves: lines by name; those of one name do not touch each other.
        broken: where the axis of the potential leaves out the upstroke.
    """

    shot: Shot
    plane: Plane
    p: dict[str, float]
    current: float
    points: tuple[FixedPoint, ...]
    x: Span
    y: Span
    area: tuple[Span, Span]
    curves: dict[str, Sequence[Curve]]
    broken: Broken | None

    @classmethod
    def of(cls, shot: Shot, request: Request, frame: Callable[[str, Span], Span] = lambda axis, span: span) -> Portrait:
        """That of this run; `frame` says what the axis "x" or "y" may show next to what is to be seen."""
        kind = type(shot.recording.soma)
        plane = phase_plane.plane_of(kind)
        assert not isinstance(plane, str)
        p = shot.recording.parameters_of()
        current = shot.held(request.window)
        points = _points(kind, p, current)
        x, broke = _across(shot, p, (*points, *_points(kind, p, 0.0)))
        across = frame("x", x)
        ends = across if broke is None else (across[0], max(min(across[1], broke.at), across[0] + 1.0))
        if plane.second is None:
            rates = [phase_plane.rate(kind, p, held, *ends, POINTS) for held in (current, 0.0)]
            y = _up_rates(rates, p)
            curves: dict[str, Sequence[Curve]] = {
                "v": rates[:1],
                "idle": rates[1:],
                "second": [Curve(np.array(ends), np.zeros(2))],
            }
            for name, at in (("firing", p["threshold"]), ("reset", p["potential_reset"])):
                curves[name] = [Curve(np.full(2, at), np.array([-np.inf, np.inf]))]
        else:
            y = _up(shot.recording.recorded[plane.second][:, 0], points)
            lines = phase_plane.nullclines(kind, p, current, *ends, POINTS)
            idle = phase_plane.nullclines(kind, p, 0.0, *ends, POINTS).potential
            curves = {"v": lines.potential, "idle": idle, "second": [lines.second]}
            curves |= {"firing": [lines.firing], "reset": [lines.reset]}
        return cls(shot, plane, p, current, points, x, y, (across, frame("y", y)), curves, broke)

    @property
    def kind(self) -> type[Soma]:
        """The soma."""
        return self.plane.kind

    def _shown(self, potential: np.ndarray) -> np.ndarray:
        return potential if self.broken is None else self.broken.shown(potential)

    def lines(self) -> Sources:
        """The curves as far as a canvas needs them, with gaps between those that do not touch."""
        low, high = self.area[1]
        room, gap = 3 * (high - low), np.array([np.nan])
        found = {}
        for name, curves in self.curves.items():
            clipped = [curve.clipped(low - room, high + room) for curve in curves]
            x = np.concatenate([part for c in clipped for part in (c.potential, gap)] or [gap])[:-1]
            y = np.concatenate([part for c in clipped for part in (c.second, gap)] or [gap])[:-1]
            found[name] = xy(self._shown(x), y)
        return found

    def marks(self) -> Sources:
        """The fixed points, those that are stable and the others."""
        found = {}
        for name, stable in (("stable", True), ("unstable", False)):
            mine = [point for point in self.points if point.stable == stable]
            potential = np.array([pt.potential for pt in mine])
            found[name] = xy(self._shown(potential), np.array([pt.second or 0.0 for pt in mine]))
        return found

    def field(self) -> dict[str, np.ndarray]:
        """Arrows of the flow, three strokes each: all of one length, but shorter where it nearly stands still."""
        if self.plane.second is None:
            return dict.fromkeys(("x0", "y0", "x1", "y1"), np.empty(0))
        (left, right), (bottom, top) = self.area
        width, height = right - left, top - bottom
        if self.broken is not None:
            right = max(min(right, self.broken.at), left + width / 40)
        ends = (left, right, COLUMNS), (bottom, top, ROWS)
        across, up = (np.linspace(a + (b - a) / 40, b - (b - a) / 40, n) for a, b, n in ends)
        flow = phase_plane.field(self.kind, self.p, self.current, across, up)
        dx, dy = flow.potential_rate / width, flow.second_rate / height
        size = np.hypot(dx, dy)
        # An upstroke is thousands of times as fast as what leads to it: slow is what is slow among the slow.
        length = 0.035 * np.tanh(2 * size / (np.quantile(size, SLOW) + 1e-30)) / np.maximum(size, 1e-30)
        dx, dy = dx * length, dy * length
        gx, gy = (grid.ravel() for grid in np.meshgrid(across, up))
        to_x, to_y = gx + dx.ravel() * width, gy + dy.ravel() * height
        strokes = [(gx, gy)]
        for side in (HEAD, -HEAD):
            back_x, back_y = -dx * np.cos(side) + dy * np.sin(side), -dy * np.cos(side) - dx * np.sin(side)
            strokes.append((to_x + 0.35 * back_x.ravel() * width, to_y + 0.35 * back_y.ravel() * height))
        x0, y0 = (np.concatenate(starts) for starts in zip(*strokes, strict=True))
        return {"x0": x0, "y0": y0, "x1": np.tile(to_x, 3), "y1": np.tile(to_y, 3)}

    def path(self) -> Sources:
        """The run, reduced, and its jumps."""
        recording = self.shot.recording
        path = phase_plane.trajectory(recording)
        kept = _kept(path.time, recording.spike_times[0], recording.dt)
        return {
            "path": xy(self._shown(path.potential[kept]), path.second[kept]) | {"t": path.time[kept]},
            "jumps": xy(self._shown(path.jump_potential), path.jump_second),
        }

    def words(self) -> str:
        """Fixed points, rheobase and what follows."""
        try:
            said = phase_plane.summary(self.kind, self.p, self.current, self.points)
            return typographic(said)
        except ValueError as error:  # a second variable that never moves
            return str(error)


def _points(kind: type[Soma], p: dict[str, float], current: float) -> tuple[FixedPoint, ...]:
    try:
        return phase_plane.fixed_points(kind, p, current)
    except ValueError:  # they fill a line
        return ()


def _across(shot: Shot, p: dict[str, float], points: tuple[FixedPoint, ...]) -> tuple[Span, Broken | None]:
    recorded = shot.recording.recorded
    v, level = recorded["potential"][:, 0], recorded["threshold"][:, 0]
    low = min(float(v.min()), p["potential_reset"])
    if shot.recording.soma.system.chart is not None and np.all(level == level[0]):  # the upstroke is part of the model
        broke = broken(p, low, points)
        if broke is not None:
            return (low - EDGE * (broke.at - low), broke.at + 1.2 * broke.room), broke
    high = max(float(level.max()), float(v.max()))
    return (low - EDGE * (high - low), high + 0.05 * (high - low)), None


def _up(second: np.ndarray, points: tuple[FixedPoint, ...]) -> Span:
    found = [float(second.min()), float(second.max())]
    span = max(found[1] - found[0], 1.0)
    found += [pt.second for pt in points if pt.second is not None and abs(pt.second - found[0]) < 3 * span]
    room = 0.25 * max(max(found) - min(found), 1.0)
    return min(found) - room, max(found) + room


def _up_rates(rates: Sequence[Curve], p: dict[str, float]) -> Span:
    """An upstroke would dwarf what decides: curves are shown whole up to just above the soft threshold."""
    v = rates[0].potential
    end = p["rheobase_threshold"] + 2 * p["spike_slope"] if "rheobase_threshold" in p else v[-1]
    shown = [rate.second[v <= max(end, v[0] + 1.0)] for rate in rates]
    bottom, top = min(float(np.min(shown)), -0.2), max(float(np.max(shown)), 0.2)
    return bottom - 0.15 * (top - bottom), top + 0.15 * (top - bottom)


def _kept(time: np.ndarray, spikes: np.ndarray, dt: float) -> np.ndarray:
    """Points of the path to draw: every so many, all ends, and all near a spike, where it moves fast."""
    kept = np.zeros(time.size, bool)
    kept[:: max(1, time.size // MOST)] = True
    gaps = np.isnan(time)
    kept |= gaps | np.roll(gaps, 1) | np.roll(gaps, -1)
    if spikes.size:
        at = np.where(gaps, np.inf, time)
        after = np.searchsorted(spikes, at)
        for neighbour in (after - 1, after):
            kept |= np.abs(at - spikes[neighbour.clip(0, spikes.size - 1)]) <= NEAR_SPIKE * dt
    return kept
