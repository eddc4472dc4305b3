"""What a step of each soma's default solver costs, relative to a step of Euler in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp

from spark.nn.components.somas import Soma, catalogue
from spark.simulation.loop import time_loop
from spark.solvers import Euler, Solver

POPULATIONS = {1: 10_000, 1000: 500}
"""Steps of one timed run for each number of neurons."""
REPEATS = 15


def prepared(soma: Soma, solver: Solver, units: int, steps: int) -> tuple[Callable[[], float], float]:
    """A function that runs and gives the seconds it took, and the seconds it took to compile."""
    p = soma.parameters((units,))
    s = soma.system.initial(p, p.potential_rest)
    # Twice the rheobase or so, so that neurons fire: a solver pays for each crossing.
    drive = 1.6 * (p.threshold - p.potential_rest) / p.resistance
    held, dt = jnp.broadcast_to(_firing_current(soma, drive), (steps, units)), jnp.asarray(0.1, drive.dtype)

    start = time.perf_counter()
    compiled = time_loop.lower(soma.system, solver, ("potential",), p, s, held, dt).compile()
    compiling = time.perf_counter() - start
    jax.block_until_ready(compiled(p, s, held, dt))

    def run() -> float:
        start = time.process_time()  # other programs on the machine do not count
        jax.block_until_ready(compiled(p, s, held, dt))
        return time.process_time() - start

    return run, compiling


def _firing_current(soma: Soma, drive: Any) -> Any:
    """For a spike cut-off far above the threshold that would be far too much: 10 pA is Izhikevich's usual input."""
    if "spike_slope" in soma.config.fields():
        c = soma.config
        return jnp.full_like(drive, 1.6 * (c.rheobase_threshold - c.potential_rest) / c.resistance)
    return jnp.full_like(drive, 10.0 / soma.config.resistance) if "recovery_update" in soma.config.fields() else drive


def prices() -> dict[str, dict[str, Any]]:
    """Soma -> neurons -> medians (ns per neuron and step), ratios to both kinds of Euler, seconds to compile."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in catalogue().items():
        soma = kind()
        solvers: dict[str, Solver] = {"own": soma.config.solver, "euler": Euler(), "grid": Euler(on_grid=True)}
        found[name] = {}
        for units, steps in POPULATIONS.items():
            ready = {key: prepared(soma, solver, units, steps) for key, solver in solvers.items()}
            # One after the other in each round: what slows the machine down meets all three.
            rounds = [{key: run() for key, (run, _) in ready.items()} for _ in range(REPEATS)]
            middle = {key: median(r[key] for r in rounds) for key in ready}
            found[name][str(units)] = {
                "ns": {key: round(1e9 * value / steps / units, 2) for key, value in middle.items()},
                "to_euler": round(median(r["own"] / r["euler"] for r in rounds), 2),
                "to_euler_on_grid": round(median(r["own"] / r["grid"] for r in rounds), 2),
                "compile_s": round(ready["own"][1], 2),
            }
    return found
