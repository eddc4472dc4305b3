"""The atlas in the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

AMPLITUDE, B = "stimulus.0.amplitude", "config.adaptation_delta"
IMAGE = "probe.checksum(Array.from(probe.model('atlas:image').data.image[0]))[1]"
FINE = "probe.data('atlas:image', 'dw')[0] < 1.02"


def open_map(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", B)
    page.view("atlas").click()
    page.wait(f"probe.data('atlas:image', 'dw').length === 1 && {FINE}")


def test_a_drag_moves_both_sliders_and_not_the_map(page: Explorer) -> None:
    open_map(page)
    expect(page.page.locator(".why p")).to_contain_text("Here (I = 500 pA, b = 60 pA): adapting")
    before, place, mouse = page.js(IMAGE), page.js("probe.frame('atlas:image')"), page.page.mouse
    mouse.move(place["x"] + place["width"] * 0.5, place["y"] + place["height"] * 0.8)
    mouse.down()
    for k in range(1, 11):
        mouse.move(place["x"] + place["width"] * (0.5 + 0.025 * k), place["y"] + place["height"] * (0.8 - 0.03 * k))
        page.page.wait_for_timeout(30)
    page.wait("Math.abs(probe.data('atlas:here', 'x')[0] - 0.75) < 0.03")  # the button is still down
    mouse.up()
    page.wait("Math.abs(probe.data('atlas:here', 'y')[0] - 0.5) < 0.02")

    def told() -> None:
        assert page.value(AMPLITUDE) == pytest.approx(1250, abs=40) and page.value(B) == pytest.approx(150, abs=6)
        assert f"b = {page.value(B):g} pA" in page.page.locator(".why p").inner_text()

    page.soon(told)
    page.page.wait_for_timeout(800)
    assert page.js(IMAGE) == before and page.js(FINE)


def test_another_value_draws_another_map_at_once_coarse_and_then_in_full(page: Explorer) -> None:
    open_map(page)
    before = page.js(IMAGE)
    box = page.steady_box("config.potential_reset")
    mouse, middle = page.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.6, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.95, middle, steps=5)
    page.wait(f"{IMAGE} !== a", before)
    mouse.up()
    page.wait(f"{IMAGE} !== a && {FINE}", before)


def test_choices(page: Explorer) -> None:
    open_map(page)
    page.page.get_by_label("up", exact=True).select_option("config.resistance")
    label = "[...Bokeh.documents[0]._all_models.values()].some((m) => m.type === 'LinearAxis' && m.axis_label === a)"
    page.wait(label, "membrane resistance R (GΩ)")
    page.wait(f"probe.data('atlas:image', 'dw').length === 1 && {FINE}")
    page.wait(label, "amplitude I (pA)")
    bar = "[...Bokeh.documents[0]._all_models.values()].find((m) => m.type === 'ColorBar').visible"
    page.wait(f"!{bar}")
    page.page.get_by_label("colour by").select_option("rate")
    page.wait(bar)
    page.choose_model("Leaky", "config.threshold")  # other quantities: the atlas goes on with what there is
    page.wait(f"probe.data('atlas:image', 'dw').length === 1 && {FINE}")
    expect(page.page.get_by_label("up", exact=True)).to_have_value("config.resistance")
    page.choose_model("Izhikevich", "config.recovery_update")
    page.choose_stimulus("Ramp")
    page.wait(f"probe.data('atlas:image', 'dw').length === 1 && {FINE}")
    expect(page.page.get_by_label("across", exact=True)).to_have_value("stimulus.0.start")
    expect(page.page.get_by_label("up", exact=True)).to_have_value("config.recovery_update")
