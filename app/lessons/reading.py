"""From a lesson's text file to a lesson; what it does not understand is refused with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from .fault import LessonFault, unknown
from .lesson import Ask, Goal, Lesson, Option, Part, Show, Step, Text
from .markdown import BLOCKS, parser
from .source import Source
from .states import linked

HEAD = {"title": str, "summary": str, "minutes": int, "outcomes": list, "reading": list}
KINDS = ("number", "choice", "several", "pattern", "point", "sketch", "open")
_OPTION = re.compile(r"^\s*[-*]?\s*(\[\((?P<one>.*?)\)\]|\[\[(?P<several>.*?)\]\])\s+(?P<text>\S.*)$")
LONGEST = 200_000
"""Characters of a lesson."""


def read(path: Path) -> Lesson:
    """The lesson of a file.

    Raises:
        LessonFault: it is not one.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise LessonFault(path.name, 1, "the file is no text in UTF-8: save it as such.") from error
    return from_text(text, path.name, re.sub(r"^\d+[-_ ]*", "", path.stem))


def from_text(text: str, file: str, key: str) -> Lesson:
    """The lesson of a text: see `docs/lessons.md`.

    Raises:
        LessonFault: it is not one.
    """
    if len(text) > LONGEST:
        raise LessonFault(file, 1, f"a lesson has at most {LONGEST:,} characters, not {len(text):,}.")
    return _Reader(text, file).lesson(key)


@dataclass
class _Open:
    """A step that is being read."""

    title: str
    line: int
    parts: list[Part] = field(default_factory=list)
    state: Mapping[str, Any] | None = None
    state_line: int = 0
    show: Show | None = None

    def done(self) -> Step:
        return Step(self.title, self.line, tuple(self.parts), self.state, self.state_line, self.show)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._source = Source(file, text.split("\n"))
        self._markdown = parser()
        self._env: dict[str, Any] = {}
        self._tokens = self._markdown.parse(text, self._env)
        self._asked = 0

    def lesson(self, key: str) -> Lesson:
        head = self._head()
        steps: list[_Open] = []
        for tokens in self._groups():
            first = tokens[0]
            line = first.map[0] + 1 if first.map else 1
            if first.type == "heading_open" and first.tag == "h2":
                steps.append(_Open(tokens[1].content, line))
            elif first.type == "front_matter":
                continue
            elif not steps:
                raise self._source.fault(line, "text before the first step: begin each step with a line '## Title'.")
            elif first.type == "container_block_open":
                self._block(steps[-1], first, tokens)
            else:
                html = self._markdown.renderer.render(tokens, self._markdown.options, self._env)
                last = steps[-1].parts[-1] if steps[-1].parts else None
                if isinstance(last, Text):
                    steps[-1].parts[-1] = Text(last.html + html)
                else:
                    steps[-1].parts.append(Text(html))
        if not steps:
            raise self._source.fault(1, "a lesson has steps: begin each with a line '## Title'.")
        bare = next((step for step in steps if not step.parts), None)
        if bare is not None:
            raise self._source.fault(bare.line, f"the step {bare.title!r} says and asks nothing.")
        return Lesson(id=key, file=self._source.file, steps=tuple(step.done() for step in steps), **head)

    def _groups(self) -> list[list[Token]]:
        """The tokens in groups that begin and end on the outermost level."""
        found: list[list[Token]] = []
        level = 0
        for token in self._tokens:
            if level == 0:
                found.append([])
            found[-1].append(token)
            level += token.nesting
        return found

    def _head(self) -> dict[str, Any]:
        token = self._tokens[0] if self._tokens else None
        if token is None or token.type != "front_matter":
            raise self._source.fault(
                1, "a lesson begins with its front matter: title, minutes and outcomes between lines '---'."
            )
        head = self._source.yaml(token.content, 2)
        for name, value in head.items():
            if name not in HEAD:
                raise self._source.fault(self._source.line_of(name, 2), unknown("field of a lesson", name, HEAD))
            if not isinstance(value, HEAD[name]):
                kind = {str: "a text", int: "a whole number", list: "a list"}[HEAD[name]]
                raise self._source.fault(self._source.line_of(name, 2), f"{name} must be {kind}, not {value!r}.")
        for name in ("title", "minutes", "outcomes"):
            if not head.get(name):
                raise self._source.fault(1, f"the front matter has no {name}.")
        inline = self._markdown.renderInline
        return {
            "title": head["title"],
            "summary": head.get("summary", ""),
            "minutes": head["minutes"],
            "outcomes": tuple(inline(str(one)) for one in head["outcomes"]),
            "reading": tuple(inline(str(one)) for one in head.get("reading", ())),
        }

    def _block(self, step: _Open, first: Token, tokens: list[Token]) -> None:
        assert first.map is not None
        line, end = first.map[0] + 1, first.map[1]
        words = first.info.split()
        name, kind = words[0], " ".join(words[1:])
        if name not in BLOCKS:
            raise self._source.fault(line, unknown("block", name, BLOCKS))
        if not re.match(r"^\s*:{3,}\s*$", self._source.lines[end] if end < len(self._source.lines) else ""):
            raise self._source.fault(line, f"the block {name} has no end: close it with a line ':::'.")
        if any(token.type == "container_block_open" for token in tokens[1:]):
            raise self._source.fault(line, f"a block stands in the block {name}: close that first, with a line ':::'.")
        if name != "ask" and kind:
            raise self._source.fault(line, f"the block {name} takes nothing on its first line, {kind!r} neither.")
        body = self._source.lines[line:end]
        match name:
            case "state":
                if step.state is not None:
                    raise self._source.fault(
                        line, "a step has one state: put the values together, or begin another step."
                    )
                step.state, step.state_line = self._state(body, line), line
            case "show":
                self._show(step, body, line)
            case "ask":
                self._ask(step, kind, body, line)
            case "goal":
                self._goal(step, body, line)
            case "hint" | "reveal":
                self._more(step, name, body, line)

    def _html(self, lines: list[str]) -> str:
        return str(self._markdown.render("\n".join(lines))).strip()

    def _state(self, body: list[str], line: int) -> dict[str, Any]:
        state = self._source.yaml("\n".join(body), line + 1)
        if "link" in state:
            try:
                linked(state["link"])
            except ValueError as error:
                raise self._source.fault(self._source.line_of("link", line + 1), str(error)) from error
        return state

    def _show(self, step: _Open, body: list[str], line: int) -> None:
        if step.show is not None:
            raise self._source.fault(line, "a step has one show: put it together, or begin another step.")
        fields, rest, at = self._source.split("show", body, line)
        if any(one.strip() for one in rest):
            raise self._source.fault(at, "show has fields alone: put texts after it.")
        names = {}
        for name in ("only", "locked"):
            value = fields.get(name, [])
            listed = [one.strip() for one in value.split(",")] if isinstance(value, str) else value
            if not isinstance(listed, list):
                raise self._source.fault(
                    self._source.line_of(name, line + 1), f"{name} is a list of values, such as amplitude, resistance."
                )
            names[name] = tuple(str(one) for one in listed)
        words = fields.get("words", False)
        if not isinstance(words, bool):
            raise self._source.fault(
                self._source.line_of("words", line + 1),
                f"words must be yes or no (whether the view's sentence is there from the beginning), not {words!r}.",
            )
        step.show = Show(str(fields.get("view", "") or ""), names["only"], names["locked"], line, words)

    def _ask(self, step: _Open, kind: str, body: list[str], line: int) -> None:
        if kind not in KINDS:
            raise self._source.fault(
                line, f"say what is asked for: 'ask {kind or 'number'}' must be one of {', '.join(KINDS)}."
            )
        fields, rest, at = self._source.split(kind, body, line)
        question, options = self._options(kind, rest, at)
        html = self._html(question)
        if not html:
            raise self._source.fault(line, "the question is missing: write it after an empty line.")
        expect, _, tolerance = str(fields.get("expect", "")).replace("+-", "±").partition("±")
        self._source.expression(expect, line)
        if kind in ("number", "point") and not (expect.strip() and tolerance.strip()):
            raise self._source.fault(
                line, f"ask {kind} needs what is expected and how near, such as 'expect: rheobase ± 2 %'."
            )
        if kind == "number" and "unit" not in fields:
            raise self._source.fault(
                line, "ask number needs its unit, such as 'unit: pA'; a plain number has 'unit: \"\"'."
            )
        of = fields.get("of", "lesson")
        if of not in ("lesson", "yours"):
            raise self._source.fault(
                line, f"of must be 'lesson' or 'yours' (the values that the student has set), not {of!r}."
            )
        change = fields.get("change") or {}
        if not isinstance(change, dict):
            raise self._source.fault(line, "change is a list of values by name, such as '{amplitude: 600}'.")
        unit = "" if fields.get("unit") is None else str(fields["unit"])
        step.parts.append(
            Ask(self._id(), kind, html, line, expect.strip(), tolerance.strip(), unit, of == "yours", change, options)
        )

    def _id(self) -> str:
        self._asked += 1
        return f"q{self._asked}"

    def _options(self, kind: str, lines: list[str], line: int) -> tuple[list[str], tuple[Option, ...]]:
        """The lines of a question without those of its options, and those."""
        question, options = [], []
        for at, text in enumerate(lines, line):
            found = _OPTION.match(text)
            if found is None or kind not in ("choice", "several"):
                question.append(text)
                continue
            group = "one" if kind == "choice" else "several"
            right = found[group]
            if right is None:
                sign = "[(...)]" if kind == "choice" else "[[...]]"
                raise self._source.fault(at, f"the answers of ask {kind} begin with {sign}.")
            if right.strip() in ("", "x", "X", " "):
                raise self._source.fault(
                    at, "answers are computed: in the brackets stands when it is right, such as [(rate > 20)]."
                )
            self._source.expression(right, at)
            options.append(Option(str(self._markdown.renderInline(found["text"])), right.strip(), at))
        if kind in ("choice", "several") and len(options) < 2:
            sign = "- [(rate > 20)] It fires faster." if kind == "choice" else "- [[rate > 20]] It fires faster."
            raise self._source.fault(line, f"ask {kind} needs two answers or more, each on a line as '{sign}'.")
        return question, tuple(options)

    def _goal(self, step: _Open, body: list[str], line: int) -> None:
        fields, rest, _ = self._source.split("goal", body, line)
        html = self._html(rest)
        if not html:
            raise self._source.fault(line, "the goal is missing: say it in words after an empty line.")
        until, solution = str(fields.get("until", "")), fields.get("solution") or {}
        self._source.expression(until, line)
        if bool(until) != bool(solution) or not isinstance(solution, dict):
            raise self._source.fault(
                line, "a goal with 'until' needs a solution, values with which it is reached: '{amplitude: 600}'."
            )
        step.parts.append(Goal(self._id(), html, line, until, solution))

    def _more(self, step: _Open, name: str, body: list[str], line: int) -> None:
        """A hint or a reveal, of the question or goal before it."""
        last = step.parts[-1] if step.parts else None
        if not isinstance(last, (Ask, Goal)):
            raise self._source.fault(line, f"{name} belongs to a question or a goal: put it right after one.")
        _, rest, _ = self._source.split(name, body, line)
        html = self._html(rest)
        if not html:
            raise self._source.fault(line, f"the {name} is empty.")
        if name == "reveal" and last.reveal:
            raise self._source.fault(line, "this question has a reveal already.")
        more = {"hints": (*last.hints, html)} if name == "hint" else {"reveal": html}
        step.parts[-1] = changed(last, **more)
