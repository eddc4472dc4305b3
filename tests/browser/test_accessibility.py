"""What the page is without a pointer or a screen: rules of WCAG by axe-core, announcements, names of plots, keys."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"
VIEWS = ("phase", "fi", "intervals", "reset", "atlas", "currents", "compare")
GRAVE = ("critical", "serious", "moderate")


def violations(page: Explorer) -> list[str]:
    """What axe-core finds, a line for each element."""
    found = Axe().run(page.page).response["violations"]
    return [
        f"{rule['id']}: {node['failureSummary']} {node['target']} {node['html'][:200]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.thorough)])
def test_axe_finds_nothing_grave_on_any_view(opened: Opener, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    assert violations(page) == []
    page.page.locator(".tools > [data-key=export]").click()
    expect(page.page.get_by_role("dialog", name="Export")).to_be_visible()
    assert violations(page) == [], "the export dialog"
    page.page.keyboard.press("Escape")
    for name in VIEWS:
        page.view(name).click()
        expect(page.view(name)).to_have_attribute("aria-pressed", "true")
        expect(page.page.locator(".why:visible p")).not_to_have_text("")
        assert violations(page) == [], name


def test_one_announcement_after_a_drag(page: Explorer) -> None:
    page.page.evaluate(
        """() => {
            window.told = []
            const status = probe.deep(".announcement")
            new MutationObserver(() => told.push(status.textContent)).observe(
                status, {childList: true, characterData: true, subtree: true})
        }"""
    )
    page.wait("probe.deep('.announcement').textContent.includes('tonic')")
    page.js("told.length = 0")
    box, revision = page.steady_box(AMPLITUDE), page.revision
    y = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.page.mouse.down()
    for k in range(30):
        page.page.mouse.move(box["x"] + box["width"] * (0.4 + 0.01 * k), y)
    page.wait("probe.revision() > a + 3", revision)
    page.page.wait_for_timeout(1500)  # a hand that rests on its way
    assert page.js("told") == []
    page.page.mouse.up()
    page.wait("told.length > 0")
    page.page.wait_for_timeout(1500)
    assert len(page.js("told")) == 1
    assert f"spikes {page.readouts['spikes']}" in page.js("told[0]")


def test_plots_have_names_and_say_what_they_show(page: Explorer) -> None:
    potential = page.page.locator("[role=figure][aria-label='Plot: V (mV) over time (ms)']")
    expect(potential).to_have_attribute(
        "aria-description", re.compile(re.escape(page.page.locator(".say").inner_text()))
    )
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    page.view("phase").click()
    plane = page.page.get_by_role("application", name="Plot: w (pA) over V (mV)")
    expect(plane).to_have_attribute("aria-description", re.compile("Click in the plane"))


def test_arrow_keys_move_the_start_point_and_the_mark_of_the_atlas(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    page.view("phase").click()
    plane = page.page.get_by_role("application", name="Plot: w (pA) over V (mV)")
    plane.focus()
    first = page.js("probe.data('phase:path', 'x')[0]")
    page.picture(lambda: plane.press("Shift+ArrowRight"))
    page.wait("probe.data('phase:path', 'x')[0] > a + 1", first)
    page.view("atlas").click()
    atlas = page.page.get_by_role("application", name="over amplitude")
    before = page.value(AMPLITUDE)
    atlas.focus()
    page.picture(lambda: atlas.press("ArrowRight"))
    page.wait("Number(probe.row(a[0]).querySelector('.box').value) > a[1]", [AMPLITUDE, before])
