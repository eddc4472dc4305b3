"""What a student does in a classroom: follows the teacher's page, explores alone, answers, takes part in a race."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from ..classroom import limits
from ..classroom.hub import Visit
from ..classroom.polls import Poll
from ..classroom.room import Room
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..keep import link
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..session.session import Session
from ..session.share import from_dict, to_dict
from ..sidebar.sidebar import Sidebar
from .explain import Explain
from .undoing import CLASS

REST = 0.4
"""Seconds after the last picture from which the teacher's wall is told what a student has."""
OFFLINE = "This was not kept: {error}"


class Attending(Follower):
    """One student's part.

    Args:
        turns: its later turns.
        session: what is chosen.
        sidebar: whose rows follow.
        panel: the page's classroom.
        explain: the view that follows.
        restructure: carries a change of the session out, after which the controls are others.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        sidebar: Sidebar,
        panel: Classroom,
        explain: Explain,
        restructure: Callable[[Callable[[], None], str], None],
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._panel, self._sidebar, self._explain = session, panel, sidebar, explain
        self._restructure = restructure
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
        self._attach(before.get("following", True) is True)

    def end(self) -> None:
        self._attach(False)
        self._inside = None

    def heard(self, kinds: frozenset[str]) -> None:
        if kinds & {"room", "state"}:
            self._follow()
        if kinds & {"room", "member"}:
            self._show_people()
        if kinds & {"poll", "answer"}:
            self._show_poll()

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
        said = self._room.get("poll")
        if said is None:
            self._panel.show(poll=None)
            return
        assert self._inside is not None
        poll, me = Poll.from_dict(said["poll"]), self._inside[1]
        answers = {
            key.split("/")[1]: one for key, one in self._room.of("answer").items() if key.startswith(f"{poll.id}/")
        }
        self._panel.show(poll=poll.told(said["stage"], answers, len(self._room.of("member")), answers.get(me)))

    def _answer(self, said: dict[str, Any]) -> None:
        if self._inside is None:
            return
        visit, me = self._inside
        asked = visit.room.get("poll")
        if asked is None or asked["poll"]["id"] != said.get("poll"):
            self._panel.tell({"refused": "This is no longer asked."})
            return
        if asked["stage"] != "open":
            self._panel.tell({"refused": "Answers are no longer taken."})
            return
        try:
            answer = Poll.from_dict(asked["poll"]).answer(said.get("answer"))
        except ValueError as error:
            self._panel.tell({"refused": str(error)})
            return

        def kept(error: Exception | None) -> None:
            if error is not None:
                self._panel.tell({"refused": OFFLINE.format(error=error)})

        visit.put({("answer", f"{asked['poll']['id']}/{me}"): answer}, kept)

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
