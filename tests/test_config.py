"""Configs: what is refused and how, plain data, copies, updates."""

import json
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.core.config import Config
from spark.core.quantity import Quantity
from spark.nn.components.somas import AdaptiveLeakySomaConfig, LeakySoma, LeakySomaConfig, RefractoryLeakySomaConfig
from spark.nn.initializers import Constant, LogNormal, Normal, Uniform
from tests.common import SOMAS

CONFIGS = [kind.config_class for kind in SOMAS.values()]
STIMULI = list(spark.stimuli.catalogue().values())


def test_a_sealed_config_keeps_its_values() -> None:
    config = LeakySomaConfig().seal()
    for change in (lambda: setattr(config, "threshold", -40.0), lambda: config.update(threshold=-40.0)):
        with pytest.raises(AttributeError, match=r"LeakySomaConfig.threshold is sealed: change a copy\(\)"):
            change()
    assert config.threshold == -55.0 and config.sealed
    free = config.copy(threshold=-40.0)
    free.threshold = -41.0
    assert free.threshold == -41.0 and not free.sealed
    assert spark.simulate(LeakySoma(config), np.zeros(3)).config is config


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"potential_tau": -1.0}, ValueError, ["LeakySomaConfig.potential_tau", "-1 ms", "greater than 0 ms"]),
        ({"potential_tau": 0.0}, ValueError, ["potential_tau", "greater than 0 ms"]),
        ({"threshold": 1001}, ValueError, ["threshold", "mV", "at most 1000 mV"]),
        ({"resistance": np.array([0.1, -0.1])}, ValueError, ["resistance", "GΩ", "unit 1", "at least 0"]),
        ({"threshold": float("nan")}, ValueError, ["threshold", "finite", "mV"]),
        ({"threshold": np.array([-50.0, np.inf])}, ValueError, ["threshold", "finite", "mV"]),
        ({"threshold": True}, TypeError, ["threshold", "number", "mV", "True"]),
        ({"threshold": "-50"}, TypeError, ["threshold", "number", "mV", "'-50'"]),
        ({"threshold": None}, TypeError, ["threshold", "number", "mV", "None"]),
        ({"threshold": np.array(["a"])}, TypeError, ["threshold", "mV", "dtype"]),
        ({"threshold": np.array([1j])}, TypeError, ["threshold", "mV", "complex"]),
        ({"treshold": -50.0}, TypeError, ["treshold", "did you mean 'threshold'"]),
        ({"zzz": -50.0}, TypeError, ["zzz", "its fields are", "potential_rest"]),
        ({"potential_reset": -40.0}, ValueError, ["potential_reset", "-40 mV", "below", "threshold", "-55 mV"]),
        ({"potential_reset": np.array([-70.0, -40.0])}, ValueError, ["potential_reset", "threshold", "unit 1"]),
        ({"dt": 0.0}, ValueError, ["dt", "greater than 0 ms"]),
        ({"dt": np.array([0.1, 0.2])}, TypeError, ["dt", "single number", "ms"]),
        ({"dt": Normal(0.1, 0.01)}, TypeError, ["dt", "single number", "ms"]),
        ({"units": 0}, ValueError, ["units", "at least 1"]),
        ({"units": 2.5}, TypeError, ["units", "whole number"]),
        ({"dtype": "float16"}, ValueError, ["dtype", "float32", "float64"]),
        ({"dtype": "float64"}, ValueError, ["dtype", "jax_enable_x64"]),
        ({"seed": -1}, ValueError, ["seed"]),
        ({"solver": "RK4"}, ValueError, ["solver"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_bad_values_are_named(values: dict, error: type[Exception], words: list[str]) -> None:
    with pytest.raises(error) as caught:
        LeakySomaConfig(**values)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(error):
        LeakySoma(**values)


def test_assignment_is_checked_too() -> None:
    config = LeakySomaConfig()
    with pytest.raises(ValueError, match=r"LeakySomaConfig\.potential_tau = -3 ms"):
        config.potential_tau = -3
    assert config.potential_tau == 10.0


def test_arrays_must_fit_the_population() -> None:
    soma = LeakySoma(threshold=np.array([-50.0, -51.0]))
    with pytest.raises(ValueError, match=r"LeakySomaConfig\.threshold has shape \(2,\) .*\(3,\)"):
        spark.simulate(soma, np.zeros(5), units=3)


def test_drawn_values_are_checked() -> None:
    soma = LeakySoma(potential_tau=Normal(1.0, 5.0))
    with pytest.raises(ValueError, match=r"potential_tau, drawn from Normal.*out of bounds"):
        spark.simulate(soma, np.zeros(5), units=100)
    soma = LeakySoma(potential_reset=Normal(-56.0, 5.0))
    with pytest.raises(ValueError, match="must stay below"):
        spark.simulate(soma, np.zeros(5), units=100)


VALUES = [
    {},
    {"threshold": -51.5, "seed": 3, "units": (2, 3), "dt": 0.05},
    {"threshold": np.array([-50.0, -51.0]), "potential_rest": jnp.array([-70.0, -71.0])},
    {"potential_tau": LogNormal(10.0, 0.2), "potential_rest": Normal(-70.0, 1.0, low=-72.0)},
    {"resistance": Uniform(0.01, 0.1), "threshold": Constant(-50.0), "solver": spark.solvers.Euler(on_grid=True)},
]


@pytest.mark.parametrize("values", VALUES, ids=lambda v: "-".join(v) or "default")
def test_there_and_back_through_json(values: dict) -> None:
    config = LeakySomaConfig(**values)
    data = json.loads(json.dumps(config.to_dict()))
    again = LeakySomaConfig.from_dict(data)
    assert again == config
    assert again.solver == config.solver and again.units == config.units


@pytest.mark.parametrize("kind", [*CONFIGS, *STIMULI], ids=lambda kind: kind.__name__)
def test_every_config_goes_there_and_back(kind: type[Config]) -> None:
    config = kind()
    assert Config.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    assert repr(config).startswith(kind.__name__)


def test_a_sum_goes_there_and_back() -> None:
    stimulus = spark.stimuli.Step(amplitude=np.array([1.0, 2.0])) + spark.stimuli.OrnsteinUhlenbeck(seed=4)
    again = spark.stimuli.Stimulus.from_dict(json.loads(json.dumps(stimulus.to_dict())))
    assert again == stimulus
    np.testing.assert_array_equal(again.sample(50, 0.1, 2), stimulus.sample(50, 0.1, 2))


def test_what_names_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing"):
        Config.from_dict({"type": "Nothing"})
    with pytest.raises(ValueError, match="LeakySomaConfig"):
        LeakySomaConfig.from_dict({"type": "Step"})
    with pytest.raises(TypeError, match="colour"):
        Config.from_dict({"type": "Step", "colour": 3})
    with pytest.raises(ValueError, match="out of bounds"):
        Config.from_dict({"type": "LeakySomaConfig", "potential_tau": -1})


def test_a_copy_is_independent() -> None:
    config = LeakySomaConfig(resistance=0.1)
    seen: list = []
    config.param.watch(seen.append, ["threshold"])
    other = config.copy(threshold=-50.0)
    other.threshold = -49.0
    other.resistance = 0.2
    assert (config.threshold, config.resistance) == (-55.0, 0.1)
    assert not seen
    config.threshold = -54.0
    assert len(seen) == 1
    with pytest.raises(TypeError, match="did you mean"):
        config.copy(treshold=1.0)


def test_a_copy_keeps_skipping_validation() -> None:
    config = LeakySomaConfig(__skip_validation__=True, potential_tau=-1.0)
    assert config.copy(threshold=-50.0).potential_tau == -1.0


def test_update_is_one_event() -> None:
    config = LeakySomaConfig()
    seen: list[int] = []
    config.param.watch(lambda *events: seen.append(len(events)), ["threshold", "resistance"])
    config.update(threshold=-50.0, resistance=0.3)
    assert seen == [2]


def test_update_is_all_or_nothing() -> None:
    config = LeakySomaConfig()
    for wrong in ({"resistance": -1.0}, {"resistence": 1.0}, {"potential_reset": -40.0}):
        before = config.to_dict()
        with pytest.raises((TypeError, ValueError)):
            config.update(threshold=-50.0, **wrong)
        assert config.to_dict() == before
    config.update(potential_reset=-40.0, threshold=-30.0)  # legal together, in either order alone not
    assert config.potential_reset == -40.0


def test_a_bare_value_in_a_subclass_is_refused() -> None:
    with pytest.raises(TypeError, match=r"threshold = -50\.0 .*Quantity\(-50\.0\)"):
        type("Bare", (LeakySomaConfig,), {"threshold": -50.0})


def test_a_redeclared_quantity_inherits_the_rest() -> None:
    kind: Any = type("Redeclared", (LeakySomaConfig,), {"threshold": Quantity(-48.0)})
    old, new = LeakySomaConfig.quantities()["threshold"], kind.quantities()["threshold"]
    assert kind().threshold == -48.0
    assert (new.unit, new.bounds, new.span, new.symbol, new.doc) == (
        old.unit,
        old.bounds,
        old.span,
        old.symbol,
        old.doc,
    )


def test_fields_come_in_the_order_of_declaration() -> None:
    names = list(AdaptiveLeakySomaConfig.quantities())
    plain = list(RefractoryLeakySomaConfig.quantities())
    assert names == [*plain, "threshold_tau", "threshold_delta"]


def test_fields_draw_from_streams_of_their_own() -> None:
    key = jax.random.key(0)
    one = LeakySomaConfig(threshold=Normal(-50.0, 1.0)).draw((5,), key)["threshold"]
    two = LeakySomaConfig(threshold=Normal(-50.0, 1.0), resistance=Uniform(0.1, 0.2)).draw((5,), key)
    np.testing.assert_array_equal(one, two["threshold"])
    rest = LeakySomaConfig(potential_rest=Normal(-50.0, 1.0)).draw((5,), key)["potential_rest"]
    assert np.abs(rest - one).max() > 0.01


def test_every_kind_is_read_by_its_own_class_alone() -> None:
    """One registry of kinds: what one class has written, another refuses."""
    for data, other in (
        (spark.solvers.RK4().to_dict(), spark.stimuli.Stimulus),
        (spark.stimuli.Step().to_dict(), spark.solvers.Solver),
        (Normal(1.0, 2.0).to_dict(), Config),
    ):
        with pytest.raises(ValueError, match=f"{data['type']!r} is not a kind of {other.__name__}"):
            other.from_dict(data)


def test_what_is_written_into_an_array_is_looked_at_when_it_is_run() -> None:
    given = np.full(3, 10.0)
    soma = LeakySoma(potential_tau=given)
    given[0] = -3.0
    np.testing.assert_array_equal(soma.config.potential_tau, 10.0)
    for wrong in (-3.0, np.nan):
        soma.config.potential_tau[1] = wrong
        with pytest.raises(ValueError, match=r"LeakySomaConfig.potential_tau = .* ms .*in unit 1"):
            spark.simulate(soma, 500.0, duration=10.0)
