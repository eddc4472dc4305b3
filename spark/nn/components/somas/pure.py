"""A soma without hidden state: parameters and state go in, state and output come out."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ....core.echo import echo
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


def settled(soma: Any, parameters: Any, state: Any) -> tuple[Values, Values]:
    """Parameters and state with the right names, as arrays of one shape in the precision of the run.

    Raises:
        ValueError: a name that is missing or too many.
    """
    wanted = {
        "parameters": (parameters, set(soma.config.per_unit())),
        "state": (parted(Values(state))[0], {variable.name for variable in soma.system.variables}),
    }
    for what, (given, names) in wanted.items():
        wrong = sorted(names ^ set(given))
        if wrong:
            fault = (
                f"no {echo(wrong[0])}"
                if wrong[0] in names
                else f"{echo(wrong[0])}, which {type(soma).__name__} has not"
            )
            raise ValueError(f"{what} of {type(soma).__name__} must be {', '.join(sorted(names))}: there is {fault}.")
    kind = soma.config.float_type
    try:
        shape = np.broadcast_shapes(*(np.shape(value) for value in (*parameters.values(), *state.values())))
    except ValueError:
        raise ValueError(
            f"parameters and state of {type(soma).__name__} must have one shape, that of the population: "
            f"{_clash(parameters, state)}."
        ) from None

    def filled(values: Any) -> Values:
        return Values({name: as_it_is_or_filled(value) for name, value in values.items()})

    def as_it_is_or_filled(value: Any) -> jax.Array:
        if isinstance(value, jax.Array) and value.shape == shape and value.dtype == kind:
            return value  # the usual case: outside of a transformation each operation would take longer than the step
        return jnp.broadcast_to(jnp.asarray(value, kind), shape)

    return filled(parameters), filled(state)


def _clash(parameters: Any, state: Any) -> str:
    """The first of these whose shape does not fit those before it, and the one that gave them theirs."""
    shape: tuple[int, ...] = ()
    before = ""
    for what, values in (("parameters", parameters), ("state", state)):
        for name, value in values.items():
            try:
                wider = np.broadcast_shapes(shape, np.shape(value))
            except ValueError:
                return f"{before} has {shape}, {what} {echo(name)} has {np.shape(value)}"
            if wider != shape:
                shape, before = wider, f"{what} {echo(name)}"
    return ""


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
