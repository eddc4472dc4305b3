"""What the f-I view shows, without a figure: the curves of a neuron, and where a run lies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spark import Recording
from spark.analysis import FICurve, RampSweep, fi_curve, phase_plane, ramp_sweep, single_neuron, spike_statistics
from spark.analysis.theory import theory_rate
from spark.stimuli import Step

from ...run.pipeline import Request
from ...run.rheobase import rheobase
from ...run.shot import Shot
from ...session.limits import rounded_up

FINEST = 0.025
"""Shortest time step of a curve, ms: a shorter one of the run would make it long, and moves no rate visibly."""
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
BLUR = 0.08
"""How far above the rheobase points are set closer, as a part of the range: there the curve bends most."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Effort:
    """How finely curves are computed: while a hand moves, and when it rests."""

    currents: int
    near: int
    duration: float
    stairs: int
    hold: float


COARSE = Effort(currents=40, near=8, duration=500.0, stairs=31, hold=200.0)
FULL = Effort(currents=96, near=16, duration=1000.0, stairs=61, hold=400.0)


@dataclass(frozen=True)
class Operating:
    """Where the run that is shown lies.

    Attributes:
        current: mean input while the stimulus is on, pA.
        rate: spikes per second meanwhile, Hz.
        first: 1000 over the first interval, Hz; None with fewer than two spikes.
        step: amplitude of the step that can be dragged, pA; None where the stimulus does not begin with one.
        stimulus: its name.
    """

    current: float
    rate: float
    first: float | None
    step: float | None
    stimulus: str


@dataclass(frozen=True, eq=False)
class Curves:
    """Curves of one neuron.

    Attributes:
        key: of which.
        span: where they are drawn closely, pA.
        effort: how finely.
        curve: rates from rest.
        limit: the rheobase.
        theory: currents and rates in closed form, None where there is none.
        sweep: up and down, None where it was not asked for.
        trouble: why it could not be computed.
    """

    key: tuple[Any, ...]
    span: Span
    effort: Effort
    curve: FICurve
    limit: phase_plane.Rheobase
    theory: tuple[np.ndarray, np.ndarray] | None
    sweep: RampSweep | None = None
    trouble: str = ""

    def serves(self, key: tuple[Any, ...], wanted: Span, coarse: bool) -> bool:
        """Whether it shows this neuron, well enough and far enough; a hand that moves the current sees it anyway."""
        if self.key != key:
            return False
        (low, high), width = self.span, wanted[1] - wanted[0]
        covered = low <= wanted[0] and high >= wanted[1] and high - low < 3 * width
        return coarse or (self.effort is FULL and covered)


def key_of(recording: Recording) -> tuple[Any, ...]:
    """All that the first neuron's curves depend on: the stimulus does not belong to it."""
    values = tuple(float(value[0]) for value in recording.parameters.values())
    return type(recording.soma), values, recording.dt, recording.solver


def limit_of(known: Curves | None, recording: Recording) -> phase_plane.Rheobase:
    """The rheobase of the first neuron, from its curves where they are known."""
    return known.limit if known is not None and known.key == key_of(recording) else rheobase(recording)


def operating(shot: Shot, request: Request) -> Operating:
    """Where the run lies: its first neuron's rate at its current."""
    recording, (start, end) = shot.recording, request.window
    held = recording.recorded["current"][math.ceil(start / recording.dt) : int(end / recording.dt), 0]
    current = float(held.mean(dtype=np.float64)) if held.size else 0.0
    times = recording.spike_times[0]
    later = times[times >= start][:2]
    first = request.job.stimulus.parts[0]
    return Operating(
        current=round(current, 9),
        rate=spike_statistics(times, start, end).mean_rate,
        first=1000.0 / float(np.ptp(later)) if later.size > 1 else None,
        step=float(first.amplitude) if isinstance(first, Step) else None,
        stimulus=first.title,
    )


def span(limit: phase_plane.Rheobase, current: float) -> Span:
    """Currents to show, in round numbers: from zero, or below the rheobase, to twice that or well above the current."""
    least = limit.current if limit.current is not None else 0.0
    room = 0.3 * max(abs(current), abs(least))
    low, high = min(0.0, 1.5 * least, 1.3 * current), max(2.0 * least, current + room, 0.0)
    if high - low < 1e-6:
        high = 100.0
    step = nice((high - low) / 8)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def wider(one: Span, other: Span) -> Span:
    """The range that shows both."""
    return min(one[0], other[0]), max(one[1], other[1])


def nice(width: float) -> float:
    """The next round number."""
    decade = 10.0 ** math.floor(math.log10(width))
    return next(m * decade for m in NICE if m * decade >= width * (1 - 1e-9))


def levels(effort: Effort, wanted: Span, widest: Span, limit: phase_plane.Rheobase) -> np.ndarray:
    """Currents of a curve, always as many: most where it is looked at, some just above the rheobase, few beyond."""
    low, high = wanted
    rest = effort.currents
    parts = []
    if limit.current is not None and low < limit.current < high:
        parts.append(limit.current + BLUR * (high - low) * np.linspace(0.0, 1.0, effort.near) ** 3)
        rest -= effort.near
    for begin, end in ((widest[0], low), (high, widest[1])):
        if end > begin:
            few = effort.near // 2
            parts.append(np.linspace(begin, end, few + 1)[:-1] if end == low else np.linspace(begin, end, few + 1)[1:])
            rest -= few
    return np.sort(np.concatenate([*parts, np.linspace(low, high, rest)]))


def compute(recording: Recording, limit: phase_plane.Rheobase, wanted: Span, widest: Span, coarse: bool) -> Curves:
    """The curves of the first neuron.

    Raises:
        ValueError, FloatingPointError: as `fi_curve`.
    """
    effort = COARSE if coarse else FULL
    soma, dt = single_neuron(recording), max(recording.dt, FINEST)
    currents = levels(effort, wanted, widest, limit)
    steps = rounded_up(round(effort.duration / dt))  # few numbers of steps, so that few are compiled
    curve = fi_curve(soma, currents, duration=steps * dt, onset=steps // 10 * dt, dt=dt, solver=recording.solver)
    values = soma.config.values()
    rates = theory_rate(type(soma), {name: values[name] for name in soma.config.quantities()}, currents).rate
    theory = None if rates is None or not np.isfinite(rates).all() else (currents, rates)
    return Curves(key_of(recording), wanted, effort, curve, limit, theory)


def renewed(
    known: Curves | None,
    recording: Recording,
    limit: phase_plane.Rheobase,
    wanted: Span,
    widest: Span,
    coarse: bool,
) -> Curves:
    """The curves that are known, or new ones where those do not serve.

    Raises:
        ValueError, FloatingPointError: as `fi_curve`.
    """
    if known is not None and known.serves(key_of(recording), wanted, coarse):
        return known
    return compute(recording, limit, wanted, widest, coarse)


def with_sweep(curves: Curves, recording: Recording, progress: Callable[[float], object]) -> Curves:
    """The same with a sweep up and down, around the rheobase where there is one.

    Raises:
        ValueError: as `ramp_sweep`.
    """
    (low, high), least, dt = curves.span, curves.limit.current, max(recording.dt, FINEST)
    if least is not None:
        half = max(abs(least), 0.05 * (high - low))
        low, high = max(low, least - half), min(high, least + half)
    hold = rounded_up(round(curves.effort.hold / dt)) * dt
    try:
        found = ramp_sweep(
            single_neuron(recording),
            low,
            high,
            curves.effort.stairs,
            hold,
            dt=dt,
            solver=recording.solver,
            progress=progress,
        )
    except FloatingPointError:
        return replace(curves, trouble="On the way up and down its variables grow without bound.")
    return replace(curves, sweep=found)
