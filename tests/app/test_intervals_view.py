"""Intervals as they are drawn, and the order of the raster."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from bokeh.models import Range1d, Span

from app.run.pipeline import Pipeline, Request
from app.run.shot import Shot
from app.session.session import Session
from app.views.intervals import gaps as gaps_of
from app.views.intervals.view import BARS, POINTS, Intervals
from app.views.intervals.words import sentence
from app.views.raster import Raster
from app.views.style import COLOURS
from spark.analysis import classify
from tests.app.side import column, pictured, session_of, shown
from tests.common import each


@pytest.mark.parametrize("units", [1, 5])
@pytest.mark.parametrize("name", each())
def test_every_soma_has_its_intervals(name: str, units: int) -> None:
    session, view, drawn = shown(Intervals, name, run__units=units, spread__threshold=1.0)
    assert Intervals.reason(session.soma) is None
    gaps = [np.diff(times) for times in drawn.recording.spike_times]
    assert gaps[0].size > 3
    for source in (*POINTS, *BARS):
        for values in drawn.sources[f"spark:intervals:{source}"].values():
            assert np.isfinite(values).all()
    np.testing.assert_allclose(column(drawn, "intervals:own", "y"), gaps[0])
    np.testing.assert_array_equal(column(drawn, "intervals:own", "x"), np.arange(1, gaps[0].size + 1))
    np.testing.assert_allclose(column(drawn, "intervals:own_map", "x"), gaps[0][:-1])
    np.testing.assert_allclose(column(drawn, "intervals:own_map", "y"), gaps[0][1:])
    others = gaps[1:3]  # three neurons are drawn
    np.testing.assert_allclose(column(drawn, "intervals:others", "y"), np.concatenate([*others, np.empty(0)]))
    assert column(drawn, "intervals:own_bars", "top").sum() == gaps[0].size
    assert column(drawn, "intervals:all_bars", "top").sum() == (sum(g.size for g in gaps) if units > 1 else 0)
    assert column(drawn, "intervals:rate_bars", "top").sum() == (units if units > 1 else 0)
    assert (view.rates, {"visible": units > 1}) in drawn.looks
    low, high = drawn.fit[view.isi]
    for source in ("own", "others", "own_map", "others_map"):
        assert np.all(
            (column(drawn, f"intervals:{source}", "y") >= low) & (column(drawn, f"intervals:{source}", "y") <= high)
        )
    assert drawn.words is not None and f"{gaps[0].size} intervals of " in drawn.words


def test_the_mean_is_the_closed_form() -> None:
    _, _, drawn = shown(Intervals, "LeakySoma")
    expected = 10 * np.log(20 / 5)  # tau ln(R I / (R I - (theta - V_rest)))
    np.testing.assert_allclose(column(drawn, "intervals:own", "y"), expected, rtol=1e-3)
    assert drawn.words is not None and f"mean {expected:.3g} ms" in drawn.words and "tonic" in drawn.words


@pytest.mark.parametrize("units", [1, 3])
def test_too_few_spikes_are_said(units: int) -> None:
    _, view, drawn = shown(Intervals, "LeakySoma", stimulus__0__amplitude=0.0, run__units=units)
    assert drawn.words is not None and "o interval, it did not fire" in drawn.words
    for plot in (view.numbered, view.counted, view.mapped):
        assert (view._blank[plot], {"visible": True}) in drawn.looks
    for low, high in drawn.fit.values():
        assert low < high
    _, view, drawn = shown(Intervals, "LeakySoma", stimulus__0__duration=15.0)
    assert len(drawn.recording.spike_times[0]) == 1
    assert drawn.words is not None and "it fired once" in drawn.words
    _, view, drawn = shown(Intervals, "LeakySoma", stimulus__0__duration=30.0)
    assert len(drawn.recording.spike_times[0]) == 2
    assert drawn.words is not None and "One interval of 13.9 ms" in drawn.words
    assert (view._blank[view.numbered], {"visible": False}) in drawn.looks
    assert (view._blank[view.mapped], {"visible": True}) in drawn.looks


def said(gaps: np.ndarray) -> str:
    """The sentence of a train with these intervals that lasts as long as its stimulus."""
    times = np.cumsum(np.concatenate([[1.0], gaps]))
    return sentence(gaps_of.Intervals(gaps, [], gaps), classify(times, 0.0, times[-1] + 1), 1, times.size)


def test_clusters_of_the_return_map() -> None:
    tonic, doublets, triplets = np.full(20, 10.0), np.tile([5.0, 50.0], 20), np.tile([5.0, 5.1, 50.0], 20)
    assert [gaps_of.clusters(train) for train in (tonic, doublets, triplets)] == [1, 2, 3]
    session = Session()
    session.choose_preset("izhikevich2004_c_tonic_bursting")  # within a burst they grow little by little
    assert gaps_of.clusters(np.diff(session.job().run().spike_times[0])) == 3
    assert gaps_of.clusters(tonic[:3]) == 0
    poisson = np.random.default_rng(1).exponential(20.0, 400)
    assert gaps_of.clusters(poisson) < 2
    assert "clusters" not in said(poisson).replace("no clear clusters", "")
    ramp = np.linspace(20, 8, 40)
    assert "little by little" in said(ramp)
    assert ": tonic. The return map is one point on the diagonal: equal intervals." in said(tonic)
    assert ": bursting. The return map has 3 clusters." in said(triplets)
    slower = np.concatenate([np.linspace(10, 40, 12), np.full(20, 40.0)])
    assert ": adapting. They lengthen from 10 to 40 ms" in said(slower)


def test_intervals_are_those_of_the_pattern() -> None:
    """A neuron that fires by itself also before and after: not those intervals; of a rebound, those after."""
    values: dict[str, Any] = {
        "stimulus__0__amplitude": 300.0,
        "stimulus__0__onset": 300.0,
        "stimulus__0__duration": 400.0,
    }
    _, _, drawn = shown(Intervals, "LeakySoma", config__potential_rest=-54.0, run__units=3, **values)
    times = drawn.recording.spike_times[0]
    inside = times[(times >= 300) & (times <= 700)]
    assert 5 < inside.size < times.size - 5
    for source in ("own", "others"):
        lengths = column(drawn, f"intervals:{source}", "y")
        assert lengths.size == (1 if source == "own" else 2) * (inside.size - 1)
        assert np.ptp(lengths) < 0.1
    assert drawn.words is not None and f"{inside.size - 1} intervals of" in drawn.words
    assert "while the stimulus is on" in drawn.words and "CV 0.00: tonic" in drawn.words
    _, _, drawn = shown(Intervals, "AdaptiveExponentialSoma", "destexhe2009_lts")
    assert drawn.recording.spike_times[0].min() > drawn.request.window[1]
    assert column(drawn, "intervals:own", "y").size == 3 and "3 intervals" in (drawn.words or "")


def test_no_interval_reaches_from_one_neuron_to_the_next() -> None:
    session, _, _ = shown(Intervals, "LeakySoma", run__units=9, spread__resistance=0.02, stimulus__0__amplitude=300.0)
    run = session.job().run()
    assert min(map(len, run.spike_times)) == 0 < max(map(len, run.spike_times))  # also with silent neurons between
    expected = np.concatenate([np.diff(times) for times in run.spike_times])
    np.testing.assert_allclose(gaps_of.Intervals.of(run, 3, (0.0, run.duration)).all, expected)


def test_many_points_are_a_fixed_choice() -> None:
    gaps = np.tile([5.0, 50.0], 3000)
    x, y = gaps_of.numbered([gaps])
    assert x.size == gaps_of.MOST and set(y) == {5.0, 50.0}
    np.testing.assert_array_equal(x, gaps_of.numbered([gaps])[0])
    before, after = gaps_of.mapped([gaps])
    assert np.all(before != after)  # pairs stay pairs


@pytest.mark.parametrize("order", ["rate", "first spike", "resistance"])
@pytest.mark.parametrize("units", [12, 300])
def test_the_raster_is_sorted(order: str, units: int) -> None:
    session, _, _ = shown(Intervals, "LeakySoma", run__units=units, spread__resistance=0.01, run__duration=400.0)
    run = session.job().run()
    raster = Raster(Range1d(0, 1), Span(dimension="height"))
    plain, sorted_ = (Shot(run, 0.0, run.duration, 3, order=by) for by in ("", order))
    assert sorted(sorted_.places) == list(range(units))
    np.testing.assert_array_equal(plain.places, np.arange(units))
    by_place = np.argsort(sorted_.places)
    first = np.array([t[0] if t.size else np.inf for t in run.spike_times])
    key = {"rate": [len(t) for t in run.spike_times], "first spike": first, "resistance": run.parameters["resistance"]}
    assert np.all(np.diff(np.nan_to_num(np.asarray(key[order], float)[by_place], posinf=1e9)) >= 0)
    drawn = raster.data(sorted_)
    if units == 12:
        strokes = drawn["spark:strokes"]
        rows = (strokes["low"] + strokes["high"]) / 2
        assert not np.array_equal(rows, strokes["unit"])
        for x, row, unit in zip(strokes["x"], rows, strokes["unit"], strict=True):  # the hover tells the neuron
            assert x in run.spike_times[unit - 1] and round(row) == sorted_.places[unit - 1] + 1
    else:
        image, before = drawn["spark:image"]["image"], raster.data(plain)["spark:image"]["image"]
        np.testing.assert_array_equal(image, before[by_place])
    by = "R" if order == "resistance" else order
    assert (raster.figure.yaxis[0], {"axis_label": f"neuron, by {by}"}) in raster.describe(sorted_)
    assert (raster.figure.yaxis[0], {"axis_label": "neuron"}) in raster.describe(plain)


def test_what_neurons_no_longer_differ_in_sorts_no_raster() -> None:
    session = session_of("LeakySoma", run__units=4, spread__threshold=1.0)
    job = session.job()
    request = Request(job, 1, job.window, "", 3, 1000.0, (0.0, 1000.0), 800, order="resistance")
    assert Pipeline(())(request, lambda done: None).shot.order == "threshold"
    session.set({"spread.threshold": 0.0})
    assert Pipeline(())(replace(request, job=session.job()), lambda done: None).shot.order == ""


def test_an_order_that_another_soma_lacks_is_none() -> None:
    session, _, _ = shown(Intervals, "IzhikevichSoma", run__units=3)
    shot = Shot(session.job().run(), 0.0, 100.0, 3, order="potential_tau")
    np.testing.assert_array_equal(shot.places, [0, 1, 2])


def test_the_choice_follows_the_session() -> None:
    session, view, drawn = shown(Intervals, "LeakySoma")
    assert drawn.card == {"controls": []}
    session.set({"run.units": 5})
    card = pictured(session, view).card
    assert [value for value, _ in card["controls"][0]["options"]] == ["", "rate", "first spike"]
    view.receive({"type": "control", "key": "sort", "value": "rate"})
    assert view.order == "rate" and view.stage.drawn_again == 1  # type: ignore[attr-defined]
    assert pictured(session, view).card["controls"] == card["controls"]  # not built anew under the hand
    assert pictured(session, view).card["values"] == {"sort": "rate"}
    session.set({"spread.resistance": 0.01})
    grown = pictured(session, view).card["controls"][0]
    assert grown["options"][-1] == ["resistance", "membrane resistance"] and grown["value"] == "rate"
    view.receive({"type": "control", "key": "sort", "value": "resistance"})
    session.set({"spread.resistance": 0.0})
    assert pictured(session, view).card["values"] == {"sort": ""} and view.order is None
    view.order = "rate"
    view.closed()
    assert view.order is None


def test_colours_of_both_themes() -> None:
    _, view, _ = shown(Intervals, "LeakySoma")
    for dark in (False, True):
        view.recolour(COLOURS[dark])
        assert {renderer.glyph.fill_color for renderer, _ in view._drawn if hasattr(renderer.glyph, "fill_color")} == {
            COLOURS[dark][name] for name in ("others", "potential", "rate")
        }
