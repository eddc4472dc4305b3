"""Intervals in the page, and the raster in the order that they choose."""

import numpy as np
import pytest
from playwright.sync_api import expect

from app.session.session import Session
from tests.browser.explorer import Explorer

SORT = "Sort raster by"
LABEL = "probe.plot('strokes').left[0].axis_label"


def open_view(page: Explorer) -> None:
    page.open_view("intervals", "intervals:own", least=2)


def test_every_soma(page: Explorer) -> None:
    open_view(page)
    for session in page.models():
        gaps = np.diff(session.job().run().spike_times[0])
        page.wait("probe.data('intervals:own', 'y').length === a", int(gaps.size))
        np.testing.assert_allclose(page.data("intervals:own"), gaps, rtol=1e-4)
        np.testing.assert_allclose(page.data("intervals:own_map", "x"), gaps[:-1], rtol=1e-4)
        assert sum(page.data("intervals:own_bars", "top")) == gaps.size
        expect(page.page.locator(".why p")).to_contain_text(f"{gaps.size} intervals of ")


def test_it_follows_a_slider_into_silence_and_back(page: Explorer) -> None:
    open_view(page)
    notes = (
        "[...Bokeh.documents[0]._all_models.values()].filter((m) => m.text === 'too few spikes' && m.visible).length"
    )
    assert page.js(notes) == 0
    page.picture(lambda: page.type("stimulus.0.amplitude", "300"))
    page.wait(f"{notes} === 3 && probe.data('intervals:own', 'y').length === 0")
    expect(page.page.locator(".why p")).to_contain_text("it did not fire")
    page.picture(lambda: page.type("stimulus.0.amplitude", "600"))
    page.wait(f"{notes} === 0 && probe.data('intervals:own', 'y').length > 0")
    assert page.data("intervals:own")[0] == pytest.approx(10 * np.log(24 / 9), rel=1e-3)


def test_the_raster_is_sorted_until_the_view_is_closed(page: Explorer) -> None:
    open_view(page)
    assert page.page.get_by_label(SORT).count() == 0
    page.tab("Simulation")
    page.picture(lambda: page.type("run.units", "8"))
    choice = page.page.get_by_label(SORT)
    expect(choice).to_be_visible()
    assert "membrane resistance" not in choice.inner_text()
    page.tab("Spread")
    page.picture(lambda: page.type("spread.resistance", "0.01"))
    expect(choice).to_contain_text("membrane resistance")
    session = Session()
    session.set({"run.units": 8, "spread.resistance": 0.01})
    run = session.job().run()
    page.spikes_are(run.spike_times[0].tolist())

    def rows() -> list[int]:
        """The neuron in each row, from below."""
        low, unit = page.data("strokes", "low"), page.data("strokes", "unit")
        found = {round(y + 0.42): int(number) for y, number in zip(low, unit, strict=True)}
        return [found[row] for row in sorted(found)]

    assert rows() == sorted(rows()) and page.js(LABEL) == "neuron"
    page.picture(lambda: choice.select_option("resistance"))
    fired = [unit for unit in np.argsort(run.parameters["resistance"], kind="stable") if len(run.spike_times[unit])]
    assert rows() == [unit + 1 for unit in fired] and rows() != sorted(rows())
    assert page.js(LABEL) == "neuron, sorted"
    page.picture(lambda: page.type("spread.resistance", "0.006"))  # a new run is sorted too
    session.set({"spread.resistance": 0.006})
    run = session.job().run()
    fired = [unit for unit in np.argsort(run.parameters["resistance"], kind="stable") if len(run.spike_times[unit])]
    assert rows() == [unit + 1 for unit in fired]
    assert choice.input_value() == "resistance"
    page.picture(lambda: page.view("intervals").click())
    assert rows() == sorted(rows()) and page.js(LABEL) == "neuron"
    page.picture(lambda: page.view("intervals").click())
    assert choice.input_value() == ""
