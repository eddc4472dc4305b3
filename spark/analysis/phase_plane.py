"""The phase plane of a soma: nullclines, vector field, the path of a run, and all of it in one sentence.

Everything here is the soma's own flow (`spark.analysis.host`), and takes the parameters of one neuron by name, such
as a column of `Recording.parameters`, and a constant current in pA. The refractory clock is taken as run out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.echo import echo
from ..nn.components.somas import Soma
from .calling import of_neuron
from .fixed_points import FixedPoint as FixedPoint
from .fixed_points import Rheobase as Rheobase
from .fixed_points import fixed_points as fixed_points
from .fixed_points import rheobase as rheobase
from .fixed_points import zeros
from .neuron import Array, Neuron
from .neuron import Plane as Plane
from .planes import balance, neuron_of, soft_threshold_at_rest
from .planes import plane_of as plane_of
from .trajectory import Trajectory as Trajectory
from .trajectory import trajectory as trajectory


@dataclass(frozen=True)
class Curve:
    """A line in the plane, ready to draw.

    Attributes:
        potential: mV, shape (points,).
        second: the second variable in its unit (dV/dt in mV/ms where there is none), same shape; a vertical line has
            two points, at -inf and inf.
    """

    potential: Array
    second: Array

    def clipped(self, bottom: float, top: float) -> Curve:
        """The same with its second variable between two numbers, for what cannot draw an infinity."""
        return Curve(self.potential, np.clip(self.second, bottom, top))


@dataclass(frozen=True)
class Nullclines:
    """Where one of the two variables stands still, and where a spike happens.

    Attributes:
        potential: branches of dV/dt = 0, which do not touch each other.
        second: dx/dt = 0 of the second variable.
        firing: V = level: a spike is fired where a path meets it from the left.
        reset: V = V_reset: where paths go on after a spike.
    """

    potential: tuple[Curve, ...]
    second: Curve
    firing: Curve
    reset: Curve


@dataclass(frozen=True)
class Field:
    """The flow on a grid.

    Attributes:
        potential: mV, shape (columns,).
        second: the second variable, shape (rows,).
        potential_rate: dV/dt, mV/ms, shape (rows, columns).
        second_rate: dx/dt, its unit per ms, same shape.
    """

    potential: Array
    second: Array
    potential_rate: Array
    second_rate: Array


@of_neuron
def nullclines(
    kind: type[Soma] | Soma, parameters: Mapping[str, Any], current: float, low: float, high: float, n: int = 400
) -> Nullclines:
    """Nullclines between the potentials `low` and `high` (mV), `n` points each, in closed form.

    A flow that is linear in x, such as that of AdEx and Izhikevich, gives dV/dt = 0 at x(V) = -f(V, 0) / (df/dx):
    w = (V_rest - V + D exp((V - V_T)/D))/R + I, and u = 0.04 V^2 + 5 V + 140 + R I. A leaky membrane beside a moving
    threshold stands still at V = V_rest + R I. An exponential one does at
    theta = V - V_T + theta_0 - D log((V - V_rest - R I)/D), for V > V_rest + R I.

    Raises:
        TypeError: no soma.
        ValueError: it has no plane, or one variable, or a flow without a closed form; a parameter is missing or not one
            number; the current is not finite; `low` is not below `high`; `n` is below 2.
    """
    neuron = neuron_of(kind, parameters, current)
    name, plane = neuron.kind.__name__, neuron.plane
    if plane.second is None:
        raise ValueError(f"{name} has no second variable, so it has no nullclines: draw its rate of change instead.")
    if plane.form == "none":
        raise ValueError(f"{name}'s flow has no nullcline in closed form: draw its field instead.")
    v = _between(low, high, n)
    return Nullclines(
        potential=_of_potential(neuron, v),
        second=Curve(v, np.array(neuron.relaxed(v))),
        firing=_firing(neuron, v[[0, -1]]),
        reset=_vertical(neuron.reset()),
    )


@of_neuron
def rate(
    kind: type[Soma] | Soma, parameters: Mapping[str, Any], current: float, low: float, high: float, n: int = 400
) -> Curve:
    """dV/dt (mV/ms) against the potential, the second variable held at rest with it: the plane of one-variable somas.

    Raises:
        TypeError, ValueError: as `nullclines`.
    """
    neuron = neuron_of(kind, parameters, current)
    v = _between(low, high, n)
    return Curve(v, np.array(neuron.along(v, "rate")[0]))


@of_neuron
def field(kind: type[Soma] | Soma, parameters: Mapping[str, Any], current: float, potential: Any, second: Any) -> Field:
    """The flow on the grid of `potential` (mV) and `second` (in its unit); of a one-variable soma, rows are equal.

    Raises:
        TypeError: no soma.
        ValueError: as `neuron_of`.
    """
    neuron = neuron_of(kind, parameters, current)
    v, x = np.atleast_1d(np.asarray(potential, float)), np.atleast_1d(np.asarray(second, float))
    dv, dx = neuron.flow(v[None, :], x[:, None])
    return Field(v, x, np.array(dv), np.array(dx))


@of_neuron
def summary(
    kind: type[Soma] | Soma,
    parameters: Mapping[str, Any],
    current: float,
    points: tuple[FixedPoint, ...] | None = None,
) -> str:
    """The plane in a sentence or two, for those who cannot see it; `points` are its fixed points, if they are known.

    Raises:
        TypeError, ValueError: as `fixed_points`.
    """
    neuron = neuron_of(kind, parameters, current)
    points = fixed_points(kind, parameters, current) if points is None else points
    limit = rheobase(kind, parameters)
    rests = any(point.stable for point in points)
    return f"{_places(neuron.plane, points)}; {_verdict(limit, float(current), rests)}"


def _places(plane: Plane, points: tuple[FixedPoint, ...]) -> str:
    if not points:
        return "No fixed point"

    def place(point: FixedPoint) -> str:
        kind = point.type if plane.second and point.type != "degenerate" else f"{point.type} point"
        where = f"V = {point.potential:.1f} mV"
        if point.second is not None:
            where += f", {plane.symbol} = {round(point.second, 1) + 0.0:g} {plane.unit}".rstrip()
        return f"one {kind} at {where}{' (beyond the firing level)' if point.beyond else ''}"

    words = " and ".join(map(place, points))
    return words[0].upper() + words[1:]


def _verdict(limit: Rheobase, current: float, rests: bool) -> str:
    if limit.current is None:
        return limit.reason
    above = current > limit.current
    outcome = "it can rest" if rests else "it fires" if above else "it cannot rest"
    side = "above" if above else "below" if current < limit.current else "at"
    return (
        f"the input of {current:.4g} pA is {side} the rheobase of {limit.current:.4g} pA "
        f"({limit.bifurcation}): {outcome}."
    )


def _between(low: float, high: float, n: int) -> Array:
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(f"low must be below high, both finite (mV), got {echo(low)} and {echo(high)}.")
    if n < 2:
        raise ValueError(f"n = {echo(n)} must be at least 2 points.")
    return np.linspace(low, high, n)


def _of_potential(neuron: Neuron, v: Array) -> tuple[Curve, ...]:
    if neuron.plane.form == "vertical":
        return tuple(map(_vertical, zeros(lambda v: neuron.flow(v, 0.0)[0], v)))
    if neuron.plane.form == "explicit":
        with np.errstate(all="ignore"):
            x = -neuron.flow(v, 0.0)[0] / neuron.slopes(v, 0.0)[0][1]
        kept = np.isfinite(x)  # no input resistance, no nullcline
        return (Curve(v[kept], x[kept]),) if kept.any() else ()
    # It rises to infinity at its left end, where the leak and the input balance: finer steps there.
    foot, width = balance(neuron.p, neuron.current), float(neuron.p.spike_slope)
    near = foot + width * np.geomspace(1e-9, 1, 64, endpoint=False)
    v = np.concatenate([near[(near >= v[0]) & (near <= v[-1])], v[v >= foot + width]])
    return (Curve(v, soft_threshold_at_rest(neuron.p, v, neuron.current)),) if v.size else ()


def _firing(neuron: Neuron, v: Array) -> Curve:
    at = [float(neuron.equations.level(neuron.p, neuron.state(v[0], np.float64(x)))) for x in (0, 1)]
    return _vertical(at[0]) if at[0] == at[1] else Curve(v, (v - at[0]) / (at[1] - at[0]))


def _vertical(v: float) -> Curve:
    return Curve(np.array([v, v]), np.array([-np.inf, np.inf]))
