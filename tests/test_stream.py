"""Runs in bounded memory: chunks, events, chosen traces, statistics without events, stimuli in pieces."""

from typing import Any

import numpy as np
import pytest

import spark
from spark.nn.components.somas import AdaptiveExponentialSoma, LeakySoma, Soma
from spark.simulation import loop
from spark.simulation.simulate import variables
from spark.stimuli import Array, OrnsteinUhlenbeck, PoissonSynapses, Step, Stimulus
from tests.common import SOMAS, each

# What a chunk hands on is the state: these two have everything that a state can hold, but for a quadratic membrane's.
EACH_SOMA = pytest.mark.parametrize(
    "kind", each(SOMAS.values(), ["AdaptiveLeakySoma", "StrictRefractoryAdaptiveExponentialSoma"])
)
SPREAD = Step(onset=5.0, duration=180.0, amplitude=np.linspace(200.0, 1200.0, 7))
STIMULI: dict[str, Stimulus] = {
    "spread": SPREAD,
    "ornstein-uhlenbeck": OrnsteinUhlenbeck(onset=3.0),
    "frozen, spread": OrnsteinUhlenbeck(frozen=True, tau=np.linspace(1.0, 20.0, 7), mean=np.linspace(0.0, 1.0, 7)),
    "poisson": PoissonSynapses(onset=0.0),
    "frozen poisson, spread": PoissonSynapses(frozen=True, excitatory_rate=np.linspace(10.0, 3000.0, 7)),
    "array": Array(samples=np.arange(70.0).reshape(10, 7), interval=7.77),
    "sum": SPREAD + OrnsteinUhlenbeck() + OrnsteinUhlenbeck() + spark.stimuli.Chirp(),
}


def run(kind: type[Soma], stimulus: Any = SPREAD, **options: Any) -> spark.Recording:
    settings: dict[str, Any] = {"duration": 199.9, "units": 7, "record": variables(kind)} | options
    return spark.simulate(kind(), stimulus, **settings)


def assert_equal(one: spark.Recording, other: spark.Recording) -> None:
    for mine, theirs in zip(one.events or (), other.events or (), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    for name, values in one.recorded.items():
        np.testing.assert_array_equal(values, other.recorded[name], err_msg=name)
    for name, values in one.final.items():
        np.testing.assert_array_equal(values, other.final[name], err_msg=name)


@EACH_SOMA
def test_chunks_equal_one_run_bit_for_bit(kind: type[Soma], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(kind)
    monkeypatch.setattr(loop, "CHUNK_BYTES", 7 * 5 * 150)
    assert loop.chunk_steps(1999, 7, 7 * 5, False) == 143
    assert whole.spike_count > 7
    assert_equal(run(kind), whole)


@pytest.mark.parametrize("name", STIMULI)
def test_stimuli_in_pieces_equal_the_whole(name: str) -> None:
    stimulus = STIMULI[name]
    whole, stream = stimulus.sample(1999, 0.1, 7), stimulus.stream(0.1, 7)
    assert whole.shape == (1999, stimulus.columns(7))
    np.testing.assert_array_equal(np.vstack([stream(steps) for steps in (1, 400, 598, 1000)]), whole)


@pytest.mark.parametrize("name", ["poisson", "sum"])
def test_a_run_in_chunks_draws_the_same_noise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(LeakySoma, STIMULI[name])
    monkeypatch.setattr(loop, "CHUNK_BYTES", 7 * 5 * 150)
    assert_equal(run(LeakySoma, STIMULI[name]), whole)


def test_frozen_noise_is_the_same_whatever_the_units_make_of_it() -> None:
    """Units that differ in what the noise is scaled or filtered with: each gets what it would get alone."""
    taus, rates = np.array([2.0, 5.0, 9.0]), np.array([100.0, 1500.0, 1500.0])
    for together, alone in (
        (OrnsteinUhlenbeck(frozen=True, tau=taus), [OrnsteinUhlenbeck(tau=tau) for tau in taus]),
        (
            PoissonSynapses(frozen=True, excitatory_rate=rates, inhibitory_tau=taus),
            [PoissonSynapses(excitatory_rate=r, inhibitory_tau=t) for r, t in zip(rates, taus, strict=True)],
        ),
    ):
        sampled = together.sample(3000, 0.1, 3)
        for column, single in zip(sampled.T, alone, strict=True):
            np.testing.assert_allclose(column, single.sample(3000, 0.1)[:, 0], rtol=1e-5, atol=1e-3)


@EACH_SOMA
@pytest.mark.parametrize("traces", [3, [5, 0, 2], 0, 99], ids=str)
def test_traces_are_columns_of_all(kind: type[Soma], traces: Any) -> None:
    whole, part = run(kind, STIMULI["sum"]), run(kind, STIMULI["sum"], traces=traces)
    columns = np.arange(min(traces, 7)) if isinstance(traces, int) else np.array(traces)
    np.testing.assert_array_equal(part.traced, columns)
    np.testing.assert_array_equal(whole.traced, np.arange(7))
    for name, values in whole.recorded.items():
        assert part.recorded[name].shape == (1999, columns.size)
        np.testing.assert_array_equal(part.recorded[name], values[:, columns], err_msg=name)
    np.testing.assert_array_equal(part.spikes, whole.spikes)


def test_other_traces_do_not_compile() -> None:
    run(LeakySoma, traces=[0, 1])
    before = loop.time_loop._cache_size()  # type: ignore[attr-defined]
    run(LeakySoma, traces=[6, 3])
    run(LeakySoma, traces=2)
    assert loop.time_loop._cache_size() == before  # type: ignore[attr-defined]


@pytest.mark.parametrize("traces", [[7], [-1], -1, "a", [0.5], [[0]], True])
def test_traces_that_are_not_there(traces: Any) -> None:
    with pytest.raises(ValueError, match="traces"):
        run(LeakySoma, traces=traces)


def test_events_and_arrays_say_the_same() -> None:
    whole = run(AdaptiveExponentialSoma)
    assert whole.events is not None
    step, unit, offset = whole.events
    assert [a.dtype.name for a in whole.events] == ["int32", "int32", "float32"]
    assert whole.spike_count == whole.spikes.sum() == step.size
    np.testing.assert_array_equal(np.argwhere(whole.spikes), np.stack([step, unit], axis=1))
    np.testing.assert_array_equal(whole.offsets[step, unit], offset)
    assert not whole.offsets[~whole.spikes].any()
    for i, times in enumerate(whole.spike_times):
        rows = np.flatnonzero(whole.spikes[:, i])
        np.testing.assert_array_equal(times, rows * 0.1 + whole.offsets[rows, i].astype(float))


def test_the_head_of_a_run() -> None:
    whole = run(AdaptiveExponentialSoma, traces=[6, 2, 0, 1])
    part = whole.head(1000, 4, 2)
    assert (part.steps, part.units, part.final) == (1000, 4, {})
    np.testing.assert_array_equal(part.traced, [2, 0])
    np.testing.assert_array_equal(part.potential, whole.potential[:1000, [1, 2]])
    np.testing.assert_array_equal(part.spikes, whole.spikes[:1000, :4])
    np.testing.assert_array_equal(part.offsets, whole.offsets[:1000, :4])
    assert part.statistics.spike_count.sum() == part.spike_count < whole.spike_count
    assert_equal(whole.head(9999, 99), whole)


@pytest.mark.parametrize("dt", [0.1, 0.3, 2.0])
def test_statistics(dt: float) -> None:
    """Against the spike times, one unit after the other."""
    whole = run(AdaptiveExponentialSoma, SPREAD, dt=dt, solver=spark.solvers.ExponentialEuler())
    found, trains = whole.statistics, whole.spike_times
    np.testing.assert_array_equal(found.spike_count, [t.size for t in trains])
    np.testing.assert_allclose(found.mean_rate, [1000 * t.size / whole.duration for t in trains])
    for unit, times in enumerate(trains):
        intervals = np.diff(times)
        mean = intervals.mean() if intervals.size else np.nan
        np.testing.assert_allclose(found.isi_mean[unit], mean, rtol=1e-12)
        cv = intervals.std() / mean if intervals.size > 1 else np.nan
        np.testing.assert_allclose(found.isi_cv[unit], cv, rtol=1e-9, atol=1e-12)
    assert np.isnan(found.isi_cv).any() and np.isfinite(found.isi_cv).any()
    per_bin = {0.1: 10, 0.3: 3, 2.0: 1}[dt]
    assert found.bin == pytest.approx(per_bin * dt)
    for i, rate in enumerate(found.population_rate):
        rows = whole.spikes[i * per_bin : (i + 1) * per_bin]
        assert rate == pytest.approx(1000 * rows.sum() / 7 / (len(rows) * dt))
    assert len(found.population_rate) == -(-whole.steps // per_bin)


def test_statistics_without_events_are_identical(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the chunks, of a few spikes or of many: in each the sums must go on as if there were no cut."""
    noisy = SPREAD + OrnsteinUhlenbeck(onset=0.0, mean=100.0)
    whole = run(LeakySoma, noisy, duration=1000.0)
    for steps in (100, 2500):
        monkeypatch.setattr(loop, "CHUNK_BYTES", 7 * 21 * steps)
        assert_same_statistics(whole, run(LeakySoma, noisy, duration=1000.0, events=False))


def assert_same_statistics(whole: spark.Recording, lean: spark.Recording) -> None:
    assert lean.events is None and lean.spike_count == whole.spike_count > 50
    assert repr(lean) == repr(whole)
    for name, values in vars(whole.statistics).items():
        np.testing.assert_array_equal(getattr(lean.statistics, name), values, err_msg=name)
    for name in ("spikes", "offsets", "spike_times"):
        with pytest.raises(AttributeError, match=f"{name}.*no events.*events=True"):
            getattr(lean, name)
    with pytest.raises(ValueError, match="events=True"):
        lean.head(10, 2)


def test_a_regular_train_has_a_coefficient_of_variation_of_zero() -> None:
    """The intervals of a leaky soma under a constant current differ by rounding only."""
    run = spark.simulate(LeakySoma(), np.full(100_000, 500.0))
    found, intervals = run.statistics, np.diff(run.spike_times[0])
    assert found.spike_count[0] > 100 and found.isi_cv[0] < 1e-5
    assert found.isi_cv[0] == pytest.approx(intervals.std() / intervals.mean(), rel=1e-6)


def test_memory_is_bounded() -> None:
    """A chunk, and what is kept, whatever steps x units; progress is told in between."""
    most, told = 0, list[float]()
    for units in (1, 100, 10_000, 1_000_000):
        for steps in (100, 9973, 1_000_000):
            for progress in (False, True):
                size = loop.chunk_steps(steps, units, 13 * units, progress)
                assert 1 <= size <= steps and (size * units * 13 <= loop.CHUNK_BYTES or size == 1)
                most = max(most, size * units)
    assert most > 1_000_000
    soma = LeakySoma()
    drive = Step(onset=0.0, amplitude=np.full(200_000, 500.0))
    lean = spark.simulate(soma, drive, duration=3.0, units=200_000, record=(), events=False, progress=told.append)
    assert len(told) == 10 and not lean.recorded  # 30 steps in chunks of 3: at most 4, and all alike


def test_a_run_of_too_many_spikes_ends_where_they_are_too_many() -> None:
    drive = np.full((2000, 700), 900.0, np.float32)  # four chunks, if progress is told
    whole = spark.simulate(LeakySoma(), drive)
    count = whole.spike_count
    assert spark.simulate(LeakySoma(), drive, events=count).spike_count == count
    told: list[float] = []
    with pytest.raises(ValueError, match=r"More than 700 spikes in the first .* ms: shorten the run"):
        spark.simulate(LeakySoma(), drive, events=700, progress=told.append)
    assert len(told) < 4


@pytest.mark.parametrize("events", [0, -1, "all", 1.5])
def test_a_wrong_number_of_events_is_refused(events: object) -> None:
    with pytest.raises(ValueError, match=r"events = .* must be True, False or the largest number of spikes"):
        spark.simulate(LeakySoma(), Step(), duration=10.0, events=events)  # type: ignore[arg-type]
