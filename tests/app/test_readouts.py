"""The texts of the strip: numbers as people write them, and what the recording says of its run."""

from dataclasses import replace

import numpy as np
import pytest

import spark
from app.run import readouts
from app.run.readouts import cost, place
from spark.analysis import spike_statistics
from spark.nn.somas import LeakySoma
from spark.recording.events import Events


@pytest.fixture(scope="module")
def recording() -> spark.Recording:
    return spark.simulate(LeakySoma(), spark.stimuli.Step(amplitude=600.0, onset=10.0), duration=100.0, units=3)


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(-0.0004, 3, "0.000"), (-0.04, 1, "0.0"), (-0.0006, 3, "−0.001"), (0.5, 2, "0.50"), (None, 1, "–")],
)
def test_a_rounded_zero_has_no_sign(value: float | None, digits: int, words: str) -> None:
    assert readouts._number(value, digits) == words


def test_a_train_that_hardly_speeds_up_has_no_signed_zero(recording: spark.Recording) -> None:
    step = np.array([100, 200, 300, 400], np.int32)
    offset = np.array([0.0, 0.0, -0.0001, -0.0003])
    regular = replace(recording, units=1, events=Events(step, np.zeros(4, np.int32), offset))
    index = spike_statistics(regular.spike_times[0], 0.0, 100.0).adaptation_index
    assert index is not None and -0.0005 < index < 0
    assert ("adaptation index", "0.000", "") in readouts.readouts(regular, (0.0, 100.0))


def test_the_cost_says_what_the_recording_says(recording: spark.Recording) -> None:
    assert cost(recording, 0.0123) == "12 ms on the CPU, scan\n1,000 steps × 3 neurons"
    elsewhere = replace(recording, device="gpu:1", backend="fused", units=1)
    assert cost(elsewhere, 12.34) == "12.3 s on GPU 1, fused kernel\n1,000 steps × 1 neuron"


@pytest.mark.parametrize(
    ("device", "words"),
    [("cpu:0", "the CPU"), ("cpu:3", "CPU 3"), ("gpu:0", "GPU 0"), ("gpu:0, gpu:1", "GPU 0 and GPU 1")],
)
def test_places(device: str, words: str) -> None:
    assert place(device) == words


def test_the_rate_of_all_is_the_mean_of_their_rates(recording: spark.Recording) -> None:
    window = (20.0, 90.0)
    rates = [spike_statistics(times, *window).mean_rate for times in recording.spike_times]
    assert np.mean(rates) > 0
    assert readouts.readouts(recording, window)[0][0] == "pattern of neuron 1"
    assert ("rate of all", f"{np.mean(rates):.1f}", "Hz") in readouts.readouts(recording, window)
