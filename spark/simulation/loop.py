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
from ..core.variable import CURRENT, LEVEL
from ..recording.events import Events
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
    going: Any = False,
    traced: Any = None,
) -> Any:
    """The compiled loop: one step of `dt` ms for each row of `held` (pA), from the state `s`.

    Args:
        system: flow, event and jump.
        solver: how time is advanced.
        record: variables to record.
        p: parameters.
        s: state; where the loop is `going`, in the solver's coordinates, as the loop before returned it.
        held: current of each step, pA, shape (steps, 1 or units).
        dt: time step, ms.
        going: whether this goes on from another loop. The state of a run leaves the solver's coordinates only at its
            end: each time would round its last digit, and a run in chunks would differ from one in one go.
        traced: numbers of the units of which variables are recorded; all when None.

    Returns:
        Spikes and their offsets (ms), each of shape (steps, units), the recorded variables, shape (steps, traced), the
        last state in the solver's coordinates, and the same as it is. Offsets on the grid are one 0, of shape (1, 1).
    """
    frame = solver.frame(system)

    def picked(values: Values) -> Values:
        return values if traced is None else Values({name: value[traced] for name, value in values.items()})

    seen = picked(p)

    def step(z: Values, current: jax.Array) -> tuple[Values, Any]:
        current = jnp.broadcast_to(current, z.potential.shape)
        now = {}
        if record:  # of the traced units alone, so that no larger array is ever made
            s, shown = frame.leave(seen, picked(z)), current if traced is None else current[traced]
            now = {name: observe(system, name, seen, s, shown) for name in record}
        z, fired, offset = solver.step(frame.system, p, z, current, dt)
        return z, (fired, None if solver.on_grid else offset, now)

    # The state stays in the solver's coordinates from step to step: leaving them costs as much as half a step.
    last, (spikes, offsets, traces) = lax.scan(step, frame.enter(p, frame.begun(s), going), held)
    if solver.on_grid:  # to write as many zeros would take longer than all the rest
        offsets = jnp.zeros((1, 1), last.potential.dtype)
    return spikes, offsets, traces, last, frame.leave(p, last)


class Cancelled(Exception):
    """What a `progress` callback raises to end a run."""


class Refused(Exception):
    """What a loop raises that cannot be made for a system and a solver, before the first step."""


CHUNK = 500_000
"""Steps x units between two calls of `progress`: some milliseconds."""
LEAST_STEPS = 4
"""Chunks are no shorter: each takes the whole state out of the loop and into it."""
CHUNK_BYTES = 40_000_000
"""What the arrays of a chunk may take, however large the run (one step of a million units and more always goes in)."""


def chunk_steps(steps: int, units: int, row: int, progress: bool) -> int:
    """Steps of a chunk, when one step of all units takes `row` bytes.

    A number of chunks that divides the steps keeps to one shape, which is compiled once.
    """
    most = max(1, CHUNK_BYTES // row)
    if progress:
        most = min(most, max(CHUNK // units, LEAST_STEPS))
    least = -(-steps // most)
    chunks = next((n for n in range(least, min(2 * least, steps) + 1) if steps % n == 0), least)
    return -(-steps // chunks)


def in_chunks(
    loop: Callable[..., Any],
    s: Any,
    draw: Callable[[int], np.ndarray],
    steps: int,
    size: int,
    keep: Callable[[Events], object],
    progress: Callable[[float], object] | None,
    every: int = 1,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The loop over all steps, `size` of them at a time; what it returns in one go is the same bit for bit.

    Args:
        loop: what `thinned` or `fused.fused` gives: a loop but for the state, the current and the number of its
            first step.
        s: the state to begin with.
        draw: gives the current of the next so many steps.
        steps: all of them.
        size: steps of a chunk.
        keep: takes the events of each chunk.
        progress: told of the part that is done after each chunk.
        every: steps from one sample of the recorded variables to the next.

    Returns:
        The recorded variables and the last state, by name, on the host.
    """
    traces: dict[str, np.ndarray] = {}
    final = None
    samples = samples_of(steps, every)
    for begin in range(0, steps, size):
        end = min(begin + size, steps)
        spikes, offsets, part, s, final = loop(s=s, held=draw(end - begin), begin=begin)
        keep(Events.of(spikes, offsets, begin))
        for name, values in part.items():
            rows = np.asarray(values)
            if end - begin < steps:
                whole = traces.setdefault(name, np.empty((samples, rows.shape[1]), rows.dtype))
                whole[samples_of(begin, every) : samples_of(end, every)] = rows
            else:
                traces[name] = rows
        if progress:
            progress(end / steps)
    return traces, {name: np.asarray(value) for name, value in (final or s).items()}


def samples_of(steps: int, every: int) -> int:
    """How many of the first `steps` steps are recorded, when every so many-th is, the first one included."""
    return -(-steps // every)


def thinned(loop: Callable[..., Any], every: int) -> Callable[..., Any]:
    """A loop for `in_chunks` of one like `time_loop`: of its samples only those of each `every`-th step of the run.

    They are dropped where a chunk comes out, so that the loop does what it does for all of them, bit for bit.
    """

    def run(s: Any, held: np.ndarray, begin: int) -> Any:
        spikes, offsets, traces, s, final = loop(s=s, held=held, going=begin > 0)
        if every > 1:
            traces = {
                name: np.ascontiguousarray(np.asarray(values)[-begin % every :: every])
                for name, values in traces.items()
            }
        return spikes, offsets, traces, s, final

    return run


def observe(system: Hybrid, name: str, p: Values, s: Values, current: jax.Array) -> jax.Array:
    """The recordable variable `name` at the state `s`."""
    if name == CURRENT.name:
        return current
    return jnp.broadcast_to(system.level(p, s), s.potential.shape) if name == LEVEL.name else s[name]
