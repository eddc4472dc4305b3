"""Lessons in the page: what a step sets and shows, whether an answer is right, and whether a goal is reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import panel as pn

from ..client.keeper import Keeper
from ..client.lessons import Lessons
from ..client.turns import Turns
from ..lessons import answers
from ..lessons.bench import Bench
from ..lessons.lesson import Ask, Goal, Lesson
from ..lessons.library import library
from ..lessons.sketches import compared
from ..lessons.states import build, changed, rows_of
from ..lessons.telling import listed, told
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.outcome import Outcome
from ..run.pipeline import Drawn
from ..run.pools import ASIDE
from ..session.session import Session
from ..session.share import from_dict, to_dict
from ..sidebar.sidebar import Sidebar
from .explain import Explain
from .undoing import LESSON

CHANGED, SEEN = "These are not the lesson’s values.", "The run that was asked about."
"""What is said of other values than the lesson's: a hand, or the page, has set them."""
REST = 0.25
"""Seconds after the last picture from which the hand counts as resting: goals are then looked at."""


class Teaching(Follower):
    """Opens lessons and goes through their steps.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: the page's panel.
        sidebar: whose rows a step leaves out or locks.
        explain: the view that a step opens.
        keeper: says what goes wrong.
        restructure: carries a change of the session out, after which the controls are others.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Lessons,
        sidebar: Sidebar,
        explain: Explain,
        keeper: Keeper,
        restructure: Callable[[Callable[[], None], str], None],
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._panel, self._sidebar, self._explain = session, panel, sidebar, explain
        self._keeper, self._restructure = keeper, restructure
        self._lesson: Lesson | None = None
        self._step = 0
        self._wanted: dict[str, Any] | None = None
        """The session as the step has it; None where the step goes on with what there is."""
        self._locked: list[str] = []
        self._seen: dict[str, Any] | None = None
        """The session as the page has set it for a question or a goal."""
        self._reached: set[str] = set()
        self.on_begin: tuple[Callable[[], None], ...] = ()
        """A lesson begins: nothing else leads the visitor by the hand."""
        self._work = Newest(ASIDE, turns.add_next_tick_callback, lambda tell: tell())
        self._goals = Newest(ASIDE, turns.add_next_tick_callback, lambda tell: tell())
        panel.on = {
            "open": self._open,
            "step": lambda said: self._go(said.get("step")),
            "answer": self._answer,
            "give": self._give,
            "see": self._see,
            "back": lambda said: self._set_state(),
            "free": lambda said: self._free(),
            "leave": lambda said: self._leave(),
        }
        sidebar.actions.on_press["lessons"] = panel.open
        panel.show_list(_listed())

    # From the page.

    def _open(self, said: dict[str, Any]) -> None:
        lesson = library().get(str(said.get("lesson")))
        if lesson is None:
            self._keeper.say("There is no such lesson here: choose one of the list.", "error")
            self._panel.open()
            return
        step, fresh = _whole(said.get("step"), lesson), said.get("fresh") is True

        def found(stop: Callable[[], bool]) -> Callable[[], None]:
            begin = partial(self._begin, lesson, _told(lesson.id), step, fresh)
            return lambda: pn.state.onload(begin)

        self._work.ask(found)  # a sketch of some variables takes a run

    def _begin(self, lesson: Lesson, words: dict[str, Any], step: int, fresh: bool) -> None:
        self._lesson, self._step, self._reached = lesson, step, set()
        for end in self.on_begin:
            end()
        self._enter(fresh, partial(self._panel.show, words | {"step": step}))

    def _go(self, step: Any) -> None:
        if self._lesson is not None:
            self._step = _whole(step, self._lesson)
            self._enter(self._lesson.steps[self._step].state is not None)

    def _enter(self, fresh: bool, tell: Callable[[], None] = lambda: None) -> None:
        """Show what the step shows; `fresh`: with its own values, and what is told comes after those.

        A student who reads the task at once moves a row that is there to stay.
        """
        lesson = self._lesson
        assert lesson is not None
        changes = lesson.changes(self._step)
        self._wanted = to_dict(build(*changes)) if changes else None
        if fresh:
            self._set_state()
        pn.state.onload(partial(self._sidebar.belong, self._wanted, self._set_state))
        pn.state.onload(tell)
        pn.state.onload(self._show)

    def _set_state(self) -> None:
        """The values of the step."""
        if self._wanted is not None and self._lesson is not None:
            wanted = self._wanted
            self._restructure(lambda: self._session.take(from_dict(wanted)), LESSON)

    def _show(self) -> None:
        """The view and the rows of the step."""
        if self._lesson is None:
            return
        show = self._lesson.shown(self._step)
        if show.view:
            self._explain.restore(show.view if show.view != "none" else None, None)
        try:
            only = rows_of(self._session, show.only) if show.only else None
            self._locked = rows_of(self._session, show.locked)
        except ValueError:  # the student has another model here: all rows are shown
            only, self._locked = None, []
        self._sidebar.limit(only, self._locked)
        self._panel.tell({"limited": only is not None or bool(show.locked)})

    def _free(self) -> None:
        self._sidebar.limit(None)
        self._panel.tell({"limited": False})

    def _leave(self) -> None:
        self._lesson = self._wanted = None
        self._sidebar.belong(None)
        self._sidebar.limit(None)

    def _found(self, said: dict[str, Any]) -> tuple[Ask | Goal, dict[str, Any]] | None:
        """The question that the page speaks of, and the session that it is about."""
        if self._lesson is None:
            return None
        try:
            at, part = self._lesson.find(str(said.get("ask")))
        except KeyError:
            return None
        yours = isinstance(part, Ask) and part.yours
        changes = self._lesson.changes(at)
        return part, to_dict(self._session) if yours or not changes else to_dict(build(*changes))

    def _answer(self, said: dict[str, Any]) -> None:
        found = self._found(said)
        if found is None:
            return
        ask, document = found
        if not isinstance(ask, Ask):
            return
        answer = dict(self._session.initial) if ask.kind == "point" else said.get("answer")
        self._work.ask(lambda stop: partial(self._panel.tell, {"verdict": _verdict(ask, document, answer)}))
        if ask.change and ask.kind != "open":
            self._see(said)

    def _give(self, said: dict[str, Any]) -> None:
        found = self._found(said)
        if found is None:
            return
        part, document = found
        if isinstance(part, Goal):
            self._see(said)
            self._panel.tell({"given": {"ask": part.id, "words": "it is set now."}})
            return
        self._work.ask(lambda stop: partial(self._panel.tell, {"given": _given(part, document)}))

    def _see(self, said: dict[str, Any]) -> None:
        """Set what a question was about, or what solves a goal."""
        found = self._found(said)
        if found is None or self._lesson is None:
            return
        part, document = found
        changes = part.change if isinstance(part, Ask) else part.solution

        def take() -> None:
            session = changed(from_dict(document), changes)
            self._seen = to_dict(session)
            self._session.take(session)

        self._restructure(take, LESSON)

    # From the pictures.

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if self._lesson is not None:
            self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The hand rests: perhaps a goal is reached, or these are other values than the lesson's."""
        lesson = self._lesson
        if lesson is None:
            return
        document = to_dict(self._session)
        step = lesson.steps[self._step]
        goals = [part for part in step.parts if isinstance(part, Goal) and part.until and part.id not in self._reached]
        to_reach = any(isinstance(part, Goal) and part.until for part in step.parts)
        self._panel.tell({"away": self._away(document, to_reach)})
        if goals:
            outcome = Outcome(drawn.request.job, drawn.recording)
            self._goals.ask(lambda stop: partial(self._reach, _met(goals, document, outcome)))

    def _away(self, document: dict[str, Any], to_reach: bool) -> str:
        """What is said where this is another session than the step's, "" for nothing.

        A goal asks for other values, but for those that are locked. Where a run begins is the student's own affair,
        unless the step says it.
        """
        wanted = self._wanted
        if wanted is None:
            return ""
        if to_reach:
            usual = from_dict(wanted)
            other = document["model"] != wanted["model"]
            other = other or any(self._session.get(path) != usual.get(path) for path in self._locked)
        else:
            other = document | ({} if wanted["initial"] else {"initial": {}}) != wanted
        return "" if not other else SEEN if document == self._seen else CHANGED

    def _reach(self, keys: list[str]) -> None:
        for key in keys:
            self._reached.add(key)
            self._panel.tell({"reached": key})

    def close(self) -> None:
        super().close()
        self._work.close()
        self._goals.close()


@cache
def _told(key: str) -> dict[str, Any]:
    """A lesson of the library as the page takes it, made once."""
    return told(library()[key])


def _whole(step: Any, lesson: Lesson) -> int:
    """A step of a page, which may say anything."""
    known = isinstance(step, int) and not isinstance(step, bool)
    return max(0, min(step, len(lesson.steps) - 1)) if known else 0


def _listed() -> list[dict[str, Any]]:
    """What the list tells of each lesson."""
    return [listed(one) for one in library().values()]


def _verdict(ask: Ask, document: dict[str, Any], answer: Any) -> dict[str, Any]:
    bench = Bench(document)
    try:
        if ask.kind == "sketch":
            words, curve = compared(ask, bench, answer)
            return {"ask": ask.id, "right": True, "words": words, "curve": curve}
        found = answers.check(ask, bench, answer)
        told = answers.told(ask, bench) if ask.change and ask.kind in ("number", "pattern") else None
    except (ValueError, TypeError, FloatingPointError) as error:
        return {"ask": ask.id, "right": False, "words": str(error)}
    if told is None:
        settled = None if found.right or not ask.change else answers.told(ask, bench)
        return {"ask": ask.id, "right": found.right, "words": found.words, "told": settled}
    words = found.words if found.right else f"{found.words} It is {told}."
    return {"ask": ask.id, "right": found.right, "words": words, "told": told}


def _given(ask: Ask, document: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ask": ask.id, "words": answers.told(ask, Bench(document))}
    except (ValueError, TypeError, FloatingPointError) as error:
        return {"ask": ask.id, "words": str(error)}


def _met(goals: list[Goal], document: dict[str, Any], outcome: Outcome) -> list[str]:
    bench = Bench(document, outcome)
    return [goal.id for goal in goals if answers.met(goal.until, bench)]
