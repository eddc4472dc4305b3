"""The reset map as it is drawn."""

from typing import Any

import numpy as np
import pytest

from app.views.reset import COARSE, FULL, Reset
from app.views.side import Finding
from app.views.style import COLOURS
from spark.analysis import phase_plane
from spark.nn.components.somas import catalogue
from tests.app.side import Pictured, shown
from tests.common import each

HAVE = [name for name, kind in catalogue().items() if Reset.reason(kind) is None]


def studied(name: str, preset: str = "", coarse: bool = False, **values: Any) -> tuple[Reset, Pictured, Finding]:
    _, view, drawn = shown(Reset, name, preset, **values)
    found = view.study(drawn.shot, drawn.request, coarse, lambda: False)
    assert found is not None
    return view, drawn, found


def source(found: Finding | Pictured, name: str) -> dict[str, np.ndarray]:
    return found.sources[f"spark:reset:{name}"]


def test_somas_without_a_second_variable_say_so() -> None:
    assert {"AdaptiveExponentialSoma", "IzhikevichSoma"} <= set(HAVE) < set(catalogue())
    for name, kind in catalogue().items():
        if name not in HAVE:
            reason = Reset.reason(kind)
            assert reason is not None and kind.title in reason and "no second variable" in reason


@pytest.mark.parametrize("name", each(HAVE))
def test_the_run_climbs_along_the_map(name: str) -> None:
    _, drawn, found = studied(name)
    run = phase_plane.trajectory(drawn.recording).after
    spikes, curve = source(drawn, "spikes"), source(found, "map")
    np.testing.assert_allclose(spikes["x"], run[:-1])
    np.testing.assert_allclose(spikes["y"], run[1:])
    assert curve["x"].size >= 200
    kept = np.isfinite(curve["y"])
    on_map = np.interp(spikes["x"], curve["x"][kept], curve["y"][kept])
    np.testing.assert_allclose(on_map[1:], spikes["y"][1:], atol=0.02 * np.ptp(curve["y"][kept]))
    stairs = source(drawn, "stairs")
    assert stairs["x"].size == 2 * run.size - 1 and stairs["x"][0] == stairs["y"][0] == run[0]
    assert found.words is not None and f"The run's {run.size} spikes: adapting" in found.words


@pytest.mark.parametrize("name", HAVE)
def test_fixed_points_lie_on_the_diagonal_and_are_where_the_run_settles(name: str) -> None:
    view, drawn, found = studied(name)
    stable = source(found, "stable")
    np.testing.assert_array_equal(stable["x"], stable["y"])
    assert stable["x"].size == 1 and abs(stable["slope"][0]) < 1
    run = phase_plane.trajectory(drawn.recording).after
    near = 0.03 * np.ptp(run) + 1e-3 * abs(run[-1])
    assert stable["x"][0] == pytest.approx(run[-1], abs=near)
    (low, high), other = found.fit[view.plot.x_range], found.fit[view.plot.y_range]
    assert (low, high) == other and low < run.min() and high > run.max()


@pytest.mark.parametrize(
    ("preset", "words", "hollow"),
    [
        ("naud2008_regular_bursting", "has a cycle of 2 spikes", 1),
        ("neuronal_dynamics_bursting", "has a cycle of 4 spikes", 1),
        ("naud2008_tonic", "settles on one value: equal intervals", 0),
        ("neuronal_dynamics_transient", "returns to rest after", 0),
    ],
)
def test_it_reads_published_patterns(preset: str, words: str, hollow: int) -> None:
    _, _, found = studied("AdaptiveExponentialSoma", preset)
    assert found.words is not None and words in found.words.split(".")[0]
    assert source(found, "unstable")["x"].size == hollow


def test_coarse_while_dragging_full_at_rest() -> None:
    _, _, coarse = studied("AdaptiveExponentialSoma", coarse=True)
    _, _, full = studied("AdaptiveExponentialSoma")
    assert COARSE["n"] == source(coarse, "map")["x"].size < source(full, "map")["x"].size == FULL["n"] >= 200
    assert source(coarse, "stable")["x"] == pytest.approx(source(full, "stable")["x"], rel=0.01)


def test_without_spikes_it_shows_what_would_follow_one() -> None:
    _, drawn, found = studied("AdaptiveExponentialSoma", stimulus__0__amplitude=100.0)
    assert not source(drawn, "stairs")["x"].size and not source(found, "stable")["x"].size
    assert found.words is not None and "at rest" not in found.words and "returns to rest" in found.words
    assert "no two spikes" in found.words
    _, _, found = studied("IzhikevichSoma", stimulus__0__amplitude=250.0, stimulus__0__duration=20.0)
    assert source(found, "expected")["x"].size > 1


def test_the_current_is_that_in_the_middle_of_the_stimulus() -> None:
    _, _, found = studied("IzhikevichSoma", stimulus__0__amplitude=640.0)
    assert found.words is not None and found.words.startswith("At a steady 640 pA")


def test_the_legend_names_no_line_that_is_not_there() -> None:
    view, _, found = studied("AdaptiveExponentialSoma", stimulus__0__amplitude=-1000.0)
    assert not np.isfinite(source(found, "map")["y"]).any()
    assert (view._items["map"], {"visible": False}) in list(found.looks)
    view, _, found = studied("AdaptiveExponentialSoma")
    assert (view._items["map"], {"visible": True}) in list(found.looks)


def test_colours_of_both_themes() -> None:
    view, _, _ = studied("IzhikevichSoma")
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        assert view._drawn["map"].glyph.line_color == COLOURS[dark]["second"]
        assert view._drawn["stable"].glyph.fill_color == COLOURS[dark]["spikes"]
        assert view._drawn["unstable"].glyph.fill_alpha == 0
