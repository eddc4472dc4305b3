"""The time loop inside one kernel (`jax.experimental.pallas`), for GPUs.

`lax.scan` on a GPU launches kernels in every step, and the state goes through memory between them. Here each program
keeps a block of units, with their parameters, in registers, loops over time by itself and writes only what is recorded.
It runs the pure step of any solver on any soma: no equation stands in this file.

It goes by Pallas's Triton route, which lowers for CUDA on a machine without a GPU too: tests/test_fused.py does that
for every soma and solver. On a CPU the kernel is interpreted (`interpret=True`), which is for tests: they hold it
against the scan, which it equals bit for bit where XLA's CPU compiler contracts a * b + c alike in both (for 16 units
and more it does). On a GPU it equals the scan there bit for bit (docs/gpu.json); exponentials, logarithms and divisions
are CUDA's, so that spikes differ by rounding from those of a CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.experimental import pallas as pl
from jax.experimental.pallas import triton

from ..core.hybrid import Hybrid, Values
from ..solvers import Solver
from .kernel_noise import Noise, deviation, known_first
from .loop import Refused, observe, samples_of
from .supported import supported

BLOCK = 32
"""Units of a program, a power of two as Triton has it: one for each thread of a warp, so that a population spreads over
as many schedulers as it can. On an H100 64 are 5 to 8 % faster for a million units, and slower for 100,000."""
WARPS = 1
"""Warps of a program: one alone learns in one instruction, without a barrier, whether any of its units has fired."""


@dataclass(frozen=True)
class Plan:
    """What a kernel is compiled for, besides the shapes of its arrays.

    Attributes:
        system: flow, event and jump.
        solver: how time is advanced.
        record: variables to record.
        every: steps from one sample of them to the next.
        seen: how many units are recorded, the first ones.
        interpret: run it as ordinary JAX operations, as a CPU must.
        block: units of a program.
    """

    system: Hybrid
    solver: Solver
    record: tuple[str, ...]
    every: int
    seen: int
    interpret: bool
    block: int


def fused(
    system: Hybrid,
    solver: Solver,
    record: tuple[str, ...],
    p: Values,
    *,
    dt: Any,
    traced: np.ndarray | None,
    every: int = 1,
    noise: Noise | None = None,
    device: jax.Device,
) -> Callable[..., Any]:
    """A loop for `in_chunks`, of one kernel a chunk.

    Args:
        system: flow, event and jump.
        solver: how time is advanced.
        record: variables to record.
        p: parameters, each of shape (units,).
        dt: time step, ms.
        traced: numbers of the units of which variables are recorded; all when None.
        every: steps from one sample of them to the next.
        noise: what the kernel draws; then the current it is given is the part of each step to which the noise belongs.
        device: where it runs: a GPU, or a CPU, which interprets the kernel.
    """
    units = len(next(iter(p.values())))
    # A kernel records the units of its first programs: those that are asked for change places with others.
    everyone = np.arange(units)
    first = everyone if traced is None else np.unique(traced)
    columns = slice(None) if traced is None else np.searchsorted(first, traced)
    moved = bool((first != everyone[: first.size]).any())
    order = np.concatenate([first, np.setdiff1d(everyone, first)]) if moved else everyone
    back = np.argsort(order) if moved else everyone
    plan = Plan(system, solver, record, every, first.size, device.platform == "cpu", BLOCK)

    def arranged(values: Any, places: np.ndarray) -> Any:
        return jax.tree.map(lambda value: np.asarray(value)[..., places], values) if moved else values

    p, noise = jax.device_put((arranged(p, order), arranged(noise, order)), device)

    def run(s: Any, held: np.ndarray, begin: int) -> Any:
        if begin == 0:  # put where the next chunk finds it: from elsewhere it would compile again
            known = None if noise is None else known_first(noise)
            s = jax.device_put((arranged(s, order), known), device)
        held = arranged(held, order) if held.shape[1] > 1 else held
        place = np.array([begin, -begin % every], np.int32)
        try:
            spikes, offsets, traces, last, final = fused_loop(plan, p, *s, held, noise, dt, begin > 0, place)
        except Exception as error:  # whatever Pallas, Triton and XLA have against it
            raise error if begin else Refused(str(error)) from error
        rows = samples_of(begin + len(held), every) - samples_of(begin, every)
        traces = {name: np.asarray(values)[:rows, columns] for name, values in traces.items()}
        if moved:  # where they are: from a GPU only the spikes themselves are fetched
            spikes, offsets = spikes[:, back], offsets[:, back]
        return spikes, offsets, traces, last, arranged(final, back)

    return run


@partial(jax.jit, static_argnames=("plan",))
def fused_loop(
    plan: Plan, p: Values, s: Values, known: Any, held: Any, noise: Noise | None, dt: Any, going: Any, place: Any
) -> Any:
    """`time_loop`, as one kernel.

    Args:
        plan: what is run and recorded.
        p: parameters.
        s: state; where the loop is `going`, in the solver's coordinates.
        known: what is known of the noise in the first step, in standard deviations (`deviation`); None without noise.
        held: current of each step, pA, shape (steps, 1 or units); with noise, its part of each step, shape (steps, 1).
        noise: what is drawn inside.
        dt: time step, ms.
        going: whether this goes on from another loop.
        place: number of the first step in the run, and how many steps there are before the first that is recorded.

    Returns:
        Spikes and their offsets (ms), shape (steps, units); the recorded variables, shape (samples, plan.seen), of
        which the last sample may be void; last state and `known`, for the loop that goes on; and the state as it is.
    """
    frame = plan.solver.frame(plan.system)
    steps, units, dtype = held.shape[0], s.potential.size, s.potential.dtype
    programs, seeing = pl.cdiv(units, plan.block), pl.cdiv(plan.seen, plan.block)
    rows, names, wide = samples_of(steps, plan.every), plan.record if seeing else (), held.shape[1] > 1

    def filled(value: Any) -> Any:  # up to whole blocks, with copies of the last unit, which nobody sees
        surplus = programs * plan.block - units
        return jnp.pad(value, [*[(0, 0)] * (value.ndim - 1), (0, surplus)], mode="edge")

    def shaped(*shape: int, dtype: Any = dtype) -> Any:
        return jax.ShapeDtypeStruct(shape, dtype)

    p, carried, noise = jax.tree.map(filled, (p, (frame.enter(p, frame.begun(s), going), known), noise))
    of_unit = pl.BlockSpec((plan.block,), lambda i: (i,))
    column = pl.BlockSpec((steps, plan.block), lambda i: (0, i))
    shown = pl.BlockSpec((rows, plan.block), lambda i: (0, jnp.minimum(i, seeing - 1)))
    alike, one, two = (pl.BlockSpec(shape, partial(_origin, shape)) for shape in ((steps, 1), (1,), (2,)))
    own = partial(jax.tree.map, lambda _: of_unit)
    spikes, offsets, traces, (last, known) = pl.pallas_call(
        partial(_program, plan, seeing),
        grid=(programs,),
        in_specs=(own(p), own(carried), own(noise), column if wide else alike, one, two),
        out_specs=(column, column, dict.fromkeys(names, shown), own(carried)),
        out_shape=(
            shaped(steps, programs * plan.block, dtype=bool),
            shaped(steps, programs * plan.block),
            dict.fromkeys(names, shaped(rows, seeing * plan.block)),
            jax.tree.map(lambda value: shaped(*value.shape, dtype=value.dtype), carried),
        ),
        interpret=plan.interpret,
        compiler_params=triton.CompilerParams(num_warps=WARPS),
        name="time_loop",
    )(p, carried, noise, filled(held) if wide else held, jnp.reshape(dt, 1), place)
    p, last, known = jax.tree.map(lambda value: value[:units], (p, last, known))
    void = jnp.zeros((rows, 0), dtype)
    traces = {name: traces[name][:, : plan.seen] if seeing else void for name in plan.record}
    return spikes[:, :units], offsets[:, :units], traces, (last, known), frame.leave(p, last)


def _origin(shape: tuple[int, ...], _: Any) -> tuple[int, ...]:
    return (0,) * len(shape)


def _program(
    plan: Plan,
    seeing: int,
    p: Any,
    carried: Any,
    noise: Any,
    held: Any,
    dt: Any,
    place: Any,
    spikes: Any,
    offsets: Any,
    traces: Any,
    last: Any,
) -> None:
    """One program: all steps of one block of units. Every argument but the first two refers to arrays in memory.

    The first `seeing` programs record.
    """
    frame = plan.solver.frame(plan.system)
    p, carried, noise = jax.tree.map(lambda ref: ref[...], (p, carried, noise))
    dt, begin, skip = dt[0], place[0], place[1]
    records, every = pl.program_id(0) < seeing, np.int32(plan.every)
    advance = supported(partial(plan.solver.step, frame.system))

    def step(k: jax.Array, carried: tuple[Values, Any]) -> tuple[Values, Any]:
        s, known = carried
        current = held[k, :] if held.shape[1] > 1 else jnp.broadcast_to(held[k, 0], s.potential.shape)
        if noise is not None:
            mean, known = deviation(noise, known, begin + k)
            current = current * (noise.mean + noise.std * mean)

        def write() -> None:
            seen, row = frame.leave(p, s), lax.div(k - skip, every)
            for name, ref in traces.items():
                ref[row, :] = observe(plan.system, name, p, seen, current)

        if traces:
            pl.when(records & (k >= skip) & (lax.rem(k - skip, every) == 0))(write)
        s, spikes[k, :], offsets[k, :] = advance(p, s, current, dt)
        return s, known

    end = lax.fori_loop(np.int32(0), np.int32(held.shape[0]), step, carried)

    def store(ref: Any, value: Any) -> None:
        ref[...] = value

    jax.tree.map(store, last, end)
