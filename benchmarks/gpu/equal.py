"""Does the fused kernel give what the scan gives, and the scan on a GPU what it gives on the CPU?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

import spark
from spark import solvers
from spark.nn.components.somas import catalogue
from spark.simulation.simulate import variables

from .worker import Part, words

CURRENTS = (300.0, 2000.0)
"""Of the first and the last unit, pA: the first hardly fires, the last all the time."""
CLOSE = 0.01
"""Spikes so close (ms) count as equal: exponentials and divisions of a GPU round in their own way."""


def compare(gpu: str, loops: tuple[str, ...], soma: str, solver: str, units: int, steps: int) -> Iterator[Part]:
    """One population by the scan on the CPU, by the scan on the GPU and by the kernel."""
    kind, current = catalogue()[soma], np.linspace(*CURRENTS, units, dtype=np.float32) * np.ones((steps, 1), np.float32)
    done: dict[str, spark.Recording] = {}
    for name, where, backend in (("cpu", "cpu", "scan"), ("scan", gpu, "scan"), ("fused", gpu, "fused")):
        if name not in ("cpu", *loops):
            continue
        yield {"doing": name}
        options: dict[str, Any] = {"device": where, "backend": backend, "record": variables(kind)}
        begin = time.perf_counter()
        try:
            done[name] = spark.simulate(kind(), current, solver=solvers.catalogue()[solver](), **options)
        except Exception as error:  # a kernel that fails is a result
            yield {f"{name}_error": words(error)}
            continue
        yield {name: {"first_s": time.perf_counter() - begin, "spikes": done[name].spike_count}}
    for one, other in (("scan", "cpu"), ("fused", "scan")):
        if one in done and other in done:
            yield {f"{one} against {other}": difference(done[one], done[other])}


def difference(one: spark.Recording, other: spark.Recording) -> dict[str, Any]:
    """How far two runs of the same population are apart.

    Attributes of what is returned:
        exact: every spike and every sample is the same bit for bit.
        equal: every unit has as many spikes in both, none more than `CLOSE` from its own.
        units: with another number of spikes, and with spikes in other steps.
        spike_ms: the largest distance of a spike, in units with as many.
        traces: the largest difference of each variable, in units whose spikes are in the same steps: elsewhere a sample
            after the jump would be held against one before it.
    """
    counts = [np.array([times.size for times in run.spike_times]) for run in (one, other)]
    same = counts[0] == counts[1]
    apart = [
        np.abs(mine - theirs).max(initial=0.0)
        for mine, theirs, alike in zip(one.spike_times, other.spike_times, same, strict=True)
        if alike
    ]
    steady = ~(one.spikes != other.spikes).any(axis=0)
    traces = {
        name: float(np.abs(values.astype(float) - other.recorded[name])[:, steady].max(initial=0.0))
        for name, values in one.recorded.items()
    }
    spike_ms = float(max(apart, default=0.0))
    return {
        "exact": bool(same.all() and spike_ms == 0.0 and steady.all() and not any(traces.values())),
        "equal": bool(same.all() and spike_ms <= CLOSE),
        "units": {"all": one.units, "other number": int((~same).sum()), "other steps": int((~steady).sum())},
        "spike_ms": spike_ms,
        "traces": traces,
    }
