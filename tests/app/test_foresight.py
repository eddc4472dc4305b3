"""When the future of the sliders is computed and shown: once the hand rests, and never for what nobody wants."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from app.client.rows import Rows
from app.foresight import foresight
from app.foresight.batch import Neuron, Plan
from app.foresight.foresight import Foresight
from app.foresight.sweeps import Track
from app.run.pipeline import Drawn
from app.session.session import Session
from app.sidebar.row_specs import model_rows, stimulus_rows
from spark.analysis import Sensitivity


class Aside:
    """The executor, turned by hand."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], Any]] = []

    def submit(self, work: Callable[..., Any], *args: Any) -> None:
        self.waiting.append(lambda: work(*args))

    def turn(self) -> None:
        self.waiting.pop(0)()


class Loop:
    """A session's turns, carried out by hand."""

    def __init__(self) -> None:
        self.timers: list[Callable[[], None]] = []

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        callback()

    def add_timeout_callback(self, callback: Callable[[], None], milliseconds: int) -> None:
        self.timers.append(callback)

    def rest(self) -> None:
        timers, self.timers = self.timers, []
        for timer in timers:
            timer()


class Told(Rows):
    """Rows that note what they tell."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(foresight=True)
        self.said: list[tuple[dict[str, Any], bytes]] = []
        self.rebuild(rows)

    def tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        self.said.append((head, data))


class Bench:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session = Session()
        self.loop, self.aside, self.ask = Loop(), Aside(), 0
        self.ran: list[Neuron] = []
        self.rows = [Told(model_rows(self.session)), Told(stimulus_rows(self.session))]
        self.go_on: Callable[[], None] = lambda: None
        monkeypatch.setattr(foresight, "ASIDE", self.aside)
        self.foresight = Foresight(cast(Any, self.loop), self.rows)
        monkeypatch.setattr(foresight, "foresee", self.foresee)

    def foresee(self, neuron: Neuron, spans: Any, steps: Any, how: Plan, progress: Callable[[float], object]) -> Any:
        self.ran.append(neuron)
        self.go_on()
        progress(0.5)
        step = Sensitivity(1.0, 1.0, "both", 1.0, None, 1.0, True)
        return {path: Track(span, np.ones(3), ["tonic"] * 3, [], step) for path, span in spans.items()}

    def picture(self, new: bool = True, resting: bool = True, **values: Any) -> None:
        self.session.set({key.replace("__", "."): value for key, value in values.items()})
        self.ask += new
        if new:
            self.foresight.outdate()
        request = SimpleNamespace(ask=self.ask, job=self.session.job())
        self.foresight.follow(cast(Drawn, SimpleNamespace(request=request)), resting)

    @property
    def strips(self) -> int:
        """Strips that were sent last."""
        return sum(len((rows._foresight[0] or {}).get("tracks", {})) for rows in self.rows)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_it_is_computed_when_the_hand_rests(bench: Bench) -> None:
    bench.picture()
    assert not bench.aside.waiting
    bench.loop.rest()
    bench.aside.turn()
    assert bench.strips == 8
    head, data = bench.rows[0].said[-1]
    assert len(data) == 5 * 3 * 4 and set(head["foresight"]["tracks"]) == bench.rows[0].keys
    assert not bench.rows[1].said[-1][0]["foresight"]["key"]  # one key is enough
    bench.picture(new=False)  # drawn again: nothing new
    bench.loop.rest()
    assert not bench.aside.waiting


def test_nothing_is_computed_while_the_session_is_busy_or_a_newer_run_is_shown(bench: Bench) -> None:
    bench.picture(resting=False)
    bench.loop.rest()
    assert not bench.aside.waiting
    bench.picture()
    bench.picture(config__threshold=-50.0)
    bench.loop.rest()
    assert len(bench.aside.waiting) == 1
    bench.aside.turn()
    assert [neuron.values["config.threshold"] for neuron in bench.ran] == [-50.0]


def test_what_is_stale_is_ended_and_not_shown_and_at_most_one_is_under_way(bench: Bench) -> None:
    bench.picture()
    bench.loop.rest()
    bench.picture(config__threshold=-50.0)
    bench.loop.rest()
    bench.picture(config__threshold=-51.0)
    bench.loop.rest()
    assert len(bench.aside.waiting) == 1
    bench.aside.turn()  # stale before it began
    assert not bench.ran and bench.strips == 0 and len(bench.aside.waiting) == 1

    def move() -> None:
        bench.go_on = lambda: None
        bench.picture(config__threshold=-52.0)

    bench.go_on = move
    bench.aside.turn()  # and stale while it ran
    assert len(bench.ran) == 1 and bench.strips == 0
    bench.loop.rest()
    bench.aside.turn()
    assert bench.ran[-1].values["config.threshold"] == -52.0 and bench.strips == 8


def test_a_slider_that_moves_alone_keeps_its_strip(bench: Bench) -> None:
    bench.picture()
    bench.loop.rest()
    bench.aside.turn()
    bench.picture(config__threshold=-50.0)
    assert bench.rows[0].said[-1][0] == {"doubt": True, "keep": "config.threshold"}
    bench.picture(config__threshold=-51.0)
    said = len(bench.rows[0].said)
    bench.picture(config__threshold=-52.0)
    assert len(bench.rows[0].said) == said  # told once
    bench.picture(config__potential_rest=-60.0)
    assert bench.rows[0].said[-1][0] == {"doubt": True, "keep": None}
    bench.picture(config__threshold=-55.0, config__potential_rest=-70.0)  # as it was
    assert bench.rows[0].said[-1][0] == {"doubt": False, "keep": None}
    bench.loop.rest()
    assert not bench.aside.waiting


def test_rows_that_are_built_anew_are_told_again(bench: Bench) -> None:
    bench.picture()
    bench.loop.rest()
    bench.aside.turn()
    bench.rows[0].rebuild([row | {"default": row["default"] + 1} for row in model_rows(bench.session)])
    assert bench.strips == 3
    bench.picture()
    assert bench.strips == 8 and len(bench.ran) == 1
    bench.rows[0].tell_again()  # a connection was
    assert bench.rows[0].said[-1][0]["foresight"]["tracks"]


def test_sliders_in_other_words_are_told_of_anew(bench: Bench) -> None:
    bench.picture()
    bench.loop.rest()
    bench.aside.turn()
    bench.session.show_capacitance(True)
    bench.rows[0].rebuild(model_rows(bench.session))
    bench.picture()
    bench.loop.rest()
    bench.aside.turn()
    assert bench.strips == 8 and len(bench.ran) == 2
    tracks = bench.rows[0].said[-1][0]["foresight"]["tracks"]
    assert {"membrane.capacitance", "membrane.leak_conductance"} <= set(tracks) == bench.rows[0].keys
    bench.picture(membrane__leak_conductance=30.0)  # which moves the time constant as well
    assert bench.rows[0].said[-1][0] == {"doubt": True, "keep": "membrane.leak_conductance"}
    bench.picture(membrane__capacitance=300.0)
    assert bench.rows[0].said[-1][0] == {"doubt": True, "keep": None}


def test_switched_off_it_shows_and_computes_nothing(bench: Bench) -> None:
    bench.picture()
    bench.loop.rest()
    bench.aside.turn()
    bench.foresight.switch(False)
    assert all(rows.said[-1][0]["foresight"] is None for rows in bench.rows)
    bench.picture(config__threshold=-50.0)
    bench.loop.rest()
    assert not bench.aside.waiting and len(bench.ran) == 1
    bench.foresight.switch(True)
    bench.loop.rest()
    bench.aside.turn()
    assert bench.strips == 8 and len(bench.ran) == 2


def test_too_large_a_run_is_left_alone_and_said(bench: Bench) -> None:
    bench.picture(config__dt=0.005)
    bench.loop.rest()
    assert not bench.aside.waiting and not bench.ran
    assert "No foresight: 200,000 steps" in bench.rows[0].said[-1][0]["foresight"]["note"]


def test_the_theme_sends_other_colours(bench: Bench) -> None:
    bench.picture()
    bench.loop.rest()
    bench.aside.turn()
    light = bench.rows[0].said[-1][1]
    bench.foresight.recolour(True)
    assert bench.rows[0].said[-1][1] != light and len(bench.rows[0].said[-1][1]) == len(light)
