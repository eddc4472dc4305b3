"""The currents in the page."""

import pytest
from playwright.sync_api import expect

from app.views.currents import order
from spark.analysis import current_names
from tests.browser.explorer import EACH_MODEL, Explorer

FIGURE = "probe.plot('currents:total')"

THERE = f"{list(order())}.filter((name) => probe.data('currents:total', name).some((value) => value)).length"
RANGE = f"[{FIGURE}.y_range.start, {FIGURE}.y_range.end]"


def open_currents(page: Explorer) -> None:
    page.open_view("currents", "currents:total", least=100)


def assert_adds_up(page: Explorer) -> None:
    # All of one picture: another one may come in between two questions.
    told, (low, high) = page.js(
        "[Object.entries(probe.model('currents:total').data).map(([name, y]) => [name, Array.from(y)]), " + RANGE + "]"
    )
    total, terms = dict(told)["y"], [dict(told)[name] for name in order()]
    assert len(total) > 200
    inside = [k for k, value in enumerate(total) if 3 * low < value < 3 * high]
    assert len(inside) > 0.8 * len(total)
    for k in inside:
        assert sum(term[k] for term in terms) == pytest.approx(total[k], abs=0.05)  # float32 on the wire


@EACH_MODEL
def test_every_soma(page: Explorer, names: list[str]) -> None:
    open_currents(page)
    for session in page.models(names):
        expect(page.page.locator(".why p")).to_contain_text("add up to C dV/dt")
        page.wait(f"{THERE} === a", len(current_names(session.soma)))
        page.soon(lambda: assert_adds_up(page))
        expect(page.view("currents")).to_have_attribute("aria-pressed", "true")


def test_it_follows_a_slider_and_the_axis_stays(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    open_currents(page)
    page.wait(f"{FIGURE}.y_range.end !== 600")
    page.wait("Math.max(...probe.data('currents:total', 'input')) === 500")
    still = page.js(RANGE)
    page.picture(lambda: page.type("stimulus.0.amplitude", "520"))
    page.wait("Math.max(...probe.data('currents:total', 'input')) > 519")
    expect(page.page.locator(".why p")).to_contain_text("+520 pA")
    assert page.js(RANGE) == still


def test_its_time_is_that_of_the_traces(page: Explorer) -> None:
    open_currents(page)
    assert page.js(f"{FIGURE}.x_range.id === probe.figure().x_range.id")
    page.js("probe.figure().x_range.setv({start: 110, end: 150})")

    def part() -> None:
        x = page.data("currents:total", "x")
        assert 109 < x[0] <= 110 and 150 <= x[-1] < 151 and len(x) > 390  # every sample
        assert_adds_up(page)

    page.soon(part)
