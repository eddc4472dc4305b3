"""f-I curves against closed forms, and sweeps against the stability of fixed points."""

from typing import Any

import numpy as np
import pytest

import spark
from spark.analysis import curves
from spark.analysis.curves import fi_curve, ramp_sweep, single_neuron, steady_rate
from spark.analysis.theory import theory_rate
from spark.nn.components.somas import (
    AdaptiveExponentialSoma,
    AdaptiveLeakySoma,
    IzhikevichSoma,
    LeakySoma,
    RefractoryLeakySoma,
    Soma,
    StrictRefractoryLeakySoma,
)
from spark.nn.initializers import Uniform
from spark.presets import presets
from spark.simulation import Recording
from spark.simulation.loop import time_loop
from tests.common import SOMAS, each

CLOSED = (LeakySoma, RefractoryLeakySoma, StrictRefractoryLeakySoma)
SLOW = {"potential_reset": -57.0, "potential_tau": 15.0, "cooldown": 6.0}


def from_rheobase(c: dict, low: float, high: float, count: int = 64) -> np.ndarray:
    return (c["threshold"] - c["potential_rest"]) / c["resistance"] * np.linspace(low, high, count)


@pytest.mark.parametrize("changes", [{}, SLOW], ids=["defaults", "slow"])
@pytest.mark.parametrize("name", SOMAS)
def test_f_i_curve_meets_the_closed_form(name: str, changes: dict) -> None:
    """Within 0.1 % for 64 currents, wherever a soma of the catalogue has one; the others say why they have none."""
    kind = SOMAS[name]
    soma = kind(**{k: v for k, v in changes.items() if k in kind.config_class.quantities()})
    currents = from_rheobase(soma.config.values(), 1.02, 5.0)
    expected = theory_rate(kind, soma.config.values(), currents)
    assert (expected.rate is not None) == (kind in CLOSED)
    if expected.rate is None:
        assert "no closed form" in expected.why
        assert name in expected.why
        return
    found = fi_curve(soma, currents)
    np.testing.assert_allclose(found.steady_rate, expected.rate, rtol=1e-3)
    np.testing.assert_allclose(found.first_rate, expected.rate, rtol=1e-3)
    # The first spike comes later than the others, from rest; then the count is right to one spike in a second.
    c = soma.config
    drive = c.resistance * currents
    latency = c.potential_tau * np.log(drive / (drive - c.threshold + c.potential_rest))
    assert np.abs(found.rate - (expected.rate * (1 - latency / 1000) + 0.5)).max() <= 0.51


@pytest.mark.parametrize("name", each())
def test_each_current_has_a_unit_of_its_own(name: str) -> None:
    soma, currents = SOMAS[name](), np.array([-100.0, 0.0, 400.0, 600.0, 900.0])
    found = fi_curve(soma, currents, duration=300.0, onset=50.0, settle=30.0)
    assert (found.start, found.end) == pytest.approx((80.0, 350.0))
    for k, current in enumerate(currents):
        step = spark.stimuli.Step(amplitude=current, onset=50.0, duration=300.0)
        times = spark.simulate(soma, step, duration=350.0, record=()).spike_times[0]
        assert found.rate[k] == pytest.approx(np.sum(times >= 80.0) / 0.27)
        gaps = np.diff(times)
        assert found.first_rate[k] == pytest.approx(1000 / gaps[0] if gaps.size else 0.0, rel=1e-4)
        late = gaps[times[1:] >= (80.0 + 350.0) / 2]
        assert found.steady_rate[k] == pytest.approx(1000 / late.mean() if late.size else 0.0, rel=1e-4)
    assert found.rate[0] == 0
    assert found.rate[-1] > 0


def test_adaptation_parts_the_curves() -> None:
    found = fi_curve(AdaptiveExponentialSoma(), np.linspace(400, 1500, 8))
    assert (found.first_rate > 1.5 * found.steady_rate).all()
    assert (found.steady_rate > 0).all()
    phasic = presets()["izhikevich2004_b_phasic_spiking"].make_soma()
    one = fi_curve(phasic, [0.5])
    assert (one.rate[0], one.first_rate[0], one.steady_rate[0]) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        ([], 0.0),
        ([700.0], 0.0),
        ([100.0, 110.0], 0.0),  # over before the second half
        ([200.0, 600.0], 2.5),  # an interval that ends in it
        ([510.0, 520.0, 530.0], 0.0),  # stopped
        (np.arange(5.0, 1000.0, 20.0), 50.0),
        (np.concatenate([np.arange(0.0, 480.0, 5.0), np.arange(500.0, 1000.0, 25.0)]), 1000 / np.mean([25.0] * 19)),
        ([600.0, 610.0, 990.0, 1010.0], 1000 / 195),  # what comes after the end does not count
    ],
)
def test_steady_rate_by_hand(times: list[float], rate: float) -> None:
    since = 505.0 if len(times) > 100 else 500.0
    assert steady_rate(np.asarray(times), since, 1000.0) == pytest.approx(rate)


def test_values_never_compile_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def counted(*given: Any, **options: Any) -> Recording:
        runs.append(given)
        return spark.simulate(*given, **options)

    monkeypatch.setattr(curves, "simulate", counted)
    fi_curve(AdaptiveLeakySoma(), np.linspace(0, 900, 66), duration=100.0)
    before = time_loop._cache_size()  # type: ignore[attr-defined]
    fi_curve(AdaptiveLeakySoma(potential_tau=7.0), np.linspace(50, 800, 66), duration=100.0)
    ramp_sweep(LeakySoma(), 300, 500, 5, 40.0)
    ramp_sweep(LeakySoma(resistance=0.05), 200, 400, 5, 40.0)
    assert len(runs) == 4
    assert time_loop._cache_size() == before + 1  # type: ignore[attr-defined]  # the first sweep's shape


def assert_two_answers(soma: Soma, current: float, rest: dict[str, float]) -> None:
    """At its fixed point it stays silent, and once kicked it fires for good."""
    initial = {name: np.array([value, value]) for name, value in rest.items()}
    initial["potential"][1] = soma.config.threshold + 1
    run = spark.simulate(soma, np.full((10_000, 2), current), initial=initial, record=())
    assert run.spike_times[0].size == 0
    assert run.spike_times[1][-1] > 900


def test_izhikevich_class_2_is_bistable_below_its_hopf_bifurcation() -> None:
    """Rest loses stability where the trace 0.08 v + 5 - a of the Jacobian is 0; firing survives below that current."""
    soma = presets()["izhikevich2004_h_class_2_excitable"].make_soma()
    a, b = soma.config.recovery_timescale, soma.config.recovery_sensitivity

    def current(v: float) -> float:
        return b * v - (0.04 * v * v + 5 * v + 140)

    hopf = current((a - 5) / 0.08)
    found = ramp_sweep(soma, hopf - 0.3, hopf + 0.3, 61)
    assert found.bistable is not None
    assert found.bistable == found.hysteresis
    low, high = found.bistable
    assert low < hopf - 0.05
    assert high == pytest.approx(hopf, abs=0.03)
    inside = (found.currents >= low) & (found.currents <= high)
    assert (found.up[inside] == 0).all()
    assert (found.down[inside] > 20).all()
    v = (a - 5) / 0.08 - 0.5
    assert low < current(v) < high
    assert_two_answers(soma, current(v), {"potential": v, "recovery": b * v})


def test_adaptive_exponential_class_2_is_bistable_below_its_hopf_bifurcation() -> None:
    """Trace 0: e^((V - V_T)/D) = 1 + tau/tau_w (Touboul & Brette 2008)."""
    soma = AdaptiveExponentialSoma(
        potential_reset=-60.0,
        potential_tau=10.0,
        resistance=0.05,
        adaptation_tau=20.0,
        adaptation_delta=0.0,
        adaptation_subthreshold=80.0,
    )
    c = soma.config

    def current(v: float) -> float:
        upstroke = c.spike_slope * np.exp((v - c.rheobase_threshold) / c.spike_slope)
        return (v - c.potential_rest - upstroke) / c.resistance + c.adaptation_subthreshold * (v - c.potential_rest)

    v = c.rheobase_threshold + c.spike_slope * np.log(1 + c.potential_tau / c.adaptation_tau)
    hopf = current(v)
    found = ramp_sweep(soma, hopf - 200, hopf + 100, 61)
    assert found.bistable is not None
    low, high = found.bistable
    assert low < hopf - 80
    assert high == pytest.approx(hopf, abs=20)  # where rest has just lost its stability it is left slowly
    v -= 0.4
    assert low < current(v) < high
    assert_two_answers(soma, current(v), {"potential": v, "adaptation": 80.0 * (v - c.potential_rest)})


@pytest.mark.parametrize("kind", CLOSED)
def test_no_hysteresis_without_memory(kind: type[Soma]) -> None:
    soma = kind()
    currents = from_rheobase(soma.config.values(), 0.5, 2.0, 31)
    found = ramp_sweep(soma, currents[0], currents[-1], 31)
    assert found.hysteresis is None
    assert found.bistable is None
    expected = theory_rate(kind, soma.config.values(), found.currents).rate
    assert expected is not None
    seen = expected > 1000 / 250  # slower than one interval in what is left of a stair
    np.testing.assert_allclose(found.up[seen], expected[seen], rtol=1e-3)
    np.testing.assert_allclose(found.down[seen], expected[seen], rtol=1e-3)
    assert found.up[-1] == found.down[-1]


def test_a_lag_is_hysteresis_and_not_bistability() -> None:
    """The threshold is still climbing on the way up, and high from before on the way down."""
    found = ramp_sweep(AdaptiveLeakySoma(threshold_tau=2000.0), 600, 2000, 11, 200.0, tolerance=1.0)
    assert found.hysteresis is not None
    assert found.bistable is None


def test_one_neuron_of_a_population() -> None:
    soma = AdaptiveExponentialSoma(potential_tau=Uniform(10.0, 30.0), units=5)
    run = spark.simulate(soma, np.full(5000, 600.0), record=())
    with pytest.raises(ValueError, match=r"potential_tau.*single_neuron"):
        fi_curve(soma, [600.0])
    found = fi_curve(single_neuron(run, 3), [600.0], duration=500.0)
    gaps = np.diff(run.spike_times[3])
    assert found.first_rate[0] == pytest.approx(1000 / gaps[0], rel=1e-5)
    assert fi_curve(IzhikevichSoma(units=7), [600.0]).rate.shape == (1,)


LIF = LeakySoma()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fi_curve(LIF, [np.nan]), "finite"),
        (lambda: fi_curve(LIF, []), "finite"),
        (lambda: fi_curve(LIF, [1.0], duration=-1.0), "duration = -1 ms"),
        (lambda: fi_curve(LIF, [1.0], settle=1000.0), "settle = 1000 ms"),
        (lambda: fi_curve(LIF, [1.0], onset=-5.0), "onset"),
        (lambda: fi_curve(LIF, [1.0], dt=0.0), "dt"),
        (lambda: ramp_sweep(LIF, 5.0, 5.0), "must go up"),
        (lambda: ramp_sweep(LIF, 0.0, 5.0, 1), "count = 1"),
        (lambda: ramp_sweep(LIF, 0.0, np.inf), "finite"),
        (lambda: ramp_sweep(LIF, 0.0, 5.0, hold=100.0, settle=100.0), "hold = 100 ms"),
    ],
)
def test_errors_say_what_is_wrong(call, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
    with pytest.raises(TypeError, match=r"LeakySoma\(\)"):
        fi_curve(LeakySoma, [1.0])  # type: ignore[arg-type]
