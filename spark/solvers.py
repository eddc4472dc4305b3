"""Solvers advance any hybrid system by one time step.

A step covers `dt` for every unit. Inside it each unit stops where something happens to it, and goes on from
there: at the end of its refractory period, and where its potential crosses the firing level. The crossing is
found on a cubic through both ends of the step (Euler: a line), so spike times have sub-step precision and the
jump is applied there. Where strong currents make the flow fast or stiff, the step falls into parts. A unit fires at
most once in a step: where it were to fire again, `simulate` warns (`spark.simulation.Crowded`).

With `on_grid=True` none of this is done: the potential itself is advanced by the whole step, then tested, then
reset, as fixed-step simulators do; a spike carries the time of its step's beginning.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from .core.frame import Frame, added, lows, parted
from .core.hybrid import Hybrid, Values
from .core.jaxpr import depends
from .core.plain import Plain

__all__ = ["RK4", "Euler", "ExponentialEuler", "Heun", "SequentialEuler", "Solver", "catalogue"]

Step = tuple[Values, jax.Array, jax.Array]
Passed = tuple[Values, jax.Array, jax.Array, jax.Array]
"""State, what is left of the step, whether a unit has fired in it, and when."""


FINEST = 1024
"""Parts into which a step may fall where the flow is fast: what diverges must come to an end."""


@dataclass(frozen=True)
class Solver(Plain, abc.ABC):
    """Base of all solvers.

    Args:
        on_grid: let spikes fall on the time grid instead of locating them inside the step.
    """

    on_grid: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.on_grid, bool):
            raise TypeError(f"{type(self).__name__}.on_grid must be True or False, not {self.on_grid!r}.")

    order: ClassVar[int]
    stable: ClassVar[float] = 2.0
    """Largest product of time step and decay rate for which the solver does not run away."""
    charted: ClassVar[bool] = False
    """Whether the potential is advanced in the system's smooth coordinate."""

    @abc.abstractmethod
    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        """What `h` ms of smooth flow from `s` add to it, where the flow is `slope`."""

    def advance(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        """The state after `h` ms of smooth flow from `s`, where the flow is `slope`."""
        change = self.change(system, p, s, slope, current, h)
        return Values({k: s[k] + change[k] for k in s})

    def step(self, system: Hybrid, p: Values, s: Values, current: jax.Array, dt: jax.Array) -> Step:
        """One step of `dt` ms under a held current (pA).

        Returns:
            The state at its end, whether each unit fired, and how many ms after its beginning.
        """
        if self.on_grid:
            return self._step_on_grid(system, p, s, current, dt)
        frame = self.frame(system)
        z, fired, offset = self._step_located(frame.system, p, frame.enter(p, s), current, dt)
        return frame.leave(p, z) if frame.chart else z, fired, offset

    def frame(self, system: Hybrid) -> Frame:
        """The coordinates in which this solver advances `system`: smooth ones, or its own variables."""
        if self.on_grid:
            return Frame(system)
        return Frame(system.charted(), system.chart, True) if self.charted else Frame(system, None, True)

    def _step_on_grid(self, system: Hybrid, p: Values, s: Values, current: jax.Array, dt: jax.Array) -> Step:
        clock = s.get("refractory")
        blocked = jnp.zeros(s.potential.shape, bool)
        if clock is not None:
            blocked = clock > dt / 2
            s = s | {"refractory": jnp.where(blocked, clock, 0.0)}
        end = self.advance(system, p, s, system.flow(p, s, current), current, jnp.broadcast_to(dt, blocked.shape))
        if clock is not None:
            end = end | {"refractory": jnp.maximum(s.refractory - dt, 0.0)}
        fired = ~blocked & (system.event(p, end) > 0)
        after = system.jump(p, end)
        if clock is not None:
            after = after | {"refractory": jnp.maximum(after.refractory - dt, 0.0)}
        return _select(fired, after, end), fired, jnp.zeros_like(s.potential)

    def _step_located(self, system: Hybrid, p: Values, s: Values, current: jax.Array, dt: jax.Array) -> Step:
        shape = s.potential.shape
        left = jnp.broadcast_to(dt, shape).astype(s.potential.dtype)
        start = (s, left, jnp.zeros(shape, bool), jnp.zeros_like(left))

        def unfinished(carry: Passed) -> jax.Array:
            return jnp.any(carry[1] > 0)

        def to_next_stop(carry: Passed) -> Passed:
            whole, left, fired, offset = carry
            s, rest = parted(whole)
            blocked = system.blocked(s)
            h = jnp.where(blocked, jnp.minimum(s.get("refractory", left), left), left)
            slope = system.flow(p, s, current)
            h = self._stride(system, p, s, slope, h, dt)
            end, rest = added(s, self.change(system, p, s, slope, current, h), rest)
            hit = (system.event(p, end) > 0) & ~blocked & ~fired & (left > 0)
            if "refractory" in s:
                end = end | {"refractory": jnp.where(blocked, s.refractory - h, 0.0)}

            def go_on() -> Passed:
                return end | lows(rest), left - h, fired, offset

            def land() -> Passed:
                part, crossing = self._locate(system, p, s, slope, end, current, h)
                spent, after = jnp.where(hit, part * h, h), system.jump(p, crossing)
                z = _select(hit, after, end) | lows(_select(hit, {k: 0.0 for k in rest}, rest))
                return z, left - spent, fired | hit, jnp.where(hit, dt - left + spent, offset)

            return lax.cond(jnp.any(hit), land, go_on)  # few steps hold a spike: the others do not pay for finding one

        # Mostly one pass does; the loop's own bookkeeping would cost a leaky soma a third of its step.
        s, _, fired, offset = lax.while_loop(unfinished, to_next_stop, to_next_stop(start))
        return s, fired, offset

    def _stride(self, system: Hybrid, p: Values, s: Values, slope: Values, h: jax.Array, dt: jax.Array) -> jax.Array:
        """As much of `h` as the scheme can take in one go: strong currents make a flow fast, and inhibition stiff.

        Where the system does not say at which pace to follow it, its decay rates do, as far as they change with the
        state, here and where the flow leads (the others are looked at before the run).
        """
        paces = [system.pace(p, s, slope)] if system.pace else []
        if not paces and self.stable < float("inf"):
            changing = depends(lambda s: system.rates(p, s), s)
            ahead = [system.rates(p, there) for there in (s, _along(s, slope, h))]
            paces = [rates[name] / self.stable for rates in ahead for name in rates if changing[name]]
        if not paces:
            return h
        pace = reduce(jnp.maximum, paces)
        # Few steps are cut up: the others do not pay for it.
        return lax.cond(jnp.any(h * pace > 1), lambda: jnp.minimum(h, jnp.maximum(1 / pace, dt / FINEST)), lambda: h)

    def _locate(
        self,
        system: Hybrid,
        p: Values,
        s: Values,
        slope: Values,
        end: Values,
        current: jax.Array,
        h: jax.Array,
    ) -> tuple[jax.Array, Values]:
        """Part of `h` at which the event reaches zero, and the state there, on the cubic through both ends."""
        g0, dg0 = jax.jvp(lambda x: system.event(p, x), (s,), (slope,))
        end_slope = system.flow(p, end, current)
        g1, dg1 = jax.jvp(lambda x: system.event(p, x), (end,), (end_slope,))
        part = jnp.clip(g0 / jnp.where(g0 == g1, -1.0, g0 - g1), 0.0, 1.0)
        for _ in range(4):
            value, rise = _cubic(g0, g1, h * dg0, h * dg1, part)
            part = jnp.clip(part - value / jnp.where(rise > 0, rise, jnp.inf), 0.0, 1.0)
        part = jnp.where(g0 > 0, 0.0, part)
        between = {k: _cubic(s[k], end[k], h * slope[k], h * end_slope[k], part)[0] for k in s}
        return part, Values(between)


@dataclass(frozen=True)
class Euler(Solver):
    """Forward Euler, order 1: s + h f(s), in the potential itself.

    `Euler(on_grid=True)` is what most simulators do, with their update order: all variables from the old values,
    then the test, then the reset.
    """

    order = 1

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        return Values({k: h * slope[k] for k in s})

    def _locate(
        self,
        system: Hybrid,
        p: Values,
        s: Values,
        slope: Values,
        end: Values,
        current: jax.Array,
        h: jax.Array,
    ) -> tuple[jax.Array, Values]:
        g0, g1 = system.event(p, s), system.event(p, end)
        part = jnp.where(g0 > 0, 0.0, jnp.clip(g0 / jnp.where(g0 == g1, -1.0, g0 - g1), 0.0, 1.0))
        return part, _along(s, slope, part * h)


@dataclass(frozen=True)
class ExponentialEuler(Solver):
    """Exponential Euler, order 1: each variable's linear part is integrated exactly, the rest is held.

    s + h phi(-h r) f(s) with phi(z) = (e^z - 1)/z and r the variable's decay rate. Exact for the leaky somas,
    whatever the step.
    """

    order = 1
    stable = float("inf")

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        rates = system.rates(p, s)
        return Values({k: h * _phi(-h * rates[k]) * slope[k] if k in rates else 0.0 * s[k] for k in s})

    def _locate(
        self,
        system: Hybrid,
        p: Values,
        s: Values,
        slope: Values,
        end: Values,
        current: jax.Array,
        h: jax.Array,
    ) -> tuple[jax.Array, Values]:
        part, _ = super()._locate(system, p, s, slope, end, current, h)
        for _ in range(2):  # Newton's steps on the scheme itself, so that exact somas have exact crossings
            here = self.advance(system, p, s, slope, current, part * h)
            gap, rise = jax.jvp(lambda x: system.event(p, x), (here,), (system.flow(p, here, current),))
            step = h * jnp.where(rise > 0, rise, jnp.inf)
            part = jnp.where(part > 0, jnp.clip(part - gap / jnp.where(h > 0, step, jnp.inf), 0.0, 1.0), part)
        return part, self.advance(system, p, s, slope, current, part * h)


@dataclass(frozen=True)
class Heun(Solver):
    """Heun's method (explicit trapezoid), order 2, in the system's smooth coordinate."""

    order = 2
    charted = True

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        second = system.flow(p, _along(s, slope, h), current)
        return Values({k: h / 2 * (slope[k] + second[k]) for k in s})


@dataclass(frozen=True)
class RK4(Solver):
    """Classical Runge-Kutta, order 4, in the system's smooth coordinate."""

    order = 4
    stable = 2.5
    charted = True

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        k2 = system.flow(p, _along(s, slope, h / 2), current)
        k3 = system.flow(p, _along(s, k2, h / 2), current)
        k4 = system.flow(p, _along(s, k3, h), current)
        return Values({k: h / 6 * (slope[k] + 2 * (k2[k] + k3[k]) + k4[k]) for k in s})


@dataclass(frozen=True)
class SequentialEuler(Solver):
    """The scheme published with the Izhikevich model: forward Euler, one variable after the other, on the grid.

    The potential is advanced in `substeps` equal steps, then the other variables, which see the new potential.
    With two substeps and dt = 1 ms this is the scheme of Izhikevich (2003), with one that of Izhikevich (2004).
    It changes firing rates by up to a factor of two: use it to reproduce published figures.

    Args:
        on_grid: always True.
        substeps: steps of the potential in one time step.

    Raises:
        ValueError: `on_grid` is False, or `substeps` is below 1.
    """

    on_grid: bool = True
    substeps: int = 2
    order = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.on_grid:
            raise ValueError("SequentialEuler reproduces a scheme on the time grid: leave on_grid True.")
        if not isinstance(self.substeps, int) or self.substeps < 1:
            raise ValueError(f"SequentialEuler.substeps must be a whole number of at least 1, got {self.substeps!r}.")

    def advance(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        for _ in range(self.substeps):
            rise = system.flow(p, s, current).potential
            s = s | {"potential": s.potential + h / self.substeps * rise}
        return _along(s, system.flow(p, s, current) | {"potential": jnp.zeros_like(h)}, h)

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        end = self.advance(system, p, s, slope, current, h)
        return Values({k: end[k] - s[k] for k in s})


def _along(s: Values, slope: Values, h: jax.Array) -> Values:
    return Values({k: s[k] + h * slope[k] for k in s})


def _select(mask: jax.Array, yes: dict[str, Any], no: Values) -> Values:
    return Values({k: jnp.where(mask, yes[k], no[k]) for k in no})


def _phi(z: jax.Array) -> jax.Array:
    small = jnp.abs(z) < 1e-3  # where the terms left out are below 1e-18; the quotient has no value at 0
    series = 1 + z * (1 / 2 + z * (1 / 6 + z * (1 / 24 + z / 120)))
    return jnp.where(small, series, jnp.expm1(z) / jnp.where(small, 1.0, z))


def _cubic(y0: Any, y1: Any, d0: Any, d1: Any, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Value and slope at x in [0, 1] of the cubic with these end values and end slopes."""
    rise = y1 - y0
    a, b = d0 + d1 - 2 * rise, 3 * rise - 2 * d0 - d1
    return y0 + x * (d0 + x * (b + x * a)), d0 + x * (2 * b + x * 3 * a)


def catalogue() -> dict[str, type[Solver]]:
    """Every solver by class name, simplest first."""
    return {kind.__name__: kind for kind in (Euler, ExponentialEuler, Heun, RK4, SequentialEuler)}
