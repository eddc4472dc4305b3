"""Small steps and slow variables in float32: increments below the last digit of what they are added to still count."""

from typing import Any

import jax
import numpy as np
import pytest

import spark
from spark.nn.components.somas import AdaptiveExponentialSoma, AdaptiveLeakySoma, LeakySoma
from spark.presets import presets
from spark.solvers import RK4, ExponentialEuler, Heun, Solver
from tests.common import OWN, each

SLOW = LeakySoma(potential_tau=100.0, resistance=0.1, potential_rest=-70.0, potential_reset=-70.0, threshold=-55.0)
CREEP = 100.0 * np.log(15.015 / 0.015)
"""Its interval under 150.15 pA, which takes it 0.015 mV beyond its threshold: 690.9 ms."""


@pytest.mark.parametrize("solver", [ExponentialEuler(), RK4(), Heun()], ids=repr)
def test_a_slow_cell_fires_at_a_small_step(solver: Solver) -> None:
    """It was silent: 0.01 ms of its flow are less than half a unit in the last place of -55 mV."""
    run = spark.simulate(SLOW, np.full(150_000, 150.15), dt=0.01, solver=solver, record=())
    assert run.spike_count == 2
    np.testing.assert_allclose(np.diff(run.spike_times[0], prepend=0.0), CREEP, rtol=2e-4)


def test_a_slow_threshold_comes_down() -> None:
    """It stayed 0.19 mV above its base for ever."""
    soma = AdaptiveLeakySoma(threshold_tau=1000.0)
    base = soma.config.threshold
    run = spark.simulate(
        soma, np.zeros(600_000), dt=0.01, record=("threshold",), every=60_000, initial={"threshold": base + 10.0}
    )
    np.testing.assert_allclose(run.threshold[:, 0] - base, 10.0 * np.exp(-run.time / 1000.0), atol=1e-5)


def test_a_slow_adaptation_arrives() -> None:
    """It stopped 1.9 pA below where it belongs."""
    soma = AdaptiveExponentialSoma(adaptation_tau=5000.0)
    c = soma.config
    held = 18.0  # mV that a current without end leaves the potential above its rest
    upstroke = c.spike_slope * np.exp((c.potential_rest + held - c.rheobase_threshold) / c.spike_slope)
    final = c.adaptation_subthreshold * held
    current = (held - upstroke) / c.resistance + final
    start = {"potential": c.potential_rest + held, "adaptation": final - 3.0}
    found = {}
    for dt, wide in ((0.01, False), (0.1, True)):
        with jax.enable_x64(wide):
            run = spark.simulate(soma, np.full(round(20_000 / dt), current), dt=dt, record=(), initial=start)
            assert run.spike_count == 0 and run.final["adaptation"].dtype == ("float64" if wide else "float32")
            found[wide] = float(run.final["adaptation"][0])
    assert found[True] == pytest.approx(final, abs=0.2)
    assert found[False] == pytest.approx(found[True], abs=1e-3)


def test_the_threshold_of_diehl_and_cook_decays_over_hours() -> None:
    """Its time constant is 10^7 ms: at the preset's own step it never moved."""
    soma = presets()["textbook_adaptive_threshold_diehl_cook"].make_soma()
    base = soma.config.threshold
    run = spark.simulate(soma, np.zeros(200_000), record=(), initial={"threshold": base + 20.0})
    assert run.duration == pytest.approx(20_000.0)
    assert run.final["threshold"][0] - base == pytest.approx(20.0 * np.exp(-2e4 / 1e7), abs=1e-5)  # 19.960


@pytest.mark.parametrize("name", each(OWN))
def test_every_soma_relaxes_in_float32_as_in_float64(name: str) -> None:
    """Slow throughout, at a step of 0.005 ms: from 5 mV below rest and a displaced second variable."""
    kind = OWN[name]
    slow: dict[str, Any] = {q: 2000.0 for q in kind.config_class.quantities() if q.endswith("_tau")}
    if "recovery_timescale" in kind.config_class.quantities():
        slow["recovery_timescale"] = 0.0005
    soma, found = kind(**slow), []
    rest = soma.system.initial(soma.drawn((1,)), np.array([soma.config.potential_rest - 5.0]))
    start = {k: float(v[0]) + (5.0 if k not in ("potential", "refractory") else 0.0) for k, v in rest.items()}
    for wide in (False, True):
        with jax.enable_x64(wide):
            found.append(spark.simulate(soma, np.zeros(60_000), dt=0.005, record=(), initial=start).final)
    for variable, exact in found[1].items():
        np.testing.assert_allclose(found[0][variable], exact, rtol=1e-6, atol=1e-6, err_msg=variable)
