"""Where a soma stands still, whether it stays there, and the current at which it can no longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn.components.somas import Soma
from .calling import of_neuron
from .neuron import Array
from .planes import neuron_of

BORDER = 1e-6
"""A real part this small beside the slopes of the flow counts as zero: the point is on the border of two types."""


@dataclass(frozen=True)
class FixedPoint:
    """A state that does not change under a constant current.

    Attributes:
        potential: mV.
        second: the second variable in its own unit; None where the soma has none.
        jacobian: derivatives of the flow, shape (2, 2), or (1, 1) of a soma with one variable; rows are of, columns by.
        eigenvalues: of the Jacobian, 1/ms.
        type: "stable node", "unstable node", "stable focus", "unstable focus", "saddle" or "degenerate" (an eigenvalue
            with real part zero: a bifurcation); "stable" or "unstable" of a soma with one variable.
        beyond: whether it lies beyond the firing level: the soma fires before it gets there.
    """

    potential: float
    second: float | None
    jacobian: Array
    eigenvalues: Array
    type: str
    beyond: bool

    @property
    def stable(self) -> bool:
        """Whether the soma can stay there."""
        return self.type.startswith("stable") and not self.beyond


@of_neuron
def fixed_points(kind: type[Soma] | Soma, parameters: Mapping[str, Any], current: float) -> tuple[FixedPoint, ...]:
    """All fixed points, by rising potential, those beyond the firing level too.

    Along the second variable's nullcline x = n(V) they are the zeros of dV/dt = F(V, n(V)). F is sampled from -1e6 to
    1e6 mV, with its extrema (det J = 0) among the samples, so two zeros that are about to merge are told apart; each
    zero is then closed in upon to the last digits. Agrees with the closed forms by Lambert's W (AdEx) and by the
    quadratic formula (Izhikevich); the tests compare them.

    Raises:
        TypeError: no soma.
        ValueError: as `neuron_of`; or the second variable does not relax with these parameters.
    """
    neuron = neuron_of(kind, parameters, current)
    neuron.refuse_idle()
    bare = neuron.plane.second is None

    turns = zeros(lambda v: neuron.along(v, "det")[0], NODES)
    nodes = np.sort(np.concatenate([NODES, turns]))
    found = [*zeros(lambda v: neuron.along(v, "rate")[0], nodes)]
    # Where F touches zero without crossing it, or by as little as rounding is, the extremum itself is the point.
    for v in turns[np.abs(neuron.along(turns, "rate")[0]) < 1e-13 * np.abs(turns)]:
        found = [*(other for other in found if abs(other - v) > 1e-4), v]
    v = np.sort(np.array(found, float))
    x = neuron.relaxed(v)
    (fv, fx), (gv, gx) = neuron.slopes(v, x)
    jacobians = np.moveaxis(np.array([[fv]] if bare else [[fv, fx], [gv, gx]], float), -1, 0)
    eigenvalues = np.linalg.eigvals(jacobians)
    return tuple(
        FixedPoint(
            potential=float(v[k]),
            second=None if bare else float(x[k]),
            jacobian=jacobians[k],
            eigenvalues=eigenvalues[k],
            type=_type(jacobians[k], eigenvalues[k]),
            beyond=bool(beyond),
        )
        for k, beyond in enumerate(neuron.event(v, x) >= 0)
    )


def _type(jacobian: Array, eigenvalues: Array) -> str:
    real = np.real(eigenvalues)
    if np.any(np.abs(real) <= BORDER * max(np.abs(jacobian).max(), 0.01)):
        return "degenerate"
    if real.min() < 0 < real.max():
        return "saddle"
    stability = "stable" if real.max() < 0 else "unstable"
    if len(eigenvalues) == 1:
        return stability
    return f"{stability} {'focus' if np.any(np.imag(eigenvalues)) else 'node'}"


@dataclass(frozen=True)
class Rheobase:
    """The largest steady current at which a soma can rest.

    Attributes:
        current: pA; None where there is no such current.
        potential: of the resting state that is lost there, mV.
        bifurcation: how it is lost: "saddle-node" (it merges with a saddle), "Hopf" (it turns into an unstable focus),
            or "threshold" (it meets the firing level).
        excitability: class 1 (saddle-node and threshold: firing can be arbitrarily slow) or 2 (Hopf: it sets in at a
            finite rate), by the bifurcation alone; a soma that fires beside a resting state can depart from it.
        reason: why there is none, in one sentence.
        lowest: the smallest steady current at which it can rest, pA; None where it can at any that is smaller. Only
            somas whose second variable runs away from V have one (Izhikevich with a < 0 and b < 0): below it they fire.
    """

    current: float | None
    potential: float | None = None
    bifurcation: str = ""
    excitability: int | None = None
    reason: str = ""
    lowest: float | None = None


@of_neuron
def rheobase(kind: type[Soma] | Soma, parameters: Mapping[str, Any]) -> Rheobase:
    """The current above which no stable fixed point is left, and by which bifurcation.

    A current only shifts dV/dt, so each potential V is a fixed point under one current I(V) along the second
    variable's nullcline. It is stable if tr J < 0 and det J > 0 and V is below the firing level. The rheobase is the
    largest I(V) of a stable V; what fails next to it names the bifurcation. This gives the closed forms:

    - leaky: (theta - V_rest)/R; exponential: (V_T - V_rest - D)/R; a moving threshold counts at its base;
    - AdEx: a saddle-node at V_T + D log(1 + a R), or before it, if a R > tau_m/tau_w, a Hopf bifurcation at
      V_T + D log(1 + tau_m/tau_w);
    - Izhikevich: a saddle-node at R I = (5 - b)^2/0.16 - 140, or before it, if a < b, a Hopf at v = (a - 5)/0.08.

    Source:
        Touboul, Brette (2008) Biol Cybern 99:319-334, https://doi.org/10.1007/s00422-008-0267-4
        Naud, Marcille, Clopath, Gerstner (2008) Biol Cybern 99:335-347, https://doi.org/10.1007/s00422-008-0264-7

    Raises:
        TypeError, ValueError: as `fixed_points`.
    """
    neuron = neuron_of(kind, parameters, 0.0)
    neuron.refuse_idle()
    name = neuron.kind.__name__

    def failing(v: Array) -> Array:
        trace, det, event = neuron.along(v, "trace", "det", "event")
        return np.stack([~(det > 0), ~(trace < 0), ~(event < 0)])

    def needed(v: Array) -> Array:
        rate, gain = neuron.along(v, "rate", "gain")  # at no current
        with np.errstate(all="ignore"):
            return np.asarray(-rate / gain)

    left, right = brackets(lambda v: np.asarray(failing(v).any(axis=0)), NODES)
    edges = np.concatenate([left, right])
    beside = np.concatenate([right, left])
    held = ~failing(edges).any(axis=0) if edges.size else np.zeros(0, bool)
    if not held.any():
        return Rheobase(None, reason=f"{name} has no stable resting state at any current.")
    edges, beside = edges[held], beside[held]
    currents = needed(edges)
    if not np.isfinite(currents).all():
        return Rheobase(None, reason=f"{name} does not respond to a current: its resistance is 0.")
    ends = NODES[[0, -1]]
    unbounded = ~failing(ends).any(axis=0) & (needed(ends) > currents.max())
    if unbounded.any():
        return Rheobase(None, reason=f"{name} can rest at any current, however large.")
    first = int(np.argmax(currents))
    lost = failing(beside[first : first + 1])[:, 0]
    bifurcation = ("saddle-node", "Hopf", "threshold")[int(np.flatnonzero(lost)[0])]
    return Rheobase(
        float(currents[first]),
        float(edges[first]),
        bifurcation,
        2 if bifurcation == "Hopf" else 1,
        lowest=float(currents.min()) if failing(ends[:1]).any() else None,
    )


NODES = -60 + 20 * np.sinh(np.linspace(-11.5, 11.5, 400))
"""Potentials from -1e6 to 1e6 mV, closest (1.2 mV) where neurons live."""


def zeros(function: Callable[[Array], Array], nodes: Array) -> Array:
    """The zeros of a function between neighbouring nodes of unlike sign; shape (zeros,)."""
    left, right = brackets(lambda v: function(v) > 0, nodes, 1e-9)
    low, high = function(left), function(right)
    # In a bracket this narrow the function is a line to the last digit, unless two zeros merge in it.
    return left + (right - left) * np.abs(low) / np.maximum(np.abs(low) + np.abs(high), np.finfo(float).tiny)


def brackets(test: Callable[[Array], Array], nodes: Array, width: float = 1e-15) -> tuple[Array, Array]:
    """Where a yes or no changes between neighbouring nodes: the last point on each side of each change.

    Every round cuts all brackets into 256 parts at once: fewer calls than bisection, and no derivative. They end
    narrower than `width` times their own size, or at the resolution of numbers.
    """
    steps = np.linspace(0.0, 1.0, 257)
    answer = test(nodes)
    at = np.flatnonzero(answer[1:] != answer[:-1])
    left, right, first = nodes[at], nodes[at + 1], answer[at]
    while at.size and np.any(right - left > width * np.abs(left) + 4 * np.spacing(np.abs(left))):
        grid = left[:, None] + (right - left)[:, None] * steps
        changed = test(grid.ravel()).reshape(grid.shape) != first[:, None]
        changed[:, 0], changed[:, -1] = False, True  # known, whatever rounding says
        index = np.argmax(changed, axis=1)
        rows = np.arange(len(at))
        left, right = grid[rows, index - 1], grid[rows, index]
    return left, right
