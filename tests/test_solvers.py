"""Convergence at the declared order, no overflow, events inside a step."""

import json

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest

import spark
from spark.nn.components.somas import Soma
from spark.simulation.simulate import variables
from spark.solvers import RK4, ExponentialEuler, Heun, Solver
from spark.solvers.schemes import _phi
from tests.common import GOLDEN, SOLVERS, SOMAS, assert_times, each, run_golden

# One case of each family and the time steps to try; every edge of the stimulus falls on each of these grids.
FAMILIES = {
    "strict_refractory_leaky_step": (2.0, 1.0, 0.5),
    "adaptive_leaky_step": (2.0, 1.0, 0.5),
    "exponential_step": (0.1, 0.05, 0.025),
    "adaptive_exponential_a0_step": (0.2, 0.1, 0.05),
    "simplified_adaptive_exponential_step": (0.1, 0.05, 0.025),
    "izhikevich_regular_spiking_step": (0.04, 0.02, 0.01),
}
ELSEWHERE = ("strict_refractory_leaky_step", "exponential_step", "simplified_adaptive_exponential_step")
"""Of what each of these is built of, the order is seen in another family as well."""
FLOOR = 1e-6
"""The reference times have six decimals: errors below are not errors of the solver."""


def spike_errors(case: dict, solver: Solver, steps: tuple[float, ...]) -> list[float]:
    expected = np.asarray(case["spike_times_ms"])
    errors = []
    for dt in steps:
        got = run_golden(case, dt, solver, record=()).spike_times[0]
        n = min(len(got), len(expected))
        assert abs(len(got) - len(expected)) <= 3
        errors.append(float(np.abs(got[:n] - expected[:n]).max()))
    return errors


CHARTED = [kind for kind in SOMAS.values() if kind.system.chart]


@pytest.mark.parametrize("kind", CHARTED, ids=lambda kind: kind.__name__)
@pytest.mark.usefixtures("x64")
def test_a_chart_is_only_a_change_of_coordinates(kind: type[Soma]) -> None:
    """The flow in the chart is the flow in V carried over by the chain rule, from far below rest to the cut-off."""
    units = 200
    p, system, rng = kind().parameters((units,)), kind.system, np.random.default_rng(1)
    potential = jnp.asarray(rng.uniform(-150.0, float(p.threshold[0]), units))
    s = system.initial(p, potential)
    s |= {name: s[name] + rng.uniform(-5, 5, units) for name in s if name not in ("potential", "refractory")}
    current, chart, inner = jnp.asarray(rng.uniform(-500, 2000, units)), system.chart, system.charted()
    assert chart is not None
    z, dz = jax.jvp(lambda state: chart.enter(p, state), (s,), (system.flow(p, s, current),))
    back, seen = chart.leave(p, z), inner.flow(p, z, current)
    for name in s:
        np.testing.assert_allclose(back[name], s[name], rtol=1e-7, atol=1e-9, err_msg=name)
        np.testing.assert_allclose(seen[name], dz[name], rtol=1e-4, atol=1e-7, err_msg=name)
    fires = system.event(p, s | {"potential": potential + 1.0}) > 0
    np.testing.assert_array_equal(inner.event(p, chart.enter(p, s | {"potential": potential + 1.0})) > 0, fires)


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.thorough if name in ELSEWHERE else ()) for name in FAMILIES]
)
@pytest.mark.usefixtures("x64")
def test_errors_fall_at_the_declared_order(name: str, solver: type[Solver]) -> None:
    """RK4 in the smooth coordinate keeps a (1 - e^y) log(1 - e^y) in its flow, which has no derivative where the

    upstroke diverges: below about 1e-4 ms its order falls to between 1 and 2 on the exponential somas.
    """
    steps = FAMILIES[name]
    errors = np.maximum(spike_errors(GOLDEN[name], solver(), steps), FLOOR)
    halvings = np.log2(steps[0] / steps[-1])
    order = np.log2(errors[0] / errors[-1]) / halvings
    reachable = np.log2(errors[0] / FLOOR) / halvings
    if solver is RK4 and "exponential" in name:
        assert errors[-1] < 1e-4
        assert order > 0.9, f"order {order:.2f} from errors {errors}"
    else:
        assert order > min(solver.order, reachable) - 0.35, f"order {order:.2f} from errors {errors}"


@pytest.mark.parametrize("precision", ["float32", pytest.param("float64", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("solver", SOLVERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", each(name for name in SOMAS if "Exponential" in name))
def test_no_overflow_in_the_upstroke(name: str, solver: type[Solver], precision: str) -> None:
    """The sharpest spike of the slider under a current 1000 times the rheobase, then none."""
    with jax.enable_x64(precision == "float64"):
        soma = SOMAS[name](spike_slope=0.1, threshold=40.0, potential_reset=-80.0)
        current = np.concatenate([np.full(300, 2e5), np.full(300, -2e5), np.zeros(300)])
        record = variables(SOMAS[name])
        for on_grid in (False, True):
            run = spark.simulate(soma, current, solver=solver(on_grid=on_grid), record=record)
            assert run.potential.dtype == precision
            assert run.spikes[:300].any()
            assert not run.spikes[310:600].any()
            for variable in record:
                assert np.isfinite(getattr(run, variable)).all(), (variable, on_grid)


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", each())
def test_huge_currents_stay_finite(name: str, solver: type[Solver]) -> None:
    current = np.concatenate([np.zeros(10), np.full(200, 1e5), np.zeros(200)])
    run = spark.simulate(SOMAS[name](), current, solver=solver())
    assert np.isfinite(run.potential).all()
    assert run.spikes.any()


REFRACTORY = [name for name, kind in SOMAS.items() if "cooldown" in kind.config_class.quantities()]


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", each(REFRACTORY))
def test_the_refractory_period_ends_inside_a_step(name: str, solver: type[Solver]) -> None:
    """A current so strong that the interval is the cooldown plus little; 1.234 ms is no multiple of 0.1 ms."""
    soma = SOMAS[name](cooldown=1.234)
    run = spark.simulate(soma, np.full(1000, 5e4), solver=solver())
    intervals = np.diff(run.spike_times[0])
    assert len(intervals) > 20
    assert intervals.min() >= 1.234 - 1e-4
    if not name.startswith(("Adaptive", "Simplified")):  # a rising threshold makes later intervals longer
        assert intervals.max() < 1.234 + 0.5


@pytest.mark.parametrize("name", [name for name in REFRACTORY if not name.startswith("Strict")])  # that one is held
@pytest.mark.usefixtures("x64")
def test_a_blocked_spike_comes_exactly_when_the_period_ends(name: str) -> None:
    """The membrane is above its threshold long before: the interval is the cooldown itself."""
    values = {"potential_reset": -57.0, "threshold": -56.0, "potential_rest": -50.0, "potential_tau": 1.0}
    if "Exponential" in name:
        values["rheobase_threshold"] = -56.0
    run = spark.simulate(SOMAS[name](cooldown=1.234, **values), np.full(200, 1e3))
    np.testing.assert_allclose(np.diff(run.spike_times[0])[0], 1.234, atol=1e-9)


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", each())
def test_at_most_one_spike_per_step(name: str, solver: type[Solver]) -> None:
    run = spark.simulate(SOMAS[name](), np.full(200, 1e4), dt=1.0, solver=solver())
    assert len(run.spike_times[0]) == run.spikes.sum() <= run.steps
    assert (np.diff(run.spike_times[0]) > 0).all()
    assert ((run.offsets >= 0) & (run.offsets <= 1.0)).all()
    assert not run.offsets[~run.spikes].any()


@pytest.mark.parametrize("solver", [solver(on_grid) for solver in SOLVERS for on_grid in (False, True)], ids=repr)
def test_solvers_are_plain_data(solver: Solver) -> None:
    assert type(solver).from_dict(json.loads(json.dumps(solver.to_dict()))) == solver
    assert hash(type(solver)(on_grid=solver.on_grid)) == hash(solver)


def test_an_exact_scheme_does_not_depend_on_the_step() -> None:
    case = GOLDEN["adaptive_leaky_step"]
    for dt in (0.05, 0.5, 1.0):
        got = run_golden(case, dt, ExponentialEuler()).spike_times[0]
        assert_times(got, case["spike_times_ms"], within=2e-3, what=f"dt {dt}")


@pytest.mark.usefixtures("x64")
def test_the_exact_solver_is_exact_to_the_last_digits() -> None:
    """(e^z - 1)/z of short and long steps, against 40 digits: a series cut short left 4e-11 of every step."""
    z = -np.concatenate([np.logspace(-9, 2, 500), [9.99e-4, 1e-3, 1.001e-3]])
    with mpmath.workdps(40):
        expected = [float(mpmath.expm1(float(x)) / float(x)) for x in z]
    np.testing.assert_allclose(_phi(jnp.asarray(z)), expected, rtol=1e-15)
    assert _phi(jnp.zeros(())) == 1.0
    soma = spark.nn.somas.LeakySoma(potential_tau=200.0, threshold=0.0)
    run = spark.simulate(soma, np.full(1000, 100.0), dt=0.1, solver=ExponentialEuler())
    c = soma.config
    closed = c.potential_rest - c.resistance * 100.0 * np.expm1(-run.time / 200.0)
    np.testing.assert_allclose(run.potential[:, 0], closed, rtol=1e-13)


def test_located_spikes_do_not_drift_but_snapped_ones_do() -> None:
    case = GOLDEN["strict_refractory_leaky_step"]
    last = case["spike_times_ms"][-1]
    assert abs(run_golden(case, 0.1, Heun()).spike_times[0][-1] - last) < 0.01
    assert abs(run_golden(case, 0.1, Heun(on_grid=True)).spike_times[0][-1] - last) > 0.5
