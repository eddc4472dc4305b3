"""The tour goes on when a step was done, and only then."""

from typing import Any

import pytest

from app.client.tour import Tour
from app.page.first_steps import BACK, BURST, TITLES, FirstSteps
from app.run.pipeline import Pipeline, Request
from app.session.session import Session

AMPLITUDE = "stimulus.0.amplitude"


class Turns:
    """Every later turn comes at once."""

    def add_timeout_callback(self, callback: Any, after: int) -> None:
        callback()


class Page:
    """A visitor with a session, an open view, and the tour's bar."""

    def __init__(self) -> None:
        self.session = Session()
        self.view: str | None = None
        self.bar = Tour()
        self.steps = FirstSteps(Turns(), self.session, lambda: self.view, self.bar)  # type: ignore[arg-type]

    def sees(self) -> None:
        """A picture of what the session says."""
        job, settings = self.session.job(), self.session.settings
        request = Request(job, 1, job.window, "", settings.shown, settings.duration, (0.0, settings.duration), 800)
        self.steps.follow(Pipeline(())(request, lambda done: None), True)

    def sets(self, amplitude: float) -> None:
        self.session.set({AMPLITUDE: amplitude})
        self.sees()

    @property
    def at(self) -> int | None:
        return self.bar._shown.get("at")

    @property
    def words(self) -> str:
        return str(self.bar._shown["words"])


@pytest.fixture
def page() -> Page:
    page = Page()
    page.sees()
    return page


def test_nothing_is_shown_before_it_is_asked_for(page: Page) -> None:
    page.sets(100.0)
    assert page.at is None


def test_every_step_is_done_by_hand(page: Page) -> None:
    page.steps.ask("begin")
    assert page.at == 0 and "Lower" in page.words
    page.sets(800.0)
    assert page.at == 0  # it fired before
    page.sets(300.0)
    assert page.at == 0 and page.words.startswith("It is silent. Now raise")
    page.sets(500.0)
    assert page.at == 1 and page.words.startswith("Open the f–I curve")
    page.sets(375.0)
    assert page.at == 1  # the curve is not open
    page.view = "fi"
    page.sets(500.0)
    assert page.at == 1 and "dashed line" in page.words
    page.sets(379.0)
    assert page.at == 2
    page.session.choose_model("AdaptiveExponentialSoma")
    page.sees()
    assert page.at == 2
    page.session.choose_preset("naud2008_regular_bursting")
    page.sees()
    assert page.at == 3 and "reset map" in page.words
    page.view = "reset"
    page.sees()
    assert page.at == len(TITLES) and page.words == f"{BURST} {BACK}"
    page.steps.ask("end")
    assert page.at is None


def test_a_step_is_skipped_and_the_tour_begins_again(page: Page) -> None:
    page.steps.ask("next")
    assert page.at is None  # there is no tour
    page.steps.ask("begin")
    for at in range(1, len(TITLES) + 1):
        page.steps.ask("next")
        assert page.at == at
    page.steps.ask("next")
    assert page.at == len(TITLES) and page.words == BACK  # nothing that was not seen
    page.steps.ask("begin")
    assert page.at == 0 and "Lower" in page.words
