"""How a step is differentiated: along the flow, at a crossing, and backwards.

A run is a chain of flows and jumps, of which every jump happens when a variable of the state says so. Its derivative
is therefore that of the flow from event to event, carried over each event by the implicit function theorem: with g the
signed distance to firing and f the flow, the time of a crossing moves by dt = -dg / (f . grad g), and the state after
it as the jump takes it there (the saltation matrix: Aizerman and Gantmacher 1958; Leine and Nijmeijer 2004, chapter
7). Both have no value where the potential only touches the firing level, f . grad g = 0: there a spike comes or goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.hybrid import Hybrid, Values

Change = Callable[[Values, Values, Values, jax.Array, jax.Array], Values]
"""(p, s, slope, current, h) -> what h ms of smooth flow from s add to it, where the flow is slope."""
Locate = Callable[[Values, Values, Values, Values, jax.Array, jax.Array], tuple[jax.Array, Values]]
"""(p, s, slope, end, current, h) -> the part of h at which the event reaches zero, and the state there."""

NEAR = 3.2
"""So many ms before a spike, at the present speed, a departure along the flow is carried as the time that it is."""


def flown(change: Change, system: Hybrid) -> Change:
    """`change`, differentiated as the flow is which it follows, not as the scheme that follows it.

    A departure along the flow, f(s) t, stays so for ever: it is the same run, t earlier. A scheme keeps that up to its
    error, and that error changes with the place of a steep upstroke between two samples: it is small itself, but its
    derivative is not (0.6 % for an exponential soma at 0.1 ms, against 0.0002 % so). Close to a spike a departure is
    therefore split into a time and the rest, of which the scheme carries the rest. What is changed in the flow itself
    is likewise split, at the beginning of the step, into a faster or slower one and the rest: a flow that is faster for
    h is the same flow for longer, and goes on with the flow at its end, as a longer step does.
    """

    @jax.custom_jvp
    def changed(p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        return change(p, s, slope, current, h)

    @changed.defjvp
    def differentiated(primals: Any, tangents: Any) -> Any:
        (p, s, slope, current, h), (dp, ds, _, di, dh) = primals, tangents
        speed = slope.potential
        near = (speed > 0) & (-system.event(p, s) < NEAR * speed)
        ahead = jnp.where(near, ds.potential / jnp.where(near, speed, 1.0), 0.0)
        rest = Values({k: ds[k] - ahead * slope[k] for k in s})
        _, pushed = jax.jvp(system.flow, (p, s, current), (dp, rest, di))
        more = jnp.where(near, h * pushed.potential / jnp.where(near, speed, 1.0), 0.0)

        def followed(p: Values, s: Values, current: jax.Array, h: jax.Array) -> Values:
            return change(p, s, system.flow(p, s, current), current, h)

        gone, moved = jax.jvp(followed, (p, s, current, h), (dp, rest, di, -more))
        last = system.flow(p, Values({k: s[k] + gone[k] for k in s}), current)
        return gone, Values({k: moved[k] + (ahead + more + dh) * last[k] - ahead * slope[k] for k in s})

    return changed


def crossed(locate: Locate, change: Change, system: Hybrid) -> Locate:
    """When a crossing that `locate` finds happens, in ms, and the state there, with their derivatives.

    Those of the curve on which it is found would be as wrong as the curve is bent: the step up to the crossing is
    differentiated with its length held, and the length by the implicit function theorem.
    """

    @jax.custom_jvp
    def found(
        p: Values, s: Values, slope: Values, end: Values, current: jax.Array, h: jax.Array
    ) -> tuple[jax.Array, Values]:
        part, there = locate(p, s, slope, end, current, h)
        return part * h, there

    @found.defjvp
    def differentiated(primals: Any, tangents: Any) -> Any:
        (p, s, slope, _, current, _), (dp, ds, _, _, di, _) = primals, tangents
        until, there = found(*primals)
        gone, moved = jax.jvp(lambda p, s, current: change(p, s, slope, current, until), (p, s, current), (dp, ds, di))
        here = Values({k: s[k] + gone[k] for k in s})
        moved = Values({k: ds[k] + moved[k] for k in s})
        onward = system.flow(p, here, current)
        _, gap = jax.jvp(system.event, (p, here), (dp, moved))
        _, rise = jax.jvp(lambda s: system.event(p, s), (here,), (onward,))
        # Also where the step begins on the level itself, as float32 often has it in slow cells; above it, the step
        # before has jumped there, and there is nothing to cross.
        crosses = (system.event(p, s) <= 0) & (rise > 0)
        sooner = jnp.where(crosses, gap / jnp.where(crosses, rise, 1.0), 0.0)
        return (until, there), (-sooner, Values({k: moved[k] - sooner * onward[k] for k in s}))

    return found


def reversible(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that can be differentiated backwards as well.

    `lax.while_loop` knows no way back. The units of a step do not see each other, so that its Jacobian is a few numbers
    for each: they are had forwards, column by column for whatever is differentiated, and what runs backwards is their
    transpose.

    Args:
        step: takes and returns pytrees of arrays of one shape, elementwise.
    """

    @jax.custom_jvp
    def stepped(*given: Any) -> Any:
        return step(*given)

    def differentiated(primals: Any, tangents: Any) -> Any:
        leaves, shape = jax.tree.flatten(primals)
        slopes = jax.tree.leaves(tangents, is_leaf=_unmoved)
        moving = [i for i, slope in enumerate(slopes) if not _unmoved(slope)]

        def column(unit: jax.Array) -> Any:
            along = [jnp.zeros_like(leaf) for leaf in leaves]
            for n, i in enumerate(moving):
                along[i] = jnp.broadcast_to(unit[n], leaves[i].shape).astype(leaves[i].dtype)
            return jax.jvp(step, primals, jax.tree.unflatten(shape, along))

        units = jnp.eye(len(moving), dtype=leaves[0].dtype)
        ends, columns = jax.vmap(column, out_axes=(None, 0))(units)

        def along_all(end: jax.Array, jacobian: Any) -> Any:
            if not jnp.issubdtype(end.dtype, jnp.floating):
                return np.zeros(end.shape, jax.dtypes.float0)
            return sum((jacobian[n] * slopes[i] for n, i in enumerate(moving)), jnp.zeros_like(end))

        return ends, jax.tree.map(along_all, ends, columns)

    stepped.defjvp(differentiated, symbolic_zeros=True)
    return stepped


def _unmoved(slope: Any) -> bool:
    return isinstance(slope, jax.custom_derivatives.SymbolicZero)
