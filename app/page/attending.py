"""What a student does in a classroom: follows the teacher's page, explores alone, answers, takes part in a race."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from ..classroom import limits, polls
from ..classroom.room import Room
from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..keep import link
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..session.session import Session
from ..session.share import from_dict, to_dict
from ..sidebar.sidebar import Sidebar
from .asked import asked, capital
from .explain import Explain
from .racing import Racing
from .undoing import CLASS

REST = 0.4
"""Seconds after the last picture from which the teacher's wall is told what a student has."""


class Attending(Follower):
    """One student's part.

    Args:
        turns: its later turns.
        session: what is chosen.
        sidebar: whose rows follow.
        panel: the page's classroom.
        explain: the view that follows.
        restructure: carries a change of the session out, after which the controls are others.
        racing: the student's part in a race.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        sidebar: Sidebar,
        panel: Classroom,
        explain: Explain,
        restructure: Callable[[Callable[[], None], str], None],
        racing: Racing,
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._panel, self._sidebar, self._explain = session, panel, sidebar, explain
        self._restructure, self._racing = restructure, racing
        self._inside: tuple[Visit, str] | None = None
        self._attached = self._applying = False
        self._view: Any = None
        self._told: Any = None
        self._foresight = True
        panel.on |= {
            "attach": lambda said: self._attach(said.get("on") is True),
            "answer": self._answer,
        }

    @property
    def _room(self) -> Room:
        assert self._inside is not None
        return self._inside[0].room

    def begin(self, visit: Visit, me: str) -> None:
        self._inside, self._told, self._view = (visit, me), None, None
        before = visit.room.get("values", me) or {}
        self._show_people()
        self._show_poll()
        self._racing.begin(visit, me)
        self._attach(before.get("following", True) is True)

    def end(self) -> None:
        self._attach(False)
        self._racing.end()
        self._inside = None

    def heard(self, kinds: frozenset[str]) -> None:
        if kinds & {"room", "state"}:
            self._follow()
        if kinds & {"room", "member"}:
            self._show_people()
        if kinds & {"poll", "answer"}:
            self._show_poll()
        if kinds & {"race", "attempt", "score"}:
            self._racing.show()

    # Following.

    def _attach(self, yes: bool) -> None:
        if yes != self._attached:
            self._attached = yes
            foresight = self._sidebar.foresight
            if yes:  # nobody needs it who does not move a slider, and forty of them take a second
                self._foresight = bool(foresight.value)
            pn.state.onload(partial(foresight.param.update, value=self._foresight and not yes))
        self._view = None
        if self._inside is not None:
            self._panel.show(attached=yes)
            self._follow()
            self._publish()

    def _follow(self) -> None:
        """Show what the teacher shows."""
        room = self._room
        following = room.get("room")["following"]
        self._panel.show(following=following)
        state = room.get("state")
        if not self._attached or not following or state is None:
            return
        self._applying = True
        try:
            self._take(state["document"], state["final"])
            view = state["view"], state["options"]
            if view != self._view:
                self._view = view
                self._explain.restore(*view)
        finally:
            self._applying = False

    def _take(self, document: Any, final: bool) -> None:
        """Values one by one, where that is all that has changed: controls that are built anew take long."""
        now = to_dict(self._session)
        if document == now:
            return
        moved = moves(now, document)
        if moved:
            self._sidebar.set(moved, final)
            if to_dict(self._session) == document:
                return
        self._restructure(lambda: self._session.take(from_dict(document)), CLASS)

    def outdate(self) -> None:
        """A run is asked for: where that is not the teacher's, a hand has moved something, and is let go its way."""
        super().outdate()
        if self._inside is None or not self._attached or self._applying:
            return
        state = self._room.get("state")
        if self._room.get("room")["following"] and state is not None and to_dict(self._session) != state["document"]:
            self._attach(False)

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if self._inside is not None and resting:
            self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        self._publish()

    def _publish(self) -> None:
        """Let the teacher's wall know what this student has; while one follows that is known."""
        if self._inside is None:
            return
        visit, me = self._inside
        values: dict[str, Any] = {"following": self._attached}
        if not self._attached or visit.room.get("state") is None or not visit.room.get("room")["following"]:
            document = link.short(to_dict(self._session))
            values["document"] = document if len(json.dumps(document)) <= limits.DOCUMENT else None
        if values != self._told:
            self._told = values
            visit.put({("values", me): values})

    # Polls.

    def _show_poll(self) -> None:
        """What is asked, and what this student has answered."""
        assert self._inside is not None
        self._panel.show(poll=asked(self._room, self._inside[1]))

    def _answer(self, said: dict[str, Any]) -> None:
        if self._inside is None:
            return
        visit, me = self._inside
        kept, key = visit.room.get("poll"), said.get("poll")
        if kept is None or kept["id"] != key:
            self._refuse(key, "This is no longer asked.")
            return
        if kept["stage"] != "open":
            self._refuse(key, "Answers are no longer taken.")
            return
        try:
            answer = polls.from_dict(kept).answer(said.get("answer"))
        except ValueError as error:
            self._refuse(key, capital(str(error)))
            return

        def done(error: Exception | None) -> None:
            if error is not None:
                self._refuse(key, f"This was not kept: {error}")
            else:
                self._panel.tell({"accepted": {"poll": key}})

        visit.put({("answer", f"{key}/{me}"): answer}, done)

    def _refuse(self, key: Any, words: str) -> None:
        self._panel.tell({"refused_answer": {"poll": key, "words": words}})

    def _show_people(self) -> None:
        self._panel.show(count=len(self._room.of("member")))

    def close(self) -> None:
        super().close()
        self._inside = None


def moves(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any] | None:
    """By rows' keys, the values that lead from one document to another; None where more than values differs."""
    alike = ("version", "model", "preset", "initial", "membrane")
    if any(now.get(name) != then.get(name) for name in alike) or len(now["stimulus"]) != len(then["stimulus"]):
        return None
    groups = {"config": (now["config"], then["config"]), "run": (now["run"], then["run"])}
    groups["spread"] = (now["spread"], then["spread"])
    groups |= {f"stimulus.{i}": pair for i, pair in enumerate(zip(now["stimulus"], then["stimulus"], strict=True))}
    found: dict[str, Any] = {}
    for prefix, (old, new) in groups.items():
        if old.keys() != new.keys():
            return None
        for name, value in new.items():
            if value == old[name]:
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return None
            found[f"{prefix}.{name}"] = value
    return found
