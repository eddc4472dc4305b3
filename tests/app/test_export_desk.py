"""What the export dialog asks for: everything it offers can be made, and what cannot says why."""

import io
import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import app.export.made as making
from app.client.export_dialog import ExportDialog
from app.client.turns import Turns
from app.export.desk import FAILED, UNSETTLED, Desk
from app.export.made import CODE, DATA, LIVE, MEDIA, PICTURES, WAYS, Way, made, offered
from app.export.shown import Shown
from app.run.shot import Shot
from app.session.share import from_dict, to_dict
from spark.io import read_npz
from spark.simulation import Cancelled
from tests.app.side import session_of
from tests.app.test_beside import Turns as Loop

FIGURE = {"panels": ["potential", "raster"], "width": "85", "size": 7, "format": "png", "bars": True, "caption": True}


def shown_of(name: str, **values: Any) -> Shown:
    session = session_of(name, **values)
    job = session.job()
    run = job.run()
    return Shown(Shot(run, 0.0, run.duration, 3, 1000, spread=job.spread), job, to_dict(session))


@pytest.fixture(scope="module")
def crowd() -> Shown:
    values = {"run__units": 12, "run__duration": 150.0, "spread__potential_tau": 2.0}
    return shown_of("AdaptiveExponentialSoma", **values)


class Noted(ExportDialog):
    """What it shows, written down."""

    def __init__(self) -> None:
        super().__init__(first=offered())
        self.said: list[Any] = []

    def tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        self.said.append((head, data))


class Soon(Turns):
    """Turns of a loop that a test carries out itself."""

    def __init__(self) -> None:
        self.loop = Loop()

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self.loop.soon(callback)


@pytest.mark.parametrize("what", [what for what in WAYS if what != LIVE])
def test_everything_that_is_offered_can_be_made_of_a_population(
    what: str, crowd: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "agreement", lambda soma: "measured")
    found = made(what, crowd, FIGURE)
    assert len(found.content) > 100 and found.name.startswith("spark-AdaptiveExponentialSoma-")
    assert found.kind == (MEDIA["png"] if what == "figure" else WAYS[what].kind)
    assert (found.kind == "") == (what in CODE)
    assert found.note == ("measured." if what in ("brian2", "nest") else "")
    buttons = [one["key"] for group in ("pictures", "data", "code") for one in offered()[group]]
    assert buttons == list(WAYS) == [*PICTURES, *DATA, *CODE]
    json.dumps(offered())


def test_a_live_page_is_of_one_neuron(crowd: Shown) -> None:
    with pytest.raises(ValueError, match="A live page is of one neuron: set the number of neurons to 1"):
        made(LIVE, crowd, {})


def test_a_soma_that_nobody_measured_has_no_line_of_it(crowd: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "agreement", lambda soma: None)
    assert made("brian2", crowd, {}).note == ""


def test_files_carry_the_state_that_made_them(crowd: Shown) -> None:
    read = read_npz(io.BytesIO(made("npz", crowd, {}).content))
    np.testing.assert_array_equal(read.spike_times[3], crowd.shot.recording.spike_times[3])
    assert to_dict(from_dict(json.loads(made("json", crowd, {}).content))) == crowd.state
    assert json.dumps(crowd.state) in made("traces.csv", crowd, {}).content.decode().splitlines()[0]


@pytest.mark.parametrize(
    ("what", "options", "words"),
    [
        ("figure", FIGURE | {"width": "wide"}, "The width of a figure must be a number."),
        ("figure", FIGURE | {"size": None}, "The type size of a figure must be a number."),
        ("figure", FIGURE | {"format": ["png"]}, "A figure is saved as svg, pdf, png"),
        ("figure", FIGURE | {"panels": []}, "at least one panel"),
        ("figure", {}, "The width of a figure must be a number."),
        ("../../etc/passwd", {}, "There is no export"),
    ],
)
def test_what_a_page_says_is_not_believed(what: str, options: dict[str, Any], words: str, crowd: Shown) -> None:
    with pytest.raises(ValueError, match=words):
        made(what, crowd, options)


def test_a_csv_that_would_be_too_large_is_refused(crowd: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_VALUES", 1000)
    with pytest.raises(ValueError, match=r"would hold 60,000 values, of at most 1,000: take NPZ"):
        made("traces.csv", crowd, {})


def test_the_desk_says_what_is_shown_and_hands_over_what_is_asked_for_last(
    crowd: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, begun = threading.Event(), threading.Event()

    def slow(shown: Shown, options: Any, progress: Any) -> bytes:
        begun.set()
        assert go.wait(10)
        return b"late"

    monkeypatch.setitem(WAYS, "slow", Way("slow", "", "txt", "text/plain", slow))
    turns, dialog = Soon(), Noted()
    desk = Desk(turns, dialog, lambda: crowd)
    desk.open()
    ((head, _),) = dialog.said
    assert head["open"]["panels"][0] == ("current", "current") and "12 neurons" in head["open"]["words"]
    dialog.said.clear()
    dialog.receive({"ask": "slow", "options": {}, "number": 1})
    assert begun.wait(10)
    dialog.receive({"ask": "json", "options": {}, "number": 2})
    go.set()
    turns.loop.turn()
    turns.loop.turn()
    ((head, content),) = dialog.said
    assert head["number"] == 2 and head["name"].endswith(".json") and b"AdaptiveExponentialSoma" in content
    dialog.said.clear()
    dialog.receive({"ask": "json", "number": 3})
    dialog.receive({"ask": None})
    turns.loop.turn()
    assert not dialog.said
    desk.close()


def test_what_is_cancelled_ends_and_its_worker_is_free(crowd: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended, go = threading.Event(), threading.Event(), threading.Event()

    def endless(shown: Shown, options: Any, progress: Any) -> bytes:
        try:
            for _ in range(3):
                progress(0.5)
                begun.set()
                assert go.wait(10)
        except Cancelled:
            ended.set()
            raise
        return b"nobody asked"

    monkeypatch.setitem(WAYS, "endless", Way("endless", "", "txt", "text/plain", endless))
    turns, dialog = Soon(), Noted()
    desk = Desk(turns, dialog, lambda: crowd)
    dialog.receive({"ask": "endless", "number": 1})
    assert begun.wait(10) and not ended.is_set()
    dialog.receive({"ask": None})
    go.set()
    assert ended.wait(10), "it ends when it next says how far it is"
    dialog.receive({"ask": "json", "number": 2})
    turns.loop.turn()  # the end of the first
    turns.loop.turn()
    assert [head["number"] for head, _ in dialog.said] == [2]
    desk.close()


def test_how_far_it_is_is_told_now_and_then_and_never_after_the_result(
    crowd: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(np.arange(0.0, 10.0, 0.04))
    monkeypatch.setattr("app.export.desk.monotonic", lambda: next(clock))

    def slow(shown: Shown, options: Any, progress: Any) -> bytes:
        for k in range(9):
            progress(k / 10)
        return b"made"

    monkeypatch.setitem(WAYS, "slow", Way("slow", "", "txt", "text/plain", slow))
    turns, dialog = Soon(), Noted()
    desk = Desk(turns, dialog, lambda: crowd)
    desk.ask(1, "slow", {})
    callbacks = [turns.loop.next() for _ in range(4)]
    assert not dialog.said, "everything is said on the session's own turn"
    for callback in callbacks[:2]:
        callback()
    assert [head for head, _ in dialog.said] == [{"number": 1, "part": part} for part in (0.1, 0.4)]
    callbacks[3]()  # the result, before what was told of the way to it
    callbacks[2]()
    assert "name" in dialog.said[-1][0] and len(dialog.said) == 3
    desk.close()


@pytest.mark.parametrize("what", [key for key in (*PICTURES, *DATA) if key not in (LIVE, "json")])
def test_every_file_can_be_cancelled(what: str, crowd: Shown) -> None:
    def stop(done: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        WAYS[what].make(crowd, FIGURE, stop)


def test_what_fails_is_one_sentence(
    crowd: Shown, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(shown: Shown, options: Any, progress: Any) -> bytes:
        raise RuntimeError("secrets of the server")

    monkeypatch.setitem(WAYS, "broken", Way("broken", "", "txt", "text/plain", broken))
    turns, dialog = Soon(), Noted()
    now: list[Shown | None] = [crowd]
    desk = Desk(turns, dialog, lambda: now[0])
    with caplog.at_level(logging.ERROR):
        desk.ask(1, "broken", {})
        turns.loop.turn()
    desk.ask(2, "figure", FIGURE | {"width": 1})
    turns.loop.turn()
    now[0] = None
    desk.ask(3, "json", {})
    desk.open()
    said = [head.get("error") or head["open"]["words"] for head, _ in dialog.said]
    assert said == [FAILED, "The width of a figure must be from 30 to 300 mm, not 1.", UNSETTLED, UNSETTLED]
    assert [head.get("number") for head, _ in dialog.said] == [1, 2, 3, None]
    assert "broken could not be exported" in caplog.text
