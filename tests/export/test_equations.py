"""Exported equations are the soma's own, at any state; a soma that nobody has seen before is exported as well."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

from spark.core.hybrid import Values
from spark.core.variable import CLOCK, POTENTIAL, Variable
from spark.export import brian2_script
from spark.export.brian2_equations import model_of
from spark.export.brian2_text import FUNCTIONS, text
from spark.export.expressions import derive
from spark.nn.components.somas import LeakySoma, Soma
from spark.stimuli import Step
from tests.common import SOMAS
from tests.export.peers import WORDS, brian2_flow, brian2_reset, random_points, soma_of, with_flow
from tests.test_tenth_soma import declare

KINDS: dict[str, type[Soma]] = SOMAS | {kind.__name__: kind for kind in declare()}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def close(got: float, expected: float, scale: float = 1.0) -> None:
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * scale)


@EVERY
@pytest.mark.usefixtures("x64")
def test_the_derived_expressions_are_the_somas_own(kind: type[Soma]) -> None:
    derived = derive(kind)
    arguments = [*derived.parameters.values(), *derived.state.values(), derived.current]
    flow = sympy.lambdify(arguments, list(derived.flow.values()), "numpy")
    level = sympy.lambdify(arguments, derived.level, "numpy")
    jump = sympy.lambdify(arguments, list(derived.jump.values()), "numpy")
    for p, s, current in random_points(kind):
        values = [*(p[n] for n in derived.parameters), *(s[n] for n in derived.state), current]
        own = kind.system.flow(p, s, jnp.float64(current))
        for name, value in zip(derived.flow, flow(*values), strict=True):
            close(value, float(own[name]), scale=abs(current) + 1e3)
        close(level(*values), float(kind.system.level(p, s)))
        after = kind.system.jump(p, s)
        for name, value in zip(derived.jump, jump(*values), strict=True):
            close(value, float(after[name]))


@EVERY
@pytest.mark.usefixtures("x64")
def test_what_brian2_is_told_is_the_somas_own(kind: type[Soma]) -> None:
    """Flag, clip and sum over conditions included, in and after the refractory period."""
    model = model_of(kind)
    for p, s, current in random_points(kind, seed=1):
        own = kind.system.flow(p, s, jnp.float64(current))
        for name, value in brian2_flow(model, p, s, current).items():
            close(value, float(own[name]), scale=abs(current) + 1e3)
        after = kind.system.jump(p, s)
        for name, value in brian2_reset(model, p, s).items():
            close(value, float(after[name]))
        names = {model.parameters[n]: v for n, v in p.items()} | {model.state[n]: s[n] for n in model.state}
        assert eval(model.threshold, WORDS | names) == bool(kind.system.event(p, s) > 0)
        if CLOCK.name in s:
            close(float(model.pauses(Values({n: np.array([v]) for n, v in p.items()}))[0]), float(after[CLOCK.name]))


@EVERY
def test_every_equation_has_the_unit_of_its_variable(kind: type[Soma]) -> None:
    """Numbers in the declared units, time in ms: each line says the unit, and each quantity asked for is given."""
    model = model_of(kind)
    variables = [v for v in kind.system.variables if v.name != CLOCK.name]
    for line, variable in zip(model.equations, variables, strict=True):
        assert line.startswith(f"d{model.state[variable.name]}/dt = (") and ")/ms : 1" in line
        assert line.endswith(f"# {', '.join(filter(None, (variable.unit, variable.words)))}")
    script = brian2_script(kind(), Step())
    given = {
        name for field, name in model.parameters.items() if f'"{name}": {getattr(kind().config, field)!r},' in script
    }
    assert given == model.used


def test_names_are_those_of_the_papers() -> None:
    model = model_of(SOMAS["AdaptiveExponentialSoma"])
    assert list(model.state.values()) == ["V", "w"]
    assert {"V_rest", "Delta_T", "tau_m", "a", "b"} <= model.used
    assert model_of(SOMAS["AdaptiveLeakySoma"]).state["threshold"] == "theta"


def test_symbols_that_collide_are_named_after_their_fields() -> None:
    time_like = Variable("gate", "t", "", "a gate whose symbol is Brian2's time")
    twin = Variable("recovery", "V", "mV", "a variable with the potential's symbol")
    kind = soma_of(
        "CollidingSoma",
        initial=lambda p, v: Values(potential=v, gate=0.0 * v, recovery=0.0 * v),
        flow=lambda p, s, i: LeakySoma.system.flow(p, s, i) | {"gate": -s.gate, "recovery": -s.recovery},
        variables=(POTENTIAL, time_like, twin),
    )
    assert model_of(kind).state == {"potential": "V", "gate": "gate", "recovery": "recovery"}


@pytest.mark.parametrize(
    "function",
    [
        lambda v: jnp.maximum(v, -60.0) + jnp.minimum(v, 2 * v),
        lambda v: jnp.clip(v, -70.0, -50.0) ** 3,
        lambda v: jnp.where((v > -60.0) & ~(v > -40.0), 1.5, jnp.where(v < -80.0, v, 0.0)),
        lambda v: (v > -60.0).astype(float) + jnp.sign(v + 60.0),
        lambda v: jax.nn.sigmoid((v + 50.0) / 7) + jax.nn.softplus(0.0 * v) + jnp.tanh(v / 50),
        lambda v: jnp.sqrt(jnp.abs(v)) + jnp.log(v * v + 1) + jnp.log1p(v * v) + jnp.expm1(v / 100),
        lambda v: jnp.sin(v) * jnp.cos(v) / (1 + jnp.square(v)) + jnp.floor(v) + jnp.ceil(v) + v**-2,
        lambda v: jnp.power(v * v, 0.7) + jnp.exp2(v / 100) + jnp.arctan(v),
    ],
)
@pytest.mark.usefixtures("x64")
def test_every_kind_of_operation_is_told(function: object) -> None:
    kind = with_flow(function)
    model = model_of(kind)
    for p, s, current in random_points(kind, n=20):
        own = kind.system.flow(p, s, jnp.float64(current)).potential
        close(brian2_flow(model, p, s, current)["potential"], float(own), scale=abs(current) + 1e3)


def test_variables_are_reset_at_once() -> None:
    """Brian2 carries statements out one after the other: what was set already is read as it was."""
    kind = soma_of(
        "SwappingSoma",
        initial=lambda p, v: Values(potential=v, gate=0.0 * v),
        flow=lambda p, s, i: LeakySoma.system.flow(p, s, i) | {"gate": -s.gate},
        jump=lambda p, s: Values(potential=s.gate, gate=s.potential),
        variables=(POTENTIAL, Variable("gate", "h", "", "gate")),
    )
    p, s, _ = random_points(kind, n=1)[0]
    assert brian2_reset(model_of(kind), p, s) == {"potential": s.gate, "gate": s.potential}


def test_what_a_refractory_period_does_is_told_in_brian2s_words() -> None:
    free, strict = (model_of(SOMAS[name]).equations[0] for name in ("RefractoryLeakySoma", "StrictRefractoryLeakySoma"))
    assert "int(not_refractory)*I" in free and "unless" not in free
    assert "(unless refractory)" in strict and "not_refractory" not in strict
    assert model_of(SOMAS["RefractoryLeakySoma"]).refractory == "t_ref"


def test_the_integrator_is_exact_where_it_can_be() -> None:
    methods = {name: model_of(kind).method for name, kind in SOMAS.items()}
    assert methods["LeakySoma"] == methods["AdaptiveLeakySoma"] == "exponential_euler"
    assert methods["ExponentialSoma"] == methods["IzhikevichSoma"] == "euler"


def test_an_operation_that_is_not_known_is_named() -> None:
    with pytest.raises(
        ValueError, match="the flow of OddSoma uses JAX's operation 'erf_inv', which cannot be exported"
    ):
        derive(with_flow(lambda v: jax.scipy.special.erfinv(v / 1000)))


def test_a_function_that_brian2_lacks_is_named() -> None:
    assert "erf" not in FUNCTIONS
    with pytest.raises(ValueError, match="Brian2 has no function 'erf'"):
        model_of(with_flow(lambda v: jax.scipy.special.erf(v / 50)))


def clocked(**changes: object) -> type[Soma]:
    system = SOMAS["RefractoryLeakySoma"].system
    parts = {name: getattr(system, name) for name in ("initial", "flow", "level", "jump", "rates", "variables")}
    kind = soma_of("ClockedSoma", **(parts | changes))
    kind.config_class = SOMAS["RefractoryLeakySoma"].config_class
    return kind


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"flow": lambda p, s, i: Values(potential=-s.refractory * s.potential, refractory=0.0 * s.refractory)},
            "the flow of potential of ClockedSoma reads how long its refractory clock still runs",
        ),
        ({"level": lambda p, s: p.threshold + s.refractory}, "the level or jump of ClockedSoma reads its refractory"),
        (
            {"jump": lambda p, s: s | {"potential": p.potential_reset, "refractory": s.potential + 70.0}},
            "the refractory period of ClockedSoma depends on its state",
        ),
    ],
)
def test_what_brian2_cannot_represent_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        model_of(clocked(**changes))


@pytest.mark.usefixtures("x64")
def test_a_flow_that_changes_in_the_refractory_period_is_told_in_both_forms() -> None:
    def flow(p: Values, s: Values, i: jax.Array) -> Values:
        slope = jnp.where(s.refractory > 0, 3.0 * s.potential, i - s.potential)
        return Values(potential=slope, refractory=0.0 * s.refractory)

    kind = clocked(flow=flow)
    model = model_of(kind)
    for p, s, current in random_points(kind, n=20):
        close(brian2_flow(model, p, s, current)["potential"], float(flow(p, s, jnp.asarray(current)).potential), 1e3)


def test_numbers_keep_all_their_digits() -> None:
    x = sympy.Symbol("x", real=True)
    assert text(x * sympy.Float(1 / 3, 17)) == "0.3333333333333333*x"
