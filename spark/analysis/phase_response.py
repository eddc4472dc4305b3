"""How much earlier a soma that fires regularly fires again, for a touch at each phase of its cycle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.echo import echo
from ..nn.components.somas import Soma
from ..simulation import simulate
from ..solvers import Solver
from .curves import alone

STEADY = 1e-3
"""Part by which the last two intervals may differ in a train that counts as periodic."""


@dataclass(frozen=True)
class PhaseResponse:
    """The phase response curve of a soma under a constant current.

    Attributes:
        phase: of the touch: from 0 at a spike to 1 at the next one, shape (points,), rising.
        response: how far the phase advances, in cycles per charge, 1/(pA ms), shape (points,): positive where the next
            spikes come earlier.
        period: from spike to spike, ms.
    """

    phase: np.ndarray
    response: np.ndarray
    period: float


def phase_response(
    soma: Soma,
    current: float,
    *,
    points: int = 50,
    charge: float = 5.0,
    after: int = 10,
    settle: float = 1000.0,
    dt: float | None = None,
    solver: Solver | None = None,
) -> PhaseResponse:
    """The infinitesimal phase response curve, by touching: many copies of a soma, one for each phase, in one run.

        Z(phase) = (t(-q) - t(+q)) / (2 q T),   t: the time of spike number `after`, T: the period

    Each copy gets the charge q once, spread over one time step, the middle of which is its phase; another one gets -q,
    so that what is of second order in q cancels. For a leaky soma without a refractory period

        Z(phase) = R exp(phase T / tau) / (T (R I + V_rest - V_reset)).

    A soma that adapts feels a touch for some cycles. A large `after` gives the curve that theory calls infinitesimal
    (the adjoint), where what is lasting counts; `after=1` gives that of the very next spike.

    Args:
        soma: the soma, with one value for each of its parameters.
        current: constant, pA; the soma must fire regularly under it.
        points: number of phases.
        charge: q, pA ms (fC): large enough for spike times to tell it from rounding, small for it to be a touch.
        after: which spike after the touch is looked at, from 1.
        settle: time to arrive at the cycle, ms.
        dt: time step, ms; the soma's own when None.
        solver: the soma's own when None.

    Raises:
        TypeError, FloatingPointError: as `simulate`.
        ValueError: as `simulate`; a solver on the grid; a soma that does not fire regularly; a period of fewer steps
            than points; a charge that is not positive, or by which a spike comes or goes.

    Source: Ermentrout (1996) Neural Comput 8:979-1001; Netoff, Schwemmer, Lewis (2012) in: Phase Response Curves in
        Neuroscience, Springer (the direct method).
    """
    soma, dt = alone(soma, dt)
    for name, value in (("points", points), ("after", after)):
        if not (isinstance(value, int) and value >= 1):
            raise ValueError(f"{name} = {echo(value)} must be a whole number of at least 1.")
    if not (math.isfinite(charge) and charge > 0):
        raise ValueError(f"charge = {charge} pA ms must be greater than 0 and finite.")
    if getattr(soma.config.solver if solver is None else solver, "on_grid", False):
        raise ValueError("on the grid a spike comes a whole step earlier or not at all: take a solver that locates it.")
    kind = soma.config.float_type
    options: dict[str, Any] = {"dt": dt, "solver": solver, "record": ()}
    before = simulate(soma, np.full(max(1, round(settle / dt)), current, kind), units=1, **options)
    period, next_spike = _period(before.spike_times[0], before.duration, current)
    first, last = math.floor(next_spike / dt) + 1, math.floor((next_spike + period) / dt) - 1
    if last - first + 1 < points:
        raise ValueError(f"a period of {period:.4g} ms has no {points} steps of {dt:g} ms: lower points or dt.")
    touched = np.linspace(first, last, points).round().astype(int)
    steps = math.ceil(
        (next_spike + (after + 0.5) * period) / dt
    )  # half a cycle more, so that no spike is lost at the end
    held = np.full((steps, 2 * points + 1), current, float)
    columns = np.arange(points)
    held[touched, 1 + columns] += charge / dt
    held[touched, 1 + points + columns] -= charge / dt
    run = simulate(soma, held.astype(kind), initial={n: float(v[0]) for n, v in before.final.items()}, **options)
    trains = run.spike_times
    if len({times.size for times in trains}) > 1 or trains[0].size <= after:
        raise ValueError(f"with a charge of {charge:g} pA ms spikes come or go: lower it.")
    spike = np.array([times[after] for times in trains])
    origin, period = trains[0][0], float(trains[0][1] - trains[0][0])
    advance = (spike[1 + points :] - spike[1 : 1 + points]) / 2
    return PhaseResponse(((touched + 0.5) * dt - origin) / period, advance / (charge * period), period)


def _period(spikes: np.ndarray, end: float, current: float) -> tuple[float, float]:
    """The period of a train, ms, and how long after `end` its next spike comes."""
    gaps = np.diff(spikes)
    if gaps.size < 2:
        raise ValueError(
            f"a phase needs a cycle, and {current:g} pA makes the soma fire {spikes.size} times: drive it more."
        )
    if abs(gaps[-1] - gaps[-2]) > STEADY * gaps[-1]:
        raise ValueError(
            f"under {current:g} pA the last intervals are {gaps[-2]:.4g} and {gaps[-1]:.4g} ms: "
            "a phase needs a cycle, so settle longer, or take a current under which it fires regularly."
        )
    period = float(gaps[-1])
    return period, float(spikes[-1]) + period - end
