"""Memory and time of one large run without events: `python -m benchmarks.memory [steps] [units]`.

Prints the peak of the resident memory of a process of its own, the time of a step, and what 10,000 steps would take.
Each unit has a current of its own, so that the stimulus too would be an array of (steps, units).
"""

from __future__ import annotations

import platform
import resource
import sys
import time

import jax
import numpy as np

import spark
from spark.nn.components.somas import LeakySoma

FULL = 10_000


def peak() -> float:
    """Largest resident memory of this process so far, GB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def measure(steps: int, units: int, spread: bool) -> None:
    """One run; `spread` gives each unit its own amplitude, else all have the same."""
    soma = LeakySoma()
    amplitude = np.linspace(300.0, 900.0, units) if spread else 600.0
    drive = spark.stimuli.Step(onset=0.0, duration=1e6, amplitude=amplitude)
    told: list[float] = []
    began = time.perf_counter()

    def progress(done: float) -> None:
        told.append(time.perf_counter())

    run = spark.simulate(
        soma, drive, duration=steps * soma.config.dt, units=units, traces=4, events=False, progress=progress
    )
    seconds = time.perf_counter() - began
    # From the first chunk on: what is before is drawn, compiled and paid once.
    a_step = (told[-1] - told[0]) / (steps * (1 - 1 / len(told)))
    current = "a current for each" if spread else "one current for all"
    print(
        f"{units:,} units x {steps:,} steps, {current}: {seconds:.1f} s, {1e9 * a_step / units:.1f} ns per unit and "
        f"step, so {seconds + a_step * (FULL - steps):.0f} s for {FULL:,} steps; {run.spike_count:,} spikes; "
        f"peak {peak():.2f} GB",
        flush=True,
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    print(f"Python {platform.python_version()}, jax {jax.__version__}, numpy {np.__version__}, {platform.machine()}")
    for spread in (False, True):
        measure(*(given + [500, 1_000_000][len(given) :])[:2], spread)
