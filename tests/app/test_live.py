"""The loop from a change to a painted picture, with a document whose event loop is turned by hand."""

import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app import live
from app.live import Live

PATIENCE = 30


class Document:
    """Collects callbacks of worker threads; `turn` runs one on the test's thread, as an event loop would."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[Callable[[], None]] = queue.Queue()
        self.timers: list[tuple[Callable[[], None], int]] = []

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self.waiting.put(callback)

    def add_timeout_callback(self, callback: Callable[[], None], milliseconds: int) -> None:
        self.timers.append((callback, milliseconds))

    def turn(self) -> None:
        self.waiting.get(timeout=PATIENCE)()


class Bench:
    """A loop with everything that it says."""

    def __init__(self) -> None:
        self.doc = Document()
        self.shown: list[tuple[int, Any]] = []
        self.errors: list[str] = []
        self.started: list[Any] = []
        self.live = Live(self.doc, lambda n, r: self.shown.append((n, r)), lambda e: self.errors.append(str(e)))
        self.gate = threading.Event()
        self.began = threading.Event()

    def ask(self, name: Any, wait: bool = False, error: str = "", done: float = 1.0) -> None:
        """Work that tells of being `done` in part when the gate is opened (at once without `wait`)."""

        def work(go_on: Callable[[float], None]) -> Any:
            self.started.append(name)
            self.began.set()
            if wait:
                assert self.gate.wait(PATIENCE)
            go_on(done)
            if error:
                raise ValueError(error)
            return name

        self.live.ask(work)

    @property
    def results(self) -> list[Any]:
        return [result for _, result in self.shown]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_one_ask_is_shown(bench: Bench) -> None:
    bench.ask("a")
    assert bench.live.busy
    bench.doc.turn()
    assert bench.shown == [(1, "a")] and not bench.live.busy


def test_only_the_newest_of_many_runs(bench: Bench) -> None:
    bench.ask("first", wait=True)
    assert bench.began.wait(PATIENCE)
    for i in range(50):
        bench.ask(i)
    assert bench.started == ["first"]  # never two at a time
    bench.gate.set()
    bench.doc.turn()
    bench.live.painted(1)
    bench.doc.turn()
    assert bench.started == ["first", 49]
    assert bench.shown == [(1, "first"), (2, 49)]
    assert bench.doc.waiting.empty() and not bench.live.busy


def start(bench: Bench, name: str, done: float) -> None:
    """Begin a run that stands still."""
    bench.began.clear()
    bench.gate.clear()
    bench.ask(name, wait=True, done=done)
    assert bench.began.wait(PATIENCE)


def test_stale_work_is_cut_short_but_never_twice_in_a_row(bench: Bench) -> None:
    start(bench, "a", done=0.2)
    bench.ask("b", wait=True, done=0.2)  # a is stale now
    bench.began.clear()
    bench.gate.set()
    bench.doc.turn()
    assert bench.began.wait(PATIENCE) and bench.started == ["a", "b"] and not bench.shown and not bench.errors
    bench.ask("c")  # b is stale, but the run before it was cut already
    bench.doc.turn()
    assert bench.results == ["b"]
    bench.doc.turn()
    bench.live.painted(1)
    assert bench.results == ["b", "c"]


def test_work_that_is_half_done_or_newest_is_not_cut(bench: Bench) -> None:
    start(bench, "a", done=0.5)
    bench.ask("b", done=0.1)
    bench.gate.set()
    bench.doc.turn()
    bench.doc.turn()
    bench.live.painted(1)
    assert bench.results == ["a", "b"]


def test_at_most_one_unpainted_picture(bench: Bench) -> None:
    bench.ask("a")
    bench.doc.turn()
    bench.ask("b")
    bench.doc.turn()
    bench.ask("c")
    assert bench.results == ["a"]  # b is done, but the page has not painted a
    assert bench.started == ["a", "b"]  # and nothing runs ahead of what can be shown
    bench.live.painted(1)
    assert bench.results == ["a", "b"]
    bench.doc.turn()
    assert bench.results == ["a", "b"]
    bench.live.painted(2)
    assert bench.results == ["a", "b", "c"]


def test_an_old_acknowledgement_does_not_count(bench: Bench) -> None:
    bench.ask("a")
    bench.doc.turn()
    bench.live.painted(1)
    bench.ask("b")
    bench.doc.turn()
    bench.ask("c")
    bench.doc.turn()
    bench.live.painted(1)
    assert bench.results == ["a", "b"]
    bench.live.painted(2)
    assert bench.results == ["a", "b", "c"]


def test_a_lost_acknowledgement(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.ask("a")
    bench.doc.turn()
    monkeypatch.setattr(live, "UNPAINTED_AFTER", -1.0)
    bench.ask("b")
    bench.doc.turn()
    assert bench.results == ["a", "b"]


def test_the_last_picture_comes_though_nothing_else_happens(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        bench.ask(name)
        bench.doc.turn()
    assert bench.results == ["a"]  # its acknowledgement never comes, and nobody asks again
    ((look_again, milliseconds),) = bench.doc.timers
    assert milliseconds > 1000 * live.UNPAINTED_AFTER
    monkeypatch.setattr(live, "UNPAINTED_AFTER", -1.0)
    look_again()
    assert bench.results == ["a", "b"]


def test_a_new_page_owes_nothing(bench: Bench) -> None:
    bench.ask("a")
    bench.doc.turn()
    bench.ask("b")
    bench.doc.turn()
    assert bench.results == ["a"]
    bench.live.restart()
    assert bench.results == ["a", "b"]


def test_a_failure_is_told_and_the_loop_goes_on(bench: Bench) -> None:
    bench.ask("a", error="too large")
    bench.doc.turn()
    assert bench.errors == ["too large"] and bench.shown == [] and not bench.live.busy
    bench.ask("b")
    bench.doc.turn()
    assert bench.results == ["b"] and bench.errors == ["too large"]


def test_the_newest_runs_after_a_failure(bench: Bench) -> None:
    bench.ask("a", wait=True, error="no")
    assert bench.began.wait(PATIENCE)
    bench.ask("b")
    bench.gate.set()
    bench.doc.turn()
    bench.doc.turn()
    assert bench.results == ["b"]


def test_closed_during_a_run(bench: Bench) -> None:
    bench.ask("a", wait=True)
    assert bench.began.wait(PATIENCE)
    bench.ask("b")
    bench.live.close()
    bench.gate.set()
    bench.ask("c")
    live.POOL.submit(lambda: None).result(PATIENCE)
    while not bench.doc.waiting.empty():
        bench.doc.turn()
    assert bench.shown == [] and bench.errors == []
    assert bench.started == ["a"]


def test_closed_between_run_and_result() -> None:
    for error in ("", "too large"):
        bench = Bench()
        bench.ask("a", error=error)
        callback = bench.doc.waiting.get(timeout=PATIENCE)
        bench.live.close()
        callback()
        assert bench.shown == [] and bench.errors == []


def test_sessions_do_not_wait_for_each_other() -> None:
    one, other = Bench(), Bench()
    one.ask("slow", wait=True)
    assert one.began.wait(PATIENCE)
    other.ask("fast")
    other.doc.turn()
    assert other.results == ["fast"] and one.shown == []
    one.gate.set()
    one.doc.turn()
