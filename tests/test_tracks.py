"""What is made of sweeps: tracks, sensitivities, atlases."""

from typing import Any

import numpy as np
import pytest

import spark
from spark.analysis import atlas, sensitivity, sweep, tracks
from spark.nn.components.somas import AdaptiveExponentialSoma, IzhikevichSoma, LeakySoma, RefractoryLeakySoma
from spark.stimuli import Step
from tests.common import assert_times
from tests.test_sweep import MODULE, STEP, period, single


def test_tracks_are_sweeps_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(*given: Any, **options: Any) -> spark.Recording:
        calls.append(options["units"])
        return spark.simulate(*given, **options)

    monkeypatch.setattr(MODULE, "simulate", counted)
    soma = AdaptiveExponentialSoma(potential_reset=-60.0, rheobase_threshold=-50.0)
    ranges = {
        "potential_tau": (5.0, 50.0, True),
        "threshold": (-65.0, 0.0, False),  # below the reset at first: impossible
        "stimulus.amplitude": (0.0, 900.0, False),
    }
    found = tracks(soma, STEP, ranges, count=7, duration=200.0)
    assert calls == [24] and list(found) == list(ranges)
    np.testing.assert_allclose(found["potential_tau"].points["potential_tau"], np.geomspace(5, 50, 7))
    for field, track in found.items():
        assert list(track.points) == [field] and len(track) == 7
        alone = sweep(soma, STEP, track.points, duration=200.0)
        np.testing.assert_array_equal(alone.valid, track.valid)
        for mine, theirs in zip(track.trains, alone.trains, strict=True):
            assert_times(mine, theirs, within=1e-3)
    assert not found["threshold"].valid[0] and found["threshold"].valid[-1]
    assert np.ptp(found["stimulus.amplitude"].rate) > 0
    with pytest.raises(ValueError, match="above 0"):
        tracks(soma, STEP, {"potential_rest": (-80.0, -60.0, True)}, duration=10.0)


def test_the_sensitivity_of_a_leaky_soma_is_its_derivative() -> None:
    """Rates from the closed form at value +- step, and the derivative itself within the curvature of a small step."""
    soma, drive = LeakySoma(), Step(onset=10.0, duration=900.0, amplitude=600.0)
    steps = {"potential_tau": 0.2, "threshold": 0.1, "stimulus.amplitude": 5.0}
    found = sensitivity(soma, drive, steps, duration=1000.0)
    p, now = soma.config.values(), period(soma, np.array(600.0))
    up = p["resistance"] * 600.0
    slopes = {
        "potential_tau": -1000.0 / now / p["potential_tau"],
        "threshold": -1000.0 / now**2 * p["potential_tau"] / (up + p["potential_rest"] - p["threshold"]),
    }
    slopes["stimulus.amplitude"] = (
        -1000.0
        / now**2
        * p["potential_tau"]
        * p["resistance"]
        * (1 / (up + p["potential_rest"] - p["potential_reset"]) - 1 / (up + p["potential_rest"] - p["threshold"]))
    )
    for field, step in steps.items():
        assert found[field].d_rate == pytest.approx(slopes[field] * step, rel=5e-3), field
        assert found[field].side == "both" and found[field].effect and found[field].step == step
    latency = found["potential_tau"].d_latency
    assert latency == pytest.approx(0.2 * np.log(up / (up - p["threshold"] + p["potential_rest"])), rel=5e-3)
    assert found["stimulus.amplitude"].d_count is not None and found["stimulus.amplitude"].d_count > 0


def test_a_parameter_without_effect() -> None:
    """b acts when a spike comes, not before."""
    soma = AdaptiveExponentialSoma()
    steps = {"adaptation_delta": 20.0, "resistance": 0.01}
    silent = sensitivity(soma, STEP.copy(amplitude=50.0), steps, duration=300.0)
    assert not silent["adaptation_delta"].effect and silent["adaptation_delta"].d_latency is None
    assert silent["adaptation_delta"].d_rate == silent["adaptation_delta"].d_count == 0
    firing = sensitivity(soma, STEP.copy(amplitude=1200.0), steps, duration=300.0)
    assert firing["adaptation_delta"].effect and firing["adaptation_delta"].d_rate < 0  # type: ignore[operator]
    assert firing["adaptation_delta"].d_latency == 0 and firing["resistance"].d_latency < 0  # type: ignore[operator]


def test_sensitivity_at_a_bound_is_one_sided() -> None:
    soma = RefractoryLeakySoma(cooldown=0.0)
    p = soma.config.values()
    steps = {"cooldown": 1.0, "threshold": p["threshold"] - p["potential_reset"] + 1.0, "potential_reset": 1.0}
    steps["stimulus.amplitude"] = 1e7
    found = sensitivity(soma, STEP, steps, duration=300.0)
    sides = {"cooldown": "up", "threshold": "up", "potential_reset": "both", "stimulus.amplitude": "none"}
    assert {field: s.side for field, s in found.items()} == sides
    rates = [1000 / np.diff(single(soma, STEP, {"cooldown": c}, 300.0)).mean() for c in (0.0, 1.0)]
    assert found["cooldown"].d_rate == pytest.approx(rates[1] - rates[0], rel=1e-3)
    assert found["stimulus.amplitude"].d_rate is None and not found["stimulus.amplitude"].effect
    with pytest.raises(ValueError, match="greater than 0"):
        sensitivity(soma, STEP, {"cooldown": 0.0}, duration=10.0)
    with pytest.raises(ValueError, match="own values"):
        sensitivity(LeakySoma(potential_tau=0.01), STEP, {"threshold": 1.0}, solver=spark.solvers.Euler())


def test_an_atlas_is_a_sweep_on_a_grid() -> None:
    resistance, amplitude = np.linspace(0.02, 0.06, 5), np.array([-100.0, 400.0, 800.0])
    found = atlas(
        IzhikevichSoma(), STEP, ("stimulus.amplitude", amplitude), ("resistance", resistance * 20), duration=300.0
    )
    assert found.rate.shape == found.pattern.shape == found.valid.shape == (5, 3)
    for i, value in enumerate(found.y):
        row = sweep(
            IzhikevichSoma(),
            STEP,
            {"stimulus.amplitude": amplitude, "resistance": np.full(3, value)},
            duration=300.0,
        )
        np.testing.assert_array_equal(found.rate[i], row.rate)
        np.testing.assert_array_equal(found.pattern[i], row.patterns)
    assert len(np.unique(found.rate)) > 4
    np.testing.assert_array_equal(found.grid(found.sweep.latency)[2, 1], found.sweep.latency[7])
    with pytest.raises(ValueError, match="twice"):
        atlas(LeakySoma(), STEP, ("threshold", [1.0]), ("threshold", [1.0]))
