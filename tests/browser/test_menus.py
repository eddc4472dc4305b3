"""The menus by keyboard, the walk through presets, and the ways back to one."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from app.numbers import number
from app.session.session import Session
from spark import stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets
from tests.browser.explorer import Explorer

NAUD = [preset for key, preset in presets().items() if key.startswith("naud2008_")]
TITLES = [kind.title for kind in stimuli.catalogue().values() if kind is not stimuli.Sum]
AMPLITUDE = "stimulus.0.amplitude"
LATER = pytest.mark.thorough  # test_arrangement.py looks at the bar at seven widths
IN_VIEW = """(one) => {
  const box = one.getBoundingClientRect(), list = one.closest("[role=listbox]").getBoundingClientRect()
  return box.top >= list.top - 1 && box.bottom <= list.bottom + 1 && list.bottom <= innerHeight
}"""


def menu(page: Explorer, name: str) -> tuple[Locator, Locator]:
    """The closed menu, and its list."""
    found = page.page.get_by_role
    return found("combobox", name=name, exact=True), found("listbox", name=name, exact=True)


def active(page: Explorer, name: str) -> Locator:
    """The option that Enter would choose."""
    return menu(page, name)[1].locator("[role=option].active")


def spikes_are_those_of(page: Explorer, preset: str, **values: float) -> None:
    session = Session()
    session.choose_preset(preset)
    session.set({path.replace("__", "."): value for path, value in values.items()})
    page.spikes_are(session.job().run().spike_times[0].tolist())


def test_every_menu_opens_by_keyboard(page: Explorer) -> None:
    press = page.page.keyboard.press
    page.choose_preset("Irregular")
    for name in ("Model", "Preset", "Stimulus"):
        field, listed = menu(page, name)
        for key in ("Enter", "Space", "ArrowDown", "ArrowUp"):
            field.focus()
            press(key)
            expect(listed).to_be_visible()
            expect(field).to_have_attribute("aria-expanded", "true")
            chosen = listed.get_by_role("option", selected=True)
            expect(chosen).to_have_count(1)
            assert chosen.evaluate(IN_VIEW)
            press("Escape")
            expect(listed).to_have_count(0)
            expect(field).to_be_focused()
            expect(field).to_have_attribute("aria-expanded", "false")
    press("Enter")
    for key, text in (
        ("End", TITLES[-1]),
        ("Home", TITLES[0]),
        ("PageDown", TITLES[min(8, len(TITLES) - 1)]),
        ("PageUp", TITLES[0]),
    ):
        press(key)
        expected = listed.get_by_role("option").filter(has=page.page.get_by_text(text, exact=True))
        expect(expected).to_have_class("active")
        assert expected.evaluate(IN_VIEW)
    press("Tab")
    expect(listed).to_have_count(0)


def test_a_name_is_typed_and_a_preset_is_searched(page: Explorer) -> None:
    keyboard = page.page.keyboard
    menu(page, "Model")[0].focus()
    keyboard.type("adaptive e")
    expect(active(page, "Model")).to_have_text("Adaptive exponential")
    page.picture(lambda: keyboard.press("Enter"))
    page.row("config.adaptation_tau").wait_for()
    field, listed = menu(page, "Preset")
    field.focus()
    keyboard.press("Enter")
    for words, count, first in (
        ("naud 2008", 8, "Tonic"),
        ("2008 burst", 3, "Initial burst"),  # by year and by pattern, of this model first
        ("accelerating", 2, "Delayed accelerating"),
        ("trocme", 1, "Exponential integrate-and-fire (Fourcaud-Trocmé)"),
    ):
        keyboard.type(words)
        expect(listed.get_by_role("option")).to_have_count(count)
        expect(active(page, "Preset").locator(".title")).to_have_text(first)
        if count > 1:
            page.page.get_by_role("combobox", name="Title, author, year or pattern").fill("")
    page.picture(lambda: keyboard.press("Enter"))
    expect(menu(page, "Model")[0]).to_have_text(catalogue()[presets()["textbook_eif_fourcaud_trocme"].soma].title)
    spikes_are_those_of(page, "textbook_eif_fourcaud_trocme")
    keyboard.press("Enter")
    keyboard.type("xyz")
    expect(listed.get_by_role("option")).to_have_count(0)
    expect(page.page.get_by_role("status").filter(has_text="xyz")).to_contain_text("Nothing here has “xyz”")
    keyboard.press("Escape")
    field.click()
    expect(listed.get_by_role("option")).to_have_count(3)  # default values, its only preset, the way to all others
    listed.get_by_role("option").last.click()
    expect(listed.get_by_role("option")).to_have_count(1 + len(presets()))
    page.page.mouse.click(700, 500)  # anywhere else
    expect(listed).to_have_count(0)


def test_a_closed_menu_leaves_the_page_its_keys(page: Explorer) -> None:
    press = page.page.keyboard.press
    page.choose_preset("Irregular")  # by pointer: the menu does not keep the focus
    press("1")
    page.wait("probe.model('phase:path') != null && probe.data('phase:path', 'x').length > 1")
    page.page.get_by_role("button", name="Play").wait_for()
    press("Space")
    page.page.get_by_role("button", name="Pause").wait_for()
    field, listed = menu(page, "Preset")
    field.focus()
    press("x")  # no preset begins with it
    press("?")
    page.wait("probe.get('dialog').open")
    press("Escape")
    page.wait("!probe.get('dialog').open")
    expect(field).to_be_focused()
    press("2")
    expect(page.view("fi")).to_have_attribute("aria-pressed", "true")
    expect(listed).to_have_count(0)
    press("t")
    expect(page.page.get_by_role("combobox", name="Title, author, year or pattern")).to_have_value("t")


def test_presets_are_walked_through_as_fast_as_keys_are_pressed(page: Explorer) -> None:
    press = page.page.keyboard.press
    page.choose_preset(NAUD[-1].title)
    field, _ = menu(page, "Preset")
    press("[")
    page.page.get_by_text(NAUD[-2].shows).first.wait_for()
    for _ in range(5):  # faster than anything is answered: the last wins
        press("[")
    expect(field).to_have_text(NAUD[1].title)
    page.page.get_by_text(NAUD[1].shows).first.wait_for()
    spikes_are_those_of(page, NAUD[1].id)
    expect(field).to_have_text(NAUD[1].title)
    page.picture(lambda: page.button("Next preset").click())
    expect(field).to_have_text(NAUD[2].title)
    press("/")
    search = page.page.get_by_role("combobox", name="Title, author, year or pattern")
    expect(search).to_be_focused()
    press("]")  # belongs to the search
    expect(search).to_have_value("]")
    press("Escape")
    expect(search).to_have_count(0)
    expect(field).to_have_text(NAUD[2].title)
    page.box("config.potential_tau").focus()
    press("]")  # belongs to the field
    press("/")
    page.box("config.potential_tau").press("Escape")
    spikes_are_those_of(page, NAUD[2].id)
    expect(field).to_have_text(NAUD[2].title)


def test_a_changed_preset_says_so_and_leads_back(page: Explorer) -> None:
    page.choose_preset("Regular bursting")
    field, _ = menu(page, "Preset")
    expect(field).to_have_text("Regular bursting")
    back = page.button("Back to Regular bursting")
    expect(back).to_be_hidden()
    for restore in (back.click, lambda: page.choose_preset("Regular bursting")):
        page.picture(lambda: page.slider(AMPLITUDE).press("ArrowRight"))
        expect(field).to_have_text("Regular bursting, modified")
        page.picture(lambda: page.slider(AMPLITUDE).press("ArrowLeft"))  # by hand
        expect(field).to_have_text("Regular bursting")
        page.picture(lambda: page.type(AMPLITUDE, "300"))
        expect(field).to_have_text("Regular bursting, modified")
        restore()
        expect(field).to_have_text("Regular bursting")
        spikes_are_those_of(page, "naud2008_regular_bursting")
        page.assert_unchanged()
    page.type("config.potential_reset", "10")  # contradicts the cut-off: no picture comes of it
    page.wait("probe.error() !== ''")
    expect(field).to_have_text("Regular bursting, modified")
    page.picture_after_error(back.click)
    expect(field).to_have_text("Regular bursting")


def test_a_state_to_start_from_is_a_chip(page: Explorer) -> None:
    session = Session()
    session.choose_preset("naud2008_regular_bursting")
    page.choose_preset("Regular bursting")
    page.open_view("phase", "phase:path", least=10)
    chip = page.page.locator(".chip")
    expect(chip).to_be_hidden()
    page.wait("probe.drawn('phase:v') != null && probe.frame('phase:v').width > 0")
    frame = page.js("probe.frame('phase:v')")
    x, y = frame["x"] + 0.5 * frame["width"], frame["y"] + 0.5 * frame["height"]
    page.picture(lambda: page.page.mouse.click(x, y))
    page.wait("Math.abs(probe.data('phase:path', 'x')[0] - a) > 1", session.get("config.potential_rest"))
    expect(chip).to_have_text(f"start: V {start(page, 'x')} mV, w {start(page, 'y')} pA×")
    expect(menu(page, "Preset")[0]).to_have_text("Regular bursting, modified")
    page.picture(chip.click)
    expect(chip).to_be_hidden()
    expect(menu(page, "Preset")[0]).to_have_text("Regular bursting")
    spikes_are_those_of(page, "naud2008_regular_bursting")


def start(page: Explorer, column: str) -> str:
    """Where the path begins, as people read it."""
    return number(page.data("phase:path", column)[0])


DRAWER = "[...Bokeh.documents[0]._all_models.values()].find((m) => m.data?.sidebar_open).data.sidebar_open = false"


@pytest.mark.parametrize(
    "size",
    [pytest.param((1920, 1080), marks=LATER), pytest.param((1024, 768), marks=LATER), (390, 844)],
    ids=lambda size: str(size[0]),
)
def test_the_bar_is_whole_at_every_width(opened: Any, size: tuple[int, int]) -> None:
    page = opened(*size)
    if size[0] < 700:
        page.js(
            "[...Bokeh.documents[0]._all_models.values()].find((m) => m.data?.sidebar_open).data.sidebar_open = false"
        )
    bar = page.page.get_by_role("banner")
    steps = [("button", "Next preset")] if size[0] >= 700 else []  # a phone's bar has room for the menus alone
    for role, name in (("combobox", "Model"), ("combobox", "Preset"), *steps):
        box = bar.get_by_role(role, name=name, exact=True).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["width"] > 25
    assert bar.locator("button:not([aria-label])").filter(has_not_text=re.compile(r"\w")).count() == 0  # all are named
    if size[0] < 700:
        bar.get_by_role("button", name="More").click()
    for name in ("Reset all", "Export"):
        assert bar.get_by_role("button", name=name, exact=True).bounding_box() is not None
    page.picture(lambda: bar.get_by_role("button", name="Reset all", exact=True).click())
