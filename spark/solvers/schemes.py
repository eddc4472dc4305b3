"""The schemes: how each solver follows the smooth flow, and finds a crossing where it knows better than a cubic."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from ..core.echo import echo
from ..core.hybrid import Hybrid, Values
from .solver import Solver, along


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
        return part, along(s, slope, part * h)


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
        second = system.flow(p, along(s, slope, h), current)
        return Values({k: h / 2 * (slope[k] + second[k]) for k in s})


@dataclass(frozen=True)
class RK4(Solver):
    """Classical Runge-Kutta, order 4, in the system's smooth coordinate."""

    order = 4
    stable = 2.5
    charted = True

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        k2 = system.flow(p, along(s, slope, h / 2), current)
        k3 = system.flow(p, along(s, k2, h / 2), current)
        k4 = system.flow(p, along(s, k3, h), current)
        return Values({k: h / 6 * (slope[k] + 2 * (k2[k] + k3[k]) + k4[k]) for k in s})


MOST_SUBSTEPS = 100
"""Each of them is compiled."""


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
        ValueError: `on_grid` is False, or `substeps` is below 1 or above 100.
    """

    on_grid: bool = True
    substeps: int = 2
    order = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.on_grid:
            raise ValueError("SequentialEuler reproduces a scheme on the time grid: leave on_grid True.")
        substeps = self.substeps
        if not isinstance(substeps, int) or isinstance(substeps, bool) or not 1 <= substeps <= MOST_SUBSTEPS:
            raise ValueError(
                f"SequentialEuler.substeps must be a whole number from 1 to {MOST_SUBSTEPS}, got {echo(substeps)}."
            )

    def advance(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        for _ in range(self.substeps):
            rise = system.flow(p, s, current).potential
            s = s | {"potential": s.potential + h / self.substeps * rise}
        return along(s, system.flow(p, s, current) | {"potential": jnp.zeros_like(h)}, h)

    def change(self, system: Hybrid, p: Values, s: Values, slope: Values, current: jax.Array, h: jax.Array) -> Values:
        end = self.advance(system, p, s, slope, current, h)
        return Values({k: end[k] - s[k] for k in s})


def _phi(z: jax.Array) -> jax.Array:
    small = jnp.abs(z) < 1e-3  # where the terms left out are below 1e-18; the quotient has no value at 0
    series = 1 + z * (1 / 2 + z * (1 / 6 + z * (1 / 24 + z / 120)))
    return jnp.where(small, series, jnp.expm1(z) / jnp.where(small, 1.0, z))
