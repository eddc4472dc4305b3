"""The currents through the membrane: they add up, they are what the equations say, they move the potential."""

from typing import Any

import jax
import numpy as np
import pytest

import spark
from spark.analysis.currents import current_names, membrane_currents, refractory_clock
from spark.core.hybrid import Values
from spark.nn.components.somas import AdaptiveExponentialSoma, IzhikevichSoma, LeakySoma, Soma
from spark.simulation import Recording
from spark.simulation.simulate import variables
from spark.solvers import RK4, Euler, Solver
from spark.stimuli import Sine, Step
from tests.common import SOMAS, each

CLOCKED = [name for name, kind in SOMAS.items() if "cooldown" in kind.config_class.quantities()]


def a_run(soma: Soma, duration: float = 300.0, **options) -> Recording:
    stimulus = Step(amplitude=500.0, onset=20.0, duration=260.0) + Sine(onset=20.0, offset=0.0, amplitude=150.0)
    return spark.simulate(soma, stimulus, duration=duration, record=variables(type(soma)), **options)


def exact_flow(run: Recording, current: np.ndarray | float, **changes: np.ndarray | float) -> np.ndarray:
    """dV/dt at each sample in float64, from the soma's flow as JAX runs it."""
    rest: Any = run.parameters["potential_rest"]
    names = list(run.soma.system.initial(Values(run.parameters), rest))
    s = {n: getattr(run, n)[:, 0].astype(float) for n in names if n != "refractory"}
    if "refractory" in names:
        s["refractory"] = refractory_clock(run)
    p = {n: np.float64(v[0]) for n, v in run.parameters.items()}
    full = {n: np.broadcast_to(np.asarray(v, float), run.steps) for n, v in (s | changes).items()}
    with jax.enable_x64(True):
        held = np.broadcast_to(np.asarray(current, float), run.steps)
        flow = jax.jit(type(run.soma).system.flow)(Values(p), Values(full), held)
        return np.broadcast_to(np.asarray(flow.potential, float), run.steps)


@pytest.mark.parametrize("name", each())
def test_terms_add_up_to_the_whole_flow(name: str) -> None:
    run = a_run(SOMAS[name]())
    assert run.spike_times[0].size > 3
    found = membrane_currents(run)
    assert tuple(found.terms) == current_names(SOMAS[name])
    terms = np.stack(list(found.terms.values()))
    largest = np.abs(terms).max(axis=0)
    assert terms.dtype == found.total.dtype == float
    assert terms.shape[1:] == found.total.shape == found.time.shape == (run.steps,)
    assert (np.abs(terms.sum(axis=0) - found.total) <= 1e-12 * largest).all()
    whole = found.capacitance * exact_flow(run, run.current[:, 0])
    assert (np.abs(found.total - whole) <= 1e-12 * largest + 1e-9).all()


@pytest.mark.parametrize("name", SOMAS)
def test_terms_are_what_the_flow_loses_without_them(name: str) -> None:
    run = a_run(SOMAS[name]())
    found, current = membrane_currents(run), run.current[:, 0]
    whole = exact_flow(run, current)
    rounding = 1e-11 * np.abs(np.stack(list(found.terms.values()))).max(axis=0) + 1e-9
    driven = found.capacitance * (whole - exact_flow(run, 0.0))
    assert (np.abs(found.terms["input"] - driven) <= rounding).all()
    for slow in (v.name for v in SOMAS[name].system.slow):
        assert (slow in found.terms) == (slow != "threshold")
        if slow in found.terms:
            lost = found.capacitance * (whole - exact_flow(run, current, **{slow: 0.0}))
            assert (np.abs(found.terms[slow] - lost) <= rounding).all()


def test_adaptive_exponential_by_its_equation() -> None:
    soma = AdaptiveExponentialSoma()
    run, c = a_run(soma), soma.config
    found = membrane_currents(run)
    v, w = run.potential[:, 0].astype(float), run.adaptation[:, 0]
    assert found.capacitance == pytest.approx(c.potential_tau / c.resistance)
    upstroke = c.spike_slope * np.exp((v - c.rheobase_threshold) / c.spike_slope) / c.resistance
    np.testing.assert_allclose(found.terms["adaptation"], -w, rtol=1e-6)
    np.testing.assert_allclose(found.terms["leak"], (c.potential_rest - v) / c.resistance, rtol=1e-6, atol=1e-3)
    np.testing.assert_allclose(found.terms["spike initiation"], upstroke, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.terms["input"], run.current[:, 0], rtol=1e-6)


def test_izhikevich_by_its_equation() -> None:
    soma = IzhikevichSoma()
    run, c = a_run(soma), soma.config
    found = membrane_currents(run)
    v = run.potential[:, 0].astype(float)
    assert found.capacitance == pytest.approx(1 / c.resistance)
    tangent = (0.08 * c.potential_rest + 5) * (v - c.potential_rest) + (0.04 * c.potential_rest + 5) * c.potential_rest
    np.testing.assert_allclose(found.terms["leak"], (tangent + 140) / c.resistance, rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(
        found.terms["spike initiation"], 0.04 * (v - c.potential_rest) ** 2 / c.resistance, rtol=1e-5, atol=1e-3
    )
    np.testing.assert_allclose(found.terms["recovery"], -run.recovery[:, 0] / c.resistance, rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("name", each())
@pytest.mark.usefixtures("x64")
def test_they_move_the_recorded_potential(name: str) -> None:
    """C dV/dt by central differences, away from spikes, the ends of refractory periods, and the last of an upstroke."""
    soma: Soma = SOMAS[name]()
    dt = 0.02
    run = spark.simulate(soma, np.full(7500, 600.0), dt=dt, solver=RK4(), record=variables(type(soma)))
    found, v = membrane_currents(run), run.potential[:, 0]
    moved = found.capacitance * (v[2:] - v[:-2]) / (2 * dt)
    smooth = np.ones(run.steps, bool)
    clock = refractory_clock(run)
    ends = np.flatnonzero((clock[:-1] > 0) & (clock[1:] == 0)) + 1
    for at in run.spike_times[0]:
        smooth &= (run.time < at - 1.0) | (run.time > at + 2 * dt)
    for k in ends:
        smooth[k - 2 : k + 2] = False
    inner = smooth[1:-1]
    assert inner.sum() > 1000
    expected = found.total[1:-1][inner]
    np.testing.assert_allclose(moved[inner], expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())


@pytest.mark.parametrize("solver", [RK4(), Euler(), Euler(on_grid=True)], ids=repr)
@pytest.mark.parametrize("cooldown", [3.03, 3.07])  # ends in the first and in the second half of a step
@pytest.mark.parametrize("name", each(CLOCKED))
def test_the_clock_is_that_of_the_run(name: str, cooldown: float, solver: Solver) -> None:
    """The recording does not hold it; the object that steps does."""
    soma: Soma = SOMAS[name](solver=solver, cooldown=cooldown)
    held = np.full(800, 900.0, np.float32)
    run = spark.simulate(soma, held, record=variables(type(soma)))
    expected = [0.0]
    for current in held[:-1]:
        soma(np.array([current]))
        expected.append(float(soma.state["refractory"][0]))
    if solver.on_grid:
        expected = [clock if clock > soma.config.dt / 2 else 0.0 for clock in expected]
    assert run.spike_times[0].size > 3
    np.testing.assert_allclose(refractory_clock(run), expected, atol=5e-4)


@pytest.mark.parametrize("name", CLOCKED)
def test_the_input_is_disconnected_in_a_refractory_period(name: str) -> None:
    run = a_run(SOMAS[name]())
    found, clock = membrane_currents(run), refractory_clock(run)
    assert (clock > 0).any()
    assert (found.terms["input"][clock > 0] == 0).all()
    np.testing.assert_allclose(found.terms["input"][clock == 0], run.current[clock == 0, 0], rtol=1e-6)
    if "hold" in found.terms:
        assert (found.total[clock > 0] == 0).all()
        assert (found.terms["hold"][clock == 0] == 0).all()
        driving = found.terms["leak"] + found.terms.get("spike initiation", 0.0)  # an adaptation moves nothing held
        np.testing.assert_allclose(found.terms["hold"][clock > 0], -driving[clock > 0])


@pytest.mark.parametrize("name", each())
def test_names_belong_to_the_class(name: str) -> None:
    """A silent run has the same as one that fires: a legend does not flicker."""
    names = current_names(SOMAS[name])
    assert names[0] == "leak"
    assert names[-1] == "input"
    assert ("hold" in names) == name.startswith("Strict")
    assert ("spike initiation" in names) == ("Leaky" not in name)
    quiet = spark.simulate(SOMAS[name](), np.zeros(50), record=variables(SOMAS[name]))
    assert tuple(membrane_currents(quiet).terms) == names


def test_one_unit_of_a_population() -> None:
    soma = AdaptiveExponentialSoma(resistance=[0.05, 0.07, 0.1])
    run, alone = a_run(soma), a_run(AdaptiveExponentialSoma(resistance=0.07))
    one, other = membrane_currents(run, 1), membrane_currents(alone)
    assert one.capacitance == other.capacitance
    quiet = run.time < alone.spike_times[0][0] - 1.0
    assert one.total[quiet].max() > 100
    np.testing.assert_allclose(one.total[quiet], other.total[quiet], rtol=1e-3, atol=0.1)
    assert membrane_currents(run, 2).capacitance == pytest.approx(AdaptiveExponentialSoma().config.potential_tau / 0.1)
    picked = membrane_currents(a_run(soma, traces=[1]), 1)
    for name, term in one.terms.items():
        np.testing.assert_array_equal(picked.terms[name], term)
    with pytest.raises(ValueError, match=r"unit = 3 has no trace.*3 units"):
        membrane_currents(run, 3)
    with pytest.raises(ValueError, match="unit = 2 has no trace"):
        membrane_currents(run.head(100, 3, 2), 2)


def test_what_was_not_recorded_is_asked_for() -> None:
    run = spark.simulate(AdaptiveExponentialSoma(), np.zeros(10), record=("potential", "current"))
    with pytest.raises(AttributeError, match="adaptation was not recorded"):
        membrane_currents(run)
    with pytest.raises(AttributeError, match="current was not recorded"):
        membrane_currents(spark.simulate(LeakySoma(), np.zeros(10)))
