"""Spark's scan and the loop by hand, in turns, for `benchmarks/throughput.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import numpy as np

import spark
from spark.nn.components.somas import AdaptiveExponentialSoma, LeakySoma, Soma
from spark.simulation.loop import chunk_steps, time_loop
from spark.solvers import Euler

from .throughput_c import Loops

SOMAS: tuple[type[Soma], ...] = (LeakySoma, AdaptiveExponentialSoma)
SIZES = (1, 10, 30, 100, 300, 1_000, 10_000, 100_000)
DT, STEPS, CURRENT = 0.1, 10_000, 500.0
MOST = 100_000_000
"""Neuron-steps of one timed run: larger populations run for less than a second of theirs."""
REPEATS = 9
GRID = Euler(on_grid=True)
CLOSE = 0.01
"""How far (mV) the two loops may be apart in the first steps: they round differently."""


def steps_for(n: int, most: int = MOST) -> int:
    """Steps of a run of `n` neurons, ten at least."""
    return max(10, min(STEPS, most // n))


def row(kind: type[Soma], n: int, loops: Loops | None) -> dict[str, Any]:
    """Nanoseconds per neuron and step of everything on the processor, medians, and the ratio in the same round."""
    steps, soma = steps_for(n), kind()
    held = np.full(steps, CURRENT, np.float32)
    chunk = chunk_steps(steps, n, n * 5 + 12, False)
    parameters = soma.drawn((n,), None)
    scan, compile_s = _scan(soma, n, held, chunk)
    ready: dict[str, Callable[[], Any]] = {"scan": scan, "simulate": lambda: _simulate(soma, held, n)}
    if loops:
        ready["c"] = loops.prepared(parameters, held, DT, chunk)
    shown = {name: run() for name, run in ready.items()}  # warm, and to be compared
    early = slice(min(100, steps))
    for name in ready:
        apart = np.abs(shown[name][early] - shown["simulate"][early]).max() if name != "scan" else 0.0
        if apart > CLOSE:
            raise AssertionError(f"{name} does not compute what simulate does: {apart} mV apart, {kind.__name__}, {n}")
    # One after the other in each round: what slows the machine down meets all of them.
    rounds = [{name: _timed(run) for name, run in ready.items()} for _ in range(REPEATS)]
    scale = 1e9 / (n * steps)
    found: dict[str, Any] = {"soma": kind.__name__, "n": n, "steps": steps, "compile_s": round(compile_s, 2)}
    found |= {f"{name}_ns": median(r[name] for r in rounds) * scale for name in ready}
    if loops:
        found["scan_to_c"] = median(r["scan"] / r["c"] for r in rounds)
    found["spikes"] = spark.simulate(soma, held, units=n, solver=GRID, record=(), events=False).spike_count / n
    return found


def _scan(soma: Soma, n: int, held: np.ndarray, chunk: int) -> tuple[Callable[[], None], float]:
    """The compiled loop in the chunks of `simulate`, and the seconds it took to compile."""
    p = jax.device_put(soma.parameters((n,)))
    rest = jax.device_put(soma.system.initial(p, p.potential_rest))
    pieces = [held[begin : begin + chunk, None] for begin in range(0, len(held), chunk)]
    traced = None if n == 1 else np.zeros(1, int)
    arguments = (soma.system, GRID, ("potential",), p)

    began = time.perf_counter()
    time_loop.lower(*arguments, rest, pieces[0], np.float32(DT), False, traced).compile()
    compile_s = time.perf_counter() - began

    def run() -> None:
        s: Any = rest
        for i, piece in enumerate(pieces):
            out = time_loop(*arguments, s, piece, np.float32(DT), i > 0, traced)
            s = out[3]
            jax.block_until_ready(out)

    return run, compile_s


def _simulate(soma: Soma, held: np.ndarray, n: int) -> np.ndarray:
    return spark.simulate(soma, held, units=n, solver=GRID, dt=DT, traces=1).potential[:, 0]


def _timed(run: Callable[[], Any]) -> float:
    start = time.process_time()  # other programs on the machine do not count
    run()
    return time.process_time() - start
