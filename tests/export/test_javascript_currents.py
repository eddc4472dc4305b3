"""Stimuli in JavaScript: Spark's means over the step; noise of Spark's law, from a generator of its own."""

from typing import Any

import numpy as np
import pytest

from benchmarks.javascript_engine import Engine
from spark.export.javascript import javascript
from spark.nn.initializers import Normal
from spark.nn.somas import LeakySoma
from spark.stimuli import Array, Chirp, OrnsteinUhlenbeck, PoissonSynapses, PulseTrain, Ramp, Sine, Step, Stimulus
from tests.test_stimuli import covariances

SOURCE = javascript(LeakySoma())
CURRENTS = "return module.currents(given.stimulus, given.dt, given.steps, given.unit)"
ALL = """
const rows = []
for (let unit = 0; unit < given.units; unit++) {
  rows.push(module.currents(given.stimulus, given.dt, given.steps, unit))
}
return rows
"""
DETERMINED = (Step, Ramp, PulseTrain, Sine, Chirp)


def delivered(engine: Engine, stimulus: Stimulus | dict[str, Any] | float | list, dt: float, steps: int, unit: int = 0):
    told = stimulus.to_dict() if isinstance(stimulus, Stimulus) else stimulus
    return engine(SOURCE, CURRENTS, stimulus=told, dt=dt, steps=steps, unit=unit)


def populated(engine: Engine, stimulus: Stimulus, dt: float, steps: int, units: int) -> np.ndarray:
    told = stimulus.to_dict()
    return np.transpose(engine(SOURCE, ALL, stimulus=told, dt=dt, steps=steps, units=units))


def drawn(kind: type[Stimulus], rng: np.random.Generator) -> Stimulus:
    """Values from anywhere on its sliders, for 100 ms."""
    while True:
        values: dict[str, Any] = {name: float(rng.uniform(*q.span)) for name, q in kind.quantities().items() if q.span}
        values |= {"onset": rng.uniform(0, 40), "duration": rng.uniform(1, 80)}
        try:
            return kind(**values)
        except ValueError:  # pulses that do not fit their period
            continue


@pytest.mark.parametrize("dt", [0.1, 1.0])
@pytest.mark.parametrize("kind", DETERMINED, ids=lambda kind: kind.__name__)
def test_means_over_the_step(engine: Engine, kind: type[Stimulus], dt: float) -> None:
    rng = np.random.default_rng(3)
    for stimulus in (kind(), *(drawn(kind, rng) for _ in range(20))):
        steps = round(100 / dt)
        expected = stimulus.sample(steps, dt, dtype=np.float64)[:, 0]
        got = delivered(engine, stimulus, dt, steps)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9, err_msg=str(stimulus))


@pytest.mark.parametrize("dt", [0.1, 1.0])
@pytest.mark.parametrize(("first", "last"), [(1.0, 5000.0), (990.0, 0.0), (2.0, 42.0), (0.0, 20_000.0)])
def test_fast_chirps(engine: Engine, first: float, last: float, dt: float) -> None:
    """Those that turn within a step are told by Fresnel's integrals."""
    chirp = Chirp(start_frequency=first, end_frequency=last, onset=2.03, duration=30.05, offset=7.0, amplitude=300.0)
    steps = round(40 / dt)
    expected = chirp.sample(steps, dt, dtype=np.float64)[:, 0]
    assert np.ptp(expected) > 10
    np.testing.assert_allclose(delivered(engine, chirp, dt, steps), expected, atol=1e-9)


@pytest.mark.parametrize("dt", [0.1, 0.25, 1.0])
def test_arrays_and_sums(engine: Engine, dt: float) -> None:
    array = Array(samples=np.random.default_rng(4).normal(300, 100, 12), interval=0.37)
    steps = round(20 / dt)
    for stimulus in (array, array + Sine(onset=3.3) + Step(onset=1.0, duration=7.7) + 20.0):
        expected = stimulus.sample(steps, dt, dtype=np.float64)[:, 0]
        np.testing.assert_allclose(delivered(engine, stimulus, dt, steps), expected, atol=1e-9)
        parts = [part.to_dict() for part in stimulus.parts]
        np.testing.assert_array_equal(delivered(engine, parts, dt, steps), delivered(engine, stimulus, dt, steps))


def test_numbers_are_held(engine: Engine) -> None:
    np.testing.assert_array_equal(delivered(engine, 5.5, 0.1, 3), [5.5] * 3)
    np.testing.assert_array_equal(delivered(engine, [1.0, 2.0, 4.0], 0.1, 2), [1.0, 2.0])
    with pytest.raises(RuntimeError, match="The current has 2 values, of 3 steps"):
        delivered(engine, [1.0, 2.0], 0.1, 3)


def test_values_are_those_of_the_unit_and_else_the_defaults(engine: Engine) -> None:
    got = populated(engine, Step(onset=0.0, amplitude=[3.0, 4.0]), 0.1, 2, 2)
    np.testing.assert_allclose(got, [[3, 4], [3, 4]])
    samples = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(populated(engine, Array(samples=samples, interval=0.1), 0.1, 2, 2), samples)
    got = delivered(engine, {"type": "Step", "amplitude": 7.0}, 1.0, 1000)
    np.testing.assert_allclose(got, Step(amplitude=7.0).sample(1000, 1.0)[:, 0])


@pytest.mark.parametrize(
    ("stimulus", "said"),
    [
        ({"type": "Stepp"}, 'There is no stimulus "Stepp", but Step, Ramp, '),
        ({"type": "Step", "amplitud": 3.0}, 'Step has no "amplitud", but onset, duration, amplitude'),
        (Step(amplitude=Normal(1.0, 2.0)), "Step.amplitude is drawn by an initializer"),
    ],
    ids=["kind", "field", "initializer"],
)
def test_what_is_no_stimulus_is_refused(engine: Engine, stimulus: Any, said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        delivered(engine, stimulus, 0.1, 3)


@pytest.mark.parametrize(("dt", "tau"), [(0.1, 10.0), (1.0, 10.0), (0.5, 0.1)])
def test_noise_has_its_law(engine: Engine, dt: float, tau: float) -> None:
    """Means over steps, from the first one on, on any grid: 400 units, within five standard errors."""
    noise = OrnsteinUhlenbeck(onset=0.0, duration=500.0, mean=40.0, std=12.0, tau=tau)
    x = (populated(engine, noise, dt, round(500 / dt), 400) - 40.0) / 12.0
    expected = covariances(dt / tau, 30)
    independent = 400 * 500.0 / (2 * tau + dt)
    assert abs(x.mean()) < 5 * np.sqrt(expected[0] / independent)
    assert x.var() == pytest.approx(expected[0], rel=5 * np.sqrt(2 / independent))
    assert x[0].var() == pytest.approx(expected[0], rel=5 * np.sqrt(2 / 400))
    for n in (1, 2, 10):
        found = (x[n:] * x[:-n]).mean()
        assert found == pytest.approx(expected[n], abs=5 * expected[0] * np.sqrt(2 / independent)), n
    kurtosis = ((x - x.mean()) ** 4).mean() / x.var() ** 2
    assert kurtosis == pytest.approx(3.0, abs=5 * np.sqrt(24 / independent))


@pytest.mark.parametrize("expected", [0.15, 3.0, 19.0, 45.0, 400.0])
def test_poisson_counts(engine: Engine, expected: float) -> None:
    """With a synapse that forgets within a step its current is the count: mean, variance, and how often none."""
    tau, dt, steps = 1e-4, 0.1, 40_000
    synapses = PoissonSynapses(
        onset=0.0,
        duration=steps * dt,
        excitatory_rate=expected / dt * 1000,
        inhibitory_rate=0.0,
        excitatory_weight=1.0,
        excitatory_tau=tau,
    )
    counts = delivered(engine, synapses, dt, steps) * dt / tau
    np.testing.assert_allclose(counts, np.round(counts), atol=1e-6)
    assert counts.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / steps))
    spread = 5 * np.sqrt((2 * expected**2 + expected) / steps)
    assert counts.var() == pytest.approx(expected, abs=spread)
    none = np.exp(-expected)
    assert (np.round(counts) == 0).mean() == pytest.approx(none, abs=5 * np.sqrt(none / steps))


@pytest.mark.parametrize("dt", [0.1, 0.5])
def test_synaptic_currents_by_campbell(engine: Engine, dt: float) -> None:
    """Campbell: mean = rate w tau, variance = rate w^2 tau / 2, each synapse on its own."""
    values: dict = {"onset": 0.0, "duration": 600.0, "excitatory_weight": 20.0, "inhibitory_weight": 30.0}
    times: dict = {"excitatory_tau": 4.0, "inhibitory_tau": 8.0, "excitatory_rate": 2000.0, "inhibitory_rate": 500.0}
    x = populated(engine, PoissonSynapses(**values, **times), dt, round(600 / dt), 400)[round(80 / dt) :]
    assert x.mean() == pytest.approx(2 * 20 * 4 - 0.5 * 30 * 8, abs=1.5)
    assert x.var() == pytest.approx(2 * 400 * 4 / 2 + 0.5 * 900 * 8 / 2, rel=0.05)


@pytest.mark.parametrize("kind", [OrnsteinUhlenbeck, PoissonSynapses], ids=lambda kind: kind.__name__)
def test_seeds(engine: Engine, kind: Any) -> None:
    one = populated(engine, kind(seed=1, onset=0.0, duration=300.0), 0.1, 3000, 3)
    np.testing.assert_array_equal(one, populated(engine, kind(seed=1, onset=0.0, duration=300.0), 0.1, 3000, 3))
    assert (one != populated(engine, kind(seed=2, onset=0.0, duration=300.0), 0.1, 3000, 3)).any()
    assert np.abs(np.corrcoef(one[1000:].T)[~np.eye(3, dtype=bool)]).max() < 0.7
    frozen = populated(engine, kind(seed=1, frozen=True), 0.1, 3000, 3)
    assert (frozen == frozen[:, :1]).all() and frozen.any()
    outside = populated(engine, kind(onset=100.0, duration=100.0), 0.1, 3000, 1)
    assert not outside[:1000].any() and outside[1000:2000].any()


def test_equal_parts_draw_different_noise(engine: Engine) -> None:
    noise = OrnsteinUhlenbeck(mean=0.0, std=10.0, tau=1.0, onset=0.0, duration=1200.0)
    assert delivered(engine, noise + noise, 0.1, 12_000).std() == pytest.approx(10 * np.sqrt(2), rel=0.1)
