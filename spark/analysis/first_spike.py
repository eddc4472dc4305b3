"""Many copies of one neuron, each run to its first spike: one compiled loop."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from ..core.hybrid import Hybrid, Values
from ..solvers import Solver

NEAR = 1e-2
"""Closer to a stable state than this, in the solver's coordinate and a tenth of it of the grid's width, none fires."""


@cache
def frozen_after_spike(system: Hybrid) -> Hybrid:
    """The same system, which stands still once it has fired: the state right after its first jump is its last.

    A flag in the state, `landed`, is 1 from then on. Charts hand on what they do not know, and turn a flow of zero into
    a rate of zero, so this holds in a solver's smooth coordinates as well.
    """

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        ds = system.flow(p, s, current)
        still = {name: jnp.where(s.landed > 0, 0.0, slope) for name, slope in ds.items()}
        return Values(still) | {"landed": jnp.zeros_like(s.landed)}

    return replace(
        system,
        initial=lambda p, v: system.initial(p, v) | {"landed": 0.0 * v},
        flow=flow,
        jump=lambda p, s: system.jump(p, s) | {"landed": jnp.ones_like(s.landed)},
    )


@partial(jax.jit, static_argnames=("system", "solver", "second"))
def to_first_spike(
    system: Hybrid,
    solver: Solver,
    second: str,
    p: Values,
    x: Any,
    current: Any,
    rest: tuple[Any, Any],
    dt: Any,
    horizon: Any,
) -> tuple[jax.Array, jax.Array]:
    """From right after a spike, with the second variable `second` at `x`, to right after the next one.

    Args:
        p: parameters, arrays of the shape of `x`.
        x: the second variable of each copy, shape (n,).
        current: pA.
        rest: a stable state (potential, second variable), NaN if there is none: the loop ends early when every copy
            has either fired or come this far.
        dt: time step, ms.
        horizon: when to give up, ms.

    Returns:
        The second variable right after the next spike and the time of that spike (ms), NaN where there is none.
    """
    single = frozen_after_spike(system)
    frame = solver.frame(single)
    fresh = single.initial(p, jnp.broadcast_to(p.potential_rest, x.shape))
    s = single.jump(p, fresh) | {second: x, "landed": jnp.zeros_like(x)}
    calm = frame.enter(p, fresh | {"potential": jnp.full_like(x, rest[0]), second: jnp.full_like(x, rest[1])})
    near = NEAR / 10 * (jnp.max(x) - jnp.min(x))
    held = jnp.broadcast_to(jnp.asarray(current, x.dtype), x.shape)
    never = jnp.full_like(x, jnp.nan)

    def unfinished(carry: Any) -> jax.Array:
        step, z, _ = carry
        arrived = (jnp.abs(z.potential - calm.potential) < NEAR) & (jnp.abs(z[second] - calm[second]) < near)
        return (step * dt < horizon) & jnp.any((z.landed == 0) & ~arrived)

    def advance(carry: Any) -> Any:
        step, z, when = carry
        z, fired, offset = solver.step(frame.system, p, z, held, dt)
        return step + 1, z, jnp.where(fired, step * dt + offset, when)

    _, z, when = lax.while_loop(unfinished, advance, (jnp.int32(0), frame.enter(p, s), never))
    final = frame.leave(p, z)
    return jnp.where(z.landed > 0, final[second], never), when
