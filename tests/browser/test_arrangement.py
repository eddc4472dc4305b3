"""Every width has its arrangement: the plots are seen first, the controls are within reach of one hand."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer
from tests.browser.pointers import TOUCH, Finger, middle

AMPLITUDE = "stimulus.0.amplitude"
THRESHOLD = "config.threshold"
STILL = """document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight
    && probe.get(".strip").getBoundingClientRect().right <= innerWidth"""
PLOTS = """["current", "strokes"].every((source) => {
    const box = probe.plot(source) && probe.drawn(source)?.el.getBoundingClientRect()
    return box && box.width > 150 && box.height > 20 && box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0
        && box.right <= innerWidth + 1
})"""
"""The first of the figures of the run and the raster are wholly in the window."""

CURVES = """probe.data("fi:curves", "x").length > 1 && probe.drawn("fi:curves") != null
    && probe.frame("fi:curves").width > a"""


SWITCH = (("tab", "Population"), ("switch", "Foresight"))
BAR = """(() => {
    const buttons = (root) => [...root.querySelectorAll("*")].flatMap(
        (e) => [...(e.matches("button") ? [e] : []), ...(e.shadowRoot ? buttons(e.shadowRoot) : [])])
    const seen = (x, y) => {
        let found = document.elementFromPoint(x, y)
        for (let inner; (inner = found?.shadowRoot?.elementFromPoint(x, y)) && inner !== found;) { found = inner }
        return found
    }
    const there = buttons(probe.get(".header"))
        .filter((e) => e.offsetWidth && e.checkVisibility({visibilityProperty: true}))
    return there.length > 3 && there.every((e) => {
        const {left, right, top, height, width} = e.getBoundingClientRect()
        return left >= 0 && right <= innerWidth && e.contains(seen(left + width / 2, top + height / 2))
    })
})()"""
"""Every button of the page's bar is in the window, and nothing lies over it."""


def inside(box: Any, page: Explorer) -> bool:
    size = page.page.viewport_size
    assert size is not None and box is not None
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= size["width"] + 1
        and box["y"] + box["height"] <= size["height"] + 1
    )


def drag_a_slider(page: Explorer, key: str, by: float = 0.3) -> None:
    """By a finger that stays down: the plots change meanwhile, and are in view."""
    slider = page.slider(key)
    slider.scroll_into_view_if_needed()
    box = page.steady_box(key)
    x, y = box["x"] + (0.5 - by / 2) * box["width"], box["y"] + box["height"] / 2
    finger, before, value = Finger(page), page.sum, page.value(key)
    finger.drag((x, y), (x + by * box["width"], y), lift=False)
    page.wait("probe.sum() !== a", before)
    page.wait(PLOTS)
    finger.lift()
    assert page.value(key) != value


def entered(page: Explorer) -> Any:
    """What stands in every row: at once, while pictures may still be on their way."""
    return page.page.locator(".row[data-key] input").evaluate_all("all => all.map((one) => [one.value, one.checked])")


def controls(page: Explorer) -> Locator:
    return page.page.get_by_role("complementary", name="Controls")


def test_a_phone_shows_plots_above_and_one_section_below(opened) -> None:
    page = opened(390, 844, **TOUCH)
    page.wait(PLOTS)
    page.wait(STILL)
    expect(page.slider(THRESHOLD)).to_be_visible()
    expect(page.slider(AMPLITUDE)).to_be_hidden()
    x, y = middle(page.slider(THRESHOLD))
    kept, scrolled = page.value(THRESHOLD), "probe.deep('.sidebar').scrollTop"
    before = page.js(scrolled)
    Finger(page).drag((x + 40, y), (x + 45, y - 90))  # scrolls, and leaves the value
    page.wait(f"{scrolled} > a", before)
    assert page.value(THRESHOLD) == kept
    page.js("probe.deep('.sidebar').scrollTo(0, 0)")
    drag_a_slider(page, THRESHOLD)
    page.button("Stimulus").tap()
    expect(page.slider(AMPLITUDE)).to_be_visible()
    expect(page.slider(THRESHOLD)).to_be_hidden()
    drag_a_slider(page, AMPLITUDE)
    page.button("Views").tap()
    expect(controls(page)).to_be_hidden()
    page.view("fi").tap()
    page.wait(
        "probe.data('fi:curves', 'x').length > 1 && probe.drawn('fi:curves') && probe.frame('fi:curves').width > 150"
    )
    page.wait("probe.frame('fi:curves').y > probe.frame('v0').y + probe.frame('v0').height")
    page.wait(PLOTS)
    page.wait(STILL)
    for small in page.page.locator("button:visible").all():
        box = small.bounding_box()
        assert box is not None
        assert box["height"] >= 44 or "Mui" in (small.get_attribute("class") or ""), small.evaluate("e => e.outerHTML")
    page.button("Simulation").tap()
    expect(page.slider("run.duration")).to_be_visible()
    height = page.js("probe.frame('v0').height")
    page.button("Hide controls").tap()
    expect(controls(page)).to_be_hidden()
    page.wait("probe.frame('v0').height > 1.5 * a", height)
    page.button("Values").tap()
    expect(page.slider(THRESHOLD)).to_be_visible()
    page.wait("probe.frame('v0').height <= a", height)


def test_on_a_phone_nothing_lies_on_a_row_and_a_changed_preset_keeps_its_name(opened) -> None:
    page = opened(390, 844, **TOUCH)
    switch = page.page.get_by_role("switch", name="Foresight")
    for chip, last in (
        ("Population", "spread.threshold"),
        ("Simulation", "on_grid"),
        ("Stimulus", "stimulus.0.until_end"),
    ):
        page.button(chip).tap()
        page.row(last).wait_for()
        row, over = page.row(last).bounding_box(), switch.bounding_box()
        assert row is not None and over is not None and over["y"] >= row["y"] + row["height"] - 1, chip
    preset = page.page.get_by_role("combobox", name="Preset", exact=True)
    page.type(AMPLITUDE, "400")
    back = page.button("Back to Default values")
    back.wait_for()
    expect(preset).to_contain_text("modified")  # for those who do not see the button
    assert preset.locator(".value").evaluate("(one) => one.getBoundingClientRect().width") > 50
    one, other = preset.bounding_box(), back.bounding_box()
    assert one is not None and other is not None and one["x"] + one["width"] <= other["x"]


def test_a_chip_that_is_pressed_while_the_page_opens_is_not_lost(opened) -> None:
    page = opened(390, 844, **TOUCH)
    page.page.reload(wait_until="commit")
    page.wait("probe.get('.chips') != null")
    page.js("[...probe.get('.chips').children].find((chip) => chip.textContent === 'Population').click()")
    page.row("spread.threshold").wait_for()


def test_an_upright_tablet_has_a_sheet_that_is_dragged(opened) -> None:
    page = opened(768, 1024, **TOUCH)
    page.wait(PLOTS)
    page.wait(BAR)
    tab, switch = (page.page.get_by_role(role, name=name).bounding_box() for role, name in SWITCH)
    assert tab is not None and switch is not None  # the one lies not on the other
    assert tab["x"] + tab["width"] <= switch["x"] or tab["y"] + tab["height"] <= switch["y"]
    page.wait(STILL)
    drag_a_slider(page, AMPLITUDE)
    drag_a_slider(page, THRESHOLD)
    handle = page.page.get_by_role("separator", name="Height of the controls")
    assert 40 <= int(handle.get_attribute("aria-valuenow") or 0) <= 50
    x, y = middle(handle)
    finger = Finger(page)
    finger.drag((x, y), (x, y - 200))
    expect(handle).to_have_attribute("aria-valuenow", "65")
    page.wait(PLOTS)
    finger.drag((x, y - 200), (x, 1010))
    expect(controls(page)).to_be_hidden()
    assert inside(handle.bounding_box(), page)
    finger.drag(middle(handle), (x, 600))
    expect(controls(page)).to_be_visible()
    drag_a_slider(page, AMPLITUDE, -0.5)


def test_a_tablet_on_its_side_has_a_drawer_that_begins_closed(opened) -> None:
    page = opened(1024, 768, **TOUCH)
    page.wait(PLOTS)
    expect(controls(page)).to_be_hidden()
    page.wait("probe.get('.strip').getBoundingClientRect().width > 0.95 * innerWidth")
    page.wait(STILL)
    show = page.button("Show controls")
    show.tap()
    page.slider(AMPLITUDE).wait_for()
    drag_a_slider(page, AMPLITUDE)
    kept = entered(page)
    page.page.touchscreen.tap(800, 500)  # beside it, on the plots
    expect(controls(page)).to_be_hidden()
    show.tap()
    page.slider(AMPLITUDE).wait_for()
    Finger(page).drag((300, 700), (60, 710))
    expect(controls(page)).to_be_hidden()
    show.tap()
    page.button("Hide controls").tap()
    expect(controls(page)).to_be_hidden()
    assert entered(page) == kept
    page.view("fi").tap()  # below the traces, and in view
    page.wait(
        "probe.data('fi:curves', 'x').length > 1 && probe.drawn('fi:curves') && probe.frame('fi:curves').width > 700"
    )
    page.wait("((f) => f.y >= 0 && f.y + f.height <= innerHeight)(probe.frame('fi:curves'))")
    page.wait("probe.frame('fi:curves').y > probe.frame('v0').y + probe.frame('v0').height")


def test_a_phone_on_its_side_has_plots_left_and_controls_right(opened) -> None:
    page = opened(844, 390, **TOUCH)
    page.wait(PLOTS)
    page.wait(BAR)
    page.wait(STILL)
    drag_a_slider(page, THRESHOLD)
    page.button("Stimulus").tap()
    drag_a_slider(page, AMPLITUDE)
    page.button("Views").tap()
    page.view("fi").tap()
    page.wait(
        "probe.data('fi:curves', 'x').length > 1 && probe.drawn('fi:curves') && probe.frame('fi:curves').width > 150"
    )
    page.wait("probe.frame('fi:curves').x > probe.frame('v0').x + probe.frame('v0').width")
    page.wait(PLOTS)


def test_nothing_is_cut_at_any_width(page: Explorer) -> None:
    for width, height in ((320, 568), (390, 844), (683, 384), (768, 1024), (1024, 768), (1366, 768), (1920, 1080)):
        page.page.set_viewport_size({"width": width, "height": height})
        page.wait(PLOTS)
        page.wait(STILL)
        page.wait(BAR)
        page.wait("((e) => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight)(probe.get('.say'))")


def test_the_edge_of_a_view_is_moved_and_kept(page: Explorer) -> None:
    page.open_view("fi", "fi:curves")
    edge = page.page.get_by_role("separator", name="Width of the view beside the traces")
    expect(edge).to_have_attribute("aria-valuenow", "43")
    page.wait(CURVES, 150)
    wide, points = page.js("probe.frame('fi:curves').width"), len(page.data("v0"))
    edge.focus()
    for _ in range(10):
        page.page.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", "63")
    page.wait("probe.frame('fi:curves').width > 1.3 * a", wide)
    page.wait("probe.data('v0', 'y').length < a", points)  # drawn anew in as many columns as there are
    x, y = middle(edge)
    mouse = page.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 100, y, steps=5)
    mouse.up()
    expect(edge).to_have_attribute("aria-valuenow", re.compile("5[23]"))
    page.begin_anew()
    page.open_view("fi", "fi:curves")
    expect(edge).to_have_attribute("aria-valuenow", re.compile("5[23]"))
    edge.dblclick()
    expect(edge).to_have_attribute("aria-valuenow", "43")


def test_a_view_takes_the_whole_area_and_gives_it_back(page: Explorer) -> None:
    page.open_view("fi", "fi:curves")
    page.wait(CURVES, 150)
    wide = page.js("probe.frame('fi:curves').width")
    enlarge = page.button("Enlarge this view")
    enlarge.click()
    expect(enlarge).to_have_attribute("aria-pressed", "true")
    page.wait("probe.frame('fi:curves').width > 2 * a", wide)
    page.page.keyboard.press("Escape")
    expect(enlarge).to_have_attribute("aria-pressed", "false")
    page.wait("Math.abs(probe.frame('fi:curves').width - a) < 5", wide)


def test_the_controls_are_as_wide_as_a_hand_wants(page: Explorer) -> None:
    edge = page.page.get_by_role("separator", name="Width of the controls")
    expect(edge).to_have_attribute("aria-valuenow", "432")
    edge.focus()
    page.page.keyboard.press("PageUp")
    expect(edge).to_have_attribute("aria-valuenow", "496")
    page.wait("probe.get('.strip').getBoundingClientRect().left === 496")
    page.page.keyboard.press("End")
    expect(edge).to_have_attribute("aria-valuenow", "760")
    page.page.set_viewport_size({"width": 1220, "height": 768})  # the plots keep their room
    expect(edge).to_have_attribute("aria-valuenow", "660")
    page.begin_anew()
    expect(edge).to_have_attribute("aria-valuenow", "660")
    page.page.set_viewport_size({"width": 1366, "height": 768})
    expect(edge).to_have_attribute("aria-valuenow", "760")
    edge.dblclick()
    expect(edge).to_have_attribute("aria-valuenow", "432")


def test_a_keyboard_skips_to_sliders_and_plots(page: Explorer) -> None:
    page.page.locator("body").press("Tab")
    skip = page.page.get_by_role("link", name="Skip to the sliders")
    expect(skip).to_be_focused()
    assert inside(skip.bounding_box(), page)
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".sidebar")).to_be_focused()
    for role in ("banner", "main", "complementary"):
        assert page.page.get_by_role(role).count() == 1


@pytest.mark.parametrize("dark", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_the_page_follows_the_system_until_somebody_chooses(opened, dark) -> None:
    page = opened(color_scheme="dark" if dark else "light")
    is_dark = "probe.deep('.page.mui-dark') != null"
    page.wait(f"({is_dark}) === a", dark)
    page.page.emulate_media(color_scheme="light" if dark else "dark")
    page.wait(f"({is_dark}) === a", not dark)
    page.button("Toggle theme").click()
    page.wait(f"({is_dark}) === a", dark)
    page.page.reload()
    page.wait_until_open()
    page.wait(f"({is_dark}) === a", dark)
