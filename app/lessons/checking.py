"""What is wrong with a lesson beyond its form: states that cannot be run, questions without answers, dead links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..session.session import Session
from ..session.share import to_dict
from ..views.catalogue import catalogue as views
from .answers import UNTOLD, check, met, trials
from .bench import Bench
from .fault import LessonFault, unknown
from .lesson import Ask, Goal, Lesson, Show, Step
from .markdown import TARGETS
from .reading import read
from .sketches import compared
from .states import build, changed, names_of, rows_of

CURVES = ("potential", "threshold", "adaptation", "current", "spikes", "raster")
_LIGHT = re.compile(r'data-light="(\w+):([^"]*)"')


def lessons_in(folder: Path) -> list[Path]:
    """The lessons of a folder, in the order of their names; README.md is none."""
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def faults_in(folder: Path) -> list[str]:
    """All that is wrong with the lessons of a folder, each with file and line."""
    found: list[str] = []
    for path in lessons_in(folder):
        try:
            lesson = read(path)
        except LessonFault as error:
            found.append(str(error))
            continue
        found += [str(fault) for fault in faults(lesson)]
    return found


def faults(lesson: Lesson) -> Iterator[LessonFault]:
    """All that is wrong with a lesson: its questions are computed, and tried with right and wrong answers."""
    session = Session()
    for at, step in enumerate(lesson.steps):
        if step.state is not None:
            try:
                session = build(*lesson.changes(at))
                session.job()
            except (ValueError, TypeError) as error:
                yield LessonFault(lesson.file, step.state_line, f"this state cannot be run: {error}")
                return  # what follows stands on it
        if step.show is not None or step.state is not None:
            found = list(_faults_of_show(lesson, session, lesson.shown(at)))
            yield from found
            if found:
                return
        yield from _faults_of_links(lesson, session, step, lesson.shown(at))
        for part in step.parts:
            if isinstance(part, Ask):
                yield from _faults_of_ask(lesson, session, part)
            elif isinstance(part, Goal) and part.until:
                yield from _faults_of_goal(lesson, session, part)
    if not any(isinstance(part, Ask) and part.kind == UNTOLD for part in lesson.steps[-1].parts):
        yield LessonFault(
            lesson.file,
            lesson.steps[-1].line,
            "a lesson ends with an open question: put an 'ask open' into its last step.",
        )


def _faults_of_show(lesson: Lesson, session: Session, show: Show) -> Iterator[LessonFault]:
    kinds = views()
    if show.view not in ("", "none") and show.view not in kinds:
        yield LessonFault(lesson.file, show.line, unknown("view", show.view, [*kinds, "none"]))
    elif show.view in kinds and (reason := kinds[show.view].reason(session.soma)) is not None:
        yield LessonFault(lesson.file, show.line, f"the view {show.view} shows nothing here: {reason}")
    for name in (*show.only, *show.locked):
        try:
            rows_of(session, [name])
        except ValueError as error:
            yield LessonFault(lesson.file, show.line, str(error))
    for name in show.locked:
        if show.only and name not in show.only:
            yield LessonFault(lesson.file, show.line, f"{name} is locked and not shown: name it under 'only' as well.")


def _faults_of_links(lesson: Lesson, session: Session, step: Step, show: Show) -> Iterator[LessonFault]:
    shown = set(rows_of(session, show.only))
    for part in step.parts:
        html = part.html + ("" if not isinstance(part, (Ask, Goal)) else part.reveal + "".join(part.hints))
        for target, name in _LIGHT.findall(html):
            known = {"control": names_of(session), "curve": CURVES, "view": views()}[target]
            line, where = getattr(part, "line", step.line), f"[...]({target}:{name}): "
            if name not in known and not (target == "control" and _is_row(session, name)):
                yield LessonFault(lesson.file, line, where + unknown(target, name, known))
            elif target == "control" and show.only and rows_of(session, [name])[0] not in shown:
                yield LessonFault(lesson.file, line, f"{where}its row is not shown: name it under 'only' as well.")
    assert set(TARGETS) == {"control", "curve", "view"}


def _is_row(session: Session, name: str) -> bool:
    try:
        return bool(rows_of(session, [name]))
    except ValueError:
        return False


def _faults_of_ask(lesson: Lesson, session: Session, ask: Ask) -> Iterator[LessonFault]:
    bench = Bench(to_dict(session))
    try:
        if ask.kind == "sketch":
            compared(ask, bench, [[0.0, 0.0], [session.settings.duration, 0.0]])
        for answer, right in trials(ask, bench):
            if check(ask, bench, answer).right != right:
                yield LessonFault(
                    lesson.file, ask.line, f"the answer {answer!r} is taken for {'wrong' if right else 'right'}."
                )
    except (ValueError, TypeError) as error:
        yield LessonFault(lesson.file, ask.line, f"this question has no answer: {error}")


def _faults_of_goal(lesson: Lesson, session: Session, goal: Goal) -> Iterator[LessonFault]:
    document = to_dict(session)
    if met(goal.until, Bench(document)):
        yield LessonFault(lesson.file, goal.line, f"{goal.until!r} is reached before anything is done.")
    try:
        reached = Bench(to_dict(changed(session, goal.solution)))
        reached.look_up("spikes", (), {})
    except (ValueError, TypeError) as error:
        yield LessonFault(lesson.file, goal.line, f"the solution cannot be run: {error}")
        return
    if not met(goal.until, reached):
        yield LessonFault(lesson.file, goal.line, f"the solution does not reach {goal.until!r}.")
