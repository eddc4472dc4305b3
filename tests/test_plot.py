"""`recording.plot()`: what is drawn is what was run, by either backend."""

import io
from collections.abc import Iterator
from typing import Any

import holoviews as hv
import numpy as np
import pytest

import spark
from spark.nn.initializers import Normal
from spark.nn.somas import AdaptiveExponentialSoma, AdaptiveLeakySoma, LeakySoma
from spark.recording import drawing, strokes
from tests.common import each
from tests.io import runs

STEP = spark.stimuli.Step(onset=10.0, amplitude=700.0)


@pytest.fixture(params=["bokeh", "matplotlib"])
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    before = hv.Store.current_backend
    hv.extension(request.param, logo=False)
    yield request.param
    if before in hv.Store.loaded_backends():
        hv.Store.set_current_backend(before)


def panels(layout: Any) -> list[Any]:
    return [*layout]


def of(panel: Any, kind: type) -> list[Any]:
    """The elements of this type in a panel."""
    return [part for part in (panel.values() if isinstance(panel, hv.Overlay) else [panel]) if type(part) is kind]


def rendered(layout: Any, backend: str) -> Any:
    """What the backend makes of it: figures of Bokeh, or axes of Matplotlib."""
    state = hv.renderer(backend).get_plot(layout).state
    if backend == "matplotlib":
        return state.axes
    from bokeh.models import GridPlot

    (grid,) = state.select({"type": GridPlot})
    return [plot for plot, row, _ in sorted(grid.children, key=lambda child: child[1])]


def test_every_variable_has_a_panel_that_says_symbol_and_unit(backend: str) -> None:
    run = spark.simulate(
        AdaptiveExponentialSoma(), STEP, duration=100.0, record=("current", "adaptation", "threshold", "potential")
    )
    drawn = rendered(run.plot(), backend)
    if backend == "matplotlib":
        said = [axes.get_ylabel() for axes in drawn]
        times, titles = [axes.get_xlabel() for axes in drawn], [axes.get_title() for axes in drawn]
        assert all(axes.get_xlim() == (0.0, 100.0) for axes in drawn)
    else:
        said = [plot.yaxis[0].axis_label for plot in drawn]
        times, titles = [plot.below[0].axis_label if plot.below else "" for plot in drawn], [drawn[0].title.text]
        assert len({plot.x_range.id for plot in drawn}) == 1
    assert said == ["V (mV)", "w (pA)", "I (pA)"]
    assert times[-1] == "time (ms)"
    assert titles[0] == f"Adaptive exponential: {run.spike_count} spikes in 100 ms"


def test_threshold_and_spikes_stand_in_the_panel_of_the_potential(backend: str) -> None:
    run = spark.simulate(LeakySoma(), STEP, duration=100.0)
    its = run.parameters_of()
    (panel,) = panels(run.plot())
    threshold, potential = of(panel, hv.Curve)
    assert (threshold.label, potential.label) == ("firing threshold", "potential")
    np.testing.assert_array_equal(threshold.dimension_values(1), np.full(run.steps, its["threshold"]))
    style = hv.Store.lookup_options(backend, threshold, "style").kwargs
    assert style["line_dash" if backend == "bokeh" else "linestyle"] == "dashed"
    (marks,) = of(panel, hv.Segments)
    np.testing.assert_array_equal(marks.dimension_values(0), run.spike_times[0])
    np.testing.assert_array_equal(marks.dimension_values(1), its["threshold"])
    assert (marks.dimension_values(3) > its["threshold"]).all()
    x, y = potential.dimension_values(0), potential.dimension_values(1)
    at = np.isin(x, run.spike_times[0])
    assert set(y[at]) == {its["threshold"], its["potential_reset"]} and (np.diff(x) >= 0).all()


@pytest.mark.parametrize("name", each())
def test_every_soma_is_drawn(name: str) -> None:
    hv.extension("matplotlib", logo=False)
    run = runs.run(name)
    shown = panels(run.plot())
    assert len(shown) == len([v for v in run.recorded if v != "threshold"])
    if name == "LeakySoma":
        file = io.BytesIO()
        hv.save(run.plot(), file, fmt="png", backend="matplotlib")
        assert file.getvalue().startswith(b"\x89PNG")


def test_a_population_has_a_raster_and_colours_per_unit(backend: str) -> None:
    soma = AdaptiveLeakySoma(potential_tau=Normal(20.0, 3.0))
    run = spark.simulate(soma, STEP, duration=100.0, units=20, traces=8)
    potential, raster = panels(run.plot())
    assert [curve.label for curve in of(potential, hv.Curve)] == [f"unit {n}" for n in range(5)]  # θ was not recorded
    (marks,) = of(raster, hv.Segments)
    order = np.lexsort((run.to_dataframe("spikes")["unit"], run.to_dataframe("spikes")["time_ms"]))
    table = run.to_dataframe("spikes").iloc[order]
    found = np.lexsort((marks.dimension_values(1), marks.dimension_values(0)))
    np.testing.assert_array_equal(marks.dimension_values(0)[found], table["time_ms"])
    middle = (marks.dimension_values(1) + marks.dimension_values(3))[found] / 2
    np.testing.assert_allclose(middle, table["unit"], atol=1e-12)
    chosen, _ = panels(run.plot(units=[6]))
    np.testing.assert_array_equal(of(chosen, hv.Curve)[-1].dimension_values(1)[:100], run.potential[:100, 6])
    rendered(run.plot(), backend)


def test_many_spikes_are_an_image(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_STROKES", 10)
    run = spark.simulate(LeakySoma(), STEP, duration=100.0, units=4, traces=0)
    (raster,) = panels(run.plot(time=(20.0, 80.0)))
    (image,) = of(raster, hv.Image)
    assert image.bounds.lbrt() == (20.0, -0.5, 80.0, 3.5)
    inside = np.unique((run.spike_times[0][(run.spike_times[0] >= 20) & (run.spike_times[0] <= 80)] - 20) // 0.03)
    assert image.dimension_values(2, flat=False).sum() == 4 * inside.size
    rendered(run.plot(), backend)


def test_a_window_shows_its_part() -> None:
    run = spark.simulate(LeakySoma(), STEP, duration=200.0)
    (panel,) = panels(run.plot(time=(50.0, 60.0)))
    inside = (run.spike_times[0] >= 50) & (run.spike_times[0] <= 60)
    np.testing.assert_array_equal(of(panel, hv.Segments)[0].dimension_values(0), run.spike_times[0][inside])
    x = of(panel, hv.Curve)[1].dimension_values(0)
    assert 49 < x[0] <= 50.0 and 60.0 <= x[-1] < 61


@pytest.mark.parametrize("name", ["several", "several in odd steps", "no events", "no traces", "nothing recorded"])
def test_whatever_was_kept_is_drawn(name: str) -> None:
    hv.extension("matplotlib", logo=False)
    run = runs.run(name)
    shown = panels(run.plot())
    traces = len([v for v in run.recorded if v != "threshold"]) if run.traced.size else 0
    assert len(shown) == traces + (run.events is not None)


def test_what_cannot_be_drawn_is_refused() -> None:
    run = runs.run("several")
    with pytest.raises(ValueError, match=r"units asks for 1, and this run traced only 3, 0\."):
        run.plot(units=[1])
    with pytest.raises(ValueError, match="start < end"):
        run.plot(time=(5.0, 5.0))
    bare = spark.simulate(LeakySoma(), STEP, duration=20.0, record=(), events=False)
    with pytest.raises(ValueError, match="nothing to draw: record a variable, or run it with events=True"):
        bare.plot()


def test_the_level_that_was_not_recorded_is_known_where_it_does_not_move() -> None:
    still = spark.simulate(LeakySoma(threshold=[-50.0, -52.0]), STEP, duration=20.0, every=3)
    np.testing.assert_array_equal(strokes.levels(still, 1, np.arange(3)), np.full(3, -52.0))
    moving = spark.simulate(AdaptiveLeakySoma(), STEP, duration=20.0)
    assert strokes.levels(moving, 0, np.arange(3)) is None
