"""A lesson as a file of the disk, with the network refused: from its first step to its end."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from app.lessons.__main__ import main
from app.lessons.checking import lessons_in
from app.lessons.library import OWN
from app.lessons.reading import read
from app.lessons.static_pages import page as made
from tests.browser.explorer import Explorer
from tests.browser.test_accessibility import violations
from tests.browser.test_live_page import file as file

AMPLITUDE = "stimulus.0.amplitude"


def rheobase() -> str:
    lessons = [read(path) for path in lessons_in(OWN)]
    return made(lessons[1], lessons)


def type_in(page: Page, key: str, text: str) -> None:
    box = page.locator(f'.row[data-key="{key}"] .box')
    box.fill(text)
    box.press("Enter")


def settled(page: Page, nth: int) -> None:
    expect(page.locator(".card").nth(nth)).to_have_class("card ask right settled")


def step(page: Page, title: str) -> None:
    following = page.get_by_role("button", name="Next", exact=True)
    following.click()
    if page.locator(".open").inner_text():  # it says once what was passed over
        following.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_a_lesson_is_done_to_its_end(file: Callable[..., Page]) -> None:
    page = file(rheobase(), "rheobase.html")
    goal = page.locator(".card.goal")
    expect(page.locator(".row")).to_have_count(1)  # the step shows the amplitude alone
    type_in(page, AMPLITUDE, "390")
    page.wait_for_function("course.page.shown.stimulus[0].amplitude === 390 && course.page.shown.spikes.length > 0")
    expect(goal).not_to_have_class("card goal right settled")
    type_in(page, AMPLITUDE, "380")
    expect(goal).to_have_class("card goal right settled")

    step(page, "Compute the rheobase")
    assert page.locator(f'.row[data-key="{AMPLITUDE}"] .box').is_disabled()  # locked
    answer = page.locator("input.number")
    answer.fill("375")
    page.get_by_role("button", name="Check", exact=True).first.click()
    expect(page.locator(".verdict").first).to_have_text("Too high.")
    answer.fill("250")
    page.get_by_role("button", name="Check", exact=True).first.click()
    page.get_by_label("A higher firing threshold").check()
    page.get_by_label("A higher resting potential").check()
    page.get_by_role("button", name="Check", exact=True).last.click()
    settled(page, 1)

    step(page, "Twice the current")
    page.get_by_label("It is more than four times as high").check()
    page.get_by_role("button", name="Check", exact=True).click()
    settled(page, 0)
    page.wait_for_function("course.page.shown.stimulus[0].amplitude === 800")  # the run that was asked for

    step(page, "The foot of the f–I curve")
    page.wait_for_function("course.page.picture.fi?.lines.length === 2")
    type_in(page, AMPLITUDE, "378")
    expect(goal).to_have_class("card goal right settled")

    for title in ("The straight part", "Slower or leakier", "The reset", "Design a neuron"):
        step(page, title)
    box = page.locator(".card.goal input[type=checkbox]")  # a rheobase is not measured here
    expect(page.locator(".card.goal")).to_contain_text("This page cannot see whether it is so")
    box.check()
    expect(goal).to_have_class("card goal right settled")
    area = page.locator("textarea")
    area.fill("Noise.")
    area.blur()
    expect(page.locator(".card").last.locator(".reveal")).to_be_visible()
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.locator("ol.lessons")).to_be_visible()
    expect(page.locator("a.lesson").nth(1)).to_contain_text("answered")  # which the browser keeps
    page.reload()
    expect(page.get_by_role("heading", name="Design a neuron")).to_be_visible()  # where it was left
    expect(goal).to_have_class("card goal right settled")


def test_the_page_is_reached_by_everybody(file: Callable[..., Page]) -> None:
    page = file(rheobase(), "rheobase.html")
    expect(page.locator(".card")).to_have_count(1)
    assert violations(Explorer(page)) == []
    page.get_by_role("button", name="amplitude").click()  # a word that points at its slider
    expect(page.locator(f'.row[data-key="{AMPLITUDE}"] input[type=range]')).to_be_focused()


def test_each_lesson_opens_and_leads_to_the_next(file: Callable[..., Page], tmp_path: Path) -> None:
    source = tmp_path / "own"
    source.mkdir()
    for path in lessons_in(OWN)[:2]:
        (source / path.name).write_text(path.read_text("utf-8"), "utf-8")
    assert main(["export", str(tmp_path), "--lessons", str(source)]) == 0
    page = file((tmp_path / "index.html").read_text("utf-8"), "index.html")
    page.get_by_role("link", name="Rheobase").click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_role("button", name="All lessons").click()
    page.locator("a.lesson").first.click()
    page.wait_for_url("**/membrane.html")
    expect(page.locator(".card").first).to_be_visible()
