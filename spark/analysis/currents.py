"""The currents through the membrane: what drives the potential at each moment, in pA."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.hybrid import Hybrid, Values
from ..core.variable import CLOCK, CURRENT
from ..nn.components.somas import Soma
from ..nn.components.somas.membranes import leaky
from ..simulation import Recording
from .host import equations, on_host
from .neuron import class_of

LEAK, INITIATION, HOLD, INPUT = "leak", "spike initiation", "hold", "input"


@dataclass(frozen=True)
class MembraneCurrents:
    """The currents that add up to C dV/dt of one unit, float64 arrays of shape (steps,) in pA; positive depolarises.

    Attributes:
        time: time of each sample, ms.
        terms: the currents by name, in the order of `current_names`.
        total: C dV/dt just after each sample, from the soma's whole flow.
        capacitance: C, pF.
    """

    time: np.ndarray
    terms: dict[str, np.ndarray]
    total: np.ndarray
    capacitance: float


def membrane_currents(recording: Recording, unit: int = 0) -> MembraneCurrents:
    """What flows through the membrane of one unit at each sample.

        C dV/dt = leak + spike initiation + adaptation, recovery, ... + input,   C = 1 / (d(dV/dt)/dI)

    which is tau/R (ms over GOhm) for the leaky and exponential somas, and 1/R for Izhikevich's, whose R is in GOhm/ms.
    Nothing is restated here: each term is what the soma's own flow gains when a part of it is switched on.

    - input: flow(I) - flow(0); 0 while a refractory period disconnects it.
    - adaptation, recovery, and what else a soma declares as a `current`: flow(w) - flow(w = 0); -w for AdEx, and -u/R
      for Izhikevich, which at rest is not 0.
    - leak: the flow of `membranes.leaky`, -(V - V_rest)/R. A membrane without a time constant (Izhikevich's quadratic)
      has for its leak the tangent to its flow at V_rest, constant term included.
    - spike initiation: what the membrane's flow has beyond that. For the exponential somas it is
      (Delta_T/R) exp((V - V_T)/Delta_T), with a soft threshold V_T that moves where it does; for Izhikevich
      0.04 (v - V_rest)^2/R, so that leak and initiation together are (0.04 v^2 + 5 v + 140)/R.
    - hold: what keeps the potential where it is during a strict refractory period (there minus the leak, else 0).

    The differences are taken as derivatives at the midpoint, which is the same where the flow is linear or quadratic
    in what is switched on, and loses nothing where the upstroke is 1e10 times as large. All in float64: the sum of
    the terms is `total` to 1e-12 of the largest of them.

    The time left of a refractory period is not recorded; it follows from the spikes. A period that had begun before
    the run (a state handed over with `initial`) is unknown here.

    Args:
        recording: a run that kept all its soma has: `record=variables(type(soma))`.
        unit: which unit.

    Raises:
        AttributeError: one of these was not recorded; says which.
        ValueError: no trace of that unit.
    """
    kind = type(recording.soma)
    its = equations(kind)
    needed = [v.name for v in (*kind.system.variables, CURRENT) if v != CLOCK]
    traces = {name: getattr(recording, name) for name in needed}
    traced = recording.traced
    if unit not in traced:
        raise ValueError(f"unit = {unit} has no trace: the recording keeps those of {len(traced)} units.")
    column = int(np.flatnonzero(traced == unit)[0])
    columns = {name: trace[:, column].astype(np.float64) for name, trace in traces.items()}
    current = columns.pop(CURRENT.name)
    p = Values({name: np.float64(recording.parameters[name][unit]) for name in its.parameters})
    s = Values(columns)
    if "refractory" in its.state:
        s = s | {"refractory": refractory_clock(recording, unit)}
    found, whole, gain = _parts(kind)(p, s, current)
    named = dict(zip(_all_names(kind), found, strict=True))
    capacitance = 1 / float(np.ravel(gain)[0])
    return MembraneCurrents(
        time=recording.time,
        terms={name: np.broadcast_to(capacitance * named[name], current.shape) for name in current_names(kind)},
        total=capacitance * whole,
        capacitance=capacitance,
    )


def refractory_clock(recording: Recording, unit: int = 0) -> np.ndarray:
    """What is left of the refractory period at each sample, ms, shape (steps,): from the spikes and the cooldown."""
    kind, steps, dt = type(recording.soma), recording.steps, recording.dt
    p = Values({name: np.float64(value[unit]) for name, value in recording.parameters.items()})
    rest = kind.system.initial(p, p.potential_rest)
    cooldown = float(equations(kind).jump(p, rest).get("refractory", 0.0))
    times = recording.spike_times[unit]
    # A spike shows from the first sample after it. What carries the time of a sample, as all spikes on a grid do, fell
    # into the step that begins there: that sample is the state before it. Offsets of a whole step are rounded.
    nearest = np.rint(times / dt)
    first = np.where(times == nearest * dt, nearest + 1, np.ceil(times / dt - 1e-4)).astype(int)
    bounds = np.concatenate([[0], np.minimum(first, steps), [steps]])
    last = np.repeat(np.concatenate([[-np.inf], times]), np.diff(bounds))
    left = cooldown - (np.arange(steps) * dt - last)
    # On a grid a period is over where no more than half a step is left; elsewhere it ends in time, up to rounding.
    return np.where(left > dt * (0.5 if recording.solver.on_grid else 1e-4), left, 0.0)


def _all_names(kind: type[Soma]) -> tuple[str, ...]:
    return LEAK, INITIATION, *(v.name for v in kind.system.variables if v.current), HOLD, INPUT


def current_names(kind: type[Soma] | Soma) -> tuple[str, ...]:
    """The names of the currents that a soma has, whatever its values: those that are not 0 all over a wide sweep."""
    return _current_names(class_of(kind))


@cache
def _current_names(kind: type[Soma]) -> tuple[str, ...]:
    its, default = equations(kind), kind().drawn((1,))
    p: Any = Values({name: np.float64(default[name][0]) for name in its.parameters})
    potential: Any = np.tile(np.linspace(p.potential_rest - 20, p.threshold, 50), 2)
    s = kind.system.initial(p, potential) | dict.fromkeys(_all_names(kind)[2:-2], 1.0)
    if "refractory" in its.state:
        s = s | {"refractory": np.repeat([0.0, 1.0], 50)}
    found = _parts(kind)(p, s, np.ones(100))[0]
    least = 1e-9 * np.max(np.abs(found[0]))
    return tuple(name for name, part in zip(_all_names(kind), found, strict=True) if np.max(np.abs(part)) > least)


@cache
def _parts(kind: type[Soma]) -> Callable[..., Any]:
    """`_split`, traced once for each class and evaluated on the host: nothing is compiled, whatever the length."""
    its, one = equations(kind), np.float64(1)
    p, s = Values(dict.fromkeys(its.parameters, one)), Values(dict.fromkeys(its.state, one))
    return on_host(partial(_split, kind.system, _all_names(kind)[2:-2]), p, s, one)


def _split(system: Hybrid, slow: tuple[str, ...], p: Values, s: Values, current: jax.Array) -> tuple[Any, ...]:
    """The parts of dV/dt (as `_all_names`), the whole of it, and what it gains per pA; mV/ms, for one sample."""
    nothing, one = jnp.zeros_like(current), jnp.ones_like(current)
    bare = s | dict.fromkeys(slow, nothing)
    free = bare | ({"refractory": nothing} if "refractory" in s else {})

    def rise(state: Values, current: jax.Array) -> jax.Array:
        return system.flow(p, state, current).potential

    def gained(part: Callable[[jax.Array], jax.Array], value: jax.Array) -> jax.Array:
        return jax.jvp(part, (value / 2,), (value,))[1]

    def switched(name: str, others: Values) -> Callable[[jax.Array], jax.Array]:
        return lambda x: rise(others | {name: x}, nothing)

    membrane = rise(free, nothing)
    if "potential_tau" in p:
        leak = leaky.flow(p, free, nothing).potential
    else:
        value, slope = jax.jvp(lambda v: rise(free | {"potential": v}, nothing), (p.potential_rest,), (one,))
        leak = value + slope * (s.potential - p.potential_rest)
    parts, before = [leak, membrane - leak], bare
    for name in slow:  # one after the other, so that they add up even where one depends on another
        parts.append(gained(switched(name, before), s[name]))
        before = before | {name: s[name]}
    parts += [rise(bare, nothing) - membrane, gained(lambda i: rise(s, i), current)]
    gain = jax.jvp(lambda i: rise(free, i), (nothing,), (one,))[1]
    return parts, rise(s, current), gain
