"""What a teacher does in a classroom: shows to all, removes and locks, starts a race; polls and wall are beside it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

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
OWN = {"busy": None, "note": None, "run": None}
"""What the strip says of this page alone."""
FOLLOWS, NOTHING = "This student follows you: all see that already.", "This student has nothing to show yet."
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
        move_again: makes the moves once more that the page brought, as after a lost connection.
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
        move_again: Callable[[], None],
    ) -> None:
        super().__init__(turns, 0.0)
        self._session, self._panel, self._explain = session, panel, explain
        self._restructure, self._picture, self._screen = restructure, picture, screen
        self._move_again = move_again
        self._asking = Asking(turns, session, panel, self._put, self._show_held)
        self._hanging = Hanging(turns, panel)
        self._visit: Visit | None = None
        self._shown: Any = None
        self._final = True
        self._page = ""
        """By which those who follow know whose frames are of the state that they have."""
        self._large = False
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
        self._visit, self._shown, self._page = visit, None, secrets.token_hex(4)
        mirroring.teach(self._page, True)
        self._picture.on_sent = self._mirror
        self._show_people()
        self._asking.begin(visit)
        self._hanging.begin(visit)
        self._panel.show(race=board(visit.room), levels=levels())
        state = visit.room.get("state")
        if state is not None:  # where the hour was, before a reload or on another computer
            held = self._asking.held
            document = held or state["document"]
            if document != to_dict(self._session):
                self._restructure(lambda: self._session.take(from_dict(document)), CLASS)
            if held is None:  # it would take the answers of a class that predicts
                pn.state.onload(self._move_again)
            self._explain.restore(state["view"], state["options"])
        pn.state.onload(self._publish)  # after that

    def end(self) -> None:
        self._let_go()
        self._asking.end()
        self._hanging.end()

    def _let_go(self) -> None:
        mirroring.teach(self._page, False)
        self._visit, self._picture.on_sent = None, None

    def heard(self, kinds: frozenset[str]) -> None:
        if kinds & {"room", "member"}:
            self._show_people()
        if kinds & {"poll", "answer", "member"}:
            self._asking.show()
        if kinds & {"race", "attempt", "score", "member", "room"}:
            self._panel.show(race=board(self._room))
        if kinds & {"values", "member", "state", "room"}:
            self._hanging.renew()
        if "state" in kinds and (self._room.get("state") or {}).get("page") != self._page:
            self._shown = None  # another teacher shows something: what was shown here is shown no longer

    def _put(self, entries: dict[tuple[str, str], Any], then: Callable[[], None] = lambda: None) -> None:
        """Change entries of the room, and `then`, when it has them, go on."""

        def done(error: Exception | None) -> None:
            if error is None:
                then()
            else:
                self._panel.tell({"refused": f"This was not kept: {error}"})

        if self._visit is not None:
            self._visit.put(entries, done)

    def _set(self, **changes: bool) -> None:
        if self._visit is not None:
            then = {"then": self._publish} if changes.get("following") else {}
            self._put({("room", ""): self._room.get("room") | changes}, **then)

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
        if self._visit is None:
            return
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
        """Tell the room what is shown here, unless it waits for predictions, of the class or of this page."""
        if self._visit is None or self._asking.waits or self._screen().is_held:
            return
        document = to_dict(self._session)
        view, options = self._explain.opened(), self._explain.options
        state = {"document": document, "view": view, "options": options, "final": self._final, "page": self._page}
        if state == self._shown or not self._room.get("room")["following"]:
            return
        size = link.values(document)
        said, self._large = self._large, size > MOST_VALUES
        if self._large:
            if self._shown is not None and not said:
                self._panel.tell({"refused": LARGE.format(size=size)})
            return
        self._shown = state
        self._put({("state", ""): state})

    def _mirror(self, layout: dict[str, Any], line: dict[str, Any], data: bytes) -> None:
        """A picture goes to this page: to those who follow as well, but for images, which have this page's colours."""
        shown = self._shown
        if self._visit is None or shown is None:
            return
        sends = self._screen().is_whole and not self._large and not self._asking.waits
        mirroring.teach(self._page, sends)
        if sends:
            plain = {name: one for name, one in layout.items() if not any(place[2] == "u1" for place in one.values())}
            said, view = (line | OWN, None) if line else (line, self._explain.opened())
            frame = Frame(self._page, shown["document"], plain, said, data, view)
            mirroring.send(self._visit.room.code, frame)

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
        if values.get("document") is None:
            self._panel.tell({"refused": FOLLOWS if values.get("following") else NOTHING})
            return
        try:
            other = link.restored(values["document"])
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
        self._let_go()
        self._asking.close()
        self._hanging.close()
