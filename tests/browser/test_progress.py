"""A run of seconds: its bar, how it is cancelled, and that nothing waits for it."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer

RUNNING = "probe.get('.strip').classList.contains('running')"
NOTE = "Cancelled: the plots show the run before. Change a value to run again."


def run_long(page: Explorer) -> None:
    """A thousand neurons for 100 s, the most that a visitor may have: several seconds; until its bar is there."""
    populate(page)
    page.type("run.duration", "100000")
    page.wait(RUNNING)


def populate(page: Explorer) -> None:
    """A thousand neurons: their rate has a panel of its own. The rows of the run are open."""
    page.tab("Population")
    page.row("run.units").wait_for()
    page.picture(lambda: page.type("run.units", "1000"))
    page.wait("probe.data('v0', 'x').at(-1) > 990 && probe.get('.cost').textContent.includes('1,000 neurons')")
    page.wait("probe.data('strokes', 'x').length === 0")  # of so many there is an image
    page.wait("probe.drawn('rate')?.el.getBoundingClientRect().height > 40")
    page.tab("Simulation")
    page.row("run.duration").wait_for()


def layout(page: Explorer) -> str:
    """Where everything is, and how far the time axis goes."""
    return page.js(
        "JSON.stringify([probe.get('.strip').getBoundingClientRect(), probe.figure().x_range.end,"
        " ...[...Bokeh.index.query((v) => v.model.type === 'Figure')].map((v) => v.el.getBoundingClientRect())])"
    )


def steady_layout(page: Explorer) -> str:
    """The same, once nothing moves any more."""
    before, now = "", layout(page)
    while now != before:
        page.page.wait_for_timeout(500)
        before, now = now, layout(page)
    return now


def assert_layout(page: Explorer, expected: str) -> None:
    """Wait until everything is where it was."""

    def holds() -> None:
        assert layout(page) == expected

    page.soon(holds)


def by_button(page: Explorer) -> None:
    page.button("Cancel").click()


def by_key(page: Explorer) -> None:
    page.page.keyboard.press("Escape")


@pytest.mark.parametrize("cancel", [by_button, pytest.param(by_key, marks=pytest.mark.thorough)])
def test_a_long_run_shows_a_bar_and_can_be_cancelled(page: Explorer, cancel: Callable[[Explorer], None]) -> None:
    populate(page)
    before = steady_layout(page)
    page.type("run.duration", "100000")
    page.wait(RUNNING)
    kept = page.sum
    bar = page.page.get_by_role("progressbar", name="Simulation")
    assert bar.get_attribute("aria-valuemin") == "0" and bar.get_attribute("aria-valuemax") == "100"
    first = float(bar.get_attribute("aria-valuenow") or "nan")
    page.wait("Number(probe.get('.bar[role=progressbar]').getAttribute('aria-valuenow')) > a", first)
    expect(bar).to_have_attribute("aria-valuetext", re.compile("^Simulating 1,000 neurons … "))
    page.wait("/^Simulating 1,000 neurons … [0-9]+%, about [0-9]+ s left$/.test(probe.get('.now').textContent)")
    assert_layout(page, before)
    cancel(page)
    page.wait(f"!({RUNNING}) && probe.say('note') === a", NOTE)
    expect(bar).to_be_hidden()
    expect(page.button("Cancel")).to_be_hidden()
    assert page.value("run.duration") == 100_000 and page.sum == kept
    assert_layout(page, before)
    # The next move runs, and so does what was cancelled, if it is asked for again.
    page.picture(lambda: page.type("run.duration", "500"))
    page.wait("probe.figure().x_range.end === 500 && probe.say('note') === ''")
    page.wait("(probe.readouts()['rate of all'] ?? '0.0') !== '0.0'")
    page.type("run.duration", "100000")
    page.wait(RUNNING)
    cancel(page)
    page.wait("probe.say('note') === a", NOTE)


def test_a_long_run_ends(page: Explorer) -> None:
    run_long(page)
    revision = page.revision
    page.wait(f"!({RUNNING}) && probe.revision() > a && probe.figure().x_range.end === 100000", revision)
    assert page.error == "" and page.js("probe.say('note')") == ""
    expect(page.page.get_by_text("1,000,000 steps × 1,000 neurons")).to_be_visible()
    page.picture(lambda: page.button("Fit axes").click())  # which only draws
    assert not page.js(RUNNING) and page.js("probe.say('busy')") == ""


def test_what_is_zoomed_during_a_run_does_not_begin_it_anew(page: Explorer) -> None:
    run_long(page)
    part = "Number(probe.get('.bar[role=progressbar]').getAttribute('aria-valuenow'))"
    page.wait(f"{part} >= 20")
    page.js(f"""window.seen = [], new MutationObserver(() => seen.push({part})).observe(
        probe.get('.bar[role=progressbar]'), {{attributes: true, attributeFilter: ['aria-valuenow']}})""")
    page.js("probe.figure().x_range.setv({start: 100, end: 300})")
    page.wait("seen.length > 4")
    assert page.js(RUNNING) and page.js("Math.min(...seen)") >= 20
    by_key(page)
    page.wait("probe.say('note') === a", NOTE)
    # The run before answers to it: it is drawn in the resolution of what is visible.
    page.wait("probe.data('v0', 'x').at(-1) < 310")
    assert page.js("probe.say('note')") == NOTE


def test_a_long_run_of_one_visitor_does_not_hold_up_another(opened: Opener) -> None:
    one = opened()
    one.choose_model("Adaptive exponential", "config.adaptation_delta")  # the slowest
    other = opened()
    run_long(one)
    other.tab("Stimulus")
    other.row("stimulus.0.amplitude").wait_for()
    for amplitude in ("450", "460", "470"):
        other.picture(partial(other.type, "stimulus.0.amplitude", amplitude))
    assert one.js(RUNNING)  # still
    other.tab("Simulation")
    other.row("run.duration").wait_for()
    by_key(one)
    one.wait("probe.say('note') === a", NOTE)


def test_escape_elsewhere_cancels_nothing_that_does_not_run(page: Explorer) -> None:
    kept, revision = page.sum, page.revision
    by_key(page)
    page.picture(lambda: page.type("stimulus.0.amplitude", "450"))
    page.wait("probe.sum() !== a", kept)
    assert page.revision > revision and page.js("probe.say('note')") == ""
