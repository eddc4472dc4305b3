"""The membranes that a soma is built on: leaky, exponential, quadratic. Every equation is written once, here or beside.

Potentials in mV, times in ms, currents in pA, resistances in GOhm, conductances in nS.
"""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp

from ....core.hybrid import Chart, Hybrid, Values
from ....core.variable import POTENTIAL, Variable

LARGEST_EXPONENT = 60.0
"""Beyond this the exponential upstroke takes less than 1e-26 time constants: no overflow, no visible error."""


def zero(v: jax.Array) -> jax.Array:
    """Zeros of a variable's shape."""
    return 0.0 * v + 0.0  # arithmetic keeps NumPy arrays what they are; -0.0 + 0.0 is 0.0


def _reset(p: Values, s: Values) -> Values:
    return s | {"potential": p.potential_reset}


def _fixed_level(p: Values, s: Values) -> jax.Array:
    return p.threshold


def _leak_rate(p: Values, s: Values) -> Values:
    return Values(potential=1 / p.potential_tau)


def _leaky_flow(p: Values, s: Values, current: jax.Array) -> Values:
    return Values(potential=(p.potential_rest - s.potential + p.resistance * current) / p.potential_tau)


leaky = Hybrid(
    initial=lambda p, potential: Values(potential=potential),
    flow=_leaky_flow,
    level=_fixed_level,
    jump=_reset,
    rates=_leak_rate,
)
"""tau dV/dt = V_rest - V + R I; fires at the threshold, restarts at V_reset."""


def soft_threshold(p: Values, s: Values) -> jax.Array:
    """The rheobase threshold, displaced by as much as a moving firing threshold is."""
    return p.rheobase_threshold + (s.threshold - p.threshold if "threshold" in s else 0.0)


def _exponent(p: Values, s: Values, potential: jax.Array) -> jax.Array:
    return (potential - soft_threshold(p, s)) / p.spike_slope


def _exponential_flow(p: Values, s: Values, current: jax.Array) -> Values:
    if "calm" in s:  # seen from the chart, which knows e^x already
        growth = (1 - s.calm) / s.calm
    else:
        growth = jnp.exp(jnp.minimum(_exponent(p, s, s.potential), LARGEST_EXPONENT))
    return Values(potential=_leaky_flow(p, s, current).potential + p.spike_slope * growth / p.potential_tau)


def _enter_upstroke(p: Values, s: Values) -> Values:
    return s | {"potential": -jax.nn.softplus(-_exponent(p, s, s.potential))}


def _leave_upstroke(p: Values, z: Values) -> Values:
    y = jnp.minimum(z.potential, -math.exp(-LARGEST_EXPONENT))
    return z | {"potential": soft_threshold(p, z) + p.spike_slope * (y - jnp.log(-jnp.expm1(y)))}


def _look_at_upstroke(p: Values, z: Values) -> Values:
    # A fifth cheaper than expm1, and as good: what is lost acts for less than a millionth of a time constant.
    y = jnp.minimum(z.potential, 0.0)
    calm = jnp.maximum(1 - jnp.exp(y), jnp.finfo(y.dtype).eps)
    log_calm = jnp.log(calm)
    potential = soft_threshold(p, z) + p.spike_slope * (y - log_calm)
    return z | {"potential": potential, "calm": calm, "log_calm": log_calm}


def _upstroke_rate(p: Values, s: Values, ds: Values) -> Values:
    drift = ds.threshold if "threshold" in ds else 0.0
    return ds | {"potential": s.calm * (ds.potential - drift) / p.spike_slope}


STRIDE, STRAIGHT = 0.5, 3.0
"""How far, in x, a scheme can go in one go where the chart bends, and how far below x = 0 it begins to."""


def _upstroke_pace(p: Values, z: Values, dz: Values) -> jax.Array:
    own = 1 / p.potential_tau  # of dy/dt, what the upstroke itself makes; the rest is the drive of x, times r
    driven = jnp.maximum(jnp.abs(dz.potential - own) - own / 8, 0.0)  # where that is all, there is no bend left
    return driven / (_look_at_upstroke(p, z).calm * jnp.maximum(-STRAIGHT - z.potential, STRIDE))


exponential = Hybrid(
    initial=leaky.initial,
    flow=_exponential_flow,
    level=_fixed_level,
    jump=_reset,
    rates=_leak_rate,
    chart=Chart(_enter_upstroke, _leave_upstroke, _look_at_upstroke, _upstroke_rate, _upstroke_pace),
)
"""tau dV/dt = V_rest - V + D exp((V - V_T)/D) + R I.

Its chart, with x = (V - V_T)/D, is y = -log(1 + e^-x): like x below V_T, and reaching 0 at a constant speed 1/tau
where V diverges. All else follows from r = 1/(1 + e^x) = 1 - e^y (`calm`: 1 at rest, 0 in a spike) and its logarithm:
x = y - log r, e^x = (1 - r)/r, dy/dx = r.
"""


LARGEST_POTENTIAL = 1e4
"""A stage of a solver may look this far (mV), not to where squares overflow."""
HEADROOM = 200.0
"""How far (mV) beyond the spike peak a stage in the chart looks: the potential diverges there, and drives u."""
VERTEX, WIDTH = -62.5, 20.0
"""0.04 v^2 + 5 v + 140 = 0.04 (v - VERTEX)^2 - 16.25; the width scales its chart, in mV."""


def _quadratic_flow(p: Values, s: Values, current: jax.Array) -> Values:
    v, u = jnp.clip(s.potential, -LARGEST_POTENTIAL, LARGEST_POTENTIAL), s.recovery
    return Values(
        potential=0.04 * v * v + 5 * v + 140 - u + p.resistance * current,
        recovery=p.recovery_timescale * (p.recovery_sensitivity * v - u),
    )


def _quadratic_rates(p: Values, s: Values) -> Values:
    return Values(potential=-(0.08 * s.potential + 5), recovery=p.recovery_timescale)


def _pole(potential: jax.Array) -> jax.Array:
    x = (potential - VERTEX) / WIDTH
    root = jnp.sqrt(x * x + 4)
    return -jnp.where(x > 0, 2 / (root + jnp.abs(x)), (root - x) / 2)


def _enter_pole(p: Values, s: Values) -> Values:
    return s | {"potential": _pole(s.potential)}


def _leave_pole(p: Values, z: Values) -> Values:
    return z | {"potential": _look_at_pole(p, z).potential}


def _look_at_pole(p: Values, z: Values) -> Values:
    y = jnp.minimum(z.potential, _pole(p.threshold + HEADROOM))
    square = y * y
    return z | {"potential": VERTEX + WIDTH * (y - 1 / y), "shrinkage": square / (WIDTH * (1 + square))}


def _pole_rate(p: Values, s: Values, ds: Values) -> Values:
    return ds | {"potential": s.shrinkage * ds.potential}


def _pole_pace(p: Values, z: Values, dz: Values) -> jax.Array:
    decay = _quadratic_rates(p, _look_at_pole(p, z)).potential
    return jnp.maximum(jnp.abs(dz.potential), decay / 2)  # y moves by little more than 1 from rest to the pole


RECOVERY = Variable("recovery", "u", "mV/ms", "recovery", current=True)

quadratic = Hybrid(
    initial=lambda p, potential: Values(potential=potential, recovery=p.recovery_sensitivity * potential),
    flow=_quadratic_flow,
    level=_fixed_level,
    jump=lambda p, s: _reset(p, s) | {"recovery": s.recovery + p.recovery_update},
    rates=_quadratic_rates,
    chart=Chart(_enter_pole, _leave_pole, _look_at_pole, _pole_rate, _pole_pace),
    variables=(POTENTIAL, RECOVERY),
)
"""dv/dt = 0.04 v^2 + 5 v + 140 - u + R I, du/dt = a (b v - u); at a spike v = c, u increases by d.

Its chart is y < 0 with y - 1/y = (v - VERTEX)/WIDTH: a simple pole at 0, as v has where it diverges, so that y passes 0
smoothly, and v itself far below, where inhibition takes it. Above it does what the angle of the theta neuron does,
atan((v - VERTEX)/WIDTH), without a transcendental function.
"""
