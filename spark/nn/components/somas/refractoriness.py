"""Mechanisms that keep a soma from firing for a while after a spike: the refractory clock, which solvers count down."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp

from ....core.hybrid import Hybrid, Values
from ....core.variable import CLOCK
from .membranes import zero


def refractory(system: Hybrid) -> Hybrid:
    """For `cooldown` ms after a spike the input is disconnected and firing impossible; the membrane evolves."""

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        connected = jnp.where(s.refractory > 0, 0.0, current)
        return system.flow(p, s, connected) | {"refractory": zero(s.refractory)}

    return replace(
        system,
        initial=lambda p, v: system.initial(p, v) | {"refractory": zero(v)},
        flow=flow,
        jump=lambda p, s: system.jump(p, s) | {"refractory": p.cooldown},
        variables=(*system.variables, CLOCK),
    )


def strict_refractory(system: Hybrid) -> Hybrid:
    """Refractory, and the potential is held at the reset meanwhile."""
    free = refractory(system)

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        ds = free.flow(p, s, current)
        return ds | {"potential": jnp.where(s.refractory > 0, 0.0, ds.potential)}

    return replace(free, flow=flow)
