"""Export: a dialog that is opened by hand or keyboard, and files that libraries of others can open."""

import io
import json
import re
from pathlib import Path
from typing import Literal, cast
from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer, watched

FOCUSED = "((e) => { while (e?.shadowRoot?.activeElement) { e = e.shadowRoot.activeElement } return e })"
INSIDE = f"((e) => e === document.body || probe.deep('dialog[open]').contains(e))({FOCUSED}(document.activeElement))"

HELD = """[...spark.inboxes].filter(([name]) => name === "export").forEach(([name, take]) => {
    window.held = []
    window.give = (message) => take(...message)
    spark.inboxes.set(name, (head, buffer, base) => {
        if (head.part == null) held.push([head, buffer?.slice(0), base])
    })
})"""
"""Answers to the dialog wait until they are given to it; how far they are is not said."""


def opened_by_hand(page: Explorer) -> Locator:
    page.page.locator(".tools > [data-key=export]").click()
    dialog = page.page.get_by_role("dialog", name="Export")
    expect(dialog).to_be_visible()
    return dialog


def saved(page: Explorer, button: Locator) -> tuple[str, bytes]:
    """The name and content of what a button saves."""
    with page.page.expect_download() as found:
        button.click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def test_figure_data_and_state_are_files_that_others_open(page: Explorer) -> None:
    spikes = int(page.readouts["spikes"])
    dialog = opened_by_hand(page)
    dialog.get_by_label("spikes", exact=True).uncheck()
    dialog.get_by_role("combobox", name="Width").select_option("180")
    name, content = saved(page, dialog.get_by_role("button", name="Save figure"))
    root = ElementTree.fromstring(content)
    assert name.startswith("spark-LeakySoma-") and name.endswith(".svg") and root.get("width") == "180mm"
    said = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"I (pA)", "V (mV)", "time (ms)"} <= set(said) and "spikes" not in said
    expect(dialog.get_by_role("status")).to_have_text(f"Saved {name}.")

    name, content = saved(page, dialog.get_by_role("button", name="Spikes (CSV)"))
    table = pandas.read_csv(io.BytesIO(content), comment="#")
    assert "-spikes-" in name and len(table) == spikes and list(table) == ["time_ms", "neuron"]
    name, content = saved(page, dialog.get_by_role("button", name="NumPy (NPZ)"))
    with np.load(io.BytesIO(content)) as arrays:
        np.testing.assert_allclose(np.sort(arrays["spikes/time"]), table["time_ms"], atol=1e-6)
    name, content = saved(page, dialog.get_by_role("button", name="State (JSON)"))
    assert name.endswith(".json") and json.loads(content)["model"] == "LeakySoma"
    name, content = saved(page, dialog.get_by_role("button", name="Save page (HTML)"))
    assert name.endswith(".html") and b'id="spark-state"' in content


def test_the_saved_page_holds_the_open_view_and_needs_nothing(page: Explorer, tmp_path: Path) -> None:
    page.page.locator('button[data-view="phase"]').click()
    page.soon(lambda: expect(page.page.locator(".why p")).to_contain_text("Click in the plane"))
    page.js("probe.plot('phase:v').x_range.setv({start: -65, end: -60})")  # as a wheel does
    page.wait("Math.max(...probe.data('phase:v', 'x')) < -59")
    file = tmp_path / "saved.html"
    _, content = saved(page, opened_by_hand(page).get_by_role("button", name="Save page (HTML)"))
    file.write_bytes(content)
    faults: list[str] = []
    for width in (1366, 390):
        alone = page.page.context.new_page()
        watched(alone, faults)
        alone.set_viewport_size({"width": width, "height": 800})
        alone.goto(file.as_uri())
        expect(alone.get_by_role("heading", name="Phase plane")).to_be_visible()
        expect(alone.locator(".view p")).not_to_contain_text("Click")
        alone.wait_for_function("Bokeh.documents[0].get_model_by_name('spark:phase:path').data.x.length > 100")
        alone.wait_for_function("[...Bokeh.index.roots].every((view) => view.has_finished())")
        assert alone.evaluate("(({start, end}) => [start, end])(probe.plot('phase:v').x_range)") == [-65, -60]
        assert alone.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        frame = alone.locator(".figures").bounding_box()
        assert frame is not None and 300 < frame["width"] < width and frame["height"] > 400
        alone.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.thorough)])
def test_the_open_view_is_a_figure_that_others_open(opened: Opener, scheme: Literal["light", "dark"]) -> None:
    page = opened(color_scheme=scheme)
    dialog = opened_by_hand(page)
    expect(dialog.get_by_role("button", name="Save view")).to_have_count(0)
    page.page.keyboard.press("Escape")
    page.page.locator('button[data-view="intervals"]').click()  # several figures in one layout
    page.wait("probe.data('intervals:own', 'x').length > 0")
    dialog = opened_by_hand(page)
    name, content = saved(page, dialog.get_by_role("button", name="Save view (SVG)"))
    root = ElementTree.fromstring(content)
    said = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert "-intervals-" in name and name.endswith(".svg") and {"interval (ms)", "count"} <= said
    expect(dialog.get_by_role("status")).to_have_text(f"Saved {name}.")
    name, content = saved(page, dialog.get_by_role("button", name="Save view (PNG)"))
    picture = Image.open(io.BytesIO(content)).convert("RGBA")
    size = page.js("(({width, height}) => [width, height])(probe.drawn('intervals:own').parent.bbox)")
    assert name.endswith(".png") and [*picture.size] == size
    assert picture.getchannel("A").getextrema() == (255, 255), "a ground everywhere"
    bright = cast("tuple[int, int, int, int]", picture.getpixel((2, 2)))[0]
    assert bright == 255 if scheme == "light" else bright < 64
    colours = picture.getcolors(10**6)
    assert colours is not None and len(colours) > 20


def test_the_keyboard_opens_it_stays_inside_and_comes_back(page: Explorer) -> None:
    button = page.page.locator(".tools > [data-key=export]")
    button.focus()
    page.page.keyboard.press("Enter")
    dialog = page.page.get_by_role("dialog", name="Export")
    expect(dialog).to_be_visible()
    for _ in range(30):
        page.page.keyboard.press("Tab")
        assert page.js(INSIDE)
    page.page.keyboard.press("2")  # no key of the page works meanwhile
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    expect(page.view("fi")).to_have_attribute("aria-pressed", "false")


def test_what_cannot_be_made_says_why_and_what_is_not_wanted_is_dropped(page: Explorer) -> None:
    downloads: list[str] = []
    page.page.on("download", lambda download: downloads.append(download.suggested_filename))
    dialog = opened_by_hand(page)
    dialog.get_by_role("combobox", name="Width").select_option("other")
    dialog.get_by_label("Other width in mm").fill("5")
    dialog.get_by_role("button", name="Save figure").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_have_text("The width of a figure must be from 30 to 300 mm, not 5.")
    dialog.get_by_role("button", name="Save page (HTML)").click()  # takes a second
    expect(alert).to_have_text("")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("status")).to_have_text("Cancelled.")
    # What was on its way when it was cancelled is not taken for what was asked for since.
    expect(dialog.get_by_role("progressbar")).to_be_hidden()
    page.js(HELD)
    dialog.get_by_role("button", name="Traces (CSV)").click()
    page.wait("held.length === 1")
    bar = dialog.get_by_role("progressbar", name="Part that is made")
    expect(bar).to_be_visible()
    expect(bar).not_to_have_attribute("value", re.compile(".*"))
    page.js("give([{number: held[0][0].number, part: 0.25}])")
    expect(bar).to_have_attribute("value", "0.25")
    dialog.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="State (JSON)").click()
    page.wait("held.length === 2")
    page.js("give(held[0])")
    expect(dialog.get_by_role("status")).to_have_text("Making: State (JSON) …")
    expect(bar).not_to_have_attribute("value", re.compile(".*"))
    with page.page.expect_download() as found:
        page.js("give(held[1])")
    assert downloads == [found.value.suggested_filename] and downloads[0].endswith(".json")


def test_code_is_copied_or_shown_to_be_copied(opened: Opener) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    dialog = opened_by_hand(page)
    dialog.get_by_role("button", name="Spark", exact=True).click()
    box, status = dialog.get_by_role("textbox", name="Text to copy"), dialog.get_by_role("status")
    expect(status).to_have_text("Copied.")
    code = box.input_value()
    compile(code, "copied.py", "exec")
    assert "LeakySoma(" in code and page.page.evaluate("navigator.clipboard.readText()") == code
    page.js("Object.defineProperty(navigator, 'clipboard', {value: undefined})")  # as in a page without TLS
    dialog.get_by_role("button", name="Brian2").click()
    expect(status).to_contain_text("Selected")
    expect(box).to_have_value(re.compile("from brian2 import"))


@pytest.mark.parametrize(("width", "height"), [(390, 844), pytest.param(768, 1024, marks=pytest.mark.thorough)])
def test_it_fits_small_screens_and_fingers(opened: Opener, width: int, height: int) -> None:
    page = opened(width, height, has_touch=True, is_mobile=True)
    page.page.get_by_role("button", name="More", exact=True).click()
    page.page.locator("#menu [data-key=export]").click()
    dialog = page.page.get_by_role("dialog", name="Export")
    expect(dialog).to_be_visible()
    box = dialog.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] <= height
    assert page.js("((d) => d.scrollWidth <= d.clientWidth)(probe.deep('dialog[open] .groups'))")
    controls = dialog.locator("button:visible, select:visible, label.check:visible, input[type=number]:visible")
    assert controls.count() > 12
    for control in controls.all():
        found = control.bounding_box()
        assert found is not None and found["x"] >= box["x"] and found["x"] + found["width"] <= box["x"] + box["width"]
        assert found["height"] >= 44
