"""Measures of spike trains against closed forms, and against Elephant and eFEL (tests/references/measures.json)."""

import math
from typing import Any

import numpy as np
import pytest

import spark
from spark.analysis import (
    cv2,
    fano_factor,
    lv,
    lvr,
    psth,
    spike_statistics,
    spike_triggered_average,
    van_rossum,
)
from spark.analysis.triggered import averaged
from spark.nn.somas import LeakySoma
from tests.common import reference

ELEPHANT = reference("measures.json")
TRAINS = [np.array(times) for times in ELEPHANT["trains"]]
REGULARITY: dict[str, Any] = {"cv2": cv2, "lv": lv, "lvr": lvr}
STEP = spark.stimuli.Step(onset=0.0, amplitude=700.0)


def poisson(seed: int, count: int = 20_000) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).exponential(20.0, count))


@pytest.mark.parametrize("name", ["cv2", "lv"])
def test_regularity_is_elephants(name: str) -> None:
    np.testing.assert_allclose(REGULARITY[name](TRAINS[:2]), ELEPHANT[name], rtol=1e-12)


@pytest.mark.parametrize("refractoriness", [0.0, 2.0, 5.0])
def test_lvr_is_elephants(refractoriness: float) -> None:
    np.testing.assert_allclose(
        lvr(TRAINS[:2], refractoriness=refractoriness), ELEPHANT["lvr"][str(refractoriness)], rtol=1e-12
    )


@pytest.mark.parametrize("name", REGULARITY)
def test_a_regular_train_is_0_whatever_its_rate(name: str) -> None:
    assert REGULARITY[name](np.arange(0.0, 500.0, 12.5)) == 0


@pytest.mark.parametrize("name", ["cv2", "lv"])
def test_a_poisson_train_is_1_in_the_mean(name: str) -> None:
    found = REGULARITY[name](poisson(0))
    # In I / (I + I'), which is uniform from 0 to 1, CV2 is 2 |2u - 1| and LV 3 (2u - 1)^2: their variances.
    spread = {"cv2": 1 / 3, "lv": 4 / 5}[name]
    assert abs(found - 1) < 4 * math.sqrt(2 * spread / 20_000)


def test_lvr_of_a_poisson_train() -> None:
    """The ratio and the sum of two exponential intervals are independent, and 1/sum has the mean 1/20 ms."""
    assert lvr(poisson(1), refractoriness=5.0) == pytest.approx(1 + 4 * 5.0 / 20.0, rel=0.03)


def test_two_intervals_in_turn_by_hand() -> None:
    times = np.cumsum([0.0, *[5.0, 15.0] * 10])
    assert cv2(times) == pytest.approx(2 * 10 / 20)
    assert lv(times) == pytest.approx(3 / 4)
    assert lvr(times, refractoriness=4.0) == pytest.approx(3 / 4 * (1 + 16 / 20))


def test_one_train_is_a_number_and_several_are_an_array() -> None:
    run = spark.simulate(LeakySoma(), STEP, units=3, duration=200.0)
    for measure in REGULARITY.values():
        assert isinstance(measure([1.0, 2.0, 4.0]), float)
        assert math.isnan(measure([1.0, 2.0])) and math.isnan(measure([]))
        several = measure([[1.0, 2.0, 4.0], [], [1.0, 2.0, 3.0]])
        assert several.shape == (3,) and np.isnan(several[1]) and several[2] == 0
        np.testing.assert_array_equal(measure(run), [measure(times) for times in run.spike_times])
        assert measure([0.0, 1.0, 2.0, 3.0, 9.0], end=3.0) == measure([-7.0, 0.0, 1.0, 2.0], start=0.0) == 0
    assert np.all(cv2(run) < 1e-3)


def test_a_psth_is_elephants() -> None:
    found = psth(TRAINS, 20.0, end=200.0)
    np.testing.assert_allclose(found.rate, ELEPHANT["psth"], rtol=1e-12)
    assert found.trials == 3 and found.counts.sum() == sum(map(len, TRAINS))
    np.testing.assert_array_equal(found.edges, np.arange(0.0, 201.0, 20.0))


def test_a_psth_by_hand() -> None:
    found = psth([[0.0, 1.0, 1.5], [2.0, 3.9, 4.0]], 2.0, start=0.0, end=4.0)
    np.testing.assert_array_equal(found.counts, [3, 2])  # 2.0 belongs to the bin above it, 4.0 to none
    np.testing.assert_array_equal(found.rate, 1000 * np.array([3, 2]) / (2 * 2.0))
    run = spark.simulate(LeakySoma(), STEP, units=5, duration=100.0)
    assert psth(run, 10.0).counts.sum() == run.spike_count
    np.testing.assert_allclose(psth(run, 1.0).rate, run.statistics.population_rate)


def test_a_fano_factor_is_elephants_and_by_hand() -> None:
    assert fano_factor(TRAINS, end=200.0) == pytest.approx(ELEPHANT["fano"], rel=1e-12)
    assert fano_factor([[1.0], [1.0, 2.0, 3.0]], end=10.0) == 0.5  # counts 1 and 3: variance 1, mean 2
    assert fano_factor([1.0, 2.0, 11.0, 12.0], end=20.0, width=10.0) == 0
    assert math.isnan(fano_factor([[], []], end=1.0))
    counts = fano_factor(poisson(2), end=380_000.0, width=100.0)
    assert counts == pytest.approx(1, abs=4 * math.sqrt(2 / 3800))


@pytest.mark.parametrize("tau", [2.0, 10.0, 100.0])
def test_van_rossum_is_elephants(tau: float) -> None:
    found = [van_rossum(TRAINS[a], TRAINS[b], tau) for a, b in ((0, 1), (0, 2), (1, 2))]
    np.testing.assert_allclose(found, ELEPHANT["van_rossum"][str(tau)], rtol=1e-12)


def test_van_rossum_in_closed_form() -> None:
    assert van_rossum([], [], 10.0) == 0
    for tau in (0.1, 3.0, 1e6):
        assert van_rossum([17.0], [], tau) == van_rossum([], [17.0], tau) == 1
        for gap in (0.0, 0.3, 40.0):
            expected = math.sqrt(2 * -math.expm1(-gap / tau))
            assert van_rossum([5.0], [5.0 + gap], tau) == pytest.approx(expected, abs=1e-12)
    # two spikes of one train: sqrt(2 (1 + exp(-t/tau)))
    assert van_rossum([5.0, 8.0], [], 4.0) == pytest.approx(math.sqrt(2 * (1 + math.exp(-3 / 4))))


def test_van_rossum_at_its_limits_and_as_a_metric() -> None:
    a, b, c = TRAINS
    assert van_rossum(a, b, math.inf) == abs(a.size - b.size)
    shared = np.intersect1d(a, b).size
    assert shared == 1
    assert van_rossum(a, b, 1e-6) == pytest.approx(math.sqrt(a.size + b.size - 2 * shared))
    for tau in (1.0, 30.0):
        assert van_rossum(a, a, tau) == 0
        assert van_rossum(a, b, tau) == pytest.approx(van_rossum(b, a, tau))
        assert van_rossum(a, c, tau) <= van_rossum(a, b, tau) + van_rossum(b, c, tau)


def test_van_rossum_is_its_integral() -> None:
    a, b, _ = TRAINS
    tau, t = 10.0, np.arange(0.0, 400.0, 1e-3) + 5e-4

    def smooth(train: np.ndarray) -> np.ndarray:
        return np.sum([np.where(t > s, np.exp(-np.maximum(t - s, 0) / tau), 0.0) for s in train], axis=0)

    squared = 2 / tau * np.sum((smooth(a) - smooth(b)) ** 2) * 1e-3
    assert van_rossum(a, b, tau) == pytest.approx(math.sqrt(squared), rel=1e-4)


def test_a_spike_triggered_average_is_elephants() -> None:
    signal = np.arange(400) * 0.37 % 7.3
    found = averaged([(signal, TRAINS[0])], 0.5, 10.0, 5.0)
    np.testing.assert_allclose(found.current, ELEPHANT["sta"]["values"], rtol=1e-12)
    assert found.spikes == ELEPHANT["sta"]["used"]
    np.testing.assert_allclose(found.time, np.arange(-10.0, 5.0, 0.5))


def test_a_spike_triggered_average_of_a_ramp_is_a_ramp() -> None:
    """I(t) = 500 + 2 t, held over each step at its middle: A(s) = 500 + 2 (mean of the steps' middles + s)."""
    dt, steps = 0.1, 3000
    drive = 500.0 + 2.0 * (np.arange(steps) + 0.5) * dt
    run = spark.simulate(LeakySoma(), drive, dt=dt, units=2, record=("current",))
    found = spike_triggered_average(run, 5.0, 3.0)
    times = run.spike_times[0]
    assert run.events is not None
    step = run.events.step[run.events.unit == 0]
    step = step[(step >= 50) & (step + 30 <= steps)]
    assert found.spikes == 2 * step.size < 2 * times.size
    np.testing.assert_allclose(found.current, 500.0 + 2.0 * ((step.mean() + 0.5) * dt + found.time), rtol=1e-6)
    one = spike_triggered_average(run, 5.0, 3.0, units=[1])
    assert one.spikes == step.size
    np.testing.assert_allclose(one.current, found.current)


def test_a_spike_triggered_average_without_a_spike_is_not_a_number() -> None:
    run = spark.simulate(LeakySoma(), np.zeros(1000), record=("current",))
    found = spike_triggered_average(run, 5.0, 0.0)
    assert found.spikes == 0 and np.isnan(found.current).all() and found.time.size == 50


def test_statistics_are_elephants_and_not_efels() -> None:
    """What the docstring of `SpikeStatistics` says of both."""
    times, efel = TRAINS[0], ELEPHANT["efel"]
    found = spike_statistics(times, 0.0, 200.0)
    gaps = np.diff(times)
    assert found.cv == pytest.approx(ELEPHANT["cv"], rel=1e-12)
    assert found.cv != pytest.approx(efel["ISI_CV"], rel=1e-3)
    assert gaps[1:].std(ddof=1) / gaps[1:].mean() == pytest.approx(efel["ISI_CV"], rel=1e-9)
    without_the_first = spike_statistics(times[1:], 0.0, 200.0).adaptation_index
    assert without_the_first == pytest.approx(efel["adaptation_index2"], rel=1e-9)
    assert found.mean_rate == 50.0 and 1000 * times.size / times[-1] == pytest.approx(efel["mean_frequency"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cv2([2.0, 1.0]), "spike times must be sorted"),
        (lambda: lv([[1.0], [math.nan]]), "spike times of unit 1 must be sorted, finite"),
        (lambda: cv2([1.0, 1.0, 1.0]), "three spikes fall on one time"),
        (lambda: lvr([1.0], refractoriness=-1.0), "refractoriness = -1.0 ms must not be negative"),
        (lambda: psth([1.0], 2.0), "end is missing"),
        (lambda: psth([1.0], 3.0, end=10.0), "into whole bins: it makes 3.333"),
        (lambda: psth([1.0], 0.0, end=10.0), "width = 0.0 ms"),
        (lambda: psth([[1.0]], 1.0, 5.0, 5.0), "must end after it starts, got 5 to 5 ms"),
        (lambda: fano_factor([1.0, 2.0], end=10.0), "several trials, or a width"),
        (lambda: van_rossum([1.0], [2.0], 0.0), "tau = 0.0 ms must be greater than 0"),
        (lambda: van_rossum([2.0, 1.0], [2.0], 1.0), "first must be sorted"),
        (lambda: averaged([(np.zeros(10), [1.0])], 0.1, 0.0, 0.0), "make no window of a sample of 0.1 ms"),
        (lambda: averaged([(np.zeros(10), [1.0])], 0.1, 5.0, 0.0), "longer than the run of 1 ms"),
    ],
)
def test_errors_say_what_is_wrong(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_a_run_that_does_not_tell_the_current_is_refused() -> None:
    with pytest.raises(AttributeError, match="current was not recorded"):
        spike_triggered_average(spark.simulate(LeakySoma(), STEP, duration=20.0))
    thinned = spark.simulate(LeakySoma(), STEP, duration=20.0, record=("current",), every=2)
    with pytest.raises(ValueError, match="run it with every=1"):
        spike_triggered_average(thinned, 1.0, 1.0)
    part = spark.simulate(LeakySoma(), STEP, duration=20.0, record=("current",), units=3, traces=[2])
    with pytest.raises(ValueError, match="unit 0 was not traced"):
        spike_triggered_average(part, 1.0, 1.0, units=[0])
    with pytest.raises(AttributeError, match="events=True"):
        cv2(spark.simulate(LeakySoma(), STEP, duration=20.0, events=False))


@pytest.mark.parametrize("tenths", [1, 2, 3])
def test_a_spike_on_an_edge_is_in_the_bin_above_it(tenths: int) -> None:
    """Of decimals as a file has them: 0.3 ms is on the edge of a bin of 0.1 ms, though 3 * 0.1 is above it."""
    number = np.arange(1, 600)
    counts = psth([np.round(number * 0.1, 1)], tenths / 10, end=60.0).counts
    np.testing.assert_array_equal(counts, np.bincount(number // tenths, minlength=600 // tenths))


def test_all_measures_of_regularity_take_a_window_alike() -> None:
    train = np.cumsum(np.random.default_rng(2).normal(13.0, 2.0, 80))
    for measure in (cv2, lv, lvr):
        assert measure(train, 100.0, 900.0) == measure(train, start=100.0, end=900.0)
    assert lvr(train, 100.0, 900.0, refractoriness=0.0) == pytest.approx(lv(train, 100.0, 900.0))
