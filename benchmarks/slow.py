"""Small steps and slow cells: how far the first spike is off, from a step of 1 ms to one of 0.005 ms."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from spark import simulate
from spark.nn.components.somas import ExponentialSoma, LeakySoma, Soma

STEPS_MS = (1.0, 0.1, 0.02, 0.005)
TAUS_MS = (1, 10, 100, 1_000, 10_000)
DRIVE = 1.05


def slow(steps: tuple[float, ...] = STEPS_MS, taus: tuple[int, ...] = TAUS_MS) -> dict[str, dict[str, Any]]:
    """Soma -> time constant -> errors in both precisions at each step, ms."""
    found: dict[str, dict[str, Any]] = {}
    for kind in (LeakySoma, ExponentialSoma):
        found[kind.__name__] = {}
        for tau in taus:
            soma = kind(potential_tau=float(tau))
            current, expected = _driven(soma)
            row: dict[str, Any] = {"expected_ms": round(expected, 6)}
            for name, wide in (("float32_ms", False), ("float64_ms", True)):
                with jax.enable_x64(wide):
                    row[name] = [_error(soma, current, expected, dt) for dt in steps]
            found[kind.__name__][str(tau)] = row
    return found


def _driven(soma: Soma) -> tuple[float, float]:
    """A current (pA) as float32 has it, and the time of the first spike under it, ms."""
    c = soma.config.values()
    level = c.get("rheobase_threshold", c["threshold"])
    current = float(np.float32(DRIVE * (level - c["potential_rest"]) / c["resistance"]))
    edges = np.linspace(c["potential_rest"], c["threshold"], 400)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = np.diff(edges)[:, None] / 2
    v = edges[:-1, None] + half * (1 + nodes)
    rise = c["potential_rest"] - v + c["resistance"] * current
    if "spike_slope" in c:
        rise = rise + c["spike_slope"] * np.exp((v - c["rheobase_threshold"]) / c["spike_slope"])
    return current, float(c["potential_tau"] * (half * weights / rise).sum())


def _error(soma: Soma, current: float, expected: float, dt: float) -> float:
    steps = round(1.1 * expected / dt) + 2
    times = simulate(soma, np.full(steps, current), dt=dt, record=()).spike_times[0]
    return float(f"{abs(times[0] - expected):.2e}") if times.size else float("inf")


if __name__ == "__main__":
    for soma, by_tau in slow().items():
        for tau, row in by_tau.items():
            print(soma, tau, row)
