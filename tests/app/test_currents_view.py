"""The currents as they are drawn."""

from typing import Any

import numpy as np
import pytest

from app.pipeline import Drawn
from app.session import Session
from app.views.currents import FAR, MOST, ORDER, Currents
from app.views.style import COLOURS
from spark.analysis import current_names, membrane_currents
from spark.nn.components.somas import catalogue
from tests.app.side import Noted, pictured


def shown(name: str, visible: tuple[float, float] | None = None, **values: Any) -> tuple[Session, Currents, Drawn]:
    session = Session()
    session.choose_model(name)
    session.set({key.replace("__", "."): value for key, value in values.items()})
    view = Currents(Noted(session))
    drawn = pictured(session, view)
    if visible is not None:
        drawn.sources.update(view.data(type(drawn.shot)(drawn.recording, *visible, 1, 800), drawn.request))
    return session, view, drawn


def column(drawn: Drawn, source: str, name: str) -> np.ndarray:
    return drawn.sources[f"spark:currents:{source}"][name]


@pytest.mark.parametrize("visible", [None, (200.0, 230.0)])
@pytest.mark.parametrize("name", catalogue())
def test_what_is_drawn_adds_up_to_the_total(name: str, visible: tuple[float, float] | None) -> None:
    session, view, drawn = shown(name, visible)
    assert Currents.reason(session.soma) is None
    total, x = column(drawn, "total", "y"), column(drawn, "areas", "x")
    assert 250 < x.size <= MOST + 1 and np.all(np.diff(x) > 0)
    top = column(drawn, "areas", f"up{len(ORDER)}")
    bottom = column(drawn, "areas", f"down{len(ORDER)}")
    terms = np.sum([column(drawn, "total", term) for term in ORDER], axis=0)
    low, high = drawn.side_fit[view.plot]
    whole = (top < FAR * high) & (bottom > FAR * low)  # where nothing is cut off
    assert whole.mean() > 0.9
    np.testing.assert_allclose((top + bottom)[whole], total[whole], atol=1e-6)
    np.testing.assert_allclose(terms[whole], total[whole], atol=1e-6)
    for k in range(len(ORDER)):  # what lies below zero lies there, and each area begins where the one before ends
        assert np.all(np.diff([column(drawn, "areas", f"up{i}") for i in (k, k + 1)], axis=0) >= 0)
        assert np.all(np.diff([column(drawn, "areas", f"down{i}") for i in (k, k + 1)], axis=0) <= 0)


def test_areas_are_means_over_what_they_stand_for() -> None:
    _, _, drawn = shown("LeakySoma")
    run = drawn.recording
    found = membrane_currents(run)
    width = -(-run.steps // MOST)
    np.testing.assert_allclose(column(drawn, "total", "leak")[3], found.terms["leak"][3 * width : 4 * width].mean())
    assert column(drawn, "total", "leak").sum() * width == pytest.approx(found.terms["leak"].sum(), rel=1e-3)
    _, _, part = shown("LeakySoma", (200.0, 230.0))  # sample by sample
    at = np.round(column(part, "total", "x") / run.dt).astype(int)
    np.testing.assert_allclose(column(part, "total", "y"), found.total[at])


@pytest.mark.parametrize("name", catalogue())
def test_only_the_currents_that_there_are(name: str) -> None:
    session, view, drawn = shown(name)
    names = current_names(session.soma)
    looks = dict((id(model), values) for model, values in drawn.side_looks if "visible" in values)
    assert sum(looks[id(item)]["visible"] for item in view._items.values()) == len(names)
    labels = [values["label"]["value"] for _, values in drawn.side_looks if "label" in values]
    assert set(labels) <= {*names, ""}


@pytest.mark.parametrize("name", catalogue())
def test_upstrokes_do_not_set_the_axis(name: str) -> None:
    _, view, drawn = shown(name)
    low, high = drawn.side_fit[view.plot]
    assert low < -50 and 500 < high < 5000
    size = max(float(np.abs(term).max()) for term in membrane_currents(drawn.recording).terms.values())
    assert ("cut off" in (drawn.words or "")) == (size > 2 * high)


def test_words_say_what_dominates_and_how_exact_the_sum_is() -> None:
    _, _, drawn = shown("LeakySoma")
    assert drawn.words is not None and "input drives most (+500 pA)" in drawn.words
    assert "leak holds back most (−" in drawn.words and "add up to C dV/dt within" in drawn.words
    residual = float(drawn.words.split("within ")[1].split(" pA")[0].replace("−", "-"))
    assert residual < 1e-9
    _, _, drawn = shown("LeakySoma", stimulus__0__amplitude=0.0)
    assert "No current flows" in (drawn.words or "")
    _, _, drawn = shown("LeakySoma", stimulus__0__amplitude=-300.0)
    assert "input holds back most (−300 pA)" in (drawn.words or "")


def test_time_and_moment_are_those_of_the_traces() -> None:
    _, view, _ = shown("LeakySoma")
    assert view.plot.x_range is view.stage.time
    assert view.stage.moment in view.plot.center


def test_colours_of_both_themes() -> None:
    _, view, _ = shown("AdaptiveExponentialSoma")
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        assert view._areas["leak"][1].glyph.fill_color == COLOURS[dark]["leak"]
        fills = [areas[0].glyph.fill_color for areas in view._areas.values()]
        assert len(set(fills)) == len(fills)
