"""Intervals in the page, and the raster in the order that they choose."""

import numpy as np
from playwright.sync_api import expect

from app.session.session import Session
from spark import Recording
from tests.browser.explorer import EACH_MODEL, Explorer

SORT = "Sort raster by"
LABEL = "probe.plot('strokes').left[0].axis_label"


def open_view(page: Explorer) -> None:
    page.open_view("intervals", "intervals:own", least=2)


@EACH_MODEL
def test_every_soma(page: Explorer, names: list[str]) -> None:
    open_view(page)
    for session in page.models(names):
        gaps = np.diff(session.job().run().spike_times[0])
        page.data_is("intervals:own", gaps, rel=1e-4)
        page.data_is("intervals:own_map", gaps[:-1], "x", rel=1e-4)
        page.wait("probe.data('intervals:own_bars', 'top').reduce((sum, n) => sum + n, 0) === a", int(gaps.size))
        expect(page.page.locator(".why p")).to_contain_text(f"{gaps.size} intervals of ")


def test_it_follows_a_slider_into_silence_and_back(page: Explorer) -> None:
    open_view(page)
    notes = (
        "[...Bokeh.documents[0]._all_models.values()].filter((m) => m.text === 'too few spikes' && m.visible).length"
    )
    page.wait(f"{notes} === 0")
    page.picture(lambda: page.type("stimulus.0.amplitude", "300"))
    page.wait(f"{notes} === 3 && probe.data('intervals:own', 'y').length === 0")
    expect(page.page.locator(".why p")).to_contain_text("it did not fire")
    page.picture(lambda: page.type("stimulus.0.amplitude", "600"))
    page.wait(f"{notes} === 0 && probe.data('intervals:own', 'y').length > 0")
    gap = 10 * np.log(24 / 9)
    page.wait("Math.abs(probe.data('intervals:own', 'y')[0] - a[0]) < a[1]", [gap, 1e-3 * gap])


def first_spikes(run: Recording) -> np.ndarray:
    return np.array([times[0] if len(times) else np.inf for times in run.spike_times])


def test_the_raster_is_sorted_as_chosen_until_the_view_is_closed(page: Explorer) -> None:
    open_view(page)
    expect(page.page.get_by_label(SORT)).to_have_count(0)
    page.tab("Population")
    page.picture(lambda: page.type("run.units", "8"))
    choice = page.page.get_by_label(SORT)
    expect(choice).to_be_visible()
    expect(choice).to_contain_text("neuron number")
    expect(choice).not_to_contain_text("membrane resistance")
    page.picture(lambda: page.type("spread.resistance", "0.01"))
    expect(choice).to_contain_text("membrane resistance")
    session = Session()
    session.set({"run.units": 8, "spread.resistance": 0.01})
    run = session.job().run()
    page.spikes_are(run.spike_times[0].tolist())

    def fired(run: Recording, by: np.ndarray) -> list[int]:
        """The neurons that fire, from below."""
        return [int(unit) + 1 for unit in np.argsort(by, kind="stable") if len(run.spike_times[unit])]

    def assert_rows(expected: list[int], label: str) -> None:
        """Wait until these neurons are in the rows, from below."""

        def holds() -> None:
            low, unit = page.data("strokes", "low"), page.data("strokes", "unit")
            found = {round(y + 0.42): int(number) for y, number in zip(low, unit, strict=True)}
            assert [found[row] for row in sorted(found)] == expected and page.js(LABEL) == label

        page.soon(holds)

    order = fired(run, run.parameters["resistance"])
    assert order != sorted(order)
    assert_rows(order, "neuron, by R")  # in which they differ
    expect(choice).to_have_value("resistance")
    page.picture(lambda: choice.select_option("neuron number"))
    assert_rows(sorted(order), "neuron")
    page.picture(lambda: choice.select_option("first spike"))
    assert_rows(fired(run, first_spikes(run)), "neuron, by first spike")
    page.picture(lambda: page.type("spread.resistance", "0.006"))  # a new run is sorted too
    session.set({"spread.resistance": 0.006})
    run = session.job().run()
    page.spikes_are(run.spike_times[0].tolist())
    assert_rows(fired(run, first_spikes(run)), "neuron, by first spike")
    expect(choice).to_have_value("first spike")
    page.picture(lambda: page.view("intervals").click())
    assert_rows(fired(run, run.parameters["resistance"]), "neuron, by R")
    page.picture(lambda: page.view("intervals").click())
    expect(choice).to_have_value("resistance")
