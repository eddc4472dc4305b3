"""Rest, resistance and time constant from steps of current: what made the sweeps is what is found."""

from __future__ import annotations

import numpy as np
import pytest

import spark.fit
import spark.io
from spark.io import Sweep

DT, REST, R, TAU = 0.05, -68.0, 0.12, 14.0
"""ms, mV, GOhm, ms."""
STEPS = (-20.0, -50.0, -80.0, -100.0)


def sweep(
    step: float, noise: float = 0.0, held: float = 0.0, recorded: float = 0.0, seed: int = 0, series: float = 0.0
) -> Sweep:
    """A passive membrane under a step of 300 ms after 100 ms, exactly; `noise` mV, `recorded` pA of noise."""
    chance = np.random.default_rng(seed)
    time = np.arange(12_000) * DT
    on = (time >= 100) & (time < 400)
    rise = np.where(on, 1 - np.exp(-(time - 100).clip(0) / TAU), 0)
    fall = np.where(time >= 400, (1 - np.exp(-300 / TAU)) * np.exp(-(time - 400).clip(0) / TAU), 0)
    potential = (
        REST
        + (R + series) * held
        + series * step * on
        + R * step * (rise + fall)
        + noise * chance.normal(size=time.size)
    )
    current = held + step * on + recorded * chance.normal(size=time.size)
    return Sweep("0", DT, potential, current)


def test_what_made_the_sweeps_is_found() -> None:
    found = spark.fit.passive([sweep(step) for step in STEPS])
    assert found.rest.value == pytest.approx(REST, abs=1e-6) and abs(found.series.value) < 1e-6
    assert found.resistance.value == pytest.approx(R, rel=1e-6)
    assert found.tau.value == pytest.approx(TAU, rel=1e-5)
    assert found.capacitance == pytest.approx(TAU / R, rel=1e-5) and found.steps == 4
    assert found.tau.error is not None and found.tau.error < 0.01


def test_a_holding_current_is_taken_off_and_steps_up_are_left_out() -> None:
    found = spark.fit.passive([sweep(step, held=-53.0) for step in STEPS] + [sweep(80.0)])
    assert found.rest.value == pytest.approx(REST, abs=0.01) and found.steps == 4
    assert found.resistance.value == pytest.approx(R, rel=5e-3)


def test_what_the_electrode_adds_is_told_apart() -> None:
    found = spark.fit.passive([sweep(step, held=-40.0, series=0.025) for step in STEPS])
    assert found.series.value == pytest.approx(0.025, rel=0.02)
    assert found.resistance.value == pytest.approx(R, rel=0.01) and found.tau.value == pytest.approx(TAU, rel=0.01)
    assert found.rest.value == pytest.approx(REST, abs=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_noise_is_in_the_interval(seed: int) -> None:
    sweeps = [sweep(step, noise=0.5, recorded=1.0, seed=10 * seed + k) for k, step in enumerate(2 * STEPS)]
    found = spark.fit.passive(sweeps)
    for one, true in ((found.rest, REST), (found.resistance, R), (found.tau, TAU)):
        assert one.error is not None and 0 < one.error < 0.2 * abs(true)
        assert abs(one.value - true) < 2 * one.error
    assert " ± " in str(found) and "GOhm" in str(found)


def test_one_step_has_a_value_and_no_interval() -> None:
    found = spark.fit.passive([sweep(-50.0)])
    assert found.steps == 1 and found.tau.error is None and "±" not in str(found)


def test_spikes_large_steps_and_ramps_are_no_use() -> None:
    fired = sweep(-50.0)
    assert fired.potential is not None
    fired.potential[3000] = 20.0
    time = np.arange(12_000) * DT
    ramp = Sweep("1", DT, np.full(time.size, REST), -time / 10)
    for one in (fired, sweep(-400.0), ramp, Sweep("2", DT, np.full(time.size, REST)), sweep(0.0)):
        with pytest.raises(ValueError, match="none of these sweeps has a hyperpolarising step"):
            spark.fit.passive([one])
