"""Work of which only the newest counts."""

import concurrent.futures
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.run.beside import Newest
from spark.simulation import Cancelled


class Turns:
    """The event loop: `turn` carries out the next callback."""

    def __init__(self) -> None:
        self._next: queue.Queue[Callable[[], None]] = queue.Queue()
        self.results: list[Any] = []

    def soon(self, callback: Callable[[], None]) -> None:
        self._next.put(callback)

    def next(self) -> Callable[[], None]:
        return self._next.get(timeout=10)

    def turn(self) -> None:
        self.next()()

    @property
    def none(self) -> bool:
        return self._next.empty()


class Slow:
    """Work that goes on until it is let go."""

    def __init__(self, result: str) -> None:
        self.result, self.begun, self.go = result, threading.Event(), threading.Event()

    def __call__(self, stop: Callable[[], bool]) -> tuple[str, bool]:
        self.begun.set()
        assert self.go.wait(10)
        return self.result, stop()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def newest(turns: Turns) -> Iterator[Newest]:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        yield Newest(pool, turns.soon, turns.results.append)


def test_what_waits_is_replaced_and_what_is_under_way_is_told(turns: Turns, newest: Newest) -> None:
    first, second, third = map(Slow, ("first", "second", "third"))
    newest.ask(first)
    assert first.begun.wait(10)
    newest.ask(second)
    newest.ask(third)
    first.go.set()
    turns.turn()
    assert third.begun.wait(10) and not second.begun.is_set()
    third.go.set()
    turns.turn()
    assert turns.results == [("first", True), ("third", False)] and turns.none


def test_one_at_a_time(turns: Turns, newest: Newest) -> None:
    first, second = Slow("first"), Slow("second")
    newest.ask(first)
    newest.ask(second)
    assert not second.begun.wait(0.1)
    for work in (first, second):
        work.go.set()
        turns.turn()
    assert [name for name, _ in turns.results] == ["first", "second"]


@pytest.mark.parametrize("end", ["drop", "close"])
def test_what_is_dropped_is_never_begun(turns: Turns, newest: Newest, end: str) -> None:
    first, second = Slow("first"), Slow("second")
    newest.ask(first)
    newest.ask(second)
    getattr(newest, end)()
    first.go.set()
    turns.turn()
    assert not second.begun.is_set() and not turns.results
    if end == "close":
        newest.ask(second)
        assert not second.begun.wait(0.1)


@pytest.mark.parametrize("error", [RuntimeError("broken"), Cancelled()])
def test_work_that_raises_does_not_stall_what_comes_after(
    turns: Turns, newest: Newest, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(stop: Callable[[], bool]) -> None:
        raise error

    after = Slow("after")
    after.go.set()
    newest.ask(broken)
    turns.turn()
    newest.ask(after)
    turns.turn()
    assert turns.results == [("after", False)]
    assert ("broken" in caplog.text) == isinstance(error, RuntimeError)  # told, unless it was wanted
