"""The classifier of firing patterns, on trains made by hand and on every preset."""

import math

import numpy as np
import pytest

from spark import simulate
from spark.analysis import classify
from spark.analysis.patterns import JITTER, PATTERNS, local_variation
from spark.nn.somas import AdaptiveLeakySoma, LeakySoma
from spark.presets import Preset, presets
from spark.stimuli import OrnsteinUhlenbeck, PoissonSynapses, Step

ALL = presets()
# Chaotic: statistics hold, spike times do not. After 495 ms the reference itself is not converged.
KNOWN_UNTIL = {"naud2008_irregular": 495.0}


def window(preset: Preset) -> tuple[float, float]:
    """While its stimulus is on, ms: as the app has it."""
    start, end = preset.make_stimulus().window(preset.duration)
    return start, min(end, KNOWN_UNTIL.get(preset.id, math.inf))


@pytest.mark.parametrize("preset", [one for one in ALL.values() if one.window], ids=lambda one: one.id)
def test_a_window_that_a_preset_names_is_that_of_its_stimulus(preset: Preset) -> None:
    assert window(preset) == pytest.approx(preset.window, abs=1.0)


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


def test_a_neuron_that_fires_by_itself_has_no_rebound() -> None:
    """It fires more outside of a short stimulus than in it: before it as well."""
    beat = np.arange(10.0, 1000.0, 25.0)
    faster = np.sort(np.concatenate([beat[(beat < 300) | (beat > 400)], np.arange(300.0, 400.0, 10.0)]))
    found = classify(faster, 300.0, 400.0)
    assert found.patterns == ("tonic",) and found.spikes.size == 10
    inhibited = beat[(beat < 300) | (beat > 400)]
    assert classify(inhibited, 300.0, 400.0).patterns == ("silent",)
    going_on = np.concatenate([np.arange(20.0, 200.0, 20.0), np.arange(201.0, 400.0, 4.0)])
    assert classify(going_on, 0.0, 200.0).patterns == ("tonic",)  # most come later, yet it had not stopped


def test_the_numbers_beside_the_pattern_are_of_its_spikes() -> None:
    tonic = TRAINS["tonic"][0]
    found = classify(np.append(tonic, [600.0, 700.0]), 0.0, 500.0)
    np.testing.assert_array_equal(found.spikes, tonic)
    assert found.cv == pytest.approx(0.0, abs=1e-12) and found.words == "tonic"
    rebound = TRAINS["rebound"][0]
    np.testing.assert_array_equal(classify(rebound, 0.0, 500.0).spikes, rebound)
    bursting = classify(TRAINS["bursting"][0], 0.0, 500.0)
    assert set(bursting.groups[:-1]) == {4} and sum(bursting.groups) == bursting.spikes.size


def test_local_variation() -> None:
    assert local_variation(np.full(9, 20.0)) == 0
    assert local_variation(np.linspace(10.0, 30.0, 40)) < 0.05  # a trend does not count
    poisson = np.random.default_rng(0).exponential(20.0, 20_000)
    assert local_variation(poisson) == pytest.approx(1.0, abs=0.02)


NOISES = {
    "Ornstein-Uhlenbeck, the default": OrnsteinUhlenbeck(),
    "around the rheobase": OrnsteinUhlenbeck(mean=375.0, std=100.0),
    "above it": OrnsteinUhlenbeck(mean=600.0, std=200.0),
    "below it": OrnsteinUhlenbeck(mean=200.0, std=300.0),
    "on top of a step": Step(amplitude=420.0) + OrnsteinUhlenbeck(mean=0.0, std=150.0),
    "Poisson": PoissonSynapses(excitatory_weight=200.0),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize("soma", [LeakySoma, AdaptiveLeakySoma])
def test_noise_is_irregular(soma: type, noise: OrnsteinUhlenbeck, seed: int) -> None:
    parts = [part.copy(seed=seed) if part.noisy else part for part in noise.parts]
    stimulus = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    times = simulate(soma(), stimulus, duration=1000.0, record=()).spike_times[0]
    found = classify(times, 100.0, 900.0, noisy=stimulus.noisy)
    assert found.patterns == ("irregular",), found.why
    assert found.cv is not None and found.words == f"irregular, CV {found.cv:.2f}" and found.cv > 0.2


@pytest.mark.parametrize("shape", [1, 2, 4, 10])
@pytest.mark.parametrize("count", [3, 5, 8, 14, 30])
def test_chance_makes_no_pattern(shape: int, count: int) -> None:
    """Of trains with independent intervals hardly any is a burst; without being told of the noise, one in ten is."""
    rng = np.random.default_rng([shape, count])
    named = []
    for _ in range(500):
        times = np.cumsum(rng.gamma(shape, size=count + 1))
        named.append(classify(times, 0.0, 1.01 * times[-1], noisy=True).patterns[-1])
    assert sum("burst" in name for name in named) <= 0.05 * len(named)
    if shape <= 2 and count >= 5:  # CV2 of 0.6 and more
        assert named.count("irregular") > 0.93 * len(named)


@pytest.mark.parametrize("name", ["tonic", "bursting", "silent", "adapting"])
def test_a_little_noise_leaves_the_pattern(name: str) -> None:
    times, expected = TRAINS[name]
    jitter = np.random.default_rng(5).normal(0.0, 0.4, times.size)
    assert classify(np.sort(times + jitter), 0.0, 500.0, noisy=True).patterns == expected


@pytest.mark.parametrize("key", ["izhikevich2003_ch", "naud2008_regular_bursting", "neuronal_dynamics_bursting"])
def test_bursts_remain_bursts_under_weak_noise(key: str) -> None:
    preset = ALL[key]
    stimulus = preset.make_stimulus()
    assert isinstance(stimulus, Step)
    noise = OrnsteinUhlenbeck(mean=0.0, std=0.05 * float(stimulus.amplitude), onset=0.0, duration=1e4)
    times = simulate(preset.make_soma(), stimulus + noise, duration=preset.duration, initial=preset.initial, record=())
    start, end = (stimulus + noise).window(preset.duration)
    found = classify(times.spike_times[0], start, end, noisy=True)
    assert found.patterns == ("bursting",), found.why


def test_jitter_is_no_irregularity() -> None:
    rng = np.random.default_rng(3)
    for spread, pattern in ((0.5 * JITTER, "tonic"), (3 * JITTER, "irregular")):
        times = np.cumsum(20.0 * np.maximum(rng.normal(1.0, spread, 60), 0.1))
        assert classify(times, 0.0, times[-1] + 10, noisy=True).patterns == (pattern,)


@pytest.mark.parametrize("end", [10.0, 5.0, math.nan])
def test_a_window_without_length_is_refused(end: float) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        classify(np.array([1.0, 2.0]), 10.0, end)
