"""The f-I curve in the page."""

from functools import partial

import pytest
from playwright.sync_api import expect

from app.session.session import Session
from app.views.fi.sampling import COARSE, FULL
from tests.browser.explorer import EACH_MODEL, Explorer

AMPLITUDE = "stimulus.0.amplitude"
PLOT = "probe.plot('fi:dot')"
RANGE = f"((plot) => [plot.x_range.start, plot.x_range.end])({PLOT})"
FRAME = "probe.frame('fi:dot')"
PASSES = """((x, rate) => x.length >= a[0] && Math.abs(rate[x.findLastIndex((x) => x <= 500)] - a[1]) < 8)(
    probe.data("fi:curves", "x"), probe.data("fi:curves", "rate"))"""  # rates of 500 ms, and of 800


def open_view(page: Explorer) -> None:
    page.open_view("fi", "fi:curves", least=FULL.currents)


def curve(page: Explorer) -> list[float]:
    return page.data("fi:curves", "rate")


@EACH_MODEL
def test_every_soma(page: Explorer, names: list[str]) -> None:
    open_view(page)
    for session in page.models(names):
        run = session.job().run()
        inside = [t for t in run.spike_times[0] if 100 <= t <= 900]
        page.data_is("fi:dot", [len(inside) / 0.8], abs=1e-3)
        page.data_is("fi:dot", [500], "x")
        page.wait(f"{RANGE}[0] <= 0 && {RANGE}[1] >= 650")
        page.wait(PASSES, [COARSE.currents, len(inside) / 0.8])
        expect(page.page.locator(".why p")).to_contain_text("Rheobase")


def test_a_drag_sets_the_current_and_its_slider(page: Explorer) -> None:
    open_view(page)
    expect(page.page.locator(".why p")).to_contain_text("Rheobase")  # its words have their room
    box = page.js(FRAME)
    low, high = page.js(RANGE)
    kept = curve(page)
    mouse = page.page.mouse

    def at(current: float) -> tuple[float, float]:
        return box["x"] + (current - low) / (high - low) * box["width"], box["y"] + 0.6 * box["height"]

    mouse.move(*at(450))
    mouse.down()
    for current in (480, 520, 550, 580, 600):
        before = page.sum
        mouse.move(*at(current), steps=2)
        page.wait("probe.sum() !== a", before)  # the button is still down
        page.wait("Math.abs(probe.data('fi:dot', 'x')[0] - a) < 4", current)
    assert page.js(RANGE) == [low, high]
    mouse.move(*at(610), steps=2)
    mouse.up()
    page.wait("Math.abs(probe.data('fi:dot', 'x')[0] - 610) < 3")

    def rests() -> float:
        value = page.value(AMPLITUDE)
        assert value == round(value) and abs(value - 610) < 3 and page.data("fi:dot", "x") == [value]
        return value

    value = page.soon(rests)
    session = Session()
    session.set({AMPLITUDE: value})
    page.spikes_are(session.job().run().spike_times[0].tolist())
    expect(page.page.locator(".why p")).to_contain_text(f"at {value:.0f} pA it fires")
    page.picture(lambda: mouse.click(*at(200)))
    page.wait("probe.data('fi:dot', 'y')[0] === 0")
    page.wait("Math.abs(Number(probe.row(a).querySelector('.box').value) - 200) < 3", AMPLITUDE)
    expect(page.page.locator(".why p")).to_contain_text("it is silent")
    assert curve(page) == kept and page.js(RANGE) == [low, high]
    mouse.move(*at(700))
    mouse.down()
    mouse.move(*at(790), steps=3)
    page.wait("probe.data('fi:dot', 'x')[0] > 785")
    page.page.wait_for_timeout(300)  # at rest, but not let go
    assert page.js(RANGE) == [low, high]
    mouse.up()
    page.wait(f"{RANGE}[1] >= 1.3 * 785")
    page.wait("probe.data('fi:curves', 'x').at(-1) >= 1.3 * 785")  # and the curve with it


def test_it_follows_a_slider(page: Explorer) -> None:
    open_view(page)
    mark = "[...Bokeh.documents[0]._all_models.values()].filter((m) => m.type === 'Label').map((m) => m.text)"
    page.wait(f"{mark}.includes('rheobase 375 pA')")
    page.picture(partial(page.type, "config.resistance", "0.05"))
    page.wait(f"{mark}.includes('rheobase 300 pA')")
    expect(page.page.locator(".why p")).to_contain_text("Rheobase 300 pA")

    def holds() -> None:
        x, rates = page.data("fi:curves", "x"), curve(page)
        assert len(x) == len(rates) == FULL.currents
        assert 299 < next((x for x, rate in zip(x, rates, strict=True) if rate > 0), 0) < 320

    page.soon(holds)


def test_up_and_down(page: Explorer) -> None:
    open_view(page)
    assert page.data("fi:sweep", "up") == []
    toggle = page.button("Up and down")
    toggle.click()
    page.wait("probe.data('fi:sweep', 'up').length === a", FULL.stairs)
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(page.page.locator(".why p")).to_contain_text("Up and down agree")
    toggle.click()
    page.wait("probe.data('fi:sweep', 'up').length === 0")


def test_a_pinned_run_leaves_its_curve(page: Explorer) -> None:
    open_view(page)
    assert page.data("fi:pinned") == []
    before = curve(page)
    page.open_view("compare", "compare:live")
    page.picture(lambda: page.button("Pin").click())
    page.picture(partial(page.type, "config.resistance", "0.05"))
    page.view("fi").click()
    words = page.page.locator(".why p").filter(has_text="Rheobase 300 pA")
    expect(words).to_contain_text("Pinned (dashed): rheobase 375 pA")

    def holds() -> None:
        x, rates = page.data("fi:pinned", "x"), page.data("fi:pinned")
        assert len(x) == len(rates) == FULL.currents
        assert min(x for x, rate in zip(x, rates, strict=True) if rate > 0) == pytest.approx(375, abs=10)
        assert max(rates) == pytest.approx(max(before), rel=0.1)

    page.soon(holds)
    page.view("compare").click()
    page.picture(lambda: page.button("Unpin").click())
    page.view("fi").click()
    page.wait("probe.data('fi:pinned', 'y').length === 0")


def test_no_step_no_drag(page: Explorer) -> None:
    open_view(page)
    page.choose_stimulus("Ramp")
    expect(page.page.locator(".why p")).to_contain_text("The stimulus is no step")
    kept = page.sum
    box = page.js(FRAME)
    page.page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.page.wait_for_timeout(300)
    assert page.sum == kept and page.error == ""
