"""The membrane by capacitance and leak conductance: the same neuron in a paper's words."""

import json
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from app.foresight.batch import Neuron
from app.foresight.sweeps import COUNT, foresee, plan_of, ranges
from app.session import share
from app.session.membrane import CAPACITANCE, CONDUCTANCE, QUANTITIES, RESISTANCE, TAU
from app.session.session import Session
from app.sidebar.membrane_equations import by_capacitance
from app.sidebar.row_specs import model_rows, spread_rows, stimulus_rows
from app.sidebar.sidebar import Sidebar
from app.views.pinned import differences
from spark.nn.components.somas import AdaptiveExponentialSoma, catalogue
from spark.presets import presets
from spark.simulation import simulate

PAPER = {
    CAPACITANCE: 281.0,
    CONDUCTANCE: 30.0,
    "config.potential_rest": -70.6,
    "config.rheobase_threshold": -50.4,
    "config.spike_slope": 2.0,
    "config.adaptation_tau": 144.0,
    "config.adaptation_subthreshold": 4.0,
    "config.adaptation_delta": 80.5,
}
"""The AdEx of Brette and Gerstner (2005), as printed."""
WITH = [name for name, kind in catalogue().items() if "potential_tau" in kind.config_class.quantities()]


def session_of(name: str, capacitive: bool = True) -> Session:
    session = Session()
    session.choose_model(name)
    session.show_capacitance(capacitive)
    return session


def test_it_is_there_where_a_membrane_has_both() -> None:
    assert 0 < len(WITH) < len(catalogue())
    for name in catalogue():
        session = session_of(name)
        assert session.has_capacitance == (name in WITH)
        assert (CAPACITANCE in session.shown) == (CONDUCTANCE in session.shown) == (name in WITH)
        assert len(session.shown) == len(session.fields)
    with pytest.raises(ValueError, match=r"'membrane.capacitance' is nothing that can be set"):
        session_of("IzhikevichSoma").set({CAPACITANCE: 100.0})


def test_the_papers_adex_as_printed() -> None:
    session = session_of("AdaptiveExponentialSoma")
    for path, value in PAPER.items():  # one after the other, as they are typed
        session.set({path: value})
    assert {path: session.get(path) for path in PAPER} == PAPER
    own = AdaptiveExponentialSoma(
        potential_rest=-70.6,
        potential_reset=session.get("config.potential_reset"),
        potential_tau=281 / 30,
        resistance=1 / 30,
        rheobase_threshold=-50.4,
        spike_slope=2.0,
        adaptation_tau=144.0,
        adaptation_subthreshold=4.0,
        adaptation_delta=80.5,
    )
    session.set({"stimulus.0.amplitude": 1000.0})
    job = session.job()
    times = simulate(own, job.stimulus, duration=job.steps * job.dt).spike_times[0]
    assert len(times) > 10
    np.testing.assert_allclose(job.run().spike_times[0], times, rtol=0, atol=1e-3)


def test_what_was_typed_comes_back() -> None:
    session = session_of("AdaptiveExponentialSoma")
    random = np.random.default_rng(0)
    for _ in range(300):
        c, g = (float(f"{x:.{random.integers(1, 8)}g}") for x in 10 ** random.uniform(-1, 4, 2))
        for values in ({CAPACITANCE: c}, {CONDUCTANCE: g}):
            session.set(values)
        assert (session.get(CAPACITANCE), session.get(CONDUCTANCE)) == (c, g)
        session.set({CAPACITANCE: 100.0})
        session.set({CONDUCTANCE: g, CAPACITANCE: c})
        assert (session.get(CAPACITANCE), session.get(CONDUCTANCE)) == (c, g)
        assert session.get(TAU) == pytest.approx(c / g, rel=1e-14)


def test_one_is_held_while_the_other_moves() -> None:
    session = session_of("LeakySoma")
    session.set({TAU: 20.0, RESISTANCE: 0.003})
    c, g = session.get(CAPACITANCE), session.get(CONDUCTANCE)
    for moved in np.linspace(50, 500, 30):
        session.set({CAPACITANCE: float(moved)})
        assert (session.get(CONDUCTANCE), session.get(RESISTANCE)) == (g, 0.003)
        assert session.get(TAU) == pytest.approx(moved * 0.003)
    session.set({CAPACITANCE: c})
    for moved in np.geomspace(1, 200, 30):
        session.set({CONDUCTANCE: float(moved)})
        assert session.get(CAPACITANCE) == c
        assert session.get(TAU) == pytest.approx(c / moved)
    session.set({CONDUCTANCE: g})
    assert session.get(TAU) == pytest.approx(20.0) and session.get(RESISTANCE) == pytest.approx(0.003)


def test_what_is_set_elsewhere_is_seen() -> None:
    session = session_of("LeakySoma")
    session.set({TAU: 12.5, RESISTANCE: 0.05})
    assert (session.get(CAPACITANCE), session.get(CONDUCTANCE)) == (250.0, 20.0)


@pytest.mark.parametrize("key", [key for key, preset in presets().items() if preset.soma in WITH])
def test_back_at_its_defaults_a_preset_is_as_published(key: str) -> None:
    session = Session()
    session.choose_preset(key)
    session.show_capacitance(True)
    for moved in (CAPACITANCE, CONDUCTANCE):
        session.set({moved: 1.7 * session.get(moved)})
    assert not session.untouched
    for moved in (CAPACITANCE, CONDUCTANCE):
        session.set({moved: session.default(moved)})
    assert session.untouched


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({CONDUCTANCE: 0.0}, "The leak conductance = 0 nS is out of bounds: choose a value greater than 0 nS"),
        ({CAPACITANCE: -3.0}, "The membrane capacitance = -3 pF is out of bounds: choose a value greater than 0 pF"),
        ({CAPACITANCE: 100.0, CONDUCTANCE: -1.0}, "The leak conductance"),
        ({CONDUCTANCE: float("nan")}, "The leak conductance must be finite"),
        ({CONDUCTANCE: 10.0, "config.spike_slope": 0.0}, "The spike slope factor"),
    ],
)
def test_what_is_refused_is_said_in_the_words_that_are_shown(values: dict[str, Any], words: str) -> None:
    session = session_of("AdaptiveExponentialSoma")
    before = share.to_dict(session)
    with pytest.raises(ValueError) as error:
        session.set(values)
    assert words in str(error.value)
    assert share.to_dict(session) == before


def test_without_a_resistance_there_is_no_conductance() -> None:
    session = session_of("LeakySoma", False)
    session.set({RESISTANCE: 0.0})
    with pytest.raises(ValueError, match=r"0 GΩ has no leak conductance: give it a value above 0"):
        session.show_capacitance(True)
    assert not session.capacitive
    session.capacitive = True  # as a document may say
    assert CAPACITANCE not in session.shown
    assert all(np.isfinite(row["value"]) for row in model_rows(session))
    Neuron.of(session.job())


@pytest.mark.parametrize("name", WITH)
def test_rows(name: str) -> None:
    plain, rows = (model_rows(session_of(name, capacitive)) for capacitive in (False, True))
    others = {TAU: CAPACITANCE, RESISTANCE: CONDUCTANCE}
    assert [row["key"] for row in rows] == [others.get(row["key"], row["key"]) for row in plain]
    shown = {row["key"]: row for row in rows}
    for path, quantity in QUANTITIES.items():
        row = shown[path]
        assert row["value"] == row["default"] and row["min"] <= row["value"] <= row["max"]
        assert (row["unit"], row["group"], row["log"]) == (quantity.unit, "Membrane", True)
    assert shown[CONDUCTANCE]["symbol"] == "g_L" and shown[CAPACITANCE]["symbol"] == "C"
    turns = [next(row["turn"] for row in some if row["group"] == "Membrane") for some in (plain, rows)]
    assert [turn["text"] for turn in turns] == ["C, g_L", "τ_m, R"]
    assert [row["key"] for row in spread_rows(session_of(name))] == [
        row["key"] for row in spread_rows(session_of(name, False))
    ]


@pytest.mark.parametrize("name", WITH)
def test_the_equations_follow(name: str) -> None:
    equations = catalogue()[name].equations
    first, *others = by_capacitance(equations)
    assert first.startswith(r"C \frac{dV}{dt} = g_\mathrm{L}\,(V_\mathrm{rest} - V) + ") and "I(t)" in first
    assert r"\tau_m" not in first and "R" not in first
    assert (r"g_\mathrm{L} \Delta_T" in first) == (r"\Delta_T" in equations[0])
    assert others == list(equations[1:])
    unknown = [r"\tau_m \frac{dV}{dt} = V_\mathrm{rest} - V + R\,\sin I"]
    assert by_capacitance(unknown) == unknown


def test_a_document_keeps_it_and_an_older_one_is_read() -> None:
    session = session_of("AdaptiveExponentialSoma")
    session.set({CAPACITANCE: 281.0, CONDUCTANCE: 30.0})
    data = json.loads(json.dumps(share.to_dict(session)))
    again = share.from_dict(data)
    assert again.capacitive and again.config == session.config
    assert (again.get(CAPACITANCE), again.get(CONDUCTANCE)) == (281.0, 30.0)
    del data["membrane"]
    older = share.from_dict(data)
    assert not older.capacitive and older.config == session.config
    with pytest.raises(ValueError, match="a membrane is shown as"):
        share.from_dict(data | {"membrane": "ohm"})


def test_a_document_tells_what_is_shown() -> None:
    session = session_of("AdaptiveExponentialSoma")
    session.set({CAPACITANCE: 281.0, CONDUCTANCE: 30.0})
    data = json.loads(json.dumps(share.to_dict(session)))
    assert data["membrane_shown"] == {"C (pF)": 281.0, "g_L (nS)": 30.0}
    assert (data["config"]["potential_tau"], data["config"]["resistance"]) == (281 / 30, 1 / 30)
    random = np.random.default_rng(1)
    for _ in range(50):  # to the last digit, whatever C and g_L are told with
        session.set({TAU: float(random.uniform(1, 100)), RESISTANCE: float(random.uniform(0.005, 1))})
        again = share.from_dict(json.loads(json.dumps(share.to_dict(session))))
        assert again.capacitive and (again.get(TAU), again.get(RESISTANCE)) == (
            session.get(TAU),
            session.get(RESISTANCE),
        )
    with pytest.raises(ValueError, match=r"C \(pF\) = 300 contradicts potential_tau and resistance, which make 281"):
        share.from_dict(data | {"membrane_shown": {"C (pF)": 300.0, "g_L (nS)": 30.0}})
    for other in (session_of("AdaptiveExponentialSoma", False), session_of("IzhikevichSoma")):
        assert "membrane_shown" not in share.to_dict(other)


def test_what_differs_is_told_in_what_is_shown() -> None:
    one, other = session_of("AdaptiveExponentialSoma"), session_of("AdaptiveExponentialSoma")
    for session in (one, other):
        session.set({CAPACITANCE: 281.0, CONDUCTANCE: 30.0})
    other.set({CONDUCTANCE: 25.0})  # which moves tau and R
    assert differences(one.job(), other.job(), True) == [("g_L", "leak conductance", "30 nS", "25 nS")]
    assert [row[0] for row in differences(one.job(), other.job())] == ["τ_m", "R"]
    other.set({CAPACITANCE: 100.0})
    assert differences(one.job(), other.job(), True)[0] == ("C", "membrane capacitance", "281 pF", "100 pF")
    quadratic = differences(one.job(), session_of("IzhikevichSoma").job(), True)  # which has no C and g_L
    assert quadratic[0][0] == "model" and not {"C", "g_L"} & {row[0] for row in quadratic}
    other.set({"run.units": 3, "spread.resistance": 0.001})  # a spread of R is none of g_L
    assert {"τ_m", "R"} <= {row[0] for row in differences(one.job(), other.job(), True)}


def test_it_stays_while_model_and_preset_change() -> None:
    session = session_of("LeakySoma")
    session.choose_model("IzhikevichSoma")
    assert CAPACITANCE not in session.shown
    session.choose_preset("brette_gerstner2005_regular")
    assert CAPACITANCE in session.shown
    assert (session.get(CAPACITANCE), session.get(CONDUCTANCE)) == (281.0, 30.0)
    session.reset()
    assert session.capacitive


def test_the_strips_are_those_of_real_runs() -> None:
    """Along C the leak is held, along g_L the capacitance."""
    session = session_of("AdaptiveExponentialSoma")
    session.set({"stimulus.0.amplitude": 700.0})
    neuron = Neuron.of(session.job())
    spans, steps = ranges([*model_rows(session), *stimulus_rows(session)], neuron)
    assert {CAPACITANCE, CONDUCTANCE} <= spans.keys() and not {TAU, RESISTANCE} & spans.keys()
    how = plan_of(neuron, len(spans))
    assert how is not None
    found = foresee(neuron, spans, steps, how, lambda done: None)
    start, end = session.job().window
    seen = set()
    for path in (CAPACITANCE, CONDUCTANCE):
        low, high, log = spans[path]
        values = np.geomspace(low, high, COUNT) if log else np.linspace(low, high, COUNT)
        before = session.get(path)
        for k in (3, 15, 25, 35, 44):
            session.set({path: float(values[k])})
            times = session.job().run().spike_times[0]
            rate = 1000 * np.count_nonzero((times >= start) & (times <= end)) / (end - start)
            assert found[path].rate[k] == pytest.approx(rate, abs=1300 / (end - start)), (path, k)
            seen.add(round(rate))
        session.set({path: before})
        step = found[path].step
        assert step.value == before and step.effect
    assert len(seen) > 4


def test_a_neuron_has_the_values_that_sliders_show() -> None:
    session = session_of("LeakySoma")
    before = Neuron.of(session.job())
    session.set({CONDUCTANCE: 30.0})
    after = Neuron.of(session.job())
    assert before.differs(after) == {TAU, RESISTANCE}
    assert {path for path in after.shown if after.shown[path] != before.shown[path]} == {TAU, RESISTANCE, CONDUCTANCE}
    assert CAPACITANCE not in Neuron.of(session_of("IzhikevichSoma").job()).shown


class Page:
    """A sidebar without a page; what it moves is set."""

    def __init__(self) -> None:
        self.session = session_of("AdaptiveExponentialSoma", False)
        self.sidebar = Sidebar(self.session, self.restructure, self.move)
        self.sidebar.show()
        self.moved: list[dict[str, Any]] = []

    def restructure(self, change: Callable[[], None]) -> None:
        change()
        self.sidebar.show()

    def move(self, values: dict[str, Any], final: bool) -> None:
        self.moved.append(values)
        self.session.set(values)

    @property
    def rows(self) -> dict[str, Any]:
        return {row["key"]: row["value"] for row in self.sidebar.foreseen[0]._rows}


def test_the_sidebar_turns_and_shows_what_was_set_elsewhere() -> None:
    page = Page()
    rows = page.sidebar.foreseen[0]
    assert TAU in page.rows
    rows.receive({"type": "turn", "generation": 0})
    assert CAPACITANCE in page.rows and TAU not in page.rows
    rows.receive({"type": "set", "generation": 0, "values": {CONDUCTANCE: 25.0}, "final": True})
    assert page.session.get(RESISTANCE) == 1 / 25
    page.sidebar.set({TAU: 10.0, RESISTANCE: 0.05, "config.threshold": -1.0}, True)  # as the atlas does
    assert page.session.get(TAU) == 10.0 and page.session.get(RESISTANCE) == 0.05
    assert (page.rows[CAPACITANCE], page.rows[CONDUCTANCE], page.rows["config.threshold"]) == (200.0, 20.0, -1.0)
    rows.receive({"type": "turn", "generation": 0})
    assert page.rows[TAU] == 10.0 and CAPACITANCE not in page.rows
    assert cast(Any, rows.first) and "turn" in rows.first[0]
