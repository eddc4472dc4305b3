"""The documented API, name by name."""

import importlib
import inspect
import pkgutil
from importlib import resources
from typing import Any, get_type_hints

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.core.payloads import CurrentArray, PotentialArray, SpikeArray
from spark.core.specs import PortSpecs
from spark.nn.components.base import Component
from spark.nn.components.somas import base
from spark.nn.initializers import Constant
from spark.nn.initializers.base import Initializer
from tests.common import OWN, SOMAS, each

LEAKY = ("potential_rest", "potential_reset", "potential_tau", "resistance", "threshold")
EXPONENTIAL = (*LEAKY, "rheobase_threshold", "spike_slope")
ADAPTING = ("adaptation_tau", "adaptation_delta", "adaptation_subthreshold")
MOVING = ("threshold_tau", "threshold_delta")
# The documented API, listed by hand on purpose. Class: module, base, fields.
DOCUMENTED = {
    "LeakySoma": ("leaky", "Soma", LEAKY),
    "RefractoryLeakySoma": ("leaky", "LeakySoma", (*LEAKY, "cooldown")),
    "StrictRefractoryLeakySoma": ("leaky", "RefractoryLeakySoma", (*LEAKY, "cooldown")),
    "AdaptiveLeakySoma": ("leaky", "RefractoryLeakySoma", (*LEAKY, "cooldown", *MOVING)),
    "ExponentialSoma": ("exponential", "Soma", EXPONENTIAL),
    "RefractoryExponentialSoma": ("exponential", "ExponentialSoma", (*EXPONENTIAL, "cooldown")),
    "AdaptiveExponentialSoma": (
        "exponential",
        "ExponentialSoma",
        (*EXPONENTIAL, *ADAPTING),
    ),
    "SimplifiedAdaptiveExponentialSoma": (
        "exponential",
        "RefractoryExponentialSoma",
        (*EXPONENTIAL, "cooldown", *MOVING),
    ),
    "RefractoryAdaptiveExponentialSoma": (
        "refractory_adaptive",
        "AdaptiveExponentialSoma",
        (*EXPONENTIAL, "cooldown", *ADAPTING),
    ),
    "StrictRefractoryAdaptiveExponentialSoma": (
        "refractory_adaptive",
        "RefractoryAdaptiveExponentialSoma",
        (*EXPONENTIAL, "cooldown", *ADAPTING),
    ),
    "IzhikevichSoma": (
        "izhikevich",
        "Soma",
        (
            "potential_rest",
            "potential_reset",
            "resistance",
            "threshold",
            "recovery_timescale",
            "recovery_sensitivity",
            "recovery_update",
        ),
    ),
}
EVERY_SOMA = pytest.mark.parametrize("name", DOCUMENTED)
EACH_SOMA = pytest.mark.parametrize("name", each(DOCUMENTED))
FIELDS = [(name, field) for name, (_, _, fields) in DOCUMENTED.items() for field in fields]


def test_the_catalogue_holds_what_is_documented() -> None:
    assert set(OWN) == set(DOCUMENTED)
    home = importlib.import_module("spark.nn.components.somas")
    for name in ("Soma", "SomaOutput", *DOCUMENTED, *(f"{name}Config" for name in DOCUMENTED)):
        assert getattr(spark.nn.somas, name) is getattr(home, name)


@EVERY_SOMA
def test_names_modules_and_bases(name: str) -> None:
    module, parent, _ = DOCUMENTED[name]
    home = importlib.import_module(f"spark.nn.components.somas.{module}")
    kind, config = getattr(spark.nn.somas, name), getattr(spark.nn.somas, f"{name}Config")
    assert kind is getattr(home, name) and config is getattr(home, f"{name}Config")
    assert kind.__module__ == config.__module__ == home.__name__
    assert [base.__name__ for base in kind.__bases__] == [parent]
    assert [base.__name__ for base in config.__bases__] == [f"{parent}Config"]
    assert get_type_hints(kind)["config"] is config
    assert kind.config_class is config


def test_the_root_of_the_hierarchy() -> None:
    assert issubclass(base.Soma, Component)
    assert base.Soma.__module__ == "spark.nn.components.somas.base"
    assert get_type_hints(base.SomaOutput) == {"spikes": SpikeArray, "potential": PotentialArray}
    assert SpikeArray.__module__ == CurrentArray.__module__ == "spark.core.payloads"
    assert PortSpecs.__module__ == "spark.core.specs"
    assert Initializer.__module__ == "spark.nn.initializers.base"
    with pytest.raises(TypeError):
        spark.nn.somas.Soma()


@EVERY_SOMA
def test_signatures(name: str) -> None:
    kind = SOMAS[name]
    assert str(inspect.signature(kind.__init__)).startswith("(self, config: 'ConfigT | None' = None, **kwargs")
    assert list(inspect.signature(kind.build).parameters) == ["self", "input_specs"]
    assert list(inspect.signature(kind.reset).parameters) == ["self"]
    assert list(inspect.signature(kind.__call__).parameters) == ["self", "current"]
    init = inspect.signature(kind.config_class.__init__).parameters
    assert init["__skip_validation__"].default is False
    assert [p.name for p in init.values() if p.kind is p.VAR_KEYWORD] == ["kwargs"]


def test_simulate_signature() -> None:
    parameters = inspect.signature(spark.simulate).parameters
    assert list(parameters)[:2] == ["soma", "current"]
    keywords = {p.name: p.default for p in parameters.values() if p.kind is p.KEYWORD_ONLY}
    assert keywords == {
        "dt": None,
        "duration": None,
        "events": True,
        "traces": None,
        "solver": None,
        "units": None,
        "record": ("potential",),
        "key": None,
        "initial": None,
        "progress": None,
        "sharding": None,
        "every": 1,
        "backend": "auto",
        "device": "auto",
    }


@EVERY_SOMA
def test_config_fields(name: str) -> None:
    own = set(DOCUMENTED[name][2])
    common = {"units", "dt", "dtype", "seed", "solver"}
    assert set(SOMAS[name].config_class.fields()) == own | common
    assert set(SOMAS[name].config_class.quantities()) == own | {"dt"}


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_field_takes_a_float_an_array_and_an_initializer(name: str, field: str) -> None:
    kind = SOMAS[name]
    value = getattr(kind().config, field)
    assert isinstance(value, float)
    for given in (value, np.float32(value), jnp.asarray(value)):
        assert getattr(kind(**{field: given}).config, field) == pytest.approx(value, rel=1e-6)
    each: tuple[Any, ...] = (jnp.full(3, value), np.full(3, value), [value] * 3, Constant(value))
    for given in each:
        soma = kind(**{field: given})
        np.testing.assert_allclose(soma.parameters((3,))[field], value, rtol=1e-6)
        assert spark.simulate(soma, np.zeros(2), units=3).potential.shape == (2, 3)


@EVERY_SOMA
def test_skip_validation(name: str) -> None:
    config = SOMAS[name].config_class
    with pytest.raises(ValueError, match="potential_reset"):
        config(potential_reset=5000.0)
    assert config(__skip_validation__=True, potential_reset=5000.0).potential_reset == 5000.0
    with pytest.raises(TypeError):
        config(__skip_validation__=True, potential_reset="low")


@EACH_SOMA
def test_build_call_reset(name: str) -> None:
    soma = SOMAS[name]()
    assert soma.build({"current": PortSpecs(CurrentArray, (2, 3))}) is None
    start = {k: np.asarray(v) for k, v in soma.state.items()}
    out = soma(CurrentArray(jnp.full((2, 3), 1e5)))
    for _ in range(40):
        out = soma(CurrentArray(jnp.full((2, 3), 1e5)))
    assert set(out) == {"spikes", "potential"}
    assert isinstance(out["spikes"], SpikeArray) and isinstance(out["potential"], PotentialArray)
    assert out["spikes"].shape == out["potential"].shape == (2, 3)
    assert out["spikes"].dtype == bool and out["potential"].dtype == np.float32
    assert any((np.asarray(soma.state[k]) != v).any() for k, v in start.items())
    assert soma.reset() is None
    for variable, value in start.items():
        np.testing.assert_array_equal(soma.state[variable], value)


@EACH_SOMA
def test_the_first_call_builds(name: str) -> None:
    out = SOMAS[name]()(CurrentArray(jnp.zeros(5)))
    assert out["potential"].shape == (5,)
    np.testing.assert_allclose(np.asarray(out["potential"]), SOMAS[name]().config.potential_rest, atol=0.1)
    assert SOMAS[name]()(np.zeros((2, 2)))["spikes"].shape == (2, 2)


def test_what_does_not_fit_is_refused() -> None:
    soma = spark.nn.somas.LeakySoma(units=4)
    with pytest.raises(ValueError, match="units"):
        soma(np.zeros(3))
    with pytest.raises(ValueError, match="current"):
        soma.build({"voltage": PortSpecs(CurrentArray, (4,))})
    with pytest.raises(RuntimeError, match="not built"):
        spark.nn.somas.LeakySoma().reset()
    soma(np.zeros(4))
    with pytest.raises(ValueError, match=r"\(4,\).*\(5,\)"):
        soma(np.zeros(5))
    with pytest.raises(ValueError, match="at least 1"):
        PortSpecs(CurrentArray, (0,))


def test_keywords_win_over_the_config() -> None:
    config = spark.nn.somas.LeakySomaConfig(threshold=-52.0, resistance=0.1)
    soma = spark.nn.somas.LeakySoma(config, threshold=-51.0)
    assert (soma.config.threshold, soma.config.resistance) == (-51.0, 0.1)
    assert config.threshold == -52.0
    assert spark.nn.somas.LeakySoma(config).config is config
    with pytest.raises(TypeError, match="LeakySomaConfig"):
        spark.nn.somas.LeakySoma(spark.nn.somas.IzhikevichSomaConfig())  # type: ignore[arg-type]


def test_payloads_are_pytrees_and_arrays() -> None:
    current = CurrentArray(jnp.arange(3.0))
    doubled = jax.jit(lambda c: CurrentArray(2 * c.value))(current)
    assert isinstance(doubled, CurrentArray)
    np.testing.assert_array_equal(np.asarray(doubled), [0, 2, 4])
    np.testing.assert_array_equal(jnp.asarray(current), [0, 1, 2])


def test_py_typed() -> None:
    assert resources.files("spark").joinpath("py.typed").is_file()


def test_every_public_thing_says_what_it_is() -> None:
    missing = []
    for info in pkgutil.walk_packages(spark.__path__, "spark."):
        module = importlib.import_module(info.name)
        if not module.__doc__:
            missing.append(info.name)
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != info.name:
                continue
            if "<locals>" in getattr(thing, "__qualname__", ""):
                continue
            if (inspect.isclass(thing) or inspect.isfunction(thing)) and not vars(thing).get("__doc__", thing.__doc__):
                missing.append(f"{info.name}.{name}")
    assert not missing


@EVERY_SOMA
def test_somas_name_equations_units_and_sources(name: str) -> None:
    kind = SOMAS[name]
    assert "Init:" in (kind.__doc__ or "") and "Reference:" in (kind.__doc__ or "")
    told = " ".join(base.__doc__ or "" for base in kind.__mro__ if base is not spark.nn.somas.Soma)  # "as LeakySoma"
    assert "http" in told and "mV" in told and "math::" in told
    assert kind.equations and kind.references and kind.title
    assert all(reference.url.startswith("https://") for reference in (*kind.references, kind.parameter_source))


@pytest.mark.parametrize(
    "change",
    [{"threshold": -60.0}, {"dt": 1.0}, {"solver": spark.solvers.Euler()}],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_config_acts_from_the_next_reset_on(change: dict[str, Any]) -> None:
    def steps(soma: Any) -> list[float]:
        return [float(soma(np.full(1, 500.0))["potential"].value[0]) for _ in range(100)]

    soma, twin = spark.nn.somas.LeakySoma(), spark.nn.somas.LeakySoma()
    steps(soma), steps(twin)
    soma.config.update(**change)
    assert steps(soma) == steps(twin)
    soma.reset()
    changed = steps(soma)
    assert changed == steps(spark.nn.somas.LeakySoma(**change)) != steps(spark.nn.somas.LeakySoma())
    run = spark.simulate(spark.nn.somas.LeakySoma(**change), 500.0, duration=100.0)  # which reads it as it is
    assert run.dt == change.get("dt", 0.1) and run.solver == change.get("solver", run.solver)
