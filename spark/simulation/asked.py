"""What a run is asked for, checked: every refusal is one sentence that says what to do."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.echo import echo
from ..core.hybrid import Values
from ..core.memory import check_memory
from ..core.sizes import LARGEST, SMALLEST, UNREADABLE, as_float, as_numbers, check_size, too_large
from ..nn.components.somas import Soma
from ..nn.components.somas.population import shape_of
from ..stimuli import Stimulus

DEFAULT_DURATION = 1000.0
MOST_STEPS = 100_000_000
SEEDS = 2**63
MUCH = 100_000_000
"""Bytes of which memory is asked whether it holds them."""


@cache
def variables(kind: type[Soma]) -> tuple[str, ...]:
    """The names that can be recorded from this soma.

    Raises:
        ValueError: its state holds something else than what its system declares.
    """
    state, declared = jax.eval_shape(lambda: _resting_state(kind)), {v.name for v in kind.system.variables}
    if declared != set(state):
        raise ValueError(
            f"{kind.__name__}'s state is {', '.join(state)}, but its system declares {', '.join(sorted(declared))}: "
            "give Hybrid one Variable for each in `variables`."
        )
    return tuple(variable.name for variable in kind.system.recordable)


def _resting_state(kind: type[Soma]) -> Values:
    p = kind().parameters((1,))
    return kind.system.initial(p, p.potential_rest)


def positive(name: str, unit: str, value: Any) -> float:
    """A number greater than 0, or an error that calls it `name`."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"{name} takes a number in {unit}, not {echo(value)}.")
    number = as_float(value)
    if not SMALLEST <= number <= LARGEST:
        if number > 0 and math.isfinite(number):
            raise ValueError(
                f"{name} = {number:g} {unit} is beyond what can be computed with: "
                f"choose from {SMALLEST:g} to {LARGEST:g} {unit}."
            )
        told = number if isinstance(value, float) else echo(value)
        raise ValueError(f"{name} = {told} {unit} must be greater than 0 {unit} and finite.")
    return number


def seeded(key: Any) -> jax.Array | None:
    """The key of a run's draws: itself, that of a seed, or None."""
    if isinstance(key, (int, np.integer)) and not isinstance(key, bool):
        if not -SEEDS <= key < SEEDS:
            raise ValueError(
                f"key = {echo(int(key))} is no seed: give a whole number from {-SEEDS:,} to {SEEDS - 1:,}."
            )
        return jax.random.key(int(key))
    if key is None:
        return None
    typed = isinstance(key, jax.Array) and jnp.issubdtype(key.dtype, jax.dtypes.prng_key) and key.ndim == 0
    raw = isinstance(key, (jax.Array, np.ndarray)) and key.dtype == np.uint32 and key.shape == (2,)
    if not typed and not raw:
        raise TypeError(f"key takes a key such as jax.random.key(0), or its seed, not {echo(key)}.")
    return key


class Drive(NamedTuple):
    """The current of a run.

    Attributes:
        draw: gives the current of the next so many steps, pA, shape (those steps, columns).
        columns: 1 where all units get the same, else one per unit.
        steps: number of steps.
        units: number of units.
    """

    draw: Callable[[int], np.ndarray]
    columns: int
    steps: int
    units: int


def driven(
    config: Any, current: Any, dt: float, duration: float | None, units: int | None, key: jax.Array | None
) -> Drive:
    """The current, and with it the size of the run."""
    if units is not None:
        if not isinstance(units, (int, np.integer)) or isinstance(units, bool) or units < 1:
            raise ValueError(f"units = {echo(units)} must be a whole number of at least 1.")
        shape_of(units, "units")
    fixed = config.units
    if units is not None and fixed is not None and units != math.prod(fixed):
        raise ValueError(f"units = {units} but the config says units = {fixed}: leave one of them out.")
    if isinstance(current, Stimulus):
        steps, units = (
            steps_of(current.length or DEFAULT_DURATION if duration is None else duration, dt),
            int(units or config_units(config) or 1),
        )
        return Drive(current.stream(dt, units, key, config.float_type), current.columns(units), steps, units)
    given = getattr(current, "value", current)
    number = isinstance(given, numbers.Real) and not isinstance(given, bool)
    held = np.asarray(as_float(given)) if number else _numbers(given)
    if held.ndim > 2 or not held.size:
        raise ValueError(
            "current must be a stimulus, a number in pA, or numbers of shape (steps,) or (steps, units); "
            f"got shape {held.shape}, dtype {held.dtype}."
        )
    if held.ndim == 0:  # a constant current
        check_size(float(held), given, "current", " pA")
        held = np.broadcast_to(held, steps_of(DEFAULT_DURATION if duration is None else duration, dt))
    elif (at := too_large(held)) is not None:
        if np.isfinite(held[at]):
            raise ValueError(
                f"current = {held[at]:g} pA in step {at[0]} is too large: give numbers of at most {LARGEST:g} in size."
            )
        raise ValueError(f"current must be finite (pA); step {at[0]} is not.")
    held = held[:, None] if held.ndim == 1 else held
    if duration is not None and steps_of(duration, dt) != len(held):
        raise ValueError(
            f"duration = {duration:g} ms is {steps_of(duration, dt)} steps of {dt:g} ms but the current has "
            f"{len(held)}: leave duration out, or give a current of that length."
        )
    wide = held.shape[1] if held.shape[1] > 1 else None
    units = units or config_units(config) or wide or 1
    if wide not in (None, units):
        raise ValueError(f"the current has {wide} columns but the population has {units} units: give (steps, {units}).")
    return Drive(_pieces(held, config.float_type), held.shape[1], len(held), int(units))


def _numbers(current: Any) -> np.ndarray:
    if isinstance(current, (str, bytes, bool)) or not hasattr(current, "__len__"):
        raise ValueError(
            "current must be a stimulus, a number in pA, or numbers of shape (steps,) or (steps, units); "
            f"got {echo(current)}."
        )
    try:
        return np.asarray(as_numbers(current, "current", " in pA"))
    except jax.errors.JAXTypeError:  # a call under a transformation: `outside` says what to call there
        raise
    except TypeError:
        raise ValueError(
            "current must be a stimulus, a number in pA, or numbers of shape (steps,) or (steps, units); "
            f"got {echo(current)}."
        ) from None


def _pieces(held: np.ndarray, dtype: Any) -> Callable[[int], np.ndarray]:
    begin = 0

    def following(steps: int) -> np.ndarray:
        nonlocal begin
        begin += steps
        return held[begin - steps : begin].astype(dtype, copy=False)

    return following


def config_units(config: Any) -> int | None:
    """The number of units that a config says, by its own or by the arrays in it."""
    if config.units is not None:
        return math.prod(config.units)
    sizes = [np.size(v) for v in config.values().values() if isinstance(v, (np.ndarray, jax.Array))]
    return max(sizes, default=None)


def steps_of(duration: Any, dt: float) -> int:
    """The number of steps of a run."""
    steps = max(1, round(positive("duration", "ms", duration) / dt))
    if steps > MOST_STEPS:
        raise ValueError(
            f"duration = {duration:g} ms at dt = {dt:g} ms is {steps:,} steps; one run records at most {MOST_STEPS:,}: "
            "shorten it, or go on from its end with initial=recording.final."
        )
    return steps


def recordable(soma: Soma, record: Sequence[str]) -> tuple[str, ...]:
    """The variables to record, in the order in which every run records them."""
    if isinstance(record, str):
        record = (record,)
    if not isinstance(record, Iterable) or getattr(record, "ndim", 1) != 1:
        raise TypeError(f'record takes names of variables, such as ("potential",), not {echo(record)}.')
    names = tuple(record)
    known = variables(type(soma))
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise ValueError(f"{type(soma).__name__} cannot record {echo(name)}: choose from {', '.join(known)}.")
    return tuple(name for name in known if name in names)


def traced_units(traces: Sequence[int] | int | None, units: int) -> np.ndarray:
    """The numbers of the units whose variables are recorded."""
    if traces is None:
        return np.arange(units)
    if isinstance(traces, (int, np.integer)) and not isinstance(traces, bool) and traces >= 0:
        return np.arange(min(int(traces), units))
    try:
        asked = np.asarray(traces)
    except UNREADABLE:
        asked = np.empty(())
    if asked.ndim != 1 or (asked.size and asked.dtype.kind not in "iu"):
        raise ValueError(f"traces takes a whole number of units or a list of their numbers, not {echo(traces)}.")
    if asked.size and not (asked.min() >= 0 and asked.max() < units):
        raise ValueError(f"traces asks for a unit that is not there: the {units} units count from 0 to {units - 1}.")
    return asked.astype(int)


def interval(every: Any) -> int:
    """Steps from one recorded sample to the next."""
    if not isinstance(every, (int, np.integer)) or isinstance(every, bool) or not 1 <= every <= MOST_STEPS:
        raise ValueError(f"every = {echo(every)} must be a whole number of steps, at least 1, at most {MOST_STEPS:,}.")
    return int(every)


def storable(steps: int, every: int, columns: int, dtype: Any) -> None:
    """Refuse traces that memory does not hold."""
    size = -(-steps // every) * columns * dtype.itemsize
    if size > MUCH:
        check_memory(
            size, "what is recorded", "record fewer variables, fewer units (traces=) or not each step (every=)"
        )


def most_spikes(events: Any) -> float:
    """How many spikes are kept: all, none, or so many that a run which fires more is ended."""
    if isinstance(events, (bool, np.bool_)):
        return math.inf if events else 0
    if not isinstance(events, (int, np.integer)) or events < 1:
        raise ValueError(f"events = {echo(events)} must be True, False or the largest number of spikes, at least 1.")
    return int(events)


def unshared(backend: str, device: Any) -> None:
    """Refuse what a run with `sharding` cannot be asked for as well."""
    if backend not in ("auto", "scan"):
        raise ValueError(f"backend = {echo(backend)} has no sharding yet: leave one of them out.")
    if device != "auto":
        raise ValueError("sharding names the devices already: leave device out.")


def initial_state(soma: Soma, p: Values, initial: Mapping[str, Any] | None, units: int) -> Values:
    """The state to begin with: at rest but for what is given."""
    given = {}
    if initial is not None and not isinstance(initial, Mapping):
        raise TypeError(f"initial takes state variables by name, such as {{'potential': -65.0}}, not {echo(initial)}.")
    rest = soma.system.initial(p, p.potential_rest)
    if not initial:
        return rest
    for name, value in initial.items():
        if name not in rest:
            raise ValueError(f"{type(soma).__name__} has no state {echo(name)}: its state is {', '.join(rest)}.")
        told = f"initial {echo(name)}"
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not number and not isinstance(value, (np.ndarray, jax.Array, list, tuple)):
            raise TypeError(f"{told} takes one number, or one for each of {units} units, not {echo(value)}.")
        held = np.asarray(as_float(value) if number else as_numbers(value, told, ""), float)
        check_size(held, held if not number or isinstance(value, float) else value, told, "")
        try:
            shaped = held.astype(rest[name].dtype)
            array = np.broadcast_to(shaped.ravel() if shaped.shape == soma.config.units else shaped, (units,))
        except ValueError:
            raise ValueError(
                f"{told} has shape {held.shape}: give one number, or one for each of {units} units."
            ) from None
        given[name] = array
    return soma.system.initial(p, given.get("potential", p.potential_rest)) | given
