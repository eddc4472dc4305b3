"""Lessons in the page: each is taught to its end, its answers and goals are seen, and a browser remembers them."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from app.keep import link
from app.lessons import answers
from app.lessons.bench import Bench
from app.lessons.checking import lessons_in
from app.lessons.lesson import Ask, Goal, Lesson, Text
from app.lessons.reading import read
from app.lessons.states import build, path_of
from app.session.share import to_dict
from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer

ROOT = Path(__file__).parents[2]
LESSONS = lessons_in(ROOT / "lessons")
QUICK = ("01-membrane", "07-phase-plane")
"""With every kind of question between them: the others are taught by `make thorough`."""
EACH = [pytest.param(path, id=path.stem, marks=() if path.stem in QUICK else pytest.mark.thorough) for path in LESSONS]
RIGHT, SETTLED = re.compile(r"\bright\b"), re.compile(r"\bsettled\b")
PIXEL = """((plot, [x, y]) => {
    const {left, top} = plot.canvas_view?.el.getBoundingClientRect() ?? plot.el.getBoundingClientRect()
    return [left + plot.frame.x_scale.compute(x), top + plot.frame.y_scale.compute(y)]
})(probe.drawn("phase:v"), a)"""

FRAMED = """(frame => {
    if (frame == null) return false
    const [one, other] = [frame, eval(a)].map(of => of.getBoundingClientRect())
    const middle = ({left, right, top, bottom}) => [(left + right) / 2, (top + bottom) / 2]
    const [x, y] = middle(one), [u, v] = middle(other)
    return frame === document.querySelector(".spark-frame:last-of-type") && Math.abs(x - u) < 6 && Math.abs(y - v) < 6
})(document.querySelector(".spark-frame"))"""
"""A frame lies around this element."""


def panel(page: Explorer) -> Locator:
    return page.page.get_by_role("region", name="Lessons")


def card(page: Explorer, key: str) -> Locator:
    return page.page.locator(f'[data-ask="{key}"]')


def written(value: float) -> str:
    """Digits enough, and never exactly three of them after the point, which could be a thousand."""
    return f"{value:.7f}"


def state_in(page: Explorer) -> dict[str, Any]:
    """The session that the page's address holds."""
    session, _ = link.read(page.page.url.split("#")[1], whole=True)
    return to_dict(session)


def check(page: Explorer, key: str) -> None:
    card(page, key).locator("button.check").click()


def answer(page: Explorer, lesson: Lesson, step: int, ask: Ask) -> None:
    """A wrong answer first, where that does not settle the question; then the right one."""
    one = card(page, ask.id)
    document = state_in(page) if ask.yours else to_dict(build(*lesson.changes(step)))
    bench = Bench(document)
    match ask.kind:
        case "open":
            one.locator("textarea").fill("It depends.")
            check(page, ask.id)
            expect(one).to_have_class(SETTLED)
            return
        case "sketch":
            pad = one.locator("svg.pad")
            pad.scroll_into_view_if_needed()
            box = pad.bounding_box()
            assert box is not None
            page.page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.8 * box["height"])
            page.page.mouse.down()
            page.page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.3 * box["height"], steps=8)
            page.page.mouse.up()
            check(page, ask.id)
            expect(one.locator(".verdict")).to_contain_text("from the run")
            expect(one.locator("path.real")).to_have_attribute("d", re.compile("^M"))
            return
        case "number":
            value, near = answers.number(ask, bench)
            tries = [written(value + 3 * near), written(value)]
            for text in tries if not ask.change else tries[1:]:
                one.locator("input.number").fill(text)
                check(page, ask.id)
                expect(one.locator(".verdict")).to_contain_text("Too" if text != tries[1] else "Right.")
        case "choice" | "several":
            right = answers.right_options(ask, bench)
            boxes = one.locator("input")
            if ask.kind == "choice" and not ask.change:
                boxes.nth(next(at for at in range(len(ask.options)) if at not in right)).check()
                check(page, ask.id)
                expect(one.locator(".verdict")).to_have_text("Not this one.")
            for at in right:
                boxes.nth(at).check()
            check(page, ask.id)
        case "pattern":
            one.get_by_label(answers.patterns(ask, bench)[0], exact=True).check()
            check(page, ask.id)
        case "point":
            check(page, ask.id)
            expect(one.locator(".verdict")).to_contain_text(re.compile("Click the point|Not this point"))
            wanted = answers.point(ask, bench)
            click_point(page, wanted)
            check(page, ask.id)
    expect(one).to_have_class(RIGHT)


def click_point(page: Explorer, wanted: answers.Point) -> None:
    """The fixed point in the phase plane, as it is drawn."""
    page.wait("probe.model('phase:v') != null && probe.data('phase:v', 'x').length > 1")

    def place() -> tuple[float, float]:
        points = [
            (x, y)
            for kind in ("stable", "unstable")
            for x, y in zip(page.data(f"phase:{kind}", "x"), page.data(f"phase:{kind}", "y"), strict=True)
        ]
        near = min(points, key=lambda point: abs(point[0] - wanted.potential))
        assert abs(near[0] - wanted.potential) < 0.5
        return near

    x, y = page.js(PIXEL, list(page.soon(place)))
    page.picture(lambda: page.page.mouse.click(x, y))
    page.page.wait_for_timeout(300)


def reach(page: Explorer, lesson: Lesson, step: int, goal: Goal) -> None:
    """By typing its solution into the rows that the step shows."""
    session = build(*lesson.changes(step))
    one = card(page, goal.id)
    for name, value in goal.solution.items():
        page.type(path_of(session, name), f"{value}")
    expect(one).to_have_class(RIGHT)


def teach(page: Explorer, lesson: Lesson) -> None:
    """From the first step to the last, every question and goal of it."""
    for at, step in enumerate(lesson.steps):
        expect(panel(page).locator("h3")).to_have_text(re.sub(r"[$*]", "", step.title))
        expect(panel(page).locator(".count")).to_have_text(f"{at + 1} of {len(lesson.steps)}")
        for part in step.parts:
            if isinstance(part, Ask):
                answer(page, lesson, at, part)
            elif isinstance(part, Goal) and part.until:
                reach(page, lesson, at, part)
            if not isinstance(part, Text) and part.reveal:
                expect(card(page, part.id).locator(".reveal")).to_be_visible()
        panel(page).locator("button.next").click()
    expect(panel(page).locator("h2")).to_have_text("Lessons")


@pytest.mark.parametrize("path", EACH)
def test_a_lesson_is_taught_to_its_end(path: Path, opened: Opener) -> None:
    lesson = read(path)
    page = opened(link=f"?lesson={lesson.id}")
    expect(panel(page).locator("h2")).to_have_text(lesson.title)
    teach(page, lesson)
    expect(panel(page).locator("a.lesson.done b").filter(has_text=lesson.title)).to_be_visible()


def test_the_list_opens_by_its_button_and_closes_by_key(page: Explorer) -> None:
    page.page.get_by_role("button", name="Lessons", exact=True).click()
    items = panel(page).locator("a.lesson")
    expect(items).to_have_count(len(LESSONS))
    expect(items.first).to_contain_text("The membrane as a leaky integrator")
    page.page.keyboard.press("c")
    expect(panel(page)).to_be_hidden()
    page.page.keyboard.press("c")
    expect(panel(page)).to_be_visible()
    page.picture(items.first.click)
    expect(panel(page).locator("h2")).to_have_text("The membrane as a leaky integrator")
    assert "lesson=membrane&step=1" in page.page.url


def test_a_step_shows_only_its_rows_and_locks_some(opened: Opener) -> None:
    page = opened(link="?lesson=membrane")
    page.keys_are("", ["config.resistance", "stimulus.0.amplitude"])
    expect(page.box("config.resistance")).to_be_disabled()
    expect(page.slider("config.resistance")).to_be_disabled()
    expect(page.box("stimulus.0.amplitude")).to_be_enabled()
    page.button("Show all controls").click()
    page.row("config.potential_tau").wait_for()
    expect(page.box("config.resistance")).to_be_enabled()
    page.button("Close the lessons (C)").click()
    assert "lesson=" not in page.page.url


def test_what_is_answered_stays_after_a_reload_and_the_values_too(opened: Opener) -> None:
    page = opened(link="?lesson=membrane")
    number = card(page, "q2")
    number.locator("input.number").fill("-58")
    check(page, "q2")
    expect(number).to_have_class(RIGHT)
    page.value_is("stimulus.0.amplitude", 300)  # the run that was asked for is shown
    for _ in range(2):  # the first says what is still open
        page.page.keyboard.press("n")
    expect(panel(page).locator(".count")).to_have_text(re.compile("^2 of"))
    page.page.keyboard.press("b")
    before = page.js("location.hash")
    page.picture(lambda: page.type("stimulus.0.amplitude", "120"))
    page.page.wait_for_function("before => location.hash !== before", arg=before)
    page.page.wait_for_timeout(600)
    page.page.reload()
    page.wait_until_open()
    expect(card(page, "q2")).to_have_class(RIGHT)
    expect(card(page, "q2").locator("input.number")).to_have_value("-58")
    page.value_is("stimulus.0.amplitude", 120)


def test_other_values_than_the_lessons_can_be_put_back(opened: Opener) -> None:
    page = opened(link="?lesson=membrane&step=3")
    page.keys_are("", ["config.potential_tau", "stimulus.0.amplitude"])
    page.picture(lambda: page.type("config.potential_tau", "33"))
    back = page.button("Put them back")
    expect(back).to_be_visible()
    page.picture(back.click)
    page.value_is("config.potential_tau", 20)
    expect(back).to_be_hidden()


def test_words_light_up_what_they_speak_of(opened: Opener) -> None:
    page = opened(link="?lesson=membrane")
    page.page.locator("a.light", has_text="amplitude").first.click()
    page.wait(FRAMED, "probe.row('stimulus.0.amplitude')")
    page.wait(
        "probe.row('stimulus.0.amplitude').contains(probe.row('stimulus.0.amplitude').getRootNode().activeElement)"
    )
    page.page.locator("a.light", has_text="potential").first.click()
    page.wait(FRAMED, "probe.drawn('v0').el")
    page.wait("document.querySelector('.spark-frame') == null")


def test_wrong_words_are_said_and_hints_come_one_by_one(opened: Opener) -> None:
    page = opened(link="?lesson=membrane")
    number = card(page, "q2")
    number.locator("input.number").fill("x")
    check(page, "q2")
    expect(number.locator(".verdict")).to_contain_text("is not a number")
    expect(number.locator(".hint")).to_be_hidden()
    number.get_by_role("button", name="Hint").click()
    expect(number.locator(".hint")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1024, 768), (1920, 1080)])
def test_a_lesson_stands_beside_the_plots_at_every_width(width: int, height: int, opened: Opener) -> None:
    page = opened(width, height, "?lesson=membrane", has_touch=width < 1200)
    box, plot = panel(page).bounding_box(), page.page.locator(".bk-Figure").first.bounding_box()
    assert box is not None and plot is not None
    assert box["width"] >= 280 and box["height"] >= 250
    assert box["x"] + box["width"] <= width + 1 and box["y"] + box["height"] <= height + 1
    beside = plot["x"] + plot["width"] <= box["x"] + 1 or plot["y"] + plot["height"] <= box["y"] + 1
    assert beside, (box, plot)


def test_a_lesson_that_is_not_there_is_said_so(opened: Opener) -> None:
    page = opened(link="?lesson=nothing")
    expect(page.page.get_by_text("There is no such lesson here")).to_be_visible()
    expect(panel(page).locator("a.lesson")).to_have_count(len(LESSONS))


def test_the_page_gives_nothing_away_until_it_is_answered(opened: Opener) -> None:
    page = opened(link="?lesson=rheobase")
    page.keys_are("", ["stimulus.0.amplitude"])
    sentence, strip = page.page.locator(".say.about"), page.row("stimulus.0.amplitude").locator(".strip-of canvas")
    expect(sentence).to_be_hidden()
    expect(strip).to_be_hidden()
    page.type("stimulus.0.amplitude", "380")
    expect(card(page, "q1")).to_have_class(RIGHT)
    expect(sentence).to_be_visible()
    expect(strip).to_be_visible()
    panel(page).locator("h2").focus()
    page.page.keyboard.press("n")
    expect(sentence).to_be_hidden()
    page.button("Close the lessons (C)").click()
    expect(sentence).to_be_visible()
