"""Strong currents: inhibition that makes a membrane stiff, drive that takes it through its upstroke in a step."""

from functools import cache

import jax
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import spark
from spark.core.hybrid import Values
from spark.nn.components.somas import AdaptiveExponentialSoma, ExponentialSoma, IzhikevichSoma, LeakySoma
from spark.nn.components.somas.base import Soma
from spark.simulation import Crowded
from spark.solvers import RK4, Euler, Heun, Solver
from tests import oracle
from tests.common import OWN, SOLVERS, each

EDGES = [(0.0, 0.0), (100.0, -1000.0), (300.0, 0.0)]


def values(soma: Soma) -> dict[str, float]:
    return {name: value for name, value in soma.config.values().items() if isinstance(value, float)}


@cache
def converged(gain: float) -> tuple[float, np.ndarray]:
    """The lowest potential under the inhibition, and all spikes, by DOP853."""
    p = values(IzhikevichSoma(resistance=gain))
    flow = oracle.flow_of("IzhikevichSoma", p)
    down = solve_ivp(lambda t, y: flow(y, -1000.0), (0, 10), [-70.0, -14.0], method="DOP853", rtol=1e-9, max_step=0.1)
    return float(down.y[0].min()), oracle.spike_times("IzhikevichSoma", p, EDGES, 600.0)


def inhibited(soma: Soma, dt: float, solver: Solver) -> spark.Recording:
    current = np.repeat([0.0, -1000.0, 0.0], [round(t / dt) for t in (100, 200, 300)])
    return spark.simulate(soma, current, dt=dt, solver=solver)


@pytest.mark.parametrize("solver", [RK4(), Heun()], ids=repr)
@pytest.mark.parametrize(("gain", "dt", "lowest"), [(0.5, 0.1, -174.5), (0.2, 1.0, -133.5), (0.5, 0.5, -174.5)])
def test_an_inhibited_quadratic_membrane(gain: float, dt: float, lowest: float, solver: Solver) -> None:
    """Its decay rate is -(0.08 V + 5): it fell to -10,057 mV, or fired 21 times, where no step was cut up."""
    fall, expected = converged(gain)
    assert fall == pytest.approx(lowest, abs=0.1)
    run = inhibited(IzhikevichSoma(resistance=gain), dt, solver)
    assert run.potential.min() == pytest.approx(fall, abs=0.7)
    assert run.spike_count == len(expected)
    np.testing.assert_allclose(run.spike_times[0], expected, atol=0.05 if isinstance(solver, RK4) else 0.2)


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("gain", [0.2, 0.5, 2.0])
@pytest.mark.parametrize("dt", [0.1, 1.0])
def test_no_solver_runs_away_under_inhibition(gain: float, dt: float, solver: type[Solver]) -> None:
    run = inhibited(IzhikevichSoma(resistance=gain), dt, solver())
    held = run.time >= 150  # where it stays at the end of a millisecond
    steady = run.potential[held & (run.time < 300)]
    assert steady.max() < -100 and steady.min() > -400 and not run.spikes[held & (run.time < 300)].any()


@pytest.mark.parametrize("drive", [500.0, 2000.0])
@pytest.mark.parametrize("name", each(name for name in OWN if "Exponential" in name))
def test_a_strong_drive_takes_the_upstroke_in_pieces(name: str, drive: float) -> None:
    """R I of 500 and 2000 mV at 0.1 ms: the chart bends where dV/dt is large; every spike as in DOP853."""
    soma = OWN[name]()
    current = drive / soma.config.resistance
    expected = oracle.spike_times(name, values(soma), [(0.0, current)], 6.0)
    run = spark.simulate(soma, np.full(60, current))
    assert run.spike_count == len(expected)
    np.testing.assert_allclose(run.spike_times[0], expected, atol=0.003)


def test_thirty_five_spikes_and_not_thirty_seven() -> None:
    """R I of 2000 mV for 90 ms on published values; the chart's step of old gave two spikes too many."""
    soma = spark.presets.presets()["destexhe2009_regular"].make_soma()
    current = 2000.0 / soma.config.resistance
    expected = oracle.spike_times(type(soma).__name__, values(soma), [(0.0, current)], 90.0)
    run = spark.simulate(soma, np.full(900, current), dt=0.1)
    assert run.spike_count == len(expected) == 35
    np.testing.assert_allclose(run.spike_times[0], expected, atol=0.003)


def test_ordinary_steps_are_not_cut_up() -> None:
    """At twice the rheobase no step falls into parts, so that nothing of a usual run changes."""
    for kind in (ExponentialSoma, AdaptiveExponentialSoma, IzhikevichSoma):
        soma = kind()
        frame = soma.config.solver.frame(soma.system)
        current = 500.0 if kind is IzhikevichSoma else 1000.0
        run = spark.simulate(soma, np.full(3000, current), record=tuple(v.name for v in soma.system.variables))
        p = soma.parameters((3000,))
        z = frame.enter(p, Values({name: run.recorded[name][:, 0] for name in run.recorded}))
        system = frame.system
        assert system.pace is not None
        pace = jax.jit(lambda p, z, held, system=system: system.pace(p, z, system.flow(p, z, held)))
        assert float(0.1 * pace(p, z, np.full(3000, current, np.float32)).max()) < 1


FAST = LeakySoma(resistance=1.0)


def test_more_than_one_spike_in_a_step_is_said() -> None:
    """13,283 Hz, of which steps of 0.1 ms hold at most 10,000."""
    c = FAST.config
    interval = c.potential_tau * np.log(
        (2000.0 + c.potential_rest - c.potential_reset) / (2000.0 + c.potential_rest - c.threshold)
    )
    assert interval < 0.1
    with pytest.warns(Crowded, match=r"LeakySoma fires more than once in a step of 0\.1 ms in unit 1.*Shorten dt"):
        run = spark.simulate(FAST, np.full((1000, 1), 1.0) * [0.0, 2000.0], record=())
    np.testing.assert_array_equal(run.crowded, [False, True])
    with pytest.warns(Crowded) as said:
        spark.simulate(FAST, np.full(1000, 2000.0), record=(), events=False)
    assert said[0].filename == __file__, "the caller's line, so that each one's is shown once"
    fine = spark.simulate(FAST, np.full(4000, 2000.0), dt=0.025, record=())
    assert not fine.crowded.any()
    np.testing.assert_allclose(np.diff(fine.spike_times[0]), interval, rtol=1e-4)


def test_chunks_see_crowds_across_their_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spark.simulation.loop.CHUNK_BYTES", 60)
    with pytest.warns(Crowded):
        assert spark.simulate(FAST, np.full(12, 2000.0), record=()).crowded.all()


def test_on_the_grid_one_spike_a_step_is_the_scheme() -> None:
    run = spark.simulate(FAST, np.full(100, 2000.0), solver=Euler(on_grid=True))
    assert run.spike_count == 100 and not run.crowded.any()
