"""A tenth soma is one file: two with brand-new state variables, declared here, get everything that a soma gets.

They are declared and tried in a process of its own: nobody else should meet them in the catalogue.
"""

import io
import subprocess
import sys
from dataclasses import replace
from typing import Any, get_args

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import spark
import spark.io
from app.accuracy.half_step import accuracy
from app.export.figure import figure, panels
from app.export.page import standalone
from app.foresight.batch import Neuron
from app.foresight.sweeps import foresee, plan_of, ranges
from app.run.shot import Shot
from app.sidebar.row_specs import model_rows
from app.views.catalogue import catalogue as views
from app.views.style import COLOURS
from spark.analysis import membrane_currents, phase_plane
from spark.core.hybrid import Hybrid, Values
from spark.core.quantity import Quantity
from spark.core.variable import CURRENT, RESERVED, Role, Variable
from spark.nn.components.somas import LeakySoma, LeakySomaConfig, Soma, catalogue
from spark.nn.components.somas import quantities as q
from spark.nn.components.somas.adaptation import adaptation_current, moving_threshold
from spark.nn.components.somas.membranes import leaky
from spark.simulation.simulate import variables
from spark.solvers import RK4, ExponentialEuler, Heun
from tests.app.side import Noted, pictured, session_of, shown
from tests.io.runs import assert_equal

INACTIVATION = Variable("inactivation", "h", "", "sodium inactivation", "threshold")
AFTER = Variable("after", "z", "pA", "afterhyperpolarisation", current=True)


def inactivation(system: Hybrid) -> Hybrid:
    """Depolarisation and spikes inactivate sodium channels, which lifts the threshold."""

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        open_ = 1 / (1 + jnp.exp((p.potential_rest + 10.0 - s.potential) / 3.0))
        return system.flow(p, s, current) | {"inactivation": (open_ - s.inactivation) / p.inactivation_tau}

    return replace(
        system,
        initial=lambda p, v: system.initial(p, v) | {"inactivation": 0.0 * v},
        flow=flow,
        level=lambda p, s: system.level(p, s) + p.inactivation_lift * s.inactivation,
        jump=lambda p, s: system.jump(p, s) | {"inactivation": s.inactivation + 0.1},
        rates=lambda p, s: system.rates(p, s) | {"inactivation": 1 / p.inactivation_tau},
        variables=(*system.variables, INACTIVATION),
    )


def after(system: Hybrid) -> Hybrid:
    """An outward current that each spike switches on."""
    return replace(
        system,
        initial=lambda p, v: system.initial(p, v) | {"after": 0.0 * v},
        flow=lambda p, s, i: system.flow(p, s, i - s.after) | {"after": -s.after / 40.0},
        jump=lambda p, s: system.jump(p, s) | {"after": s.after + 30.0},
        rates=lambda p, s: system.rates(p, s) | {"after": 1 / 40.0 + 0.0 * s.after},
        variables=(*system.variables, AFTER),
    )


def declare() -> tuple[type[Soma], type[Soma]]:
    """One with a new variable that is no current, and one with two currents beside its potential."""

    class InactivatingConfig(LeakySomaConfig):
        inactivation_tau = q.threshold_tau(60.0, symbol=r"\tau_h", title="inactivation time constant")
        inactivation_lift = Quantity(
            8.0, unit="mV", symbol=r"\Delta_h", bounds=(0, 100), span=(0, 20), group="Threshold", doc="Lift at h = 1."
        )

    class InactivatingSoma(LeakySoma):
        config_class = InactivatingConfig
        system = inactivation(leaky)
        title, shows = "Inactivating", "Sodium channels inactivate: the threshold climbs."

    class TwiceConfig(LeakySomaConfig):
        adaptation_tau = q.adaptation_tau(300.0)
        adaptation_delta = q.adaptation_delta(20.0)
        adaptation_subthreshold = q.adaptation_subthreshold(1.0)

    class TwiceAdaptiveSoma(LeakySoma):
        config_class = TwiceConfig
        system = adaptation_current(after(leaky))
        title, shows = "Twice adaptive", "Two currents hold it back, a fast one and a slow one."

    return InactivatingSoma, TwiceAdaptiveSoma


def records(kind: type[Soma]) -> None:
    own = [v.name for v in kind.system.slow]
    assert variables(kind) == ("potential", "threshold", *own, "current")
    stimulus = spark.stimuli.Step(amplitude=700.0)
    runs = [
        spark.simulate(kind(), stimulus, record=variables(kind), solver=solver)
        for solver in (ExponentialEuler(), Heun(), RK4())
    ]
    assert len({run.spike_count for run in runs}) == 1 and runs[0].spike_count > 10
    np.testing.assert_allclose(runs[1].spike_times[0], runs[2].spike_times[0], atol=0.05)
    intervals = np.diff(runs[2].spike_times[0])
    assert intervals[-1] > 1.2 * intervals[0]  # what is new acts
    for name in own:
        trace = getattr(runs[2], name)
        assert np.ptp(trace) > 0.1 and abs(trace[-1, 0] - runs[2].final[name][0]) < 0.05 * np.ptp(trace)
    assert np.isfinite(spark.simulate(kind(), stimulus, initial={own[0]: 0.5}).final[own[0]]).all()


def one_variable_has_a_plane(kind: type[Soma]) -> None:
    plane = phase_plane.plane_of(kind)
    assert not isinstance(plane, str)
    assert (plane.second, plane.symbol, plane.unit, plane.form) == ("inactivation", "h", "", "vertical")


def two_variables_have_none(kind: type[Soma]) -> None:
    why = "TwiceAdaptiveSoma has 2 variables beside its potential (after, adaptation): a plane shows one."
    assert phase_plane.plane_of(kind) == why


def runs_in_the_app(kind: type[Soma]) -> None:
    session = session_of(kind.__name__, stimulus__0__amplitude=700.0)
    keys = {row["key"] for row in model_rows(session)}
    assert {f"config.{name}" for name in session.fields} <= keys and len(keys) > 5
    job = session.job()
    run = job.run()
    assert run.recorded.keys() == set(variables(kind)) and run.spike_count > 10
    found = accuracy(job, run)
    assert found.difference is not None and found.difference < 2.0, found
    neuron = Neuron.of(job)
    spans, steps = ranges([row for row in model_rows(session) if row["kind"] == "slider"], neuron)
    how = plan_of(neuron, len(spans))
    assert how is not None and set(foresee(neuron, spans, steps, how, lambda done: None)) == set(spans)


def drawn(kind: type[Soma]) -> None:
    session = session_of(kind.__name__, stimulus__0__amplitude=700.0)
    run = session.job().run()
    shot, stage = Shot(run, 0.0, run.duration, 1), Noted(session)
    traces = stage.traces
    traces.recolour(COLOURS[True])
    data, fit = traces.data(shot), traces.fit(shot)
    looks: dict[Any, Any] = {}
    for model, changes in traces.describe(shot):
        looks.setdefault(model.id, {}).update(changes)
    own = kind.system.slow
    assert [looks[plot.id]["visible"] for plot in traces.slower] == [k < len(own) for k in range(len(traces.slower))]
    for k, variable in enumerate(own):
        plot, source = traces.slower[k], f"spark:second{k or ''}"
        assert looks[plot.yaxis[0].id]["axis_label"] == variable.label
        tip = looks[traces._tips[k].id]["tooltips"][1]
        assert tip == [f"{variable.words} {variable.symbol}", f"@y{{0.00}} {variable.unit}".rstrip()]
        assert looks[traces._lines[k].glyph.id]["line_color"] == COLOURS[True][variable.role]
        np.testing.assert_array_equal(np.unique(data[source]["y"])[[0, -1]], _ends(run.recorded[variable.name][:, 0]))
        low, high = fit[plot]
        assert low < data[source]["y"].min() and data[source]["y"].max() < high
    traces.recolour(COLOURS[False])
    assert [line.glyph.line_color for line in traces._lines[: len(own)]] == [COLOURS[False][v.role] for v in own]
    printed = figure(shot).decode()
    assert all(v.label in printed for v in own) and list(panels(shot)) == [
        "current",
        "potential",
        *(v.name for v in own),
        "raster",
    ]
    page = standalone(shot).decode()
    assert all(f'"axis_label":"{v.label}"' in page for v in (*own, *kind.system.recordable[-1:]))


def _ends(values: np.ndarray) -> np.ndarray:
    return np.array([values.min(), values.max()])


def every_view_shows_it(kind: type[Soma]) -> None:
    session = session_of(kind.__name__, stimulus__0__amplitude=700.0)
    told = {}
    for name, view in views().items():
        told[name] = view.reason(kind)
        if told[name] is None:
            found = pictured(session, view(Noted(session)))
            assert found.sources, name
            labels = [changes["axis_label"] for _, changes in found.looks if "axis_label" in changes]
            assert labels == {"phase": ["h"], "reset": ["h right after a spike", "h right after the next one"]}.get(
                name, labels
            )
    assert {name for name, why in told.items() if why} == (set() if len(kind.system.slow) == 1 else {"phase", "reset"})


def its_currents_add_up(kind: type[Soma]) -> None:
    _, _, found = shown(views()["currents"], kind.__name__, stimulus__0__amplitude=700.0)
    terms = membrane_currents(found.recording).terms
    flows = [v.name for v in kind.system.slow if v.current]
    assert [name for name in terms if name not in ("leak", "hold", "input", "spike initiation")] == flows
    total = found.sources["spark:currents:total"]
    drawn_terms = [values for name, values in total.items() if name not in ("x", "y")]
    np.testing.assert_allclose(np.sum(drawn_terms, axis=0), total["y"], atol=1e-6)
    labels = [changes["label"]["value"] for _, changes in found.looks if "label" in changes]
    assert sorted(labels) == sorted([*flows, *[""] * (2 - len(flows))])


def goes_into_files_and_back(kind: type[Soma]) -> None:
    run = spark.simulate(kind(), spark.stimuli.Step(amplitude=700.0), record=variables(kind), duration=200.0)
    for name, read in (("npz", spark.io.read_npz), ("nwb", spark.io.read_nwb)):
        file = io.BytesIO()
        spark.io.write(run, file, name)  # type: ignore[arg-type]
        assert_equal(read(file), run)
    table = io.BytesIO()
    spark.io.write(run, table, "traces.csv")
    titles = table.getvalue().splitlines()[1].decode().split(",")
    assert titles == ["time_ms", *(f"{v.name}_{v.unit}[0]".replace("_[", "[") for v in kind.system.recordable)]


CLAIMS = (records, runs_in_the_app, drawn, every_view_shows_it, its_currents_add_up, goes_into_files_and_back)


def main() -> None:
    """Every claim, in the process that declares them."""
    inactivating, twice = declare()
    for kind in (inactivating, twice):
        spark.nn.register(kind)
    assert {inactivating, twice} < set(catalogue().values())
    one_variable_has_a_plane(inactivating)
    two_variables_have_none(twice)
    for kind in (inactivating, twice):
        for claim in (
            records,
            runs_in_the_app,
            drawn,
            every_view_shows_it,
            its_currents_add_up,
            goes_into_files_and_back,
        ):
            claim(kind)
            print(kind.__name__, claim.__name__)


def test_a_tenth_soma_is_one_file() -> None:
    command = [sys.executable, "-m", "tests.test_tenth_soma"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2 * len(CLAIMS)


def test_what_a_system_does_not_declare_is_told() -> None:
    class Standing:  # no subclass of a soma: that would join the catalogue
        system = replace(after(leaky), variables=leaky.variables)
        parameters = LeakySoma().parameters

    with pytest.raises(ValueError, match="Standing's state is after, potential, but its system declares potential"):
        variables(Standing)


def test_a_colour_that_no_theme_has_is_refused() -> None:
    with pytest.raises(ValueError, match="the role of h is 'mauve': choose from potential, threshold"):
        Variable("h", "h", "", "inactivation", "mauve")  # type: ignore[arg-type]
    for colours in COLOURS.values():
        assert set(get_args(Role)) <= set(colours)


def test_a_variable_is_declared_once_and_under_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="each variable once: after is declared twice"):
        after(after(leaky))
    for name in ("time", "spikes"):
        with pytest.raises(ValueError, match=f"cannot be called '{name}': a recording has something else"):
            Variable(name, "x", "", "something")
    ours = {name for name in (*dir(spark.Recording), *spark.Recording.__dataclass_fields__) if name[0] != "_"}
    assert ours == RESERVED


def test_a_threshold_of_its_own_is_the_level_and_no_second_variable() -> None:
    own = Variable("threshold", "θ", "mV", "threshold that climbs", "threshold")
    system = replace(moving_threshold(leaky), variables=(*leaky.variables, own))
    assert system.recordable == (*leaky.variables, own, CURRENT) and system.slow == (own,)


if __name__ == "__main__":
    main()
