"""A step of a lesson: what it holds, holds back, and says of what is still open."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"
HELD = re.compile("Held by this lesson")


def panel(page: Explorer) -> Locator:
    return page.page.get_by_role("region", name="Lessons")


def card(page: Explorer, key: str) -> Locator:
    return page.page.locator(f'[data-ask="{key}"]')


def count(page: Explorer, step: int) -> None:
    expect(panel(page).locator(".count")).to_have_text(re.compile(f"^{step} of"))


def preset(page: Explorer) -> Locator:
    return page.page.get_by_role("combobox", name="Preset")


def test_what_is_open_is_said_once_and_holds_nobody(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase&step=2")
    said, following = panel(page).locator(".open"), panel(page).locator("button.next")
    count(page, 2)
    expect(said).to_be_empty()
    following.click()
    expect(said).to_have_text("2 tasks of this step are open. Next again goes on.")
    count(page, 2)
    following.click()
    count(page, 3)
    expect(said).to_be_empty()
    following.click()
    expect(said).to_have_text("1 task of this step is open. Next again goes on.")
    page.page.keyboard.press("b")
    count(page, 2)
    expect(said).to_be_empty()
    following.click()  # it was said of this step
    count(page, 3)


@pytest.mark.thorough
def test_what_is_answered_meanwhile_is_no_longer_said_to_be_open(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase")
    page.keys_are("", [AMPLITUDE])
    panel(page).locator("button.next").click()
    expect(panel(page).locator(".open")).to_have_text(re.compile("^1 task"))
    page.type(AMPLITUDE, "380")
    expect(panel(page).locator(".open")).to_be_empty()
    panel(page).locator("button.next").click()
    count(page, 2)


def test_a_locked_row_says_why_and_how_to_free_it(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase&step=2")
    row = page.row(AMPLITUDE)
    row.locator(".label").hover()
    expect(page.page.locator(".tip:popover-open")).to_contain_text(HELD)
    expect(page.slider(AMPLITUDE)).to_have_accessible_description(HELD)
    assert HELD.search(row.get_attribute("title") or "")
    page.button("Show all controls").click()
    expect(page.box(AMPLITUDE)).to_be_enabled()
    expect(page.slider(AMPLITUDE)).not_to_have_accessible_description(HELD)


def test_a_view_moves_no_value_that_the_step_holds(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase&step=8")
    page.value_is(AMPLITUDE, 400)
    plot = page.page.get_by_role("application", name=re.compile("constant current"))
    plot.focus()
    page.page.keyboard.press("Shift+ArrowRight")
    expect(page.row(AMPLITUDE).locator(".err")).to_have_text(HELD)
    page.value_is(AMPLITUDE, 400)
    expect(card(page, "q12")).to_be_visible()


def test_neither_view_nor_screen_reader_tells_what_is_asked(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase&step=8")
    words = page.page.locator(".why .said")
    status, slider = page.page.locator(".announcement"), page.slider("config.resistance")
    expect(page.page.locator(".why")).to_contain_text("Drag to set the current.")
    expect(words).to_have_text(re.compile("^Rheobase 375 pA"))
    expect(words).to_be_hidden()
    expect(status).to_have_text(re.compile("^pattern tonic"))
    expect(slider).not_to_have_accessible_description(re.compile("Fires"))
    page.type("config.resistance", "0.075")
    page.type("config.potential_tau", "28.6")
    expect(card(page, "q12")).to_have_class(re.compile("right"))
    expect(words).to_be_visible()
    expect(status).to_have_text(re.compile("^Tonic"))
    expect(slider).to_have_accessible_description(re.compile("Fires"))


@pytest.mark.thorough
def test_a_step_may_let_the_view_speak(opened: Opener) -> None:
    page = opened(link="?lesson=phase-plane&step=7")
    expect(page.page.locator(".why .said")).to_contain_text("(saddle-node)")
    expect(page.page.locator(".say.about")).to_be_hidden()


def test_the_preset_says_that_the_values_are_the_lessons(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase&step=6")
    page.keys_are("", ["config.potential_tau", "config.resistance", AMPLITUDE])
    page.value_is(AMPLITUDE, 800)
    expect(preset(page)).to_have_text("Values of the lesson")
    page.type(AMPLITUDE, "700")
    expect(preset(page)).to_have_text("Values of the lesson, modified")
    page.picture(page.button("Back to Values of the lesson").click)
    page.value_is(AMPLITUDE, 800)
    expect(preset(page)).to_have_text("Values of the lesson")
    page.button("Close the lessons (C)").click()
    expect(preset(page)).to_have_text("Default values, modified")


@pytest.mark.thorough
def test_a_wrong_prediction_is_told_the_right_one_and_whose_the_run_is(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase&step=3")
    one = card(page, "q4")
    one.get_by_label("It is about doubled").check()
    one.locator("button.check").click()
    expect(one.locator(".verdict")).to_have_text("Not this one.")
    expect(one.locator(".told")).to_have_text(re.compile("^The answer:.*more than four times"))
    expect(panel(page).locator(".away")).to_contain_text("The run that was asked about.")
    page.type(AMPLITUDE, "700")
    expect(panel(page).locator(".away")).to_contain_text("These are not the lesson’s values.")


@pytest.mark.thorough
def test_where_a_run_begins_is_no_other_value_than_the_lessons(opened: Opener) -> None:
    page = opened(link="?lesson=phase-plane&step=2")
    expect(preset(page)).to_have_text("Values of the lesson")
    page.wait("probe.model('phase:v') != null && probe.data('phase:v', 'x').length > 1")
    plot = page.page.get_by_role("application", name=re.compile("over V"))
    plot.focus()
    page.picture(lambda: page.page.keyboard.press("Shift+ArrowRight"))
    page.page.wait_for_timeout(900)
    expect(page.page.get_by_role("button", name=re.compile("^Remove start:"))).to_be_visible()
    expect(panel(page).locator(".away")).to_be_hidden()


@pytest.mark.thorough
def test_a_lesson_is_not_asked_to_make_way_for_the_last_session(opened: Opener) -> None:
    page = opened()
    before = page.js("location.hash")
    page.picture(lambda: page.type(AMPLITUDE, "610"))
    page.page.wait_for_function("before => location.hash !== before", arg=before)
    page.page.close(run_before_unload=True)
    context = page.page.context
    for query, count in (("", 1), ("?lesson=rheobase", 0)):
        again = opened(link=query, context=context)
        expect(panel(again)).to_be_visible(visible=count == 0)
        expect(again.page.get_by_text("Go on where you were")).to_have_count(count)


@pytest.mark.parametrize("lesson", ["rheobase&step=4", pytest.param("phase-plane&step=6", marks=pytest.mark.thorough)])
def test_read_outs_and_views_have_room_beside_a_lesson(lesson: str, opened: Opener) -> None:
    page = opened(1366, 768, f"?lesson={lesson}")
    expect(preset(page)).to_be_visible()
    expect(panel(page).locator("h3")).to_be_visible()
    page.wait("probe.get('.strip .top dl').children.length > 6")
    page.page.wait_for_timeout(500)
    cut = page.js("""[".strip .top dl", ".bar > .tabs"].map(of => probe.get(of)).map(el => {
        const {right} = el.getBoundingClientRect()
        return [...el.children].filter(one => one.getBoundingClientRect().right > right + 1).map(one => one.textContent)
    }).flat()""")
    assert cut == []
