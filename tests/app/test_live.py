"""The loop from a change to a painted picture, with a document whose event loop is turned by hand."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app import app_hooks
from app.run import live, pools
from app.run import progress as pace
from app.run.live import Live

PATIENCE = 30
LONG = 1.0


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
    pools.POOL.submit(lambda: None).result(PATIENCE)
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


class Clock:
    """Stands for the module `time` in `app.pace`."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    return clock


class Told:
    """What a loop tells of a run, and work that goes on in known steps of time."""

    def __init__(self, bench: Bench, clock: Clock) -> None:
        self.bench, self.clock = bench, clock
        self.heard: list[tuple[float | None, float | None]] = []
        self.stopped = 0
        bench.live.on_progress = lambda done, left: self.heard.append((done, left))
        bench.live.on_stopped = self._stop

    def _stop(self) -> None:
        self.stopped += 1

    def run(self, *marks: tuple[float, float]) -> None:
        """Work that has come so far at these times."""

        def work(go_on: Callable[[float], None]) -> str:
            for now, done in marks:
                self.clock.now = 100.0 + now
                go_on(done)
            return "done"

        self.bench.live.ask(work, LONG)

    def turn_all(self) -> None:
        for pool in (pools.POOL, pools.LONG):
            pool.submit(lambda: None).result(PATIENCE)
        while self.bench.live.busy or not self.bench.doc.waiting.empty():
            self.bench.doc.turn()


@pytest.fixture
def told(bench: Bench, clock: Clock) -> Told:
    return Told(bench, clock)


def test_a_long_run_tells_how_far_it_is_ten_times_a_second(told: Told) -> None:
    told.run((0.1, 0.1), (0.3, 0.2), (0.5, 0.3), (0.55, 0.32), (0.65, 0.4), (1.0, 0.9), (1.01, 1.0))
    told.turn_all()
    done, left = zip(*told.heard, strict=True)
    assert done == (0.3, 0.4, 0.9, 1.0)
    assert left[:2] == pytest.approx((0.4 / 0.2 * 0.7, 0.55 / 0.3 * 0.6))
    assert told.bench.results == ["done"]


@pytest.mark.parametrize(
    "marks",
    [
        [(0.02, 1.0)],
        [(1.5, 0.5), (1.51, 1.0)],  # the first chunk was compiled
        [(0.1, 0.25), (0.35, 0.8), (0.45, 0.95), (0.47, 1.0)],  # it ends when a bar would appear
    ],
)
def test_a_short_run_tells_nothing(told: Told, marks: list[tuple[float, float]]) -> None:
    told.run(*marks)
    told.turn_all()
    assert told.heard == [] and told.bench.results == ["done"]


def timed(told: Told, points: list[tuple[float, float]]) -> list[float]:
    """Begin "a": after its gate it is so far (part) at such times (s). The parts at which it went on."""
    bench, reached = told.bench, list[float]()

    def work(go_on: Callable[[float], None]) -> str:
        bench.began.set()
        assert bench.gate.wait(PATIENCE)
        for now, done in points:
            told.clock.now = 100.0 + now
            go_on(done)
            reached.append(done)
        return "a"

    bench.live.ask(work)
    assert bench.began.wait(PATIENCE)
    return reached


def test_nothing_is_told_of_a_run_that_another_will_follow(told: Told) -> None:
    bench = told.bench

    timed(told, [(0.1, 0.6), (0.5, 0.8), (0.6, 0.9)])
    bench.ask("b")
    bench.gate.set()
    bench.doc.turn()
    bench.live.painted(1)
    told.turn_all()
    assert told.heard == [] and bench.results[0] == "a"


@pytest.mark.parametrize(("took", "ends"), [(2.0, True), (0.4, False)])
def test_stale_work_is_cut_whenever_its_picture_is_far(told: Told, took: float, ends: bool) -> None:
    """In its second half, or after another that was cut: what a hand waits for is a second, no more."""
    bench = told.bench
    bench.live._cut = True
    heard = timed(told, [(0.0, 0.2), (took, 0.55), (took, 0.6)])
    bench.ask("b")
    bench.gate.set()
    bench.doc.turn()
    bench.doc.turn()
    assert heard == ([0.2] if ends else [0.2, 0.55, 0.6])
    assert bench.results[0] == ("b" if ends else "a")


def test_stopped_within_a_chunk_and_the_next_runs(told: Told) -> None:
    bench = told.bench
    bench.live.stop()
    assert told.stopped == 0  # nothing ran
    start(bench, "a", done=0.9)
    bench.ask("b")
    bench.live.stop()
    assert told.stopped == 0 and bench.live.busy  # until its chunk ends
    bench.gate.set()
    bench.doc.turn()
    assert told.stopped == 1 and not bench.live.busy and not bench.live._cut
    assert bench.results == [] and bench.errors == [] and bench.started == ["a"]
    bench.ask("c")
    bench.doc.turn()
    assert bench.results == ["c"] and told.stopped == 1


def test_no_run_goes_on_when_the_server_has_ended(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ENDED", threading.Event())
    start(bench, "a", done=0.9)
    app_hooks.on_server_unloaded(None)
    bench.gate.set()
    bench.doc.turn()
    assert bench.results == [] and bench.errors == []


def test_what_is_asked_for_after_a_stop_is_shown(told: Told) -> None:
    bench = told.bench
    start(bench, "a", done=0.2)
    bench.live.stop()
    bench.ask("b")
    bench.gate.set()
    bench.doc.turn()
    bench.doc.turn()
    assert bench.results == ["b"] and told.stopped == 0


def test_a_run_that_ends_before_it_can_be_stopped_is_shown(told: Told) -> None:
    bench = told.bench
    bench.ask("a")
    callback = bench.doc.waiting.get(timeout=PATIENCE)
    bench.live.stop()
    callback()
    assert bench.results == ["a"] and told.stopped == 0
    start(bench, "b", done=0.9)  # nothing is left of it
    bench.gate.set()
    bench.live.painted(1)
    bench.doc.turn()
    assert bench.results == ["a", "b"]


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """One thread for long runs, which somebody else has until the event."""
    end = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(live, "LONG", pool)
        pool.submit(end.wait, PATIENCE)
        yield end
        end.set()


def test_a_long_run_waits_for_others_and_says_so(told: Told, crowded: threading.Event) -> None:
    bench = told.bench
    bench.live.ask(lambda go_on: "long", seconds=LONG)
    bench.doc.timers.pop()[0]()
    assert told.heard == [(None, None)]
    short = Bench()  # somebody else is not held up
    short.ask("short")
    short.doc.turn()
    pools.POOL.submit(lambda: None).result(PATIENCE)
    assert short.results == ["short"] and bench.doc.waiting.empty()
    crowded.set()
    bench.doc.turn()
    assert bench.results == ["long"]


def test_a_run_that_has_not_begun_gives_way(told: Told, crowded: threading.Event) -> None:
    bench, begun = told.bench, list[Any]()
    bench.live.ask(begun.append, seconds=LONG)
    bench.ask("short")
    bench.doc.turn()
    assert bench.results == ["short"]
    bench.live.painted(1)
    bench.live.ask(begun.append, seconds=LONG)
    bench.live.stop()
    assert told.stopped == 1 and not bench.live.busy
    bench.live.ask(begun.append, seconds=LONG)
    bench.live.close()
    crowded.set()
    pools.LONG.submit(lambda: None).result(PATIENCE)
    assert begun == []


def test_what_takes_long_is_run_among_the_long(bench: Bench) -> None:
    where = []

    def work(go_on: Callable[[float], None]) -> str:
        where.append(threading.current_thread().name.rpartition("_")[0])
        return "done"

    for seconds in (0.0, pools.QUICK_UNTIL, 0.1, pools.SHORT_UNTIL, 0.3):
        bench.live.ask(work, seconds)
        bench.doc.turn()
        bench.live.painted(len(where))
    assert where == ["spark-run", "spark-run", "spark-short", "spark-short", "spark-long"]


def test_a_run_that_takes_longer_than_was_thought_begins_anew_among_the_long(told: Told) -> None:
    bench, where = told.bench, list[str]()

    def work(go_on: Callable[[float], None]) -> str:
        where.append(threading.current_thread().name.rpartition("_")[0])
        told.clock.now = 100.0
        for now, done in ((2.0, 0.1), (2.1, 0.2), (2.3, 0.5), (2.6, 1.0)):  # the first two seconds are the compiler's
            told.clock.now = 100.0 + now
            go_on(done)
        return "done"

    bench.live.ask(work)
    told.turn_all()
    assert where == ["spark-run", "spark-long"] and bench.results == ["done"]


def test_what_happens_on_its_way_to_the_long_ones(told: Told) -> None:
    bench = told.bench

    def leave() -> Callable[[], None]:
        """A run that turns out to be long: what begins it anew."""
        told.clock.now = 100.0

        def work(go_on: Callable[[float], None]) -> None:
            for now, done in ((0.1, 0.51), (0.3, 0.6)):
                told.clock.now = 100.0 + now
                go_on(done)
            raise AssertionError("it was not ended")

        bench.live.ask(work)
        return bench.doc.waiting.get(timeout=PATIENCE)

    again = leave()
    bench.ask("newer")
    again()
    told.turn_all()
    assert bench.results == ["newer"] and not bench.errors
    bench.live.painted(1)
    again = leave()
    bench.live.stop()
    again()
    assert told.stopped == 1 and not bench.live.busy and bench.results == ["newer"]
    again = leave()
    bench.live.close()
    again()
    assert not bench.live.busy and not bench.errors


def test_threads_of_long_runs_give_way_to_others() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    usual, short, long = (pool.submit(niceness).result(PATIENCE) for pool in (pools.POOL, pools.SHORT, pools.LONG))
    assert usual == niceness() and short == min(19, usual + 5) and long == min(19, usual + 10)
