"""Against closed forms and quadratures (analytic.json)."""

from typing import Any

import numpy as np
import pytest

import spark
from spark.nn.components.somas import (
    AdaptiveExponentialSoma,
    AdaptiveLeakySoma,
    ExponentialSoma,
    IzhikevichSoma,
    LeakySoma,
    RefractoryLeakySoma,
    Soma,
    StrictRefractoryLeakySoma,
)
from tests.common import reference

DATA = reference("analytic.json")
NAMES = {
    "tau": "potential_tau",
    "R": "resistance",
    "V_rest": "potential_rest",
    "V_reset": "potential_reset",
    "V_th": "threshold",
    "V_T": "rheobase_threshold",
    "Delta_T": "spike_slope",
    "theta0": "threshold",
    "delta_theta": "threshold_delta",
    "tau_theta": "threshold_tau",
    "t_ref": "cooldown",
}


def fields(params: dict[str, float], kind: type[Soma]) -> dict[str, Any]:
    known = kind.config_class.quantities()
    return {NAMES[k]: v for k, v in params.items() if NAMES.get(k) in known}


def intervals(soma, currents: list[float], duration: float, dt: float = 0.1) -> list[float | None]:
    """Last interval under each of several constant currents, None where there is none."""
    held = np.broadcast_to(np.asarray(currents), (round(duration / dt), len(currents)))
    run = spark.simulate(soma, held, dt=dt, record=())
    return [float(np.diff(times)[-1]) if len(times) > 1 else None for times in run.spike_times]


@pytest.mark.parametrize("entry", DATA["lif_f_I"]["sets"], ids=lambda s: f"tau{s['params']['tau']:g}")
@pytest.mark.parametrize(
    ("kind", "column"),
    [(StrictRefractoryLeakySoma, "isi_strict_ms"), (RefractoryLeakySoma, "isi_soft_ms"), (LeakySoma, "T_int_ms")],
    ids=["strict", "refractory", "plain"],
)
@pytest.mark.usefixtures("x64")
def test_leaky_f_i(entry: dict, kind: type, column: str) -> None:
    """The soft formula counts what the input does during the period; here the input is disconnected (V_reset = V_rest:

    nothing happens meanwhile), so that both kinds of period agree with the strict formula.
    """
    params = entry["params"]
    if kind is RefractoryLeakySoma:
        if params["V_reset"] != params["V_rest"]:
            return  # free evolution during the period has no row here: the golden cases cover it
        column = "isi_strict_ms"
    rows = [row for row in entry["rows"] if row["T_int_ms"] is None or row["T_int_ms"] < 200]
    got = intervals(kind(**fields(params, kind)), [row["I_pA"] for row in rows], 600.0)
    for row, interval in zip(rows, got, strict=True):
        assert interval == (None if row[column] is None else pytest.approx(row[column], abs=1e-5)), row["I_pA"]


@pytest.mark.parametrize(
    "entry",
    [e for e in DATA["eif_rheobase"] if any(r["id"] == e["id"] for r in DATA["eif_f_I"]["rows"])],
    ids=lambda e: e["id"],
)
@pytest.mark.usefixtures("x64")
def test_exponential_f_i(entry: dict) -> None:
    """`isi_strict_ms` less the period is the interval of the plain exponential soma."""
    rows = [r for r in DATA["eif_f_I"]["rows"] if r["id"] == entry["id"] and (r["isi_strict_ms"] or 1e9) < 300]
    assert rows
    got = intervals(ExponentialSoma(**fields(entry["params"], ExponentialSoma)), [r["I_pA"] for r in rows], 700.0)
    for row, interval in zip(rows, got, strict=True):
        assert interval == pytest.approx(row["isi_strict_ms"] - entry["params"]["t_ref"], rel=2e-4), row["I_pA"]


@pytest.mark.parametrize("solver", [spark.solvers.ExponentialEuler(), spark.solvers.RK4()], ids=repr)
@pytest.mark.usefixtures("x64")
def test_subthreshold_step_and_decay(solver: spark.solvers.Solver) -> None:
    data = DATA["lif_subthreshold"]
    soma = LeakySoma(**fields(data["params"], LeakySoma))
    for part, current, start in (
        (data["step"], data["step"]["I_pA"], data["params"]["V_rest"]),
        (data["decay"], 0.0, data["decay"]["V0"]),
    ):
        at = np.rint(np.asarray(part["t_ms"]) / 0.1).astype(int)
        run = spark.simulate(soma, np.full(at.max() + 1, current), solver=solver, initial={"potential": start})
        np.testing.assert_allclose(run.potential[at, 0], part["V_mV"], atol=1e-8)


@pytest.mark.usefixtures("x64")
def test_subthreshold_sine() -> None:
    data = DATA["lif_subthreshold"]
    soma = LeakySoma(**fields(data["params"], LeakySoma))
    for row in data["sine_steady_state"]["rows"]:
        if row["f_hz"] > 100:
            continue
        sine = spark.stimuli.Sine(onset=0.0, duration=3000.0, offset=0.0, amplitude=200.0, frequency=row["f_hz"])
        run = spark.simulate(soma, sine, duration=2000.0)
        w = 2 * np.pi * row["f_hz"] / 1000
        expected = -70.0 + row["amplitude_mV"] * np.sin(w * run.time - row["phase_lag_rad"])
        np.testing.assert_allclose(run.potential[10_000:, 0], expected[10_000:], atol=0.01)


@pytest.mark.usefixtures("x64")
def test_threshold_decay() -> None:
    data = DATA["threshold_decay"]["example"]
    soma = AdaptiveLeakySoma(threshold=data["theta0"], threshold_tau=data["tau_theta"])
    at = np.rint(np.asarray(data["t_ms"]) / 0.1).astype(int)
    run = spark.simulate(soma, np.zeros(at.max() + 1), record=("threshold",), initial={"threshold": data["theta_s"]})
    np.testing.assert_allclose(run.threshold[at, 0], data["theta_mV"], atol=1e-8)


@pytest.mark.usefixtures("x64")
def test_steady_interval_with_a_moving_threshold() -> None:
    rows = [r for r in DATA["alif_steady_isi"]["rows"] if r["params"]["t_ref"] == 0 and r["T_steady_ms"] < 60]
    assert rows
    for row in rows:
        soma = AdaptiveLeakySoma(**fields(row["params"], AdaptiveLeakySoma))
        (interval,) = intervals(soma, [row["I_pA"]], 25 * row["params"]["tau_theta"] + 3 * row["T_steady_ms"])
        assert interval == pytest.approx(row["T_steady_ms"], abs=1e-4), row["set"]


def fires(soma, currents: list[float], duration: float) -> list[bool]:
    held = np.broadcast_to(np.asarray(currents), (round(duration / soma.config.dt), len(currents)))
    return [len(times) > 0 for times in spark.simulate(soma, held, record=()).spike_times]


def test_leaky_rheobase() -> None:
    rheobase = DATA["lif_f_I"]["sets"][0]["rheobase_pA"]
    soma = LeakySoma(**fields(DATA["lif_f_I"]["sets"][0]["params"], LeakySoma))
    assert fires(soma, [0.999 * rheobase, 1.001 * rheobase], 500.0) == [False, True]


@pytest.mark.parametrize("entry", DATA["eif_rheobase"], ids=lambda e: e["id"])
def test_exponential_rheobase(entry: dict) -> None:
    soma = ExponentialSoma(**fields(entry["params"], ExponentialSoma))
    rheobase = entry["I_rh_pA"]
    assert fires(soma, [0.99 * rheobase, 1.01 * rheobase], 2000.0) == [False, True]


def test_adaptive_exponential_rheobase_without_coupling() -> None:
    """With a = 0: (V_T - V_rest - Delta_T) / R."""
    soma = AdaptiveExponentialSoma(adaptation_subthreshold=0.0)
    c = soma.config
    rheobase = (c.rheobase_threshold - c.potential_rest - c.spike_slope) / c.resistance
    assert fires(soma, [0.99 * rheobase, 1.01 * rheobase], 2000.0) == [False, True]


def test_izhikevich_rheobase() -> None:
    """Regular spiking from rest (v, u) = (-70, -14): one spike above 2.71, none below."""
    onset = DATA["izhikevich_fixed_points"]["RS_step_thresholds"]["one_spike_from_rest"]
    soma = IzhikevichSoma(resistance=1.0)
    assert fires(soma, [0.995 * onset, 1.005 * onset], 500.0) == [False, True]


@pytest.mark.parametrize("row", DATA["izhikevich_qif_reduction"]["rows"], ids=lambda r: f"I{r['I']:g}c{r['c']:g}")
@pytest.mark.usefixtures("x64")
def test_izhikevich_without_recovery(row: dict) -> None:
    """a = d = 0 leaves a quadratic soma with a closed-form interval."""
    soma = IzhikevichSoma(
        recovery_timescale=0.0,
        recovery_update=0.0,
        potential_reset=row["c"],
        threshold=row["v_peak"],
        resistance=1.0,
        dt=0.01,
    )
    run = spark.simulate(soma, np.full(20_000, row["I"]), initial={"potential": row["c"], "recovery": row["u"]})
    np.testing.assert_allclose(np.diff(run.spike_times[0]), row["T_ms"], atol=1e-4)


@pytest.mark.usefixtures("x64")
def test_a_sharper_upstroke_nears_a_hard_threshold() -> None:
    """The exponential soma, as spike_slope goes to 0, is the leaky one that fires at the rheobase threshold."""
    current = np.full(20_000, 800.0)
    shared: dict[str, Any] = {
        "potential_rest": -65.0,
        "potential_reset": -60.0,
        "potential_tau": 10.0,
        "resistance": 0.03,
    }

    def interval(soma: Soma) -> float:
        return float(np.diff(spark.simulate(soma, current, dt=0.005).spike_times[0])[-1])

    hard = interval(LeakySoma(**shared, threshold=-50.0))
    slopes = np.array([0.8, 0.4, 0.2, 0.1, 0.05])
    gaps = [
        interval(ExponentialSoma(**shared, rheobase_threshold=-50.0, threshold=0.0, spike_slope=slope)) - hard
        for slope in slopes
    ]
    # Beyond V_T the drive g = R I - 15 mV and the upstroke D e^x share the way: tau times the integral over x > 0 of
    # D/(g + D e^x), which is tau D/g log(1 + g/D). It goes to 0 with D; what it leaves out does so faster.
    drive = 0.03 * 800.0 - 15.0
    expected = 10.0 * slopes / drive * np.log(1 + drive / slopes)
    np.testing.assert_allclose(gaps, expected, rtol=0.05)
    assert abs(gaps[-1] / expected[-1] - 1) < 0.02


@pytest.mark.usefixtures("x64")
def test_reductions() -> None:
    """Models of which one contains the other agree where they must."""
    current = spark.stimuli.Step(onset=10.0, duration=150.0)

    def times(soma) -> np.ndarray:
        found = spark.simulate(soma, current, duration=200.0, solver=spark.solvers.RK4()).spike_times[0]
        assert len(found) >= 3
        return found

    plain = times(LeakySoma())
    shared = LeakySoma().config.values()
    np.testing.assert_allclose(times(RefractoryLeakySoma(**shared, cooldown=0.0)), plain, atol=1e-9)
    np.testing.assert_allclose(times(StrictRefractoryLeakySoma(**shared, cooldown=0.0)), plain, atol=1e-9)
    np.testing.assert_allclose(times(AdaptiveLeakySoma(**shared, cooldown=0.0, threshold_delta=0.0)), plain, atol=1e-9)
    exponential = times(ExponentialSoma())
    values = ExponentialSoma().config.values()
    quiet = AdaptiveExponentialSoma(**values, adaptation_delta=0.0, adaptation_subthreshold=0.0)
    np.testing.assert_allclose(times(quiet), exponential, atol=1e-9)
    free = spark.nn.somas.SimplifiedAdaptiveExponentialSoma(**values, cooldown=0.0, threshold_delta=0.0)
    np.testing.assert_allclose(times(free), exponential, atol=1e-9)
