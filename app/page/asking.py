"""What a teacher asks of the class: a choice, a number, or what the next change will do, before it is run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..classroom import polls
from ..classroom.revealing import computed
from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..run.beside import Newest
from ..run.pools import ASIDE
from ..session.job import Job
from ..session.session import Session
from ..session.share import to_dict
from ..sidebar.change import changes
from .asked import asked, capital

REST = 0.4
"""Seconds after which a hand rests that moves what is to be predicted."""
FEW = 3
"""Changes of which a class is told one by one what it is to predict."""


class Asking:
    """The teacher's polls.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: the page's classroom.
        put: changes entries of the room.
        reveal: makes the run that waits for predictions, and shows it to all.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Classroom,
        put: Callable[[dict[tuple[str, str], Any]], None],
        reveal: Callable[[], None],
    ) -> None:
        self._turns, self._session, self._panel = turns, session, panel
        self._put, self._reveal = put, reveal
        self._visit: Visit | None = None
        self._next: dict[str, Any] | None = None
        self._asked = 0
        self._runs = Newest(ASIDE, turns.add_next_tick_callback, self._revealed)
        panel.on |= {
            "ask": lambda said: self._ask(said.get("poll")),
            "close": lambda said: self._stage("closed"),
            "reveal": lambda said: self._show_answers(),
            "end": lambda said: self._end_poll(),
        }

    @property
    def waits(self) -> bool:
        """Whether runs are held back, for the class to predict the next one."""
        return self._next is not None

    def begin(self, visit: Visit) -> None:
        """In the room from now on; a prediction that was asked for before a reload is asked for still."""
        self._visit = visit
        kept = self._kept
        if kept is not None and kept["kind"] == "predict" and kept["stage"] != "revealed":
            question = kept["question"].partition("\n")[0]  # without the change
            self._next = {"kind": "predict", "question": question, "asks": kept["asks"]}
        self.show()

    def end(self) -> None:
        """Out of the room."""
        self._visit = None
        self._free()

    def close(self) -> None:
        """The visit has ended."""
        self._visit = None
        self._runs.close()

    def show(self) -> None:
        """Show what is asked, and what was answered."""
        if self._visit is not None:
            self._panel.show(poll=asked(self._visit.room), armed=self.waits)

    @property
    def held(self) -> dict[str, Any] | None:
        """The session that is predicted; None where none is, or not yet."""
        kept = self._kept if self.waits else None
        return kept["document"] if kept is not None else None

    def hold(self, job: Job) -> bool:
        """Whether a run waits for the class's predictions; they are asked for."""
        if self._visit is None or self._next is None:
            return False
        self._asked += 1
        self._turns.add_timeout_callback(partial(self._ask_next, self._asked), int(1000 * REST))
        return True

    def _ask_next(self, number: int) -> None:
        """The hand rests: ask of what it has set. A poll at each step of a drag would take the answers to the last."""
        if number != self._asked or self._next is None:
            return
        document = to_dict(self._session)
        if self.held != document:
            self._ask_all(self._next, document)

    @property
    def _kept(self) -> dict[str, Any] | None:
        """The poll as the room has it."""
        return self._visit.room.get("poll") if self._visit is not None else None

    def _ask(self, wanted: Any) -> None:
        if self._visit is None:
            return
        if isinstance(wanted, dict) and wanted.get("kind") == "predict":
            try:
                polls.read(wanted, to_dict(self._session))
            except ValueError as error:
                self._refuse(error)
                return
            self._end_poll()
            self._next = wanted  # whatever that will be
            self.show()
        else:
            self._ask_all(wanted, None)

    def _ask_all(self, wanted: Any, document: dict[str, Any] | None) -> None:
        try:
            poll = polls.read(wanted, document)
        except ValueError as error:
            self._refuse(error)
        else:
            told = poll.to_dict() | {"stage": "open"}
            if document is not None:
                told["question"] += self._change(document)
            self._put(self._no_answers() | {("poll", ""): told})

    def _change(self, document: dict[str, Any]) -> str:
        """What is to be predicted, on a line of its own: the sliders of the class stand where they were."""
        state = self._visit.room.get("state") if self._visit is not None else None
        found = changes(state["document"], document) if state is not None else []
        more = [f"{len(found) - FEW} more"] if len(found) > FEW else []
        return f"\n{', '.join(found[:FEW] + more)}" if found else ""

    def _no_answers(self) -> dict[tuple[str, str], Any]:
        return {("answer", key): None for key in self._visit.room.of("answer")} if self._visit is not None else {}

    def _stage(self, stage: str) -> None:
        if (kept := self._kept) is not None:
            self._put({("poll", ""): kept | {"stage": stage}})

    def _show_answers(self) -> None:
        """To everybody; what was predicted is run, and shown with it."""
        kept = self._kept
        if kept is None or kept["kind"] != "predict":
            self._stage("revealed")
            return
        poll, document = polls.from_dict(kept), to_dict(self._session)  # a hand may have gone on since it was asked
        self._free()
        self._runs.ask(lambda stop: _computed(poll, document))

    def _revealed(self, found: polls.Poll | ValueError) -> None:
        if isinstance(found, ValueError):
            self._refuse(found)
        elif (kept := self._kept) is not None and kept["id"] == found.id:
            self._put({("poll", ""): found.to_dict() | {"stage": "revealed"}})

    def _end_poll(self) -> None:
        self._put(self._no_answers() | {("poll", ""): None})
        self._free()

    def _free(self) -> None:
        """Runs are no longer held back."""
        if self.waits:
            self._next = None
            self.show()
            self._reveal()

    def _refuse(self, error: ValueError) -> None:
        self._panel.tell({"refused_poll": capital(str(error))})


def _computed(poll: polls.Poll, document: dict[str, Any]) -> polls.Poll | ValueError:
    """A prediction with what the run did, or why there is none."""
    try:
        return computed(poll, document)
    except (ValueError, FloatingPointError) as error:
        return ValueError(str(error))
