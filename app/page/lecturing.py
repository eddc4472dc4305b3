"""What a teacher does in a classroom: shows to all, removes and locks, starts a race; polls and wall are beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..classroom.room import Room
from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..client.picture import Picture
from ..client.turns import Turns
from ..keep import link, qr
from ..run.follower import Follower
from ..session.job import Job
from ..session.session import Session
from ..session.share import from_dict, to_dict
from . import mirroring
from .asking import Asking
from .explain import Explain
from .hanging import Hanging
from .measuring_words import levels
from .mirroring import Frame
from .racing import begun, board, ended
from .screen import Screen
from .undoing import CLASS

MOST_VALUES = 5_000
"""Of a current that all of a class are sent with every move."""
LARGE = "This state is too large for the class ({size:,} values of a current): students keep the one before."


class Lecturing(Follower):
    """The teacher's part.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: the page's classroom.
        explain: the view that is shown to all.
        restructure: carries a change of the session out, after which the controls are others.
        picture: the page's data, which those who follow are sent as well.
        screen: what is shown.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Classroom,
        explain: Explain,
        restructure: Callable[[Callable[[], None], str], None],
        picture: Picture,
        screen: Callable[[], Screen],
    ) -> None:
        super().__init__(turns, 0.0)
        self._session, self._panel, self._explain = session, panel, explain
        self._restructure, self._picture, self._screen = restructure, picture, screen
        self._asking = Asking(turns, session, panel, self._put, self._show_held)
        self._hanging = Hanging(turns, panel)
        self._visit: Visit | None = None
        self._shown: Any = None
        self._final = True
        panel.on |= {
            "follow": lambda said: self._set(following=said.get("on") is True),
            "lock": lambda said: self._set(locked=said.get("on") is True),
            "anonymous": lambda said: self._set(anonymous=said.get("on") is True),
            "remove": self._remove,
            "show": self._show_student,
            "qr": self._draw_code,
            "race": self._race,
        }

    @property
    def _room(self) -> Room:
        assert self._visit is not None
        return self._visit.room

    def begin(self, visit: Visit, me: str) -> None:
        self._visit, self._shown = visit, None
        mirroring.teach(visit.room.code, 1)
        self._picture.on_sent = self._mirror
        self._show_people()
        self._asking.begin(visit)
        self._hanging.begin(visit)
        self._panel.show(race=board(visit.room), levels=levels())
        state = visit.room.get("state")
        if state is not None:  # where the hour was, before a reload or on another computer
            self._take(self._asking.held or state["document"])
            self._explain.restore(state["view"], state["options"])
        self._publish()

    def _take(self, document: dict[str, Any]) -> None:
        if document != to_dict(self._session):
            self._restructure(partial(self._session.take, from_dict(document)), CLASS)

    def end(self) -> None:
        if self._visit is not None:
            mirroring.teach(self._visit.room.code, -1)
        self._visit, self._picture.on_sent = None, None
        self._asking.end()
        self._hanging.end()

    def heard(self, kinds: frozenset[str]) -> None:
        if kinds & {"room", "member"}:
            self._show_people()
        if kinds & {"poll", "answer", "member"}:
            self._asking.show()
        if kinds & {"race", "attempt", "score", "member", "room"}:
            self._panel.show(race=board(self._room))
        if kinds & {"values", "member", "state", "room"}:
            self._hanging.renew()

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
        if self._visit is None or self._asking.waits:
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

    def _mirror(self, layout: dict[str, Any], line: dict[str, Any], data: bytes) -> None:
        """A picture goes to this page: to those who follow as well, but for images, which have this page's colours."""
        shown = self._shown
        if self._visit is None or shown is None or self._asking.waits or not self._screen().is_whole:
            return
        plain = {name: one for name, one in layout.items() if not any(place[2] == "u1" for place in one.values())}
        mirroring.send(self._visit.room.code, Frame(shown["document"], plain, line, data))

    def hold(self, job: Job) -> bool:
        """Whether a run waits for the class's predictions."""
        return self._asking.hold(job)

    def _show_held(self) -> None:
        """The class has predicted: make the run that waited, for all."""
        self._screen().reveal()
        self._publish_soon()

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

    def close(self) -> None:
        super().close()
        self._visit = None
        self._asking.close()
        self._hanging.close()
