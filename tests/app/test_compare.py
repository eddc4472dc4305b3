"""A pinned run, another model or preset, and the trail."""

from typing import Any

import numpy as np
import pytest
from bokeh.models import Span

import spark
from app.run.shot import Shot
from app.session.session import Session
from app.views import ghosts
from app.views.compare.against import MANY, choices
from app.views.compare.view import Compare
from app.views.pinned import differences
from app.views.style import COLOURS
from app.views.traces import Traces
from spark import solvers, stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets
from tests.app.side import Noted, Pictured, column, pictured, session_of


class Visit:
    """Somebody who has opened the view."""

    def __init__(self, name: str = "AdaptiveExponentialSoma") -> None:
        self.session = session_of(name)
        self.stage = Noted(self.session)
        self.view = Compare(self.stage)
        self.view.opened()
        self.last: Pictured = self.look()

    def look(self, **values: Any) -> Pictured:
        self.session.set({key.replace("__", "."): value for key, value in values.items()})
        self.last = pictured(self.session, self.view)
        return self.last

    def use(self, key: str, value: Any = True) -> Pictured:
        self.view.receive({"type": "control", "key": key, "value": value})
        self.last = pictured(self.session, self.view, self.last.recording)
        return self.last

    @property
    def differing(self) -> list[list[str]]:
        """The rows of what differs: those of the read-outs follow."""
        table = self.last.card["rows"]["rows"]
        return [row for row in table if row[3].startswith("→")]

    @property
    def told(self) -> list[list[str]]:
        """The rows of the read-outs."""
        return [row for row in self.last.card["rows"]["rows"] if not row[3].startswith("→")]

    def study(self) -> Any:
        return self.view.study(self.last.shot, self.last.request, False, lambda: False)


@pytest.mark.parametrize("name", catalogue())
def test_the_ghost_is_the_run_that_was_pinned(name: str) -> None:
    visit = Visit(name)
    live = Traces(visit.stage.time, Span(dimension="height")).data(visit.last.shot)
    picture = visit.use("pin")
    for axis in ("x", "y"):
        np.testing.assert_array_equal(column(picture, "ghosts:ghost", axis), live["spark:v0"][axis])
    np.testing.assert_array_equal(column(picture, "ghosts:row", "x"), visit.last.recording.spike_times[0])
    picture = visit.look(stimulus__0__amplitude=650.0)
    np.testing.assert_array_equal(column(picture, "ghosts:ghost", "y"), live["spark:v0"]["y"])
    np.testing.assert_array_equal(column(picture, "compare:trace", "y"), live["spark:v0"]["y"])
    np.testing.assert_array_equal(column(picture, "compare:live", "x"), picture.recording.spike_times[0])
    assert visit.stage.pinned is not None  # for other views
    assert visit.stage.pinned.job.stimulus.values()["amplitude"] == 500.0
    assert visit.stage.pinned.recording.recorded.keys() == {"potential", "threshold"}


def test_a_narrow_part_of_the_ghost_is_drawn_sample_by_sample() -> None:
    visit = Visit()
    visit.use("pin")
    part = Shot(visit.last.recording, 200.0, 230.0, 1, 800)
    sources = visit.view.picture(part, visit.last.request).sources
    time = sources["spark:ghosts:ghost"]["x"]
    assert 199 < time[0] <= 200.0 and np.diff(time).max() < 0.11


def test_distances_are_1_and_0_until_something_changes() -> None:
    visit = Visit()
    words = visit.use("pin").words or ""
    assert "Γ = 1.00" in words and "Victor–Purpura distance 0 " in words
    assert visit.differing == [] and "No value differs" in visit.last.card["rows"]["caption"]
    words = visit.look(stimulus__0__amplitude=560.0).words or ""
    assert "Γ = 1.00" not in words and "distance 0 " not in words
    assert visit.differing == [["I", "amplitude", "500 pA", "→ 560 pA"]]
    coarse = visit.use("within", "10").words or ""
    assert "10 ms" in coarse and coarse != words


PACEMAKER = {"stimulus__0__onset": 100.0, "stimulus__0__duration": 100.0}
CASES: list[tuple[str, str, dict[str, Any], str]] = [
    *((name, "", {}, "") for name in catalogue()),
    ("AdaptiveExponentialSoma", "naud2008_irregular", {}, "irregular, CV "),
    ("AdaptiveExponentialSoma", "brette_gerstner2005_rebound", {}, "transient"),
    ("IzhikevichSoma", "izhikevich2004_c_tonic_bursting", {}, "bursting"),
    ("StrictRefractoryLeakySoma", "textbook_lif_pacemaker", PACEMAKER, "in all"),
    ("AdaptiveExponentialSoma", "", {"run__units": 4, "spread__resistance": 0.005}, "adapting"),
    ("AdaptiveExponentialSoma", "", {"config__solver": solvers.SequentialEuler(), "config__dt": 0.5}, "diverged"),
]
"""A run, and what it is there for."""


@pytest.mark.parametrize(("name", "preset", "values", "words"), CASES)
def test_of_the_same_run_it_says_what_the_strip_said(
    name: str, preset: str, values: dict[str, Any], words: str
) -> None:
    visit = Visit(name)
    if preset:
        visit.session.choose_preset(preset)
    strip = visit.look(**values).request.line["readouts"]
    visit.use("pin")
    visit.look(stimulus__0__onset=150.0, stimulus__0__duration=80.0, stimulus__0__amplitude=700.0)
    now = visit.last.request.line["readouts"]
    assert [row[0] for row in visit.told] == [label for label, *_ in now]
    for place, said in ((2, strip), (3, now)):
        assert [row[place] for row in visit.told] == [" ".join(one[1:]).rstrip() for one in said]
    theirs, mine = (visit.last.words or "").split(" Whole run: ")[0].split(" Live: ")
    assert words in theirs or words in strip[1][2]
    for sentence, said in ((theirs, strip), (mine, now)):
        cv = f", CV {said[5][1]}" if "irregular" in said[0][1] else ""
        assert sentence.removeprefix("Pinned: ").startswith(f"{said[0][1]}{cv}.")


def test_what_differs_is_told_in_what_is_shown_of_the_membrane() -> None:
    visit = Visit()
    visit.use("pin")
    visit.look(config__resistance=0.05)
    assert [row[0] for row in visit.differing] == ["R"]
    visit.session.show_capacitance(True)
    visit.look()
    assert [row[0] for row in visit.differing] == ["C", "g_L"] and visit.differing[1][3] == "→ 20 nS"
    visit.use("against", "model:LeakySoma")
    assert "g_L" in [row[0] for row in visit.study().card["rows"]["rows"]]


def test_distances_of_the_whole_run_say_so() -> None:
    visit = Visit("StrictRefractoryLeakySoma")
    visit.session.choose_preset("textbook_lif_pacemaker")
    visit.look()
    visit.use("pin")
    visit.look(stimulus__0__amplitude=400.0)
    sentence, distances = (visit.last.words or "").split(" Whole run: ")
    assert distances.startswith("coincidence factor") and "distance" not in sentence and "Γ" not in sentence
    visit.look(run__duration=600.0)
    assert "First 400 ms: coincidence factor" in (visit.last.words or "")


def test_many_spikes_are_compared_by_coincidences_alone() -> None:
    visit = Visit("LeakySoma")
    visit.look(run__duration=10_000.0, stimulus__0__duration=9_800.0)
    assert len(visit.last.recording.spike_times[0]) > MANY
    words = visit.use("pin").words or ""
    assert "Γ = 1.00" in words and "Victor" not in words
    assert "too coarse" in (visit.use("within", "10").words or "")


def test_every_kind_of_difference_is_told() -> None:
    one, other = Session(), Session()
    for session in (one, other):
        session.choose_model("AdaptiveExponentialSoma")
    assert differences(one.job(), other.job()) == []
    other.set({"config.adaptation_tau": 200.0, "run.duration": 500.0, "run.units": 3, "config.dt": 0.05})
    other.set({"spread.potential_rest": 2.0})
    other.initial = {"potential": -60.0}
    found = {row[1] or row[0]: row for row in differences(one.job(), other.job())}
    assert found["adaptation time constant"] == ("τ_w", "adaptation time constant", "300 ms", "200 ms")
    assert found["duration"][2:] == ("1000 ms", "500 ms") and found["neurons"][2:] == ("1", "3")
    assert found["resting potential"][2:] == ("−70 mV", "−70 ± 2 mV") and found["potential"][2:] == ("rest", "−60")
    assert found["time step"][2:] == ("0.1 ms", "0.05 ms") and len(found) == 6
    other.choose_model("LeakySoma")
    found = {row[1] or row[0]: row for row in differences(one.job(), other.job())}
    assert found["model"][2:] == ("Adaptive exponential", "Leaky") and "adaptation time constant" not in found
    other.choose_stimulus(stimuli.Ramp)
    found = {row[1] or row[0]: row for row in differences(one.job(), other.job())}
    assert found["stimulus"][2:] == ("Step", stimuli.Ramp.title)


def test_unpinned_and_closed_leave_nothing_behind_and_a_pin_comes_back() -> None:
    visit = Visit()
    visit.use("trail")
    visit.look(stimulus__0__amplitude=520.0)
    visit.use("pin")
    low = visit.stage.raster.span(1)[0]
    assert low == -0.5 and (visit.stage.raster.figure.y_range, -0.5) in [
        (axis, values.get("start")) for axis, values in visit.stage.looked
    ]
    assert visit.last.card["enabled"] == {"unpin": True}
    visit.view.closed()
    assert visit.stage.added[-1] == ghosts.nothing() and visit.stage.raster.span(1)[0] == 0.5
    assert all(not column.size for columns in visit.stage.added[-1].values() for column in columns.values())
    visit.view.opened()
    picture = visit.look()
    assert column(picture, "ghosts:ghost", "y").size and visit.stage.raster.span(1)[0] == -0.5
    assert not column(picture, "ghosts:trail0", "y").size
    picture = visit.use("unpin")
    assert not column(picture, "ghosts:ghost", "y").size and "Pin a run" in picture.found.hint
    assert visit.stage.raster.span(1)[0] == 0.5 and picture.card["rows"] is None


def are_shown(visit: Visit, looks: Any) -> bool:
    """Whether the figures are; both or none."""
    (shown,) = {values["visible"] for plot, values in looks if plot in (visit.view.plot, visit.view.trains)}
    return bool(shown)


def test_there_is_no_figure_without_something_to_compare_with() -> None:
    visit = Visit()
    assert not visit.view.plot.visible and not visit.view.trains.visible
    assert not are_shown(visit, visit.last.looks) and "Pin a run" in visit.last.found.hint
    assert are_shown(visit, visit.use("pin").looks) and not are_shown(visit, visit.use("unpin").looks)
    assert not are_shown(visit, visit.use("against", "model:IzhikevichSoma").looks)  # it is not there yet
    assert are_shown(visit, visit.study().looks) and are_shown(visit, visit.look().looks)


def test_every_picture_of_the_view_clears_the_ghosts_that_it_does_not_put_there() -> None:
    visit = Visit()
    layer = ghosts.Ghosts(visit.stage.traces, visit.stage.raster)
    assert layer.data(visit.last.shot) == {} and layer.fit(visit.last.shot) == {}
    assert {name for name in visit.last.sources if "ghosts" in name} == ghosts.nothing().keys()
    visit.use("pin")
    visit.use("trail")
    visit.look(stimulus__0__amplitude=520.0)
    put = {name for name, columns in visit.last.sources.items() if "ghosts" in name and columns["x"].size}
    assert len(put) == 4 and put < ghosts.nothing().keys() < visit.last.sources.keys()
    for dark in (False, True):
        layer.recolour(COLOURS[dark])
        assert layer._pinned[0].glyph.line_color == COLOURS[dark]["ghost"]


def test_the_trail_is_the_last_runs_the_newest_first() -> None:
    visit = Visit()
    visit.use("trail")
    runs = [visit.last.recording]
    for amplitude in (520.0, 540.0, 560.0, 580.0, 600.0):
        runs.append(visit.look(stimulus__0__amplitude=amplitude).recording)
    for k in range(len(ghosts.FADING)):
        before = Shot(runs[-2 - k], 0.0, 1000.0, 1, 400)
        np.testing.assert_array_equal(column(visit.last, f"ghosts:trail{k}", "y"), Traces.curve(before, 0)[1])
    again = pictured(visit.session, visit.view, visit.last.recording)  # drawn again, as after a zoom
    np.testing.assert_array_equal(column(again, "ghosts:trail0", "y"), column(visit.last, "ghosts:trail0", "y"))
    assert list(ghosts.FADING) == sorted(ghosts.FADING, reverse=True)
    assert not column(visit.use("trail", False), "ghosts:trail0", "y").size
    assert column(visit.use("trail", True), "ghosts:trail0", "y").size
    visit.session.choose_model("LeakySoma")  # the runs of another model are no slider positions
    assert not column(visit.look(), "ghosts:trail0", "y").size


@pytest.mark.parametrize("choice", ["model:IzhikevichSoma", "model:LeakySoma", "preset:naud2008_tonic"])
def test_another_runs_on_the_same_input(choice: str) -> None:
    visit = Visit()
    visit.look(stimulus__0__amplitude=620.0, run__duration=400.0)
    assert visit.use("against", choice).words is None  # it is not there yet
    found = visit.study()
    kind, name = choice.split(":")
    session = Session()
    if kind == "model":
        session.choose_model(name)
    else:
        session.choose_preset(name)
    soma = session.soma(session.job().soma.config.copy(dt=0.1))
    initial = dict(presets()[name].initial) if kind == "preset" else {}
    other = spark.simulate(soma, visit.last.request.job.stimulus, duration=400.0, initial=initial)
    np.testing.assert_allclose(found.sources["spark:compare:other"]["x"], other.spike_times[0], atol=1e-6)
    onset, end = visit.last.request.window
    trains = other.spike_times[0], visit.last.recording.spike_times[0]
    during = [str(np.count_nonzero((t >= onset) & (t <= end))) for t in trains]
    counts = next(row[2:] for row in found.card["rows"]["rows"] if row[0] == "spikes")
    assert [text.split(" ")[0] for text in counts] == during
    # with the next picture it is there at once, unless the input is another
    again = visit.look(config__adaptation_tau=200.0)
    assert again.words is not None and column(again, "compare:trace", "y").size
    assert visit.look(stimulus__0__amplitude=630.0).words is None
    assert visit.study().sources["spark:compare:trace"]["y"].size


def test_choices_are_the_models_and_this_models_presets() -> None:
    values = [value for value, _ in choices(catalogue()["IzhikevichSoma"])]
    assert values[0] == "pinned" and {f"model:{name}" for name in catalogue()} <= set(values)
    mine = {f"preset:{p.id}" for p in presets().values() if p.soma == "IzhikevichSoma"}
    assert mine == {value for value in values if value.startswith("preset:")}
    texts = [text for _, text in choices(catalogue()["AdaptiveExponentialSoma"])]
    assert len(set(texts)) == len(texts)
    visit = Visit()
    visit.use("against", "preset:naud2008_tonic")
    visit.session.choose_model("LeakySoma")  # which does not have that preset
    assert visit.look().card["values"]["against"] == "pinned"
    visit.use("against", "preset:nothing")
    assert visit.last.card["values"]["against"] == "pinned"


def test_axes_are_those_of_the_traces() -> None:
    visit = Visit()
    assert visit.view.plot.x_range is visit.view.trains.x_range is visit.stage.time
    assert visit.view.plot.y_range is visit.stage.traces.potential.y_range
    for dark in (False, True):
        visit.view.recolour(COLOURS[dark])
        assert visit.view._drawn["trace"].glyph.line_color == COLOURS[dark]["potential"]
