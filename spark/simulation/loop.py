"""The compiled time loop, and its chunks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ..core.hybrid import Hybrid, Values
from ..solvers import Solver


@partial(jax.jit, static_argnames=("system", "solver", "record"))
def time_loop(
    system: Hybrid,
    solver: Solver,
    record: tuple[str, ...],
    p: Values,
    s: Values,
    held: Any,
    dt: Any,
) -> Any:
    """The compiled loop: one step of `dt` ms for each row of `held` (pA), from the state `s`.

    Returns:
        Spikes, their offsets (ms) and the recorded variables, each of shape (steps, units), and the last state.
    """
    chart = solver.chart(system)
    inner = system.charted() if chart else system

    def leave(z: Values) -> Values:
        return chart.leave(p, z) if chart else z

    def step(z: Values, current: jax.Array) -> tuple[Values, Any]:
        s = leave(z)
        now = {name: observe(system, name, p, s, current) for name in record}
        z, fired, offset = solver.step(inner, p, z, jnp.broadcast_to(current, s.potential.shape), dt)
        return z, (fired, offset, now)

    # The state stays in the solver's coordinates from step to step: leaving them costs as much as half a step.
    final, (spikes, offsets, traces) = lax.scan(step, chart.enter(p, s) if chart else s, held)
    return spikes, offsets, traces, leave(final)


class Cancelled(Exception):
    """What a `progress` callback raises to end a run."""


CHUNK = 500_000
"""Steps x units between two calls of `progress`: some milliseconds."""


def in_chunks(
    loop: Callable[..., Any], s: Any, held: np.ndarray, units: int, progress: Callable[[float], object] | None
) -> Any:
    """The loop over all steps, in equal chunks of time if someone wants to know how it goes; arrays on the host.

    At a cut the state leaves the solver's coordinates and enters them again, which rounds its last digit.
    """
    steps = len(held)
    least = -(-steps * units // CHUNK) if progress else 1
    # A number of chunks that divides the steps keeps to one shape, which is compiled once.
    chunks = next((n for n in range(least, min(2 * least, steps) + 1) if steps % n == 0), least)
    size = -(-steps // chunks)
    parts = []
    for begin in range(0, steps, size):
        *outputs, s = loop(s=s, held=held[begin : begin + size])
        parts.append(jax.tree.map(np.asarray, outputs))
        if progress:
            progress(min(1.0, (begin + size) / steps))
    spikes, offsets, traces = jax.tree.map(lambda *rows: rows[0] if len(rows) == 1 else np.concatenate(rows), *parts)
    return spikes, offsets, traces, {name: np.asarray(value) for name, value in s.items()}


def observe(system: Hybrid, name: str, p: Values, s: Values, current: jax.Array) -> jax.Array:
    """The recordable variable `name` at the state `s`."""
    shape = s.potential.shape
    if name == "current":
        return jnp.broadcast_to(current, shape)
    return jnp.broadcast_to(system.level(p, s), shape) if name == "threshold" else s[name]
