"""The numbers above the plots."""

from __future__ import annotations

import numpy as np

from spark import Recording
from spark.analysis import classify, spike_statistics

from ..numbers import fixed

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
        times = np.concatenate(recording.spike_times)  # at once: there may be thousands of neurons
        rate = 1000 * np.count_nonzero((times >= onset) & (times <= end)) / (end - onset) / recording.units
        found.append(("rate of all", f"{rate:.1f}", "Hz"))
    return found


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else fixed(value, digits)


def cost(recording: Recording, seconds: float) -> str:
    """What the run took, where and by which loop, and its size: as the recording says."""
    neurons = "1 neuron" if recording.units == 1 else f"{recording.units:,} neurons"
    loop = {"scan": "scan", "fused": "fused kernel"}[recording.backend]
    return f"{_time(seconds)} on {place(recording.device)}, {loop}\n{recording.steps:,} steps × {neurons}"


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def place(device: str) -> str:
    """A recording's device in words: "cpu:0" is the CPU, others have their number."""
    return "the CPU" if device == "cpu:0" else " and ".join(one.upper().replace(":", " ") for one in device.split(", "))
