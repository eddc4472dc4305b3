"""What happens in the refractory period of an adaptive exponential soma, with every solver."""

from typing import Any

import numpy as np
import pytest

import spark
from spark.nn.components.somas import RefractoryAdaptiveExponentialSoma, StrictRefractoryAdaptiveExponentialSoma
from spark.solvers import RK4, Euler, ExponentialEuler, Heun, Solver

# A reset apart from rest and a strong coupling: in the chart w's coordinate then differs from w by some 30 pA.
CELL: dict[str, Any] = {
    "potential_reset": -52.0,
    "adaptation_subthreshold": 30.0,
    "adaptation_tau": 20.0,
    "cooldown": 8.03,
}
SOLVERS = (Euler(), ExponentialEuler(), Heun(), RK4(), Euler(on_grid=True), RK4(on_grid=True))
PULSE = spark.stimuli.Step(amplitude=3000.0, onset=1.0, duration=3.0)
"""Strong enough for one spike, and over before the period is."""


def run(kind: Any, solver: Solver, backend: Any = "scan", **changes: float) -> spark.Recording:
    soma = kind(**(CELL | changes))
    options: dict[str, Any] = {"device": "cpu"} if backend == "fused" else {}
    recording = spark.simulate(
        soma,
        PULSE,
        duration=30.0,
        dt=0.1,
        solver=solver,
        record=("potential", "adaptation"),
        backend=backend,
        units=2,
        **options,
    )
    assert all(times.size == 1 for times in recording.spike_times)
    return recording


def inside(recording: spark.Recording) -> np.ndarray:
    """The samples of the period, from that after the spike on."""
    (at,) = recording.spike_times[0]
    return np.flatnonzero((recording.time > at + 0.1) & (recording.time < at + CELL["cooldown"] - 0.1))


@pytest.mark.parametrize("backend", ["scan", pytest.param("fused", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_held_the_potential_stays_and_the_adaptation_relaxes(solver: Solver, backend: str) -> None:
    """In closed form: w(t) = a (V_reset - V_rest) + (w_0 - a (V_reset - V_rest)) exp(-t/tau_w)."""
    recording = run(StrictRefractoryAdaptiveExponentialSoma, solver, backend)
    rows, c = inside(recording), recording.soma.config
    assert rows.size > 70
    v, w = recording.potential[rows, 0].astype(float), recording.adaptation[rows, 0].astype(float)
    np.testing.assert_allclose(v, c.potential_reset, atol=2e-5)
    goal = c.adaptation_subthreshold * (c.potential_reset - c.potential_rest)
    exact = goal + (w[0] - goal) * np.exp(-(recording.time[rows] - recording.time[rows[0]]) / c.adaptation_tau)
    assert abs(w[-1] - w[0]) > 10
    # Euler halves its steps' error of h^2/2 w'' at best: 0.3 % of the way. The others are exact to rounding.
    np.testing.assert_allclose(w, exact, atol=0.003 * abs(w[0] - goal) if isinstance(solver, Euler) else 2e-3)


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_free_the_adaptation_stays_connected_and_the_input_does_not(solver: Solver) -> None:
    """A jump of w pulls the potential down; the pulse, which goes on for a while, does not move it."""
    kind = RefractoryAdaptiveExponentialSoma
    free, loose = (run(kind, solver, adaptation_delta=b) for b in (200.0, 0.0))
    rows = inside(free)
    last = rows[-1]
    assert free.potential[last, 0] < loose.potential[last, 0] - 2.0
    v, w = (free.recorded[name][rows, 0].astype(float) for name in ("potential", "adaptation"))
    p = {name: float(value[0]) for name, value in free.parameters.items()}
    upstroke = p["spike_slope"] * np.exp((v - p["rheobase_threshold"]) / p["spike_slope"])
    flow = (p["potential_rest"] - v + upstroke - p["resistance"] * w) / p["potential_tau"]
    np.testing.assert_allclose(np.diff(v) / 0.1, (flow[1:] + flow[:-1]) / 2, rtol=0.01, atol=0.01)


@pytest.mark.parametrize("kind", [RefractoryAdaptiveExponentialSoma, StrictRefractoryAdaptiveExponentialSoma])
def test_without_a_period_both_are_the_adaptive_exponential_soma(kind: Any, x64: None) -> None:
    """In float64, so that what a compiler rounds in its own way for each soma is far below what is compared."""
    plain = spark.nn.somas.AdaptiveExponentialSoma
    values = {name: value for name, value in kind().config.values().items() if name in plain.config_class.quantities()}
    one, other = (
        spark.simulate(soma, spark.stimuli.Step(), record=("adaptation",))
        for soma in (plain(**values), kind(**values, cooldown=0.0))
    )
    assert one.spike_times[0].size > 5
    np.testing.assert_allclose(one.spike_times[0], other.spike_times[0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.adaptation, other.adaptation, rtol=0, atol=1e-9)
