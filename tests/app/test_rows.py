"""Rows tell the page what they show, also when it listens late."""

import json
from typing import Any

import pytest

from app.client.rows import Rows
from app.session.session import Session
from app.sidebar.row_specs import model_rows


class Told(Rows):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__(foresight=True)
        self.sent: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(json.loads(message["head"]))


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Rows that a page shows."""
    shown = Told()
    shown.rebuild(model_rows(Session()))
    monkeypatch.setattr(Rows, "is_shown", True)
    return shown


def values(head: dict[str, Any]) -> dict[str, Any]:
    return {row["key"]: row["value"] for row in head["rows"]}


def test_a_page_that_has_just_opened_is_told_nothing_twice(rows: Told) -> None:
    rows.receive({"type": "ready", "generation": 0})
    rows.foresee({"tracks": {}, "count": 0, "note": "", "key": []})
    rows.sent.clear()
    rows.receive({"type": "ready", "generation": 0})  # a hand may be moving them already
    assert [set(head) for head in rows.sent] == [{"foresight", "doubt", "keep"}]


def test_rows_that_are_shown_late_are_those_of_now(rows: Told) -> None:
    session = Session()
    session.choose_model("IzhikevichSoma")
    rows.rebuild(model_rows(session))
    rows.sent.clear()
    rows.receive({"type": "ready", "generation": -1})
    assert values(rows.sent[0]) == {row["key"]: row["value"] for row in model_rows(session)}


def test_what_was_moved_is_not_forgotten_with_a_connection(rows: Told) -> None:
    rows.receive({"type": "set", "generation": 0, "values": {"config.threshold": -48.0}, "final": True})
    rows.push({"config.potential_rest": -66.0})
    rows.tell_again()
    told = values(rows.sent[-2])  # and then what is foreseen
    assert told["config.threshold"] == -48.0 and told["config.potential_rest"] == -66.0


def test_what_was_refused_is_not_kept(rows: Told) -> None:
    rows.on_set = lambda values, final: rows.push(errors=dict.fromkeys(values, "no"))
    rows.receive({"type": "set", "generation": 0, "values": {"config.threshold": 1e9}, "final": True})
    rows.tell_again()
    assert values(rows.sent[-2])["config.threshold"] != 1e9


def test_what_is_refused_comes_with_the_value_that_is_kept(rows: Told) -> None:
    rows.receive({"type": "set", "generation": 0, "values": {"config.threshold": -48.0}, "final": True})
    rows.on_set = lambda values, final: rows.push(errors=dict.fromkeys(values, "no"))
    rows.receive({"type": "set", "generation": 0, "values": {"config.threshold": 1e9}, "final": True})
    assert rows.sent[-1]["errors"] == {"config.threshold": "no"} and rows.sent[-1]["kept"] == {
        "config.threshold": -48.0
    }


def test_the_same_rows_with_other_values_are_not_built_again(rows: Told) -> None:
    rows.receive({"type": "set", "generation": 0, "values": {"config.threshold": -48.0}, "final": True})
    rows.rebuild(model_rows(Session()))
    assert set(rows.sent[-1]) == {"generation", "values"}
    assert rows.sent[-1]["values"] == {row["key"]: row["value"] for row in model_rows(Session())}
