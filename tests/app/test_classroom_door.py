"""Who comes into a room: by its key, by a token, by a knock; and what a page that ends leaves behind."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from app.classroom import codes, limits
from app.classroom.hub import Hub
from app.classroom.sqlite_store import SqliteStore
from app.classroom.visit import Visit
from app.page import entering
from app.page.entering import Entering
from tests.app.conftest import until
from tests.app.test_classroom_page import Panel, Turns

KEY, TOKEN = codes.token(), codes.token()
CODE = "K7T4XM"
ROOM = {"key": codes.digest(KEY), "created": 0.0, "locked": False, "anonymous": False, "following": True}


class Part:
    """What is done in a room: nothing."""

    def __init__(self) -> None:
        self.visit: Visit | None = None
        self.me = ""
        self.kinds: list[frozenset[str]] = []
        self.ended = 0

    def begin(self, visit: Visit, me: str) -> None:
        self.visit, self.me = visit, me

    def heard(self, kinds: frozenset[str]) -> None:
        self.kinds.append(kinds)

    def end(self) -> None:
        self.ended += 1


class Page:
    """A page before the door."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        self.turns, self.panel, self.teacher, self.student = Turns(), Panel(), Part(), Part()
        self.begun = True
        parts = self.teacher, self.student
        self.entering = Entering(cast(Any, self.turns), self.panel, lambda: address, lambda: self.begun, *parts)

    def say(self, kind: str, **said: Any) -> None:
        self.panel.on[kind](said)

    def enter(self, **said: Any) -> dict[str, Any]:
        """What the page is told when it wants in."""
        self.panel.told.clear()
        self.say("enter", **said)
        self.wait(lambda: self.panel.told)
        return self.panel.told[0]

    def wait(self, seen: Callable[[], object]) -> None:
        def look() -> object:
            self.turns.take()
            return seen()

        until(look)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(entering, "DOOR", codes.Doorkeeper())
    with closing(Hub(SqliteStore(tmp_path / "rooms.sqlite"))) as hub:
        monkeypatch.setattr(entering, "hub", lambda: hub)
        hub.create(CODE, {("room", ""): ROOM})
        yield hub


@pytest.fixture
def page(hub: Hub) -> Page:
    return Page()


def test_a_student_knocks_joins_and_is_known_again(hub: Hub, page: Page) -> None:
    assert page.enter(room="k7t-4xm", token=None) == {"join": CODE}
    assert page.enter(room="k7t-4xm", token=TOKEN, name=" Ada ") == {
        "room": {"code": CODE, "role": "student", "name": "Ada"}
    }
    assert page.student.me == codes.public(TOKEN) and page.teacher.visit is None
    again = Page()
    assert again.enter(room=CODE, token=TOKEN)["room"]["name"] == "Ada"
    for one in (page, again):
        one.entering.close()
    assert not hub._copies


def test_a_page_is_in_once_it_shows_what_it_begins_with(hub: Hub, page: Page) -> None:
    page.begun = False
    looks: list[bool] = []

    def begun() -> bool:
        looks.append(page.begun)
        return page.begun

    page.entering._has_begun = begun
    page.say("enter", room=CODE, token=TOKEN, name="Ada")

    def look() -> bool:
        if page.turns.waiting:
            page.turns.waiting.pop(0)()
        return len(looks) > 2

    until(look)
    assert page.student.visit is None and not page.panel.told
    page.begun = True
    page.wait(lambda: page.panel.told)
    assert page.student.me == codes.public(TOKEN) and "room" in page.panel.told[0]
    page.entering.close()


def test_a_room_is_opened_and_its_key_alone_teaches(page: Page) -> None:
    page.say("open")
    page.wait(lambda: page.panel.told)
    told = page.panel.told[0]["room"]
    assert told["role"] == "teacher" and page.teacher.visit is not None
    kept = page.teacher.visit.room.get("room")
    assert kept["key"] == codes.digest(told["key"])  # the key itself is nowhere
    other = Page()
    assert other.enter(room=told["code"], key=told["key"])["room"]["role"] == "teacher"
    wrongs: list[Any] = [kept["key"], KEY, "", [], {"a": 1}, None]
    for wrong in wrongs:
        assert "room" not in Page().enter(room=told["code"], key=wrong)
    for one in (page, other):
        one.entering.close()


@pytest.mark.parametrize("token", ["", "short", "x" * 65, None, 5, ["x" * 20], {"__proto__": 1}])
def test_what_is_no_token_lets_nobody_in(hub: Hub, page: Page, token: Any) -> None:
    assert page.enter(room=CODE, token=token, name="Eve") == {"join": CODE}
    visit = hub.enter(CODE, page.turns.add_next_tick_callback, lambda kinds: None)
    assert not visit.room.of("member")
    visit.leave()


@pytest.mark.parametrize("said", [{}, {"room": None}, {"room": {"a": []}}, {"room": "__proto__"}, {"room": "K7T4X2"}])
def test_codes_are_not_tried_without_end(page: Page, said: dict[str, Any]) -> None:
    told = [page.enter(**said)["refused"] for _ in range(22)]
    assert "There is no room" in told[19] and "Too many codes" in told[20]
    assert "Too many codes" in page.enter(room=CODE, token=TOKEN, name="Eve")["refused"]  # the right one tells nothing


def test_a_page_that_asks_on_and_on_asks_for_one_thing_at_a_time(
    hub: Hub, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    real = hub.enter

    def enter(code: str, *rest: Any) -> Visit:
        looks.append(code)
        return real(code, *rest)

    monkeypatch.setattr(hub, "enter", enter)
    for _ in range(100):
        page.say("enter", room="K7T4X2")
    page.wait(lambda: page.panel.told)
    entering.THREADS.submit(lambda: None).result(60)  # what was asked before is done
    assert len(looks) <= 2


def test_one_page_is_no_crowd_of_students(hub: Hub, page: Page) -> None:
    told = [page.enter(room=CODE, token=codes.token(), name="Eve") for _ in range(entering.MOST_JOINS + 1)]
    assert "room" in told[-2] and "load it again" in told[-1]["refused"]
    assert page.student.visit is not None and len(page.student.visit.room.of("member")) == entering.MOST_JOINS
    page.entering.close()


def test_a_full_room_says_so(hub: Hub, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBERS", 1)
    assert "room" in page.enter(room=CODE, token=TOKEN, name="")
    late = Page()
    assert "full" in late.enter(room=CODE, token=codes.token(), name="")["refused"]
    assert page.student.visit is not None
    room, key = page.student.visit.room, ("member", page.student.me)
    page.student.visit.put({key: room.get(*key) | {"removed": True}})
    page.wait(lambda: page.student.ended)
    assert "room" in late.enter(room=CODE, token=codes.token(), name="Bob")  # who was removed holds no place
    assert late.student.visit is not None and len(late.student.visit.room.of("member")) == 1
    late.entering.close()
    page.entering.close()
    assert not hub._copies  # nobody stands at the door either


def test_a_page_that_ends_at_the_door_leaves_nothing(hub: Hub, page: Page) -> None:
    page.say("enter", room=CODE, key=KEY)
    until(lambda: page.turns.waiting and hub._copies)
    page.turns.waiting.clear()  # a session that has ended has no turns
    page.entering.close()
    assert not hub._copies and page.teacher.visit is None
    page.say("enter", room=CODE, key=KEY)
    assert not hub._copies


def test_a_page_that_ends_while_the_room_is_looked_for_leaves_nothing(
    hub: Hub, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, gate = hub.enter, threading.Event(), threading.Event()

    def enter(code: str, *rest: Any) -> Visit:
        begun.set()
        assert gate.wait(60)
        return real(code, *rest)

    monkeypatch.setattr(hub, "enter", enter)
    page.say("enter", room=CODE, key=KEY)
    assert begun.wait(60)
    page.entering.close()
    gate.set()
    until(lambda: page.turns.waiting)
    assert not hub._copies


def test_a_room_at_whose_door_one_stands_does_not_end_the_one_that_one_is_in(hub: Hub, page: Page) -> None:
    hub.create("K7T4X2", {("room", ""): ROOM})
    page.enter(room=CODE, token=TOKEN, name="Ada")
    page.entering._heard("K7T4X2", frozenset({"gone"}))
    assert page.student.ended < 1
    page.entering._heard(CODE, frozenset({"gone"}))
    assert page.student.ended and page.panel.told[-1]["forget"]


def test_who_is_removed_is_out_and_stays_out(hub: Hub, page: Page) -> None:
    page.enter(room=CODE, token=TOKEN, name="Ada")
    assert page.student.visit is not None
    key = ("member", page.student.me)
    page.student.visit.put({key: page.student.visit.room.get(*key) | {"removed": True}})
    page.wait(lambda: page.student.ended)
    assert page.panel.told[-1] == {"refused": entering.REMOVED, "forget": True}
    assert page.enter(room=CODE, token=TOKEN, name="Bob")["refused"] == entering.REMOVED


def test_a_student_does_not_delete_the_room(hub: Hub, page: Page) -> None:
    page.enter(room=CODE, token=TOKEN, name="Ada")
    page.say("delete")
    other = Page()
    assert "room" in other.enter(room=CODE, token=TOKEN)
    other.entering.close()
    page.entering.close()
