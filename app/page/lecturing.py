"""What a teacher does in a classroom: shows, holds back, asks, looks at the wall, starts a race, removes and locks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from spark.simulation import Cancelled

from ..classroom import polls
from ..classroom.hub import Visit
from ..classroom.revealing import computed
from ..classroom.room import Room
from ..classroom.wall import Wall, compute
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..keep import link, qr
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.live import ASIDE
from ..session.job import Job
from ..session.session import Session
from ..session.share import from_dict, to_dict
from .asked import asked, capital
from .explain import Explain
from .measuring_words import levels
from .racing import begun, board, ended
from .undoing import CLASS

MOST_VALUES = 5_000
"""Of a current that all of a class are sent with every move."""
EVERY = 0.3
"""Seconds from one picture of the wall to the next, at least."""
LARGE = "This state is too large for the class ({size:,} values of a current): students keep the one before."


class Lecturing(Follower):
    """The teacher's part.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: the page's classroom.
        explain: the view that is shown to all.
        restructure: carries a change of the session out, after which the controls are others.
        reveal: makes the run that waits for predictions.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Classroom,
        explain: Explain,
        restructure: Callable[[Callable[[], None], str], None],
        reveal: Callable[[], None],
    ) -> None:
        super().__init__(turns, 0.0)
        self._session, self._panel, self._explain = session, panel, explain
        self._restructure, self._reveal = restructure, reveal
        self._visit: Visit | None = None
        self._shown: Any = None
        self._final = True
        self._predicts: dict[str, Any] | None = None
        """What is asked of the next change; None where runs are not held back."""
        self._wall = self._wall_waits = False
        self._hung: Wall | None = None
        self._walls = Newest(ASIDE, turns.add_next_tick_callback, self._hang)
        self._runs = Newest(ASIDE, turns.add_next_tick_callback, self._revealed)
        panel.on |= {
            "follow": lambda said: self._set(following=said.get("on") is True),
            "lock": lambda said: self._set(locked=said.get("on") is True),
            "anonymous": lambda said: self._set(anonymous=said.get("on") is True),
            "remove": self._remove,
            "show": self._show_student,
            "wall": lambda said: self._open_wall(said.get("on") is True),
            "large": self._enlarge,
            "qr": self._draw_code,
            "ask": self._ask,
            "close": lambda said: self._close_poll(),
            "reveal": lambda said: self._reveal_poll(),
            "end": lambda said: self._end_poll(),
            "race": self._race,
        }

    @property
    def _room(self) -> Room:
        assert self._visit is not None
        return self._visit.room

    def begin(self, visit: Visit, me: str) -> None:
        self._visit, self._shown = visit, None
        self._show_people()
        self._show_poll()
        self._panel.show(race=board(visit.room), levels=levels())
        state = visit.room.get("state")
        if state is not None and state["document"] != to_dict(self._session):
            take = partial(self._session.take, from_dict(state["document"]))
            self._restructure(take, CLASS)  # where the hour was, after a reload or on another computer
            self._explain.restore(state["view"], state["options"])
        self._publish()

    def end(self) -> None:
        self._visit, self._wall, self._hung = None, False, None
        self._free()

    def heard(self, kinds: frozenset[str]) -> None:
        if kinds & {"room", "member"}:
            self._show_people()
        if kinds & {"poll", "answer", "member"}:
            self._show_poll()
        if kinds & {"race", "attempt", "score", "member", "room"}:
            self._panel.show(race=board(self._room))
        if kinds & {"values", "member", "state", "room"}:
            self._renew_wall()

    def _put(self, entries: dict[tuple[str, str], Any]) -> None:
        if self._visit is not None:
            self._visit.put(entries, self._kept)

    def _kept(self, error: Exception | None) -> None:
        if error is not None:
            self._panel.tell({"refused": f"This was not kept: {error}"})

    def _set(self, **changes: bool) -> None:
        if self._visit is not None:
            self._put({("room", ""): self._room.get("room") | changes})
            if changes.get("following"):
                self._publish()

    def _show_people(self) -> None:
        """Who is here, in the order in which they came."""
        room = self._room
        settings = {name: room.get("room")[name] for name in ("locked", "anonymous", "following")}
        members = sorted(room.of("member").items(), key=lambda one: one[1]["joined"])
        people = [{"id": key, "name": one["name"], "removed": one["removed"]} for key, one in members]
        self._panel.show(people=people, count=sum(not one["removed"] for one in people), **settings)

    def _remove(self, said: dict[str, Any]) -> None:
        """Let nobody of this id in any more; `on` false: let them in again."""
        if self._visit is None:
            return
        key = str(said.get("member"))
        member = self._room.get("member", key)
        if member is not None:
            self._put({("member", key): member | {"removed": said.get("on") is not False}})

    def _draw_code(self, said: dict[str, Any]) -> None:
        try:
            self._panel.tell({"qr": {"rows": qr.rows(str(said.get("text")))}})
        except ValueError as error:
            self._panel.tell({"qr": {"error": str(error)}})

    # What all follow.

    def outdate(self) -> None:
        super().outdate()
        self._final = False
        self._publish_soon()

    def changed(self, said: str) -> None:
        self._final = True
        self._publish_soon()

    def view_changed(self) -> None:
        """Another view is open, or another choice on its card."""
        self._publish_soon()

    def _publish_soon(self) -> None:
        if self._visit is not None:
            self._turns.add_next_tick_callback(self._publish)

    def _publish(self) -> None:
        """Tell the room what is shown here, unless it waits for predictions."""
        if self._visit is None or self._predicts is not None:
            return
        document = to_dict(self._session)
        view, options = self._explain.opened(), self._explain.options
        state = {"document": document, "view": view, "options": options, "final": self._final}
        if state == self._shown or not self._room.get("room")["following"]:
            return
        size = link.values(document)
        if size > MOST_VALUES:
            if self._shown is not None:
                self._panel.tell({"refused": LARGE.format(size=size)})
            return
        self._shown = state
        self._put({("state", ""): state})

    def _show_student(self, said: dict[str, Any]) -> None:
        """Take over what a student has, for all to see."""
        if self._visit is None:
            return
        values = self._room.get("values", str(said.get("member"))) or {}
        try:
            other = link.restored(values.get("document"))
        except ValueError as error:
            self._panel.tell({"refused": f"This cannot be shown: {error}"})
            return
        self._restructure(partial(self._session.take, other), CLASS)

    # Polls.

    def hold(self, job: Job) -> bool:
        """Whether a run waits for the class's predictions; they are asked for."""
        if self._visit is None or self._predicts is None:
            return False
        document, kept = to_dict(self._session), self._room.get("poll")
        if kept is None or kept["document"] != document:
            self._ask_all(self._predicts, document)
        return True

    def _ask(self, said: dict[str, Any]) -> None:
        wanted = said.get("poll")
        if isinstance(wanted, dict) and wanted.get("kind") == "predict":
            self._end_poll()
            self._predicts = wanted  # of the next change, whatever that is
            self._panel.show(armed=True)
        else:
            self._ask_all(wanted, None)

    def _ask_all(self, wanted: Any, document: dict[str, Any] | None) -> None:
        if self._visit is None:
            return
        try:
            poll = polls.read(wanted, document)
        except ValueError as error:
            self._panel.tell({"refused_poll": capital(str(error))})
            return
        self._put(self._no_answers() | {("poll", ""): poll.to_dict() | {"stage": "open"}})

    def _no_answers(self) -> dict[tuple[str, str], None]:
        return {("answer", key): None for key in self._room.of("answer")}

    def _close_poll(self) -> None:
        if self._visit is not None and (kept := self._room.get("poll")):
            self._put({("poll", ""): kept | {"stage": "closed"}})

    def _reveal_poll(self) -> None:
        """Show everybody the answers; what was predicted is run."""
        if self._visit is None or (kept := self._room.get("poll")) is None:
            return
        poll = polls.from_dict(kept)
        if poll.kind != "predict":
            self._put({("poll", ""): kept | {"stage": "revealed"}})
            return
        self._free()
        self._runs.ask(lambda stop: _computed(poll))

    def _revealed(self, found: polls.Poll | str) -> None:
        if isinstance(found, str):
            self._panel.tell({"refused_poll": capital(found)})
        elif self._visit is not None and (self._room.get("poll") or {}).get("id") == found.id:
            self._put({("poll", ""): found.to_dict() | {"stage": "revealed"}})

    def _end_poll(self) -> None:
        if self._visit is not None:
            self._put(self._no_answers() | {("poll", ""): None})
            self._free()

    def _free(self) -> None:
        """Runs are no longer held back: the one that waits is made, and shown to all."""
        if self._predicts is not None:
            self._predicts = None
            self._panel.show(armed=False)
            self._reveal()
            self._publish_soon()

    def _show_poll(self) -> None:
        self._panel.show(poll=asked(self._room))

    # The race.

    def _race(self, said: dict[str, Any]) -> None:
        """Begin another race, or end the one that there is."""
        if self._visit is None:
            return
        entries: dict[tuple[str, str], Any] = dict(ended(self._room))
        if said.get("on") is True:
            try:
                entries["race", ""] = begun(said)
            except ValueError as error:
                self._panel.tell({"refused": str(error)})
                return
        self._put(entries)

    # The wall.

    def _open_wall(self, yes: bool) -> None:
        self._wall = yes
        self._renew_wall()

    def _renew_wall(self) -> None:
        """Draw it soon, but not too often."""
        if self._visit is None or not self._wall or self._wall_waits:
            return
        self._wall_waits = True
        self._turns.add_timeout_callback(self._draw_wall, int(1000 * EVERY))

    def _draw_wall(self) -> None:
        self._wall_waits = False
        if self._visit is None or not self._wall:
            return
        room, shown = self._room, (self._room.get("state") or {}).get("document")
        documents: dict[str, Any] = {}
        for key, member in room.of("member").items():
            values = room.get("values", key) or {}
            if not member["removed"]:
                documents[key] = values.get("document") or (shown if values.get("following") else None)
        people = {
            key: {
                "name": one["name"],
                "joined": one["joined"],
                "following": (room.get("values", key) or {}).get("following"),
            }
            for key, one in room.of("member").items()
        }
        self._walls.ask(partial(_painted, documents, shown, people))

    def _hang(self, found: tuple[Wall, dict[str, Any], bytes]) -> None:
        self._hung, head, data = found
        if self._wall:
            self._panel.tell(head, data)
            if self._hung.waiting:
                self._renew_wall()

    def _enlarge(self, said: dict[str, Any]) -> None:
        if self._hung is not None:
            self._panel.tell(*self._hung.large(str(said.get("member"))))

    def close(self) -> None:
        super().close()
        self._visit = None
        self._walls.close()
        self._runs.close()


def _painted(
    documents: dict[str, Any], shown: Any, people: dict[str, Any], stop: Callable[[], bool]
) -> tuple[Wall, dict[str, Any], bytes]:
    """The wall, as the page takes it."""

    def go_on(done: float) -> None:
        if stop():
            raise Cancelled

    wall = compute(documents, shown, go_on)
    return wall, *wall.told(people)


def _computed(poll: polls.Poll) -> polls.Poll | str:
    """A prediction with what the run did, or why there is none."""
    try:
        return computed(poll)
    except (ValueError, FloatingPointError) as error:
        return str(error)
