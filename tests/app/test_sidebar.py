"""The sidebar keeps its rows and the session of one mind."""

from typing import Any

import pytest

from app.client.rows import Rows
from app.session.session import Session
from app.session.share import to_dict
from app.sidebar.sidebar import HELD, OF_LESSON, Sidebar


class Told:
    """What a sidebar's rows are told, once a page shows them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session = Session()
        self.sidebar = Sidebar(
            self.session, lambda change, *said: change(), lambda values, final: self.session.set(values)
        )
        self.sidebar.show()
        self.said: list[dict[str, Any]] = []
        monkeypatch.setattr(Rows, "is_shown", True)
        monkeypatch.setattr(Rows, "tell", lambda rows, head, body=b"": self.said.append(head))

    def move(self, key: str, value: Any, final: bool = False) -> list[dict[str, Any]]:
        """A hand moves a row; what the page is told then."""
        rows = next(rows for rows in self.sidebar.rows if key in rows.keys)
        return self.hear(rows, key, value, final)

    def hear(self, rows: Rows, key: str, value: Any, final: bool) -> list[dict[str, Any]]:
        self.said.clear()
        generation = rows._generation
        rows.hear({"type": "set", "generation": generation, "values": {key: value}, "final": final})
        return self.said


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(monkeypatch)


def test_the_box_says_what_onset_and_duration_do(told: Told) -> None:
    end, duration, onset = (f"stimulus.0.{name}" for name in ("until_end", "duration", "onset"))
    (said,) = told.move(end, True, True)
    assert said["values"] == {duration: 900.0}
    (said,) = told.move(duration, 500.0)
    assert said["values"] == {end: False}
    assert told.move(duration, 600.0) == []  # nothing is said under the hand that is known
    (said,) = told.move(onset, 400.0)
    assert said["values"] == {end: True}
    assert told.move("run.duration", 2000.0)[0]["values"] == {duration: 1600.0}
    for rows in told.sidebar.foreseen:
        assert all(told.session.get(key) == value for key, value in rows.values.items())


def test_a_box_that_cannot_be_left_stays(told: Told) -> None:
    told.move("stimulus.0.onset", 1000.0, True)
    (said,) = told.move("stimulus.0.until_end", False, True)
    assert said["values"] == {"stimulus.0.until_end": True, "stimulus.0.duration": 0.0}
    assert told.sidebar.foreseen[1].values["stimulus.0.until_end"] is True


def test_times_are_shown_to_the_end_of_the_run_once_the_hand_lets_go(told: Told) -> None:
    (said,) = told.move("run.duration", 2000.0)
    assert "rows" not in said  # only the duration that goes on with it
    told.move("run.duration", 2000.0, True)
    rows = {row["key"]: row for row in next(head["rows"] for head in told.said if "rows" in head)}
    assert rows["stimulus.0.onset"]["max"] == rows["stimulus.0.duration"]["max"] == 2000.0


def test_what_is_refused_from_a_plot_leaves_the_row_where_the_run_is(told: Told) -> None:
    told.said.clear()
    told.sidebar.set({"config.potential_tau": -5.0}, True)
    (said,) = told.said
    assert said["kept"] == {"config.potential_tau": 10.0} and said["errors"].keys() == said["kept"].keys()
    told.said.clear()
    told.sidebar.set({"config.potential_tau": 12.0}, True)
    (said,) = told.said
    assert said["values"] == {"config.potential_tau": 12.0}


def test_what_is_locked_stays_whoever_sets_it_and_says_why(told: Told) -> None:
    path = "config.potential_tau"
    told.sidebar.limit(None, [path])
    rows = {row["key"]: row for head in told.said for row in head.get("rows", ())}
    assert rows[path]["locked"] == HELD and "locked" not in rows["config.resistance"]
    told.said.clear()
    told.sidebar.set({path: 33.0, "config.resistance": 0.05}, True)
    assert told.session.get(path) == 10.0 and told.session.get("config.resistance") == 0.05
    assert {path: HELD} in [head.get("errors") for head in told.said]
    told.sidebar.limit(None)
    told.sidebar.set({path: 33.0}, True)
    assert told.session.get(path) == 33.0


def test_the_preset_says_whose_values_they_are(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[str, Any] = {}
    monkeypatch.setattr(told.sidebar._preset, "show", lambda **changes: said.update(changes))
    told.session.set({"config.potential_tau": 20.0})
    back: list[str] = []
    told.sidebar.belong(to_dict(told.session), lambda: back.append("lesson"))
    assert said == {"own": OF_LESSON, "modified": False}
    told.session.set({"config.potential_tau": 21.0})
    told.sidebar.depart(True)
    assert said == {"own": OF_LESSON, "modified": True}
    told.sidebar._back()
    assert back == ["lesson"] and told.session.get("config.potential_tau") == 21.0
    told.sidebar.belong(None)
    assert said == {"own": None, "modified": True}
    told.sidebar._back()
    assert told.session.get("config.potential_tau") == 10.0


def test_another_duration_of_the_run_leaves_the_stimulus_its_stars(told: Told) -> None:
    said = told.move("run.duration", 2000.0, True)
    (rows,) = [one["rows"] for one in said if any(row["key"].startswith("stimulus") for row in one.get("rows", []))]
    assert [row["key"] for row in rows if row.get("star", {}).get("own")] == ["stimulus.0.amplitude"]
