"""Runs of whole populations: what is asked is checked, drawn and sampled, then handed to the loop."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh

from ..core.echo import echo
from ..core.hybrid import Values
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..recording import Recording
from ..recording.events import Crowded, Crowds, Events, Kept
from ..recording.statistics import Tally
from ..solvers import Solver
from ..stimuli import Stimulus
from .asked import (
    Drive,
    driven,
    initial_state,
    interval,
    most_spikes,
    positive,
    recordable,
    seeded,
    storable,
    traced_units,
    unshared,
)
from .asked import variables as variables
from .device import Backend, Where, check_backend, loop_on, named, placed, usual
from .diverged import Diverged, check_finite, check_stable, divergence, strayed
from .loop import Refused, chunk_steps, in_chunks, thinned, time_loop
from .outside import outside
from .progress import Progress, check_told, telling
from .sharding import Share

LACKING: set[tuple[Any, Any]] = set()
"""Systems and solvers of somebody's own with an operation that the kernel lacks: to find out takes some tenths of a
second."""


@outside
def simulate(
    soma: Soma,
    current: Stimulus | CurrentArray | np.ndarray | jax.Array | Sequence[float] | float,
    *,
    dt: float | None = None,
    duration: float | None = None,
    solver: Solver | None = None,
    units: int | None = None,
    record: Sequence[str] = ("potential",),
    key: jax.Array | int | None = None,
    initial: Mapping[str, Any] | None = None,
    progress: Progress = None,
    traces: Sequence[int] | int | None = None,
    events: bool | int = True,
    sharding: Mesh | None = None,
    every: int = 1,
    backend: Backend = "auto",
    device: Where = "auto",
) -> Recording:
    """Simulate a population of somas under an input current.

    One compiled loop per soma class, solver and shape; changed values never compile again. A large run goes in chunks
    of time, bit for bit the same as in one go: what it takes in memory is some tens of MB for the chunk, a few numbers
    per unit, and what it keeps: spikes (12 bytes each) and traces.

    Args:
        soma: the soma; its config says everything that is not given here.
        current: a stimulus, pA as an array of shape (steps,) or (steps, units) held over each step, or one number: a
            constant current.
        dt: time step, ms; the soma's own when None.
        duration: length of the run, ms. When None, an array and a stimulus of samples (`Array`) have their own length,
            and all else lasts 1000 ms.
        solver: the soma's own when None.
        units: size of the population; taken from the current or the config when None.
        record: names of the variables to keep, of those that `variables` gives for the soma's class: potential,
            threshold, what else its state holds (such as adaptation or recovery), and current.
        key: JAX key of all random draws, or its seed; the seeds of config and stimulus when None.
        initial: state variables by name, a number or one per unit; the resting state when None.
        progress: True shows a bar in the terminal, on stderr; it needs tqdm, and Ctrl+C ends the run within a chunk.
            A function is called with the part that is done, up to 1, after each chunk of half a million steps x units
            (a run of fewer is one chunk). It may raise, such as `Cancelled`, to end the run there.
        traces: the units whose variables are recorded: numbers of units, or how many of the first; all when None.
        events: keep every spike; a number ends a run that fires more. Without, the recording has its `statistics` only,
            which take no memory that grows with the run.
        sharding: a mesh of devices, each of which simulates a part of the units without ever waiting for another. What
            comes out is the same bit for bit. Where `jax.distributed` has joined several processes, each of them
            makes the same call and gets a recording of its own units, which are `sharding.own_units` of the whole.
        every: record the variables in each so many-th step, the first one included; spikes are kept in all of them.
        backend: "scan" runs the time loop as `lax.scan`, "fused" as one GPU kernel, which a CPU only interprets: slow,
            for tests. Both do the same steps; last digits may differ by rounding. The fused loop draws
            `OrnsteinUhlenbeck` noise that differs between units itself: the same numbers, rounded in float32 only. For
            exactly the current of the scan, pass `stimulus.sample(...)`. "auto" is "fused" on an NVIDIA GPU of compute
            capability 8.0 and more, where the two are the same bit for bit (but for that noise) and the kernel is the
            faster one at every size, and "scan" elsewhere.
        device: "cpu", "gpu" or a `jax.Device`. "auto" puts large runs on the GPU if there is one, and small ones on the
            CPU, unless `jax.default_device` says where; the rule is `spark.simulation.device.large`.

    Returns:
        The recording.

    Warns:
        Crowded: a unit fires more than once within a step, which keeps one spike of each unit (`Recording.crowded`).
        Diverged: a potential beyond 10^6 mV, or 10^4 of a quadratic membrane: the scheme has lost the run.

    Raises:
        TypeError: an argument of the wrong kind; a call under a transformation of JAX, where `scan` is the one.
        ValueError: a value, shape or name that does not fit; more spikes than `events` allows; more than memory holds.
        ImportError: `progress=True` without tqdm.
        FloatingPointError: the run turned non-finite; says where, when and with which parameters.
    """
    key = seeded(key)
    if not isinstance(soma, Soma):
        raise TypeError(f"simulate takes an instance of a soma, not {echo(soma)}: write LeakySoma(), for example.")
    config, solver = soma.config, soma.config.solver if solver is None else solver
    if not isinstance(solver, Solver):
        raise TypeError(f"solver must be a solver instance such as spark.solvers.RK4(), not {echo(solver)}.")
    dt = positive("dt", "ms", config.dt if dt is None else dt)
    values = config.values()  # read once: it takes longer than drawing them
    drive = driven(config, current, dt, duration, units, key)
    steps, units = drive.steps, drive.units
    record, traced, every = recordable(soma, record), traced_units(traces, units), interval(every)
    most = most_spikes(events)
    check_told(progress)
    check_backend(backend)
    storable(steps, every, traced.size * len(record), config.float_type)
    drawn = soma.drawn(config.units or (units,), key, values)
    parameters = Values({name: value.ravel() for name, value in drawn.items()})
    state = initial_state(soma, parameters, initial, units)
    check_stable(soma, solver, parameters, state, dt)
    state = solver.frame(soma.system).begun(state)
    share = None if sharding is None else Share(sharding, units)
    if share:
        unshared(backend=backend, device=device)
        parameters, state, drive, traced = share.cut(parameters, state, drive, traced)
        units = drive.units
    asked: Backend = "scan" if backend == "auto" and (soma.system, solver) in LACKING else backend
    place = placed(device, units, steps, asked)
    chosen = "scan" if share else loop_on(asked, place)
    noise = None
    if chosen == "fused":
        from .fused import fused  # Pallas takes a tenth of a second to import: only who needs it pays
        from .kernel_noise import noise_inside

        noise = noise_inside(current, dt, units, key, config.float_type)
        drive = drive._replace(draw=noise[1], columns=1) if noise else drive
    size = chunk_steps(steps, units, _row(config, drive, len(record) * traced.size), progress not in (None, False))
    what = (soma.system, solver, record)
    how: dict[str, Any] = {"dt": config.float_type.type(dt), "traced": None if _all(traced, units) else traced}
    if chosen == "fused":
        loop = fused(*what, parameters, **how, every=every, noise=noise and noise[0], device=place)
    elif share:
        loop = thinned(share.loop(*what, parameters, **how), every)
    else:
        put = parameters if size == steps else jax.device_put(parameters)
        if place != usual():  # what is put on a device takes the loop there
            put, state = jax.device_put((parameters, state), place)
        loop = thinned(partial(time_loop, *what, put, **how), every)
    kept = Kept(most, dt)
    tally = None if most else Tally(steps, units, dt)
    crowds = Crowds(units)

    def keep(events: Events) -> None:
        (tally or kept).add(events)
        if not solver.on_grid:
            crowds.add(events)

    population = f"{type(soma).__name__}, {units:,} unit{'s' * (units > 1)}"
    try:
        with telling(progress, population, steps * dt) as told:
            recorded, final = in_chunks(loop, state, drive.draw, steps, size, keep, told, every)
    except Refused as error:
        if backend == "fused":
            raise error.__cause__ or error from None
        warnings.warn(f"{type(soma).__name__} runs by the scan: the kernel refuses it. {error}", stacklevel=3)
        LACKING.add((soma.system, solver))
        return simulate(
            soma,
            current,
            dt=dt,
            duration=duration,
            solver=solver,
            units=units,
            record=record,
            key=key,
            initial=initial,
            progress=progress,
            traces=traces,
            events=events,
            every=every,
            device=device,
        )
    recording = Recording(
        model=partial(_with_config, copy.copy(soma), config.later(values)),
        solver=solver,
        dt=dt,
        steps=steps,
        units=units,
        events=None if tally else kept.result(),
        parameters={name: np.asarray(value) for name, value in parameters.items()},
        final=final,
        recorded=recorded,
        traced=traced,
        every=every,
        backend=chosen,
        device=", ".join(map(named, share.mesh.devices.flat)) if share else named(place),
        counted=tally.result() if tally else None,
    )
    check_finite(recording)
    if stray := strayed(type(soma), recorded, traced, final, every * dt):
        warnings.warn(divergence(soma, solver, dt, stray), Diverged, stacklevel=3)
    if crowds.found.any():
        unit = int(np.flatnonzero(crowds.found)[0])
        warnings.warn(
            f"{type(soma).__name__} fires more than once in a step of {dt:g} ms in unit {unit}, and a step keeps one "
            "spike: spikes are missing. Shorten dt, weaken the current or lengthen the refractory period.",
            Crowded,
            stacklevel=3,
        )
    return recording


def _row(config: Any, drive: Drive, traces: int) -> int:
    """Bytes of one step of all units: spikes, offsets and traces, and the current, which is sampled in float64."""
    size = config.float_type.itemsize
    return drive.units * (1 + size) + traces * size + 8 * drive.columns


def _all(traced: np.ndarray, units: int) -> bool:
    return traced.size == units and bool((traced == np.arange(units)).all())


def _with_config(soma: Soma, config: Callable[[], Any]) -> Soma:
    kept = copy.copy(soma)  # each recording's own: `Recording.head` has its model from another one
    kept.config = config()
    return kept
