"""A poll in the page: what a teacher asks, what a student answers, and what both see of all answers."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from app.classroom.histogram import summary
from app.classroom.polls import Poll, read
from app.classroom.revealing import computed, told
from app.client.bundle import script
from app.session.session import Session
from app.session.share import to_dict
from tests.browser.explorer import TIMEOUT, watched
from tests.browser.test_accessibility import GRAVE

ENTRY = "../../tests/browser/classroom_parts.js"
OPTIONS = ["Na", "K", "<b>Ca</b>"]
BODY = "<main><h1>Page</h1><h2>Part</h2></main>"
KEPT = "localStorage.getItem('spark:poll answer')"
THEMES = {
    "light": "--panel-surface-color: #fff; --panel-on-surface-color: #222; --panel-primary-color: #005A8C",
    "dark": "--panel-surface-color: #121212; --panel-on-surface-color: #eee; --panel-primary-color: #56B4E9; "
    "--panel-on-primary-color: #000",
}


class Part:
    """A part of the classroom on a page of its own, which says and is told what a server would."""

    def __init__(self, page: Page, kind: str) -> None:
        self.page, self._kind = page, kind

    def open(self) -> None:
        """Begin, or begin anew as a page does that is loaded again."""
        self.page.evaluate(f"render('{self._kind}')")

    def tell(self, **head: Any) -> None:
        self.page.evaluate("(head) => part.take(head)", head)

    def said(self) -> list[dict[str, Any]]:
        """What it has said since it was asked last."""
        found: list[dict[str, Any]] = self.page.evaluate("said.splice(0)")
        return found

    def again(self) -> None:
        self.page.wait_for_timeout(300)  # Chromium writes later what a page stores, and its next process reads it anew
        self.page.reload()
        self.open()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def words(self) -> Locator:
        return self.page.locator(".status:visible")


@pytest.fixture
def part(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Part]]:
    """Open a part; nothing may go wrong in it, nor leave this machine."""
    faults: list[str] = []
    contexts = []

    def opened(kind: str, width: int = 768, theme: str = "light") -> Part:
        code = script(ENTRY).replace("export const render", "globalThis.render")
        style = (
            f"margin: 0; color: var(--panel-on-surface-color); background: var(--panel-surface-color); {THEMES[theme]}"
        )
        head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Part</title>'
        file = tmp_path / f"{kind}.html"
        file.write_text(
            f'{head}<body style="{style}">{BODY}<script type="module">{code}</script></body>',
            "utf-8",
        )
        context = browser.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        watched(page, faults)
        page.goto(file.as_uri())
        made = Part(page, kind)
        made.open()
        return made

    yield opened
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture(scope="module")
def prediction() -> Poll:
    session = Session()
    session.set({"stimulus.0.amplitude": 600.0})
    return computed(read({"kind": "predict", "asks": ["pattern", "rate", "sketch"]}, to_dict(session)))


def choice(**more: Any) -> Poll:
    return read({"kind": "choice", "question": "Which <i>ion</i>?", "options": OPTIONS, "right": 1} | more)


def number(**more: Any) -> Poll:
    return read({"kind": "number", "question": "How many?", "unit": "spikes per burst"} | more)


def shown(poll: Poll, stage: str, answers: list[Any], **more: Any) -> dict[str, Any]:
    histogram = summary(poll, {str(k): one for k, one in enumerate(answers)})
    return told(poll, stage, count=len(answers), of=40, histogram=histogram, **more)


# The teacher's


def test_a_choice_is_asked_from_the_keyboard(part) -> None:
    desk = part("desk")
    keys = desk.page.keyboard
    desk.page.get_by_label("Question").focus()
    keys.type("Which one?")
    desk.page.get_by_label("Option 1", exact=True).focus()
    for text in ("Na", "K"):
        keys.type(text)
        keys.press("Enter")
    keys.type("Ca")
    keys.press("Enter")  # one more, which nobody writes
    expect(desk.page.get_by_label("Option 4", exact=True)).to_be_focused()
    for at in (1, 3):
        desk.page.get_by_label(f"Option {at} is right").check()
    expect(desk.page.get_by_label("Option 1 is right")).not_to_be_checked()  # one of them is
    desk.page.get_by_label("Question").focus()
    keys.press("Enter")
    (said,) = desk.said()
    assert said == {
        "type": "ask",
        "poll": {"kind": "choice", "question": "Which one?", "options": ["Na", "K", "Ca"], "right": 2},
    }
    assert read(said["poll"]).right == 2


def test_options_are_two_to_eight(part) -> None:
    desk = part("desk")
    away = desk.page.get_by_role("button", name=re.compile("Take option"))
    more = desk.page.get_by_role("button", name="Add an option")
    expect(away.first).to_be_disabled()
    for _ in range(6):
        more.click()
    expect(more).to_be_hidden()
    desk.page.get_by_label("Option 3", exact=True).fill("c")
    away.nth(0).click()
    expect(desk.page.get_by_label("Option 2", exact=True)).to_have_value("c")
    expect(desk.page.get_by_label("Option 1", exact=True)).to_be_focused()
    expect(more).to_be_visible()


def test_a_number_is_asked_with_what_is_right(part) -> None:
    desk = part("desk")
    page = desk.page
    page.get_by_label("Number", exact=True).check()
    page.get_by_label("Question").fill("Rheobase?")
    page.get_by_label("Unit").fill("pA")
    page.get_by_label("Right within").fill("5")
    desk.press("Ask the class")
    expect(desk.words).to_contain_text("Within ± of what?")
    page.get_by_label("Right answer").fill("4x")
    desk.press("Ask the class")
    expect(desk.words).to_contain_text("4x")
    assert desk.said() == []
    page.get_by_label("Right answer").fill("412,5")
    desk.press("Ask the class")
    (said,) = desk.said()
    assert said["poll"] == {
        "kind": "number",
        "question": "Rheobase?",
        "unit": "pA",
        "right": {"value": 412.5, "near": 5},
    }


def test_the_next_change_is_predicted(part, prediction: Poll) -> None:
    desk = part("desk")
    desk.page.get_by_label("Predict", exact=True).check()
    desk.page.get_by_label("the rate").uncheck()
    desk.press("Ask the class")
    assert desk.said() == [{"type": "ask", "poll": {"kind": "predict", "question": "", "asks": ["pattern", "sketch"]}}]
    desk.tell(poll=None, armed=True)
    expect(desk.page.get_by_role("heading", name="Now change anything")).to_be_focused()
    desk.tell(poll=shown(prediction, "open", [], teacher=True), armed=True)
    expect(desk.page.get_by_role("heading", name="What will this neuron do?")).to_be_focused()
    desk.tell(poll=None, armed=True)
    desk.press("Ask nothing")
    assert desk.said() == [{"type": "end"}]
    desk.tell(poll=None, armed=False)
    expect(desk.page.get_by_label("Question")).to_be_focused()


def test_what_is_refused_is_said_and_nothing_is_lost(part) -> None:
    desk = part("desk")
    desk.page.get_by_label("Option 1", exact=True).fill("Na")
    desk.press("Ask the class")
    assert len(desk.said()) == 1
    desk.tell(refused_poll="Write the question first.")
    expect(desk.words).to_have_text("Write the question first.")
    expect(desk.page.get_by_label("Option 1", exact=True)).to_have_value("Na")


def test_bars_are_hidden_while_it_is_open_and_shown_from_then_on(part) -> None:
    desk = part("desk")
    poll = choice()
    desk.page.get_by_label("Question").fill("Which <i>ion</i>?")
    desk.tell(poll=shown(poll, "open", [1, 1, 0], teacher=True))
    bars, switch = desk.page.locator(".rows li"), desk.page.get_by_role("switch", name="Show the answers")
    expect(desk.page.get_by_role("heading", name="Which <i>ion</i>?")).to_be_visible()
    expect(desk.page.get_by_text("3 of 40 answered")).to_be_visible()
    expect(bars).to_have_count(0)
    switch.click()
    expect(bars.nth(1)).to_contain_text("K")
    expect(bars.nth(1)).to_contain_text("2 67 %")
    desk.tell(poll=shown(poll, "open", [1, 1, 0, 2], teacher=True))  # what was switched stays
    expect(bars.nth(2)).to_contain_text("1 25 %")
    expect(bars.nth(2)).to_contain_text("<b>Ca</b>")
    switch.click()
    expect(bars.first).to_be_hidden()
    desk.press("Close")
    desk.tell(poll=shown(poll, "closed", [1, 1, 0, 2], teacher=True))
    expect(bars.first).to_be_visible()
    expect(desk.page.get_by_role("button", name="Close")).to_be_hidden()
    expect(desk.page.get_by_text("✓ right")).to_have_count(0)
    desk.press("Reveal")
    desk.tell(poll=shown(poll, "revealed", [1, 1, 0, 2], teacher=True))
    expect(bars.nth(1)).to_contain_text("✓ right")
    expect(desk.page.get_by_text("✓ right")).to_have_count(1)
    desk.press("End, and ask another")
    desk.tell(poll=None)
    expect(desk.page.get_by_label("Question")).to_be_focused()
    expect(desk.page.get_by_label("Question")).to_have_value("")
    assert [one["type"] for one in desk.said()] == ["close", "reveal", "end"]


def test_a_button_that_is_gone_leaves_the_focus_to_the_question(part) -> None:
    desk, poll = part("desk"), choice()
    desk.tell(poll=shown(poll, "open", [1], teacher=True))
    question = desk.page.get_by_role("heading", name="Which <i>ion</i>?")
    for name, stage in (("Close", "closed"), ("Reveal", "revealed")):
        desk.press(name)
        desk.tell(poll=shown(poll, stage, [1], teacher=True))
        expect(question).to_be_focused()


def test_a_page_that_begins_anew_shows_a_closed_poll(part) -> None:
    desk = part("desk")
    desk.tell(poll=shown(choice(), "closed", [1], teacher=True))
    expect(desk.page.locator(".rows li").first).to_be_visible()


# The student's


def test_an_answer_is_sent_and_can_be_changed_until_it_is_closed(part) -> None:
    card, poll = part("card"), choice()
    expect(card.page.get_by_text("There is no poll now.")).to_be_visible()
    card.tell(poll=told(poll, "open", of=40))
    expect(card.page.get_by_role("heading", level=3)).to_have_text("Which <i>ion</i>?")
    card.press("Send")
    expect(card.words).to_have_text("Choose one first.")
    card.page.get_by_label("K", exact=True).check()
    card.press("Send")
    assert card.said() == [{"type": "answer", "poll": poll.id, "answer": 1}]
    expect(card.words).to_have_text("Sending …")
    card.tell(accepted={"poll": poll.id, "words": ""})
    expect(card.words).to_have_text("Sent. You can change it until the poll is closed.")
    card.tell(poll=told(poll, "open", mine=1, count=1, of=40))
    assert card.page.evaluate(KEPT) is None
    card.page.get_by_label("Na", exact=True).check()
    card.tell(poll=told(poll, "open", mine=1, count=2, of=40))  # somebody else has answered
    expect(card.page.get_by_label("Na", exact=True)).to_be_checked()
    card.press("Send again")
    assert card.said()[0]["answer"] == 0
    card.tell(poll=told(poll, "closed", mine=0, count=2, of=40))
    expect(card.words).to_have_text("Closed. Your answer is in.")
    expect(card.page.get_by_label("K", exact=True)).to_be_disabled()
    expect(card.page.get_by_role("button", name="Send again")).to_be_hidden()


def test_a_poll_that_is_closed_leaves_the_focus_to_its_question(part) -> None:
    card, poll = part("card"), choice()
    card.tell(poll=told(poll, "open"))
    card.page.get_by_label("K", exact=True).check()
    expect(card.page.get_by_label("K", exact=True)).to_be_focused()
    card.tell(poll=told(poll, "closed"))
    expect(card.page.get_by_role("heading", level=3)).to_be_focused()


def test_the_change_to_predict_stands_on_its_own_line_with_its_symbol(part, prediction: Poll) -> None:
    card = part("card")
    card.tell(poll=told(prediction, "open") | {"question": "And now?\nτ_m 10 → 20 ms"})
    question = card.page.get_by_role("heading", level=3)
    expect(question.locator("sub")).to_have_text("m")
    assert question.evaluate("(el) => el.innerText") == "And now?\nτm 10 → 20 ms"


def test_an_answer_that_the_server_may_not_have_got_is_sent_again(part) -> None:
    card, poll = part("card"), choice()
    card.tell(poll=told(poll, "open"))
    card.page.get_by_label("K", exact=True).check()
    card.press("Send")
    card.again()
    card.tell(poll=told(poll, "open"))
    assert card.said() == [{"type": "answer", "poll": poll.id, "answer": 1}]
    expect(card.page.get_by_label("K", exact=True)).to_be_checked()
    card.tell(poll=told(poll, "open", count=1))  # it is on its way
    assert card.said() == []
    card.tell(poll=told(poll, "open", mine=1, count=2))
    expect(card.words).to_contain_text("Sent.")
    card.again()
    card.tell(poll=told(poll, "open", mine=1, count=2))
    assert card.said() == []
    expect(card.page.get_by_label("K", exact=True)).to_be_checked()


def test_a_changed_answer_is_sent_again_over_the_one_that_arrived(part) -> None:
    card, poll = part("card"), choice()
    card.tell(poll=told(poll, "open", mine=0))
    card.page.get_by_label("K", exact=True).check()
    card.press("Send again")
    card.again()
    card.tell(poll=told(poll, "open", mine=0))
    assert [one["answer"] for one in card.said()] == [1]


def test_an_answer_that_came_too_late_is_not_sent_again(part) -> None:
    card, poll = part("card"), choice()
    card.tell(poll=told(poll, "open"))
    card.page.get_by_label("K", exact=True).check()
    card.press("Send")
    card.again()
    card.tell(poll=told(poll, "closed"))
    expect(card.words).to_have_text("Closed before your answer arrived.")
    assert card.said() == []
    card.tell(poll=told(choice(), "open"))  # another poll
    assert card.said() == []
    expect(card.words).to_have_count(0)


def test_what_is_refused_is_said_and_not_sent_again(part) -> None:
    card, poll = part("card"), number()
    card.tell(poll=told(poll, "open"))
    card.page.get_by_label("Answer").fill("3")
    card.press("Send")
    card.tell(refused_answer={"poll": poll.id, "words": "type a number."})
    expect(card.words).to_have_text("type a number.")
    card.again()
    card.tell(poll=told(poll, "open"))
    assert card.said()[:1] == []


@pytest.mark.parametrize("typed", ["3.5", "3,5", "3.5 spikes per burst", " 7/2 "])
def test_a_number_has_whatever_unit_its_teacher_gave_it(part, typed: str) -> None:
    card, poll = part("card"), number()
    card.tell(poll=told(poll, "open"))
    card.page.get_by_label("Answer in spikes per burst").fill(typed)
    card.page.keyboard.press("Enter")
    assert [one["answer"] for one in card.said()] == [3.5]


def test_what_is_no_number_is_said(part) -> None:
    card = part("card")
    card.tell(poll=told(number(), "open"))
    for typed, words in (("", "missing"), ("many", "is not a number")):
        card.page.get_by_label("Answer").fill(typed)
        card.press("Send")
        expect(card.words).to_contain_text(words)
    assert card.said() == []


def test_a_prediction_is_made_with_keys_and_known_again(part, prediction: Poll) -> None:
    card = part("card")
    card.tell(poll=told(prediction, "open"))
    card.press("Send")
    expect(card.words).to_have_text("Predict something first.")
    card.page.get_by_label("tonic", exact=True).check()
    card.page.get_by_label("Answer in Hz").fill("0.03 kHz")
    pad = card.page.locator("svg.pad")
    pad.press("Shift+ArrowUp")
    for _ in range(60):
        pad.press("ArrowRight")
    card.press("Send")
    (said,) = card.said()
    answer = prediction.answer(json.loads(json.dumps(said["answer"])))
    assert (answer["pattern"], answer["rate"], len(answer["sketch"])) == ("tonic", 30.0, 61)
    card.tell(poll=told(prediction, "open", mine=answer))
    expect(card.words).to_contain_text("Sent.")
    assert card.page.evaluate(KEPT) is None
    card.again()
    card.tell(poll=told(prediction, "open", mine=answer))
    expect(card.page.get_by_label("Answer in Hz")).to_have_value("30")
    expect(card.page.locator("path.mine")).to_have_attribute("d", re.compile("^M.*L"))


def test_a_reveal_marks_what_is_right_and_what_is_ones_own(part) -> None:
    card, poll = part("card"), choice()
    card.tell(poll=shown(poll, "revealed", [0, 1, 1], mine=0))
    rows = card.page.locator(".rows li")
    expect(rows.nth(0)).to_contain_text("your answer")
    expect(rows.nth(0)).not_to_contain_text("right")
    expect(rows.nth(1)).to_contain_text("✓ right")
    expect(card.words).to_have_text("Not this one.")
    expect(card.page.get_by_role("radio")).to_have_count(0)
    track, *bars = (rows.nth(k).locator(what).bounding_box() for k, what in ((1, "svg"), (0, "rect"), (1, "rect")))
    assert track and [round(bar["width"] / track["width"], 1) if bar else 0 for bar in bars] == [0.5, 1]


def test_a_prediction_is_revealed_beside_the_run(part, prediction: Poll) -> None:
    card = part("card", width=1366)
    sketch = [[0.0, -70.0], [800.0, -50.0]]
    mine = prediction.answer({"pattern": "silent", "rate": 5, "sketch": sketch})
    others = [prediction.answer({"pattern": "tonic", "rate": 10 + k, "sketch": sketch}) for k in range(70)]
    card.tell(poll=shown(prediction, "revealed", [mine, *others], mine=mine))
    expect(card.words).to_contain_text("not silent.")
    expect(card.words).to_contain_text("you said 5")
    assert card.page.locator(".pad .one").count() == 60
    expect(card.page.get_by_text("60 of 71 sketches")).to_be_visible()
    for kind in ("mine", "real"):
        expect(card.page.locator(f".histogram .pad .{kind}")).to_have_attribute("d", re.compile("^M.*L"))
    expect(card.page.locator(".flag.own")).to_have_text("you: 5 Hz")
    expect(card.page.locator(".rows li", has_text="silent")).to_contain_text("your answer")


# The histogram


def test_numbers_stand_over_their_axis_and_a_joker_apart(part) -> None:
    card, poll = part("card"), number(unit="pA", right={"value": 900, "near": 1})
    answers = [400.5, 410, 420, 430, 440, 450, 460, 470, 480, 1e300]
    card.tell(poll=shown(poll, "revealed", answers, mine=410))
    columns = card.page.locator(".columns")
    counts = [int(one) for one in columns.locator(".area .count").all_text_contents()]
    assert sum(counts) == 10 and counts[-1] == 1
    expect(columns.locator("rect.right")).to_have_count(1)  # beyond all others, with the joker
    expect(columns.locator(".ticks .below").last).to_have_text("more")
    expect(columns.locator(".flag.right")).to_have_text("✓ 900 pA")
    expect(card.page.get_by_text(re.compile("Median 445 pA, half of all between"))).to_be_visible()
    table = card.page.locator("table.vh")
    expect(table).to_contain_text("10 answered")
    expect(table.locator("tr").last).to_contain_text("and more, right")
    expect(table.locator("tr", has_text="your answer")).to_have_count(1)


def test_what_is_right_has_a_column_though_nobody_said_it(part) -> None:
    card = part("card")
    card.tell(poll=shown(number(right={"value": -40, "near": 0}), "revealed", [3, 4, 5]))
    first = card.page.locator(".columns rect").first
    expect(first).to_have_class("right")
    expect(card.page.locator(".ticks .below").last).to_have_text("less")


@pytest.mark.parametrize("width", [280, 390, 768, 1200])
def test_it_fits_every_width(part, prediction: Poll, width: int) -> None:
    card = part("card", width=width)
    long = choice(options=["A word of considerable length, and more of them " * 2, "x" * 100])
    several = number(unit="Mordellistenaden", right={"value": 123456, "near": 1})
    answers = [prediction.answer({"pattern": "initial burst", "rate": 3.3 * k}) for k in range(40)]
    for poll, said in (
        (long, [0, 1, 1]),
        (several, [123456 + 7 * k for k in range(200)]),
        (several, [123456]),
        (prediction, answers),
    ):
        card.tell(poll=shown(poll, "revealed", said, mine=said[0]))
        over = card.page.evaluate(
            """(width) => [...part.el.querySelectorAll(".histogram *:not(.vh, .vh *, path)")].filter((one) => {
                const {left, right} = one.getBoundingClientRect()
                return left < -1 || right > width + 1
            }).map((one) => one.outerHTML.slice(0, 120))""",
            width,
        )
        assert over == []
        for line in (":not(.below)", ".below"):
            ticks = card.page.locator(f".ticks span{line}:visible").all()
            boxes = sorted((box["x"], box["x"] + box["width"]) for one in ticks if (box := one.bounding_box()))
            assert all(end <= start for (_, end), (start, _) in pairwise(boxes)), boxes
            assert len(boxes) > 1 or line == ".below" or len(said) < 4


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_grave(part, prediction: Poll, theme: str) -> None:
    mine = prediction.answer({"pattern": "silent", "rate": 5, "sketch": [[0, -70], [800, -60]]})
    told_of: dict[str, list[Any]] = {
        "desk": [
            None,
            shown(choice(), "closed", [0, 1], teacher=True),
            shown(choice(), "revealed", [0, 1], teacher=True),
            shown(number(right={"value": 3, "near": 0}), "revealed", [3, 4], teacher=True),
        ],
        "card": [
            told(prediction, "open"),
            shown(choice(), "closed", [0], mine=0),
            shown(choice(), "revealed", [0, 1], mine=0),
            shown(prediction, "revealed", [mine], mine=mine),
        ],
    }
    for kind, polls in told_of.items():
        one = part(kind, theme=theme)
        for poll in polls:
            one.tell(poll=poll)
            found = Axe().run(one.page).response["violations"]
            grave = [
                (rule["id"], node["html"][:200]) for rule in found if rule["impact"] in GRAVE for node in rule["nodes"]
            ]
            assert grave == [], poll and poll["stage"]
