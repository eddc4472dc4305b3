"""Rooms are kept, by SQLite and by Redis alike: also when several processes write, and when one is killed."""

import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.classroom import limits
from app.classroom.opening import open_store
from app.classroom.store import Full, NoRoom, Store, StoreError, Taken
from tests.app.conftest import until

ROOT = Path(__file__).resolve().parents[2]
ROOM, STATE, ANNA, BEN, CORA = ("room", ""), ("state", ""), ("member", "a"), ("member", "b"), ("member", "c")
LATER = time.time() + 3600


def test_a_room_is_what_was_put(store: Store) -> None:
    store.create("K7T4XM", {ROOM: {"locked": False}, STATE: [1, "ä\0\n", None]}, LATER)
    opened, entries = store.changes("K7T4XM", 0)
    assert entries == {ROOM: {"locked": False}, STATE: [1, "ä\0\n", None]}
    first = store.put("K7T4XM", {STATE: {"tau": 10.5}, ANNA: {"name": "Anna 🧠"}})
    second = store.put("K7T4XM", {STATE: None, BEN: 0})
    assert opened < first < second
    assert store.changes("K7T4XM", opened) == (second, {STATE: None, ANNA: {"name": "Anna 🧠"}, BEN: 0})
    assert store.changes("K7T4XM", first) == (second, {STATE: None, BEN: 0})
    assert store.changes("K7T4XM", second) == (second, {})
    assert store.changes("K7T4XM", 0) == (second, {ROOM: {"locked": False}, ANNA: {"name": "Anna 🧠"}, BEN: 0})


def test_a_room_of_many_entries_is_whole(store: Store) -> None:
    answers = {("answer", f"poll/{i}"): {"choice": i} for i in range(3000)}
    store.create("A", {ROOM: 1}, LATER)
    before = store.changes("A", 0)[0]
    store.put("A", answers)
    assert store.changes("A", before)[1] == answers
    assert store.changes("A", 0)[1] == {ROOM: 1, **answers}
    store.create("B", answers, LATER)
    assert store.changes("B", 0)[1] == answers


def test_rooms_know_nothing_of_each_other(store: Store) -> None:
    store.create("A", {ROOM: 1}, LATER)
    store.create("B", {ROOM: 2}, LATER)
    store.put("A", {ANNA: 1})
    assert store.changes("B", 0)[1] == {ROOM: 2}
    store.delete("A")
    assert store.changes("B", 0)[1] == {ROOM: 2} and store.rooms() == 1
    with pytest.raises(Taken, match="room B already"):
        store.create("B", {ROOM: 3}, LATER)
    assert store.changes("B", 0)[1] == {ROOM: 2}


def test_a_room_that_is_deleted_or_over_is_none(store: Store) -> None:
    store.create("A", {ROOM: 1, ANNA: 2}, LATER)
    store.delete("A")
    store.delete("A")
    store.create("B", {ROOM: 1}, time.time() + 0.2)
    time.sleep(0.3)
    for code in ("A", "B", "NEVER"):
        with pytest.raises(NoRoom, match=f"no room {code}"):
            store.put(code, {ROOM: 1})
        with pytest.raises(NoRoom, match=f"no room {code}"):
            store.changes(code, 0)
    assert store.rooms() == 0


def test_rooms_are_deleted_when_their_time_is_over(store: Store) -> None:
    store.create("SOON", {ROOM: 1, ANNA: "Anna"}, LATER)
    store.create("LATE", {ROOM: 2}, LATER + 100)
    store.expire(LATER - 1)
    assert store.rooms() == 2
    store.expire(LATER)
    assert store.rooms() == 1 and store.changes("LATE", 0)[1] == {ROOM: 2}
    with pytest.raises(NoRoom):
        store.changes("SOON", 0)


def test_what_was_read_of_a_room_says_nothing_of_another_with_its_code(store: Store) -> None:
    store.create("A", {ROOM: 1, ANNA: 2}, LATER)
    store.put("A", {BEN: 1})
    revision, _ = store.changes("A", 0)
    store.delete("A")
    time.sleep(0.01)
    store.create("A", {ROOM: 2}, LATER)
    with pytest.raises(NoRoom):
        store.changes("A", revision)
    assert store.changes("A", 0)[1] == {ROOM: 2}
    assert store.moved({"A": revision}) == {"A"}


def test_a_kind_has_at_most_so_many_entries(store: Store) -> None:
    store.create("A", {ROOM: 1, ANNA: 1}, LATER)
    store.put("A", {BEN: 1}, {"member": 2})
    revision, before = store.changes("A", 0)
    with pytest.raises(Full, match="2 entries of kind 'member'"):
        store.put("A", {STATE: 5, CORA: 1}, {"member": 2})
    assert store.changes("A", 0) == (revision, before)  # all or nothing
    store.put("A", {BEN: 2, STATE: 6}, {"member": 2, "state": 1})
    store.put("A", {ANNA: None, CORA: 1}, {"member": 2})
    store.put("A", {ANNA: None, ("other", "a"): 1}, {"member": 2})
    with pytest.raises(Full):
        store.put("A", {ANNA: 2}, {"member": 2})
    store.put("A", {BEN: 3}, {"member": 1})  # too many of old: those who are in stay
    store.put("A", {ANNA: 2})
    assert set(store.changes("A", 0)[1]) == {ROOM, STATE, ANNA, BEN, CORA, ("other", "a")}


def test_a_room_has_a_size(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOM", 3000)
    store.create("A", {ROOM: "x" * 1000}, LATER)
    store.put("A", {STATE: "y" * 1000})
    store.put("A", {STATE: "z" * 1000})
    with pytest.raises(Full, match=r"0\.003 MB"):
        store.put("A", {ANNA: "x" * 1000})
    store.put("A", {STATE: None})
    store.put("A", {ANNA: "x" * 1000})
    with pytest.raises(Full, match="MB"):
        for i in range(100):
            store.put("A", {("empty", str(i)): 1})
            store.put("A", {("empty", str(i)): None})  # what is forgotten is kept as that, and counts
    monkeypatch.setattr(limits, "ROOM", 10)
    store.put("A", {ANNA: None})  # less is always taken
    with pytest.raises(Full, match="MB"):
        store.create("B", {ROOM: "x" * 1000}, LATER)
    assert store.rooms() == 1


def test_there_are_so_many_rooms(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOMS", 2)
    store.create("A", {ROOM: 1}, time.time() + 0.2)
    store.create("B", {ROOM: 1}, LATER)
    with pytest.raises(Full, match="2 rooms"):
        store.create("C", {ROOM: 1}, LATER)
    time.sleep(0.3)
    store.create("C", {ROOM: 1}, LATER)
    assert store.rooms() == 2


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), object()])
def test_what_is_no_json_is_refused(store: Store, value: object) -> None:
    store.create("A", {ROOM: 1}, LATER)
    with pytest.raises(StoreError, match="must be JSON"):
        store.put("A", {STATE: 1, ANNA: value})
    assert store.changes("A", 0)[1] == {ROOM: 1}


def test_half_a_character_is_kept_as_it_is(store: Store) -> None:
    store.create("A", {ROOM: "\ud83e"}, LATER)
    assert store.changes("A", 0)[1] == {ROOM: "\ud83e"}


def test_others_hear_of_changes(where: str, store: Store) -> None:
    for code in "AB":
        store.create(code, {ROOM: 1}, LATER)
    rooms = {code: store.changes(code, 0)[0] for code in "AB"}
    with closing(open_store(where)) as other, closing(other.ear()) as ear:

        def hears(code: str) -> bool:
            heard = ear.wait(1)
            return heard is None or code in heard

        until(lambda: ear.wait(0.2) == set() or ear.wait(0.2) == ())  # what was before it listened
        assert not other.moved(rooms)
        store.put("A", {STATE: 1})
        until(lambda: hears("A"))
        assert other.moved(rooms) == {"A"}
        store.delete("B")
        until(lambda: hears("B"))
        assert other.moved(rooms) == {"A", "B"}


WRITER = """
import sys
from app.classroom.opening import open_store
store = open_store(sys.argv[1])
for i in range(int(sys.argv[3])):
    entries = {("answer", f"{sys.argv[2]}/{i}"): i, ("state", ""): [sys.argv[2], i]}
    print(store.put("A", entries, {"answer": 100_000}), flush=True)
"""


def writer(where: str, name: str, times: int) -> subprocess.Popen[str]:
    """A process that puts, and says what it has put."""
    command = [sys.executable, "-c", WRITER, where, name, str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_the_same_room(where: str, store: Store) -> None:
    store.create("A", {}, LATER)
    first = store.changes("A", 0)[0]
    writers = [writer(where, name, 150) for name in ("one", "two")]
    said = [process.communicate(timeout=120)[0].split() for process in writers]
    assert [process.returncode for process in writers] == [0, 0]
    assert sorted(map(int, said[0] + said[1])) == list(range(first + 1, first + 301))
    revision, entries = store.changes("A", 0)
    assert revision == first + 300
    assert sum(kind == "answer" for kind, _ in entries) == 300


def test_a_writer_that_is_killed_has_lost_nothing(where: str, store: Store) -> None:
    store.create("A", {}, LATER)
    first = store.changes("A", 0)[0]
    for name in ("one", "two", "three"):
        with writer(where, name, 100_000) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(100)]
            process.send_signal(signal.SIGKILL)
            said += [line for line in process.stdout if line.endswith("\n")]
        revision, entries = store.changes("A", 0)
        assert int(said[-1]) <= revision <= int(said[-1]) + 1
        kept = sorted(
            value for (kind, key), value in entries.items() if kind == "answer" and key.startswith(f"{name}/")
        )
        assert kept == list(range(len(kept))) and len(said) <= len(kept) <= len(said) + 1
        assert entries[STATE] == [name, kept[-1]]  # both entries of a put, or none
    assert store.put("A", {STATE: 1}) > first + 300
