"""Coordinates in which a solver advances a system, and the digits of a state beyond those of float32."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from .hybrid import Chart, Hybrid, Values
from .variable import CLOCK


@dataclass(frozen=True)
class Frame:
    """Coordinates in which a system is advanced, and the way into them and out.

    A state in single precision has a second number for each variable here, the digits that the first has no room for:
    an increment of less than half a unit in its last place would otherwise be lost in every step, however many.

    Attributes:
        system: the system in these coordinates.
        chart: what leads there, None where they are the system's own variables.
        long: whether states in single precision have the second number.
    """

    system: Hybrid
    chart: Chart | None = None
    long: bool = False

    def enter(self, p: Values, s: Values, going: Any = False) -> Values:
        """The state in these coordinates; where it is `going` on from another loop, it is in them already."""
        if self.chart is None:
            return s
        fresh = s | self.chart.enter(p, self.high(s))
        return fresh if going is False else Values({name: jnp.where(going, s[name], fresh[name]) for name in s})

    def begun(self, s: Values) -> Values:
        """A state with all numbers that one has in these coordinates, for a loop that goes on from it."""
        if not self.long:
            return s
        own = {v.name for v in self.system.variables} - {CLOCK.name}
        moving = [name for name in s if name in own and s[name].dtype == np.float32]
        return s | {low(name): s.get(low(name), 0 * s[name]) for name in moving}

    def high(self, z: Values) -> Values:
        """Its variables alone."""
        return Values({name: z[name] for name in z if not name.endswith(low(""))})

    def leave(self, p: Values, z: Values) -> Values:
        """The state that has these coordinates."""
        return self.high(z) if self.chart is None else self.chart.leave(p, self.high(z))

    def left(self, p: Values, z: Values) -> Values:
        """The same with all its digits: `enter` of it is `z` again, but for the sum of its two numbers."""
        if self.chart is None:
            return z
        high, rest = parted(z)
        s = self.chart.leave(p, high)
        # XLA would see that one undoes the other, and lose the very difference that is asked for.
        again = self.chart.enter(p, lax.optimization_barrier(s)) if rest else s
        return s | lows(Values({k: lax.stop_gradient(high[k] - again[k] + rest[k]) for k in rest}))


def low(name: str) -> str:
    """What the part of a variable is called that its float32 number has no digits for."""
    return f"{name} (low)"


def parted(whole: Values) -> tuple[Values, Values]:
    """The variables of a state, and by the same names the digits that they have no room for, where it has them."""
    rest = Values({k: whole[low(k)] for k in whole if low(k) in whole})
    digits = {low(k) for k in rest}
    return Values({k: whole[k] for k in whole if k not in digits}), rest


def added(s: Values, change: Values, rest: Values) -> tuple[Values, Values]:
    """A state and a change, and the digits that the sum has no room for (Kahan's summation)."""
    change = change | {k: change[k] + rest[k] for k in rest}
    end = Values({k: s[k] + change[k] for k in s})
    return end, Values({k: change[k] - (end[k] - s[k]) for k in rest})


def lows(rest: Values) -> Values:
    """Such digits by the names that they have in a state."""
    return Values({low(k): rest[k] for k in rest})
