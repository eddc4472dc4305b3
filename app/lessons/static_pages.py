"""Lessons as files: one HTML page each, with live figures, which need no server and no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..client.bundle import script
from ..session.session import Session
from ..session.share import from_dict, to_dict
from ..sidebar.row_specs import model_rows, run_rows, stimulus_rows
from ..static_page.content import VIEWS, Content
from ..static_page.live_page import DOCUMENT, as_function, in_page, katex
from ..views.catalogue import catalogue as views
from .bench import Bench
from .conditions import condition
from .lesson import Ask, Goal, Lesson, Part, Show, Text
from .sealed import sealed
from .states import build, changed, rows_of
from .telling import listed, told

MODULE = """const course = {course}
const modules = {{{modules}}}
const goals = {{{goals}}}
{script}
globalThis.course = render(document.getElementById("course"), course, modules, goals)"""
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lessons</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }}
ol {{ padding-left: 1.5rem; }} li {{ margin: .8rem 0; }} p {{ margin: 0; }} small {{ opacity: .75; }}
</style>
</head>
<body>
<h1>Lessons</h1>
<ol>
{items}
</ol>
</body>
</html>
"""
ITEM = '<li><a href="{id}.html">{title}</a> <small>{minutes} min</small><p>{summary}</p></li>'
SEVERAL = "This step is of several neurons: they run in Spark’s app alone."
TICK = "<p><em>This page cannot see whether it is so: tick it yourself.</em></p>"


class Figures:
    """The live figures of a lesson: what has the same model and views is one, with a state for each set of values."""

    def __init__(self) -> None:
        self.contents: dict[tuple[str, tuple[str, ...]], Content] = {}
        self._states: dict[str, str] = {}

    def place(self, session: Session, show: Show) -> dict[str, Any]:
        """Which figure shows a session, and with which of its states; or why none does."""
        if session.settings.units != 1 or session.spread:
            return {"why": SEVERAL}
        session = from_dict(to_dict(session))
        only, locked = _keys(session, show.only), _keys(session, show.locked)
        session.capacitive = False  # its rows are what the soma's step takes
        there = {row["key"] for rows in (model_rows, run_rows, stimulus_rows) for row in rows(session) if _slides(row)}
        only, locked = only & there, locked & there
        seen = tuple(view for view in VIEWS if view == show.view)
        key = (session.soma.__name__, seen)
        document = json.dumps([key, to_dict(session), sorted(only), sorted(locked)], sort_keys=True)
        fresh = document not in self._states
        state = self._states.setdefault(document, f"s{len(self._states)}")
        sliders = only or None
        if key not in self.contents:
            self.contents[key] = Content(session, seen, sliders, locked, "", "", "", presets_too=False)
            self.contents[key].states[0]["id"] = state
        elif fresh:
            self.contents[key].add(session, state, "", sliders, locked)
        missing = show.view not in ("", "none", *VIEWS)
        why = f"The view “{views()[show.view].title}” is in Spark’s app alone." if missing else ""
        return {"figure": list(self.contents).index(key), "state": state, "why": why}


def _slides(row: Mapping[str, Any]) -> bool:
    return row["kind"] == "slider"


def _keys(session: Session, names: Iterable[str]) -> set[str]:
    """Rows of these values; capacitance and leak are those of time constant and resistance."""
    keys = set(rows_of(session, names))
    if any(key.startswith("membrane.") for key in keys):
        keys |= {"config.potential_tau", "config.resistance"}
    return keys


def page(lesson: Lesson, lessons: Iterable[Lesson]) -> str:
    """The page of a lesson.

    Args:
        lesson: which one.
        lessons: all that its list leads to.

    Raises:
        ValueError: a question has no answer, or a state cannot be shown.
    """
    figures = Figures()
    steps: list[dict[str, Any]] = []
    seen: dict[str, dict[str, Any]] = {}
    expected: dict[str, str] = {}
    goals: dict[str, str] = {}
    plain = told(lesson)
    for at, step in enumerate(lesson.steps):
        session, show = build(*lesson.changes(at)), lesson.shown(at)
        steps.append(figures.place(session, show) | {"fresh": step.state is not None})
        for part, said in zip(step.parts, plain["steps"][at]["parts"], strict=True):
            if isinstance(part, Text):
                continue
            try:
                if (changes := _changes(part)) is not None:
                    seen[part.id] = figures.place(changed(session, changes), show)
                if isinstance(part, Goal) and part.until:
                    found = condition(part.until, session)
                    goals |= {part.id: found} if found else {}
                    said |= {} if found else {"kind": "tick", "html": said["html"] + TICK}
                elif isinstance(part, Ask) and (part.yours or part.kind == "point"):
                    said |= {"kind": "tick", "html": said["html"] + TICK}
                elif isinstance(part, Ask):
                    expected[part.id] = sealed(part, Bench(to_dict(session)))
            except ValueError as error:
                raise ValueError(f"{lesson.file}:{part.line}: {error}") from error
    contents = [content.plain for content in figures.contents.values()]
    modules = {
        f"{content.plain['model']} {solver}": module
        for content in figures.contents.values()
        for solver, module in content.modules.items()
    }
    course = {"lesson": plain, "list": [listed(one) for one in lessons], "steps": steps, "seen": seen}
    course |= {"expected": expected, "contents": contents}
    module = MODULE.format(
        course=in_page(json.dumps(course, separators=(",", ":"), ensure_ascii=False)),
        modules=in_page(",\n".join(f"{json.dumps(name)}: {as_function(one)}" for name, one in modules.items())),
        goals=in_page(", ".join(f"{json.dumps(key)}: {one}" for key, one in goals.items())),
        script=in_page(script("course/course.js").replace("export const render", "const render")),
    )
    return DOCUMENT.format(title=escape(lesson.title), root="course", katex=katex(), module=module)


def _changes(part: Part) -> Mapping[str, Any] | None:
    """What is set to show what was asked for, None for nothing."""
    if isinstance(part, Goal):
        return part.solution or None
    return part.change or None if isinstance(part, Ask) else None


def export(lessons: Iterable[Lesson], folder: Path) -> list[tuple[Path, int]]:
    """Write lessons and a list of them into a folder; the files with their sizes in bytes.

    Raises:
        ValueError: a question has no answer.
        OSError: a file cannot be written.
    """
    lessons = list(lessons)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lesson in lessons:
        text = page(lesson, lessons)
        (folder / f"{lesson.id}.html").write_text(text, "utf-8")
        written.append((folder / f"{lesson.id}.html", len(text.encode())))
    told_of = ({key: escape(str(one)) for key, one in listed(lesson).items()} for lesson in lessons)
    text = INDEX.format(items="\n".join(ITEM.format(**one) for one in told_of))
    (folder / "index.html").write_text(text, "utf-8")
    return [*written, (folder / "index.html", len(text.encode()))]
