"""The adaptation map: the second variable right after one spike, from that right after the spike before.

A spike sends the potential to V_reset whatever it was, so on that line the second variable w alone decides what
follows. Under a constant input its values after successive spikes are w, Phi(w), Phi(Phi(w)), ...: a fixed point of Phi
is tonic firing, an orbit of period n a burst of n spikes, and chaos of the map irregular firing.

Source: Touboul, Brette (2008) Dynamics and bifurcations of the adaptive exponential integrate-and-fire model.
Biol Cybern 99:319-334, https://doi.org/10.1007/s00422-008-0267-4
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from ..core.echo import echo
from ..core.hybrid import Values
from ..nn.components.somas import Soma
from ..solvers import RK4, Solver
from .calling import of_neuron
from .first_spike import to_first_spike
from .fixed_points import fixed_points, rheobase
from .neuron import Array, Neuron
from .orbits import Reading as Reading
from .orbits import cobweb as cobweb
from .orbits import iterate as iterate
from .orbits import read as read
from .orbits import read_orbit as read_orbit
from .planes import neuron_of


@dataclass(frozen=True)
class MapPoint:
    """A fixed point of the map: firing at equal intervals.

    Attributes:
        value: the second variable right after each spike.
        slope: of the map there.
        interval: between spikes, ms.
    """

    value: float
    slope: float
    interval: float

    @property
    def stable(self) -> bool:
        """Whether neighbouring orbits approach it."""
        return abs(self.slope) < 1


@dataclass(frozen=True)
class AdaptationMap:
    """Phi on a grid, under a constant input.

    Attributes:
        second: name of the second variable; symbol and unit: how people write it.
        current: input, pA.
        values: the second variable w right after a spike, rising, shape (n,), float64.
        image: Phi(w), right after the next spike; NaN where none came before the horizon.
        interval: time between the two, ms; NaN likewise.
        jump: how far a spike raises the second variable (that at the start, where it depends on the state).
        start: w after a first spike that starts from the resting state at no current.
        horizon: for how long each was followed, ms.
    """

    second: str
    symbol: str
    unit: str
    current: float
    values: Array
    image: Array
    interval: Array
    jump: float
    start: float
    horizon: float

    def __call__(self, value: float) -> float:
        """Phi(w) by interpolation, held beyond the ends of the grid; NaN nearest to a point that does not fire."""
        at = float(np.interp(value, self.values, np.arange(len(self.values))))
        below = int(at)
        above = min(below + 1, len(self.values) - 1)
        low, high = self.image[below], self.image[above]
        if np.isnan(low) or np.isnan(high):
            return float(low if at - below < 0.5 else high)
        return float(low + (at - below) * (high - low))

    @property
    def fixed_points(self) -> tuple[MapPoint, ...]:
        """Where the map meets the diagonal, on lines between the points of the grid (where it does not jump)."""
        gap = self.image - self.values
        width = np.diff(self.values)
        rise = np.diff(self.image)
        # NaN compares False. A cell that Phi crosses in one leap, as beside a resting state, holds no fixed point.
        crossing = (np.signbit(gap[:-1]) != np.signbit(gap[1:])) & (np.abs(rise) < np.ptp(self.values) / 2)
        found = []
        for k in np.flatnonzero(crossing & np.isfinite(rise)):
            part = gap[k] / (gap[k] - gap[k + 1])
            interval = self.interval[k] + part * (self.interval[k + 1] - self.interval[k])
            found.append(MapPoint(float(self.values[k] + part * width[k]), float(rise[k] / width[k]), float(interval)))
        return tuple(found)


@of_neuron
def adaptation_map(
    kind: type[Soma] | Soma,
    parameters: Mapping[str, Any],
    current: float,
    values: Any = None,
    *,
    n: int = 200,
    horizon: float = 2000.0,
    dt: float = 0.1,
    solver: Solver | None = None,
) -> AdaptationMap:
    """Phi on a grid of the second variable: each point is run from right after one spike to right after the next.

    One compiled loop for each soma, solver and number of points; parameters, current, grid, step and horizon never
    compile again.

    Args:
        kind: the soma, a class or an instance.
        parameters: one number for each parameter by name.
        current: constant input, pA.
        values: the grid, in the unit of the second variable, rising; None takes `n` points over
            `reach`, closest where the map is steepest, and as much further as the map itself reaches.
        n: number of points of that grid.
        horizon: time after which a point counts as silent, ms.
        dt: time step, ms; shortened where the solver would be unstable.
        solver: RK4 when None.

    Raises:
        TypeError: no soma.
        ValueError: the soma has no second variable; a parameter is missing or not one number; the grid does not rise;
            or a number is not finite or not positive.
    """
    neuron = neuron_of(kind, parameters, current)
    name, plane, solver = neuron.kind.__name__, neuron.plane, RK4() if solver is None else solver
    if plane.second is None:
        raise ValueError(f"{name} has no second variable, so there is no reset map.")
    for word, number in {"horizon": horizon, "dt": dt}.items():
        if not (np.isfinite(number) and number > 0):
            raise ValueError(f"{word} = {echo(number)} ms must be greater than 0 ms and finite.")
    if values is None and n < 8:
        raise ValueError(f"n = {echo(n)} must be at least 8 points.")
    neuron.refuse_idle()
    low, high, fold = reach(neuron)
    grid = _grid(low, high, fold, n) if values is None else np.asarray(values, float)
    if grid.ndim != 1 or grid.size < 2 or not np.all(np.diff(grid) > 0) or not np.isfinite(grid).all():
        raise ValueError("values must be at least two finite numbers in rising order.")
    image, interval = _run(neuron, solver, grid, dt, horizon)
    for _ in range(2 if values is None else 0):
        reached = image[np.isfinite(image)]
        if not reached.size or (reached.min() >= low and reached.max() <= high):
            break
        margin = (high - low) / 10
        low, high = min(low, reached.min() - margin), max(high, reached.max() + margin)
        grid = _grid(low, high, fold, n)
        image, interval = _run(neuron, solver, grid, dt, horizon)
    start = float(neuron.relaxed(neuron.p.potential_rest))
    jump = neuron.jump(start)
    return AdaptationMap(
        second=plane.second,
        symbol=plane.symbol,
        unit=plane.unit,
        current=float(current),
        values=grid,
        image=image,
        interval=interval,
        jump=jump,
        start=start + jump,
        horizon=float(horizon),
    )


def _run(neuron: Neuron, solver: Solver, grid: Array, dt: float, horizon: float) -> tuple[Array, Array]:
    """Image of the grid, and the intervals."""
    number = jax.dtypes.canonicalize_dtype(float).type
    rest = next((f for f in fixed_points(neuron.kind, neuron.p, float(neuron.current)) if f.stable), None)
    image, interval = to_first_spike(
        neuron.kind.system,
        solver,
        str(neuron.plane.second),
        Values({name: np.full(grid.shape, value, number) for name, value in neuron.p.items()}),
        grid.astype(number),
        number(neuron.current),
        (number(rest.potential), number(rest.second)) if rest else (number("nan"), number("nan")),
        number(min(dt, solver.stable / 2 / _fastest(neuron))),
        number(horizon),
    )
    return np.asarray(image, float), np.asarray(interval, float)


def reach(neuron: Neuron) -> tuple[float, float, float]:
    """A range of the second variable in which firing under this current takes place, and where the map is steepest.

    The range goes from the variable's rest at V_reset to where the potential stands still there (for a moving
    threshold, to where it could no longer fire at all), and two jumps of a spike beyond. At the crossing of V_reset
    with the potential's nullcline paths part: below it they go up at once, above it they turn back first.
    """
    reset = neuron.reset()
    base = float(neuron.relaxed(reset))
    if neuron.plane.form == "explicit":
        pull = float(neuron.slopes(reset, 0.0)[0][1])
        other = float(-neuron.flow(reset, 0.0)[0]) / pull if pull else base
    else:
        limit = rheobase(neuron.kind, neuron.p).current
        other = base if limit is None else base + max(0.0, float(neuron.p.resistance * (neuron.current - limit)))
    margin = max(2 * abs(neuron.jump(base)), 0.15 * abs(other - base)) or 1.0
    return min(base, other) - margin, max(base, other) + margin, other


def _grid(low: float, high: float, fold: float, n: int) -> Array:
    """`n` points, half of them evenly spaced and half ever closer to the fold, where slopes of -50 are common."""
    even = np.linspace(low, high, n - n // 2)
    fine = (high - low) * np.geomspace(1e-4, 0.25, (n // 2 + 1) // 2)
    near = np.concatenate([fold - fine, fold + fine])[: n // 2]
    outside = (near <= low) | (near >= high)
    near[outside] = np.linspace(low, high, int(outside.sum()) + 2)[1:-1]
    return np.sort(np.concatenate([even, near])) + (high - low) * 1e-9 * np.arange(n)  # no two alike


def _fastest(neuron: Neuron) -> float:
    s = neuron.state(neuron.p.potential_rest, np.float64(0))
    return max(1e-9, *(float(rate) for rate in neuron.kind.system.rates(neuron.p, s).values()))
