"""Lessons as a page takes them: texts alone, without what is expected."""

from __future__ import annotations

import re
from typing import Any

from spark.analysis import PATTERNS

from ..session.session import Session
from .lesson import Ask, Goal, Lesson, Part, Text
from .sketches import frame
from .states import build, rows_of

_CONTROL = re.compile(r'"control:([^"]+)"')


def listed(lesson: Lesson) -> dict[str, Any]:
    """What a list tells of a lesson."""
    return _head(lesson) | {"questions": sum(_counts(part) for step in lesson.steps for part in step.parts)}


def _head(lesson: Lesson) -> dict[str, Any]:
    return {"id": lesson.id, "title": lesson.title, "summary": lesson.summary, "minutes": lesson.minutes}


def _counts(part: Part) -> bool:
    return isinstance(part, Ask) or (isinstance(part, Goal) and bool(part.until))


def told(lesson: Lesson) -> dict[str, Any]:
    """A lesson, of JSON types."""
    steps = []
    for at, step in enumerate(lesson.steps):
        session = build(*lesson.changes(at))
        parts = [_part(session, part) for part in step.parts]
        steps.append({"title": step.title, "parts": parts, "words": lesson.shown(at).words})
    return _head(lesson) | {"outcomes": lesson.outcomes, "reading": lesson.reading, "steps": steps}


def _part(session: Session, part: Part) -> dict[str, Any]:
    def linked(html: str) -> str:
        """With the keys of rows in place of the short names of values."""
        return _CONTROL.sub(lambda found: f'"control:{rows_of(session, [found[1]])[0]}"', html)

    if isinstance(part, Text):
        return {"kind": "text", "html": linked(part.html)}
    said: dict[str, Any] = {"id": part.id, "html": linked(part.html), "unit": "", "options": []}
    said |= {"hints": [linked(one) for one in part.hints], "reveal": linked(part.reveal)}
    if isinstance(part, Goal):
        return said | {"kind": "goal", "goal": True, "watched": bool(part.until), "predicts": False}
    said |= {"kind": part.kind, "unit": part.unit, "options": [option.html for option in part.options]}
    said |= {"predicts": bool(part.change)}
    if part.kind == "pattern":
        said |= {"patterns": PATTERNS}
    if part.kind == "sketch":
        said |= {"frame": frame(session, part), "of": part.expect}
    return said
