"""`spark.simulate` and its recording: attributes, shapes, errors, randomness."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.core.payloads import CurrentArray
from spark.nn.components.somas import AdaptiveExponentialSoma, ExponentialSoma, IzhikevichSoma, LeakySoma
from spark.nn.initializers import Normal
from spark.simulation.simulate import variables
from tests.common import SOMAS, each

STEP = spark.stimuli.Step(onset=10.0, duration=80.0)


@pytest.mark.parametrize("name", each())
def test_recording(name: str) -> None:
    soma = SOMAS[name](dt=0.2)
    state = set(spark.simulate(soma, np.zeros(1)).final)
    record = ["current", "threshold", *state - {"threshold", "refractory"}]
    run = spark.simulate(soma, STEP, duration=100.0, units=3, record=record)
    assert (run.steps, run.units, run.duration, run.dt) == (500, 3, 100.0, 0.2)
    np.testing.assert_allclose(run.time, np.arange(500) * 0.2)
    assert run.time.dtype == np.float64 and run.spikes.dtype == bool
    for variable in record:
        assert getattr(run, variable).shape == run.spikes.shape == (500, 3)
        assert getattr(run, variable).dtype == np.float32
    np.testing.assert_allclose(run.current[:, 1], STEP.sample(500, 0.2)[:, 0])
    assert len(run.spike_times) == 3
    for unit, times in enumerate(run.spike_times):
        assert times.dtype == np.float64
        np.testing.assert_array_equal(np.flatnonzero(run.spikes[:, unit]), np.ceil(times / 0.2 - 1e-5).astype(int) - 1)
    assert type(run.soma) is SOMAS[name] and run.config == soma.config and run.solver == soma.config.solver
    for other in {name for kind in SOMAS.values() for name in variables(kind)} - set(record):
        with pytest.raises(AttributeError, match=other):
            getattr(run, other)
    with pytest.raises(AttributeError, match="nonsense"):
        run.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_the_recording_keeps_the_values_it_was_made_with() -> None:
    soma = LeakySoma()
    run = spark.simulate(soma, np.zeros(3))
    soma.config.threshold = -40.0
    assert run.config.values()["threshold"] == -55.0
    with pytest.raises(AttributeError, match="adaptation: LeakySoma has no such variable"):
        run.adaptation  # noqa: B018
    with pytest.raises(AttributeError, match=r"threshold was not recorded: .*record=\('threshold',\)"):
        run.threshold  # noqa: B018


@pytest.mark.parametrize("change", ["number", "array in place", "update", "other config", "unchecked"])
def test_a_run_sees_every_change_and_a_recording_none(change: str) -> None:
    soma = LeakySoma(threshold=np.array([-55.0, -54.0]))
    if change == "unchecked":
        soma.config = type(soma.config)(__skip_validation__=True, **soma.config.values() | {"potential_tau": -5.0})
    before = soma.config.copy()
    run = spark.simulate(soma, np.full(50, 100.0))
    if change == "array in place":
        soma.config.threshold[0] = -50.0
    elif change == "update":
        soma.config.update(threshold=-50.0, potential_rest=-70.0)
    elif change == "other config":
        soma.config = type(soma.config)(threshold=-50.0)
    else:
        soma.config.threshold = -50.0
    after = spark.simulate(soma, np.full(50, 100.0), units=2)
    assert run.config == before and run.config is run.soma.config and run.config is not soma.config
    run.config.threshold = 0.0
    assert run.head(10, 1).config == before and run.config.threshold == 0.0
    assert run.parameters["threshold"].tolist() == [-55.0, -54.0]
    assert after.parameters["threshold"][0] == -50.0 and after.config == soma.config != before


@pytest.mark.parametrize("kind", [LeakySoma, AdaptiveExponentialSoma])
@pytest.mark.parametrize("units, calls", [(3, 1), (700, 4), pytest.param(1999, 8, marks=pytest.mark.thorough)])
def test_progress_is_told_and_changes_nothing(kind: type[Any], units: int, calls: int) -> None:
    """Chunks of at most half a million steps x units; 2000 steps are cut into equal ones where that is possible."""
    soma, told = kind(), list[float]()
    drive = np.full((2000, units), 900.0, np.float32)
    run = spark.simulate(soma, drive, progress=told.append)
    whole = spark.simulate(soma, drive)
    assert run.spikes.any()
    np.testing.assert_array_equal(run.spikes, whole.spikes)
    np.testing.assert_allclose(run.offsets, whole.offsets, atol=2e-4)
    np.testing.assert_allclose(run.final["potential"], whole.final["potential"], atol=1e-2)
    assert run.potential.shape == (2000, units)
    assert len(told) == calls and told[-1] == 1.0
    np.testing.assert_allclose(np.diff(told), 1 / calls)


def test_progress_ends_a_run() -> None:
    told = []

    def stop(done: float) -> None:
        told.append(done)
        raise spark.simulation.Cancelled

    with pytest.raises(spark.simulation.Cancelled):
        spark.simulate(LeakySoma(), np.zeros((2000, 1000)), progress=stop)
    assert told == [0.25]


def test_defaults() -> None:
    run = spark.simulate(LeakySoma(), spark.stimuli.Step())
    assert (run.steps, run.units, run.dt) == (10_000, 1, 0.1)
    assert isinstance(run.solver, spark.solvers.ExponentialEuler)
    assert run.potential[0, 0] == -70.0


def test_currents_of_every_kind() -> None:
    currents: tuple[Any, ...] = (np.zeros(7), [0.0] * 7, jnp.zeros(7), CurrentArray(jnp.zeros(7)), np.zeros(7, int))
    for current in currents:
        assert spark.simulate(LeakySoma(), current).spikes.shape == (7, 1)
    assert spark.simulate(LeakySoma(), np.zeros((7, 4))).spikes.shape == (7, 4)
    assert spark.simulate(LeakySoma(), np.zeros(7), units=4).spikes.shape == (7, 4)
    assert spark.simulate(LeakySoma(units=3), np.zeros(7)).spikes.shape == (7, 3)
    assert spark.simulate(LeakySoma(threshold=np.full(5, -50.0)), STEP, duration=1.0).spikes.shape == (10, 5)
    assert spark.simulate(LeakySoma(), np.zeros(7), duration=0.7).steps == 7


def test_initial() -> None:
    run = spark.simulate(LeakySoma(), np.zeros(3), initial={"potential": np.array([-60.0, -65.0])}, units=2)
    np.testing.assert_array_equal(run.potential[0], [-60.0, -65.0])
    run = spark.simulate(IzhikevichSoma(), np.zeros(3), record=("potential", "recovery"), initial={"potential": -60.0})
    assert run.recovery[0, 0] == pytest.approx(-12.0)
    run = spark.simulate(AdaptiveExponentialSoma(), np.zeros(3), record=("adaptation",), initial={"adaptation": 40.0})
    assert run.adaptation[0, 0] == 40.0


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"soma": LeakySoma}, TypeError, "instance"),
        ({"current": np.zeros((2, 2, 2))}, ValueError, r"\(2, 2, 2\)"),
        ({"current": np.array([])}, ValueError, "current"),
        ({"current": np.array(["a"])}, ValueError, "current"),
        ({"current": np.array([0.0, np.nan])}, ValueError, "step 1"),
        ({"current": np.zeros((3, 2)), "units": 5}, ValueError, "2 columns.*5 units"),
        ({"current": np.zeros(3), "duration": 1.0}, ValueError, "10 steps.*3"),
        ({"dt": 0.0}, ValueError, "dt.*greater than 0 ms"),
        ({"dt": -1}, ValueError, "dt"),
        ({"dt": "a"}, TypeError, "dt"),
        ({"dt": True}, TypeError, "dt"),
        ({"duration": float("inf"), "current": STEP}, ValueError, "duration"),
        ({"units": 0}, ValueError, "units"),
        ({"units": 1.5}, ValueError, "units"),
        ({"solver": spark.solvers.RK4}, TypeError, "solver"),
        ({"solver": "RK4"}, TypeError, "solver"),
        ({"record": ("adaptation",)}, ValueError, "LeakySoma cannot record 'adaptation'.*potential"),
        ({"record": ("spikes",)}, ValueError, "spikes"),
        ({"initial": {"recovery": 0.0}}, ValueError, "LeakySoma has no state 'recovery'.*potential"),
        ({"initial": {"potential": np.zeros(3)}, "units": 2}, ValueError, r"\(3,\).*2 units"),
        ({"initial": {"potential": np.nan}}, ValueError, "finite"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_errors_say_what_is_wrong(options: dict, error: type[Exception], words: str) -> None:
    given = {"soma": LeakySoma(), "current": np.zeros(5)} | options
    with pytest.raises(error, match=words):
        spark.simulate(given.pop("soma"), given.pop("current"), **given)


def test_a_run_that_turns_non_finite_says_where_and_when() -> None:
    tau = np.array([10.0, -0.01, 10.0])  # a negative time constant runs away
    soma = LeakySoma(spark.nn.somas.LeakySomaConfig(__skip_validation__=True, potential_tau=tau))
    with pytest.raises(FloatingPointError) as caught:
        spark.simulate(soma, np.full(2000, 100.0), solver=spark.solvers.Euler())
    for word in ("LeakySoma", "unit 1", " ms ", "potential_tau=-0.01", "dt=0.1 ms", "Euler"):
        assert word in str(caught.value)


def test_keys_and_seeds() -> None:
    def thresholds(key=None, **values) -> np.ndarray:
        soma = ExponentialSoma(threshold=Normal(-30.0, 2.0), **values)
        return spark.simulate(soma, np.zeros(1), units=6, record=("threshold",), key=key).threshold[0]

    np.testing.assert_array_equal(thresholds(), thresholds())
    np.testing.assert_array_equal(thresholds(jax.random.key(3)), thresholds(jax.random.key(3), seed=8))
    assert (thresholds() != thresholds(seed=1)).any()
    assert (thresholds() != thresholds(jax.random.key(3))).any()
    noise = spark.stimuli.OrnsteinUhlenbeck(onset=0.0)
    runs = [
        spark.simulate(LeakySoma(), noise, duration=20.0, record=("current",), key=key).current
        for key in (jax.random.key(1), jax.random.key(1), jax.random.key(2))
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()


def test_a_dtype_of_its_own(x64: None) -> None:
    assert spark.simulate(LeakySoma(dtype="float32"), np.zeros(3)).potential.dtype == np.float32
    assert spark.simulate(LeakySoma(), np.zeros(3)).potential.dtype == np.float64
