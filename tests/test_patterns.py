"""The classifier of firing patterns, on trains made by hand and on every preset."""

import math

import numpy as np
import pytest

from spark.analysis import classify
from spark.analysis.patterns import PATTERNS
from spark.presets import Preset, presets
from spark.stimuli import Sum

ALL = presets()
# Chaotic: statistics hold, spike times do not. After 495 ms the reference itself is not converged.
KNOWN_UNTIL = {"naud2008_irregular": 495.0}


def window(preset: Preset) -> tuple[float, float]:
    """The preset's own, or from the first onset of its stimulus to the last end within the run, ms."""
    if preset.window:
        start, end = preset.window
        return start, end
    stimulus = preset.make_stimulus()
    parts = stimulus.parts if isinstance(stimulus, Sum) else [stimulus]
    start = min(getattr(part, "onset", 0.0) for part in parts)
    end = max(getattr(part, "onset", 0.0) + getattr(part, "duration", math.inf) for part in parts)
    return start, min(end, preset.duration, KNOWN_UNTIL.get(preset.id, math.inf))


@pytest.mark.parametrize("preset", ALL.values(), ids=ALL)
def test_every_preset_shows_the_pattern_it_names(preset: Preset) -> None:
    start, end = window(preset)
    times = preset.run(record=()).spike_times[0]
    if preset.id in KNOWN_UNTIL:
        times = times[times <= end]
    found = classify(times, start, end)
    assert found.patterns == preset.pattern, found.why


@pytest.mark.parametrize("preset", ALL.values(), ids=ALL)
def test_the_converged_spikes_show_it_too(preset: Preset) -> None:
    start, end = window(preset)
    times = np.asarray(preset.expected["spike_times_ms"])
    if preset.id in KNOWN_UNTIL:
        times = times[times <= end]
    assert classify(times, start, end).patterns == preset.pattern


def train(first: float, *intervals: float) -> np.ndarray:
    return first + np.cumsum([0.0, *intervals])


def bursts(n: int, pause: float, size: int = 4, short: float = 5.0) -> list[float]:
    return ([short] * (size - 1) + [pause]) * n


TRAINS = {
    "silent": (train(5.0)[:0], ("silent",)),
    "silent before the stimulus only": (np.array([-8.0, -2.0]), ("silent",)),
    "one spike": (train(5.0), ("transient",)),
    "three early spikes": (train(5.0, 6.0, 8.0), ("transient",)),
    "rebound": (train(510.0, 5.0, 5.0), ("transient",)),
    "tonic": (train(10.0, *[20.0] * 24), ("tonic",)),
    "tonic with a little jitter": (train(10.0, *[20.0, 20.5, 19.5] * 8), ("tonic",)),
    "adapting": (train(10.0, *np.linspace(10.0, 30.0, 24)), ("adapting",)),
    "accelerating": (train(10.0, *np.linspace(30.0, 10.0, 24)), ("accelerating",)),
    "initial burst": (train(10.0, 4.0, 4.0, 5.0, *[40.0] * 11), ("initial burst",)),
    "bursting": (train(5.0, *bursts(6, 60.0)), ("bursting",)),
    "groups of any size": (
        train(5.0, *bursts(1, 60.0, 2), *bursts(1, 20.0, 9), *bursts(1, 150.0, 3), *bursts(2, 40.0, 5)),
        ("irregular",),
    ),
    "no two intervals alike": (train(5.0, *[20, 31, 18, 52, 29, 24, 47, 16, 33, 55, 21, 38, 27, 49.0]), ("irregular",)),
    "delayed": (train(200.0, *[20.0] * 14), ("delayed", "tonic")),
    "delayed, then bursts": (train(150.0, *bursts(5, 50.0)), ("delayed", "bursting")),
}


@pytest.mark.parametrize("name", TRAINS)
def test_trains_made_by_hand(name: str) -> None:
    times, expected = TRAINS[name]
    found = classify(times, 0.0, 500.0)
    assert found.patterns == expected, found.why
    assert found.why


def test_every_pattern_has_a_train() -> None:
    assert {word for _, words in TRAINS.values() for word in words} == set(PATTERNS)


def test_time_may_begin_anywhere() -> None:
    for times, expected in TRAINS.values():
        assert classify(times + 1234.5, 1234.5, 1734.5).patterns == expected


def test_spikes_after_the_stimulus_are_ignored_unless_they_are_most() -> None:
    tonic = TRAINS["tonic"][0]
    assert classify(np.append(tonic, [600.0, 700.0]), 0.0, 500.0).patterns == ("tonic",)
    assert classify(np.append(600.0 + tonic, 1200.0), 0.0, 500.0).patterns == ("transient",)


@pytest.mark.parametrize("end", [10.0, 5.0, math.nan])
def test_a_window_without_length_is_refused(end: float) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        classify(np.array([1.0, 2.0]), 10.0, end)
