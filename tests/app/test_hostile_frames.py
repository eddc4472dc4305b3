"""Hostile frames: every component of a real page takes them, or refuses them in one line of the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest import mock

import pytest
from bokeh.document import Document
from hypothesis import example, given
from hypothesis import strategies as st
from panel.io.state import set_curdoc

from app import compile_ahead
from app.client.channel import LOGGED, Channel
from app.client.frames import DEEPEST, LARGEST, BadFrame, checked, read
from app.client.rows import Rows
from app.mystery import seal
from app.page.entering import Entering
from app.page.workbench import Workbench
from app.run.live import Live
from app.session.share import to_dict
from tests.app.server import in_session
from tests.hostile import FOREIGN, JSON_EXTREME, LONGEST, QUICK, Given, fault, nested, plain, thorough

Frame = dict[str, Any]
ANY: Frame = {
    **{"lesson": "rheobase", "step": 0, "ask": "a", "answer": 1.0, "on": True, "pattern": "tonic", "rate": 1.0},
    **{"sketch": [[0, 0]], "mystery": "", "student": "a", "fresh": True, "seed": 1, "level": 1, "noise": 0.0},
    **{"budget": 3, "room": "AAAA", "key": "k", "token": "t", "name": "n", "member": "m", "text": "t", "poll": "p"},
    **{"index": 0, "at": 0, "id": "i", "choice": 0, "kind": "choice"},
}
"""What lessons, mysteries and a classroom say, all at once."""
CHANGES = {"steps": [["", "1"]], "currents": {"a": "1"}, "at": 0}
BEGIN = {"link": "1", "moves": {"config.threshold": -50.0}, "own": True, "changes": CHANGES}
SAID: dict[str, list[Frame]] = {
    "menu": [{"type": "choose", "value": "LeakySoma"}, {"type": "back"}],
    "actions": [{"go": 0}, {"key": "undo"}, {"key": "reset"}, {"key": "share"}],
    "arrangement": [{"tab": 0}],
    "help": [{"ask": "fit"}, {"ask": "why"}],
    "export": [{"ask": "csv", "number": 1, "options": {"panels": ["v"]}}, {"ask": None}],
    "keeper": [{"type": "ping"}, {"type": "open", "link": "1", "opened": 1, "moves": BEGIN["moves"], "typed": True}],
    "share": [
        *({"type": kind, "link": "1"} for kind in ("open", "pin")),
        {"type": "document", "document": {"version": 1}},
        {"type": "qr", "text": "a"},
    ],
    "tour": [{"ask": "begin"}],
    "picker": [{"type": "pick", "name": "phase"}, {"type": "fit"}],
    "picture": [
        {"type": "painted", "revision": 1},
        {"type": "pass", "to": "tour", "said": {"ask": "end"}},
        {"type": "resized", "columns": 500},
        {"type": "ready", "columns": 500, "begin": BEGIN},
        {"type": "meter"},
        {"type": "remedy"},
    ],
}


@cache
def page() -> Workbench:
    """A real page that nobody looks at, and for which nothing is run."""
    with mock.patch.object(compile_ahead, "start"), set_curdoc(Document()):
        return Workbench()


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No run, no room in anybody's data folder, no key there."""
    monkeypatch.setenv(seal.VARIABLE, "a key of these tests")
    with mock.patch.object(Live, "ask"), mock.patch.object(Entering, "_aside"):
        yield


@cache
def addresses() -> list[str]:
    return list(receivers())


def receivers() -> dict[str, Any]:
    return page()._channel._receivers


def frames_of(address: str) -> list[Frame]:
    """What a page may say there."""
    component = receivers()[address]
    kind = address.split()[0]
    if isinstance(component, Rows):
        values = [{"type": "set", "values": {row["key"]: row["value"]}, "final": True} for row in component._rows]
        return [*values, {"type": "remove", "part": 0}, {"type": "turn"}, {"type": "ready"}]
    if kind in ("lessons", "mystery", "classroom"):
        return [{"type": name} | ANY for name in component.on]
    return SAID.get(kind, [{"type": "control", "key": "x", "value": 1.0}])


def said(address: str, which: int, key: int, value: Any, deep: bool) -> Frame:
    """One of those frames with another value somewhere."""
    component, frames = receivers()[address], frames_of(address)
    frame = dict(frames[which % len(frames)])
    if isinstance(component, Rows):
        frame["generation"] = component._generation
    names = [*frame, "move"]
    name = names[key % len(names)]
    inner = frame.get(name)
    if deep and isinstance(inner, dict) and inner:
        return frame | {name: {one: value for one in inner}}
    return frame | {name: value}


def survives(address: int, which: int, key: int, value: Given, deep: bool) -> None:
    name = addresses()[address % len(addresses())]
    frame = said(name, which, key, value.value, deep)
    session = page().session
    words: list[str] = []

    def pushed(rows: Rows, values: Any = None, errors: dict[str, str] | None = None) -> None:
        words.extend((errors or {}).values())

    with mock.patch.object(Rows, "push", pushed):
        try:
            receivers()[name].receive(checked(frame))
        except BadFrame as error:
            assert fault(error, (BadFrame,)) is None, error
    for said_to_a_row in words:
        assert len(said_to_a_row) < LONGEST and not FOREIGN.search(said_to_a_row), said_to_a_row
    to_dict(session)  # whatever came, there is a session that can be kept


whole = st.integers(0, 200)


@example(0, 0, 0, Given(10**400), False)
@example(0, 0, 0, Given(nested(5_000)), False)
@QUICK
@given(whole, whole, whole, plain, st.booleans())
def test_a_page_survives_what_is_said_to_it(address: int, which: int, key: int, value: Given, deep: bool) -> None:
    survives(address, which, key, value, deep)


@pytest.mark.thorough
@thorough(6_000)
@given(whole, whole, whole, plain, st.booleans())
def test_six_thousand_frames(address: int, which: int, key: int, value: Given, deep: bool) -> None:
    survives(address, which, key, value, deep)


@pytest.mark.parametrize("which", range(len(JSON_EXTREME)))
def test_what_is_no_frame_of_a_page_is_refused(which: int) -> None:
    value = JSON_EXTREME[which]
    with pytest.raises(BadFrame) as refused:
        checked(value if not isinstance(value, dict) else [value])
    assert fault(refused.value, (BadFrame,)) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (LARGEST + 1, "beyond 2"),
        (float("nan"), "none: nan"),
        (float("inf"), "none: inf"),
        (nested(DEEPEST), "deep"),
        ({1: 2}, "no texts"),
        (b"a", "no JSON type"),
        ((1, 2), "no JSON type"),
    ],
)
def test_a_value_that_no_page_has(value: Any, words: str) -> None:
    with pytest.raises(BadFrame, match=words):
        checked({"value": value})
    assert checked({"value": [LARGEST, -1.5, None, True, "", {"a": []}]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 60_000, "no JSON"),
        ("[1]", "an object"),
        ('{"to": 1, "data": {}}', "'to'"),
        ('{"to": "a"}', "'data'"),
        ('{"to": "a", "data": []}', "'data'"),
        ('{"to": "a", "data": {"x": NaN}}', "none"),
        ('{"to": "a", "data": {"x": 1e999}}', "none"),
        (json.dumps({"to": "a", "data": {"x": 10**400}}), "beyond"),
        ('{"to": "a", "data": {"x": ' + "9" * 5_000 + "}}", "no JSON"),
        (b"\xff\xfe", "no JSON"),
    ],
)
def test_a_text_that_no_page_writes(text: str | bytes, words: str) -> None:
    with pytest.raises(BadFrame, match=words) as refused:
        read(text)
    assert fault(refused.value, (BadFrame,)) is None


def test_the_log_has_the_first_of_them_in_a_line_each(caplog: pytest.LogCaptureFixture) -> None:
    async def test(session: Any) -> None:
        channel = Channel(session.document)
        heard: list[Any] = []
        channel.connect("a", mock.Mock(receive=heard.append))
        for _ in range(LOGGED + 30):
            await channel.receive("{")
        await channel.receive('{"to": "a", "data": {"move": "x"}}')
        await channel.receive('{"to": "a", "data": {"move": 3}}')
        assert heard == [{"move": 3}] and channel.heard == 3 and channel.refused == LOGGED + 31

    with caplog.at_level(logging.WARNING):
        in_session(test)
    lines = [record for record in caplog.records if record.name == "app.client.channel"]
    assert len(lines) == LOGGED and all(record.exc_info is None for record in lines)
    assert lines[0].getMessage() == "refused: a frame is no JSON: '{'."
