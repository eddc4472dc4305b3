"""Presets, stimuli and the simulation, chosen in the page."""

from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect

from app.session.session import Session
from spark import solvers, stimuli
from spark.presets import Preset, presets
from tests.browser.explorer import Explorer

NAUD = [preset for preset in presets().values() if preset.source == "Naud et al. 2008"]
IZHIKEVICH = [presets()[f"izhikevich2003_{name}"] for name in ("rs", "ib", "ch", "fs", "tc", "tc_burst", "rz", "lts")]
REBOUND = [preset for key, preset in presets().items() if "rebound" in key and preset not in IZHIKEVICH]
TITLES = [kind.title for kind in stimuli.catalogue().values() if kind is not stimuli.Sum]
CHAOTIC = {"naud2008_irregular"}
ALL = "'rate of all' in probe.readouts()"
MOST = "Math.max(...probe.data('current', 'y'))"


@pytest.mark.parametrize(
    "chosen",
    [NAUD, pytest.param(IZHIKEVICH, marks=pytest.mark.thorough), pytest.param(REBOUND, marks=pytest.mark.thorough)],
    ids=["Naud", "Izhikevich", "rebound"],
)
def test_presets_show_their_spikes(page: Explorer, chosen: list[Preset]) -> None:
    assert len(chosen) >= (2 if chosen is REBOUND else 7)
    page.page.locator(".equations summary").click()
    for preset in chosen:
        page.choose_preset(preset.title)
        page.page.get_by_text(preset.shows).first.wait_for()
        page.wait("probe.figure().x_range.end === a", preset.duration)
        page.soon(partial(assert_spikes, page, preset))
        page.assert_unchanged()
        expect(page.page.get_by_text(preset.citation[:40])).to_be_visible()
        assert page.finite


def assert_spikes(page: Explorer, preset: Preset) -> None:
    """As many are drawn, and said, as its source shows."""
    drawn, said, expected = len(page.data("spikes", "x")), int(page.readouts["spikes"]), preset.expected["n_spikes"]
    off = 0.3 * expected if preset.id in CHAOTIC else 0
    assert max(abs(drawn - expected), abs(said - expected)) <= off, f"{preset.id}: {drawn=}, {said=}, {expected=}"


def test_every_stimulus(page: Explorer) -> None:
    for title in [*TITLES[1:], TITLES[0]]:
        kind = next(kind for kind in stimuli.catalogue().values() if kind.title == title)
        page.choose_stimulus(title)
        keys = {f"stimulus.0.{field}" for field in kind.fields()}
        page.row(next(iter(keys))).wait_for()
        if {"onset", "duration"} <= set(kind.fields()):
            keys.add("stimulus.0.until_end")
        page.keys_are("stimulus.", keys)
        session = Session()
        session.choose_stimulus(kind)
        for field in set(kind.fields()) & {"onset", "duration"}:
            page.value_is(f"stimulus.0.{field}", session.get(f"stimulus.0.{field}"))
        assert page.finite
        if kind is not stimuli.Array:
            page.wait("((y) => Math.max(...y) > Math.min(...y))(probe.data('current', 'y'))")


def test_adding_and_removing(page: Explorer) -> None:
    page.add_stimulus("Sine")
    page.row("stimulus.1.frequency").wait_for()
    page.wait(f"{MOST} > 1100")  # 500 + 400 + 300 pA
    page.picture(lambda: page.type("stimulus.1.amplitude", "10"))
    page.wait(f"{MOST} < 920")
    page.picture(lambda: page.page.get_by_role("button", name="Remove Step").click())
    page.wait("probe.row('stimulus.1.frequency') == null && probe.row('stimulus.0.frequency') != null")
    page.value_is("stimulus.0.amplitude", 10)
    page.wait(f"Math.abs({MOST} - 410) <= 1")
    expect(page.page.locator(".remove")).to_have_count(0)
    page.picture(lambda: page.button("Reset all").click())
    page.row("stimulus.0.onset").wait_for()
    page.wait(f"{MOST} === 500")


def test_an_array_is_typed(page: Explorer) -> None:
    page.choose_stimulus("Array")
    key = "stimulus.0.samples"
    page.row(key).wait_for()
    page.picture(lambda: page.type(key, "0, 600; 300 -100"))
    page.picture(lambda: page.type("stimulus.0.interval", "50"))
    session = Session()
    session.choose_stimulus(stimuli.Array)
    session.set({key: [0.0, 600.0, 300.0, -100.0], "stimulus.0.interval": 50.0})
    page.spikes_are(session.job().run().spike_times[0])
    page.wait(
        "[...new Set(probe.data('current', 'y').map(Math.round))].sort((one, other) => one - other).join() === a",
        "-100,0,300,600",
    )
    kept = page.sum
    page.type(key, "0, abc")
    page.wait("probe.rowError(a) !== ''", key)
    assert "“0, abc” is not a list of numbers" in page.row_error(key) and "pA" in page.row_error(key)
    assert page.sum == kept
    page.type(key, "1, nan")
    page.wait("probe.rowError(a).includes('finite')", key)
    assert page.sum == kept
    page.picture(lambda: page.type(key, "0 200"))
    page.wait("probe.rowError(a) === '' && probe.data('current', 'y').includes(200)", key)


def test_time_step_duration_and_solver(page: Explorer) -> None:
    page.tab("Simulation")
    page.row("config.dt").wait_for()
    page.picture(lambda: page.type("config.dt", "0.5"))
    page.picture(lambda: page.type("run.duration", "400"))
    page.wait("probe.data('v0', 'x').at(-1) === 399.5 && probe.figure().x_range.end === 400")
    expect(page.page.get_by_text("800 steps × 1 neuron")).to_be_visible()
    session = Session()
    session.set({"config.dt": 0.5, "run.duration": 400.0})
    page.spikes_are(session.job().run().spike_times[0].tolist())
    for name, kind in solvers.catalogue().items():
        page.box("solver").select_option(name)
        session.set({"config.solver": kind()})
        page.spikes_are(session.job().run().spike_times[0].tolist())
    page.row("on_grid").locator("input").check()
    session.set({"config.solver": kind(on_grid=True)})
    times = session.job().run().spike_times[0]
    page.spikes_are(times.tolist())
    np.testing.assert_allclose(times / 0.5, np.round(times / 0.5))
    assert page.error == ""


def test_a_population_with_spread(page: Explorer) -> None:
    page.tab("Population")
    page.row("run.units").wait_for()
    page.picture(lambda: page.type("run.units", "20"))
    page.wait("new Set(probe.data('strokes', 'unit')).size === 20")
    spikes = len(Session().job().run().spike_times[0])
    page.wait("new Set(probe.data('strokes', 'x').map((x) => x.toFixed(2))).size === a", spikes)  # all the same
    page.row("spread.threshold").wait_for()
    page.picture(lambda: page.type("spread.threshold", "2"))
    page.wait("new Set(probe.data('strokes', 'x')).size > 200")
    session = Session()
    session.set({"run.units": 20, "spread.threshold": 2.0})
    recording = session.job().run()
    page.spikes_are(recording.spike_times[0])
    page.wait("probe.data('strokes', 'x').length === a", sum(map(len, recording.spike_times)))
    page.wait(ALL)
    page.wait("Math.max(...probe.data('rate', 'y')) > 0")
    page.wait("probe.data('traces', 'y').filter(Number.isNaN).length === 2")  # three traces
    page.picture(lambda: page.type("run.shown", "5"))
    page.wait("probe.data('traces', 'y').filter(Number.isNaN).length === 4")
    page.picture(lambda: page.type("run.units", "400"))
    page.wait("probe.model('image').data.image[0]?.shape[0] === 400 && probe.data('strokes', 'x').length === 0")
    page.wait(ALL)


def test_a_run_that_is_too_large_is_explained(page: Explorer) -> None:
    page.tab("Simulation")
    page.row("run.duration").wait_for()
    page.picture(lambda: page.type("run.duration", "20000"))
    page.wait("probe.data('v0', 'x').at(-1) > 19900")
    kept = page.sum
    page.tab("Population")
    page.row("run.units").wait_for()
    page.type("run.units", "10000")
    page.wait("probe.error() !== ''")
    assert "200,000 steps × 10,000 neurons" in page.error and "1,000,000,000 steps × neurons" in page.error
    assert "shorten the duration" in page.error
    assert page.sum == kept
    page.tab("Simulation")
    page.picture_after_error(lambda: page.type("run.duration", "200"))
    page.wait("probe.data('v0', 'x').at(-1) < 200")
    page.wait("probe.model('image').data.image.length === 1 || probe.data('strokes', 'x').length > 0")
    page.wait(ALL)
    page.tab("Population")
    page.type("run.units", "1.5")
    page.wait("probe.rowError('run.units').includes('whole number')")


def test_a_tab_that_is_opened_after_a_change_of_model_is_up_to_date(page: Explorer) -> None:
    page.choose_model("Izhikevich", "config.recovery_update")
    page.tab("Population")
    page.picture(lambda: page.type("run.units", "5"))
    page.wait("probe.data('strokes', 'unit').includes(5)")
    page.row("spread.recovery_update").wait_for()
