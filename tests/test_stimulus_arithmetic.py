"""Stimuli add and scale: what comes out is a stimulus like any other, and delivers what its arithmetic says."""

from typing import Any, cast

import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.export import spark_script
from spark.nn.initializers import Normal
from spark.nn.somas import LeakySoma
from spark.stimuli import Array, OrnsteinUhlenbeck, PoissonSynapses, Sine, Step, Stimulus, Sum, catalogue

SAMPLES = np.array([[1.0, -2.0], [3.0, 5.0], [0.0, 7.0]])


def examples(name: str) -> list[Any]:
    """Stimuli of one kind, as it is and with values that differ between two units."""
    kind: Any = catalogue()[name]
    if name == "Sum":
        return [Step() + OrnsteinUhlenbeck() + OrnsteinUhlenbeck() + Array(samples=SAMPLES, interval=100.0)]
    if name == "Array":
        return [Array(samples=SAMPLES[:, 0], interval=200.0), Array(samples=SAMPLES, interval=200.0)]
    wide = {field: getattr(kind(), field) * np.array([1.0, 1.5]) for field in kind._currents()}
    return [kind(), kind(**wide)]


@pytest.mark.parametrize("factor", [2.0, -0.5, 0.0, 3])
@pytest.mark.parametrize("name", catalogue())
def test_a_scaled_stimulus_delivers_the_scaled_current(name: str, factor: float) -> None:
    for stimulus in examples(name):
        before = stimulus.copy()
        plain, scaled = (s.sample(6000, 0.1, units=2, dtype=np.float64) for s in (stimulus, factor * stimulus))
        assert type(factor * stimulus) is type(stimulus) and np.abs(plain).max() > 0
        np.testing.assert_allclose(scaled, factor * plain, rtol=1e-12, atol=1e-9)
        assert stimulus == before  # a copy was scaled


def test_both_sides_division_and_signs() -> None:
    step = Step(amplitude=300.0)
    lone = [x for two in (np.array(2), jnp.float32(2.0), jnp.bfloat16(2.0)) for x in (two * step, step * two)]
    for twice in (2 * step, step * 2, step / 0.5, np.float64(2.0) * step, cast(Any, np.int64(2)) * step, *lone):
        assert twice == Step(amplitude=600.0)
    assert +step == step and +step is not step and step + np.array(5.0) == step + 5.0
    assert -step == Step(amplitude=-300.0) and -1 * -step == step
    assert 2 * (step + Sine()) == 2 * step + 2 * Sine()


def test_sums_differences_and_constants() -> None:
    step, sine = Step(), Sine()
    dt, steps = 0.1, 12_000
    a, b = (s.sample(steps, dt, dtype=np.float64) for s in (step, sine))
    for stimulus, current in (
        (step + sine, a + b),
        (step - sine, a - b),
        (sum([step, sine]), a + b),
        (step + 50.0, a + 50),
        (50 + step, a + 50),
        (step - 50, a - 50),
        (50.0 - step, 50 - a),
        (np.float64(50.0) - step, 50 - a),
    ):
        assert isinstance(stimulus, Stimulus)
        np.testing.assert_allclose(stimulus.sample(steps, dt, dtype=np.float64), current, atol=1e-9)
    assert sum([step]) == step and isinstance(sum([step, sine]), Sum)
    assert (step + 50.0).window(1000.0) == step.window(1000.0)  # the constant is a bias


def test_what_cannot_be_scaled_says_so() -> None:
    with pytest.raises(TypeError, match=r"Step\.amplitude is drawn from Normal.*draw from one of other values"):
        2 * Step(amplitude=Normal(100.0, 10.0))
    with pytest.raises(ValueError, match=r"Step\.amplitude = 2e\+06 pA is out of bounds"):
        4000 * Step()
    wrong: Any
    for wrong in ("2", None, True, Step(), np.ones(3), 2j, np.array(2j), np.array("2")):
        with pytest.raises(TypeError):
            wrong * Step()
    with pytest.raises(TypeError):
        Step() + "50"  # type: ignore[operator]


def test_scaled_stimuli_are_plain_data_and_code() -> None:
    for stimulus in (-2 * OrnsteinUhlenbeck(), 2 * (Step() + Sine()) - 30.0, PoissonSynapses() / 2):
        assert Stimulus.from_dict(stimulus.to_dict()) == stimulus
        names: dict[str, Any] = {}
        exec(spark_script(LeakySoma(), stimulus, duration=10.0), names)
        assert names["stimulus"] == stimulus
    assert "std=-300.0" in spark_script(LeakySoma(), -2 * OrnsteinUhlenbeck(), duration=1000.0)


def test_noise_that_is_turned_over_is_noise() -> None:
    noise = -OrnsteinUhlenbeck(mean=0.0)
    assert noise.noisy and not (0 * noise).noisy
    run = spark.simulate(LeakySoma(), -noise, record=("current",), duration=200.0)
    turned = spark.simulate(LeakySoma(), noise, record=("current",), duration=200.0)
    np.testing.assert_allclose(run.current, -turned.current)
    assert np.std(run.current) > 50


def test_an_array_lasts_as_long_as_its_samples() -> None:
    short = Array(samples=np.full(30, 500.0), interval=10.0)
    assert short.length == 300.0 and Step().length is None
    assert spark.simulate(LeakySoma(), short).duration == pytest.approx(300.0)
    assert spark.simulate(LeakySoma(), short, duration=50.0).duration == pytest.approx(50.0)
    assert spark.simulate(LeakySoma(), short + Array(samples=np.ones(5), interval=100.0)).steps == 5000
    assert spark.simulate(LeakySoma(), short + Step()).steps == spark.simulate(LeakySoma(), Step()).steps == 10_000


@pytest.mark.parametrize("current", [500.0, 500, np.float32(500), np.array(500.0)])
def test_a_number_is_a_constant_current(current: Any) -> None:
    run = spark.simulate(LeakySoma(), current, record=("current",), units=2)
    assert run.steps == 10_000 and (run.current == 500.0).all() and run.current.shape == (10_000, 2)
    other = spark.simulate(LeakySoma(), Step(amplitude=500.0, onset=0.0, duration=1000.0), units=2)
    np.testing.assert_allclose(run.spike_times[1], other.spike_times[1], atol=1e-3)
    assert run.spike_count > 0 and spark.simulate(LeakySoma(), current, duration=30.0).steps == 300


@pytest.mark.parametrize("current", [True, "500", float("nan"), None, 1j])
def test_what_is_no_number_is_refused(current: Any) -> None:
    with pytest.raises(ValueError, match=r"current must be"):
        spark.simulate(LeakySoma(), current)
