"""From a change of the session to what is shown of it: one run each, after the whole change, and all who follow it."""

import queue
import threading
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from bokeh.models import Range1d

from app.client.picture import Picture, Sources
from app.page import screen
from app.page.screen import CANCELLED, Screen
from app.run.follower import Follower
from app.run.held import Held
from app.run.pipeline import Drawn, Request
from app.run.shot import Shot
from app.session import share
from app.session.session import Session
from spark import stimuli
from spark.presets import presets
from spark.simulation import Cancelled
from spark.simulation.diverged import TooLong


class Turns:
    """The session's event loop, turned by hand."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[Callable[[], None]] = queue.Queue()

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self.waiting.put(callback)

    def add_timeout_callback(self, callback: Callable[[], None], milliseconds: int) -> None:
        """Nobody waits so long here."""

    def turn(self) -> None:
        self.waiting.get(timeout=30)()


class Told(Picture):
    """A picture that notes what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[dict[str, Any]] = []

    def tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        self.said.append(head)


class Noted(Follower):
    """A follower that notes what it is told."""

    def __init__(self, turns: Turns) -> None:
        super().__init__(cast(Any, turns), 1.0)
        self.heard: list[Any] = []

    def outdate(self) -> None:
        self.heard.append("outdated")

    def sources(self, drawn: Drawn) -> Sources:
        return {"spark:beside": {"x": np.arange(3.0)}}

    def follow(self, drawn: Drawn, resting: bool) -> None:
        self.heard.append((drawn.request.ask, resting))

    def doubt(self) -> None:
        self.heard.append("doubted")


class Bench:
    """A screen, with runs that do nothing."""

    def __init__(self) -> None:
        self.session, self.turns, self.picture = Session(), Turns(), Told()
        self.follower = Noted(self.turns)
        self.asked: list[Request] = []
        self.error: Exception | None = None
        self.began, self.gate = threading.Event(), threading.Event()
        self.gate.set()
        duration = self.session.settings.duration
        time = Range1d(0, duration, bounds=(0, duration))
        self.screen = Screen(
            self.session, self.picture, time, cast(Any, self.draw), cast(Any, self.turns), [self.follower]
        )
        self.recording = self.session.job().run()

    def draw(self, request: Request, progress: Callable[[float], object]) -> Drawn:
        self.asked.append(request)
        self.began.set()
        assert self.gate.wait(30)
        error, self.error = self.error, None  # once: what is drawn again is drawn before a test could say so
        if error is not None:
            raise error
        return Drawn(request, Shot(self.recording, *request.visible, 1), {}, {}, [], 0.0)

    def shown(self) -> None:
        """The run is done, and the page has painted it."""
        self.turns.turn()
        revision = [head["revision"] for head in self.picture.said if "revision" in head][-1]
        self.picture.receive({"type": "painted", "revision": revision})


@pytest.fixture
def bench() -> Bench:
    return Bench()


CHANGES: dict[str, Callable[[Session], None]] = {
    "model": lambda s: s.choose_model("IzhikevichSoma"),
    "preset": lambda s: s.choose_preset(next(iter(presets()))),
    "stimulus": lambda s: s.choose_stimulus(stimuli.Sine),
    "add": lambda s: s.add_stimulus(stimuli.Sine),
    "remove": lambda s: s.remove_stimulus(0),
    "reset": lambda s: s.reset(),
    "no preset": lambda s: s.leave_preset(),
}
VALUES: dict[str, dict[str, Any]] = {
    "value": {"config.threshold": -50.0},
    "several values": {"config.threshold": -50.0, "run.units": 3, "stimulus.0.amplitude": 1.0},
    "spread": {"spread.threshold": 1.0, "run.units": 2},
}


def assert_run_once(bench: Bench) -> None:
    bench.shown()
    assert len(bench.asked) == 1 == bench.screen.asked
    now, ran = bench.session.job(), bench.asked[0].job
    assert type(ran.soma) is type(now.soma) and ran.soma.config == now.soma.config  # the whole change
    assert ran.stimulus == now.stimulus and (ran.units, ran.steps) == (now.units, now.steps)
    assert bench.follower.heard == ["outdated", (1, True)]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_run_once(bench: Bench, change: Callable[[Session], None]) -> None:
    bench.session.add_stimulus(stimuli.Ramp)
    assert bench.screen.carry_out(lambda: change(bench.session))
    assert_run_once(bench)


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_a_move_is_run_once(bench: Bench, values: dict[str, Any]) -> None:
    bench.screen.move(values, False)
    assert_run_once(bench)


def test_another_initial_state_is_run_once(bench: Bench) -> None:
    bench.screen.start_from({"potential": -60.0})
    assert_run_once(bench)
    assert bench.asked[0].job.initial == {"potential": -60.0}


def test_a_refused_change_runs_nothing(bench: Bench) -> None:
    before = share.to_dict(bench.session)
    with pytest.raises(ValueError, match="greater than 0 ms"):
        bench.screen.move({"config.potential_tau": -1.0}, True)
    assert not bench.screen.carry_out(lambda: bench.session.choose_preset("nothing"))
    assert "nothing" in bench.picture.said[-1]["line"]["error"]
    assert not bench.screen.asked and bench.follower.heard == [] and share.to_dict(bench.session) == before


def test_what_followers_add_goes_with_the_picture(bench: Bench) -> None:
    bench.screen.move({"config.threshold": -50.0}, False)
    bench.shown()
    assert [head["layout"].keys() for head in bench.picture.said if "revision" in head] == [{"spark:beside"}]


def test_a_hand_that_lets_go_of_what_is_shown_runs_nothing_more(bench: Bench) -> None:
    bench.screen.move({"config.threshold": -50.0}, False)
    bench.shown()
    bench.screen.move({"config.threshold": -50.0}, True)
    assert bench.screen.asked == 1


@pytest.mark.parametrize("error", [ValueError("this cannot be"), FloatingPointError("it grows"), Cancelled()])
def test_a_run_that_is_not_shown_leaves_what_is_and_doubts_it(bench: Bench, error: Exception) -> None:
    bench.screen.move({"config.threshold": -50.0}, False)
    bench.shown()
    bench.error = error
    bench.began.clear()
    bench.gate.clear()
    bench.screen.move({"config.threshold": -51.0}, False)
    assert bench.began.wait(30)
    if isinstance(error, Cancelled):
        bench.picture.receive({"type": "cancel"})
    bench.gate.set()
    bench.turns.turn()
    said = bench.picture.said[-1]["line"]
    assert said["note"] == CANCELLED if isinstance(error, Cancelled) else said["error"].startswith(str(error))
    bench.shown()  # drawn again, as it was
    assert bench.screen.recording is bench.recording
    assert bench.follower.heard == ["outdated", (1, True), "outdated", "doubted", "doubted", (1, True)]


@pytest.mark.parametrize("error", [ValueError("this cannot be"), Cancelled()])
def test_only_a_picture_of_what_is_chosen_is_let_out(bench: Bench, error: Exception) -> None:
    assert bench.screen.drawn is None
    bench.screen.move({"config.threshold": -50.0}, False)
    assert bench.screen.drawn is None
    bench.shown()
    assert (
        bench.screen.drawn is not None and bench.screen.drawn.request.job.soma.config == bench.session.job().soma.config
    )
    bench.error = error
    bench.began.clear()
    bench.gate.clear()
    bench.screen.move({"config.threshold": -51.0}, False)
    assert bench.screen.drawn is None and bench.began.wait(30)
    if isinstance(error, Cancelled):
        bench.picture.receive({"type": "cancel"})
    bench.gate.set()
    bench.turns.turn()
    bench.shown()  # drawn again, as it was
    assert bench.screen.recording is bench.recording and bench.screen.drawn is None
    bench.screen.move({"config.threshold": -52.0}, True)
    bench.shown()
    assert bench.screen.drawn is not None
    bench.screen.move({"config.potential_reset": -40.0}, False)  # above the threshold: kept, and not run
    assert bench.screen.drawn is None


def begin(bench: Bench) -> None:
    """A run is under way, and another waits for it."""
    bench.gate.clear()
    bench.screen.move({"config.threshold": -50.0}, False)
    assert bench.began.wait(30)
    bench.screen.move({"config.threshold": -51.0}, False)


def test_a_run_that_is_done_before_it_could_be_cancelled_is_shown_and_doubted(bench: Bench) -> None:
    begin(bench)
    bench.picture.receive({"type": "cancel"})
    bench.gate.set()
    bench.shown()
    assert bench.follower.heard == ["outdated", "outdated", "doubted", (1, True)]
    assert bench.picture.said[-1]["line"]["note"] == CANCELLED


def test_a_run_whose_successor_is_refused_is_shown_and_doubted(bench: Bench) -> None:
    begin(bench)
    bench.screen.move({"config.potential_reset": -40.0}, False)  # above the threshold: kept, and not run
    bench.gate.set()
    bench.shown()
    assert bench.follower.heard == ["outdated", "outdated", "doubted", (1, True)]
    said = bench.picture.said[-1]["line"]
    assert "must stay below" in said["error"] and said["note"] is None


def test_a_follower_that_fails_keeps_nobody_from_the_next_picture(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **given: Any) -> Any:
        raise RuntimeError("broken")

    for name in ("outdate", "sources", "follow"):
        monkeypatch.setattr(bench.follower, name, broken)
    for threshold in (-50.0, -51.0):
        bench.screen.move({"config.threshold": threshold}, False)
        bench.shown()
    assert len(bench.asked) == 2 and "broken" in caplog.text


def test_what_mends_a_failed_run_is_a_button(bench: Bench) -> None:
    """It sets values as a hand does, and goes when the next picture comes."""
    mended: list[dict[str, Any]] = []
    bench.picture.on_remedy = mended.append
    bench.picture.receive({"type": "remedy"})
    assert not mended  # nothing has failed
    bench.error = TooLong("dt = -5 ms is too long.", 4.17)
    bench.screen.carry_out(lambda: bench.session.choose_model("IzhikevichSoma"))
    bench.turns.turn()
    said = bench.picture.said[-1]["line"]
    assert said["error"] == "dt = −5 ms is too long."  # with a typographic minus
    assert said["remedy"]["label"] == "Use a time step of 0.1 ms"
    bench.picture.receive({"type": "remedy"})
    assert mended == [{"config.dt": 0.1}]
    bench.screen.move({"stimulus.0.amplitude": 1.0}, True)
    bench.shown()
    line = next(head["line"] for head in reversed(bench.picture.said) if "revision" in head)
    assert line["error"] is None and not bench.picture._line.get("remedy")


def test_a_sentence_of_its_own_only_for_what_is_untouched(bench: Bench) -> None:
    bench.screen.carry_out(lambda: bench.session.choose_preset("naud2008_tonic"))
    bench.shown()
    assert bench.asked[-1].about == presets()["naud2008_tonic"].shows and bench.asked[-1].expected == ("tonic",)
    bench.screen.move({"stimulus.0.amplitude": 300.0}, True)
    bench.shown()
    assert bench.asked[-1].about == ""


def test_a_run_that_finds_no_memory_is_refused_and_the_one_before_stays(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Held(40_000_000)
    monkeypatch.setattr(screen, "held", lambda: own)
    bench.screen.move({"config.threshold": -50.0}, True)
    bench.shown()
    before = own.bytes
    bench.screen.move({"run.duration": 100_000.0}, True)  # 20 MB: more than a fourth
    assert "10 MB for one visitor" in bench.picture.said[-1]["line"]["error"]
    assert len(bench.asked) == 1 and bench.screen.recording is bench.recording
    assert own.bytes == before > 0
    bench.screen.close()
    assert own.bytes == 0
