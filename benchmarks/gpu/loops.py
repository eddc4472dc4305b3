"""The loop alone, by the scan and as one kernel, and what the device can move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

import jax
import numpy as np

from spark.core.hybrid import Values
from spark.nn.components.somas import catalogue
from spark.simulation import fused
from spark.simulation.loop import time_loop

from .device import REPEATS, seconds, the, timed
from .worker import Part, words

BYTES = (
    "Bytes of a neuron and step are those that a loop cannot do without. Scan: it reads the parameters and the state "
    "and writes the state (4 each), and writes whether there was a spike (1), when (4; nothing on the grid) and each "
    "traced variable (4). Fused: parameters and state stay in registers, so that they count once in a run, and only "
    "what is written counts in each step. Bytes per second are these over the time that the loop took. The copy "
    "bandwidth counts reading and writing as well: a share of it near 1 says that a loop gets no faster by computing "
    "less."
)
DT, CURRENT = np.float32(0.1), 500.0
SPREAD = 10.0
"""mV between the first and the last neuron at the beginning, so that they do not all fire in one step."""
SPARE = 0.6
"""Part of the device's memory that a run may take: the run before may not have given back what it had."""
UNKNOWN = 4_000_000_000
"""Bytes, where a device does not say how much memory it has."""


def bandwidth(gpu: str, loops: tuple[str, ...], size: int) -> Iterator[Part]:
    """Bytes per second: read and written by a copy on the device, and on the way to it and back."""
    device, here = the(gpu), np.zeros(size // 4, np.float32)
    array, copy = jax.device_put(here, device), jax.jit(lambda x: x + 1)
    jax.block_until_ready(copy(array))
    yield {"copy": 2 * size / median(seconds(lambda: copy(array)) for _ in range(REPEATS))}
    there = [copy(array) for _ in range(3)]  # JAX keeps what it has fetched of an array once
    yield {"from_device": size / median(seconds(partial(np.asarray, one)) for one in there)}
    yield {"to_device": size / median(seconds(lambda: jax.device_put(here, device)) for _ in range(3))}


def loop(gpu: str, loops: tuple[str, ...], soma: str, units: int, steps: int, traced: bool) -> Iterator[Part]:
    """Seconds of both loops for all steps, the outputs left on the device: every spike, and the potentials if asked."""
    device, kind = the(gpu), catalogue()[soma]
    solver = kind.config_class().solver
    p = Values({name: np.asarray(value) for name, value in kind().drawn((units,), None).items()})
    s = kind.system.initial(p, p.potential_rest + np.linspace(0.0, SPREAD, units, dtype=np.float32))
    fixed, carried = (sum(np.asarray(value)[:1].nbytes for value in values.values()) for values in (p, s))
    written = 1 + 4 * (1 + traced)
    needed = units * (steps * written + 2 * (fixed + 2 * carried))
    has = (device.memory_stats() or {}).get("bytes_limit", UNKNOWN)
    if needed > SPARE * has:
        yield {"skipped": f"takes {needed / 1e9:.1f} GB of memory; the device has {has / 1e9:.1f} GB"}
        return
    record = ("potential",) if traced else ()
    put = jax.device_put((p, s, np.full((steps, 1), CURRENT, np.float32)), device)
    moved = {
        "scan": fixed + 2 * carried + written - 4 * solver.on_grid,
        "fused": (fixed + 2 * carried) / steps + written,
    }
    plan = fused.Plan(kind.system, solver, record, 1, units * traced, device.platform == "cpu", fused.BLOCK)
    here, start, held = put
    ready: dict[str, Callable[[], Any]] = {
        "scan": lambda: time_loop(kind.system, solver, record, here, start, held, DT, False),
        "fused": lambda: fused.fused_loop(plan, here, start, None, held, None, DT, False, np.zeros(2, np.int32)),
    }
    for name in loops:
        yield {"doing": name}
        try:
            took = timed(ready[name])
        except Exception as error:  # a kernel that fails is a result
            yield {f"{name}_error": words(error)}
            continue
        per_second = units * steps / took["s"]
        figures = {"ns": 1e9 / per_second, "us_per_step": 1e6 * took["s"] / steps}
        figures |= {"compile_s": took["first_s"] - took["s"]}
        yield {name: figures | {"bytes": moved[name], "bytes_per_s": moved[name] * per_second}}
