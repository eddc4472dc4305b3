"""Runs of whole populations: what is asked is checked, drawn and sampled, then handed to the loop."""

from __future__ import annotations

import copy
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import jax
import numpy as np

from ..core.hybrid import Values
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..solvers import Solver
from ..stimuli import Stimulus
from .loop import in_chunks, time_loop
from .recording import RECORDABLE, Recording

DEFAULT_DURATION = 1000.0
MOST_STEPS = 100_000_000


def simulate(
    soma: Soma,
    current: Stimulus | CurrentArray | np.ndarray | jax.Array | Sequence[float],
    *,
    dt: float | None = None,
    duration: float | None = None,
    solver: Solver | None = None,
    units: int | None = None,
    record: Sequence[str] = ("potential",),
    key: jax.Array | None = None,
    initial: Mapping[str, Any] | None = None,
    progress: Callable[[float], object] | None = None,
) -> Recording:
    """Simulate a population of somas under an input current.

    One compiled loop per soma class, solver and shape; changed values never compile again.

    Args:
        soma: the soma; its config says everything that is not given here.
        current: a stimulus, or pA as an array of shape (steps,) or (steps, units) held over each step.
        dt: time step, ms; the soma's own when None.
        duration: length of the run, ms; for a stimulus 1000 ms when None, for an array its own length.
        solver: the soma's own when None.
        units: size of the population; taken from the current or the config when None.
        record: which of potential, threshold, adaptation, recovery and current to keep.
        key: JAX key of all random draws; the seeds of config and stimulus when None.
        initial: state variables by name, a number or one per unit; the resting state when None.
        progress: called with the part that is done, up to 1, after each chunk of half a million steps x units (a run
            of fewer is one chunk). It may raise, such as `Cancelled`, to end the run there.

    Returns:
        The recording, with arrays of shape (steps, units).

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a value, shape or name that does not fit.
        FloatingPointError: the run turned non-finite; says where, when and with which parameters.
    """
    if not isinstance(soma, Soma):
        raise TypeError(f"simulate takes an instance of a soma, not {soma!r}: write LeakySoma(), for example.")
    config, solver = soma.config, soma.config.solver if solver is None else solver
    if not isinstance(solver, Solver):
        raise TypeError(f"solver must be a solver instance such as spark.solvers.RK4(), not {solver!r}.")
    dt = _positive("dt", "ms", config.dt if dt is None else dt)
    held, units = _held_current(config, current, dt, duration, units, key)
    record = _recordable(soma, record)
    shape = config.units or (units,)
    parameters = Values({name: value.ravel() for name, value in soma.drawn(shape, key).items()})
    state = _initial_state(soma, parameters, initial, units)
    _check_stable(soma, solver, parameters, state, dt)
    loop = partial(time_loop, soma.system, solver, record, parameters, dt=config.float_type.type(dt))
    spikes, offsets, traces, final = in_chunks(loop, state, held, units, progress)
    recording = Recording(
        soma=_snapshot(soma),
        solver=solver,
        dt=dt,
        spikes=spikes,
        offsets=offsets,
        parameters={name: np.asarray(value) for name, value in parameters.items()},
        final=final,
        recorded=traces,
    )
    _check_finite(recording, parameters)
    return recording


@cache
def variables(kind: type[Soma]) -> tuple[str, ...]:
    """The names that can be recorded from this soma."""
    state = jax.eval_shape(lambda: _resting_state(kind))
    return tuple(name for name in RECORDABLE if name in state or name in ("threshold", "current"))


def _resting_state(kind: type[Soma]) -> Values:
    p = kind().parameters((1,))
    return kind.system.initial(p, p.potential_rest)


def _positive(name: str, unit: str, value: Any) -> float:
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"{name} takes a number in {unit}, not {value!r}.")
    value = float(value)
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} = {value} {unit} must be greater than 0 {unit} and finite.")
    return value


def _held_current(
    config: Any, current: Any, dt: float, duration: float | None, units: int | None, key: jax.Array | None
) -> tuple[np.ndarray, int]:
    """The current of every step, shape (steps, 1 or units), and the number of units."""
    if units is not None and (not isinstance(units, (int, np.integer)) or units < 1):
        raise ValueError(f"units = {units!r} must be a whole number of at least 1.")
    own = _config_units(config)
    if units is not None and config.units is not None and units != own:
        raise ValueError(f"units = {units} but the config says units = {config.units}: leave one of them out.")
    if isinstance(current, Stimulus):
        steps = _steps(DEFAULT_DURATION if duration is None else duration, dt)
        units = units or own or 1
        return current.sample(steps, dt, units, key, config.float_type), int(units)
    held = np.asarray(getattr(current, "value", current))
    if held.dtype.kind not in "fiu" or held.ndim not in (1, 2) or not held.size:
        raise ValueError(
            "current must be a stimulus, or numbers in pA of shape (steps,) or (steps, units); "
            f"got shape {held.shape}, dtype {held.dtype}."
        )
    if not np.isfinite(held).all():
        raise ValueError(f"current must be finite (pA); step {int(np.argwhere(~np.isfinite(held))[0][0])} is not.")
    held = held[:, None] if held.ndim == 1 else held
    if duration is not None and _steps(duration, dt) != len(held):
        raise ValueError(
            f"duration = {duration:g} ms is {_steps(duration, dt)} steps of {dt:g} ms but the current has "
            f"{len(held)}: leave duration out, or give a current of that length."
        )
    wide = held.shape[1] if held.shape[1] > 1 else None
    units = units or own or wide or 1
    if wide not in (None, units):
        raise ValueError(f"the current has {wide} columns but the population has {units} units: give (steps, {units}).")
    return held.astype(config.float_type), int(units)


def _config_units(config: Any) -> int | None:
    if config.units is not None:
        return math.prod(config.units)
    sizes = [np.size(v) for v in config.values().values() if isinstance(v, (np.ndarray, jax.Array))]
    return max(sizes, default=None)


def _steps(duration: Any, dt: float) -> int:
    steps = max(1, round(_positive("duration", "ms", duration) / dt))
    if steps > MOST_STEPS:
        raise ValueError(
            f"duration = {duration:g} ms at dt = {dt:g} ms is {steps:,} steps; one run records at most {MOST_STEPS:,}: "
            "shorten it, or go on from its end with initial=recording.final."
        )
    return steps


def _recordable(soma: Soma, record: Sequence[str]) -> tuple[str, ...]:
    names = (record,) if isinstance(record, str) else tuple(record)
    known = variables(type(soma))
    for name in names:
        if name not in known:
            raise ValueError(f"{type(soma).__name__} cannot record {name!r}: choose from {', '.join(known)}.")
    return tuple(name for name in RECORDABLE if name in names)


def _initial_state(soma: Soma, p: Values, initial: Mapping[str, Any] | None, units: int) -> Values:
    given = {}
    if initial is not None and not isinstance(initial, Mapping):
        raise TypeError(f"initial takes state variables by name, such as {{'potential': -65.0}}, not {initial!r}.")
    rest = soma.system.initial(p, p.potential_rest)
    for name, value in (initial or {}).items():
        if name not in rest:
            raise ValueError(f"{type(soma).__name__} has no state {name!r}: its state is {', '.join(rest)}.")
        try:
            shaped = np.asarray(value, rest[name].dtype)
            array = np.broadcast_to(shaped.ravel() if shaped.shape == soma.config.units else shaped, (units,))
        except ValueError:
            raise ValueError(
                f"initial {name!r} has shape {np.shape(value)}: give one number, or one for each of {units} units."
            ) from None
        if not np.isfinite(array).all():
            raise ValueError(f"initial {name!r} must be finite, got {value}.")
        given[name] = array
    return soma.system.initial(p, given.get("potential", p.potential_rest)) | given


def _check_stable(soma: Soma, solver: Solver, p: Values, s: Values, dt: float) -> None:
    """Refuse a time step that is too long for the fastest variable: explicit schemes would run away unseen."""
    if not math.isfinite(solver.stable):
        return
    for name, rate in soma.system.rates(p, s).items():
        fastest = float(np.max(np.asarray(rate)))
        if fastest * dt > solver.stable:
            limit = solver.stable / fastest
            raise ValueError(
                f"dt = {dt:g} ms is too long: the {name} has a time constant of {1 / fastest:g} ms, and "
                f"{type(solver).__name__} needs dt below {limit:.3g} ms. "
                "Shorten the time step or lengthen the time constant."
            )


def _snapshot(soma: Soma) -> Soma:
    kept = copy.copy(soma)
    kept.config = soma.config if soma.config.sealed else soma.config.copy()
    return kept


def _check_finite(recording: Recording, p: Values) -> None:
    """Raise if the run ended non-finite: a value that is not a number stays so, since it never fires."""
    bad = np.zeros(recording.units, bool)
    for value in recording.final.values():
        bad |= ~np.isfinite(value)
    if not bad.any():
        return
    unit = int(np.flatnonzero(bad)[0])
    when = [np.flatnonzero(~np.isfinite(v[:, unit])) for v in recording.recorded.values()]
    first = min((int(w[0]) for w in when if w.size), default=None)
    at = f"at {first * recording.dt:g} ms" if first is not None else "by the end of the run"
    values = ", ".join(f"{name}={float(value[unit]):g}" for name, value in p.items())
    raise FloatingPointError(
        f"{type(recording.soma).__name__} turned non-finite in unit {unit} {at} with {values}, "
        f"dt={recording.dt:g} ms, {recording.solver}: choose a smaller time step, or values nearer to the defaults."
    )
