"""What runs hold in memory is bounded, for one visitor and for all, and said in words."""

from __future__ import annotations

import pytest

from app.run.held import Held, expected, taken
from app.session.job import Job
from app.session.session import Session


def job(steps: int, units: int = 1) -> Job:
    session = Session()
    session.set({"run.duration": steps * 0.1, "run.units": units})
    return session.job()


LARGE = job(1_000_000, 10)
"""The longest run of ten neurons."""


def test_what_is_expected_is_what_a_run_takes() -> None:
    for asked in (job(10_000), job(100_000, 5), job(20_000, 400)):
        found = taken(asked.run())
        assert found / 2 < expected(asked) < 2 * found


def test_a_visitor_has_a_fourth() -> None:
    held, size = Held(3 * expected(LARGE)), expected(LARGE)
    with pytest.raises(ValueError, match=rf"1,000,000 steps × 10 neurons takes about {round(size / 1e6)} MB.*shorten"):
        held.ask("one", LARGE)
    assert held.bytes == 0
    Held(4 * size).ask("one", LARGE)


def test_all_visitors_share_the_rest() -> None:
    held, size = Held(4 * expected(LARGE)), expected(LARGE)
    for visitor in "abcd":
        held.ask(visitor, LARGE)
    assert held.bytes == 4 * size
    with pytest.raises(ValueError, match=r"the runs of all other visitors take .* or try again later"):
        held.ask("e", LARGE)
    held.ask("a", LARGE)  # in the place of the one that was asked for before
    held.ask("e", job(10_000))  # a hand's ordinary move
    held.drop("b")
    held.ask("e", job(1_000_000, 8))


def test_a_run_that_is_shown_counts_until_the_visit_ends() -> None:
    held, recording = Held(4 * expected(LARGE)), job(100_000, 5).run()
    held.ask("a", LARGE)
    held.show("a", recording)
    assert held.bytes == taken(recording)
    held.ask("a", LARGE)
    assert held.bytes == taken(recording) + expected(LARGE)
    held.show("a", recording, ended=False)  # an older one; the newer is on its way
    assert held.bytes == taken(recording) + expected(LARGE)
    held.leave("a")
    assert held.bytes == 0
