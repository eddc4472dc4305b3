"""The numbers above the plots.

All of them, and the pattern's name, are of the same spikes (`Firing.spikes`): those while the stimulus is on, or, of a
rebound, all from its onset on. The rate is always that while the stimulus is on, and says so.
"""

from __future__ import annotations

import numpy as np

from spark import Recording
from spark.analysis import Firing, classify, spike_statistics

from ..numbers import fixed, neurons

Readout = tuple[str, str, str]


def readouts(recording: Recording, window: tuple[float, float], firing: Firing | None = None) -> list[Readout]:
    """(label, value, unit) of the first neuron's spikes, and the rate of the population.

    Args:
        recording: the run.
        window: while the stimulus is on, ms.
        firing: the pattern, if it is known.
    """
    onset, end = window
    times = recording.spike_times[0]
    firing = classify(times, onset, end) if firing is None else firing
    spikes = firing.spikes
    told = spike_statistics(spikes, onset, max(end, float(spikes[-1]) if spikes.size else end))
    stimulated = spike_statistics(times, onset, end)
    found = [
        ("pattern" if recording.units == 1 else "pattern of neuron 1", str(firing), ""),
        ("spikes", str(told.spike_count), f"of {times.size} in all" if times.size != told.spike_count else ""),
        ("rate, stimulus on", f"{stimulated.mean_rate:.1f}", "Hz"),
        ("first spike after", _latency(told.latency, recording.dt), "ms"),
        ("mean interval", _number(told.mean_isi, 1), "ms"),
        ("CV", _number(told.cv, 2), ""),
        ("adaptation index", _number(told.adaptation_index, 3), ""),
    ]
    if recording.units > 1:
        times = np.concatenate(recording.spike_times)  # at once: there may be thousands of neurons
        rate = 1000 * np.count_nonzero((times >= onset) & (times <= end)) / (end - onset) / recording.units
        found.append(("rate of all", f"{rate:.1f}", "Hz"))
    return found


def _latency(value: float | None, dt: float) -> str:
    """No neuron fires after 0.0 ms: what is below the digits shown is said to be below the time step."""
    return f"< {dt:g}" if value is not None and value < min(0.05, dt) else _number(value, 1)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else fixed(value, digits)


def cost(recording: Recording, seconds: float) -> str:
    """What the run took, where and by which loop, and its size: as the recording says."""
    loop = {"scan": "scan", "fused": "fused kernel"}[recording.backend]
    return (
        f"{_time(seconds)} on {place(recording.device)}, {loop}\n{recording.steps:,} steps × {neurons(recording.units)}"
    )


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def place(device: str) -> str:
    """A recording's device in words: "cpu:0" is the CPU, others have their number."""
    return "the CPU" if device == "cpu:0" else " and ".join(one.upper().replace(":", " ") for one in device.split(", "))
