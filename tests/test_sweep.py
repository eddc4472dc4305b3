"""Many points of one neuron in one run."""

import importlib
from typing import Any

import numpy as np
import pytest

import spark
from spark.analysis import IMPOSSIBLE, classify, sweep
from spark.analysis.sweep import padded
from spark.nn.components.somas import AdaptiveExponentialSoma, LeakySoma, RefractoryLeakySoma, Soma
from spark.nn.initializers import Normal
from spark.simulation import loop
from spark.stimuli import Array, OrnsteinUhlenbeck, PoissonSynapses, PulseTrain, Sine, Step, Stimulus
from tests.common import SOMAS, assert_times, each

STEP = Step(onset=20.0, duration=250.0, amplitude=600.0)
MODULE = importlib.import_module("spark.analysis.sweep")  # the package has the function of that name
FIELDS = {"RefractoryLeakySoma": "cooldown", "SimplifiedAdaptiveExponentialSoma": "adaptation_delta"}


def spread_of(kind: type[Soma]) -> dict[str, np.ndarray]:
    """A few values near its own for two quantities of a soma, and the amplitude."""
    config = kind().config
    fields = ["potential_reset", FIELDS.get(kind.__name__, "resistance")]
    fields = [name for name in fields if name in config.quantities()]
    values = {name: getattr(config, name) * np.linspace(0.97, 1.02, 5) for name in fields}
    return values | {"stimulus.amplitude": np.linspace(300.0, 900.0, 5)}


def single(soma: Soma, stimulus: Stimulus, field_values: dict[str, float], duration: float) -> np.ndarray:
    """The spike times of one neuron's own run."""
    own = {name: value for name, value in field_values.items() if not name.startswith("stimulus.")}
    its = {name.removeprefix("stimulus."): v for name, v in field_values.items() if name.startswith("stimulus.")}
    alone = type(soma)(soma.config.copy(**own))
    return spark.simulate(alone, stimulus.copy(**its), duration=duration, record=()).spike_times[0]


@pytest.mark.parametrize("name", each())
def test_a_point_is_that_neurons_own_run(name: str) -> None:
    """Within rounding: XLA may round alone and in a population differently (the last digit of float32)."""
    soma, points = SOMAS[name](), spread_of(SOMAS[name])
    found = sweep(soma, STEP, points, duration=300.0)
    assert found.valid.all() and len(found) == 5 and sum(t.size for t in found.trains) > 5
    for k, train in enumerate(found.trains):
        alone = single(soma, STEP, {field: float(values[k]) for field, values in points.items()}, 300.0)
        assert_times(train, alone, within=2e-3, what=f"{name}, point {k}")


def test_a_point_of_a_leaky_soma_is_its_own_run_bit_for_bit() -> None:
    points = spread_of(LeakySoma)
    found = sweep(LeakySoma(), STEP, points, duration=300.0)
    for k, train in enumerate(found.trains):
        alone = single(LeakySoma(), STEP, {field: float(values[k]) for field, values in points.items()}, 300.0)
        np.testing.assert_array_equal(train, alone)


@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize(
    "count",
    [pytest.param(count, marks=pytest.mark.thorough) if count in (3, 40) else count for count in (1, 3, 13, 40)],
)
def test_equal_points_have_equal_trains(count: int, pad: bool) -> None:
    """Bit for bit, wherever in the population a point stands: sensitivities compare trains."""
    found = sweep(AdaptiveExponentialSoma(), STEP, {"resistance": np.full(count, 0.03)}, duration=200.0, pad=pad)
    for train in found.trains:
        np.testing.assert_array_equal(train, found.trains[0])


@pytest.mark.parametrize("kind", [OrnsteinUhlenbeck, PoissonSynapses])
def test_noise_is_that_of_a_single_run_for_every_point(kind: type[Stimulus]) -> None:
    noise = kind(onset=0.0, duration=300.0)
    field = "mean" if kind is OrnsteinUhlenbeck else "excitatory_weight"
    values = getattr(noise, field) * np.array([1.0, 1.0, 1.5])
    found = sweep(LeakySoma(), noise, {f"stimulus.{field}": values}, duration=300.0)
    assert found.trains[2].size > 0
    np.testing.assert_array_equal(found.trains[0], found.trains[1])
    for k in (0, 2):
        assert_times(found.trains[k], single(LeakySoma(), noise, {f"stimulus.{field}": values[k]}, 300.0), 1e-3)


def test_parts_of_a_sum() -> None:
    both = STEP + Sine(onset=0.0, offset=0.0)
    found = sweep(LeakySoma(), both, {"stimulus.0.amplitude": [300.0, 900.0]}, duration=200.0)
    alone = spark.simulate(LeakySoma(), STEP.copy(amplitude=900.0) + both.parts[1], duration=200.0)
    np.testing.assert_array_equal(found.trains[1], alone.spike_times[0])
    assert found.window == (0.0, 200.0)


def test_a_current_sample_by_sample() -> None:
    held = np.full(2000, 600.0)
    found = sweep(LeakySoma(), held, {"threshold": [-55.0, -50.0]})
    np.testing.assert_array_equal(found.trains[0], spark.simulate(LeakySoma(), held).spike_times[0])
    assert found.window == pytest.approx((0.0, 200.0))
    two = Array(samples=np.stack([held, 2 * held], axis=1))
    again = sweep(LeakySoma(), two, {"threshold": [-55.0, -50.0]}, duration=200.0)
    np.testing.assert_array_equal(again.trains[0], found.trains[0])


def test_a_population_is_swept_as_its_first_unit() -> None:
    soma = LeakySoma(threshold=Normal(-55.0, 1.0), resistance=np.array([0.04, 0.05]), seed=3)
    crowd = spark.simulate(soma, STEP, duration=200.0)
    found = sweep(soma, STEP, {"stimulus.amplitude": [600.0, 700.0]}, duration=200.0)
    np.testing.assert_array_equal(found.trains[0], crowd.spike_times[0])


def period(soma: Soma, current: np.ndarray) -> np.ndarray:
    """T = tau ln((RI + E - V_reset) / (RI + E - V_threshold)), ms."""
    p = soma.config.values()
    drive = p["resistance"] * current
    up = p["threshold"] - p["potential_rest"]
    return p["potential_tau"] * np.log((drive + p["potential_rest"] - p["potential_reset"]) / (drive - up))


def test_the_rate_of_a_leaky_soma() -> None:
    soma, current = LeakySoma(), np.linspace(0.0, 1500.0, 31)
    found = sweep(soma, Step(onset=50.0, duration=900.0), {"stimulus.amplitude": current}, duration=1000.0)
    p = soma.config.values()
    fires = p["resistance"] * current > p["threshold"] - p["potential_rest"]
    assert 3 < fires.sum() < 31 and found.window == (50.0, 950.0)
    expected = 1000.0 / period(soma, current[fires])
    np.testing.assert_allclose(found.first_rate[fires], expected, rtol=2e-4)
    np.testing.assert_allclose(found.steady_rate[fires], expected, rtol=2e-4)
    np.testing.assert_allclose(found.rate[fires], expected, atol=1000.0 / 900.0)
    for k in np.flatnonzero(fires):
        assert found.latency[k] == pytest.approx(found.trains[k][0] - 50.0)
        assert found.patterns[k] == str(classify(found.trains[k], 50.0, 950.0))
    quiet = ~fires
    assert not found.spike_count[quiet].any() and not found.steady_rate[quiet].any() and not found.rate[quiet].any()
    assert np.isnan(found.latency[quiet]).all() and {found.patterns[k] for k in np.flatnonzero(quiet)} == {"silent"}


def test_the_window() -> None:
    points = {"stimulus.duration": [100.0, 200.0, 0.0], "stimulus.onset": [20.0, 250.0, 20.0]}
    found = sweep(LeakySoma(), STEP, points, duration=300.0)
    np.testing.assert_allclose(found.windows, [[20.0, 120.0], [250.0, 300.0], [0.0, 300.0]])
    assert found.window == (20.0, 270.0)
    early, late = found.latency[:2]
    assert early == pytest.approx(late, abs=1e-3)
    given = sweep(LeakySoma(), STEP, points, duration=300.0, window=(0.0, 60.0))
    assert given.window == (0.0, 60.0) and (given.windows == [0.0, 60.0]).all()
    assert given.spike_count[0] == (found.trains[0] <= 60.0).sum() > 0
    with pytest.raises(ValueError, match="window must end"):
        sweep(LeakySoma(), STEP, points, window=(5.0, 5.0))


def test_impossible_points_are_marked() -> None:
    soma = RefractoryLeakySoma()
    rest = soma.config.values()
    points = {
        "potential_tau": [20.0, -1.0, 20.0, 20.0, np.nan, 20.0],
        "potential_reset": [-70.0, -70.0, rest["threshold"] + 1.0, -70.0, -70.0, -70.0],
        "stimulus.amplitude": [900.0, 900.0, 900.0, 1e9, 900.0, 900.0],
    }
    found = sweep(soma, STEP, points, duration=300.0)
    np.testing.assert_array_equal(found.valid, [True, False, False, False, False, True])
    np.testing.assert_array_equal(np.isnan(found.rate), ~found.valid)
    for values in (found.spike_count, found.first_rate, found.steady_rate, found.latency):
        np.testing.assert_array_equal(np.isnan(values), ~found.valid)
    assert [p == IMPOSSIBLE for p in found.patterns] == [False, True, True, True, True, False]
    assert [t.size > 0 for t in found.trains] == [True, False, False, False, False, True]
    np.testing.assert_array_equal(found.trains[0], found.trains[5])
    width = sweep(soma, PulseTrain(period=50.0), {"stimulus.width": [10.0, 60.0]}, duration=100.0)
    np.testing.assert_array_equal(width.valid, [True, False])


def test_a_time_step_that_is_too_long_for_a_point() -> None:
    euler = spark.solvers.Euler()
    found = sweep(LeakySoma(), STEP, {"potential_tau": [20.0, 0.04]}, duration=100.0, solver=euler)
    np.testing.assert_array_equal(found.valid, [True, False])
    assert sweep(LeakySoma(), STEP, {"potential_tau": [20.0, 0.04]}, duration=100.0).valid.all()


def test_no_valid_point_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "simulate", None)
    found = sweep(LeakySoma(), STEP, {"potential_tau": [-1.0, -2.0]}, duration=100.0)
    assert not found.valid.any() and found.patterns == [IMPOSSIBLE] * 2 and np.isnan(found.rate).all()


def test_a_point_that_turns_non_finite_is_not_valid() -> None:
    config = spark.nn.somas.LeakySomaConfig(__skip_validation__=True)
    found = sweep(LeakySoma(config), np.full(2000, 100.0), {"potential_tau": [10.0, -0.01]})
    np.testing.assert_array_equal(found.valid, [True, False])


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ({}, "at least one field"),
        ({"resistance": []}, "at least one"),
        ({"resistance": 3.0}, "shape"),
        ({"resistance": [1.0], "threshold": [1.0, 2.0]}, "resistance 1, threshold 2"),
        ({"resistence": [1.0]}, "did you mean 'resistance'"),
        ({"dt": [0.1]}, "one number for a whole run"),
        ({"stimulus.mean": [1.0]}, "Step has no quantity"),
        ({"stimulus.2.amplitude": [1.0]}, "no part"),
        ({"soma.resistance": [1.0]}, "no quantity"),
    ],
)
def test_errors_say_what_is_wrong(points: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sweep(LeakySoma(), STEP, points, duration=10.0)


def test_another_number_of_points_does_not_compile() -> None:
    assert [padded(n) for n in (1, 8, 9, 13, 17, 24, 25, 33, 480, 4096)] == [8, 8, 12, 16, 24, 24, 32, 48, 512, 4096]

    def compiled(count: int, high: float) -> int:
        sweep(LeakySoma(), STEP, {"stimulus.amplitude": np.linspace(0, high, count)}, duration=30.0)
        return loop.time_loop._cache_size()  # type: ignore[attr-defined]

    assert compiled(33, 100.0) == compiled(48, 900.0) < compiled(49, 900.0)
