"""Mechanisms by which a soma's spikes make the next one harder: a moving threshold, an adaptation current."""

from __future__ import annotations

from dataclasses import replace

import jax

from ....core.hybrid import Chart, Hybrid, Values
from ....core.variable import LEVEL, Variable
from .membranes import zero


def moving_threshold(system: Hybrid) -> Hybrid:
    """The threshold jumps by `threshold_delta` at a spike and decays to its base with `threshold_tau`."""

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        return system.flow(p, s, current) | {"threshold": (p.threshold - s.threshold) / p.threshold_tau}

    return replace(
        system,
        initial=lambda p, v: system.initial(p, v) | {"threshold": p.threshold},
        flow=flow,
        level=lambda p, s: s.threshold,
        jump=lambda p, s: system.jump(p, s) | {"threshold": s.threshold + p.threshold_delta},
        rates=lambda p, s: system.rates(p, s) | {"threshold": 1 / p.threshold_tau},
        variables=(*system.variables, LEVEL),
    )


ADAPTATION = Variable("adaptation", "w", "pA", "adaptation current", current=True)


def adaptation_current(system: Hybrid) -> Hybrid:
    """An outward current: tau_w dw/dt = a (V - V_rest) - w, and w increases by b at a spike."""

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        drive = p.adaptation_subthreshold * (s.potential - p.potential_rest)
        return system.flow(p, s, current - s.adaptation) | {"adaptation": (drive - s.adaptation) / p.adaptation_tau}

    return replace(
        system,
        initial=lambda p, v: system.initial(p, v) | {"adaptation": zero(v)},
        flow=flow,
        jump=lambda p, s: system.jump(p, s) | {"adaptation": s.adaptation + p.adaptation_delta},
        rates=lambda p, s: system.rates(p, s) | {"adaptation": 1 / p.adaptation_tau},
        chart=system.chart and _with_smooth_adaptation(system.chart),
        variables=(*system.variables, ADAPTATION),
    )


def _with_smooth_adaptation(chart: Chart) -> Chart:
    """The chart of an exponential membrane, with a coordinate for w as well.

    The drive a V of w diverges like a logarithm at the end of the upstroke. With x = (V - V_T)/D and r = 1/(1 + e^x),
    the coordinate is w - a D tau/tau_w (r log r - r), whose derivative has lost that term; r goes from 1 at rest to 0.
    """

    def scale(p: Values) -> jax.Array:
        return p.adaptation_subthreshold * p.spike_slope * p.potential_tau / p.adaptation_tau

    def offset(p: Values, s: Values) -> jax.Array:
        return scale(p) * s.calm * (s.log_calm - 1)

    def enter(p: Values, s: Values) -> Values:
        z = chart.enter(p, s)
        return z | {"adaptation": z.adaptation - offset(p, chart.look(p, z))}

    def look(p: Values, z: Values) -> Values:
        s = chart.look(p, z)
        return s | {"adaptation": z.adaptation + offset(p, s)}

    def leave(p: Values, z: Values) -> Values:
        return chart.leave(p, z) | {"adaptation": look(p, z).adaptation}

    def rate(p: Values, s: Values, ds: Values) -> Values:
        dz = chart.rate(p, s, ds)
        return dz | {"adaptation": ds.adaptation + scale(p) * (1 - s.calm) * s.log_calm * dz.potential}

    return Chart(enter, leave, look, rate, chart.pace)
