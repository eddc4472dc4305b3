"""A soma without hidden state: parameters and state go in, state and output come out."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from ....core.frame import low, lows, parted
from ....core.hybrid import Hybrid, Values
from ....solvers import Solver, reversible


class StepOutput(NamedTuple):
    """What one step gives, arrays of the population's shape.

    Attributes:
        spikes: which units fired in the step, bool.
        potential: membrane potential at the end of the step, mV.
        offset: when in the step a unit fired, ms after its beginning; 0 where it did not.
    """

    spikes: jax.Array
    potential: jax.Array
    offset: jax.Array


def stepped(system: Hybrid, solver: Solver, p: Values, s: Values, current: Any, dt: Any) -> tuple[Values, StepOutput]:
    """One step of a state in its own variables, with all its digits; differentiable forwards and backwards."""
    frame = solver.frame(system)
    z, fired, offset = moved(frame.system, solver, p, frame.enter(p, s), current, dt)
    s = frame.left(p, z)
    return s, StepOutput(fired, s.potential, offset)


def moved(
    system: Hybrid, solver: Solver, p: Values, z: Values, current: Any, dt: Any
) -> tuple[Values, jax.Array, jax.Array]:
    """One step in the solver's coordinates: the state, whether each unit fired, and when."""
    shape, kind = z.potential.shape, z.potential.dtype
    own, rest = parted(z)
    p = Values({k: jnp.broadcast_to(jnp.asarray(v, kind), shape) for k, v in p.items()})
    current, dt = (jnp.broadcast_to(jnp.asarray(v, kind), shape) for v in (current, dt))
    if solver.on_grid:  # which is the scheme of other simulators, in their digits
        own, spikes, offset = reversible(partial(_numbers, system, solver))(p, own, current, dt)
        return own | lows(rest), spikes > 0, offset
    # Digits beyond the last one of a number have no derivative of their own.
    digits = lows(Values({k: lax.stop_gradient(v) for k, v in rest.items()}))
    z, spikes, offset = reversible(partial(_numbers, system, solver))(p, own | digits, current, dt)
    return z | {low(k): lax.stop_gradient(z[low(k)]) for k in rest}, spikes > 0, offset


def _numbers(system: Hybrid, solver: Solver, p: Values, z: Values, current: jax.Array, dt: jax.Array) -> Any:
    """A step of which all results are numbers: a truth value has no derivative."""
    z, fired, offset = solver.step(system, p, z, current, dt)
    return z, fired.astype(offset.dtype), offset
