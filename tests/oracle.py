"""An independent solution of every soma: scipy's DOP853 with events, in float64, from the published equations.

Nothing here comes from `spark` but the numbers of a config. One unit, currents constant between given edges.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

Vector = np.ndarray


def flow_of(soma: str, p: dict[str, float]) -> Callable[[Vector, float], Vector]:
    """dy/dt of the state (potential, second variable) under a current."""
    rest, gain = p["potential_rest"], p["resistance"]

    def izhikevich(y: Vector, current: float) -> Vector:
        v, u = y
        a, b = p["recovery_timescale"], p["recovery_sensitivity"]
        return np.array([0.04 * v**2 + 5 * v + 140 - u + gain * current, a * (b * v - u)])

    def upstroke(v: float, shift: float) -> float:
        return p["spike_slope"] * np.exp((v - p["rheobase_threshold"] - shift) / p["spike_slope"])

    def membrane(y: Vector, current: float) -> Vector:
        v, x = y
        drive, dx = rest - v + gain * current, 0.0
        if "adaptation_tau" in p:
            drive -= gain * x
            dx = (p["adaptation_subthreshold"] * (v - rest) - x) / p["adaptation_tau"]
        if "threshold_tau" in p:
            dx = (p["threshold"] - x) / p["threshold_tau"]
        if "spike_slope" in p:
            drive += upstroke(v, x - p["threshold"] if "threshold_tau" in p else 0.0)
        return np.array([drive / p["potential_tau"], dx])

    return izhikevich if "Izhikevich" in soma else membrane


def charted(p: dict[str, float]) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Into a coordinate in which the upstroke of an exponential membrane ends at a finite speed, and out of it."""
    if "spike_slope" not in p:
        return (lambda v: v), (lambda y: y)
    middle, slope = p["rheobase_threshold"], p["spike_slope"]

    def leave(y: float) -> float:
        y = min(y, -1e-25)  # a trial step may reach past the end
        return float(middle + slope * (y - np.log(-np.expm1(y))))

    return (lambda v: float(-np.logaddexp(0.0, -(v - middle) / slope))), leave


def spike_times(
    soma: str, p: dict[str, float], edges: Sequence[tuple[float, float]], duration: float, tolerance: float = 1e-9
) -> np.ndarray:
    """Spike times in ms; `edges` are (time, current from then on)."""
    flow, (enter, leave) = flow_of(soma, p), charted(p)
    linear = flow_of(soma, {name: value for name, value in p.items() if name != "spike_slope"})
    moving, held = "threshold_tau" in p, soma.startswith("Strict")
    jump = p.get("recovery_update", p.get("adaptation_delta", p.get("threshold_delta", 0.0)))
    start = {"Izhikevich": p.get("recovery_sensitivity", 0.0) * p["potential_rest"]}.get(
        soma.removesuffix("Soma"), p["threshold"] if moving else 0.0
    )

    def shift(x: float) -> float:
        """How far the soft threshold of an exponential membrane is displaced, with the firing threshold."""
        return x - p["threshold"] if moving and "spike_slope" in p else 0.0

    def slope(_: float, z: Vector, current: float, still: bool) -> Vector:
        y = np.array([leave(z[0]) + shift(z[1]), z[1]])
        if "spike_slope" not in p:
            rise, other = flow(y, current)
        else:  # dz/dV = (1 - e^z) / slope, with which the exponential becomes e^z
            rise, other = linear(y, current)
            drift = other if moving else 0.0
            calm, upstroke = -np.expm1(min(z[0], 0.0)), np.exp(min(z[0], 0.0)) / p["potential_tau"]
            rise = calm * (rise - drift) / p["spike_slope"] + upstroke
            if still:  # the potential stands, and the coordinate does not where the soft threshold moves
                return np.array([-calm * drift / p["spike_slope"], other])
        return np.array([0.0 if still else rise, other])

    def above(_: float, z: Vector, *given: Any) -> float:
        return float(z[0] - enter((z[1] if moving else p["threshold"]) - shift(z[1])))

    event: Any = above
    event.terminal, event.direction = True, 1
    z, t, free_at, times = np.array([enter(p["potential_rest"]), start]), 0.0, 0.0, []
    while t < duration - 1e-12:
        blocked = t < free_at
        current = next((value for at, value in reversed(edges) if at <= t), 0.0)
        stops = [at for at, _ in edges if at > t] + [duration] + ([free_at] if blocked else [])
        crossed = not blocked and above(t, z) > 0
        if not crossed:
            solution = solve_ivp(
                slope,
                (t, min(stops)),
                z,
                method="DOP853",
                rtol=tolerance,
                atol=tolerance,
                args=(0.0 if blocked else current, blocked and held),
                events=None if blocked else event,
                max_step=5.0 if tolerance > 1e-10 else 0.5,  # events are found on the dense output, of order 7
            )
            t, z = float(solution.t[-1]), solution.y[:, -1]
            crossed = solution.status == 1
        if crossed:
            times.append(t)
            z = np.array([enter(p["potential_reset"] - shift(z[1] + jump)), z[1] + jump])
            free_at = t + p.get("cooldown", 0.0)
    return np.array(times)
