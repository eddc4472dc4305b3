"""Derivatives of spike times: closed forms of leaky somas, converged differences of all others, and what has none."""

from typing import Any

import jax
import numpy as np
import pytest

import spark
from benchmarks.derivative_errors import errors
from spark.analysis import spike_time_derivatives
from spark.nn.components.somas import (
    AdaptiveExponentialSoma,
    LeakySoma,
    RefractoryLeakySoma,
    Soma,
    StrictRefractoryLeakySoma,
)
from spark.solvers import RK4, Euler, Heun, Solver
from spark.stimuli import OrnsteinUhlenbeck, PoissonSynapses, PulseTrain, Ramp, Sine, Step, Stimulus, Sum
from tests.common import LEAKY, OWN, each

FEW = ["AdaptiveLeakySoma", "ExponentialSoma", "IzhikevichSoma"]
"""A moving threshold, an upstroke, a pole: of all that somas are built of, what a derivative has to pass through."""
SEEN = {"IzhikevichSoma": ("potential_reset",)}
"""The potential after a spike hardly moves Izhikevich's: the reference itself sees no more than 2e-6 of that."""


def assert_exact(name: str, field: str, error: float, nearly_flat: float, bound: float) -> None:
    assert error < (1e-9 if name in LEAKY else nearly_flat if field in SEEN.get(name, ()) else bound), (field, error)


@pytest.mark.thorough
@pytest.mark.parametrize("name", OWN)
def test_they_are_those_of_the_converged_solution(name: str) -> None:
    """DOP853's differences know nothing of Spark."""
    for field, (at_once, fine, narrow) in errors(OWN[name], (0.1, 0.0125)).items():
        assert_exact(name, field, at_once, 2e-4, 1e-4)
        assert_exact(name, field, fine, 3e-6, 1e-6)
        assert narrow < 1e-3, (field, "float32", narrow)


@pytest.mark.parametrize("name", FEW)
def test_fine_steps_have_those_of_the_converged_solution(name: str) -> None:
    """To compile one derivative takes a third of the minute: here that of a short run in small steps alone."""
    for field, (fine,) in errors(OWN[name], (0.0125,), duration=100.0, narrow=False).items():
        assert_exact(name, field, fine, 3e-6, 1e-6)


def times(p: dict[str, Any], onset: Any, amplitude: Any, spikes: int, kind: type[Soma[Any]]) -> Any:
    """Spike times of a leaky soma under a step, in closed form."""
    target = p["potential_rest"] + p["resistance"] * amplitude

    def reach(start: Any) -> Any:
        return p["potential_tau"] * jax.numpy.log((target - start) / (target - p["threshold"]))

    cooldown, after = p.get("cooldown", 0.0), p["potential_reset"]
    if kind is RefractoryLeakySoma:
        after = p["potential_rest"] + (after - p["potential_rest"]) * jax.numpy.exp(-cooldown / p["potential_tau"])
    first, interval = onset + reach(p["potential_rest"]), cooldown + reach(after)
    return first + interval * jax.numpy.arange(spikes)


@pytest.mark.parametrize("kind", [LeakySoma, RefractoryLeakySoma, StrictRefractoryLeakySoma])
def test_leaky_somas_have_closed_forms(kind: type[Soma[Any]], x64: None) -> None:
    soma, step = kind(), Step(onset=10.03, duration=1e4, amplitude=520.0)
    found = spike_time_derivatives(soma, step, duration=300.0)
    p = {name: float(getattr(soma.config, name)) for name in soma.config.per_unit()}
    slopes = jax.jacfwd(lambda p, onset, amplitude: times(p, onset, amplitude, len(found), kind), (0, 1, 2))(
        p, 10.03, 520.0
    )
    expected = slopes[0] | {"stimulus.onset": slopes[1], "stimulus.amplitude": slopes[2]}
    assert len(found) > 10
    for field, slope in expected.items():
        np.testing.assert_allclose(found.of(field), slope, rtol=0, atol=1e-9 * np.abs(slope).max(), err_msg=field)
    np.testing.assert_allclose(found.of("stimulus.duration"), 0.0, atol=1e-9, err_msg="it ends after the run")


def test_they_stand_beside_the_spikes_of_simulate(x64: None) -> None:
    soma, step = AdaptiveExponentialSoma(), Step()
    found, run = spike_time_derivatives(soma, step), spark.simulate(soma, step)
    np.testing.assert_allclose(found.times, run.spike_times[0], rtol=0, atol=1e-9)
    assert np.asarray(found).shape == (run.spike_count, len(found.fields))
    assert found.fields[: len(soma.config.per_unit())] == tuple(soma.config.per_unit())


def shifted(parts: list[Stimulus], place: int, name: str, by: float) -> Sum:
    """The same stimuli, with one value changed."""
    changed = [part.copy() for part in parts]
    changed[place] = changed[place].copy(**{name: getattr(changed[place], name) + by})
    return Sum(parts=changed)


TOGETHER = [Step(amplitude=400.0), Step(amplitude=100.0), Ramp(start=0.0, end=100.0)]
"""Three edges at 100 ms."""


@pytest.mark.parametrize(
    ("parts", "place", "name"),
    [
        pytest.param(TOGETHER, 0, "onset", id="one edge of three that fall together"),
        pytest.param(TOGETHER, 1, "onset", id="another"),
        pytest.param([Step(amplitude=480.0, onset=100.037)], 0, "onset", id="an edge between two samples"),
        pytest.param([PulseTrain(amplitude=700.0, width=20.0, onset=13.3)], 0, "width", id="pulses"),
        pytest.param([PulseTrain(amplitude=700.0, width=20.0, period=60.0)], 0, "period", id="their period"),
        pytest.param([Step(), Sine(frequency=20.0, offset=0.0)], 1, "frequency", id="a frequency"),
        pytest.param([OrnsteinUhlenbeck()], 0, "std", id="noise"),
        pytest.param([OrnsteinUhlenbeck(tau=4.0)], 0, "tau", id="how long noise remembers"),
        pytest.param([PoissonSynapses(excitatory_rate=4000.0)], 0, "excitatory_weight", id="synapses"),
    ],
)
def test_every_field_of_a_stimulus(parts: list[Stimulus], place: int, name: str, x64: None) -> None:
    soma, lead = LeakySoma(), "stimulus." if len(parts) == 1 else f"stimulus.{place}."
    found = spike_time_derivatives(soma, Sum(parts=parts), [lead + name], duration=400.0)
    h = 2e-6
    up, down = (
        spike_time_derivatives(soma, shifted(parts, place, name, by), ["threshold"], duration=400.0).times
        for by in (h, -h)
    )
    slope = (up - down) / (2 * h)
    assert len(found) > 5 and np.abs(slope).max() > 1e-3
    np.testing.assert_allclose(found.of(lead + name), slope, rtol=0, atol=2e-6 * np.abs(slope).max())


@pytest.mark.parametrize("name", each((name for name in OWN if name not in LEAKY), FEW))
@pytest.mark.parametrize("solver", [Heun(), RK4()], ids=repr)
def test_a_later_onset_moves_all_spikes_alike(name: str, solver: Solver, x64: None) -> None:
    """By just so much, where the soma has rested before: whatever the place of an upstroke in its step."""
    soma = OWN[name](dt=0.05)
    rest = {variable: float(values[0]) for variable, values in spark.simulate(soma, np.zeros(40_000)).final.items()}
    found = spike_time_derivatives(
        soma, Step(onset=5.0, amplitude=700.0), ["stimulus.onset"], duration=80.0, solver=solver, initial=rest
    )
    assert len(found) > 2
    np.testing.assert_allclose(found.values, 1.0, rtol=0, atol=5e-4 if solver.order == 2 else 2e-6)


@pytest.mark.parametrize("onset", [0.0, 5e-8, 0.1, 0.13])
def test_an_onset_at_the_beginning_of_the_run(onset: float, x64: None) -> None:
    found = spike_time_derivatives(LeakySoma(), Step(onset=onset, duration=1e3), duration=200.0)
    np.testing.assert_allclose(found.of("stimulus.onset"), 1.0, rtol=0, atol=1e-9)


def test_equal_noises_are_told_apart(x64: None) -> None:
    """The second one's derivative is that of the second one's numbers."""
    soma, noise = LeakySoma(resistance=0.1), OrnsteinUhlenbeck()
    found = spike_time_derivatives(soma, noise + noise, ["stimulus.1.std"], duration=200.0)
    whole = (noise + noise).sample(2000, 0.1, dtype=float)[:, 0]
    second = whole - noise.sample(2000, 0.1, dtype=float)[:, 0] - noise.mean * (np.arange(2000) >= 1000)
    up, down = (
        spike_time_derivatives(soma, whole + sign * 1e-6 * second / noise.std, ["threshold"]).times for sign in (1, -1)
    )
    np.testing.assert_allclose(found.values[:, 0], (up - down) / 2e-6, rtol=0, atol=1e-6 * np.abs(found.values).max())


def test_the_initial_state(x64: None) -> None:
    soma = LeakySoma()
    target = soma.config.potential_rest + soma.config.resistance * 500.0
    found = spike_time_derivatives(
        soma, np.full(500, 500.0), ["initial.potential", "potential_rest"], initial={"potential": -60.0}
    )
    np.testing.assert_allclose(found.of("initial.potential"), -soma.config.potential_tau / (target + 60.0), rtol=1e-9)
    reached = spike_time_derivatives(soma, np.full(500, 500.0), ["potential_rest"])
    assert abs(found.of("potential_rest")[0] - reached.of("potential_rest")[0]) > 0.1, (
        "rest moves with it, -60 mV does not"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"fields": ["thresold"]}, "did you mean 'threshold'"),
        ({"fields": ["initial.adaptation"]}, "has no state 'adaptation'"),
        ({"fields": []}, "fields is empty"),
        ({"solver": Euler(on_grid=True)}, "on the time grid"),
        ({"soma": AdaptiveExponentialSoma(), "solver": Euler()}, "choose spark.solvers.Heun"),
        ({"stimulus": Step(duration=0.0), "fields": ["stimulus.duration"]}, "it is 0 and cannot be less"),
        ({"stimulus": OrnsteinUhlenbeck(), "fields": ["stimulus.onset"]}, "no derivative by 'stimulus.onset'"),
        ({"stimulus": PoissonSynapses(), "fields": ["stimulus.excitatory_rate"]}, "no derivative by"),
    ],
)
def test_what_has_no_derivative_says_so(given: dict[str, Any], told: str) -> None:
    usual: dict[str, Any] = {"soma": LeakySoma(), "stimulus": Step()}
    with pytest.raises(ValueError, match=told):
        spike_time_derivatives(**(usual | given))
    with pytest.raises(ValueError, match="they are threshold"):
        spike_time_derivatives(LeakySoma(), np.zeros(10), ["threshold"]).of("cooldown")


@pytest.mark.parametrize(("tau", "amplitude"), [(100.0, 390.0), (1000.0, 450.0)])
def test_a_spike_on_a_sample_has_its_derivative(tau: float, amplitude: float) -> None:
    """In float32 a slow cell's potential often is the level itself at the end of a step; there they all were 0."""
    soma, step = LeakySoma(potential_tau=tau, dt=0.01), Step(amplitude=amplitude, onset=0.0, duration=1e5)
    found = spike_time_derivatives(soma, step, ["stimulus.amplitude", "potential_tau"], duration=2.2 * tau + 500.0)
    rise = 15.0 / soma.config.resistance
    first = tau * np.log(amplitude / (amplitude - rise))
    slopes = np.array([tau * (1 / amplitude - 1 / (amplitude - rise)), first / tau])
    assert len(found.times) >= 1
    np.testing.assert_allclose(found.values, np.outer(np.arange(1, len(found.times) + 1), slopes), rtol=3e-4)
