"""A soma is given to NEST as the model that has its equations with these values, or refused with what NEST lacks."""

import re
from typing import Any

import numpy as np
import pytest

from spark.core.variable import Variable
from spark.export import nest_script
from spark.export.asked import asked
from spark.export.nest_models import MODELS, match
from spark.nn.initializers import Normal
from spark.presets import presets
from spark.stimuli import Step
from tests.common import OWN, SOMAS
from tests.export.peers import soma_of, with_flow
from tests.test_tenth_soma import declare

EQUAL = {
    "LeakySoma": "iaf_psc_delta",
    "StrictRefractoryLeakySoma": "iaf_psc_delta_ps",
    "ExponentialSoma": "aeif_psc_delta",
    "AdaptiveExponentialSoma": "aeif_psc_delta",
    "StrictRefractoryAdaptiveExponentialSoma": "aeif_psc_delta",
    "IzhikevichSoma": "izhikevich",
}
"""What NEST's manual describes with the same equations; the others of Spark it lacks."""


def found(soma: Any, **options: Any) -> Any:
    return match(asked(soma, Step(), None, None, **options), 0.01)


@pytest.mark.parametrize("name", EQUAL)
def test_the_model_with_the_equations_is_found(name: str) -> None:
    assert found(SOMAS[name]()).model.name == EQUAL[name]
    script = nest_script(SOMAS[name](), Step())
    compile(script, "exported.py", "exec")
    assert f'nest.Create(\n    "{EQUAL[name]}",\n    1,' in script


LACKING = {
    "RefractoryLeakySoma": ("iaf_psc_delta_ps", "the potential does something else during the refractory period"),
    "AdaptiveLeakySoma": ("iaf_psc_delta_ps", "there is no variable firing threshold (θ)"),
    "RefractoryExponentialSoma": ("aeif_psc_delta", "the potential does something else during the refractory period"),
    "SimplifiedAdaptiveExponentialSoma": ("iaf_psc_delta_ps", "there is no variable firing threshold (θ)"),
    "RefractoryAdaptiveExponentialSoma": (
        "aeif_psc_delta",
        "the potential does something else during the refractory period",
    ),
}


@pytest.mark.parametrize("name", sorted(OWN.keys() - EQUAL.keys()))
def test_what_nest_lacks_is_said(name: str) -> None:
    nearest, clause = LACKING[name]
    said = f"NEST has no model with the equations of {name}: in {nearest}, the nearest, "
    with pytest.raises(ValueError, match=f"{re.escape(said)}.*{re.escape(clause)}"):
        nest_script(SOMAS[name](), Step())


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("RefractoryLeakySoma", {"cooldown": 0.0}, "iaf_psc_delta"),
        ("StrictRefractoryLeakySoma", {"cooldown": 0.005}, "iaf_psc_delta"),  # shorter than NEST's step
        ("AdaptiveLeakySoma", {"cooldown": 0.0, "threshold_delta": 0.0}, None),  # its threshold begins where it stays
        ("RefractoryExponentialSoma", {"cooldown": 0.0}, "aeif_psc_delta"),
        ("RefractoryAdaptiveExponentialSoma", {"cooldown": 0.0}, "aeif_psc_delta"),
    ],
)
def test_values_decide(name: str, values: dict[str, float], expected: str | None) -> None:
    if expected:
        assert found(SOMAS[name](**values)).model.name == expected
    else:
        with pytest.raises(ValueError, match="NEST has no model"):
            found(SOMAS[name](**values))


def test_a_soma_of_the_same_parts_is_the_same_model_whatever_its_name() -> None:
    assert found(soma_of("OwnSoma")()).model.name == "iaf_psc_delta"
    with pytest.raises(ValueError, match="in iaf_psc_delta_ps, the nearest, the potential follows another equation"):
        found(with_flow(lambda v: 0.01 * v * v)())


def test_a_variable_that_begins_at_zero_and_leaves_it_is_not_overlooked() -> None:
    leaky = SOMAS["LeakySoma"].system
    drifting = soma_of(
        "DriftingSoma",
        initial=lambda p, v: leaky.initial(p, v) | {"gate": 0.0 * v},
        flow=lambda p, s, i: leaky.flow(p, s, i + s.gate) | {"gate": 1.0 - s.gate},
        variables=(*leaky.variables, Variable("gate", "h", "", "a gate")),
    )
    with pytest.raises(ValueError, match=re.escape("there is no variable a gate (h)")):
        found(drifting())


def test_a_tenth_soma_is_refused_for_what_is_new() -> None:
    inactivating, twice = declare()
    with pytest.raises(ValueError, match=re.escape("there is no variable sodium inactivation (h)")):
        nest_script(inactivating(), Step())
    with pytest.raises(ValueError, match=re.escape("there is no variable afterhyperpolarisation (z)")):
        nest_script(twice(), Step())


def test_parameters_are_nests() -> None:
    soma = SOMAS["StrictRefractoryAdaptiveExponentialSoma"](resistance=0.05, potential_tau=10.0)
    told = {name: float(value[0]) for name, value in found(soma, initial={"adaptation": 12.0}).parameters.items()}
    c = soma.config
    assert told == {
        "C_m": 200.0,
        "g_L": 20.0,
        "E_L": c.potential_rest,
        "V_reset": c.potential_reset,
        "V_m": c.potential_rest,
        "t_ref": c.cooldown,
        "V_th": c.rheobase_threshold,
        "V_peak": c.threshold,
        "Delta_T": c.spike_slope,
        "a": c.adaptation_subthreshold,
        "b": c.adaptation_delta,
        "tau_w": c.adaptation_tau,
        "w": 12.0,
    }
    izhikevich = found(SOMAS["IzhikevichSoma"](resistance=0.04))
    assert izhikevich.gain == 0.04 and izhikevich.parameters["U_m"] == 0.2 * -70.0


def test_a_population_has_a_value_for_each_neuron() -> None:
    soma = SOMAS["LeakySoma"](threshold=Normal(-55.0, 1.0), seed=3)
    told = found(soma, units=4).parameters["V_th"]
    np.testing.assert_allclose(told, soma.drawn((4,)).threshold, rtol=1e-6)
    assert f'"V_th": {told.tolist()!r},' in nest_script(soma, Step(), units=4)


def test_every_preset_of_these_somas_is_written() -> None:
    written = 0
    for preset in presets().values():
        if preset.soma in EQUAL:
            script = nest_script(
                preset.make_soma(), preset.make_stimulus(), duration=preset.duration, initial=preset.initial
            )
            compile(script, preset.id, "exec")
            written += 1
    assert written > 60


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"step": 0.0025}, "step = 0.0025 ms is no multiple of 0.001 ms"),
        ({"step": 0.03}, "step = 0.03 ms must divide dt = 0.1 ms"),
        ({"initial": {"refractory": 1.0}}, "NEST cannot begin inside a refractory period"),
    ],
)
def test_what_nest_cannot_do_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        nest_script(SOMAS["StrictRefractoryLeakySoma"](), Step(), **options)


def test_every_model_of_the_list_is_reached() -> None:
    assert {model.name for model in MODELS} == set(EQUAL.values())
