"""The adaptation map: against runs, against an independent solver, and its readings against published patterns."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import spark
from spark.analysis import phase_plane as pp
from spark.analysis import reset_map as rm
from spark.analysis.first_spike import to_first_spike
from spark.analysis.phase_plane import fixed_points, trajectory
from spark.presets import Preset, presets
from spark.solvers import RK4, ExponentialEuler
from tests.common import SOMAS, each
from tests.oracle import flow_of

ALL = presets()


def plane_of(kind) -> pp.Plane:
    found = pp.plane_of(kind)
    assert isinstance(found, pp.Plane), found
    return found


PLANAR = [name for name, kind in SOMAS.items() if plane_of(kind).second]


def values(soma) -> dict[str, float]:
    return {name: float(value[0]) for name, value in soma.drawn((1,)).items()}


def of(key: str) -> tuple[type, dict[str, float], float]:
    preset: Preset = ALL[key]
    return SOMAS[preset.soma], values(preset.make_soma()), preset.stimulus["amplitude"]


DEFAULTS = {name: (SOMAS[name], values(SOMAS[name]()), 500.0) for name in PLANAR}
CASES = DEFAULTS | {
    key: of(key)
    for key in (
        "naud2008_tonic",
        "naud2008_initial_burst",
        "naud2008_regular_bursting",
        "naud2008_delayed_regular_bursting",
        "izhikevich2003_rs",
        "izhikevich2003_ch",
    )
}


def run(kind, p, current, duration=600.0, dtype=None):
    soma = kind(**p, solver=RK4(), dtype=dtype)
    return spark.simulate(
        soma, spark.stimuli.Step(amplitude=current, duration=duration), duration=duration, record=plane_of(kind).record
    )


def mapped(kind, p, current, w) -> tuple[np.ndarray, np.ndarray, rm.AdaptationMap]:
    """Phi at each of `w`, its steepest slope between them, and the map: of 200 points always, so as to compile once."""
    exact = np.unique(w)
    between = np.interp(np.linspace(0, len(exact) - 1, 202 - len(exact))[1:-1] + 1e-4, np.arange(len(exact)), exact)
    grid = np.sort(np.concatenate([exact, between]))
    assert grid.size == 200
    found = rm.adaptation_map(kind, p, current, grid)
    return found.image[np.searchsorted(grid, w)], np.abs(np.diff(found.image) / np.diff(grid)), found


@pytest.mark.parametrize("name", each(CASES))
def test_phi_leads_from_each_spike_of_a_run_to_the_next(name, x64):
    kind, p, current = CASES[name]
    after = trajectory(run(kind, p, current, dtype="float64")).after
    assert len(after) > 4
    image, slopes, found = mapped(kind, p, current, after[:-1])
    # A run's spikes fall anywhere in a step of 0.1 ms while the map starts on its edge: both errors are of the solver,
    # and the map stretches those of the start by its slope.
    steepest = np.quantile(slopes, 0.95)
    assert np.abs(image - after[1:]).max() < 1e-4 * (abs(found.jump) + 1) * (1 + steepest)


@pytest.mark.parametrize("name", each(DEFAULTS))
def test_so_it_does_in_single_precision(name):
    kind, p, current = CASES[name]
    after = trajectory(run(kind, p, current)).after
    image, _, found = mapped(kind, p, current, after[:-1])
    # One float32 rounding in each of the thousands of steps between two spikes: parts in 1e5 of w.
    assert np.abs(image - after[1:]).max() < 1e-3 * (abs(found.jump) + 1)


@pytest.mark.parametrize("name", ["AdaptiveExponentialSoma", "IzhikevichSoma", "naud2008_regular_bursting"])
def test_phi_against_an_independent_solver(name, x64):
    kind, p, current = CASES[name]
    whole = rm.adaptation_map(kind, p, current).values
    flow, grid = flow_of(kind.__name__, p), np.linspace(whole[0], whole[-1], 9)
    found = rm.adaptation_map(kind, p, current, grid)

    def above(_, y):
        return y[0] - p["threshold"]

    event: Any = above
    event.terminal = True
    for w, image, interval in zip(grid, found.image, found.interval, strict=True):
        solution = solve_ivp(
            lambda _, y: flow(y, current),
            (0, 2000),
            [p["potential_reset"], w],
            "DOP853",
            events=event,
            rtol=1e-10,
            atol=1e-10,
        )
        assert interval == pytest.approx(solution.t[-1], abs=1e-3)
        assert image == pytest.approx(solution.y[1, -1] + found.jump, abs=2e-4 * (abs(found.jump) + 1))


def per_burst(times) -> int:
    """Spikes in the last whole burst: those between the last two pauses."""
    gaps = np.diff(times)
    pauses = np.flatnonzero(gaps > gaps.max() / 2)
    return int(np.diff(pauses)[-1])


@pytest.mark.parametrize("name", [key for key in ALL if key.startswith("naud2008")])
def test_the_map_tells_the_patterns_of_naud(name):
    kind, p, current = of(name)
    found = rm.adaptation_map(kind, p, current)
    reading, patterns = rm.read(found), ALL[name].pattern
    times = np.array(ALL[name].expected["spike_times_ms"])
    if "bursting" in patterns:
        n = per_burst(times)
        assert n > 1 and reading.pattern == f"burst of {n} spikes" and reading.period == len(reading.orbit) == n
        assert len(set(np.round(reading.orbit, 1))) == n
        assert not any(point.stable for point in found.fixed_points)
    elif "irregular" in patterns:
        assert reading.pattern == "irregular" and reading.period is None and reading.orbit.size == 0
    elif "transient" in patterns:
        assert reading.pattern == "silent"
        assert "after 1 spike:" in reading.why and times.size == 1
    else:
        assert reading.pattern == "tonic spiking" and reading.period == 1
        (point,) = (point for point in found.fixed_points if point.stable)
        assert reading.orbit[0] == pytest.approx(point.value, rel=2e-2)
        last = trajectory(run(kind, p, current, 6000.0))
        assert last.after[-1] == pytest.approx(point.value, rel=2e-2)
        assert np.diff(last.time[np.isnan(last.potential).nonzero()[0] - 1])[-1] == pytest.approx(
            point.interval, rel=2e-2
        )


def test_the_map_and_the_run_read_the_same():
    for key in ("izhikevich2003_ch", "izhikevich2004_c_tonic_bursting", "naud2008_delayed_regular_bursting"):
        kind, p, current = of(key)
        found = rm.adaptation_map(kind, p, current)
        seen = rm.read_orbit(trajectory(run(kind, p, current, 3000.0)).after, found.jump)
        assert rm.read(found).pattern == seen.pattern and (seen.period or 0) > 1


def test_where_it_rests_there_is_no_image():
    kind, p, current = of("naud2008_transient_spiking")
    assert any(point.stable for point in fixed_points(kind, p, current))
    found = rm.adaptation_map(kind, p, current)
    silent = np.isnan(found.image)
    assert 0 < silent.sum() < silent.size
    assert np.array_equal(silent, np.isnan(found.interval))
    # Resting is told before the horizon from how near the resting state is: the same as waiting that long.
    for w in found.values[silent][[0, -1]]:
        start = {"potential": p["potential_reset"], "adaptation": w}
        assert not spark.simulate(kind(**p), np.full(20_000, current, np.float32), initial=start).spike_times[0].size
    assert np.isnan(found(float(found.values[silent][0])))
    assert rm.iterate(found, float(found.values[silent][0])).size == 1
    assert np.isnan(rm.adaptation_map(kind, p, -500.0, np.linspace(0.0, 100.0, 200)).image).all()


def test_the_horizon_is_kept():
    kind, p, current = CASES["AdaptiveExponentialSoma"]
    whole, short = (rm.adaptation_map(kind, p, current, np.linspace(0, 400, 50), horizon=h) for h in (2000.0, 100.0))
    late = whole.interval > 100.2
    assert 0 < late.sum() < 50
    np.testing.assert_array_equal(np.isnan(short.image), late | (np.isnan(short.image) & (whole.interval > 100.0)))
    np.testing.assert_array_equal(short.image[whole.interval < 100.0], whole.image[whole.interval < 100.0])


def test_the_grid_holds_what_firing_brings_about():
    for key in ("naud2008_delayed_accelerating", "naud2008_adapting", "izhikevich2003_fs"):
        kind, p, current = of(key)
        found = rm.adaptation_map(kind, p, current)
        assert found.values.size == 200 and np.all(np.diff(found.values) > 0)
        after = trajectory(run(kind, p, current, 2000.0)).after
        assert found.values[0] < after.min() and after.max() < found.values[-1]


def test_new_values_never_compile():
    kind, p, current = CASES["AdaptiveExponentialSoma"]
    rm.adaptation_map(kind, p, current)
    before = to_first_spike._cache_size()  # type: ignore[attr-defined]
    rm.adaptation_map(kind, p | {"resistance": 0.05, "potential_reset": -52.0}, current + 50.0, dt=0.05, horizon=300.0)
    rm.adaptation_map(kind, p, current, np.linspace(-50.0, 300.0, 200))
    rm.adaptation_map(kind, p, -300.0)
    assert to_first_spike._cache_size() == before  # type: ignore[attr-defined]


def test_any_solver_will_do():
    kind, p, current = CASES["AdaptiveLeakySoma"]
    exact = rm.adaptation_map(kind, p, current, np.linspace(-51.0, -46.0, 20), solver=ExponentialEuler())
    other = rm.adaptation_map(kind, p, current, np.linspace(-51.0, -46.0, 20))
    np.testing.assert_allclose(other.image, exact.image, atol=1e-4)
    # In closed form: the refractory period from the reset, then the climb to a threshold that sinks.
    t = np.linspace(0.0, 100.0, 1_000_001)
    rest, tau = p["potential_rest"], p["potential_tau"]
    begin = rest + (p["potential_reset"] - rest) * np.exp(-p["cooldown"] / tau)
    top = rest + p["resistance"] * current
    v = np.where(t < p["cooldown"], -np.inf, top + (begin - top) * np.exp(-(t - p["cooldown"]) / tau))
    for w, interval in zip(exact.values, exact.interval, strict=True):
        level = p["threshold"] + (w - p["threshold"]) * np.exp(-t / p["threshold_tau"])
        assert interval == pytest.approx(t[np.argmax(v >= level)], abs=1e-3)


def line(slope: float, offset: float) -> rm.AdaptationMap:
    w = np.linspace(-10.0, 10.0, 41)
    return rm.AdaptationMap("adaptation", "w", "pA", 0.0, w, slope * w + offset, 5 + 0 * w, 1.0, 1.0, 100.0)


def test_fixed_points_of_a_line():
    (point,) = line(0.5, 1.0).fixed_points
    assert (point.value, point.slope, point.interval) == pytest.approx((2.0, 0.5, 5.0))
    assert point.stable and not line(-1.5, 1.0).fixed_points[0].stable
    assert line(1.0, 1.0).fixed_points == ()
    leaping = replace(line(0.0, 0.0), image=np.where(line(0.0, 0.0).values < 0, 5.0, -8.0))
    assert leaping.fixed_points == ()
    np.testing.assert_allclose(rm.iterate(line(0.5, 1.0), 0.0, 3), [0.0, 1.0, 1.5, 1.75])
    x, y = rm.cobweb([0.0, 1.0, 1.5])
    assert list(x) == [0.0, 0.0, 1.0, 1.0, 1.5] and list(y) == [0.0, 1.0, 1.0, 1.5, 1.5]


def test_a_cobweb_runs_between_the_map_and_the_diagonal():
    kind, p, current = CASES["naud2008_regular_bursting"]
    found = rm.adaptation_map(kind, p, current)
    x, y = rm.cobweb(rm.iterate(found, n=10))
    assert x[0] == found.start and np.array_equal(x[0::2], y[0::2])
    np.testing.assert_allclose(y[1::2], [found(w) for w in x[1::2]])


@pytest.mark.parametrize(
    ("orbit", "pattern", "period"),
    [
        ([], "silent", None),
        ([1.0, 2.0], "undecided", None),
        ([9.0, 5.0, 3.0, *[2.0] * 9], "tonic spiking", 1),
        ([0.0, *[1.0, 2.0, 4.0] * 5], "burst of 3 spikes", 3),
        (np.mod(np.arange(60) * 0.618034, 1.0), "irregular", None),
        (np.arange(30.0), "irregular", None),
    ],
)
def test_reading_an_orbit(orbit, pattern, period):
    reading = rm.read_orbit(orbit)
    assert (reading.pattern, reading.period) == (pattern, period)
    assert reading.why.endswith(".")
    assert len(reading.orbit) == (period or 0)


ADEX = CASES["AdaptiveExponentialSoma"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: rm.adaptation_map(SOMAS["LeakySoma"], values(SOMAS["LeakySoma"]()), 500.0),
            "^LeakySoma has no second variable, so there is no reset map.$",
        ),
        (lambda: rm.adaptation_map(*ADEX, [1.0, 1.0]), "rising order"),
        (lambda: rm.adaptation_map(*ADEX, n=4), "at least 8 points"),
        (lambda: rm.adaptation_map(*ADEX, horizon=0.0), "horizon = 0.0 ms must be greater than 0"),
        (lambda: rm.adaptation_map(*ADEX, dt=np.nan), "dt = nan ms must be greater than 0"),
        (lambda: rm.adaptation_map(ADEX[0], ADEX[1], np.inf), "current must be finite"),
    ],
)
def test_what_is_wrong_is_said_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()
