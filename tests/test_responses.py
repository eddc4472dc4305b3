"""Impedance and phase response of somas against closed forms and what follows from them."""

from typing import Any

import numpy as np
import pytest

import spark
from spark.analysis import fixed_points, impedance, phase_response
from spark.nn.somas import (
    AdaptiveExponentialSoma,
    IzhikevichSoma,
    LeakySoma,
    RefractoryLeakySoma,
    StrictRefractoryLeakySoma,
)

TAU, R = 15.0, 0.1
LEAKY: dict[str, Any] = {"potential_tau": TAU, "resistance": R}


def test_a_leaky_membrane_is_a_low_pass() -> None:
    """Z = R / (1 + i omega tau), within (omega dt)^2 / 12, what sampling adds: 3.3e-4 at 100 Hz."""
    found = impedance(LeakySoma(**LEAKY), dt=0.1)
    expected = R / (1 + 2j * np.pi * found.frequency * TAU / 1000)
    bound = (2 * np.pi * found.frequency * 1e-4) ** 2 / 12 + 3e-5
    assert (np.abs(found.impedance / expected - 1) <= bound).all()
    assert found.frequency[0] >= 1 and found.frequency[-1] <= 100 and found.frequency.size > 500
    np.testing.assert_allclose(found.amplitude, np.abs(expected), rtol=5e-4)
    np.testing.assert_allclose(found.phase, -np.arctan(2 * np.pi * found.frequency * TAU / 1000), atol=5e-4)


def test_what_sampling_adds_falls_with_the_square_of_the_step() -> None:
    worst = []
    for dt in (0.4, 0.2):
        found = impedance(LeakySoma(**LEAKY), low=50.0, high=150.0, duration=2000.0, settle=300.0, dt=dt)
        expected = R / (1 + 2j * np.pi * found.frequency * TAU / 1000)
        worst.append(np.abs(found.impedance / expected - 1).max())
    assert worst[0] / worst[1] == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("hold", [0.0, 20.0])
def test_an_adapting_soma_resonates_as_its_jacobian_says(hold: float) -> None:
    """Z = ((i omega - J)^-1 b)_V with J the Jacobian at rest and b = R / tau the slope of dV/dt by the current."""
    soma = AdaptiveExponentialSoma(adaptation_subthreshold=20.0, adaptation_tau=100.0)
    found = impedance(soma, high=50.0, amplitude=1.0, hold=hold)
    its = {name: soma.config.values()[name] for name in soma.config.per_unit()}
    (rest, *_) = fixed_points(type(soma), its, hold)
    (a, b), (c, d) = rest.jacobian
    i_omega = 2j * np.pi * found.frequency / 1000
    expected = its["resistance"] / its["potential_tau"] * (i_omega - d) / ((i_omega - a) * (i_omega - d) - b * c)
    np.testing.assert_allclose(found.impedance, expected, rtol=1e-3)
    best = found.frequency[found.amplitude.argmax()]
    assert 2 < best < 20 and found.phase[0] > 0 > found.phase[-1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"low": 10.0, "high": 5.0}, "0 < low < high < 5000 Hz"),
        ({"high": 6000.0}, "0 < low < high < 5000 Hz"),
        ({"amplitude": 0.0}, "amplitude = 0.0 pA must be a finite number other than 0"),
        ({"settle": 0.0}, "settle = 0.0 ms must be greater than 0"),
        ({"hold": 1000.0}, "the soma fires .* times, .* below threshold: lower amplitude or hold"),
        ({"settle": 10.0}, "from where it was: lengthen settle"),
    ],
)
def test_an_impedance_that_cannot_be_had_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        impedance(LeakySoma(**LEAKY), dt=0.1, **({"duration": 500.0, "settle": 300.0} | options))


def test_the_phase_response_of_a_leaky_soma(x64: None) -> None:
    """Z = R exp(phase T / tau) / (T (R I + V_rest - V_reset)); the touch lasts a step: + (dt / tau)^2 / 24."""
    soma, current = LeakySoma(**LEAKY), 500.0
    found = phase_response(soma, current, dt=0.1)
    its = soma.config.values()
    drive = R * current + its["potential_rest"] - its["potential_reset"]
    period = TAU * np.log(drive / (R * current + its["potential_rest"] - its["threshold"]))
    assert found.period == pytest.approx(period, rel=1e-9)
    expected = R * np.exp(found.phase * period / TAU) / (period * drive)
    np.testing.assert_allclose(found.response, expected, rtol=3e-5)
    assert 0 < found.phase[0] < 0.02 and 0.98 < found.phase[-1] < 1 and found.phase.size == 50


def test_a_leaky_soma_in_single_precision_too() -> None:
    soma, current = LeakySoma(**LEAKY), 500.0
    found = phase_response(soma, current, points=20)
    its = soma.config.values()
    drive = R * current + its["potential_rest"] - its["potential_reset"]
    expected = R * np.exp(found.phase * found.period / TAU) / (found.period * drive)
    np.testing.assert_allclose(found.response, expected, rtol=2e-3)


def test_a_soma_that_is_deaf_after_its_spike_feels_nothing_there() -> None:
    soma = StrictRefractoryLeakySoma(**LEAKY, cooldown=4.0)
    found = phase_response(soma, 500.0, points=40)
    deaf = found.phase * found.period < 3.9
    assert deaf.sum() > 3 and np.abs(found.response[deaf]).max() < 1e-6
    assert (found.response[~deaf & (found.phase * found.period > 4.1)] > 1e-4).all()


@pytest.mark.parametrize("kind", [RefractoryLeakySoma, AdaptiveExponentialSoma, IzhikevichSoma])
def test_a_cycle_of_touches_is_a_change_of_the_current(kind: type[spark.nn.somas.Soma], x64: None) -> None:
    """A current that is higher by dI gives the charge dI dt at every phase: dT/dI = -T^2 * integral of Z."""
    current, more = 800.0, 4.0
    found = phase_response(kind(), current, after=30, points=60, settle=2000.0)
    periods = []
    for level in (current - more, current + more):
        run = spark.simulate(kind(), np.full(20_000, level), dt=0.1, record=())
        periods.append(np.diff(run.spike_times[0])[-1])
    slope = (periods[1] - periods[0]) / (2 * more)
    phase, response = found.phase, found.response
    edges = phase[0] * response[0] + (1 - phase[-1]) * response[-1]
    assert -(found.period**2) * (np.trapezoid(response, phase) + edges) == pytest.approx(slope, rel=0.02)


def test_what_lasts_counts_after_many_cycles() -> None:
    """A touch of an adapting soma: its later spikes answer otherwise than the very next one."""
    soma = AdaptiveExponentialSoma()
    first, late = (phase_response(soma, 800.0, after=after, points=12, settle=2000.0) for after in (1, 30))
    np.testing.assert_allclose(first.phase, late.phase)
    assert np.abs(first.response - late.response).max() > 0.05 * np.abs(late.response).max()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"points": 0}, "points = 0 must be a whole number"),
        ({"after": 0}, "after = 0 must be a whole number"),
        ({"charge": 0.0}, "charge = 0.0 pA ms must be greater than 0"),
        ({"current": 10.0}, "10 pA makes the soma fire 0 times"),
        ({"solver": spark.solvers.Euler(on_grid=True)}, "on the grid a spike comes a whole step earlier or not at all"),
        ({"points": 10_000}, "has no 10000 steps of 0.1 ms: lower points or dt"),
        ({"charge": 20_000.0}, "spikes come or go: lower it"),
    ],
)
def test_a_phase_response_that_cannot_be_had_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        phase_response(LeakySoma(**LEAKY), **({"current": 500.0, "dt": 0.1, "settle": 200.0} | options))


def test_a_train_that_still_adapts_has_no_phase() -> None:
    with pytest.raises(ValueError, match="a phase needs a cycle, so settle longer"):
        phase_response(AdaptiveExponentialSoma(), 800.0, settle=100.0)
