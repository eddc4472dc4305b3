"""The f-I curve as it is drawn, and what a hand on it does."""

from typing import Any

import numpy as np
import pytest

from app.views.fi import sampling
from app.views.fi.figure import NAMES
from app.views.fi.view import AMPLITUDE, FI
from app.views.pinned import Pinned, kept
from app.views.side import Finding
from app.views.style import COLOURS
from spark.analysis import phase_plane
from spark.stimuli import OrnsteinUhlenbeck, Ramp
from tests.app.side import Noted, column, pictured, session_of
from tests.common import each


def never() -> bool:
    return False


class Shown:
    """The view of a session, with its pictures and studies."""

    def __init__(self, name: str = "LeakySoma", preset: str = "", **values: float) -> None:
        self.session = session_of(name, preset, **values)
        self.stage = Noted(self.session)
        self.view = FI(self.stage)

    def set(self, **values: float) -> None:
        self.session.set({key.replace("__", "."): value for key, value in values.items()})

    def study(self, coarse: bool = False) -> Finding:
        self.drawn = pictured(self.session, self.view)
        found = self.view.study(self.drawn.shot, self.drawn.request, coarse, never)
        assert found is not None
        return found

    def drag(self, x: float, final: bool = False) -> None:
        self.view.receive({"type": "hand", "x": x, "y": 0.0, "final": final})


@pytest.mark.parametrize("name", each())
def test_every_soma_has_its_curve(name: str) -> None:
    shown = Shown(name)
    assert FI.reason(shown.session.soma) is None
    full = shown.study()
    x = column(full, "fi:curves", "x")
    assert x.size >= 64 and np.all(np.diff(x) >= 0)
    for rates in ("rate", "steady", "first"):
        assert np.isfinite(column(full, "fi:curves", rates)).all() and column(full, "fi:curves", rates)[-1] > 5
    least = shown.view._curves.limit.current  # type: ignore[union-attr]
    values = {k: getattr(shown.session.config, k) for k in shown.session.config.quantities()}
    assert least == pytest.approx(phase_plane.rheobase(shown.session.soma, values).current, rel=1e-5)
    assert column(full, "fi:curves", "steady")[x < 0.9 * least].max() == 0
    assert column(full, "fi:curves", "rate")[x > 1.1 * least].min() > 0
    for low, high in full.fit.values():
        assert np.isfinite([low, high]).all() and low < high
    (low, high), _ = full.fit.values()
    assert low <= 0 and high >= max(2 * least, 1.3 * 500)
    assert full.words is not None and f"Rheobase {least:.4g} pA" in full.words and "at 500 pA it fires" in full.words
    coarse = Shown(name).study(coarse=True)
    assert column(coarse, "fi:curves", "x").size < x.size


@pytest.mark.parametrize("name", ["LeakySoma", "RefractoryLeakySoma", "StrictRefractoryLeakySoma"])
def test_the_theory_lies_on_the_curve_where_there_is_one(name: str) -> None:
    found = Shown(name).study()
    x, theory = column(found, "fi:theory", "x"), column(found, "fi:theory", "y")
    np.testing.assert_array_equal(x, column(found, "fi:curves", "x"))
    fast = theory > 10
    assert fast.sum() > 30
    np.testing.assert_allclose(column(found, "fi:curves", "steady")[fast], theory[fast], rtol=2e-3)
    if name == "LeakySoma":  # tau ln(...) of the textbook, by hand
        drive = 0.04 * x[fast]
        np.testing.assert_allclose(theory[fast], 1000 / (10 * np.log(drive / (drive - 15))), rtol=1e-4)


def test_no_theory_where_something_adapts() -> None:
    shown = Shown("AdaptiveExponentialSoma")
    found = shown.study()
    assert not column(found, "fi:theory", "x").size
    assert (shown.view.figure._items["theory"], {"visible": False}) in found.looks


def test_the_dot_is_the_run() -> None:
    shown = Shown(stimulus__0__amplitude=620.0)
    shown.study()
    times = shown.drawn.recording.spike_times[0]
    inside = np.count_nonzero((times >= 100) & (times <= 900))
    assert column(shown.drawn, "fi:dot", "x")[0] == 620.0
    assert column(shown.drawn, "fi:dot", "y")[0] == pytest.approx(inside / 0.8)
    curves = shown.view._curves
    assert curves is not None
    assert curves is not None
    assert np.interp(620.0, curves.curve.currents, curves.curve.rate) == pytest.approx(inside / 0.8, abs=2.5)


def test_the_current_costs_nothing_and_everything_else_a_new_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []
    compute = sampling.compute

    def counted(*args: Any) -> sampling.Curves:
        made.append(args[-1])
        return compute(*args)

    monkeypatch.setattr(sampling, "compute", counted)
    shown = Shown()
    shown.study(coarse=True)
    shown.study()
    assert made == [True, False]
    for amplitude in (400.0, 550.0, 610.0):
        shown.set(stimulus__0__amplitude=amplitude, stimulus__0__duration=700.0)
        shown.study(coarse=True)
        shown.study()
        assert shown.drawn.words is not None and f"at {amplitude:g} pA" in shown.drawn.words
    assert made == [True, False]
    shown.set(stimulus__0__amplitude=1900.0)  # beyond the curve: not while the hand moves
    shown.study(coarse=True)
    assert made == [True, False]
    shown.study()
    assert made == [True, False, False]
    shown.set(stimulus__0__amplitude=500.0, config__resistance=0.05)
    assert shown.study(coarse=True).words and made[-1] is True
    shown.set(config__dt=0.05)
    shown.study(coarse=True)
    assert len(made) == 5


def test_what_still_axes_show_is_there() -> None:
    """The hand makes the range that is wanted smaller: the curve reaches to the end of the one that is shown."""
    shown = Shown(stimulus__0__amplitude=1500.0)
    (_, before), _ = shown.study().fit.values()
    shown.set(stimulus__0__amplitude=100.0, config__resistance=0.05)
    found = shown.study(coarse=True)
    (_, after), _ = found.fit.values()
    assert after < 0.5 * before and column(found, "fi:curves", "x")[-1] == pytest.approx(before)
    assert column(shown.study(), "fi:curves", "x")[-1] == pytest.approx(before)


def test_a_drag_sets_the_current() -> None:
    shown = Shown()
    shown.study()
    shown.drag(612.4)
    shown.drag(650.6, final=True)
    assert shown.stage.values == [({AMPLITUDE: 612.0}, False), ({AMPLITUDE: 651.0}, True)]
    shown.drag(5e9, final=True)
    assert shown.session.get(AMPLITUDE) == 1e6
    shown.drag(float("nan"))
    assert len(shown.stage.values) == 3


def test_small_currents_are_rounded_finely() -> None:
    shown = Shown(preset="izhikevich2003_fs")
    shown.study()
    shown.drag(6.2345678)
    assert shown.stage.values == [({AMPLITUDE: 6.23}, False)]


def test_the_hand_moves_the_dot_where_other_stimuli_add_to_it() -> None:
    shown = Shown()
    shown.session.add_stimulus(Ramp)
    shown.study()
    before = column(shown.drawn, "fi:dot", "x")[0]
    shown.drag(before + 100, final=True)
    shown.study()
    assert column(shown.drawn, "fi:dot", "x")[0] == pytest.approx(before + 100, abs=1.0)


def test_what_is_no_step_cannot_be_dragged() -> None:
    shown = Shown()
    shown.session.choose_stimulus(OrnsteinUhlenbeck)
    found = shown.study()
    assert found.words and "The stimulus is no step" in found.hint
    shown.drag(300.0)
    assert not shown.stage.values and "no step" in shown.stage.cards[-1]["words"]


def test_up_and_down() -> None:
    shown = Shown(preset="izhikevich2004_h_class_2_excitable")
    assert not column(shown.study(), "fi:sweep", "x").size
    shown.view.receive({"type": "control", "key": "sweep", "value": True})
    assert shown.stage.drawn_again == 1
    found = shown.study()
    x, up, down = (column(found, "fi:sweep", name) for name in ("x", "up", "down"))
    apart = (up == 0) & (down > 15)
    assert apart.sum() >= 5 and 0.2 < x[apart].min() < x[apart].max() <= 0.45
    assert found.words is not None and "Bistable from" in found.words
    assert any(look.get("left") == x[apart].min() for _, look in found.looks)
    shown.view.receive({"type": "control", "key": "sweep", "value": False})
    found = shown.study()
    assert not column(found, "fi:sweep", "x").size and "Bistable" not in (found.words or "")


@pytest.mark.parametrize("name", each())
def test_up_and_down_for_every_soma(name: str) -> None:
    shown = Shown(name)
    shown.view.sweeping = True
    found = shown.study(coarse=True)
    x, up, down = (column(found, "fi:sweep", axis) for axis in ("x", "up", "down"))
    curves = shown.view._curves
    assert curves is not None
    # A stair tells a rate by the spikes on it: of a cell whose intervals are longer, only the patient study does.
    if 2 * 1000.0 / np.interp(x[-1], curves.curve.currents, curves.curve.steady_rate) > curves.effort.hold:
        found = shown.study()
        x, up, down = (column(found, "fi:sweep", axis) for axis in ("x", "up", "down"))
    assert x.size > 20 and np.isfinite(up).all() and np.isfinite(down).all() and up[-1] > 0
    assert found.words is not None and "p and down" in found.words


def test_the_pinned_neuron_keeps_its_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Shown()
    then = shown.study()
    assert not column(then, "fi:pinned", "x").size and (shown.view.figure._items["pinned"], {"visible": False}) in list(
        then.looks
    )
    shown.stage.pinned = Pinned(shown.drawn.request.job, kept(shown.drawn.recording))
    shown.set(config__resistance=0.02, stimulus__0__amplitude=900.0)
    found = shown.study()
    x, rate = column(found, "fi:pinned", "x"), column(found, "fi:pinned", "y")
    before, after = (found.fit[shown.view.figure.plot.x_range] for found in (then, found))
    assert after[1] > before[1] and x[-1] >= after[1]
    here = x <= before[1]
    was = np.interp(x[here], column(then, "fi:curves", "x"), column(then, "fi:curves", "rate"))
    fires = was > 20
    assert fires.sum() > 10
    np.testing.assert_allclose(rate[here][fires], was[fires], rtol=0.05)
    assert (
        rate[x < 374].max() == 0
        and column(found, "fi:curves", "rate")[column(found, "fi:curves", "x") < 740].max() == 0
    )
    assert found.fit[shown.view.figure.plot][1] > rate[x <= after[1]].max()
    assert (shown.view.figure._items["pinned"], {"visible": True}) in list(found.looks)
    assert "Rheobase 750 pA" in (found.words or "") and "Pinned (dashed): rheobase 375 pA." in (found.words or "")
    shown.session.choose_model("IzhikevichSoma")
    other = shown.study()
    assert column(other, "fi:pinned", "y").max() > 50 and "rheobase 375 pA" in (other.words or "")
    made: list[Any] = []
    monkeypatch.setattr(sampling, "compute", lambda *args: made.append(args))
    assert "rheobase 375 pA" in (shown.study(coarse=True).words or "") and not made  # it is kept
    shown.stage.pinned = None
    assert not column(pictured(shown.session, shown.view), "fi:pinned", "x").size
    gone = shown.study(coarse=True)
    assert not column(gone, "fi:pinned", "x").size and "inned" not in (gone.words or "")


def test_a_step_may_fire_it_below_the_rheobase() -> None:
    """With a > 0 it can rest where a step makes it fire: the words say what the curve shows."""
    shown = Shown(preset="destexhe2009_lts")
    words, curves = shown.study().words or "", shown.view._curves
    assert curves is not None and curves.limit.current is not None
    fires = curves.curve.currents[curves.curve.rate > 0].min()
    assert fires < 0.5 * curves.limit.current
    assert f"Rheobase 275 pA for a slow current, a step makes it fire from {fires:.3g} pA" in words
    goes_on = curves.curve.currents[curves.curve.steady_rate > 0].min()
    assert f"From {goes_on:.3g} pA it goes on firing beside its resting state" in words
    assert "starts from zero" not in words
    plain = Shown().study().words or ""
    assert "Rheobase 375 pA; at 500 pA" in plain and "starts from zero" in plain


def test_curves_of_another_model_go() -> None:
    shown = Shown()
    shown.study()
    shown.session.choose_model("IzhikevichSoma")
    drawn = pictured(shown.session, shown.view)
    assert not column(drawn, "fi:curves", "x").size and drawn.words == "Computing the curve …"


def test_colours_of_both_themes() -> None:
    view = Shown().view
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        lines = {name: view.figure._drawn[name].glyph.line_color for name in NAMES}
        assert lines["rate"] == COLOURS[dark]["rate"] and len(set(lines.values())) == len(lines)
