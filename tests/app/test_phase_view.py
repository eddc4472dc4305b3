"""The phase plane as it is drawn."""

import numpy as np
import pytest

from app.views.phase.view import EMPTY, Phase
from app.views.style import COLOURS
from spark.analysis import phase_plane
from spark.nn.components.somas import catalogue
from tests.app.side import column, pictured, shown


@pytest.mark.parametrize("name", catalogue())
def test_every_soma_has_its_plane(name: str) -> None:
    session, view, drawn = shown(Phase, name)
    assert Phase.reason(session.soma) is None
    for source, columns in EMPTY.items():
        if source != "dot":  # the page moves it
            assert set(drawn.sources[f"spark:phase:{source}"]) == set(columns)
    assert column(drawn, "phase:v", "x").size > 1 and column(drawn, "phase:second", "x").size > 1
    assert drawn.words and "Click in the plane" in drawn.found.hint
    for low, high in drawn.fit.values():
        assert np.isfinite([low, high]).all() and low < high
    plane = phase_plane.plane_of(session.soma)
    assert not isinstance(plane, str)
    assert (view.plot.yaxis[0], {"axis_label": f"{plane.symbol} ({plane.unit})"}) in drawn.looks
    assert bool(column(drawn, "phase:field", "x0").size) == (plane.second is not None)


@pytest.mark.parametrize("name", ["AdaptiveExponentialSoma", "IzhikevichSoma", "AdaptiveLeakySoma"])
def test_the_path_is_the_run(name: str) -> None:
    session, view, drawn = shown(Phase, name)
    run, plane = drawn.recording, phase_plane.plane_of(session.soma)
    assert not isinstance(plane, str) and plane.second is not None
    t, v, x = (column(drawn, "phase:path", axis) for axis in ("t", "x", "y"))
    assert t.size < 4000  # 10,000 samples, reduced
    samples = np.round(t / run.dt).astype(float)
    on_grid = np.isfinite(t) & (np.abs(samples * run.dt - t) < 1e-9) & (samples < run.steps)
    at = samples[on_grid].astype(int)
    assert at.size > 500
    potential = run.potential[at, 0].astype(float)
    np.testing.assert_allclose(v[on_grid], view.broken.shown(potential) if view.broken else potential, atol=1e-4)
    np.testing.assert_allclose(x[on_grid], run.recorded[plane.second][at, 0], rtol=1e-4, atol=1e-3)
    spikes = run.spike_times[0]
    assert np.count_nonzero(np.isfinite(column(drawn, "phase:jumps", "x"))) == 2 * len(spikes)
    for spike in spikes:  # where it moves fast nothing is left out
        near = np.isfinite(t) & (np.abs(t - spike) <= 2.5 * run.dt)
        assert near.sum() >= 5


@pytest.mark.parametrize("name", catalogue())
def test_the_upstroke_is_left_out(name: str) -> None:
    """Where it is part of the model: most of the axis shows rest, reset, threshold and saddle, as they are."""
    session, view, drawn = shown(Phase, name)
    low, high = drawn.fit[view.plot.x_range]
    p = session.config.values()
    looks = {(model.id, key): value for model, values in drawn.looks for key, value in values.items()}
    assert (view.broken is not None) == ("spike_slope" in p or name == "IzhikevichSoma") or view.broken is None
    if view.broken is None:
        assert high >= drawn.recording.threshold.max() and looks[view.plot.xaxis[0].id, "bounds"] == "auto"
        return
    at, top = view.broken.at, view.broken.top
    assert top == p["threshold"] > high and (high - at) < 0.15 * (high - low)
    for seen in (p["potential_rest"], p["potential_reset"], p.get("rheobase_threshold", -60.0)):
        assert low < seen < at - 3
    assert looks[view.plot.xaxis[0].id, "bounds"][1] == looks[view.plot.xgrid[0].id, "bounds"][1] == at
    assert at < column(drawn, "phase:firing", "x")[0] < high  # in view, and said what it is
    assert looks[view._items["firing"].id, "label"]["value"].endswith("mV")
    spikes = len(drawn.recording.spike_times[0])
    jumps = column(drawn, "phase:jumps", "x")
    assert spikes and np.sum(np.isclose(jumps, column(drawn, "phase:firing", "x")[0], atol=1e-3)) >= spikes
    for potential in (low, at, (at + top) / 2, top):  # a click lands where it points
        assert view.broken.true(float(view.broken.shown(np.array(potential)))) == pytest.approx(potential)


def test_a_click_beyond_the_break_starts_in_the_upstroke() -> None:
    session, view, _ = shown(Phase, "IzhikevichSoma")
    assert view.broken is not None
    view.receive({"type": "hand", "x": view.broken.at + view.broken.room / 2, "y": 0.0, "final": True})
    assert session.initial["potential"] == pytest.approx((view.broken.at + view.broken.top) / 2)


@pytest.mark.parametrize("name", ["AdaptiveExponentialSoma", "IzhikevichSoma", "AdaptiveLeakySoma", "LeakySoma"])
def test_all_that_the_axes_show_is_drawn(name: str) -> None:
    """Also where they are wider than the data, or a hand has zoomed out."""
    session, view, _ = shown(Phase, name)
    area = {view.plot.x_range: (-150.0, 10.0), view.plot.y_range: (-3000.0, 3000.0)}
    view.stage.frame = lambda axis, wanted: area[axis]
    drawn = pictured(session, view)
    width, height = 160.0, 6000.0
    curve = column(drawn, "phase:idle" if name != "AdaptiveLeakySoma" else "phase:second", "x")
    assert curve.min() <= -150 and curve.max() >= (10 if view.broken is None else view.broken.at)
    if phase_plane.plane_of(session.soma).second is not None:  # type: ignore[union-attr]
        x, y = column(drawn, "phase:field", "x0"), column(drawn, "phase:field", "y0")
        assert x.min() < -150 + 0.1 * width and y.min() < -3000 + 0.1 * height and y.max() > 3000 - 0.1 * height
        assert x.max() > (10 if view.broken is None else view.broken.at) - 0.1 * width


def test_a_hand_that_zooms_has_it_drawn_anew() -> None:
    _, view, _ = shown(Phase, "AdaptiveExponentialSoma")
    before = view.stage.drawn_again  # type: ignore[attr-defined]
    view.plot.x_range.start = -120.0
    view.plot.y_range.end = 900.0
    assert view.stage.drawn_again == before + 2  # type: ignore[attr-defined]


def test_fixed_points_are_filled_when_stable_and_hollow_when_not() -> None:
    _, _, drawn = shown(Phase, "AdaptiveExponentialSoma", stimulus__0__amplitude=0.0)
    assert column(drawn, "phase:stable", "x") == pytest.approx([-70.0], abs=0.05)
    assert column(drawn, "phase:unstable", "x").size == 1  # the saddle
    assert "it can rest" in (drawn.words or "")
    _, _, drawn = shown(Phase, "AdaptiveExponentialSoma", stimulus__0__amplitude=900.0)
    assert column(drawn, "phase:stable", "x").size == 0 and "it fires" in (drawn.words or "")


def test_the_curves_belong_to_the_input_in_the_middle_of_the_stimulus() -> None:
    _, _, drawn = shown(Phase, "LeakySoma", stimulus__0__amplitude=300.0)
    v, rate = column(drawn, "phase:v", "x"), column(drawn, "phase:v", "y")
    np.testing.assert_allclose(rate, (-70 - v + 0.04 * 300) / 10, atol=1e-6)  # parameters of the run are float32
    v, rate = column(drawn, "phase:idle", "x"), column(drawn, "phase:idle", "y")
    np.testing.assert_allclose(rate, (-70 - v) / 10, atol=1e-6)  # parameters of the run are float32


def test_a_tap_starts_a_run_there_and_the_button_takes_it_back() -> None:
    session, view, _ = shown(Phase, "IzhikevichSoma")
    view.receive({"type": "hand", "x": -55.0, "y": -10.0, "final": True})
    assert session.initial == {"potential": -55.0, "recovery": -10.0}
    run = pictured(session, view).recording
    assert (run.potential[0, 0], run.recovery[0, 0]) == (-55.0, -10.0)
    view.receive({"type": "control", "key": "rest", "value": True})
    assert session.initial == {}
    session, view, _ = shown(Phase, "LeakySoma")
    view.receive({"type": "hand", "x": -60.0, "y": 0.4, "final": True})
    assert session.initial == {"potential": -60.0}


def test_a_recovery_that_never_moves_is_said_and_drawn() -> None:
    _, _, drawn = shown(Phase, "IzhikevichSoma", config__recovery_timescale=0.0)
    assert column(drawn, "phase:v", "x").size > 1 and column(drawn, "phase:stable", "x").size == 0
    assert drawn.words is not None and "recovery" in drawn.words


def test_colours_of_both_themes() -> None:
    _, view, _ = shown(Phase, "AdaptiveExponentialSoma")
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        assert view._drawn["v"].glyph.line_color == COLOURS[dark]["potential"]
        assert view._drawn["second"].glyph.line_color == COLOURS[dark]["second"]
