"""The page as a lecture shows it: large, with the chosen sliders and one view, and as it was afterwards."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.browser.pointers import TOUCH
from tests.browser.test_arrangement import BAR

AMPLITUDE, TAU_W, JUMP = "stimulus.0.amplitude", "config.adaptation_tau", "config.adaptation_delta"
PRESENTED = "document.documentElement.hasAttribute('data-present')"
TYPE = """(() => {
  const px = (one) => probe.get(one) && parseFloat(getComputedStyle(probe.get(one)).fontSize)
    * (probe.get(one).currentCSSZoom ?? 1)
  const em = (text) => parseFloat(text)
  const {left, below, center, above} = probe.plot("v0"), axis = left[0]
  const legend = above.find((one) => one.type === "Legend")
  return {say: px(".say"), number: px(".strip dd"), name: px(".row .name"), box: px(".row .box"),
          card: px(".why p"), preset: px(".steps .field") ?? px(".combo .field"),
          ticks: em(axis.major_label_text_font_size), label: em(axis.axis_label_text_font_size),
          legend: em(legend.label_text_font_size)}
})()"""
LINE = "probe.plot('v0').renderers.find((r) => r.data_source.name === 'spark:v0').glyph.line_width"


def state(page: Explorer) -> dict[str, Any]:
    """What a presentation must not touch."""
    values = page.page.locator(".row:has(input[type=range])").evaluate_all(
        "(rows) => rows.map((row) => [row.dataset.key, row.querySelector('.box').value])"
    )
    preset = page.page.get_by_role("combobox", name="Preset", exact=True).inner_text()
    return {"values": values, "preset": preset, "spikes": page.data("spikes", "x")}


def shown(page: Explorer) -> list[str]:
    """The rows that are seen."""
    return page.page.locator(".row:visible").evaluate_all("(rows) => rows.map((row) => row.dataset.key)")


def present(page: Explorer, key: str = "p") -> None:
    before = page.js(PRESENTED)
    page.page.keyboard.press(key)
    page.wait(f"({PRESENTED}) !== a", before)


def test_a_presentation_is_large_holds_what_was_chosen_and_leaves_all_as_it_was(page: Explorer) -> None:
    page.choose_preset("Regular bursting")
    page.open_view("phase", "phase:path", least=10)
    page.view("phase").blur()
    before, usual, rows, line = state(page), page.js(TYPE), shown(page), page.js(LINE)
    amplitude = page.value(AMPLITUDE)
    present(page)
    for name, size in page.js(TYPE).items():
        assert size >= 1.5 * usual[name], name
    assert page.js(LINE)["value"] == pytest.approx(1.5 * line["value"])
    page.soon(lambda: sorted(shown(page)) == sorted([AMPLITUDE, TAU_W, JUMP]) or pytest.fail(str(shown(page))))
    for left_out in (page.page.locator(".cost"), page.button("Export"), page.view("phase"), page.button("Help")):
        expect(left_out.first).to_be_hidden()
    expect(page.page.get_by_role("heading", name="Phase plane")).to_be_visible()
    assert state(page) == before
    page.page.mouse.move(300, 300)
    ring = page.page.locator("[data-ring]")
    expect(ring).to_be_visible()
    box = ring.bounding_box()
    assert box is not None and box["x"] + box["width"] / 2 == pytest.approx(300) and box["width"] >= 40
    at = page.slider(AMPLITUDE).bounding_box()
    assert at is not None
    page.picture(lambda: page.page.mouse.click(at["x"] + at["width"] * 0.75, at["y"] + at["height"] / 2))
    assert page.value(AMPLITUDE) > amplitude
    page.reset(AMPLITUDE)

    def as_before() -> None:
        assert state(page) == before

    page.soon(as_before)
    page.page.keyboard.press("2")  # another view comes as large
    page.wait("probe.model('fi:curves') != null && probe.data('fi:curves', 'x').length > 1")
    page.wait("parseFloat(probe.plot('fi:curves').left[0].major_label_text_font_size) >= a", 1.5 * usual["ticks"])
    page.page.keyboard.press("1")
    expect(page.page.get_by_role("heading", name="Phase plane")).to_be_visible()
    present(page, "Escape")
    expect(ring).to_have_count(0)
    assert shown(page) == rows
    assert page.js(TYPE) == usual
    assert state(page) == before
    expect(page.view("phase")).to_have_attribute("aria-pressed", "true")


def test_a_star_chooses_the_rows_and_is_kept(page: Explorer) -> None:
    page.choose_preset("Regular bursting")
    star = page.row("config.adaptation_subthreshold").get_by_role("button", name="Present")
    expect(star).to_be_hidden()
    page.row("config.adaptation_subthreshold").hover()
    star.click()
    page.row(JUMP).hover()
    page.row(JUMP).get_by_role("button", name="Present").click()
    page.begin_anew()
    page.choose_preset("Regular bursting")
    page.button("Present").click()
    page.wait(PRESENTED)
    page.soon(
        lambda: (
            sorted(shown(page)) == sorted([AMPLITUDE, TAU_W, "config.adaptation_subthreshold"])
            or pytest.fail(str(shown(page)))
        )
    )
    page.button("Leave (Esc)").click()
    page.wait(f"!({PRESENTED})")


def test_no_key_presents_while_somebody_types(page: Explorer) -> None:
    page.box(AMPLITUDE).focus()
    page.page.keyboard.press("p")
    page.box(AMPLITUDE).press("Escape")
    page.box(AMPLITUDE).evaluate("(e) => e.blur()")
    assert not page.js(PRESENTED)
    present(page)
    page.box(AMPLITUDE).fill("12 apples")
    page.box(AMPLITUDE).press("Escape")  # gives up what is typed, and no more than that
    assert page.js(PRESENTED)
    present(page, "Escape")


def test_equations_are_shown_large_on_demand(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", TAU_W)
    equations, first = page.page.locator("details.equations"), page.page.locator(".equations .line").first
    present(page)
    expect(equations).to_be_hidden()
    page.page.keyboard.press("e")
    expect(equations).to_be_visible()
    expect(page.button("Equations")).to_have_attribute("aria-pressed", "true")
    assert page.page.locator(".equations .line:visible").count() > 2  # all of them
    assert first.evaluate("(line) => parseFloat(getComputedStyle(line).fontSize)") >= 24
    expect(page.page.locator(".equations .sources")).to_be_hidden()
    page.button("Equations").click()
    expect(equations).to_be_hidden()
    page.button("Equations").click()
    page.page.keyboard.press("Escape")
    present(page, "Escape")
    expect(equations).to_be_visible()  # as it was, closed
    assert page.page.locator(".equations .line:visible").count() == 1


def test_the_sliders_are_chosen_while_presenting(page: Explorer) -> None:
    page.choose_preset("Regular bursting")
    present(page)
    page.button("Sliders").click()
    page.soon(lambda: "config.threshold" in shown(page) or pytest.fail(str(shown(page))))
    for key in (TAU_W, "config.adaptation_subthreshold"):
        page.row(key).get_by_role("button", name="Present").click()
    page.button("Equations").click()  # there is room for one of them
    expect(page.button("Sliders")).to_have_attribute("aria-pressed", "false")
    chosen = sorted([AMPLITUDE, JUMP, "config.adaptation_subthreshold"])
    page.soon(lambda: sorted(shown(page)) == chosen or pytest.fail(str(shown(page))))
    page.button("Sliders").click()
    page.page.keyboard.press("Escape")  # closes what is open, and not all at once
    expect(page.button("Sliders")).to_have_attribute("aria-pressed", "false")
    assert page.js(PRESENTED)
    present(page, "Escape")
    page.page.keyboard.press("s")  # means nothing now
    assert not page.js("document.documentElement.hasAttribute('data-choosing')")


@pytest.mark.parametrize(("width", "height"), [(390, 844), pytest.param(768, 1024, marks=pytest.mark.thorough)])
def test_a_presentation_by_touch(opened, width: int, height: int) -> None:
    page = opened(width, height, **TOUCH)
    page.wait(BAR)
    usual, threshold = page.js(TYPE)["legend"], "config.threshold"
    page.button("More").tap()  # at both widths the bar is too narrow for it
    page.page.get_by_role("button", name="Present", exact=True).locator("visible=true").tap()
    page.wait(PRESENTED)
    page.wait(BAR)
    page.wait("((e) => e.scrollHeight <= e.clientHeight)(probe.get('.say'))")
    page.button("Sliders").tap()
    page.row(threshold).get_by_role("button", name="Present").tap()
    page.button("Sliders").tap()
    page.soon(lambda: threshold in shown(page) or pytest.fail(str(shown(page))))
    for track in page.page.locator("input[type=range]:visible").all():
        box = track.bounding_box()
        assert box is not None and box["width"] >= 150
    page.button("Leave (Esc)").tap()
    page.wait(f"!({PRESENTED})")
    page.wait(BAR)
    page.soon(lambda: page.js(TYPE)["legend"] == usual or pytest.fail(str(page.js(TYPE))))
