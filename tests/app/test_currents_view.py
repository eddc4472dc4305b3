"""The currents as they are drawn."""

from dataclasses import replace

import numpy as np
import pytest

from app.views.currents import FAR, MOST, Currents, order
from app.views.style import COLOURS
from spark.analysis import current_names, membrane_currents
from spark.nn.components.somas import catalogue
from tests.app.side import Pictured, column, shown
from tests.common import each


def seen(name: str, visible: tuple[float, float] | None) -> tuple[Currents, Pictured]:
    """The view and its picture of a part of the run."""
    _, view, drawn = shown(Currents, name)
    if visible is None:
        return view, drawn
    part = replace(drawn.shot, start=visible[0], end=visible[1])
    return view, Pictured(part, drawn.request, view.picture(part, drawn.request))


@pytest.mark.parametrize("visible", [None, (200.0, 230.0)])
@pytest.mark.parametrize("name", each())
def test_what_is_drawn_adds_up_to_the_total(name: str, visible: tuple[float, float] | None) -> None:
    view, drawn = seen(name, visible)
    assert Currents.reason(type(drawn.recording.soma)) is None
    total, x = column(drawn, "currents:total", "y"), column(drawn, "currents:areas", "x")
    assert 250 < x.size <= MOST + 1 and np.all(np.diff(x) > 0)
    top = column(drawn, "currents:areas", f"up{len(order())}")
    bottom = column(drawn, "currents:areas", f"down{len(order())}")
    terms = np.sum([column(drawn, "currents:total", term) for term in order()], axis=0)
    low, high = drawn.fit[view.plot]
    whole = (top < FAR * high) & (bottom > FAR * low)  # where nothing is cut off
    assert whole.mean() > 0.9
    np.testing.assert_allclose((top + bottom)[whole], total[whole], atol=1e-6)
    np.testing.assert_allclose(terms[whole], total[whole], atol=1e-6)
    for k in range(len(order())):  # what lies below zero lies there, and each area begins where the one before ends
        assert np.all(np.diff([column(drawn, "currents:areas", f"up{i}") for i in (k, k + 1)], axis=0) >= 0)
        assert np.all(np.diff([column(drawn, "currents:areas", f"down{i}") for i in (k, k + 1)], axis=0) <= 0)


def test_areas_are_means_over_what_they_stand_for() -> None:
    _, _, drawn = shown(Currents, "LeakySoma")
    run = drawn.recording
    found = membrane_currents(run)
    width = -(-run.steps // MOST)
    np.testing.assert_allclose(
        column(drawn, "currents:total", "leak")[3], found.terms["leak"][3 * width : 4 * width].mean()
    )
    assert column(drawn, "currents:total", "leak").sum() * width == pytest.approx(found.terms["leak"].sum(), rel=1e-3)
    _, part = seen("LeakySoma", (200.0, 230.0))  # sample by sample
    at = np.round(column(part, "currents:total", "x") / run.dt).astype(int)
    np.testing.assert_allclose(column(part, "currents:total", "y"), found.total[at])


@pytest.mark.parametrize("name", catalogue())
def test_only_the_currents_that_there_are(name: str) -> None:
    session, view, drawn = shown(Currents, name)
    names = current_names(session.soma)
    looks = dict((id(model), values) for model, values in drawn.looks if "visible" in values)
    assert sum(looks[id(item)]["visible"] for item in view._items.values()) == len(names)
    labels = [values["label"]["value"] for _, values in drawn.looks if "label" in values]
    assert set(labels) <= {*names, ""}


@pytest.mark.parametrize("name", catalogue())
def test_upstrokes_do_not_set_the_axis(name: str) -> None:
    _, view, drawn = shown(Currents, name)
    low, high = drawn.fit[view.plot]
    assert low < -50 and 500 < high < 5000
    size = max(float(np.abs(term).max()) for term in membrane_currents(drawn.recording).terms.values())
    assert ("cut off" in (drawn.words or "")) == (size > 2 * high)


def test_words_say_what_dominates_and_how_exact_the_sum_is() -> None:
    _, _, drawn = shown(Currents, "LeakySoma")
    assert drawn.words is not None and "input drives most (+500 pA)" in drawn.words
    assert "leak holds back most (−" in drawn.words and "add up to C dV/dt within" in drawn.words
    residual = float(drawn.words.split("within ")[1].split(" pA")[0].replace("−", "-"))
    assert residual < 1e-9
    _, _, drawn = shown(Currents, "LeakySoma", stimulus__0__amplitude=0.0)
    assert "No current flows" in (drawn.words or "")
    _, _, drawn = shown(Currents, "LeakySoma", stimulus__0__amplitude=-300.0)
    assert "input holds back most (−300 pA)" in (drawn.words or "")


def test_time_and_moment_are_those_of_the_traces() -> None:
    _, view, _ = shown(Currents, "LeakySoma")
    assert view.plot.x_range is view.stage.time
    assert view.stage.moment in view.plot.center


def test_colours_of_both_themes() -> None:
    _, view, _ = shown(Currents, "AdaptiveExponentialSoma")
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        assert view._areas["leak"][1].glyph.fill_color == COLOURS[dark]["leak"]
        fills = [areas[0].glyph.fill_color for areas in view._areas.values()]
        assert len(set(fills)) == len(fills)
