"""What a student does in a classroom: follows the teacher's page, explores alone, answers, takes part in a race."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..classroom import limits, polls
from ..classroom.room import Room
from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..keep import link
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..session.session import Session
from ..session.share import to_dict
from .asked import answer_of, asked, capital
from .following import Following
from .racing import Racing

REST = 0.4
"""Seconds after the last picture from which the teacher's wall is told what a student has."""

TURN = 0.3
"""Seconds from one change between following and exploring to the next: each may cost a run."""
EVERY = 1.0
"""Seconds from one count of what the others have done to the next."""


class Attending(Follower):
    """One student's part.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: the page's classroom.
        following: the teacher's page.
        racing: the student's part in a race.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Classroom,
        following: Following,
        racing: Racing,
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._panel, self._following, self._racing = session, panel, following, racing
        self._inside: tuple[Visit, str] | None = None
        self._told: Any = None
        self._answered: Any = None
        self._waits = False
        self._wanted: bool | None = None  # whether to follow, after what was done just now
        self._turned = False
        self.on_follow: Callable[[], None] = lambda: None
        """The teacher leads from now on: nothing here may hold runs back."""
        panel.on |= {
            "attach": lambda said: self._want(said.get("on") is True),
            "answer": self._answer,
        }

    @property
    def _room(self) -> Room:
        assert self._inside is not None
        return self._inside[0].room

    def begin(self, visit: Visit, me: str) -> None:
        self._inside, self._told = (visit, me), None
        before = visit.room.get("values", me) or {}
        self._show_poll()
        self._racing.begin(visit, me)
        follows = before.get("following", True) is True
        if follows:
            self.on_follow()
        self._following.begin(visit, follows)
        self._publish()

    def end(self) -> None:
        self._following.end()
        self._racing.end()
        self._inside = None

    def heard(self, kinds: frozenset[str]) -> None:
        if kinds & {"room", "state"}:
            self._following.heard()
        assert self._inside is not None
        me = self._inside[1]
        if "poll" in kinds or ("answer" in kinds and self._answered != answer_of(self._room, me)):
            self._show_poll()
        if kinds & {"race", "room"}:
            self._racing.show()
        if kinds & {"answer", "attempt", "score"} and not self._waits:
            self._waits = True
            self._turns.add_timeout_callback(self._count, int(1000 * EVERY))

    def _count(self) -> None:
        """What the others have done is counted now and then: each tells all, and all are many."""
        self._waits = False
        if self._inside is not None:
            self._show_poll()
            self._racing.show()

    def _want(self, on: bool) -> None:
        """A page may say it as often as it likes: the newest counts."""
        if self._turned:
            self._wanted = on
        elif self._inside is not None and on != self._following.on:
            self._turned = True
            self._turns.add_timeout_callback(self._turn_again, int(1000 * TURN))
            self._attach(on)

    def _turn_again(self) -> None:
        wanted, self._wanted, self._turned = self._wanted, None, False
        if wanted is not None:
            self._want(wanted)

    def _attach(self, on: bool) -> None:
        if on:
            self.on_follow()
        self._following.switch(on)
        self._publish()

    def explore(self) -> None:
        """Something else leads from now on: a lesson, a mystery, a prediction."""
        if self._following.on:
            self._wanted = None
            self._attach(False)

    def outdate(self) -> None:
        super().outdate()
        self._following.outdated()

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
        values: dict[str, Any] = {"following": self._following.on}
        if not self._following.on or visit.room.get("state") is None or not visit.room.get("room")["following"]:
            document = link.short(to_dict(self._session))
            values["document"] = document if len(json.dumps(document)) <= limits.DOCUMENT else None
        if values != self._told:
            self._told = values
            visit.put({("values", me): values})

    # Polls.

    def _show_poll(self) -> None:
        """What is asked, and what this student has answered."""
        assert self._inside is not None
        me = self._inside[1]
        self._answered = answer_of(self._room, me)
        self._panel.show(poll=asked(self._room, me))

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

    def close(self) -> None:
        super().close()
        self._following.close()
        self._inside = None
