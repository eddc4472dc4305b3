"""Views: what is drawn of a run, and that nothing of it is lost."""

from typing import Any

import numpy as np
import pytest
from bokeh.models import ColumnDataSource, LegendItem, Range1d, Span

import spark
from app.client.picture import Sources
from app.run.readouts import readouts
from app.run.shot import COLUMNS, Shot
from app.session.session import Session
from app.views.catalogue import catalogue as view_kinds
from app.views.raster import MOST_STROKES, Raster
from app.views.style import COLOURS
from app.views.traces import Traces, slower
from spark import Recording
from spark.nn.components.somas import catalogue
from spark.recording.strokes import peak
from spark.simulation.simulate import variables
from spark.stimuli import PulseTrain, Step
from tests.app.side import Noted, session_of
from tests.common import each

BRIEF = PulseTrain(amplitude=4000.0, width=1.0, period=10.0, onset=5.0, duration=9000.0)


def run(name: str = "LeakySoma", duration: float = 300.0, amplitude: float = 600.0, **options: Any) -> Recording:
    soma = catalogue()[name]()
    stimulus = options.pop("stimulus", Step(amplitude=amplitude, onset=10.0, duration=duration))
    return spark.simulate(soma, stimulus, duration=duration, record=variables(type(soma)), **options)


def views() -> tuple[Traces, Raster]:
    x_range, cursor = Range1d(0, 1), Span(dimension="height")
    return Traces(x_range, cursor), Raster(x_range, cursor)


def drawn(recording: Recording, start: float = 0.0, end: float | None = None, shown: int = 3) -> Sources:
    shot = Shot(recording, start, recording.duration if end is None else end, shown)
    traces, raster = views()
    return traces.data(shot) | raster.data(shot)


@pytest.fixture(scope="module")
def long() -> Recording:
    """20,000 steps: far more than pixel columns."""
    return run(duration=2000.0)


@pytest.mark.parametrize(("start", "end"), [(0.0, 2000.0), (0.0, 1000.05), (333.3, 1777.7), (500.0, 1000.0)])
def test_reduction_keeps_minimum_and_maximum(long: Recording, start: float, end: float) -> None:
    shot = Shot(long, start, end, 1)
    values = np.random.default_rng(0).normal(size=long.steps)
    time, y = shot.trace(values)
    assert shot.reduced and len(y) <= 3 * COLUMNS + 2
    inside = values[shot.rows]
    assert (y.min(), y.max()) == (inside.min(), inside.max())
    assert np.all(np.diff(time) > 0)
    np.testing.assert_array_equal(y, values[np.round(time / long.dt).astype(int)])
    # a peak one sample wide, anywhere, is drawn
    for at in (shot.rows.start, shot.rows.start + 777, (shot.rows.start + shot.rows.stop) // 2, shot.rows.stop - 1):
        for sign in (-1, 1):
            values = np.zeros(long.steps)
            values[at] = sign
            time, y = shot.trace(values)
            assert sign in y and time[np.flatnonzero(y)[0]] == pytest.approx(at * long.dt)


def test_no_pixel_column_is_empty(long: Recording) -> None:
    time, _ = Shot(long, 0.0, 2000.0, 1).trace(long.potential[:, 0])
    assert np.diff(time).max() <= 2 * 2000.0 / COLUMNS + long.dt


def test_a_narrow_part_is_drawn_sample_by_sample(long: Recording) -> None:
    shot = Shot(long, 500.0, 600.0, 1)
    time, y = shot.trace(long.potential[:, 0])
    assert not shot.reduced
    assert time[0] <= 500.0 and time[-1] >= 600.0 - long.dt and len(y) < 1010
    np.testing.assert_allclose(np.diff(time), long.dt)


@pytest.mark.parametrize(("start", "end"), [(-50.0, 10.0), (1990.0, 2500.0), (3000.0, 4000.0), (700.0, 700.001)])
def test_parts_at_and_beyond_the_ends(long: Recording, start: float, end: float) -> None:
    for columns in drawn(long, start, end).values():
        assert all(np.isfinite(v).all() for v in columns.values())


@pytest.mark.parametrize("reduced", [True, False])
@pytest.mark.parametrize("name", each())
def test_every_spike_is_drawn(name: str, reduced: bool) -> None:
    recording = run(name, 500.0 if reduced else 200.0, amplitude=700.0)
    shot = Shot(recording, 0.0, recording.duration, 1)
    assert shot.reduced == reduced
    times = recording.spike_times[0]
    assert len(times) > 2
    sources = drawn(recording)
    np.testing.assert_array_equal(sources["spark:spikes"]["x"], times)
    np.testing.assert_array_equal(sources["spark:strokes"]["x"], times)
    stroke = sources["spark:spikes"]
    assert np.all(stroke["high"] >= stroke["low"])
    top = peak(shot.recording)
    if top is not None:
        np.testing.assert_allclose(stroke["high"], top, rtol=1e-6)
        assert top > recording.threshold.max()


def test_every_spike_is_drawn_among_many(long: Recording) -> None:
    recording = run(duration=9000.0, stimulus=BRIEF)
    times = recording.spike_times[0]
    assert len(times) == 900
    sources = drawn(recording)
    np.testing.assert_array_equal(sources["spark:spikes"]["x"], times)
    part = drawn(recording, 1000.0, 2000.0)["spark:spikes"]["x"]
    np.testing.assert_array_equal(part, times[(times >= 1000) & (times <= 2000)])


def test_corners() -> None:
    """Where samples show, the trace reaches the firing level and falls to the reset at the time of the spike."""
    recording = run(duration=100.0)
    v = drawn(recording)["spark:v0"]
    assert np.all(np.diff(v["x"]) >= 0)
    for time in recording.spike_times[0]:
        at = np.flatnonzero(v["x"] == time)
        level, reset = v["y"][at[-2:]]
        assert level == pytest.approx(-55.0, abs=1e-3) and reset == pytest.approx(-70.0)


@pytest.mark.parametrize("name", each())
def test_second_variable_and_thresholds(name: str) -> None:
    recording = run(name, 50.0)
    sources = drawn(recording)
    assert bool(len(sources["spark:second"]["y"])) == bool(slower(catalogue()[name]))
    soft = "rheobase_threshold" in recording.parameters
    assert bool(len(sources["spark:soft"]["y"])) == soft
    assert len(sources["spark:threshold"]["y"]) and len(sources["spark:current"]["y"])
    if soft:
        assert sources["spark:soft"]["y"][0] == pytest.approx(recording.parameters["rheobase_threshold"][0])


def test_a_moving_threshold_moves() -> None:
    for name in ("AdaptiveLeakySoma", "SimplifiedAdaptiveExponentialSoma"):
        sources = drawn(run(name, amplitude=900.0))
        assert np.ptp(sources["spark:threshold"]["y"]) > 1


@pytest.mark.parametrize("shown", [1, 3, 10])
def test_as_many_traces_as_asked_for(shown: int) -> None:
    recording = run(units=12, duration=50.0)
    sources = drawn(recording, shown=shown)
    others = sources["spark:traces"]
    gaps = np.isnan(others["y"])
    assert gaps.sum() == shown - 1 and (np.isnan(others["x"]) == gaps).all()
    ends = np.flatnonzero(gaps)
    for unit, (begin, end) in enumerate(zip([0, *ends[:-1] + 1], ends, strict=False), 1):
        part, samples = others["y"][begin:end], recording.potential[:, unit]
        assert (part.size, part.min()) == (samples.size + 2 * len(recording.spike_times[unit]), samples.min())
    assert len(sources["spark:others"]["x"]) == sum(len(t) for t in recording.spike_times[1:shown])


def test_few_spikes_are_strokes_and_many_an_image() -> None:
    few = drawn(run(units=5, duration=100.0))
    assert len(few["spark:strokes"]["x"]) and not len(few["spark:image"]["image"])
    assert set(few["spark:strokes"]["unit"]) == {1, 2, 3, 4, 5}
    recording = run(units=300, duration=400.0)
    many = drawn(recording)
    assert sum(map(len, recording.spike_times)) > MOST_STROKES
    image = many["spark:image"]["image"]
    assert not len(many["spark:strokes"]["x"])
    assert image.shape == (300, COLUMNS) and image.dtype == np.uint8
    columns = np.unique((recording.spike_times[0] / recording.duration * COLUMNS).astype(int))
    np.testing.assert_array_equal(np.flatnonzero(image[0]), columns)
    assert image.any(axis=1).all()
    assert (many["spark:image"]["dw"][0], many["spark:image"]["dh"][0]) == (400.0, 300)


def test_zooming_into_an_image_gives_strokes() -> None:
    recording = run(units=300, duration=400.0)
    part = drawn(recording, 100.0, 110.0)
    assert len(part["spark:strokes"]["x"]) and np.all(part["spark:strokes"]["x"] >= 100)


def test_rate_of_the_population() -> None:
    recording = run(units=20, duration=300.0)
    rate = drawn(recording)["spark:rate"]
    spikes = np.sum(rate["y"][:-1]) * (rate["x"][1] - rate["x"][0]) / 1000 * 20
    assert spikes == pytest.approx(sum(map(len, recording.spike_times)))
    assert not len(drawn(run(duration=50.0))["spark:rate"]["x"])


@pytest.mark.parametrize("units", [1, 4])
@pytest.mark.parametrize("name", each())
def test_fitted_axes_cover_the_data(name: str, units: int) -> None:
    session = Session()
    session.choose_model(name)
    session.set({"run.units": units})
    recording = session.job().run()
    shot = Shot(recording, 0.0, recording.duration, 3)
    traces, raster = views()
    data, fit = traces.data(shot) | raster.data(shot), traces.fit(shot) | raster.fit(shot)
    names = {
        traces.current: ["current"],
        traces.potential: ["v0", "traces", "threshold", "soft", "spikes", "others"],
        traces.slower[0]: ["second"],
        raster.figure: ["strokes"],
        raster.rate: ["rate"],
    }
    for target, (low, high) in fit.items():
        assert np.isfinite([low, high]).all() and low < high
        for source in names[target]:
            for column in {"y", "low", "high"} & set(data[f"spark:{source}"]):
                values = data[f"spark:{source}"][column]
                values = values[~np.isnan(values)] if source == "traces" else values
                assert np.all((values >= low) & (values <= high)), (source, column)
    second = bool(slower(catalogue()[name]))
    assert (traces.slower[0], {"visible": second}) in traces.describe(shot)
    assert (traces.slower[0] in fit) == second


def test_a_silent_run_has_axes_and_readouts() -> None:
    recording = run(amplitude=0.0, units=2)
    traces, raster = views()
    shot = Shot(recording, 0.0, 300.0, 3)
    for low, high in (traces.fit(shot) | raster.fit(shot)).values():
        assert low < high
    found = {label: value for label, value, _ in readouts(recording, (10.0, 300.0))}
    assert found["spikes"] == "0" and found["rate, stimulus on"] == "0.0" and found["first spike after"] == "–"
    assert found["rate of all"] == "0.0"


def test_readouts_are_those_of_the_spikes() -> None:
    recording = run(amplitude=600.0)
    times = recording.spike_times[0]
    found = {label: value for label, value, _ in readouts(recording, (10.0, 300.0))}
    assert found["spikes"] == str(len(times))
    assert float(found["rate, stimulus on"]) == pytest.approx(len(times) / 0.29, abs=0.06)
    assert float(found["first spike after"]) == pytest.approx(times[0] - 10, abs=0.06)
    assert float(found["mean interval"]) == pytest.approx(np.diff(times).mean(), abs=0.06)
    assert found["CV"] == "0.00"


def test_a_spike_is_never_after_nothing() -> None:
    soma = catalogue()["LeakySoma"](resistance=1e9)
    recording = spark.simulate(soma, Step(amplitude=600.0, onset=10.0), duration=300.0)
    found = {label: value for label, value, _ in readouts(recording, (10.0, 300.0))}
    assert found["first spike after"] == "< 0.1"


def test_read_outs_beside_each_other_are_of_the_same_spikes() -> None:
    """A neuron that fires by itself, faster while the stimulus is on: tonic, and no interval of before or after."""
    soma, step = catalogue()["LeakySoma"](potential_rest=-54.0), Step(amplitude=200.0, onset=100.0, duration=150.0)
    recording = spark.simulate(soma, step, duration=300.0)
    times = recording.spike_times[0]
    inside = times[(times >= 100) & (times <= 250)]
    found = {label: (value, unit) for label, value, unit in readouts(recording, (100.0, 250.0))}
    assert 3 < inside.size < times.size
    assert found["pattern"][0] == "tonic" and float(found["CV"][0]) < 0.01
    assert found["spikes"] == (str(inside.size), f"of {times.size} in all")
    assert float(found["mean interval"][0]) == pytest.approx(np.diff(inside).mean(), abs=0.06)


def test_spikes_after_the_stimulus_count() -> None:
    recording = run(amplitude=600.0)
    times = recording.spike_times[0]
    found = {label: value for label, value, _ in readouts(recording, (0.0, times[0] - 1))}
    assert found["spikes"] == str(len(times)) and found["rate, stimulus on"] == "0.0"
    assert float(found["first spike after"]) == pytest.approx(times[0], abs=0.06)


def test_colours_of_both_themes() -> None:
    traces, raster = views()
    for dark in (False, True):
        for view in (traces, raster):
            view.recolour(COLOURS[dark])
        assert traces._glyphs["potential"][0].glyph.line_color == COLOURS[dark]["potential"]
        assert raster._strokes.glyph.line_color == COLOURS[dark]["spikes"]
    for colours in COLOURS.values():
        assert len(set(colours.values())) == len(colours)
    assert COLOURS[False].keys() == COLOURS[True].keys()


def test_no_legend_is_built_anew_with_every_picture() -> None:
    """Bokeh does that when anything changes which the items reach: none of the data that pictures bring."""
    stage = Noted(session_of("AdaptiveExponentialSoma"))
    items = [
        item
        for layout in [*stage.traces.figures, *(kind(stage).layout for kind in view_kinds().values())]
        for item in layout.select({"type": LegendItem})
    ]
    assert len(items) > 20
    reached = {source.name for item in items for source in item.references() if isinstance(source, ColumnDataSource)}
    assert reached == {None}
