"""The lines of a lesson's text: fields and expressions that stand there, and what is wrong with them, by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from .expressions import parse
from .fault import LessonFault, unknown

FIELDS = {
    "goal": ("until", "solution"),
    "show": ("view", "only", "locked", "words"),
    "hint": (),
    "reveal": (),
    "number": ("expect", "unit", "of", "change"),
    "choice": ("of", "change"),
    "several": ("of", "change"),
    "pattern": ("of", "change"),
    "point": ("expect", "of"),
    "sketch": ("expect", "unit", "change"),
    "open": (),
}
"""Fields of each block, and of each kind of question."""
_FIELD = re.compile(r"^[a-z_]+ *:(\s|$)")


@dataclass(frozen=True)
class Source:
    """A lesson's text.

    Attributes:
        file: as it is named in faults.
        lines: of the text.
    """

    file: str
    lines: list[str]

    def fault(self, line: int, words: str) -> LessonFault:
        """What is wrong on a line."""
        return LessonFault(self.file, line, words)

    def line_of(self, name: str, line: int) -> int:
        """The line on which a field stands, from `line` on."""
        for at in range(line - 1, len(self.lines)):
            if re.match(rf"^\s*{re.escape(str(name))}\s*:", self.lines[at]):
                return at + 1
        return line

    def yaml(self, text: str, line: int) -> dict[str, Any]:
        """Fields that begin on this line.

        Raises:
            LessonFault: they are none.
        """
        try:
            found = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or "it cannot be read"
            raise self.fault(
                line + (mark.line if mark else 0),
                f"these fields are no YAML ({said}): write 'name: value', and quotes around values with ': ' or '#'.",
            ) from error
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise self.fault(line, "fields are expected here, each as 'name: value'.")
        return {str(name): value for name, value in found.items()}

    def split(self, kind: str, body: list[str], line: int) -> tuple[dict[str, Any], list[str], int]:
        """The fields at the beginning of a block, the lines after them, and where those begin.

        Args:
            kind: of the block, or of the question.
            body: its lines.
            line: on which it begins.

        Raises:
            LessonFault: a field that it does not have.
        """
        count = 0
        if body and _FIELD.match(body[0]):
            count = next((at for at, one in enumerate(body) if not one.strip()), len(body))
        fields = self.yaml("\n".join(body[:count]), line + 1)
        for name in fields:
            if name not in FIELDS[kind]:
                where = self.line_of(name, line + 1)
                allowed = FIELDS[kind]
                if not allowed:
                    raise self.fault(where, f"{kind} has no fields, {name!r} neither: leave a line empty before texts.")
                raise self.fault(where, unknown(f"field of {kind}", name, allowed))
        return fields, body[count:], line + 1 + count

    def expression(self, text: str, line: int) -> None:
        """Refuse what is no expression."""
        if text.strip():
            try:
                parse(text)
            except ValueError as error:
                raise self.fault(line, str(error)) from error
