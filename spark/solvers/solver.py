"""A step of any solver: its stops, its parts, and where in it a spike falls."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from ..core.echo import echo
from ..core.frame import Frame, added, lows, parted
from ..core.hybrid import Hybrid, Values
from ..core.jaxpr import depends
from ..core.plain import Plain
from .derivatives import crossed, flown

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
            raise TypeError(f"{type(self).__name__}.on_grid must be True or False, not {echo(self.on_grid)}.")

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
        change = flown(partial(self.change, system), system)
        cross = crossed(partial(self._locate, system), change, system)

        def unfinished(carry: Passed) -> jax.Array:
            return jnp.any(carry[1] > 0)

        def to_next_stop(carry: Passed) -> Passed:
            whole, left, fired, offset = carry
            s, rest = parted(whole)
            blocked = system.blocked(s)
            h = jnp.where(blocked, jnp.minimum(s.get("refractory", left), left), left)
            slope = system.flow(p, s, current)
            h = self._stride(system, p, s, slope, h, dt)
            end, rest = added(s, change(p, s, slope, current, h), rest)
            hit = (system.event(p, end) > 0) & ~blocked & ~fired & (left > 0)
            if "refractory" in s:
                end = end | {"refractory": jnp.where(blocked, s.refractory - h, 0.0)}

            def go_on() -> Passed:
                return end | lows(rest), left - h, fired, offset

            def land() -> Passed:
                until, crossing = cross(p, s, slope, end, current, h)
                spent, after = jnp.where(hit, until, h), system.jump(p, crossing)
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
            ahead = [system.rates(p, there) for there in (s, along(s, slope, h))]
            paces = [rates[name] / self.stable for rates in ahead for name in rates if changing[name]]
        if not paces:
            return h
        pace = reduce(jnp.maximum, paces)
        # Few steps are cut up: the others do not pay for it.
        part = lax.stop_gradient(jnp.maximum(1 / pace, dt / FINEST))
        return lax.cond(jnp.any(h * pace > 1), lambda: jnp.minimum(h, part), lambda: h)

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


def along(s: Values, slope: Values, h: jax.Array) -> Values:
    """The state `h` ms on, where the flow stays `slope`."""
    return Values({k: s[k] + h * slope[k] for k in s})


def _select(mask: jax.Array, yes: dict[str, Any], no: Values) -> Values:
    return Values({k: jnp.where(mask, yes[k], no[k]) for k in no})


def _cubic(y0: Any, y1: Any, d0: Any, d1: Any, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Value and slope at x in [0, 1] of the cubic with these end values and end slopes."""
    rise = y1 - y0
    a, b = d0 + d1 - 2 * rise, 3 * rise - 2 * d0 - d1
    return y0 + x * (d0 + x * (b + x * a)), d0 + x * (2 * b + x * 3 * a)
