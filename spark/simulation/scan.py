"""The pure loop: a whole run that can be transformed."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ..core.echo import echo
from ..core.hybrid import Values
from ..nn.components.somas import Soma, StepOutput
from ..nn.components.somas.pure import moved, settled
from ..stimuli import Stimulus


def scan(
    soma: Soma[Any], parameters: Values, state: Values, currents: jax.Array, *, dt: Any = None
) -> tuple[Values, StepOutput]:
    """`soma.step` over the first axis of `currents`: a pure function of arrays, for `jit`, `vmap`, `jvp` and `grad`.

    It makes the steps of `simulate`, with all their digits, and stays in the solver's coordinates between them, so that
    it is faster than `lax.scan` of `soma.step`. What feeds back on the current, such as a network, takes that.

    Args:
        soma: its class, its config's dt and its solver are used.
        parameters: as `soma.init` gives them.
        state: the same; where the loop begins.
        currents: pA held over each step, shape (steps,) or (steps, *shape of the population); those of a stimulus are
            `stimulus.sample(steps, dt, units)`.
        dt: time step, ms; the config's when None.

    Raises:
        TypeError: currents that are no array with an axis of steps.
        ValueError: a name in parameters or state that is missing or too many; shapes that do not fit.

    Returns:
        The last state, and spikes, potential (mV at the end of each step) and offset (ms) of all steps, arrays of shape
        (steps, *shape of the population). A spike comes at k dt + offset[k].
    """
    config = soma.config
    solver, dt = config.solver, config.dt if dt is None else dt
    frame = solver.frame(soma.system)
    if isinstance(currents, Stimulus) or np.ndim(currents) == 0:
        raise TypeError(
            f"scan takes currents in pA, an array whose first axis is steps, not {echo(currents)}: give "
            "stimulus.sample(steps, dt, units), or jnp.full(steps, current)."
        )
    parameters, state = settled(soma, parameters, state)
    population = state["potential"].shape
    if np.shape(currents)[1:] not in ((), population, (1,) * len(population)):
        raise ValueError(
            f"the currents of {type(soma).__name__} have shape {np.shape(currents)}, the population {population}: give "
            "(steps,), or (steps, *population)."
        )

    def step(z: Values, current: Any) -> tuple[Values, StepOutput]:
        z, fired, offset = moved(frame.system, solver, parameters, z, current, dt)
        return z, StepOutput(fired, frame.leave(parameters, z).potential, offset)

    last, outputs = lax.scan(step, frame.enter(parameters, frame.begun(state)), jnp.asarray(currents))
    return frame.left(parameters, last), outputs
