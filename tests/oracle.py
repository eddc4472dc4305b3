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


def spike_times(soma: str, p: dict[str, float], edges: Sequence[tuple[float, float]], duration: float) -> np.ndarray:
    """Spike times in ms; `edges` are (time, current from then on)."""
    flow = flow_of(soma, p)
    moving = "threshold_tau" in p
    jump = p.get("recovery_update", p.get("adaptation_delta", p.get("threshold_delta", 0.0)))
    start = {"Izhikevich": p.get("recovery_sensitivity", 0.0) * p["potential_rest"]}.get(
        soma.removesuffix("Soma"), p["threshold"] if moving else 0.0
    )
    held = soma.startswith("Strict")
    y, t, free_at, times = np.array([p["potential_rest"], start]), 0.0, 0.0, []

    def above(_: float, y: Vector) -> float:
        return y[0] - (y[1] if moving else p["threshold"])

    event: Any = above
    event.terminal, event.direction = True, 1
    while t < duration - 1e-12:
        blocked = t < free_at
        current = next((value for at, value in reversed(edges) if at <= t), 0.0)
        stops = [at for at, _ in edges if at > t] + [duration] + ([free_at] if blocked else [])
        crossed = not blocked and above(t, y) > 0
        if not crossed:
            solution = solve_ivp(
                lambda _, y, i=0.0 if blocked else current, still=blocked and held: (
                    flow(y, i) * (0.0 if still else 1.0, 1.0)
                ),
                (t, min(stops)),
                y,
                method="DOP853",
                rtol=1e-9,
                atol=1e-9,
                events=None if blocked else event,
                max_step=5.0,
            )
            t, y = float(solution.t[-1]), solution.y[:, -1]
            crossed = solution.status == 1
        if crossed:
            times.append(t)
            y = np.array([p["potential_reset"], y[1] + jump])
            free_at = t + p.get("cooldown", 0.0)
    return np.array(times)
