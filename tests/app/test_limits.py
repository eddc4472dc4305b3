"""Each bound of a server: what is let through, what is not, and what an operator may change."""

import asyncio
import logging

import pytest

from app import limits
from app.client.pace import Pace, Unread
from app.server.admission import Admission, in_use, network
from app.server.bounded_log import Counted
from app.server.words import FULL, WAITING


class Clock:
    """A time that only a test moves, s."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Visit:
    """A session of Bokeh's, with so many connections, the last of which was lost so many seconds ago."""

    def __init__(self, connections: int = 1, left: float = 0.0) -> None:
        self.connection_count, self.milliseconds_since_last_unsubscribe = connections, 1000 * left


def test_a_class_of_200_behind_one_router_is_in_within_a_minute() -> None:
    clock = Clock()
    admission = Admission(limits.SESSIONS[1], limits.OPENINGS[1], clock)
    waiting, inside = 200, 0
    while clock.now < 60 and waiting:
        for _ in range(waiting):
            if admission.refusal("10.0.0.1", [Visit()] * inside) is None:
                waiting, inside = waiting - 1, inside + 1
                admission.connected("10.0.0.1", Visit())
        clock.now += limits.AGAIN
    assert waiting == 0


def test_an_address_that_opens_pages_and_never_connects_has_to_wait() -> None:
    clock = Clock()
    admission = Admission(1000, 240, clock)
    opened = 0
    for _ in range(3000):  # five minutes, ten times a second
        opened += admission.refusal("10.0.0.1", []) is None
        clock.now += 0.1
    assert opened <= limits.UNDER_WAY * 6
    assert admission.refusal("10.0.0.1", []) is WAITING
    again = Visit()
    for _ in range(1000):
        admission.connected("10.0.0.1", again)
    opened = sum(admission.refusal("10.0.0.1", []) is None for _ in range(100))
    assert opened == 1, "one session that connects a thousand times is one page"
    assert admission.refusal("10.0.0.2", []) is None


def test_pages_that_are_left_at_once_count_as_such_that_never_connect() -> None:
    clock = Clock()
    admission = Admission(1000, 240, clock)
    opened = 0
    for _ in range(3000):
        if admission.refusal("10.0.0.1", []) is None:
            opened += 1
            admission.connected("10.0.0.1", Visit())
            admission.left("10.0.0.1", 0.1)
        clock.now += 0.1
    assert opened <= limits.UNDER_WAY * 6
    while admission.refusal("10.0.0.3", []) is None:
        pass
    admission.left("10.0.0.3", 0.1)
    clock.now += limits.PRICE / 4
    assert admission.refusal("10.0.0.3", []) is WAITING
    clock.now += 1
    assert admission.refusal("10.0.0.3", []) is None
    before = admission._visits["10.0.0.3"].left
    admission.left("10.0.0.3", 0.1, by_itself=True)
    assert admission._visits["10.0.0.3"].left == before, "a page that is loaded anew says goodbye"
    admission.left("10.0.0.2", limits.SHORT + 1)
    assert not admission._visits.get("10.0.0.2")


def test_a_server_that_is_full_says_so_and_pages_that_were_left_do_not_count() -> None:
    admission = Admission(2, 240, Clock())
    refused = admission.refusal("10.0.0.1", [Visit(), Visit()])
    assert refused is not None and (refused.status, refused.title) == (503, FULL.title) and "2 pages" in refused.page()
    assert admission.refusal("10.0.0.1", [Visit(), Visit(0, limits.LEFT + 1)]) is None
    assert in_use(Visit(0, 1)), "it may be on its way"
    held = [Visit(0, limits.LEFT + 1)] * 4
    assert admission.refusal("10.0.0.1", held) is not None, "they are held all the same"


def test_what_one_household_has_is_one_address() -> None:
    assert network("10.0.0.1") != network("10.0.0.2")
    assert network("2001:db8:0:1::1") == network("2001:db8:0:1:ffff::2") != network("2001:db8:0:2::1")
    assert network("") == ""


def test_addresses_are_forgotten() -> None:
    admission = Admission(10, 240, Clock())
    for i in range(limits.ADDRESSES + 5):
        admission.connected(f"address {i}", Visit())
    assert len(admission._visits) == limits.ADDRESSES


def test_an_operator_sets_a_limit_by_a_whole_number(monkeypatch: pytest.MonkeyPatch) -> None:
    name, own = limits.SESSIONS
    assert limits.number(limits.SESSIONS) == own
    monkeypatch.setenv(name, "7")
    assert limits.number(limits.SESSIONS) == 7
    for wrong in ("", "0", "-3", "many", "1e3", "9" * 5000):
        monkeypatch.setenv(name, wrong)
        with pytest.raises(ValueError, match=f"^{name} must be a whole number from 1, not ") as told:
            limits.number(limits.SESSIONS)
        assert len(str(told.value)) < 120


def test_a_connection_takes_no_more_than_its_share_for_long() -> None:
    clock = Clock()
    pace = Pace(clock, clock)
    taken = 0.0
    while clock.now < 100:
        clock.now += 0.02  # what a message costs
        taken += 0.02
        clock.now += pace.owed(0.02)
    assert taken < limits.BURST + 1.1 * limits.SHARE * 100


def test_a_hand_that_moves_sixty_times_a_second_never_waits() -> None:
    clock = Clock()
    pace = Pace(clock, clock)
    for _ in range(6000):
        clock.now += 1 / 60
        assert pace.owed(0.001) == 0


def test_only_the_work_of_a_message_counts_not_what_runs_while_it_waits() -> None:
    clock = Clock()

    async def message(fails: bool) -> str:
        clock.now += 0.25
        await asyncio.sleep(0)
        clock.now += 0.25
        if fails:
            raise KeyError("said")
        return "done"

    async def other() -> None:
        clock.now += 100

    async def test() -> None:
        pace = Pace(lambda: 0.0, lambda: clock.now / 10)
        for fails in (False, True):
            task = asyncio.create_task(pace.through(message(fails)))
            await asyncio.create_task(other())
            if fails:
                with pytest.raises(KeyError):
                    await task
            else:
                assert await task == "done"
        assert pace.debt == pytest.approx(0.1), "of twice half a second on a clock of tenths, and none of the others"

    asyncio.run(test())


def test_a_page_that_does_not_read_is_told_from_one_that_saves_something_large() -> None:
    unread = Unread()
    unread.add(100 * limits.UNREAD)
    for _ in range(3):
        unread.add(limits.UNREAD // 4)
        assert not unread.too_much
    for _ in range(2):
        unread.add(limits.UNREAD // 4)
    assert unread.too_much
    for _ in range(6):
        unread.read()
    assert not unread.too_much


def record(text: str, *values: object, error: Exception | None = None, line: int = 1) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("spark", logging.ERROR, "file.py", line, text, values, told)


def test_a_log_counts_what_is_said_again() -> None:
    clock = Clock()
    counted = Counted(clock)
    lines = [counted.filter(record("message %d failed", i)) for i in range(5000)]
    assert sum(lines) == limits.LINES_ALIKE
    assert counted.filter(record("another", line=2))
    clock.now += 60
    first = record("message %d failed", 9)
    assert counted.filter(first)
    assert first.getMessage() == "message 9 failed [4,980 lines were left out before this one]"


def test_a_log_is_bounded_whatever_is_said() -> None:
    counted = Counted(Clock())
    assert sum(counted.filter(record("x", line=i)) for i in range(5000)) == limits.LINES


def test_no_line_of_a_log_is_longer_than_a_screen() -> None:
    try:
        raise ValueError("y" * 1_000_000)
    except ValueError as error:
        long = record("%s", "x" * 1_000_000, error=error)
    assert Counted(Clock()).filter(long)
    assert len(logging.Formatter().format(long)) < 4 * limits.LINE
