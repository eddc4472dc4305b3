"""The numbers above the plots."""

from __future__ import annotations

import jax
import numpy as np

from spark import Recording
from spark.analysis import classify, spike_statistics

Readout = tuple[str, str, str]


def readouts(recording: Recording, window: tuple[float, float]) -> list[Readout]:
    """(label, value, unit) of the first neuron's spikes, and the rate of the population.

    Spikes and intervals are those of the whole run (a rebound comes after the stimulus), latency counts from the
    onset, rates are those while the stimulus is on.
    """
    onset, end = window
    whole = spike_statistics(recording.spike_times[0], 0.0, recording.duration)
    stimulated = spike_statistics(recording.spike_times[0], onset, end)
    later = recording.spike_times[0][recording.spike_times[0] >= onset]
    found = [
        ("spikes", str(whole.spike_count), ""),
        ("rate, stimulus on", f"{stimulated.mean_rate:.1f}", "Hz"),
        ("first spike after", _number(float(later[0]) - onset if later.size else None, 1), "ms"),
        ("mean interval", _number(whole.mean_isi, 1), "ms"),
        ("CV", _number(whole.cv, 2), ""),
        ("adaptation index", _number(whole.adaptation_index, 3), ""),
    ]
    pattern = classify(recording.spike_times[0], onset, end)
    found.insert(0, ("pattern", str(pattern), ""))
    if recording.units > 1:
        rates = [spike_statistics(times, onset, end).mean_rate for times in recording.spike_times]
        found.append((f"rate of all {recording.units}", f"{np.mean(rates):.1f}", "Hz"))
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
