"""The atlas as it is drawn."""

from typing import Any

import numpy as np
import pytest

from app import hues
from app.foresight.batch import Neuron, run
from app.numbers import number
from app.session.membrane import CAPACITANCE, CONDUCTANCE, RESISTANCE, TAU
from app.views.atlas.axes import axes, usual
from app.views.atlas.figure import LEVELS
from app.views.atlas.view import Atlas
from app.views.side import Finding
from app.views.style import COLOURS
from spark.analysis import IMPOSSIBLE, classify
from spark.nn.components.somas import catalogue
from tests.app.side import Noted, Pictured, pictured, shown
from tests.common import each

IMAGE = "spark:atlas:image"


def studied(view: Atlas, drawn: Pictured, coarse: bool = True) -> Finding | None:
    return view.study(drawn.shot, drawn.request, coarse, lambda: False)


def image_of(found: Finding | None) -> np.ndarray:
    assert found is not None
    return found.sources[IMAGE]["image"]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many points were run, each time."""
    counted: list[int] = []

    def counting(neuron: Any, how: Any, points: Any, progress: Any) -> Any:
        counted.append(len(next(iter(points.values()))))
        return run(neuron, how, points, progress)

    monkeypatch.setattr("app.views.atlas.view.run", counting)
    return counted


@pytest.mark.parametrize("name", each())
def test_every_soma_has_its_map_and_it_is_that_of_real_runs(name: str) -> None:
    session, view, drawn = shown(Atlas, name)
    assert Atlas.reason(session.soma) is None
    x, y = drawn.card["values"]["x"], drawn.card["values"]["y"]
    assert x == "stimulus.0.amplitude" and y.startswith("config.")
    assert view.plot_axes is not None
    for axis, path in zip(view.plot_axes, (x, y), strict=True):
        assert axis.path == path and (not axis.unit or f"({axis.unit})" in axis.label)
    image = image_of(studied(view, drawn))
    assert image.shape == (16, 16)
    start, end = session.job().window
    for row, column in ((2, 14), (8, 9), (13, 12), (5, 1)):
        place = np.array([column, row]) / 15
        values = {axis.path: float(axis.value(p)) for axis, p in zip(view.plot_axes, place, strict=True)}
        before = {path: session.get(path) for path in values}
        session.set(values)
        try:
            times = session.job().run().spike_times[0]
        except ValueError:  # values that contradict each other
            assert image[row, column] >= hues.NOWHERE
            continue
        finally:
            session.set(before)
        rate = 1000 * np.count_nonzero((times >= start) & (times <= end)) / (end - start)
        wanted = hues.numbers([hues.class_of(str(classify(times, start, end)))], np.array([rate]))[0]
        assert abs(int(image[row, column]) - int(wanted)) <= 1, (values, rate)  # one spike more or less is one shade


def test_its_axes_are_in_what_is_shown_of_the_membrane(runs: list[int]) -> None:
    """Along g_L the capacitance is held, as on its slider."""
    session, view, drawn = shown(Atlas, "AdaptiveExponentialSoma")
    session.show_capacitance(True)
    drawn = pictured(session, view, drawn.recording)
    offered = {value for value, _ in drawn.card["options"]["y"]}
    assert {CAPACITANCE, CONDUCTANCE} <= offered and not {TAU, RESISTANCE} & offered
    view.receive({"type": "control", "key": "y", "value": CONDUCTANCE})
    drawn = pictured(session, view, drawn.recording)
    assert view.plot_axes is not None and view.plot_axes[1].label == "leak conductance g\u200aL (nS)"
    found = studied(view, drawn)
    assert found is not None and f"g\u200aL = {number(session.get(CONDUCTANCE))} nS" in (found.words or "")
    image = image_of(found)
    start, end = session.job().window
    held = session.get(CAPACITANCE)
    for row, column in ((4, 12), (8, 9)):
        x, y = view.plot_axes
        session.set({x.path: float(x.value(column / 15)), y.path: float(y.value(row / 15))})
        assert session.get(CAPACITANCE) == held
        times = session.job().run().spike_times[0]
        rate = 1000 * np.count_nonzero((times >= start) & (times <= end)) / (end - start)
        wanted = hues.numbers([hues.class_of(str(classify(times, start, end)))], np.array([rate]))[0]
        assert abs(int(image[row, column]) - int(wanted)) <= 1 and rate
    studied(view, pictured(session, view))
    assert runs == [256]  # both moves were along the map
    session.set({CAPACITANCE: 2 * held})
    studied(view, pictured(session, view))
    assert runs == [256, 256]
    session.show_capacitance(False)
    assert {TAU, RESISTANCE} <= {value for value, _ in pictured(session, view).card["options"]["y"]}


def test_moving_along_the_map_does_not_compute_it_again(runs: list[int]) -> None:
    session, view, drawn = shown(Atlas, "AdaptiveExponentialSoma")
    assert "Computing" in (drawn.words or "")
    studied(view, drawn)
    found = studied(view, drawn, coarse=False)
    assert image_of(found).shape == (64, 64) and runs == [256, 4096]
    for again in (studied(view, drawn, coarse=False), studied(view, drawn)):
        assert again is not None and again.words and not again.sources  # where it is, in words; no map
    view.receive({"type": "hand", "x": 0.75, "y": 0.25, "final": False})
    assert (session.get("stimulus.0.amplitude"), session.get("config.adaptation_delta")) == (1250.0, 75.0)
    moved = pictured(session, view)
    for again in (studied(view, moved), studied(view, moved, coarse=False)):
        assert again is not None and again.words == moved.words and not again.sources and len(runs) == 2
    assert moved.sources["spark:atlas:here"]["x"] == pytest.approx([0.75]) and IMAGE not in moved.sources
    assert "I = 1,250 pA, b = 75 pA" in (moved.words or "")
    session.set({"config.potential_reset": -50.0})  # anything else does
    other = pictured(session, view)
    assert other.words is None and image_of(studied(view, other)).shape == (16, 16)
    assert image_of(studied(view, other, coarse=False)).shape == (64, 64) and len(runs) == 4


def test_a_hand_stays_on_the_sliders() -> None:
    _, view, _ = shown(Atlas, "LeakySoma", stimulus__0__amplitude=123.0)
    view.receive({"type": "hand", "x": -0.3, "y": 1.2, "final": True})
    stage = view.stage
    assert isinstance(stage, Noted)
    assert stage.values[-1] == ({"stimulus.0.amplitude": -1000.0, "config.threshold": -30.0}, True)
    view.receive({"type": "hand", "x": 0.50011, "y": 0.5, "final": False})
    assert stage.values[-1][0]["stimulus.0.amplitude"] == 500.0  # in the slider's own steps


def test_a_choice_changes_the_axes_and_the_same_twice_changes_places() -> None:
    session, view, _ = shown(Atlas, "AdaptiveExponentialSoma")
    view.receive({"type": "control", "key": "y", "value": "config.resistance"})
    drawn = pictured(session, view)
    assert drawn.card["values"]["y"] == "config.resistance" and drawn.sources[IMAGE]["image"].size == 0
    labels = [values["axis_label"] for _, values in drawn.looks if "axis_label" in values]
    assert labels == ["amplitude I (pA)", "membrane resistance R (GΩ)"]
    args = next(values["args"] for _, values in list(drawn.looks)[3:] if "args" in values)
    assert args == {"low": 0.005, "high": 1.0, "log": True}
    view.receive({"type": "control", "key": "x", "value": "config.resistance"})
    values = pictured(session, view).card["values"]
    assert (values["x"], values["y"]) == ("config.resistance", "stimulus.0.amplitude")
    session.choose_model("IzhikevichSoma")
    session.remove_stimulus(0)
    assert pictured(session, view).card["values"]["x"] == "config.resistance"  # it has that too


@pytest.mark.parametrize("name", catalogue())
def test_axes_are_laid_out_as_the_sliders(name: str) -> None:
    session, _, _ = shown(Atlas, name)
    neuron = Neuron.of(session.job())
    choice = axes(neuron)
    assert set(choice) == set(neuron.values) and set(usual(choice)) <= set(choice)
    for axis in choice.values():
        places = np.linspace(0, 1, 7)
        np.testing.assert_allclose(axis.position(axis.value(places)), places, atol=1e-12)
        assert axis.value(0.0) == pytest.approx(axis.low) and axis.value(1.0) == pytest.approx(axis.high)
        assert 3 <= len(axis.ticks) <= 12 and all(-1e-9 <= tick <= 1 + 1e-9 for tick in axis.ticks)
        for tick in axis.ticks:
            assert float(f"{axis.value(tick):.4g}") == pytest.approx(float(f"{axis.value(tick):.2g}"), abs=1e-9)


def test_impossible_points_are_hatched_and_said() -> None:
    session, view, _ = shown(Atlas, "LeakySoma")
    view.receive({"type": "control", "key": "x", "value": "config.potential_reset"})
    drawn = pictured(session, view)
    found = studied(view, drawn)
    image = image_of(found)
    assert found is not None and "impossible" in (found.words or "")
    assert {int(v) for v in image[0, -4:]} <= {hues.NOWHERE, hues.NOWHERE + 1}  # reset −57, threshold −65
    assert len({int(v) for v in image[0, -4:]}) == 2
    item = view.figure.samples[IMPOSSIBLE][1]
    assert (item, {"visible": True}) in list(found.looks)


def test_colour_by_rate() -> None:
    session, view, drawn = shown(Atlas, "LeakySoma")
    pattern = image_of(studied(view, drawn))
    view.receive({"type": "control", "key": "colour", "value": "rate"})
    found = studied(view, pictured(session, view))
    image = image_of(found)
    assert found is not None and (view.figure.bar, {"visible": True}) in list(found.looks)
    silent = pattern == pattern[-1, 0]
    assert (image[silent] == 0).all() and (image[~silent] > 0).all() and image.max() <= LEVELS - 1
    assert (np.diff(image[0].astype(int)) >= 0).all()  # more current, more spikes
    view.receive({"type": "control", "key": "colour", "value": "pattern"})
    np.testing.assert_array_equal(image_of(studied(view, pictured(session, view))), pattern)


def test_a_long_run_has_a_coarser_map_or_none_and_says_so() -> None:
    _, view, drawn = shown(Atlas, "LeakySoma", run__duration=2500.0, stimulus__0__duration=2000.0)
    found = studied(view, drawn, coarse=False)
    assert image_of(found).shape[0] < 64 and found is not None and "in place of 64" in (found.words or "")
    _, view, drawn = shown(Atlas, "LeakySoma", config__dt=0.005)
    found = studied(view, drawn, coarse=False)
    assert found is not None and "too long" in (found.words or "") and image_of(found).size == 0


def test_what_nobody_waits_for_is_ended() -> None:
    _, view, drawn = shown(Atlas, "LeakySoma")
    assert view.study(drawn.shot, drawn.request, False, lambda: True) is None and view.map is None
    assert view.study(drawn.shot, drawn.request, True, lambda: True) is not None  # a hand that moves sees something


def test_another_model_clears_the_map_and_returning_shows_it() -> None:
    session, view, drawn = shown(Atlas, "LeakySoma")
    first = image_of(studied(view, drawn))
    session.choose_model("AdaptiveLeakySoma")
    assert pictured(session, view).sources[IMAGE]["image"].size == 0
    session.choose_model("LeakySoma")
    np.testing.assert_array_equal(image_of(studied(view, pictured(session, view))), first)


def test_colours_of_both_themes() -> None:
    _, view, _ = shown(Atlas, "LeakySoma")
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        assert view.figure.mapper.palette == [hues.css(one) for one in hues.palette(dark)]
