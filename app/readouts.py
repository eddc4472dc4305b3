"""The numbers above the plots."""

from __future__ import annotations

import jax
import numpy as np

from spark import Recording
from spark.analysis import spike_statistics

Readout = tuple[str, str, str]


def readouts(recording: Recording, window: tuple[float, float]) -> list[Readout]:
    """(label, value, unit) of the first neuron's spikes while the stimulus is on, and the population's rate."""
    s = spike_statistics(recording.spike_times[0], *window)
    found = [
        ("spikes", str(s.spike_count), ""),
        ("rate", f"{s.mean_rate:.1f}", "Hz"),
        ("first spike after", _number(s.latency, 1), "ms"),
        ("mean interval", _number(s.mean_isi, 1), "ms"),
        ("CV", _number(s.cv, 2), ""),
        ("adaptation index", _number(s.adaptation_index, 3), ""),
    ]
    if recording.units > 1:
        total = sum(np.count_nonzero((t >= window[0]) & (t <= window[1])) for t in recording.spike_times)
        rate = total / recording.units / (window[1] - window[0]) * 1000
        found.append((f"rate of all {recording.units}", f"{rate:.1f}", "Hz"))
    return found


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def cost(recording: Recording, seconds: float) -> str:
    """What the run took, and where."""
    neurons = "1 neuron" if recording.units == 1 else f"{recording.units:,} neurons"
    return f"{1000 * seconds:.0f} ms on the {device()}\n{recording.steps:,} steps × {neurons}"


def device() -> str:
    """The device that JAX computes on."""
    found = jax.devices()[0]
    return "CPU" if found.platform == "cpu" else f"GPU ({found.device_kind})"
