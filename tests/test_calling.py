"""One style of calling in `spark.analysis`: what is about a neuron takes a soma."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import spark
from spark import analysis
from spark.analysis import phase_plane
from spark.analysis.silence import silence
from spark.nn.components.somas import LeakySoma, Soma
from spark.nn.initializers import Normal
from tests.common import SOMAS

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "rheobase": (analysis.rheobase, ()),
    "fixed_points": (analysis.fixed_points, (100.0,)),
    "nullclines": (analysis.nullclines, (100.0, -80.0, -40.0, 20)),
    "rate": (phase_plane.rate, (100.0, -80.0, -40.0, 20)),
    "field": (phase_plane.field, (100.0, np.array([-70.0]), np.array([0.0]))),
    "summary": (phase_plane.summary, (100.0,)),
    "adaptation_map": (analysis.adaptation_map, (600.0, None)),
    "silence": (silence, (0.0,)),
    "theory_rate": (analysis.theory_rate, ([300.0, 900.0],)),
}
OPTIONS: dict[str, dict[str, Any]] = {"adaptation_map": {"n": 12, "horizon": 200.0}}


def outcome(function: Callable[..., Any], *args: Any, **options: Any) -> str:
    """What a call gives or says, as text."""
    try:
        return repr(function(*args, **options))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ["LeakySoma", "AdaptiveLeakySoma", "AdaptiveExponentialSoma", "IzhikevichSoma"])
def test_a_soma_does_for_class_and_values(name: str, call: str) -> None:
    function, given = CALLS[call]
    options = OPTIONS.get(call, {})
    soma = SOMAS[name]()
    soma.config.resistance = 1.1 * soma.config.resistance
    values = {field: getattr(soma.config, field) for field in soma.config.per_unit()}
    told = outcome(function, soma, *given, **options)
    assert told == outcome(function, type(soma), values, *given, **options)
    assert told == outcome(function, soma, values, *given, **options)
    assert told != outcome(function, type(soma)(), *given, **options) or "no closed form" in told or "has no" in told


def test_every_function_of_a_neuron_is_called_alike() -> None:
    """Whatever takes a class and its values is in the list above, and so takes a soma."""
    found = set()
    for info in pkgutil.iter_modules(analysis.__path__):
        module = importlib.import_module(f"spark.analysis.{info.name}")
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            first = list(inspect.signature(inspect.unwrap(function)).parameters)[:2]
            if first in (["kind", "parameters"], ["kind", "params"], ["kind", "values"]):
                found.add(name)
    inner = {"neuron_of", "one_neuron"}
    assert found - inner == set(CALLS)


def test_help_shows_the_way_that_most_take() -> None:
    assert list(inspect.signature(analysis.rheobase).parameters) == ["soma"]
    assert list(inspect.signature(analysis.fixed_points).parameters)[:2] == ["soma", "current"]


def test_keywords_and_what_is_only_of_a_class() -> None:
    soma: Soma[Any] = LeakySoma(threshold=-50.0)
    values = dict(soma.config.values())
    assert analysis.rheobase(LeakySoma, parameters=values) == analysis.rheobase(soma)  # type: ignore[call-overload]
    assert analysis.fixed_points(soma, current=100.0) == analysis.fixed_points(LeakySoma, values, 100.0)
    assert analysis.current_names(soma) == analysis.current_names(LeakySoma)
    assert analysis.plane_of(soma) == analysis.plane_of(LeakySoma)


@pytest.mark.parametrize("values", [np.array([-50.0, -51.0]), Normal(-50.0, 1.0)])
def test_a_population_is_no_neuron(values: Any) -> None:
    with pytest.raises(ValueError, match=r"LeakySoma\.threshold = .* is not one number: this is about one neuron"):
        analysis.rheobase(LeakySoma(threshold=values))
    one = analysis.single_neuron(spark.simulate(LeakySoma(threshold=values), 100.0, units=2, duration=1.0, key=None), 1)
    assert analysis.rheobase(one).current is not None
    assert analysis.rheobase(LeakySoma(threshold=np.array([-50.0]))) == analysis.rheobase(LeakySoma(threshold=-50.0))


@pytest.mark.parametrize("wrong", [3, "LeakySoma", spark.stimuli.Step])
def test_what_is_no_soma_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError):
        analysis.rheobase(wrong)
    with pytest.raises(TypeError, match="this takes a soma such as"):
        analysis.rheobase(wrong, {})
