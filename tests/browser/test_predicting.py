"""Predict, then reveal: a change waits for what somebody says of it, and is shown beside that."""

import re

from playwright.sync_api import expect

from app.session.session import Session
from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"
SKETCH = "probe.data('sketch', 'x').length"


def begin(page: Explorer) -> None:
    page.button("Lessons").focus()
    page.page.keyboard.press("q")
    expect(page.page.get_by_role("region", name="Lessons").locator("h2")).to_have_text("Predict, then reveal")


def held(page: Explorer, amplitude: str) -> None:
    """Change the current; the picture stays."""
    page.type(AMPLITUDE, amplitude)
    page.page.get_by_role("button", name="Reveal", exact=True).wait_for()
    expect(page.page.locator(".say.note")).to_contain_text("Waiting for your prediction.")


def run(amplitude: float) -> list[float]:
    session = Session()
    session.set({AMPLITUDE: amplitude})
    return session.job().run().spike_times[0].tolist()


def test_a_change_waits_and_is_shown_beside_its_prediction(page: Explorer) -> None:
    usual = page.data("spikes", "x")
    begin(page)
    held(page, "800")
    page.page.wait_for_timeout(500)
    assert page.data("spikes", "x") == usual
    page.page.get_by_label("bursting", exact=True).check()
    page.page.locator("#predict-r").fill("100 Hz")
    page.picture(page.button("Reveal").click)
    page.spikes_are(run(800))
    told = page.page.locator(".predict .verdict")
    expect(told).to_contain_text("Tonic, not bursting.")
    rate = len(run(800)) / 0.8
    expect(told).to_contain_text(re.compile(rf"{rate:.1f} Hz; you said 100, which is {rate - 100:.1f} off\."))


def test_a_sketch_lies_over_the_run_until_the_next_change(page: Explorer) -> None:
    begin(page)
    held(page, "100")
    pad = page.page.locator("svg.pad")
    pad.scroll_into_view_if_needed()
    pad.focus()
    for _ in range(3):
        pad.press("Shift+ArrowUp")
    for _ in range(60):
        pad.press("ArrowRight")
    page.picture(page.button("Reveal").click)
    expect(page.page.locator(".predict .verdict")).to_contain_text(re.compile(r"\d mV from the run on average\."))
    page.wait(f"{SKETCH} === 61")
    held(page, "120")
    page.wait(f"{SKETCH} === 0")


def test_it_ends_by_its_key_and_shows_what_waited(page: Explorer) -> None:
    foresight = page.page.get_by_role("switch", name="Foresight")
    expect(foresight).to_be_checked()
    begin(page)
    expect(foresight).not_to_be_checked()  # it would tell
    held(page, "800")
    page.button("Lessons").focus()
    page.picture(lambda: page.page.keyboard.press("q"))
    page.spikes_are(run(800))
    expect(foresight).to_be_checked()
    page.picture(lambda: page.type(AMPLITUDE, "600"))  # nothing waits any more
    page.spikes_are(run(600))


def test_whatever_is_undone_or_chosen_waits_as_well(page: Explorer) -> None:
    page.picture(lambda: page.type(AMPLITUDE, "650"))
    begin(page)
    page.button("Lessons").focus()
    page.page.keyboard.press("Control+z")
    page.page.get_by_role("button", name="Reveal", exact=True).wait_for()
    page.value_is(AMPLITUDE, 500)
    page.spikes_are(run(650))  # still
    page.picture(page.button("Reveal").click)
    expect(page.page.locator(".predict .verdict")).to_contain_text("You predicted nothing")
    page.spikes_are(run(500))
