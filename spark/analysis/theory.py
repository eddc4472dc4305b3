"""Firing rates in closed form, for the somas that have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.hybrid import Values
from ..nn.components.somas import Soma
from .calling import of_neuron
from .curves import finite, number
from .host import Equations, equations
from .neuron import class_of

LINEAR = 1e-9
"""Bend of the flow, as a part of the flow, up to which it counts as linear in the potential."""


@dataclass(frozen=True)
class TheoryRate:
    """A rate in closed form.

    Attributes:
        rate: Hz, shape of the currents; None where there is no closed form.
        why: the formula, or why there is none.
    """

    rate: np.ndarray | None
    why: str


@of_neuron
def theory_rate(kind: type[Soma] | Soma, params: Mapping[str, Any], currents: ArrayLike) -> TheoryRate:
    """The rate under a constant current in closed form, for somas whose potential alone moves, and linearly.

    With k the decay rate of the potential (1/tau) and V_inf = V_rest + R I where it goes,

        rate = 1000 / (t_ref + ln((V_inf - V_1) / (V_inf - theta)) / k)   if V_inf > theta, else 0,

    where V_1 is the potential at the end of the refractory period t_ref:

    - no period (t_ref = 0), or the potential is held meanwhile: V_1 = V_reset, the textbook's formula;
    - input disconnected, membrane free: V_1 = V_rest + (V_reset - V_rest) exp(-k t_ref), from V_reset towards V_rest.

    Where V_1 lies above theta (a resting potential above the threshold), it fires at the end of each period.
    Exact for spikes that are located inside the step; on a grid each interval is longer by up to a step.

    k, V_inf and V_1 are asked of the soma's own flow, level and jump: any soma of this kind has a closed form.

    Args:
        kind: the class of the soma.
        params: its quantities by name, one number each, such as `soma.config.values()`.
        currents: pA, shape (currents,).

    Raises:
        ValueError: currents that are not finite numbers; a parameter that is missing or not one number.

    Source: Gerstner, Kistler, Naud, Paninski (2014) Neuronal Dynamics, ch. 1.3; the free period follows from it.
    """
    kind = class_of(kind)
    levels, its = finite("currents", currents), equations(kind)
    missing = [name for name in its.parameters if name not in params]
    if missing:
        raise ValueError(
            f"{kind.__name__} needs its parameter {echo(missing[0])}: give one number for each of its names."
        )
    p = Values({name: np.float64(number(name, params[name])) for name in its.parameters})
    if slow := kind.system.slow:
        return TheoryRate(None, f"no closed form: the {slow[0].name} of {kind.__name__} changes from spike to spike.")
    rate = _rate(kind, its, p, levels)
    if rate is None:
        return TheoryRate(None, f"no closed form: the potential of {kind.__name__} does not relax linearly.")
    return TheoryRate(rate, "1000 / (t_ref + tau ln((V_inf - V_1) / (V_inf - theta)))")


def _rate(kind: type[Soma], its: Equations, p: Values, levels: np.ndarray) -> np.ndarray | None:
    rest = kind.system.initial(p, p.potential_rest)
    after, level = its.jump(p, rest), float(its.level(p, rest))
    reset, period = float(after.potential), float(after.get("refractory", 0.0))

    def rise(potential: float, clock: float) -> np.ndarray:
        s = rest | {"potential": np.float64(potential)} | ({"refractory": np.float64(clock)} if clock else {})
        return np.broadcast_to(its.flow(p, s, levels).potential, levels.shape)

    low = min(reset, float(p.potential_rest), level - 1.0)
    here, middle, there = (rise(v, 0.0) for v in (low, (low + level) / 2, level))
    decay = (here - there) / (level - low)
    if np.any(np.abs(here - 2 * middle + there) > LINEAR * (np.abs(here) + np.abs(there))) or np.any(decay <= 0):
        return None
    start = np.full(levels.shape, reset)
    if period:
        z = -period * (rise(low, period) - rise(level, period)) / (level - low)
        start += period * rise(reset, period) * np.where(z == 0, 1.0, np.expm1(z) / np.where(z == 0, 1.0, z))
    target = low + here / decay
    with np.errstate(divide="ignore", invalid="ignore"):
        climb = np.where(target > level, np.log((target - start) / (target - level)) / decay, np.inf)
        return 1000.0 / (period + np.where(start >= level, 0.0, climb))
