"""The path of a run in its phase plane: against finer runs, and against the flow itself."""

import numpy as np
import pytest

import spark
from spark.analysis import phase_plane as pp
from spark.analysis.phase_plane import trajectory
from spark.analysis.planes import neuron_of
from spark.solvers import RK4, Euler
from tests.common import SOMAS

SECOND = [name for name, kind in SOMAS.items() if kind.system.slow]
FIRST = [name for name in SOMAS if name not in SECOND]


def plane_of(kind) -> pp.Plane:
    found = pp.plane_of(kind)
    assert isinstance(found, pp.Plane), found
    return found


FIRES = 900.0  # pA at which every soma fires with its default values


def run(name: str, dt: float = 0.1, duration: float = 300.0, **options):
    kind = SOMAS[name]
    stimulus = spark.stimuli.Step(amplitude=FIRES, onset=0.0, duration=duration)
    options.setdefault("record", plane_of(kind).record)
    return spark.simulate(kind(), stimulus, dt=dt, duration=duration, **options)


@pytest.mark.parametrize("name", SOMAS)
def test_the_path_falls_into_pieces_at_spikes(name):
    recording = run(name)
    path, times = trajectory(recording), recording.spike_times[0]
    assert times.size > 3
    gaps = np.flatnonzero(np.isnan(path.potential))
    assert gaps.size == times.size == np.isnan(path.jump_potential).sum()
    assert np.array_equal(np.isnan(path.second), np.isnan(path.potential))
    np.testing.assert_allclose(path.time[gaps - 1], times)
    np.testing.assert_allclose(path.time[gaps + 1], times)
    assert np.all(np.diff(path.time[~np.isnan(path.time)]) >= 0)
    # Each piece ends where the jump begins, and the next one begins where it ends.
    np.testing.assert_array_equal(path.potential[gaps - 1], path.jump_potential[0::3])
    np.testing.assert_array_equal(path.potential[gaps + 1], path.jump_potential[1::3])
    np.testing.assert_array_equal(path.second[gaps - 1], path.before)
    np.testing.assert_array_equal(path.second[gaps + 1], path.after)
    np.testing.assert_allclose(path.potential[gaps + 1], recording.parameters["potential_reset"][0])
    level = path.before if plane_of(SOMAS[name]).second == "threshold" else recording.parameters["threshold"][0]
    np.testing.assert_allclose(path.potential[gaps - 1], level)
    samples = np.isin(np.arange(path.time.size), np.concatenate([gaps - 1, gaps, gaps + 1]), invert=True)
    np.testing.assert_array_equal(path.potential[samples], recording.potential[:, 0].astype(float))


@pytest.mark.parametrize("name", SECOND)
def test_states_around_a_spike_are_those_of_a_finer_run(name):
    coarse, fine = (trajectory(run(name, dt, solver=RK4())) for dt in (0.1, 0.005))
    n = min(len(coarse.after), len(fine.after))
    assert n > 3
    height = neuron_of(SOMAS[name], run(name).parameters_of(), 0.0).jump(0.0)
    np.testing.assert_allclose(coarse.after - coarse.before, height, rtol=1e-6)
    # float32 runs: w is some 100 pA, and each interval of a run at 0.1 ms adds its own error
    assert np.abs(coarse.after[:n] - fine.after[:n]).max() < 2e-3 * height


@pytest.mark.parametrize("name", SECOND)
def test_on_the_grid_the_next_sample_is_the_state_after_the_jump(name):
    recording = run(name, solver=Euler(on_grid=True))
    steps = recording.events.step
    kept = steps < recording.steps - 1
    second = recording.recorded[plane_of(SOMAS[name]).second][:, 0]
    np.testing.assert_array_equal(trajectory(recording).after[kept], second[steps[kept] + 1].astype(float))


@pytest.mark.parametrize("name", FIRST)
def test_a_soma_with_one_variable_shows_how_fast_its_potential_moves(name):
    recording = run(name, dt=0.01)
    path = trajectory(recording)
    gaps = np.flatnonzero(np.isnan(path.potential))
    inside = np.isin(np.arange(path.time.size), np.concatenate([gaps - 1, gaps, gaps + 1]), invert=True)
    slope, v = path.second[inside], recording.potential[:, 0].astype(float)
    spiking = np.isin(np.arange(recording.steps - 1), recording.events.step)
    moved = np.diff(v) / recording.dt
    mean = (slope[1:] + slope[:-1]) / 2
    cooldown = recording.parameters.get("cooldown", np.zeros(1))[0]
    since = recording.time[:-1, None] - recording.spike_times[0]
    ends = np.any(np.abs(since - cooldown) < 2 * recording.dt, axis=1)  # a refractory period ends within the step
    kept = ~spiking & ~ends & (v[:-1] < -46.0)  # not the upstroke, which bends within a step
    # float32 potentials near -60 mV are 4e-6 mV apart, which over a step of 0.01 ms is 4e-4 mV/ms
    assert kept.sum() > 1000 and np.all(np.abs(moved - mean)[kept] < 2e-3 + 2e-3 * np.abs(mean[kept]))
    if name.startswith("Strict"):
        assert not path.after.any()


def test_the_last_step_may_hold_a_spike():
    whole = run("AdaptiveExponentialSoma")
    last = int(whole.events.step[2])
    cut = run("AdaptiveExponentialSoma", duration=(last + 1) * 0.1)
    assert cut.events.step[-1] == cut.steps - 1
    np.testing.assert_allclose(trajectory(cut).after, trajectory(whole).after[:3], rtol=1e-6)
    without = whole.head(last + 1, 1)
    assert not without.final and without.events.step[-1] == without.steps - 1
    np.testing.assert_allclose(trajectory(without).after, trajectory(whole).after[:2])


def test_one_unit_of_many():
    soma = SOMAS["AdaptiveExponentialSoma"](units=3, resistance=np.array([0.05, 0.08, 0.1]))
    recording = spark.simulate(
        soma, spark.stimuli.Step(amplitude=FIRES), duration=200.0, record=("potential", "adaptation")
    )
    for unit in range(3):
        path = trajectory(recording, unit)
        np.testing.assert_allclose(path.time[np.isnan(path.potential).nonzero()[0] - 1], recording.spike_times[unit])
    assert len({len(trajectory(recording, unit).after) for unit in range(3)}) == 3


@pytest.mark.parametrize(
    ("options", "unit", "words"),
    [
        ({"record": ("potential",)}, 0, "adaptation was not recorded"),
        ({}, 1, "unit = 1 is not in this run"),
        ({"units": 2, "traces": [0]}, 1, "the variables of unit 1 were not recorded"),
        ({"events": False}, 0, "run it with events=True"),
    ],
)
def test_what_is_missing_is_said_in_words(options, unit, words):
    with pytest.raises(ValueError, match=words):
        trajectory(run("AdaptiveExponentialSoma", **options), unit)
