"""The methods sentences say what was done and where it comes from."""

import re
from typing import Any

import pytest

import spark
from spark.export import methods
from spark.nn.initializers import Normal
from spark.presets import presets
from spark.solvers import Euler
from spark.stimuli import Sine, Step
from spark.stimuli import catalogue as stimuli
from tests.common import SOMAS


@pytest.mark.parametrize("name", SOMAS)
def test_model_sources_and_solver_are_named(name: str) -> None:
    soma = SOMAS[name]()
    told = methods(soma, Step())
    assert soma.title in told and f"Spark {spark.__version__}" in told
    for reference in (*soma.references, soma.parameter_source):
        assert reference.text in told and reference.url in told
    solver = soma.config.solver
    assert f"integrated by {type(solver).__name__} (" in told and f"order {solver.order})" in told
    assert "with a time step of 0.1 ms in float32; spikes were located inside the time step." in told
    assert "but for" not in told


@pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
def test_a_preset_is_cited(preset: Any) -> None:
    told = methods(preset.make_soma(), preset.make_stimulus(), preset, duration=preset.duration)
    assert preset.citation.rstrip(".") in told and preset.doi in told and preset.title in told
    assert f"simulated for {preset.duration:g} ms" in told and "but for" not in told
    assert ("placed on the time grid" in told) == bool(preset.solver)


def test_what_differs_from_the_source_is_said() -> None:
    preset = presets()["naud2008_tonic"]
    soma = preset.make_soma(adaptation_delta=12.5, threshold=Normal(0.0, 2.0))
    told = methods(soma, Step() + Sine(), "naud2008_tonic", units=20, dt=0.05, solver=Euler(on_grid=True))
    assert told.startswith("20 Adaptive exponential neurons (Brette, Gerstner (2005)")
    assert "but for spike cut-off Normal(mean=0, std=2) mV and spike-triggered adaptation 12.5 pA." in told
    assert "current was Step (onset 100 ms, duration 800 ms, amplitude 500 pA) and Sine (" in told
    assert "Euler (forward Euler, order 1) with a time step of 0.05 ms" in told and "on the time grid" in told


@pytest.mark.parametrize("name", stimuli())
def test_every_stimulus_is_told(name: str) -> None:
    told = methods(SOMAS["LeakySoma"](), stimuli()[name]())
    assert stimuli()[name].title in told or "no input current" in told


def test_a_preset_of_another_soma_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("naud2008_tonic is one of AdaptiveExponentialSoma")):
        methods(SOMAS["LeakySoma"](), Step(), "naud2008_tonic")
