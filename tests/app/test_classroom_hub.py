"""Whoever is in a room sees what others put, in this process and in others; and a store that fails is come back to."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.classroom import hub as hub_module
from app.classroom import writing
from app.classroom.hub import Hub
from app.classroom.opening import open_store
from app.classroom.store import Ear, Entries, Full, Key, NoRoom, Store, StoreError
from app.classroom.visit import Visit
from app.classroom.writing import Put
from tests.app.conftest import RedisServer, until

ROOT = Path(__file__).resolve().parents[2]
ROOM, STATE, ANNA = ("room", ""), ("state", ""), ("member", "a")


class Page:
    """A visitor: what its turns are, and what they told."""

    def __init__(self, hub: Hub, code: str = "A", at_once: bool = True) -> None:
        self.turns: list[Callable[[], None]] = []
        self.changes: list[frozenset[str]] = []
        self.done: list[Exception | None] = []
        self.at_once = at_once
        self.visit: Visit = hub.enter(code, self.soon, self.changes.append)

    def soon(self, turn: Callable[[], None]) -> None:
        if self.at_once:
            turn()
        else:
            self.turns.append(turn)

    def put(self, entries: Entries, most: Mapping[str, int] = {}) -> None:
        self.visit.put(entries, self.done.append, most)

    def sees(self, value: Any, kind: str = "state", key: str = "") -> Callable[[], bool]:
        return lambda: self.visit.room.get(kind, key) == value


class Gate:
    """A store that can be kept waiting, fails when told to, and remembers what was put."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.open = threading.Event()
        self.open.set()
        self.fault: Exception | None = None
        self.puts: list[tuple[str, Entries]] = []
        self.waits = threading.Event()

    def _pass(self) -> None:
        self.waits.set()
        assert self.open.wait(60)
        if self.fault is not None:
            raise self.fault

    def create(self, code: str, entries: Entries, expires: float) -> None:
        self._store.create(code, entries, expires)

    def put(self, code: str, entries: Entries, most: Mapping[str, int] = {}) -> int:
        self._pass()
        self.puts.append((code, dict(entries)))
        return self._store.put(code, entries, most)

    def changes(self, code: str, since: int) -> tuple[int, dict[Key, Any]]:
        if self.fault is not None:
            raise self.fault
        return self._store.changes(code, since)

    def moved(self, rooms: Mapping[str, int]) -> set[str]:
        return self._store.moved(rooms)

    def delete(self, code: str) -> None:
        self._pass()
        self._store.delete(code)

    def expire(self, now: float) -> None:
        if self.fault is not None:
            raise self.fault
        self._store.expire(now)

    def rooms(self) -> int:
        return self._store.rooms()

    def ear(self) -> Ear:
        if self.fault is not None:
            raise self.fault
        return _Ear(self, self._store.ear())

    def close(self) -> None:
        self._store.close()


class _Ear:
    def __init__(self, gate: Gate, ear: Ear) -> None:
        self._gate, self._ear = gate, ear

    def wait(self, seconds: float) -> Collection[str] | None:
        if self._gate.fault is not None:
            raise self._gate.fault
        return self._ear.wait(min(seconds, 0.01))

    def close(self) -> None:
        self._ear.close()


@pytest.fixture
def hub(where: str) -> Iterator[Hub]:
    with closing(Hub(open_store(where))) as hub:
        hub.create("A", {ROOM: {"locked": False}})
        hub.create("B", {ROOM: {"locked": True}})
        yield hub


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(open_store(str(tmp_path / "rooms.sqlite")))


@pytest.fixture
def gated(gate: Gate) -> Iterator[Hub]:
    with closing(Hub(gate)) as hub:
        for code in ("A", "B", "C"):
            hub.create(code, {ROOM: code})
        yield hub
        gate.fault = None
        gate.open.set()


def held(gate: Gate, page: Page) -> None:
    """The writer is at a first put, and everything else waits."""
    gate.open.clear()
    gate.waits.clear()
    page.put({("first", ""): 1})
    assert gate.waits.wait(60)


def test_a_put_is_seen_by_all_and_then_told_to_be_done(hub: Hub) -> None:
    seen: list[Any] = []
    teacher, student, other = Page(hub), Page(hub), Page(hub, "B")
    assert teacher.visit.room is student.visit.room and teacher.visit.room.get("room") == {"locked": False}
    teacher.visit.put({STATE: [1], ANNA: {"name": "Anna"}}, lambda fault: seen.append((fault, student.sees([1])())))
    until(lambda: seen)
    assert seen == [(None, True)]
    assert teacher.changes == student.changes == [{"state", "member"}] and not other.changes
    before = student.visit.room.of("member")
    teacher.put({STATE: None})
    until(lambda: teacher.done)
    assert student.visit.room.get("state") is None and student.visit.room.of("state") == {}
    assert student.visit.room.of("member") is before == {"a": {"name": "Anna"}}
    with pytest.raises(TypeError):
        before["b"] = 1  # type: ignore[index]


def test_changes_before_a_turn_are_one_call(hub: Hub) -> None:
    writer, reader = Page(hub), Page(hub, at_once=False)
    for i in range(20):
        writer.put({STATE: i})
        until(writer.sees(i))
    writer.put({ANNA: 1})
    until(lambda: len(writer.done) == 21)
    assert len(reader.turns) == 1
    reader.turns.pop()()
    assert reader.changes == [{"state", "member"}]
    writer.put({STATE: 5})
    until(lambda: reader.turns)
    reader.turns.pop()()
    assert reader.changes[1:] == [{"state"}]
    writer.put({STATE: 6})
    writer.visit.delete()
    until(lambda: writer.changes[-1] == {"gone"})
    assert len(reader.turns) == 1
    reader.turns.pop()()
    assert reader.changes[2:] == [{"gone"}]


def test_another_process_sees_it_and_is_seen(where: str, hub: Hub) -> None:
    page = Page(hub)
    page.put({STATE: "from here"})
    code = """
import sys, threading
from app.classroom.hub import hub
seen = threading.Event()
visit = hub().enter("A", lambda turn: turn(), lambda kinds: visit.room.get("state") == "once more" and seen.set())
assert visit.room.get("state") == "from here", visit.room.get("state")
visit.put({("member", "a"): {"name": "Anna"}})
assert seen.wait(60)
"""
    until(lambda: page.done)
    environment = os.environ | {"SPARK_ROOMS": where}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) as process:
        until(page.sees({"name": "Anna"}, *ANNA))
        page.put({STATE: "once more"})
        assert process.wait(60) == 0
    assert {"member"} in page.changes


def test_two_hubs_that_write_at_once_agree(where: str, hub: Hub) -> None:
    with closing(Hub(open_store(where))) as other:
        pages = [Page(hub), Page(other)]
        for i in range(20):
            for name, page in zip("ab", pages, strict=True):
                page.put({("answer", f"{name}{i}"): i, STATE: [name, i]})
        until(lambda: [len(page.done) for page in pages] == [20, 20])
        assert not [fault for page in pages for fault in page.done if fault]
        until(lambda: pages[0].visit.room.revision == pages[1].visit.room.revision)
        assert pages[0].visit.room.of("answer") == pages[1].visit.room.of("answer")
        assert len(pages[0].visit.room.of("answer")) == 40
        assert pages[0].visit.room.get("state") == pages[1].visit.room.get("state")


def test_a_room_that_is_deleted_is_gone_for_all(where: str, hub: Hub) -> None:
    with closing(Hub(open_store(where))) as other:
        teacher, student, remote = Page(hub), Page(hub), Page(other)
        teacher.visit.put({STATE: 1})
        teacher.visit.delete(teacher.done.append)
        until(lambda: teacher.done and remote.changes[-1:] == [{"gone"}])
        assert teacher.done == [None] and teacher.changes[-1] == student.changes[-1] == {"gone"}
        for page in (student, remote):
            page.put({STATE: 2})
            assert isinstance(page.done[0], NoRoom)
        with pytest.raises(NoRoom, match="no room A"):
            other.enter("A", lambda turn: turn(), print)
        time.sleep(0.01)
        hub.create("A", {ROOM: "another"})
        assert Page(other).visit.room.of("room") == {"": "another"}  # while some are still in the one before
        last = Page(hub)
        hub.delete("A")
        assert last.changes == [{"gone"}]  # and not when it is heard
        assert remote.changes.count(frozenset({"gone"})) == 1


def test_a_room_whose_time_is_over_is_gone(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.create("SHORT", {ROOM: 1}, 0.5)
    page = Page(hub, "SHORT")
    time.sleep(0.6)
    page.put({STATE: 1})
    until(lambda: page.done)
    assert isinstance(page.done[0], NoRoom) and page.changes == [{"gone"}]


def test_rooms_whose_time_is_over_are_deleted_while_others_are_used(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "SWEEP", 0.01)
    with closing(Hub(open_store(where))) as hub:
        hub.create("LONG", {ROOM: 1})
        Page(hub, "LONG")
        hub.create("SHORT", {ROOM: 1}, 0.5)
        page = Page(hub, "SHORT")
        until(lambda: page.changes == [{"gone"}])
        assert hub.store.rooms() == 1


def test_who_has_left_is_told_nothing_and_has_lost_nothing(hub: Hub) -> None:
    page, other = Page(hub, at_once=False), Page(hub)
    other.put({STATE: 0})
    until(lambda: page.turns)
    page.put({STATE: "the last"})
    page.visit.leave()
    page.visit.leave()
    until(other.sees("the last"))
    while page.turns:
        page.turns.pop()()
    assert not page.changes and not page.done


def test_a_copy_is_dropped_when_the_last_has_left(hub: Hub) -> None:
    first, second = Page(hub), Page(hub)
    room = first.visit.room
    first.visit.leave()
    assert Page(hub).visit.room is room
    second.visit.leave()
    hub.create("EMPTY", {})
    assert Page(hub, "EMPTY").visit.room.of("room") == {}
    last = Page(hub, "B")
    last.visit.leave()
    assert Page(hub, "B").visit.room is not last.visit.room


def test_a_page_that_cannot_be_told_keeps_nobody_from_it(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    broken, page = Page(hub), Page(hub)
    broken.soon = lambda turn: 1 / 0  # type: ignore[method-assign,assignment]
    broken.visit = hub.enter("A", broken.soon, print)
    page.put({STATE: 1})
    until(lambda: page.done)
    assert page.done == [None] and page.changes == [{"state"}] and "could not be told" in caplog.text


def test_what_waits_with_the_same_keys_is_written_once(gate: Gate, gated: Hub) -> None:
    page, other = Page(gated), Page(gated)
    held(gate, page)
    for i in range(20):
        page.put({STATE: i})
        other.put({STATE: -i, ANNA: i})
    gate.open.set()
    until(lambda: len(page.done) == 21 and len(other.done) == 20)
    assert gate.puts[1:] == [("A", {STATE: -19, ANNA: 19})] and set(page.done + other.done) == {None}


def test_one_too_many_is_told_to_whose_it_is(gate: Gate, gated: Hub) -> None:
    pages = [Page(gated) for _ in range(4)]
    held(gate, pages[0])
    for i, page in enumerate(pages):
        page.put({("member", str(i)): i}, {"member": 2})
    pages[0].put({STATE: 1})
    gate.open.set()
    until(lambda: len(pages[0].done) == 3 and all(page.done for page in pages))
    assert pages[0].done == [None] * 3 and pages[1].done == [None]
    assert all(isinstance(page.done[0], Full) for page in pages[2:])
    assert pages[3].visit.room.of("member") == {"0": 0, "1": 1} and pages[3].visit.room.get("state") == 1


def test_a_room_that_floods_lets_others_in_between(gate: Gate, gated: Hub) -> None:
    flood, other, third = [Page(gated) for _ in range(10)], Page(gated, "B"), Page(gated, "C")
    held(gate, flood[0])
    for i in range(30):
        for n, page in enumerate(flood):
            page.put({("answer", f"{n}/{i}"): i})
    other.put({STATE: 1})
    third.put({STATE: 1})
    gate.open.set()
    until(lambda: sum(len(page.done) for page in flood) == 301)
    turns = [code for code, _ in gate.puts]
    assert turns[:4] == ["A", "A", "B", "C"] and len(turns) > 6
    assert max(len(entries) for _, entries in gate.puts) == writing.TURN
    assert len(flood[0].visit.room.of("answer")) == 300


def test_one_page_that_floods_is_refused_and_no_other(gate: Gate, gated: Hub) -> None:
    flood, page = Page(gated), Page(gated)
    held(gate, page)
    for i in range(1000):
        flood.put({("answer", str(i)): i})
    refused = [fault for fault in flood.done if fault]
    assert len(refused) == 1000 - writing.OWN // 2 and "wait a moment" in str(refused[0])
    page.put({STATE: 1})
    gate.open.set()
    until(lambda: len(flood.done) == 1000 and len(page.done) == 2)
    assert page.done == [None, None] and len(page.visit.room.of("answer")) == writing.OWN // 2
    flood.put({("answer", f"later {i}"): 1 for i in range(500)})  # of any size, where nothing waits
    until(lambda: len(flood.done) == 1001)
    assert flood.done[-1] is None


def test_what_is_written_of_a_page_makes_place_for_more() -> None:
    line = writing._Line()
    for i in range(writing.OWN):
        line.add(Put("flood", {("answer", str(i)): i}, {}))
    line.add(Put("other", {STATE: 1}, {}))
    with pytest.raises(Full):
        line.add(Put("flood", {("answer", "more"): 1}, {}))
    assert len(line.take()) == writing.TURN
    for i in range(writing.TURN):
        line.add(Put("flood", {("answer", f"more {i}"): 1}, {}))
    with pytest.raises(Full):
        line.add(Put("flood", {("answer", "one more"): 1}, {}))


def test_a_deletion_is_written_in_its_turn(gate: Gate, gated: Hub) -> None:
    page, other = Page(gated), Page(gated)
    held(gate, page)
    page.put({STATE: 1})
    other.visit.delete(other.done.append)
    page.put({STATE: 2})
    gate.open.set()
    until(lambda: len(page.done) == 3)
    assert page.done[:2] == [None, None] and isinstance(page.done[2], NoRoom) and other.done == [None]
    assert gated.store.rooms() == 2


def test_a_store_that_fails_is_told_and_come_back_to(
    gate: Gate, gated: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hub_module, "AGAIN", 0.01)
    page = Page(gated)
    gate.fault = StoreError("The disk is full.")
    page.put({STATE: 1})
    until(lambda: page.done and "not kept up to date" in caplog.text)
    assert str(page.done[0]) == "The disk is full." and not page.visit.room.of("state")
    with pytest.raises(StoreError, match="The disk is full"):
        Page(gated)
    gate.fault = OSError("something unforeseen")
    page.put({STATE: 1})
    until(lambda: len(page.done) == 2)
    assert isinstance(page.done[1], OSError)
    gate._store.put("A", {ANNA: "meanwhile"})  # by another process
    gate.fault = None
    until(page.sees("meanwhile", *ANNA))
    page.put({STATE: 2})
    until(page.sees(2))
    assert page.done[2:] == [None] and caplog.text.count("not kept up to date") == 1


def test_redis_is_killed_and_comes_back(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hub_module, "AGAIN", 0.05)
    url = redis_server.url()
    with closing(Hub(open_store(url))) as hub, closing(Hub(open_store(url))) as other:
        hub.create("A", {ROOM: 1})
        page, remote = Page(hub), Page(other)
        page.put({STATE: 1})
        until(remote.sees(1))
        redis_server.kill()
        try:
            page.put({STATE: 2})
            until(lambda: len(page.done) == 2)
            assert "cannot be reached just now" in str(page.done[1])
            until(lambda: "not kept up to date" in caplog.text)
        finally:
            redis_server.start()
        assert Page(hub).visit.room.get("state") == 1
        page.put({STATE: 3})
        until(remote.sees(3))
        remote.put({STATE: 4})
        until(page.sees(4))


def test_what_waits_is_written_before_the_end(tmp_path: Path) -> None:
    where = str(tmp_path / "rooms.sqlite")
    gate = Gate(open_store(where))
    hub = Hub(gate)
    hub.create("A", {ROOM: 1})
    page = Page(hub)
    held(gate, page)
    page.put({STATE: "the last"})
    ending = threading.Thread(target=hub.close)
    ending.start()
    until(lambda: hub._writer._closed)
    page.put({STATE: "too late"})
    assert "server is stopping" in str(page.done[-1])
    gate.open.set()
    ending.join(60)
    with closing(open_store(where)) as store:
        assert store.changes("A", 0)[1][STATE] == "the last"


def test_a_process_has_one_hub_and_a_forked_one_its_own(tmp_path: Path) -> None:
    code = """
import os, sys
from app.classroom.hub import hub
assert hub() is hub()
hub().create("A", {("room", ""): 1})
visit = hub().enter("A", lambda turn: turn(), print)
child = os.fork()
mine = hub()
told = __import__("threading").Event()
mine.enter("A", lambda turn: turn(), print).put({("member", str(child > 0)): 1}, lambda fault: told.set())
assert told.wait(30)
if child:
    assert mine is hub() and os.waitpid(child, 0)[1] == 0
    assert mine.store.changes("A", 0)[1].keys() == {("room", ""), ("member", "True"), ("member", "False")}
"""
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path)}
    environment.pop("SPARK_ROOMS", None)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "spark" / "classroom" / "rooms.sqlite").is_file()
