"""What the two plain apps share: the slider's range, and the run that a move asks for."""

from __future__ import annotations

import numpy as np

import spark
from spark.nn.components.somas import catalogue
from spark.simulation.simulate import variables

LOW, START, HIGH, STEP = 0.034, 0.04, 0.06, 0.0001
"""The part of the resistance slider that is used, GΩ."""
UNITS = 1
WIDTH, HEIGHTS = 880, (120, 330, 160)
"""Pixels of the figures: about those of the real app in a window of 1366 x 768."""


def run(resistance: float) -> dict[str, np.ndarray]:
    """The default model for 1000 ms: traces of 10,000 samples in float64, and its spikes."""
    soma = next(iter(catalogue().values()))
    recording = spark.simulate(soma(resistance=resistance), spark.stimuli.Step(), units=UNITS, record=variables(soma))
    times = recording.spike_times[0]
    step = np.clip((times / recording.dt).astype(int), 0, recording.steps - 1)
    traces = {name: values[:, 0].astype(float) for name, values in recording.recorded.items()}
    return traces | {
        "time": recording.time,
        "spikes": times,
        "neuron": np.ones(times.size),
        "low": traces["potential"][step],
        "high": traces["threshold"][step],
    }
