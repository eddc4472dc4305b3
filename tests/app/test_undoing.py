"""Changes that a page begins with: what the browser kept of them is taken up, or nothing of it."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.keep import link
from app.keep.history import DEEPEST
from app.page.undoing import Undoing
from app.session.session import Session
from app.session.share import from_dict, to_dict

AMPLITUDE = "stimulus.0.amplitude"


class Browser:
    """Keeps what it is told as `keeper/stored.js` does, and hears what is said."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.currents: dict[str, str] = {}
        self.at = 0
        self.said: list[str] = []
        self.shown: list[tuple[list[str], int]] = []
        self.on_press: dict[str, Any] = {}

    def remember(self, steps: list[Any], currents: dict[str, str], since: int, drop: int, at: int) -> None:
        self.steps = self.steps[drop:][:since]
        assert len(self.steps) == since and at < since + len(steps)
        self.steps += steps
        self.currents |= currents
        self.at = at

    def say(self, words: str, kind: str = "said", undo: bool = False) -> None:
        self.said.append(words)

    def show_changes(self, words: list[str], at: int) -> None:
        self.shown.append((words, at))

    @property
    def kept(self) -> dict[str, Any]:
        return {"steps": [list(step) for step in self.steps], "currents": dict(self.currents), "at": self.at}


def opened(browser: Browser, session: Session, kept: Any = None) -> Undoing:
    turns: Any = SimpleNamespace(add_next_tick_callback=lambda act: act())
    page: Any = browser
    undoing = Undoing(turns, session, page, page)
    undoing.on_carry_out = lambda change: change()
    undoing.begin(to_dict(session), kept)
    return undoing


def test_a_reload_goes_on_with_what_can_be_taken_back_and_done_again() -> None:
    browser, session = Browser(), Session()
    undoing = opened(browser, session)
    for step in range(DEEPEST + 30):  # more than are kept
        session.set({AMPLITUDE: 100.0 + step})
        undoing.changed("")
    for _ in range(5):
        undoing.undo()
    assert len(browser.steps) == DEEPEST + 1 and browser.at == DEEPEST - 5
    again = from_dict(to_dict(session))
    other = opened(browser, again, browser.kept)
    assert browser.shown[-1][1] == DEEPEST - 5 and browser.shown[-1] == browser.shown[-2]
    other.redo()
    assert again.get(AMPLITUDE) == 100.0 + DEEPEST + 25
    for _ in range(3):
        other.undo()
    again.set({AMPLITUDE: 7.0})
    other.changed("")  # what was taken back is gone
    third = from_dict(to_dict(again))
    last = opened(browser, third, browser.kept)
    last.undo()
    assert third.get(AMPLITUDE) == 100.0 + DEEPEST + 22 and browser.at == DEEPEST - 7
    last.go(0)
    assert third.get(AMPLITUDE) == 129.0


def test_what_was_moved_since_is_one_more_change() -> None:
    browser, session = Browser(), Session()
    opened(browser, session)
    session.set({AMPLITUDE: 123.0})
    undoing = opened(browser, session, browser.kept)
    undoing.undo()
    assert session.get(AMPLITUDE) == 500.0


def test_a_step_of_an_older_writing_is_passed_by_undo() -> None:
    browser, session = Browser(), Session()
    undoing = opened(browser, session)
    for value in (100.0, 200.0, 300.0):
        session.set({AMPLITUDE: value})
        undoing.changed("")
    older = to_dict(from_dict(link.unpack(browser.steps[2][1])["state"]))
    del older["membrane"]
    browser.steps[2] = (browser.steps[2][0], link.pack({"state": older}, 1))
    undoing = opened(browser, session, browser.kept)
    undoing.undo()
    assert session.get(AMPLITUDE) == 200.0
    undoing.undo()
    assert session.get(AMPLITUDE) == 100.0


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        7,
        {},
        {"steps": []},
        {"steps": [["", "1abc"]]},
        {"at": float("inf")},
        {"at": "x"},
        {"currents": {"a": "b"}},
        {"currents": 3},
        {"steps": [["", link.pack({"state": {"stimulus": [3]}})]]},
        {"steps": [["", link.pack({"state": {"stimulus": []}})]] * (DEEPEST + 2)},
    ],
)
def test_what_cannot_be_believed_begins_anew(spoilt: Any) -> None:
    browser, session = Browser(), Session()
    opened(browser, session)
    kept = browser.kept | spoilt if isinstance(spoilt, dict) and spoilt else spoilt
    undoing = opened(browser, session, kept)
    assert browser.shown[-1] == ([], 0) and len(browser.steps) == 1
    session.set({AMPLITUDE: 123.0})
    undoing.changed("")
    undoing.undo()
    assert session.get(AMPLITUDE) == 500.0
