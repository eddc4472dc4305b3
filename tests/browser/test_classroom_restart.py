"""A class goes on while its server is killed and started again: no answer, score, member or value is lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from app.limits import AT_ONCE
from tests.browser.conftest import Opener, Server
from tests.browser.seats import ALONE, AMPLITUDE, FOLLOWS, TAU, Seat
from tests.browser.test_connection import LOSS
from tests.browser.test_keeping import says, waits_for

pytestmark = pytest.mark.thorough

PATIENCE = 240_000
"""ms in which a page must be back: all of a class come at once, and each begins anew."""
AWAY = "Connection lost: your values are kept, and the page comes back by itself."
AT_THE_DOOR = "status of 429"
"""Of many who come back at once some wait: on a page that says so and tries again by itself."""
PROCESS = ("--log-format", "%(asctime)s %(levelname)s %(name)s: [%(process)d] %(message)s")


class Class:
    """A teacher and students, and a server that may be ended."""

    def __init__(self, server: Server, opener: Opener, count: int) -> None:
        self.server, self._opener = server, opener
        self.teacher = self._open()
        self.code = self.teacher.open_room()
        self.students: list[Seat] = []
        for at in range(count):
            self.students.append(self._open(f"?room={self.code}"))
            self.students[-1].join(self.code, f"S{at:02}")
        expect(self.teacher.bar.locator(".who")).to_contain_text(f"{count} students")

    def _open(self, query: str = "") -> Seat:
        return Seat(self._opener(link=query).page)

    @property
    def everybody(self) -> list[Seat]:
        return [self.teacher, *self.students]

    @contextmanager
    def killed(self) -> Iterator[None]:
        """The server is away; afterwards everybody is back by themselves, in their places."""
        for one in self.everybody:
            one.js("window.stays = true")
        self.server.kill()
        says(self.teacher, AWAY)
        yield
        self.server.start()
        for one in self.everybody:
            one.wait_until_back(PATIENCE)
            expect(one.bar).to_be_visible()
            assert one.code == self.code
        for at, one in enumerate(self.students):
            expect(one.bar.locator(".who")).to_have_text(f" · S{at:02}")
        expect(self.teacher.bar.locator(".who")).to_contain_text(f"{len(self.students)} students")


@contextmanager
def hour(browser: Browser, folder: Path, count: int, *more: str) -> Iterator[Class]:
    """A class of so many; in the end nothing else has gone wrong than that the server was away."""
    server = Server(folder / "server.log", *more)
    opener = Opener(browser, server)
    try:
        server.wait()
        yield Class(server, opener, count)
    finally:
        opener.close()
        server.stop()
    known = (*LOSS, AT_THE_DOOR) if count > AT_ONCE else LOSS
    assert not [fault for fault in opener.faults if not any(words in fault for words in known)]
    server.check()


def test_twenty_students_lose_nothing(browser: Browser, tmp_path: Path) -> None:
    with hour(browser, tmp_path, 20) as room:
        follow_and_wall(room)
        choice(room)
        predict(room)
        race(room)


def follow_and_wall(room: Class) -> None:
    teacher, students = room.teacher, room.students
    alone, led = students[:5], students[5:]
    teacher.type(AMPLITUDE, "440")
    for one in students:
        one.holds(amplitude=440)
    for at, one in enumerate(alone):
        one.type(TAU, f"{12 + at}")
        one.is_(ALONE)
    for at, one in enumerate(alone):
        waits_for(one, TAU, 12 + at)
    tiles = teacher.show("Wall").locator(".tile")
    changed = [re.compile(f"10 → {12 + at} ms") for at in range(5)] + [""] * (len(students) - 5)
    expect(tiles.locator(".changed")).to_have_text(changed)
    teacher.type(AMPLITUDE, "450")
    with room.killed():
        teacher.type(AMPLITUDE, "455")  # kept by the page
        alone[0].type(AMPLITUDE, "460")
    teacher.holds(amplitude=455)
    for one in led:
        one.is_(FOLLOWS)
        one.holds(amplitude=455, tau=10)
        one.is_like(teacher)
    for at, one in enumerate(alone):
        one.is_(ALONE)
        one.holds(amplitude=440 if at else 460, tau=12 + at)
    expect(teacher.show("Wall").locator(".tile").locator(".changed")).to_have_text(changed)
    teacher.hide()
    for one in alone:
        one.press("Follow again")
        one.holds(amplitude=455, tau=10)


def choice(room: Class) -> None:
    teacher, students = room.teacher, room.students
    options = ("Na", "K", "Ca")
    count = len(students)
    teacher.ask("Choose", "Which ion?", options, right="K")
    before, away, after = students[: count // 3], students[count // 3 : count // 2], students[count // 2 :]
    for one in before:
        one.card.get_by_label("Na", exact=True).check()
        one.send()
    with room.killed():
        for one in away:  # the browser keeps what the server has not
            one.card.get_by_label("K", exact=True).check()
            one.press("Send", one.card)
    for one in before:
        one.show("Poll")
        expect(one.card.get_by_label("Na", exact=True)).to_be_checked()
    for one in after:
        one.card.get_by_label("Ca", exact=True).check()
        one.send()
    before[0].card.get_by_label("K", exact=True).check()
    before[0].send(again=True)
    teacher.answered(count, count)
    teacher.press("Reveal", teacher.desk)
    counts = [len(before) - 1, len(away) + 1, len(after)]
    expect(teacher.desk.locator(".rows li:visible")).to_have_text([re.compile(rf"{one}\b") for one in counts])
    for one in [before[0], *away]:
        one.show("Poll")
        one.said("Right.")
    for one in [*before[1:], *after]:
        one.said("Not this one.")
    teacher.press("End, and ask another", teacher.desk)
    for one in students:
        expect(one.card).to_be_hidden()


def predict(room: Class) -> None:
    teacher, students = room.teacher, room.students
    count = len(students)
    pictures = [one.sum for one in students]
    teacher.desk.get_by_role("radio", name="Predict", exact=True).check()
    teacher.press("Ask the class", teacher.desk)
    teacher.type(AMPLITUDE, "900")
    for at, one in enumerate(students[: count // 2]):
        one.card.get_by_label("Answer in Hz").fill(str(10 + at))
        one.send()
    teacher.answered(count // 2, count)
    with room.killed():
        pass
    teacher.holds(amplitude=900)
    teacher.answered(count // 2, count)
    for one in students[count // 2 :]:
        one.holds(amplitude=455)
        one.card.get_by_label("bursting", exact=True).check()
        one.send()
    teacher.answered(count, count)
    assert [one.sum for one in students] == pictures
    teacher.press("Reveal", teacher.desk)
    for one in students:
        one.holds(amplitude=900)
        one.is_like(teacher)
    for one in students[: count // 2]:
        one.show("Poll")
    for one in students:
        one.said(re.compile("Hz" if one in students[: count // 2] else "as you said|you said|not bursting|tonic"))
    teacher.press("End, and ask another", teacher.desk)


def race(room: Class) -> None:
    teacher, students = room.teacher, room.students
    form = teacher.show("Race")
    form.get_by_label("Experiments").fill("2")
    teacher.press("Start the race", form)
    scores: dict[int, str] = {}
    for at, one in enumerate(students):
        one.press("Open the neuron", one.sheet("Mystery race"))
        one.measure()
        if at % 4 == 0:
            scores[at] = f"{one.hand_in():.0f} %"

    def expected(used: int) -> list[list[str]]:
        return sorted(
            [f"S{at:02}", scores.get(at, "–"), str(used), "1 ×" if at in scores else "–"] for at in range(len(students))
        )

    def shown(used: int) -> None:
        assert sorted(row[1:] for row in teacher.board()) == expected(used)

    teacher.soon(lambda: shown(1))
    with room.killed():
        pass
    teacher.soon(lambda: shown(1))
    for at, one in enumerate(students):
        expect(one.neuron).to_contain_text("1 of 2 experiments used")
        expect(one.neuron).to_contain_text(f"{2 if at in scores else 3} times left")
        one.type(AMPLITUDE, "700")
        one.measure()
        expect(one.neuron).to_contain_text("2 of 2 experiments used")
    teacher.soon(lambda: shown(2))


def test_students_of_two_processes_lose_nothing(browser: Browser, tmp_path: Path) -> None:
    with hour(browser, tmp_path, 0, "--num-procs", "2", *PROCESS) as room:
        processes = [process(room.server)]
        while len(room.students) < 4 or len(set(processes[1:])) < 2:
            assert len(room.students) < 12, "all pages came to one process"
            at = len(room.students)
            room.students.append(room._open(f"?room={room.code}"))
            processes.append(process(room.server))
            room.students[-1].join(room.code, f"S{at:02}")
        teacher, students = room.teacher, room.students
        teacher.type(AMPLITUDE, "440")
        for one in students:
            one.holds(amplitude=440)
            one.is_like(teacher)
        box = teacher.steady_box(AMPLITUDE)
        teacher.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
        teacher.page.mouse.down()
        teacher.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=20)
        for one in students:  # before it is let go
            one.holds(amplitude=teacher.value(AMPLITUDE))
            one.is_like(teacher)
        teacher.page.mouse.up()
        teacher.view("phase").click()
        for one in students:
            expect(one.view("phase")).to_have_attribute("aria-pressed", "true")
        teacher.view("phase").click()
        students[0].type(TAU, "17")
        students[0].is_(ALONE)
        waits_for(students[0], TAU, 17)
        expect(teacher.show("Wall").locator(".tile .changed").first).to_contain_text("10 → 17 ms")
        teacher.hide()
        teacher.type(AMPLITUDE, "455")
        for one in students[1:]:
            one.holds(amplitude=455)
        choice(room)
        students[0].is_(ALONE)
        students[0].holds(tau=17)
        race(room)


def process(server: Server) -> Any:
    """The process that has the page which was opened last."""
    return re.findall(r"\[(\d+)\] WebSocket connection opened", server.log)[-1]
