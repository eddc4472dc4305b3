"""Which two variables span a soma's phase plane."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from ..core.echo import echo
from ..core.hybrid import Values
from ..core.variable import LEVEL
from ..nn.components.somas import Soma
from ..nn.components.somas.membranes import leaky, soft_threshold
from .neuron import Neuron, Plane, class_of, one_neuron

Array = np.ndarray


def plane_of(kind: type[Soma] | Soma) -> Plane | str:
    """The phase plane of a soma, or in one sentence why it has none.

    It is read off the soma's flow and the variables that it declares, so a new soma needs no entry anywhere.
    """
    return _plane_of(class_of(kind))


@cache
def _plane_of(kind: type[Soma]) -> Plane | str:
    name, slow = kind.__name__, kind.system.slow
    if len(slow) > 1:
        names = ", ".join(variable.name for variable in slow)
        return f"{name} has {len(slow)} variables beside its potential ({names}): a plane shows one."
    if not slow:
        return Plane(kind, None, "dV/dt", "mV/ms", "none")
    second, symbol, unit = slow[0].name, slow[0].symbol, slow[0].unit
    neuron = Neuron(kind, Plane(kind, second, symbol, unit, "none"), _defaults(kind), 0.0)
    v = np.linspace(-90.0, -30.0, 7)[:, None]
    x = neuron.relaxed(v) + np.linspace(-20.0, 20.0, 5)
    slopes = neuron.slopes(v, x)
    of_potential, of_second = slopes[0][1], slopes[1][1]
    if not (_constant(of_second) and np.all(of_second)):
        return f"{name} has no phase plane: d{second}/dt is not linear in {second}, so it has no nullcline to follow."
    form = "none"
    if _constant(of_potential):
        form = "explicit" if np.all(of_potential) else "vertical"
    elif "spike_slope" in neuron.p and second == LEVEL.name:
        shifted = soft_threshold_at_rest(neuron.p, v, 0.0)
        inside = np.isfinite(shifted)
        residue = neuron.flow(v[inside], shifted[inside])[0]
        form = "logarithm" if np.all(np.abs(residue) < 1e-9) else "none"
    return Plane(kind, second, symbol, unit, form)


def _constant(slope: Array) -> bool:
    """Whether a slope is the same all the way up each column."""
    return bool(np.all(np.ptp(slope, axis=1) <= 1e-12 * np.abs(slope).max(axis=1)))


def _defaults(kind: type[Soma]) -> Values:
    return Values({name: np.float64(value[0]) for name, value in kind().drawn((1,)).items()})


def balance(p: Values, current: Any) -> float:
    """V_rest + R I, the potential at which the leak and the input cancel, mV."""
    return float(
        p.potential_rest + leaky.flow(p, Values(potential=p.potential_rest), current).potential * p.potential_tau
    )


def soft_threshold_at_rest(p: Values, v: Array, current: Any) -> Array:
    """The firing threshold at which an exponential membrane whose soft threshold moves along stands still, mV.

    dV/dt = 0 gives exp((V - V_T - theta + theta_0)/D) = (V - V_rest - R I)/D, hence
    theta = V - V_T + theta_0 - D log((V - V_rest - R I)/D); NaN where the leak pulls up (V <= V_rest + R I).
    """
    lift = v - balance(p, current)
    with np.errstate(all="ignore"):
        soft = v - p.spike_slope * np.log(np.where(lift > 0, lift, np.nan) / p.spike_slope)
    return np.asarray(soft - soft_threshold(p, Values(threshold=np.float64(0))))


def neuron_of(kind: type[Soma] | Soma, parameters: Mapping[str, Any], current: float) -> Neuron:
    """One neuron of a soma that has a plane.

    Args:
        kind: the soma, a class or an instance.
        parameters: one number for each parameter by name, such as a column of `Recording.parameters`.
        current: constant input, pA.

    Raises:
        TypeError: no soma.
        ValueError: it has no plane, a parameter is missing or not one number, or the current is not finite.
    """
    kind = class_of(kind)
    plane = plane_of(kind)
    if isinstance(plane, str):
        raise ValueError(plane)
    if not np.isfinite(current):
        raise ValueError(f"the current must be finite (pA), got {echo(current)}.")
    return Neuron(kind, plane, one_neuron(kind, parameters), current)
