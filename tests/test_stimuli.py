"""Stimuli: closed forms, charge, noise statistics, sums."""

from collections.abc import Callable

import jax
import mpmath
import numpy as np
import pytest

import spark
from spark.nn.initializers import Normal
from spark.nn.somas import LeakySoma
from spark.stimuli import Array, Chirp, OrnsteinUhlenbeck, PoissonSynapses, PulseTrain, Ramp, Sine, Step, Stimulus
from spark.stimuli.step_means import StepMeans

CATALOGUE = spark.stimuli.catalogue()
NOISE = (OrnsteinUhlenbeck, PoissonSynapses)
DT = 0.1


def middles(steps: int, dt: float = DT) -> np.ndarray:
    return (np.arange(steps) + 0.5) * dt


def drive(stimulus: Stimulus, duration: float = 1200.0, dt: float = DT, units: int = 1, **options) -> np.ndarray:
    return stimulus.sample(round(duration / dt), dt, units, dtype=np.float64, **options)


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_shapes_and_finiteness(kind: type[Stimulus]) -> None:
    current = kind().sample(100, DT, 3)
    assert current.dtype == np.float32 and current.shape in ((100, 1), (100, 3))
    assert np.isfinite(current).all()
    assert kind.title and kind.__doc__


@pytest.mark.parametrize("kind", [k for k in CATALOGUE.values() if "onset" in k.fields()], ids=lambda k: k.__name__)
def test_nothing_outside_the_window(kind: type[Stimulus]) -> None:
    current = drive(kind(onset=200.0, duration=300.0))[:, 0]
    assert not current[:2000].any()
    assert current[2000:5000].any()
    if kind is not PoissonSynapses:  # its synapses ring on
        assert not current[5000:].any()


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_finite_at_both_ends_of_every_slider(kind: type[Stimulus]) -> None:
    for name, quantity in kind.quantities().items():
        quantity.check_bounds(np.array(quantity.span), name)
        assert quantity.span[0] <= quantity.default <= quantity.span[1], name
        for value in quantity.span:
            values = kind().values() | {name: value}
            if all(values[low] < values[high] for low, high in kind.ordered):
                assert np.isfinite(kind(**{name: value}).sample(500, DT)).all(), (name, value)


def test_step() -> None:
    current = drive(Step(onset=20.0, duration=50.0, amplitude=300.0), 100.0)[:, 0]
    np.testing.assert_allclose(current, np.where((middles(1000) > 20) & (middles(1000) < 70), 300.0, 0.0), atol=1e-9)


def test_ramp() -> None:
    current = drive(Ramp(onset=20.0, duration=50.0, start=100.0, end=-200.0), 100.0)[:, 0]
    time = middles(1000)
    expected = np.where((time > 20) & (time < 70), 100 - 300 * (time - 20) / 50, 0.0)
    np.testing.assert_allclose(current, expected, atol=1e-6)


def test_pulse_train() -> None:
    current = drive(PulseTrain(onset=20.0, duration=95.0, amplitude=10.0, width=5.0, period=20.0), 200.0)[:, 0]
    time = middles(2000)
    on = (time > 20) & (time < 115) & ((time - 20) % 20 < 5)
    np.testing.assert_allclose(current, 10.0 * on, atol=1e-6)


NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)


def averaged(current: Callable[[np.ndarray], np.ndarray], start: float, end: float) -> float:
    """The mean of a current between two times, by Gauss-Legendre quadrature."""
    return float(WEIGHTS @ current((start + end) / 2 + (end - start) / 2 * NODES) / 2)


@pytest.mark.parametrize("dt", [0.1, 1.0])
@pytest.mark.parametrize(
    "frequencies", [(12.0, 12.0), (0.0, 0.5), (2.0, 42.0), (40.0, 2.0), (1.0, 5000.0), (990.0, 0.0)]
)
def test_sine_and_chirp_deliver_their_mean(frequencies: tuple[float, float], dt: float) -> None:
    """Also in the steps in which they begin and end, and where they turn many times within a step."""
    first, last = frequencies
    onset, length = 2.03, 30.05
    window: dict = {"onset": onset, "duration": length, "offset": 7.0, "amplitude": 30.0}
    sine, chirp = (
        Sine(frequency=first, phase=90.0, **window),
        Chirp(start_frequency=first, end_frequency=last, **window),
    )

    def cosine(t: np.ndarray) -> np.ndarray:
        return 7 + 30 * np.cos(2 * np.pi * first * (t - onset) / 1000)

    def sweep(t: np.ndarray) -> np.ndarray:
        since = t - onset
        return 7 + 30 * np.sin(2 * np.pi * (first * since + (last - first) / length * since**2 / 2) / 1000)

    for stimulus, current in ((sine, cosine), (chirp, sweep)):
        expected = []
        for start in np.arange(round(40 / dt)) * dt:
            begin, end = max(start, onset), min(start + dt, onset + length)
            expected.append(averaged(current, begin, end) * (end - begin) / dt if end > begin else 0.0)
        np.testing.assert_allclose(
            drive(stimulus, 40.0, dt)[:, 0], expected, atol=1e-7, err_msg=type(stimulus).__name__
        )


def test_a_sine_of_whole_periods_in_a_step_delivers_its_offset() -> None:
    """Its middle would be a direct current of the full amplitude."""
    sine = Sine(onset=0.0, duration=100.0, offset=400.0, amplitude=300.0, frequency=1000.0, phase=90.0)
    np.testing.assert_allclose(drive(sine, 100.0, 1.0), 400.0, atol=1e-9)


@pytest.mark.parametrize(
    ("stimulus", "charge"),
    [
        (Step(onset=10.03, duration=50.07, amplitude=300.0), 300.0 * 50.07),
        (Step(onset=10.03, duration=0.02, amplitude=300.0), 300.0 * 0.02),
        (Ramp(onset=10.03, duration=50.07, start=100.0, end=300.0), 200.0 * 50.07),
        (PulseTrain(onset=10.03, duration=60.0, amplitude=5.0, width=0.37, period=7.13), 5.0 * 0.37 * 9),
        (Array(samples=np.array([1.0, 5.0, -2.0]), interval=7.77), 4.0 * 7.77),
    ],
    ids=["step", "short-step", "ramp", "pulses", "array"],
)
@pytest.mark.parametrize("dt", [0.1, 0.25, 1.0])
def test_charge_does_not_depend_on_the_grid(stimulus: Stimulus, charge: float, dt: float) -> None:
    assert drive(stimulus, 100.0, dt).sum() * dt == pytest.approx(charge, rel=1e-6)


def test_array_is_held() -> None:
    samples = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    current = Array(samples=samples, interval=0.5).sample(20, DT, 2, dtype=np.float64)
    np.testing.assert_allclose(current[:15], np.repeat(samples, 5, axis=0), atol=1e-9)
    np.testing.assert_allclose(current[15:], 0.0, atol=1e-9)
    np.testing.assert_allclose(Array(samples=[1, 2], interval=DT).sample(2, DT)[:, 0], [1, 2], rtol=1e-6)
    with pytest.raises(ValueError, match="2 columns but the population has 3"):
        Array(samples=samples).sample(5, DT, 3)
    for wrong in (np.zeros((2, 2, 2)), np.zeros(0), [np.nan]):
        with pytest.raises(ValueError, match="samples"):
            Array(samples=wrong)


def test_heterogeneous_parameters() -> None:
    amplitude = np.array([1.0, 2.0, 3.0])
    current = drive(Step(onset=0.0, duration=10.0, amplitude=amplitude), 10.0, units=3)
    np.testing.assert_allclose(current, np.broadcast_to(amplitude, (100, 3)))
    run = spark.simulate(spark.nn.somas.LeakySoma(), Step(amplitude=np.array([300.0, 500.0])), units=2)
    assert [len(times) > 0 for times in run.spike_times] == [False, True]


@pytest.mark.parametrize("kind", NOISE, ids=lambda k: k.__name__)
def test_seeds(kind: type[Stimulus]) -> None:
    one = drive(kind(seed=1), 300.0, units=3)
    np.testing.assert_array_equal(one, drive(kind(seed=1), 300.0, units=3))
    assert (one != drive(kind(seed=2), 300.0, units=3)).any()
    assert np.abs(np.corrcoef(one[1000:].T)[~np.eye(3, dtype=bool)]).max() < 0.9
    frozen = drive(kind(seed=1, frozen=True), 300.0, units=3)
    assert (frozen == frozen[:, :1]).all() and frozen.any()
    key = jax.random.key(5)
    np.testing.assert_array_equal(drive(kind(), 200.0, key=key), drive(kind(), 200.0, key=key))
    assert (drive(kind(), 200.0, key=key) != drive(kind(), 200.0, key=jax.random.key(6))).any()


def covariances(length: float, lags: int) -> np.ndarray:
    """Of the means over steps of `length` correlation times: exp(-|t - s|) averaged over two steps."""
    lag = np.arange(1, lags)
    with mpmath.workdps(40):
        own = float(2 * (mpmath.mpf(length) - 1 + mpmath.exp(-mpmath.mpf(length))) / mpmath.mpf(length) ** 2)
    return np.array([own, *(np.expm1(-length) ** 2 / length**2 * np.exp(-(lag - 1) * length))])


@pytest.mark.parametrize("length", [1e-6, 1e-4, 0.0199, 0.0201, 0.5, 5.0, 50.0, 1e5])
def test_the_law_of_means_over_steps(length: float) -> None:
    """Covariances that follow from its recursion, in closed form, against those of the process."""
    law = StepMeans.of(length)
    expected = covariances(length, 4)
    before = law.first**2  # variance of what is known at the beginning of a step
    np.testing.assert_allclose(before, law.kept**2 * before + law.kick**2, rtol=1e-9)  # stationary
    np.testing.assert_allclose(before + law.fresh**2, expected[0], rtol=1e-10)
    next_one = law.kept * before + law.fresh * law.kick
    np.testing.assert_allclose(next_one * law.kept ** np.arange(3), expected[1:], rtol=1e-9)


@pytest.mark.parametrize(("dt", "tau"), [(0.1, 10.0), (1.0, 10.0), (0.5, 0.1)])
def test_ornstein_uhlenbeck_statistics(dt: float, tau: float) -> None:
    """Means over steps, from the first one on, on any grid: 400 units, within five standard errors."""
    noise = OrnsteinUhlenbeck(onset=0.0, duration=500.0, mean=40.0, std=12.0, tau=tau)
    x = (drive(noise, 500.0, dt, units=400) - 40.0) / 12.0
    expected = covariances(dt / tau, 30)
    independent = 400 * 500.0 / (2 * tau + dt)
    assert abs(x.mean()) < 5 * np.sqrt(expected[0] / independent)
    assert x.var() == pytest.approx(expected[0], rel=5 * np.sqrt(2 / independent))
    assert x[0].var() == pytest.approx(expected[0], rel=5 * np.sqrt(2 / 400))
    for n in (1, 2, 10):
        found = (x[n:] * x[:-n]).mean()
        assert found == pytest.approx(expected[n], abs=5 * expected[0] * np.sqrt(2 / independent)), n


def test_fast_noise_moves_a_slow_membrane_as_theory_says() -> None:
    """Noise that the step does not resolve: V has the variance (R std)^2 tau_noise / (tau_noise + tau) all the same."""
    soma = spark.nn.somas.LeakySoma(potential_tau=10.0, resistance=0.1, threshold=1000.0)
    noise = OrnsteinUhlenbeck(onset=0.0, duration=1e6, mean=0.0, std=300.0, tau=0.1)
    run = spark.simulate(soma, noise, dt=0.5, duration=500.0, units=1000)
    assert run.potential[200:].std() == pytest.approx(30.0 * np.sqrt(0.1 / 10.1), rel=0.02)


@pytest.mark.parametrize("dt", [0.1, 0.5])
def test_poisson_statistics_by_campbell(dt: float) -> None:
    """Campbell: mean = rate w tau, variance = rate w^2 tau / 2, each synapse on its own."""
    values: dict = {"onset": 0.0, "duration": 600.0, "excitatory_weight": 20.0, "inhibitory_weight": 30.0}
    times: dict = {"excitatory_tau": 4.0, "inhibitory_tau": 8.0, "excitatory_rate": 2000.0, "inhibitory_rate": 500.0}
    x = drive(PoissonSynapses(**values, **times), 600.0, dt, units=400)[round(80 / dt) :]
    assert x.mean() == pytest.approx(2 * 20 * 4 - 0.5 * 30 * 8, abs=1.5)
    assert x.var() == pytest.approx(2 * 400 * 4 / 2 + 0.5 * 900 * 8 / 2, rel=0.05)


def test_sums() -> None:
    step, sine = Step(amplitude=np.array([1.0, 2.0])), Sine()
    both = step + sine
    np.testing.assert_allclose(drive(both, units=2), drive(step, units=2) + drive(sine, units=2))
    assert len((both + Ramp()).parts) == 3 and len((Ramp() + both).parts) == 3
    assert len(both.parts) == 2
    assert not drive(spark.stimuli.Sum()).any()
    with pytest.raises((TypeError, ValueError)):
        spark.stimuli.Sum(parts=[3.0])


def test_equal_parts_draw_different_noise() -> None:
    noise = OrnsteinUhlenbeck(mean=0.0, std=10.0, tau=1.0, onset=0.0, duration=1200.0)
    assert drive(noise + noise).std() == pytest.approx(10 * np.sqrt(2), rel=0.1)


def test_a_part_keeps_its_own_seed() -> None:
    one = drive(Step() + OrnsteinUhlenbeck(seed=1))
    assert (one != drive(Step() + OrnsteinUhlenbeck(seed=2))).any()


def test_pulses_must_fit_their_period() -> None:
    with pytest.raises(ValueError, match=r"width.*must stay below.*period"):
        PulseTrain(width=60.0, period=50.0)


def test_values_are_given_by_name() -> None:
    """The first place belongs to `__skip_validation__`: a value there must not vanish."""
    with pytest.raises(TypeError, match=r"Step takes values by name, such as Step\(\w+=\.\.\.\), not 1000\.0\."):
        Step(1000.0)  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize(
    ("stimulus", "window"),
    [
        (Step(onset=100.0, duration=300.0), (100.0, 400.0)),
        (Step(onset=100.0, duration=5000.0), (100.0, 1000.0)),
        (Step(onset=2000.0), (0.0, 1000.0)),
        (Step(onset=50.0, duration=10.0) + Ramp(onset=200.0, duration=100.0), (50.0, 300.0)),
        (Step(onset=0.0, duration=1000.0) + Step(onset=50.0, duration=10.0), (50.0, 60.0)),  # a bias and a pulse
        (Step(onset=0.0, duration=1000.0) + Step(onset=0.0, duration=2000.0), (0.0, 1000.0)),
        (Step(onset=0.0, duration=1e4) + Step(onset=3000.0), (0.0, 1000.0)),  # the pulse is never on
        (Step(onset=50.0) + Array(samples=np.ones(3)), (0.0, 1000.0)),
        (Step(onset=np.array([30.0, 20.0]), duration=np.array([100.0, 200.0])), (20.0, 220.0)),
        (Step(onset=Normal(100.0, 5.0), duration=300.0), (0.0, 1000.0)),
        (Step(onset=100.0, duration=Normal(300.0, 5.0)), (100.0, 1000.0)),
    ],
)
def test_the_window_holds_all_that_may_be_on(stimulus: Stimulus, window: tuple[float, float]) -> None:
    assert stimulus.window(1000.0) == window


@pytest.mark.parametrize(
    ("stimulus", "noisy"),
    [
        (Step(), False),
        (Array(samples=np.ones(3)), False),
        (OrnsteinUhlenbeck(), True),
        (OrnsteinUhlenbeck(std=0.0), False),
        (OrnsteinUhlenbeck(std=Normal(10.0, 1.0)), True),
        (PoissonSynapses(), True),
        (Step() + OrnsteinUhlenbeck(), True),
        (Step() + Step(), False),
    ],
)
def test_what_is_random_says_so(stimulus: Stimulus, noisy: bool) -> None:
    assert stimulus.noisy is noisy


def test_parts_of_a_sum_and_of_one_alone() -> None:
    step, ramp = Step(), Ramp()
    assert step.parts == [step] and (step + ramp).parts == [step, ramp]
    assert ((step + ramp) + step).parts == [step, ramp, step]


@pytest.mark.parametrize("period", [0.3, 0.7, 1.1, 3.3, 7.7, 50.0])
@pytest.mark.parametrize("onset", [0.0, 0.3, 12.7, 100.0])
def test_no_pulse_is_delivered_twice(onset: float, period: float) -> None:
    """Where a step begins a whole number of periods after the onset, but for rounding."""
    train = PulseTrain(onset=onset, period=period, width=0.4 * period, duration=500.0, amplitude=1500.0)
    for dt in (0.1, 0.05, 0.025, 0.01):
        got = train.sample(round(600 / dt), dt, dtype=float)[:, 0]
        assert got.min() > -1e-6 and got.max() < 1500.0 + 1e-6
        whole = 500.0 // period  # and what is left of the last one
        charge = 1500.0 * (whole * 0.4 * period + min(500.0 - whole * period, 0.4 * period))
        np.testing.assert_allclose(got.sum() * dt, charge, rtol=1e-9)


def test_an_array_keeps_its_own_samples() -> None:
    given = np.full(100, 500.0)
    array = Array(samples=given)
    given[:] = np.nan
    assert (array.samples == 500.0).all()
    with pytest.raises(ValueError, match="read-only"):
        array.samples[0] = np.nan


def test_a_stimulus_without_a_current_says_so() -> None:
    class Mine(Stimulus):
        """Says nothing of its current."""

    with pytest.raises(NotImplementedError, match=r"Mine is a stimulus that says nothing of its current: drive the"):
        spark.simulate(LeakySoma(), Mine(), duration=10.0)
