"""Scan against fused on a GPU, and both against what the device can do, for `benchmarks/throughput.py`.

Bandwidth and arithmetic are what the loop must move and do, over the time it took. The scan reads parameters and state
and writes the state in each step; the fused loop keeps them in registers, and writes spikes and their offsets only. So
a share of the copy bandwidth near 1 says that a loop can get no faster by computing less.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from spark.core.hybrid import Values
from spark.nn.components.somas import Soma
from spark.simulation.fused import fused
from spark.simulation.loop import time_loop

from .throughput_cpu import CURRENT, DT, GRID, SOMAS, steps_for

SIZES = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
MOST = 200_000_000
"""Neuron-steps of one timed run: each leaves 5 bytes on the device."""
REPEATS = 7
COPIED = 2**28
"""Numbers that are copied to measure the device's bandwidth: 1 GiB."""
RECORD = ("potential",)


def gpu_rows(device: jax.Device, sizes: tuple[int, ...] = SIZES, copied: int = COPIED) -> dict[str, Any]:
    """The device's bandwidth (bytes per second), and a row for each soma and size."""
    copy_bandwidth = bandwidth(device, copied)
    rows = [_row(kind(), n, device, copy_bandwidth) for kind in SOMAS for n in sizes]
    return {"device": device.device_kind, "copy_bandwidth": copy_bandwidth, "rows": rows}


def bandwidth(device: jax.Device, numbers: int) -> float:
    """Bytes read and written per second where an array is copied with one addition."""
    array = jax.device_put(np.zeros(numbers, np.float32), device)
    copy = jax.jit(lambda x: x + 1)
    jax.block_until_ready(copy(array))
    return 2 * array.nbytes / median(_timed(lambda: copy(array)) for _ in range(REPEATS))


def _row(soma: Soma, n: int, device: jax.Device, copy_bandwidth: float) -> dict[str, Any]:
    steps = steps_for(n, MOST)
    p = Values({name: np.asarray(value) for name, value in soma.drawn((n,), None).items()})
    s = soma.system.initial(p, p.potential_rest)
    operations, transcendentals = arithmetic(soma, n)
    fixed, carried = (sum(value[:1].nbytes for value in values.values()) for values in (p, s))
    moved = {"scan": fixed + 2 * carried + 1, "fused": (fixed + 2 * carried) / steps + 1 + p.potential_rest.itemsize}
    found: dict[str, Any] = {"soma": type(soma).__name__, "n": n, "steps": steps}
    found |= {"operations": operations, "transcendentals": transcendentals}
    for name, prepare in (("scan", _scan), ("fused", _fused)):
        try:
            run = prepare(soma, p, s, np.full((steps, 1), CURRENT, np.float32), device)
            first = _timed(run)
            took = median(_timed(run) for _ in range(REPEATS))
        except Exception as error:  # nobody has run the fused loop on a GPU: what it says is a result as well
            found[f"{name}_error"] = f"{type(error).__name__}: {error}"[:200]
            continue
        per_second = n * steps / took
        found[name] = {
            "ns": 1e9 / per_second,
            "compile_s": first - took,
            "bandwidth": moved[name] * per_second,
            "share_of_copy": moved[name] * per_second / copy_bandwidth,
            "operations_per_s": operations * per_second,
        }
    return found


def arithmetic(soma: Soma, n: int) -> tuple[float, float]:
    """Operations, and exponentials and the like, of one neuron's step, as XLA counts them."""
    p = soma.parameters((n,))
    s = soma.system.initial(p, p.potential_rest)
    step = jax.jit(lambda p, s, current: GRID.step(soma.system, p, s, current, jnp.float32(DT)))
    counted: Any = step.lower(p, s, jnp.full(n, CURRENT)).compile().cost_analysis()
    return counted.get("flops", 0.0) / n, counted.get("transcendentals", 0.0) / n


def _scan(soma: Soma, p: Values, s: Values, held: np.ndarray, device: jax.Device) -> Callable[[], Any]:
    there, start, given = jax.device_put((p, s, held), device)
    only_first = jax.device_put(np.zeros(1, np.int32), device)
    return lambda: time_loop(soma.system, GRID, RECORD, there, start, given, np.float32(DT), False, only_first)


def _fused(soma: Soma, p: Values, s: Values, held: np.ndarray, device: jax.Device) -> Callable[[], Any]:
    start, given = jax.device_put((s, held), device)
    run = fused(soma.system, GRID, RECORD, p, dt=np.float32(DT), traced=np.zeros(1, int), device=device)
    return lambda: run(start, given, 0)


def _timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()  # the processor only waits: its time would say nothing
    jax.block_until_ready(run())
    return time.perf_counter() - start
