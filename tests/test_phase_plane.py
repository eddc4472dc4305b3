"""The phase plane of every soma: its curves against the flow, its points against closed forms and simulations."""

import subprocess
import sys

import jax
import numpy as np
import pytest
from scipy.special import lambertw

import spark
from spark.analysis import phase_plane as pp
from spark.analysis.host import equations
from spark.core.hybrid import Values
from spark.presets import presets
from spark.simulation.simulate import variables
from tests.common import SOMAS, each


def plane_of(kind) -> pp.Plane:
    found = pp.plane_of(kind)
    assert isinstance(found, pp.Plane), found
    return found


def limit_of(kind, p) -> float:
    current = pp.rheobase(kind, p).current
    assert current is not None
    return current


PLANAR = [name for name, kind in SOMAS.items() if plane_of(kind).second]
LINEAR = [name for name in SOMAS if name not in PLANAR]
ADEX, IZHIKEVICH = SOMAS["AdaptiveExponentialSoma"], SOMAS["IzhikevichSoma"]
CURRENTS = (-100.0, 0.0, 150.0, 400.0)


def values(soma) -> dict[str, float]:
    return {name: float(value[0]) for name, value in soma.drawn((1,)).items()}


def defaults(name: str) -> dict[str, float]:
    return values(SOMAS[name]())


CASES = {name: (kind, defaults(name)) for name, kind in SOMAS.items()} | {
    key: (SOMAS[preset.soma], values(preset.make_soma())) for key, preset in presets().items()
}


def flow(kind, p, current, v, x) -> np.ndarray:
    """dV/dt and dx/dt by JAX itself, float64."""
    plane = plane_of(kind)
    here = {"potential": v, plane.second: x, "refractory": 0.0}
    state = Values({name: np.asarray(here[name], float) for name in equations(kind).state})
    with jax.enable_x64(True):
        ds = kind.system.flow(Values({k: np.float64(n) for k, n in p.items()}), state, np.float64(current))
    names = ("potential", plane.second) if plane.second else ("potential",)
    return np.array([np.broadcast_to(np.asarray(ds[name]), np.shape(v)) for name in names])


@pytest.mark.parametrize("name", SOMAS)
def test_the_host_evaluates_the_flow_itself(name):
    kind, its = SOMAS[name], equations(SOMAS[name])
    p = Values({k: np.float64(n) for k, n in defaults(name).items()})
    random = np.random.default_rng(0)
    s = Values({n: random.uniform(-80, 20, 50) for n in its.state})
    if "refractory" in s:
        s["refractory"] = random.choice([0.0, 1.5], 50)
    current = random.uniform(-500, 1500, 50)
    with jax.enable_x64(True):
        expected = kind.system.flow(p, s, current)
    for of, slope in its.flow(p, s, current).items():
        np.testing.assert_allclose(slope, expected[of], rtol=1e-13, atol=1e-13)
    slopes = its.slopes(p, s, current)
    for by in slopes:
        ahead, behind = (its.flow(p, s | {by: s[by] + h}, current) for h in (1e-5, -1e-5))
        for of, slope in slopes[by].items():
            difference = (ahead[of] - behind[of]) / 2e-5
            scale = np.abs(expected[of]) + 1
            assert np.all(np.abs(slope - difference) < 1e-6 * scale + 1e-6 * np.abs(slope)), (of, by)


@pytest.mark.parametrize("name", SOMAS)
def test_the_plane_is_read_off_the_state(name):
    plane = pp.plane_of(SOMAS[name])
    assert isinstance(plane, pp.Plane)
    assert plane == pp.plane_of(SOMAS[name]())
    assert {"potential", plane.second} - {None} == set(equations(SOMAS[name]).state) - {"refractory"}
    assert set(plane.record) <= set(variables(SOMAS[name]))
    assert plane.unit


@pytest.mark.parametrize("current", CURRENTS)
@pytest.mark.parametrize("name", PLANAR)
def test_the_flow_is_zero_on_its_nullclines(name, current):
    kind, p = SOMAS[name], defaults(name)
    found = pp.nullclines(kind, p, current, -95.0, -25.0, 300)
    assert found.potential
    for branch in found.potential:
        branch = branch.clipped(-150.0, 50.0) if np.isinf(branch.second).any() else branch
        dv, _ = flow(kind, p, current, branch.potential, branch.second)
        # What cancels is as large as the upstroke's own speed, D exp((V - V_T)/D)/tau.
        scale = 1 + np.abs(flow(kind, p, current, branch.potential, 0.0)[0])
        assert branch.potential.size > 1
        assert np.all(np.abs(dv) < 1e-12 * scale)
    _, dx = flow(kind, p, current, found.second.potential, found.second.second)
    assert np.all(np.abs(dx) < 1e-12)
    its = equations(kind)
    names = {"potential", plane_of(kind).second, "refractory"}
    firing = found.firing.clipped(-80.0, 40.0) if np.isinf(found.firing.second).any() else found.firing
    here = {plane_of(kind).second: firing.second, "potential": firing.potential, "refractory": 0.0}
    s = Values({n: here[n] for n in its.state if n in names})
    np.testing.assert_allclose(its.level(Values({k: np.float64(n) for k, n in p.items()}), s), firing.potential)
    assert set(found.reset.potential) == {p["potential_reset"]}


def test_nullclines_in_the_words_of_the_papers():
    p, v = defaults("AdaptiveExponentialSoma"), np.linspace(-90.0, -40.0, 400)
    found = pp.nullclines(ADEX, p, 500.0, -90.0, -40.0)
    upstroke = p["spike_slope"] * np.exp((v - p["rheobase_threshold"]) / p["spike_slope"])
    np.testing.assert_allclose(found.potential[0].potential, v)
    np.testing.assert_allclose(
        found.potential[0].second, (p["potential_rest"] - v + upstroke) / p["resistance"] + 500.0, atol=1e-9
    )
    np.testing.assert_allclose(found.second.second, p["adaptation_subthreshold"] * (v - p["potential_rest"]), atol=1e-9)
    p = defaults("IzhikevichSoma")
    found = pp.nullclines(IZHIKEVICH, p, 500.0, -90.0, -40.0)
    np.testing.assert_allclose(
        found.potential[0].second, 0.04 * v**2 + 5 * v + 140 + p["resistance"] * 500.0, atol=1e-9
    )
    np.testing.assert_allclose(found.second.second, p["recovery_sensitivity"] * v, atol=1e-12)
    p = defaults("AdaptiveLeakySoma")
    (line,) = pp.nullclines(SOMAS["AdaptiveLeakySoma"], p, 300.0, -90.0, -40.0).potential
    np.testing.assert_allclose(line.potential, p["potential_rest"] + p["resistance"] * 300.0)
    assert list(line.second) == [-np.inf, np.inf]
    assert pp.nullclines(SOMAS["AdaptiveLeakySoma"], p, 3000.0, -90.0, -40.0).potential == ()


@pytest.mark.parametrize("name", SOMAS)
def test_field_and_rate_are_the_flow(name):
    kind, p = SOMAS[name], defaults(name)
    v, x = np.linspace(-90.0, -35.0, 7), np.linspace(-60.0, 20.0, 5)
    grid = pp.field(kind, p, 200.0, v, x)
    expected = flow(kind, p, 200.0, *np.broadcast_arrays(v[None, :], x[:, None]))
    np.testing.assert_allclose(grid.potential_rate, expected[0], rtol=1e-12)
    assert grid.potential_rate.shape == grid.second_rate.shape == (5, 7)
    if name in PLANAR:
        np.testing.assert_allclose(grid.second_rate, expected[1], rtol=1e-12)
    else:
        curve = pp.rate(kind, p, 200.0, -90.0, -35.0, 7)
        np.testing.assert_allclose(curve.second, expected[0][0], rtol=1e-12)
        assert not grid.second_rate.any()


def differences(kind, p, current, v, x) -> np.ndarray:
    h, n = 1e-5, 2 if plane_of(kind).second else 1
    columns = [(h, 0.0), (0.0, h)][:n]
    ends = [(flow(kind, p, current, v + a, x + b), flow(kind, p, current, v - a, x - b)) for a, b in columns]
    return np.array([(ahead - behind) / (2 * h) for ahead, behind in ends]).T


@pytest.mark.parametrize("name", CASES)
def test_fixed_points_are_zeros_of_the_flow_with_its_eigenvalues(name):
    kind, p = CASES[name]
    unit = 0.02 / p["resistance"]  # the papers of Izhikevich give currents 50 times as small
    for current in CURRENTS:
        points = pp.fixed_points(kind, p, current * unit)
        assert [point.potential for point in points] == sorted(point.potential for point in points)
        for point in points:
            v, x = point.potential, 0.0 if point.second is None else point.second
            assert np.all(np.abs(flow(kind, p, current * unit, v, x)) < 1e-10)
            expected = np.linalg.eig(differences(kind, p, current * unit, v, x)).eigenvalues
            np.testing.assert_allclose(
                np.sort_complex(point.eigenvalues), np.sort_complex(expected), rtol=1e-3, atol=1e-6
            )
            real = np.real(expected)
            turning = np.abs(np.imag(expected)).max() > 0
            if point.type != "degenerate":
                assert ("unstable" if real.min() > 0 else "stable" if real.max() < 0 else "saddle") in point.type
                assert ("focus" in point.type) == turning


def lambert(p, current) -> list[float]:
    """(1 + a R)(V - V_rest) = R I + D exp((V - V_T)/D), solved by both branches of Lambert's W."""
    k, d = 1 + p["adaptation_subthreshold"] * p["resistance"], p["spike_slope"]
    foot = p["potential_rest"] + p["resistance"] * current / k
    exponent = (foot - p["rheobase_threshold"]) / d - np.log(k)
    if exponent > -1:
        return []
    assert exponent > -700, "the exponential would underflow: take a smaller current"
    return sorted(float((foot - d * lambertw(-np.exp(exponent), branch)).real) for branch in (0, -1))


@pytest.mark.parametrize("name", [key for key, (kind, _) in CASES.items() if kind is ADEX])
def test_the_fixed_points_of_adex_are_lamberts(name):
    _, p = CASES[name]
    if 1 + p["adaptation_subthreshold"] * p["resistance"] <= 1e-6:
        return  # there the linear part is gone: one point, by the logarithm alone
    for current in (-1000.0, -100.0, 0.0, 20.0, 200.0, 600.0, 5000.0):
        found = [point.potential for point in pp.fixed_points(ADEX, p, current)]
        np.testing.assert_allclose(found, lambert(p, current), rtol=1e-9)


@pytest.mark.parametrize("name", [key for key, (kind, _) in CASES.items() if kind is IZHIKEVICH])
def test_the_fixed_points_of_izhikevich_are_roots_of_a_quadratic(name):
    _, p = CASES[name]
    for drive in (-50.0, -1.0, 0.0, 3.0, 5.0, 30.0):
        roots = np.roots([0.04, 5 - p["recovery_sensitivity"], 140 + drive])
        expected = sorted(roots.real) if np.isreal(roots).all() else []
        found = pp.fixed_points(IZHIKEVICH, p, drive / p["resistance"])
        np.testing.assert_allclose([point.potential for point in found], expected, rtol=1e-8)
        for point in found:
            assert point.second == pytest.approx(p["recovery_sensitivity"] * point.potential)


def test_the_cells_of_izhikevichs_paper():
    _, rs = CASES["izhikevich2003_rs"]
    assert [point.type for point in pp.fixed_points(IZHIKEVICH, rs, 0.0)] == ["stable node", "saddle"]
    assert pp.fixed_points(IZHIKEVICH, rs, 10.0) == ()
    _, rz = CASES["izhikevich2003_rz"]  # a resonator: it rings at rest
    assert [point.type for point in pp.fixed_points(IZHIKEVICH, rz, 0.0)] == ["stable focus", "saddle"]
    _, class2 = CASES["izhikevich2003_fs"]
    limit = limit_of(IZHIKEVICH, class2)
    above = pp.fixed_points(IZHIKEVICH, class2, limit * (1 + 1e-4))[0]
    assert above.type == "unstable focus" and not above.stable


def test_two_points_merge_into_a_degenerate_one():
    p = defaults("ExponentialSoma")
    limit = limit_of(SOMAS["ExponentialSoma"], p)
    (point,) = pp.fixed_points(SOMAS["ExponentialSoma"], p, limit)
    assert point.type == "degenerate" and point.potential == pytest.approx(p["rheobase_threshold"], abs=1e-5)
    assert len(pp.fixed_points(SOMAS["ExponentialSoma"], p, limit - 1e-6)) == 2
    assert pp.fixed_points(SOMAS["ExponentialSoma"], p, limit + 1e-6) == ()


def closed_rheobase(kind, p) -> tuple[float | None, str]:
    rest, gain = p["potential_rest"], p["resistance"]
    if kind is IZHIKEVICH:
        a, b = p["recovery_timescale"], p["recovery_sensitivity"]
        v, name = ((a - 5) / 0.08, "Hopf") if a < b else ((b - 5) / 0.08, "saddle-node")
        return -(0.04 * v * v + (5 - b) * v + 140) / gain, name
    if "spike_slope" not in p:
        return (p["threshold"] - rest) / gain, "threshold"
    d, k, ratio = p["spike_slope"], 1 + p.get("adaptation_subthreshold", 0.0) * gain, 0.0
    if "adaptation_tau" in p:
        ratio = p["potential_tau"] / p["adaptation_tau"]
    if k < 1e-6:
        return None, ""
    growth, name = (1 + ratio, "Hopf") if k - 1 > ratio > 0 else (k, "saddle-node")
    v = p["rheobase_threshold"] + d * np.log(growth)
    if p["threshold"] <= v:  # a cut-off so low is met before anything bends
        v, name = p["threshold"], "threshold"
        growth = np.exp((v - p["rheobase_threshold"]) / d)
    return (k * (v - rest) - d * growth) / gain, name


@pytest.mark.parametrize("name", [key for key, (_, p) in CASES.items() if p.get("recovery_timescale", 1) > 0])
def test_the_rheobase_in_closed_form(name):
    kind, p = CASES[name]
    found, (current, bifurcation) = pp.rheobase(kind, p), closed_rheobase(kind, p)
    if current is None:
        assert found.current is None and found.reason.endswith("no stable resting state at any current.")
        return
    assert found.current == pytest.approx(current, rel=1e-9, abs=1e-9)
    assert found.bifurcation == bifurcation
    assert found.excitability == (2 if bifurcation == "Hopf" else 1)


def test_inhibition_induced_spiking_rests_between_two_currents():
    kind, p = CASES["izhikevich2004_s_inhibition_induced_spiking"]
    assert p["recovery_timescale"] < 0
    limit = limit_of(kind, p)
    assert any(point.stable for point in pp.fixed_points(kind, p, limit - 1.0))
    assert not any(point.stable for point in pp.fixed_points(kind, p, limit + 1.0))
    assert not any(point.stable for point in pp.fixed_points(kind, p, limit - 15.0))


def starting_at(kind, point) -> dict[str, float]:
    second = plane_of(kind).second
    return {"potential": point.potential} | ({second: point.second} if second else {})


@pytest.mark.parametrize("name", each([*SOMAS, "naud2008_tonic", "naud2008_initial_burst", "izhikevich2003_fs"]))
def test_the_rheobase_is_where_firing_begins(name):
    kind, p = CASES[name]
    limit = limit_of(kind, p)
    below, above = (limit + part * abs(limit) for part in (-0.01, 0.01))
    rest = next(point for point in pp.fixed_points(kind, p, below) if point.stable)
    steps = np.ones(30_000, np.float32)
    runs = [
        spark.simulate(kind(**p), steps * current, dt=0.1, solver=spark.solvers.RK4(), initial=starting_at(kind, rest))
        for current in (below, above)
    ]
    assert [run.spike_times[0].size > 0 for run in runs] == [False, True]


def test_a_soma_that_no_current_moves():
    p = defaults("AdaptiveExponentialSoma") | {"resistance": 0.0}
    assert pp.rheobase(ADEX, p).reason == "AdaptiveExponentialSoma does not respond to a current: its resistance is 0."
    assert pp.nullclines(ADEX, p, 0.0, -80.0, -40.0).potential == ()


@pytest.mark.parametrize(
    ("current", "sentence"),
    [
        (
            100.0,
            "One stable node at V = -62.9 mV, w = 14.3 pA and one saddle at V = -45.4 mV, w = 49.3 pA; "
            "the input of 100 pA is below the rheobase of 256.2 pA (Hopf): it can rest.",
        ),
        (500.0, "No fixed point; the input of 500 pA is above the rheobase of 256.2 pA (Hopf): it fires."),
    ],
)
def test_the_plane_in_words(current, sentence):
    assert pp.summary(ADEX, defaults("AdaptiveExponentialSoma"), current) == sentence


@pytest.mark.parametrize("name", CASES)
def test_every_plane_has_words(name):
    kind, p = CASES[name]
    for current in CURRENTS:
        words = pp.summary(kind, p, current)
        assert words[0].isupper() and words.endswith(".") and "nan" not in words.lower()
    assert "(beyond the firing level)" in pp.summary(SOMAS["LeakySoma"], defaults("LeakySoma"), 500.0)


def test_a_slider_move_never_asks_jax(monkeypatch):
    def everything(name, shift):
        kind, p = SOMAS[name], defaults(name)
        p["resistance"] *= 1 + shift
        curves = pp.nullclines if name in PLANAR else pp.rate
        curves(kind, p, 200.0 + shift, -90.0, -30.0)
        pp.field(kind, p, 200.0 + shift, np.arange(-90.0, -30.0), np.arange(-10.0, 10.0))
        pp.summary(kind, p, 200.0 + shift)

    given = {name: defaults(name) for name in SOMAS}
    for name in SOMAS:
        everything(name, 0.0)
    monkeypatch.setitem(globals(), "defaults", lambda name: dict(given[name]))
    monkeypatch.setattr(jax.extend.core.Primitive, "bind", lambda *_, **__: pytest.fail("JAX was asked"))
    for name in SOMAS:
        everything(name, 0.1)


LEAKY = defaults("LeakySoma")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pp.nullclines(SOMAS["LeakySoma"], LEAKY, 0.0, -90, -30), "LeakySoma has no second variable"),
        (lambda: pp.rate(SOMAS["LeakySoma"], {}, 0.0, -90, -30), "needs its parameter"),
        (lambda: pp.rate(SOMAS["LeakySoma"], LEAKY | {"threshold": np.zeros(3)}, 0.0, -90, -30), "holds 3 values"),
        (lambda: pp.rate(SOMAS["LeakySoma"], LEAKY, 0.0, -30, -90), "low must be below high"),
        (lambda: pp.rate(SOMAS["LeakySoma"], LEAKY, 0.0, -90, -30, 1), "at least 2 points"),
        (lambda: pp.summary(SOMAS["LeakySoma"], LEAKY, np.nan), "current must be finite"),
        (
            lambda: pp.summary(IZHIKEVICH, defaults("IzhikevichSoma") | {"recovery_timescale": 0.0}, 1.0),
            "recovery never moves",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_no_soma_no_plane():
    with pytest.raises(TypeError, match="this takes a soma"):
        pp.plane_of(dict)  # type: ignore[arg-type]


TENTH = """
from dataclasses import replace
import jax, jax.numpy as jnp, numpy as np
from spark.analysis import phase_plane as pp
from spark.nn.components.somas import AdaptiveExponentialSoma, AdaptiveExponentialSomaConfig, AdaptiveLeakySomaConfig
from spark.nn.components.somas import quantities as q
from spark.nn.components.somas.base import Soma
from spark.nn.components.somas.adaptation import adaptation_current, moving_threshold
from spark.nn.components.somas.membranes import leaky

def saturating(p, s, current):  # an adaptation that saturates with the potential, by an operation without a rule
    ds = adaptation_current(leaky).flow(p, s, current)
    return ds | {"adaptation": (50 * jax.lax.erf((s.potential + 50) / 10) - s.adaptation) / p.adaptation_tau}

class Saturating(AdaptiveExponentialSoma):
    system = replace(adaptation_current(leaky), flow=saturating)

class BothConfig(AdaptiveLeakySomaConfig):
    adaptation_tau = q.adaptation_tau(300.0)
    adaptation_delta = q.adaptation_delta(60.0)
    adaptation_subthreshold = q.adaptation_subthreshold(2.0)

class Both(Soma):
    config_class = BothConfig
    system = adaptation_current(moving_threshold(leaky))

class Cubed(AdaptiveExponentialSoma):
    system = replace(
        adaptation_current(leaky),
        flow=lambda p, s, i: adaptation_current(leaky).flow(p, s, i) | {"adaptation": -s.adaptation ** 3},
    )

p = {name: float(value[0]) for name, value in Saturating().drawn((1,)).items()}
assert pp.plane_of(Saturating).form == "explicit"
curves = pp.nullclines(Saturating, p, 100.0, -90.0, -20.0)
from scipy.special import erf
np.testing.assert_allclose(curves.second.second, 50 * erf((curves.second.potential + 50) / 10), atol=1e-9)
(point,) = pp.fixed_points(Saturating, p, 100.0)
v = point.potential
assert abs(p["potential_rest"] - v + p["resistance"] * (100.0 - 50 * erf((v + 50) / 10))) < 1e-9
print(pp.plane_of(Both))
print(pp.plane_of(Cubed))
try:
    pp.summary(Both, {}, 0.0)
except ValueError as error:
    print(error)
"""


def test_a_tenth_soma_works_or_says_why_not():
    # In a process of its own, where a warning is an error.
    done = subprocess.run([sys.executable, "-W", "error", "-c", TENTH], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    two = "Both has 2 variables beside its potential (threshold, adaptation): a plane shows one."
    bent = "Cubed has no phase plane: dadaptation/dt is not linear in adaptation, so it has no nullcline to follow."
    assert done.stdout.splitlines() == [two, bent, two]
