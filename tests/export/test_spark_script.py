"""A script for Spark runs as it is and makes the same run."""

import re
from typing import Any

import numpy as np
import pytest

import spark
from spark.core.config import Config
from spark.export import spark_script
from spark.nn.initializers import Normal
from spark.presets import presets
from spark.solvers import Heun
from spark.stimuli import Array, OrnsteinUhlenbeck, Step
from spark.stimuli import catalogue as stimuli
from tests.common import SOMAS, each


def executed(script: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(script, "exported.py", "exec"), names)
    return names


@pytest.mark.parametrize("name", each())
def test_a_script_makes_the_same_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    soma = SOMAS[name](dt=0.2)
    config = soma.config.copy(potential_rest=soma.config.potential_rest + 1 / 3)
    soma = type(soma)(config)
    stimulus = Step(amplitude=900.1, onset=10.05, duration=250.0)
    initial = {"potential": soma.config.potential_rest + 2.5}
    told = spark_script(soma, stimulus, duration=300.0, initial=initial)
    made = executed(told)["recording"]
    expected = spark.simulate(soma, stimulus, duration=300.0, initial=initial)
    assert expected.spike_count > 0
    np.testing.assert_array_equal(made.spike_times[0], expected.spike_times[0])
    printed = [float(word) for word in capsys.readouterr().out.split()[2:]]
    np.testing.assert_allclose(printed, expected.spike_times[0], atol=6e-5)


@pytest.mark.parametrize("kind", stimuli().values(), ids=list(stimuli()))
def test_every_stimulus_is_written(kind: type[spark.stimuli.Stimulus]) -> None:
    changes: dict[str, Any] = {"samples": np.arange(40.0) / 3} if kind is Array else {}
    stimulus = kind(**changes) if kind.__name__ != "Sum" else Step(onset=1.0) + OrnsteinUhlenbeck(seed=5)
    names = executed(spark_script(SOMAS["LeakySoma"](), stimulus, duration=20.0))
    assert names["stimulus"] == stimulus


def test_a_population_with_a_spread_is_drawn_again() -> None:
    soma = SOMAS["AdaptiveExponentialSoma"](rheobase_threshold=Normal(-50.0, 1.0), seed=4, solver=Heun(on_grid=True))
    names = executed(spark_script(soma, Step(amplitude=[400.0, 500.0, 600.0]), duration=200.0, units=3))
    expected = spark.simulate(soma, Step(amplitude=[400.0, 500.0, 600.0]), duration=200.0, units=3)
    for made, own in zip(names["recording"].spike_times, expected.spike_times, strict=True):
        np.testing.assert_array_equal(made, own)


@pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
def test_every_preset_is_written(preset: Any) -> None:
    soma, stimulus = preset.make_soma(), preset.make_stimulus()
    told = spark_script(soma, stimulus, duration=preset.duration, initial=preset.initial)
    lines = told.split("recording =")[0]
    names = executed(lines)
    assert names["soma"].config == soma.config.copy(dt=0.1) and names["stimulus"] == stimulus


@pytest.mark.usefixtures("x64")
def test_a_run_in_double_precision_stays_one() -> None:
    assert 'jax.config.update("jax_enable_x64", True)' in spark_script(SOMAS["LeakySoma"](), Step())


def test_every_quantity_has_its_unit_behind() -> None:
    soma = SOMAS["IzhikevichSoma"]()
    told = spark_script(soma, Step())
    for config in (soma.config, Step()):
        assert isinstance(config, Config)
        for name, quantity in config.quantities().items():
            if not quantity.scalar:
                assert re.search(rf"    {name}=.*  # {re.escape(quantity.unit)}, {quantity.words}\n", told), name


def test_what_cannot_be_imported_is_refused() -> None:
    class Own(spark.nn.somas.LeakySoma):
        """Nobody finds it here."""

    with pytest.raises(ValueError, match="Own is defined in a notebook, a script or a function"):
        spark_script(Own(), Step())


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"soma": 3}, TypeError, "takes an instance of a soma, not 3"),
        ({"stimulus": np.zeros(3)}, TypeError, "takes a stimulus, not ndarray"),
        ({"dt": -1.0}, ValueError, "dt = -1.0 ms must be greater than 0 ms"),
        ({"duration": "long"}, TypeError, "duration takes a number in ms"),
        ({"initial": {"charge": 1.0}}, ValueError, "LeakySoma has no state 'charge'"),
        ({"units": 0}, ValueError, "units = 0 must be a whole number of at least 1"),
    ],
)
def test_what_a_run_would_refuse_is_refused(arguments: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=re.escape(said)):
        spark_script(**({"soma": SOMAS["LeakySoma"](), "stimulus": Step()} | arguments))
