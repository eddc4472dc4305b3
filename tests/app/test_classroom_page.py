"""What the pages of a room do with one another: a teacher's and students', with turns that are taken by hand."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from app.classroom import polls
from app.classroom.hub import Hub
from app.classroom.room import Room
from app.classroom.sqlite_store import SqliteStore
from app.client.classroom import Classroom
from app.client.picture import Picture
from app.mystery.seal import VARIABLE, unseal
from app.page import mirroring
from app.page.attending import Attending
from app.page.following import Following
from app.page.lecturing import Lecturing
from app.page.measuring import OUTSIDE, RACES, Measuring
from app.page.mirroring import Frame
from app.page.predicting import Predicting
from app.page.racing import Racing, begun
from app.session.session import Session
from app.session.share import to_dict
from spark import stimuli
from tests.app.conftest import until

ROOM = {"key": "", "created": 0.0, "locked": False, "anonymous": False, "following": True}
AMPLITUDE = "stimulus.0.amplitude"
TAU = "config.potential_tau"


class Turns:
    """Turns that come when they are called for."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self.waiting.append(callback)

    def add_timeout_callback(self, callback: Callable[[], None], milliseconds: int) -> None:
        self.waiting.append(callback)

    def take(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


class Panel(Classroom):
    """A panel that notes what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        self.told.append(head)


class Told(Picture):
    """A picture that notes what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[dict[str, Any], bytes]] = []

    def tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        self.sent.append((head, data))


class Page:
    """What is around the classroom's parts, without runs."""

    def __init__(self) -> None:
        self.turns, self.session, self.panel, self.picture = Turns(), Session(), Panel(), Told()
        self.whole, self.held, self.restored = True, False, 0
        self.pushed: dict[str, Any] = {}
        self.follower: Any = None
        self.screen = SimpleNamespace(reveal=lambda: None)
        foresight = SimpleNamespace(value=True, param=SimpleNamespace(update=lambda value: None))
        self.sidebar = SimpleNamespace(foresight=foresight, push=self.pushed.update, set=self.set)
        self.explain = SimpleNamespace(opened=lambda: None, options={}, restore=self._restore, has=lambda name: False)

    def _restore(self, view: Any, options: Any) -> None:
        self.restored += 1

    def set(self, values: dict[str, Any], final: bool = False) -> None:
        self.session.set(values)
        self._changed()

    def restructure(self, change: Callable[[], None], said: str = "") -> None:
        change()
        self._changed()

    def _changed(self) -> None:
        if self.follower is not None:
            self.follower()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with closing(Hub(SqliteStore(tmp_path / "rooms.sqlite"))) as hub:
        hub.create("A", {("room", ""): ROOM})
        yield hub


class Teacher(Page):
    """A teacher's page in room A."""

    def __init__(self, hub: Hub, brought: dict[str, Any] | None = None) -> None:
        super().__init__()
        again = lambda: self.set(brought or {})  # noqa: E731
        again()
        screen = lambda: SimpleNamespace(is_whole=self.whole, is_held=self.held, reveal=lambda: None)  # noqa: E731
        shown = self.explain, self.restructure, self.picture, screen, again
        parts = (self.turns, self.session, self.panel, *shown)
        self.part = Lecturing(*cast(Any, parts))
        self.follower = self.part.outdate
        self.visit = hub.enter("A", self.turns.add_next_tick_callback, self.part.heard)
        self.part.begin(self.visit, "")

    @property
    def room(self) -> Room:
        return self.visit.room

    def shows(self) -> float:
        """What the room says that is shown."""
        self.turns.take()
        state = self.room.get("state")
        return state["document"]["stimulus"][0]["amplitude"] if state else 0.0

    def paint(self, value: float) -> None:
        """A picture goes to this page."""
        self.picture.paint(1, {"spark:a": {"x": np.full(3, value)}}, {"readouts": [value], "busy": "Simulating …"})


class Student(Page):
    """A student's page in a room that is told of by hand."""

    def __init__(self, **entries: Any) -> None:
        super().__init__()
        self.room = Room("A")
        self.fold({("room", ""): ROOM})
        shown = (self.sidebar, self.explain, self.picture, self.restructure, lambda: self.whole)
        self.part = Following(*cast(Any, (self.turns, self.session, self.panel, *shown)))
        self.follower = self.part.outdated
        self.part.begin(cast(Any, SimpleNamespace(room=self.room)), True)

    def fold(self, changed: Mapping[tuple[str, str], Any]) -> None:
        self.room.fold(self.room.revision + 1, changed)

    def hear(self, document: dict[str, Any], page: str = "t", view: str | None = None) -> None:
        state = {"document": document, "view": view, "options": {}, "final": False, "page": page}
        self.fold({("state", ""): state})
        self.part.heard()

    @property
    def amplitude(self) -> float:
        return float(self.session.get(AMPLITUDE))


def document(amplitude: float) -> dict[str, Any]:
    session = Session()
    session.set({AMPLITUDE: amplitude})
    return to_dict(session)


def frame(amplitude: float, page: str = "t", view: str | None = None, source: str = "spark:a") -> Frame:
    data = np.full(3, amplitude, "<f4").tobytes()
    return Frame(page, document(amplitude), {source: {"x": [0, 3, "f4", None]}}, {}, data, view)


@pytest.fixture
def student() -> Iterator[Student]:
    mirroring.teach("t", True)
    student = Student()
    student.hear(document(100.0))
    yield student
    student.part.close()
    mirroring.teach("t", False)


def arrays(picture: Told) -> dict[str, float]:
    """What the message that was told last has in it, by source."""
    head, data = picture.sent[-1]
    return {name: float(np.frombuffer(data, "<f4", 3, one["x"][0])[0]) for name, one in head["layout"].items()}


def test_a_slow_page_has_one_mirrored_picture_on_its_way_and_then_the_newest_of_each_array() -> None:
    picture = Told()
    assert picture.mirror(*_pictured(frame(1.0))) and arrays(picture) == {"spark:a": 1.0}
    for value in range(2, 100):
        assert not picture.mirror(*_pictured(frame(float(value))))
    assert not picture.mirror(*_pictured(frame(5.0, source="spark:b")))
    assert len(picture.sent) == 1
    picture.receive({"type": "painted", "revision": picture.sent[-1][0]["revision"]})
    assert len(picture.sent) == 2 and arrays(picture) == {"spark:a": 99.0, "spark:b": 5.0}
    assert not picture.mirror(*_pictured(frame(6.0)))
    picture.receive({"type": "painted", "revision": picture.sent[0][0]["revision"]})  # said once more
    assert len(picture.sent) == 2
    picture.receive({"type": "painted", "revision": picture.sent[-1][0]["revision"]})
    assert len(picture.sent) == 3 and arrays(picture) == {"spark:a": 6.0}


def test_a_page_shows_its_own_picture_rather_than_an_older_one_that_waits() -> None:
    picture, painted = Told(), list[int]()
    picture.on_painted = painted.append
    picture.mirror(*_pictured(frame(1.0)))
    picture.mirror(*_pictured(frame(2.0)))
    picture.paint(4, {"spark:a": {"x": np.full(3, 3.0)}}, {})
    picture.receive({"type": "painted", "revision": picture.sent[0][0]["revision"]})
    picture.receive({"type": "painted", "revision": 4})
    assert len(picture.sent) == 2 and painted == [4]
    picture.mirror(*_pictured(frame(2.0)))
    picture.tell_again()  # the connection was lost, and with it what was on its way
    assert picture.mirror(*_pictured(frame(2.0)))


def test_what_paints_nothing_is_not_waited_for() -> None:
    picture = Told()
    picture.mirror(*_pictured(frame(1.0)))
    picture.receive({"type": "painted", "revision": picture.sent[-1][0]["revision"]})
    assert picture.mirror(*_pictured(frame(1.0))) and "revision" not in picture.sent[-1][0]
    assert picture.mirror(*_pictured(frame(2.0))) and arrays(picture) == {"spark:a": 2.0}


def _pictured(one: Frame) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    return one.layout, one.line, one.data


def test_rows_follow_what_is_mirrored_and_the_run_what_rests(student: Student) -> None:
    student.hear(document(150.0))
    assert student.amplitude == 100.0
    student.part._mirror(frame(140.0))
    assert student.pushed == {AMPLITUDE: 140.0} and arrays(student.picture) == {"spark:a": 140.0}
    student.turns.take()
    assert student.amplitude == 150.0 and student.part.on


def test_a_move_is_run_once_it_rests_and_not_when_an_earlier_one_would_have(student: Student) -> None:
    student.hear(document(150.0))
    student.hear(document(160.0))
    early, late = student.turns.waiting
    student.turns.waiting.clear()
    late()
    assert student.amplitude == 160.0
    student.hear(document(170.0))
    early()
    assert student.amplitude == 160.0
    student.turns.take()
    assert student.amplitude == 170.0


def test_pictures_of_another_teachers_page_are_not_mixed_in(student: Student) -> None:
    student.part._mirror(frame(140.0, page="other"))
    assert not student.picture.sent and not student.pushed
    student.hear(document(160.0), page="other")  # which is of another process: it sends nothing here
    assert student.amplitude == 160.0


def test_a_view_that_the_page_does_not_have_is_opened_and_not_waited_for(student: Student) -> None:
    student.part._mirror(frame(140.0, view="phase"))
    assert not student.picture.sent  # the page would hold every picture back until it has these sources
    before = student.restored
    student.hear(document(100.0), view="phase")
    assert student.restored == before + 1


def test_whoever_has_explored_while_nobody_was_followed_is_taken_along_at_once(student: Student) -> None:
    student.fold({("room", ""): ROOM | {"following": False}})
    student.part.heard()
    student.set({AMPLITUDE: 7.0})
    assert student.part.on
    student.fold({("room", ""): ROOM})
    student.part.heard()
    assert student.amplitude == 100.0


class Attendant(Page):
    """A student's page with all of its parts, in room A."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        shown = (self.sidebar, self.explain, self.picture, self.restructure, lambda: self.whole)
        self.following = Following(*cast(Any, (self.turns, self.session, self.panel, *shown)))
        measuring = SimpleNamespace(experiments=SimpleNamespace(), look_again=lambda: None)
        self.racing = Racing(self.panel, cast(Any, measuring))
        self.part = Attending(cast(Any, self.turns), self.session, self.panel, self.following, self.racing)
        self.begun: list[bool] = []
        self.part.on_follow = lambda: self.begun.append(self.following.on)
        self.visit = hub.enter("A", self.turns.add_next_tick_callback, self.part.heard)
        self.part.begin(self.visit, "ada")


def test_whoever_begins_something_else_follows_no_longer(hub: Hub) -> None:
    page = Attendant(hub)
    assert page.following.on and page.begun == [False]  # a prediction that was on is ended before
    page.part.explore()
    assert not page.following.on
    until(lambda: (page.visit.room.get("values", "ada") or {}).get("following") is False)
    page.part.explore()
    page.panel.on["attach"]({"on": True})
    assert page.following.on and page.begun == [False, False]
    for k in range(101):
        page.panel.on["attach"]({"on": k % 2 == 1})
    assert page.following.on  # as often as it is said, it is done now and then
    page.turns.take()
    assert not page.following.on and len(page.begun) == 2
    page.part.close()
    assert "A" not in mirroring._pages
    page.part.end()
    page.panel.on["attach"]({"on": True})
    page.part.explore()


def test_the_neuron_of_a_race_is_measured_in_its_room_alone(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside each name would have another budget, and three more scores."""
    monkeypatch.setenv(VARIABLE, "a key of this test")
    page = Attendant(hub)
    race = begun({"level": 1, "noise": 0, "budget": 3})
    told: list[dict[str, Any]] = []
    panel = SimpleNamespace(tell=told.append, show=lambda words: None, open=None, show_levels=lambda levels: None)
    sidebar = SimpleNamespace(actions=SimpleNamespace(on_press={}), limit=lambda *given: None)
    measured = SimpleNamespace(clear=lambda: None, of=lambda recording: None)
    parts = (page.turns, page.session, panel, sidebar, measured, SimpleNamespace(), page.restructure)
    measuring = Measuring(*cast(Any, parts))
    racing = Racing(page.panel, measuring)
    measuring._begin(unseal(race["mystery"]), True)
    told.clear()
    for kind in ("measure", "hand"):
        panel.on[kind]({})
    assert told == [{"error": OUTSIDE}] * 2
    page.visit.put({("race", ""): race})
    until(lambda: page.visit.room.get("race"))
    racing.begin(page.visit, "ada")
    told.clear()
    panel.on["hand"]({})
    assert told == [{"busy": "Scoring …"}]
    told.clear()
    panel.on["make"]({"level": 1, "seed": RACES})
    assert "below" in told[-1]["made"]["error"]
    measuring.close()
    page.part.close()


def test_what_runs_because_a_prediction_begins_is_not_held() -> None:
    page, held = Page(), list[bool]()
    panel = SimpleNamespace(on={}, tell=lambda head: None)
    predicting = Predicting(*cast(Any, (page.turns, page.session, panel, page.sidebar, lambda: None)))
    predicting.on_begin = (lambda: held.append(predicting.hold(page.session.job())),)
    predicting.switch(True)
    assert held == [False] and predicting.hold(page.session.job())


LECTURING = (
    "follow",
    "lock",
    "anonymous",
    "remove",
    "show",
    "race",
    "ask",
    "close",
    "reveal",
    "end",
    "wall",
    "enlarge",
)


def test_a_students_page_does_nothing_that_a_teacher_may(hub: Hub) -> None:
    """The parts of both are in every page: what is said to the teacher's by a student's page is said to nobody."""
    page = Attendant(hub)
    screen = SimpleNamespace(is_whole=True, is_held=False, reveal=lambda: None)
    shown = page.explain, page.restructure, page.picture, lambda: screen, lambda: None
    parts = (page.turns, page.session, page.panel, *shown)
    lecturing = Lecturing(*cast(Any, parts))
    page.turns.take()
    until(lambda: page.visit.room.get("values", "ada"))
    before = {kind: dict(page.visit.room.of(kind)) for kind in ("room", "member", "poll", "race", "state", "values")}
    page.panel.told.clear()
    poll = {"kind": "choice", "question": "?", "options": ["a", "b"]}
    for kind in (*LECTURING, "qr"):
        said = {"on": True, "member": "ada", "poll": poll, "level": 1, "noise": 0, "budget": 0, "text": "x" * 1000}
        page.panel.on[kind](said)
    lecturing.changed("")
    page.turns.take()
    assert not hub._writer._lines and not page.panel.told
    assert all(dict(page.visit.room.of(kind)) == kept for kind, kept in before.items())
    page.part.close()


NOTHING: list[Any] = [None, 5, "x", [], {"__proto__": {"a": 1}}, {"id": "p"}, float("nan"), [[[[]]]] * 50]


@pytest.mark.parametrize("said", NOTHING)
def test_whatever_a_students_page_says_the_room_keeps_what_was_asked_for(hub: Hub, said: Any) -> None:
    page = Attendant(hub)
    poll = polls.read({"kind": "number", "question": "How many?"}).to_dict() | {"stage": "open"}
    page.visit.put({("poll", ""): poll})
    until(lambda: page.visit.room.get("poll"))
    page.panel.on["answer"]({"poll": poll["id"], "answer": said})
    page.panel.on["answer"]({"poll": said, "answer": 5})
    page.panel.on["attach"]({"on": said})
    page.panel.hear({"type": said, "on": said})
    page.turns.take()
    until(lambda: not hub._writer._lines)
    assert {key: one for key, one in page.visit.room.of("answer").items() if key != f"{poll['id']}/ada"} == {}
    assert page.visit.room.get("answer", f"{poll['id']}/ada") in (None, 5)
    page.panel.on["answer"]({"poll": poll["id"], "answer": 7, "member": "bob", "me": "bob"})  # for nobody else
    until(lambda: page.visit.room.get("answer", f"{poll['id']}/ada") == 7)
    assert len(page.visit.room.of("answer")) == 1
    page.part.close()


def test_a_students_page_knows_no_key_no_id_and_nothing_that_is_right(hub: Hub) -> None:
    page = Attendant(hub)
    poll = polls.read({"kind": "number", "question": "How many?", "right": {"value": 4711, "near": 0}}).to_dict()
    member = {"name": "Bob", "joined": 1.0, "removed": False}
    race = {"id": "r", "mystery": "sealed", "title": "Level 1", "began": 0.0}
    page.visit.put(
        {
            ("room", ""): ROOM | {"key": "digest of the key"},
            ("poll", ""): poll | {"stage": "closed"},
            ("member", "bobs id"): member,
            ("answer", f"{poll['id']}/bobs id"): 1234,
            ("race", ""): race,
            ("attempt", "r/bobs id"): {"experiments": {"his current": None}, "handed": 0},
        }
    )
    until(lambda: page.visit.room.get("race") and page.turns.waiting)
    page.turns.take()
    told = json.dumps(page.panel.told)
    assert "Bob" in told and "How many?" in told
    for secret in ("digest of the key", "bobs id", "4711", "1234", "his current"):
        assert secret not in told
    page.part.close()


def test_a_teachers_page_that_ends_sends_nothing_any_more(hub: Hub) -> None:
    teacher = Teacher(hub)
    teacher.shows()
    until(lambda: teacher.room.get("state"))
    page = teacher.room.get("state")["page"]
    assert mirroring.is_mirrored(page)
    teacher.part.close()  # as the screen does, before anybody leaves the room
    assert not mirroring.is_mirrored(page) and teacher.picture.on_sent is None


def test_what_does_not_fit_into_the_figures_of_others_is_not_sent(hub: Hub) -> None:
    teacher, frames = Teacher(hub), list[Frame]()
    mirroring.join("A", frames.append)
    try:
        teacher.shows()
        until(lambda: teacher.room.get("state"))
        page = teacher.room.get("state")["page"]
        teacher.paint(1.0)
        assert len(frames) == 1 and frames[0].line["busy"] is None and frames[0].line["readouts"] == [1.0]
        teacher.whole = False
        teacher.paint(2.0)
        assert len(frames) == 1 and not mirroring.is_mirrored(page)  # students run what is shown themselves
        teacher.whole = True
        teacher.paint(3.0)
        assert len(frames) == 2 and mirroring.is_mirrored(page)
        teacher.session.choose_stimulus(stimuli.Array)
        teacher.session.set({"stimulus.0.samples": np.ones(20_000)})
        for _ in range(3):
            teacher.part.changed("")
            teacher.turns.take()
        teacher.paint(4.0)
        assert len(frames) == 2 and not mirroring.is_mirrored(page)
        assert sum("too large" in head.get("refused", "") for head in teacher.panel.told) == 1
    finally:
        mirroring.leave("A", frames.append)
        teacher.part.close()


def test_a_class_that_follows_again_sees_what_is_shown_now(hub: Hub) -> None:
    teacher = Teacher(hub)
    teacher.set({AMPLITUDE: 120.0})
    until(lambda: teacher.shows() == 120.0)
    teacher.panel.on["follow"]({"on": False})
    until(lambda: not teacher.room.get("room")["following"])
    teacher.set({AMPLITUDE: 130.0})
    assert teacher.shows() == 120.0
    teacher.panel.on["follow"]({"on": True})
    until(lambda: teacher.shows() == 130.0)
    teacher.part.close()


def test_of_two_teachers_pages_each_can_show_what_it_has_shown_before(hub: Hub) -> None:
    one, other = Teacher(hub), Teacher(hub)
    one.set({AMPLITUDE: 120.0})
    until(lambda: one.shows() == 120.0)
    one.part.changed("")  # the hand lets go
    until(lambda: one.shows() and one.room.get("state")["final"])
    other.set({AMPLITUDE: 130.0})
    until(lambda: other.shows() == 130.0 and one.shows() == 130.0)
    one.part.changed("")
    until(lambda: one.shows() == 120.0)
    for teacher in (one, other):
        teacher.part.close()


def test_who_is_to_predict_is_told_of_what(hub: Hub) -> None:
    teacher = Teacher(hub)
    teacher.set({AMPLITUDE: 120.0})
    until(lambda: teacher.shows() == 120.0)
    teacher.panel.on["ask"]({"poll": {"kind": "predict", "question": "And now?", "asks": ["rate"]}})
    asked = lambda: (teacher.room.get("poll") or {}).get("question", "")  # noqa: E731
    for value in (130.0, 140.0):  # a change of mind is told anew
        teacher.session.set({AMPLITUDE: value})
        assert teacher.part.hold(teacher.session.job())
        teacher.turns.take()  # the hand rests
        until(lambda: asked() == f"And now?\nI 120 → {teacher.session.get(AMPLITUDE):.0f} pA")
    teacher.part.end()
    teacher.part.begin(teacher.visit, "")  # after a reload
    teacher.session.set({AMPLITUDE: 150.0})
    assert teacher.part.hold(teacher.session.job())
    assert asked().endswith("140 pA"), "a poll at each step of a drag takes the answers to the last"
    teacher.turns.take()
    until(lambda: asked() == "And now?\nI 120 → 150 pA")
    teacher.part.close()


def test_what_a_teacher_moved_while_the_server_was_away_the_class_sees(hub: Hub) -> None:
    before = Teacher(hub)
    before.set({AMPLITUDE: 120.0, TAU: 11.0})
    until(lambda: before.shows() == 120.0)
    before.part.close()
    again = Teacher(hub)  # which has only its address
    assert again.session.get(AMPLITUDE) == 120.0
    again.part.close()
    back = Teacher(hub, {AMPLITUDE: 125.0})  # and what was shown meanwhile from elsewhere stays beside it
    until(lambda: back.shows() == 125.0)
    assert back.session.get(TAU) == 11.0
    back.panel.on["ask"]({"poll": {"kind": "predict", "question": "And now?", "asks": ["rate"]}})
    back.session.set({AMPLITUDE: 130.0})
    asked = lambda: (back.room.get("poll") or {}).get("question", "")  # noqa: E731
    assert back.part.hold(back.session.job())
    back.turns.take()
    until(lambda: asked() == "And now?\nI 125 → 130 pA")
    back.part.close()
    late = Teacher(hub, {AMPLITUDE: 140.0})  # the answers of a class that predicts are not taken by what came late
    late.turns.take()
    assert late.session.get(AMPLITUDE) == 130.0 and asked() == "And now?\nI 125 → 130 pA"
    late.part.close()


def test_what_a_teacher_predicts_alone_the_class_does_not_see_before(hub: Hub) -> None:
    teacher = Teacher(hub)
    teacher.set({AMPLITUDE: 120.0})
    until(lambda: teacher.shows() == 120.0)
    teacher.held = True
    teacher.set({AMPLITUDE: 130.0})
    teacher.turns.take()
    assert hub._writer._lines == {} and teacher.shows() == 120.0
    teacher.part.close()
