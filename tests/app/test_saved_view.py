"""The open view in the page that is saved: what it shows, for every soma, and nothing that needs a server."""

import gc
import logging
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from bokeh.models import ColumnDataSource, CustomJS, Range1d

from app.export.beside import FINEST, beside
from app.export.page import standalone
from app.export.shown import OpenView, Shown
from app.run.pipeline import Pipeline, Request
from app.session.share import to_dict
from app.views import reset
from app.views.atlas import view as atlas
from app.views.catalogue import catalogue
from app.views.pinned import Pinned, kept
from app.views.side import Finding, figures
from spark.nn.components.somas import catalogue as somas
from spark.simulation import Cancelled
from tests.app.side import session_of

OPEN = [(view, soma) for view, kind in catalogue().items() for soma, own in somas().items() if kind.reason(own) is None]
THIRD = [pytest.param(*pair, marks=pytest.mark.thorough if k % 3 else ()) for k, pair in enumerate(OPEN)]
"""Every pair when there is time, every third otherwise: all views and all somas are among those."""


@cache
def ran(soma: str, **values: Any) -> tuple[Any, Request, Any]:
    """A session, what it asks for and what comes of it."""
    session = session_of(soma, **{"run__duration": 200.0} | values)
    job, ends = session.job(), (0.0, session.settings.duration)
    drawn = Pipeline(())(Request(job, 1, job.window, "", 1, ends[1], ends, 800), lambda done: None)
    return session, drawn.request, drawn.shot


def shown_of(view: str, soma: str, options: dict[str, Any] | None = None, pin: bool = False, **values: Any) -> Shown:
    """A run with this view open."""
    session, request, shot = ran(soma, **values)
    pinned = Pinned(request.job, kept(shot.recording)) if pin else None
    return Shown(shot, request.job, to_dict(session), True, OpenView(view, request, options or {}, pinned))


def made(shown: Shown, progress: Any = lambda done: None) -> tuple[Any, Range1d]:
    assert shown.view is not None
    time = Range1d(0, 200)
    return beside(shown, shown.view, time, progress), time


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies as coarse as while a hand moves."""
    monkeypatch.setattr(reset, "FULL", reset.COARSE)
    monkeypatch.setattr(atlas, "FINE", atlas.COARSE)


@pytest.mark.parametrize(("view", "soma"), THIRD)
def test_every_view_of_every_soma_needs_no_server(view: str, soma: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its study, which takes a second each: those are below."""
    monkeypatch.setattr(catalogue()[view], "studies", False)
    is_whole(view, soma, 1)


@pytest.mark.parametrize("view", catalogue())
def test_every_view_is_studied_before_it_is_saved(view: str, quick: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        is_whole(view, "AdaptiveExponentialSoma", 2)
    assert not caplog.records, caplog.text


def is_whole(view: str, soma: str, least: int) -> None:
    """It is drawn, in words and in figures of at least so many sources with data, and asks no server."""
    found, _ = made(shown_of(view, soma, pin=True))
    assert found is not None and found.title == catalogue()[view].title and (found.words or least == 1)
    for word in ("Click", "Drag to", "Pin a run", *(["Computing"] if least > 1 else [])):
        assert word not in found.words
    assert not [js for js in found.layout.select({"type": CustomJS}) if "window.spark" in js.code]
    for plot in figures(found.layout):
        assert not plot.tags and not plot.subscribed_events
        kinds = {type(tool).__name__ for tool in plot.tools}
        assert {"PanTool", "WheelZoomTool", "BoxZoomTool", "ResetTool", "SaveTool"} <= kinds
        assert plot.toolbar.logo is None and plot.toolbar_location == "above"
    sources = [source for source in found.layout.select({"type": ColumnDataSource}) if source.name]
    assert {source.name.split(":")[1] for source in sources} == {view}
    filled = [source for source in sources if any(len(column) for column in source.data.values())]
    assert len(filled) >= min(least, len(sources))


def test_its_axes_show_what_is_there_and_its_time_is_that_of_the_traces() -> None:
    phase, _ = made(shown_of("phase", "AdaptiveExponentialSoma"))
    plot, names = phase.layout, {source.name: source for source in phase.layout.select({"type": ColumnDataSource})}
    path = names["spark:phase:path"].data
    assert plot.x_range.start == plot.x_range.reset_start < min(path["x"]) < max(path["x"]) < plot.x_range.end
    assert plot.yaxis[0].axis_label == "w (pA)"
    currents, time = made(shown_of("currents", "AdaptiveExponentialSoma"))
    assert currents.layout.x_range is time
    shown = shown_of("currents", "LeakySoma")
    (areas,) = [s for s in currents.layout.select({"type": ColumnDataSource}) if s.name == "spark:currents:areas"]
    assert len(areas.data["x"]) == shown.shot.recording.steps < FINEST, "every sample: it can be zoomed"


def test_it_opens_as_a_hand_has_zoomed_it_and_resets_to_the_whole() -> None:
    shown = shown_of("phase", "AdaptiveExponentialSoma")
    assert shown.view is not None
    found, _ = made(replace(shown, view=replace(shown.view, zoom=[((-60.0, -50.0), None)])))
    x, y = found.layout.x_range, found.layout.y_range
    assert (x.start, x.end) == (-60.0, -50.0) and x.reset_start < -60.0 and y.start == y.reset_start
    (field,) = [s for s in found.layout.select({"type": ColumnDataSource}) if s.name == "spark:phase:field"]
    assert min(field.data["x1"]) > -60.5 and max(field.data["x1"]) < -49.5, "drawn for what is seen"


def test_what_was_chosen_on_its_card_is_kept_and_a_table_comes_along() -> None:
    shown = shown_of("compare", "LeakySoma", {"against": "model:AdaptiveLeakySoma"})
    found, _ = made(shown)
    assert "difference" in found.rows["caption"] and found.rows["head"][-1] == "live"
    page = standalone(shown.shot, view=lambda time, progress: found).decode()
    assert found.rows["caption"] in page and "Other: " in page


def test_a_population_says_whose_view_it_is_and_one_neuron_does_not() -> None:
    found, _ = made(shown_of("phase", "AdaptiveExponentialSoma", run__units=3))
    assert found.words.startswith("Neuron 1 of 3. ")


def test_what_cannot_be_shown_says_why_and_what_says_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_of("atlas", "LeakySoma")
    monkeypatch.setattr(atlas, "FINE", (10**6,))
    found, _ = made(shown)
    assert found.words == "The run is too long for a map: shorten the duration, or lengthen the time step."

    def refused(view: Any, shot: Any, request: Any) -> Finding:
        raise ValueError("Not of these values.")

    monkeypatch.setattr(catalogue()["phase"], "picture", refused)
    found, _ = made(shown_of("phase", "LeakySoma"))
    assert found.words == "Not of these values."
    found, _ = made(shown_of("compare", "LeakySoma"))  # nothing is pinned
    assert found is None


def test_a_long_study_ends_when_nobody_waits_for_it() -> None:
    told: list[float] = []

    def progress(done: float) -> None:
        told.append(done)
        if len(told) > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        made(shown_of("atlas", "LeakySoma"), progress)
    assert told[:2] == [0.1, 0.1], "the map asks while it is computed"


def test_no_text_of_a_view_becomes_a_part_of_the_page() -> None:
    from app.export.beside import Beside

    bad = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
    shown = shown_of("phase", "LeakySoma")
    table = {"caption": bad, "head": ["", bad], "rows": [[bad, bad]]}
    page = standalone(shown.shot, title=bad, view=lambda time, progress: Beside(bad, bad, None, table)).decode()
    assert "<img" not in page and "{{ 7 * 7 }}" in page


def test_a_page_that_was_saved_leaves_nothing_behind() -> None:
    shown = shown_of("currents", "LeakySoma")
    view = shown.view
    assert view is not None

    def saved() -> int:
        standalone(shown.shot, view=lambda time, progress: beside(shown, view, time, progress))
        gc.collect()
        return sum(isinstance(one, ColumnDataSource) for one in gc.get_objects())

    first = saved()
    assert saved() <= first
