"""A script for Brian2 compiles, gives every value, and says what it does."""

import builtins
import re
from typing import Any

import numpy as np
import pytest

from spark.export import brian2_script
from spark.export.brian2_equations import model_of
from spark.export.grid import step_of
from spark.nn.initializers import Normal
from spark.presets import presets
from spark.stimuli import Step
from tests.common import SOMAS
from tests.test_tenth_soma import declare


@pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
def test_every_preset_is_written(preset: Any) -> None:
    soma = preset.make_soma()
    script = brian2_script(soma, preset.make_stimulus(), duration=preset.duration, initial=preset.initial)
    compile(script, preset.id, "exec")
    model = model_of(type(soma))
    for field, name in model.parameters.items():
        assert (f'"{name}": {getattr(soma.config, field)!r},' in script) == (name in model.used)
    for name, value in preset.initial.items():
        assert f"neurons.{model.state[name]} = {float(value)!r}\n" in script
    assert f"run({preset.duration!r} * ms)" in script
    assert ("those of the equations, not its." in script) == bool(preset.solver)


@pytest.mark.parametrize("kind", declare(), ids=lambda kind: kind.__name__)
def test_a_tenth_soma_is_exported_as_well(kind: Any) -> None:
    script = brian2_script(kind(), Step())
    compile(script, "exported.py", "exec")
    assert {"InactivatingSoma": "dh/dt", "TwiceAdaptiveSoma": "dz/dt"}[kind.__name__] in script


def test_a_population_has_a_value_for_each_neuron() -> None:
    soma = SOMAS["AdaptiveExponentialSoma"](threshold=Normal(0.0, 1.0), seed=2)
    script = brian2_script(soma, Step(amplitude=[1.0, 2.0]), initial={"potential": [-60.0, -61.5]}, units=2)
    compile(script, "exported.py", "exec")
    assert "V_cut : 1 (constant)  # mV, spike cut-off" in script and '"V_cut"' not in script
    drawn = re.search(r"neurons.V_cut = (.*)", script)
    assert drawn
    np.testing.assert_allclose(eval(drawn[1]), soma.drawn((2,)).threshold, rtol=1e-6)
    assert "neurons.V = np.array([-60.0, -61.5])" in script
    assert "I = held(t, i) : 1" in script and "held = TimedArray(current, dt=10 * defaultclock.dt)" in script


def test_a_run_may_begin_inside_a_refractory_period() -> None:
    script = brian2_script(SOMAS["RefractoryLeakySoma"](cooldown=2.0), Step(), initial={"refractory": 0.5})
    assert "neurons.lastspike = -1.5 * ms  # refractory until 0.5 ms" in script


@pytest.mark.parametrize(("dt", "step", "expected"), [(0.1, None, 0.01), (1.0, None, 0.01), (0.05, None, 0.005)])
def test_steps(dt: float, step: float | None, expected: float) -> None:
    assert step_of(dt, step) == expected
    assert step_of(0.25, None) == 0.01 and step_of(0.1, 0.004) == 0.004
    script = brian2_script(SOMAS["LeakySoma"](), Step(), dt=dt)
    assert f"defaultclock.dt = {expected!r} * ms" in script and f"dt={round(dt / expected)} * defaultclock.dt" in script


@pytest.mark.parametrize(
    ("step", "error", "said"),
    [
        (0.03, ValueError, "step = 0.03 ms must divide dt = 0.1 ms"),
        (0.2, ValueError, "step = 0.2 ms must divide dt = 0.1 ms"),
        (-0.01, ValueError, "step = -0.01 ms must divide"),
        ("fine", TypeError, "step takes a number in ms, not 'fine'"),
    ],
)
def test_a_step_that_does_not_divide_is_refused(step: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=re.escape(said)):
        brian2_script(SOMAS["LeakySoma"](), Step(), step=step)


def test_without_sympy_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name == "sympy":
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=re.escape("pip install 'spark-somas[export]'")):
        brian2_script(SOMAS["LeakySoma"](), Step())
