"""A lesson: what its text file says, read and checked for form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """Words: HTML of Markdown."""

    html: str


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from; it is right where its expression is true."""

    html: str
    right: str
    line: int


@dataclass(frozen=True)
class Ask:
    """A question.

    Attributes:
        id: within the lesson.
        kind: "number", "choice", "several", "pattern", "point", "sketch" or "open".
        html: the question.
        line: where it stands in the file.
        expect: expression of the answer; "" for choices, whose options have them, and open questions.
        tolerance: how far an answer may be off, as text after the sign ±.
        unit: of a number, or of the tolerance.
        yours: whether it is about the values that the student has set, and not those of the lesson.
        change: what is different in the run that is asked for, by short name.
        options: of a choice.
        hints: one after the other, HTML.
        reveal: what is said once it is answered, HTML.
    """

    id: str
    kind: str
    html: str
    line: int
    expect: str = ""
    tolerance: str = ""
    unit: str = ""
    yours: bool = False
    change: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    hints: tuple[str, ...] = ()
    reveal: str = ""


@dataclass(frozen=True)
class Goal:
    """What is to be reached with the sliders; it is seen in the run.

    Attributes:
        id: within the lesson.
        html: what it is.
        line: where it stands in the file.
        until: expression that is true once it is reached; "" for a goal that is only said.
        solution: values with which it is, by short name: the proof that it can be.
        hints: one after the other, HTML.
        reveal: what is said once it is reached, HTML.
    """

    id: str
    html: str
    line: int
    until: str = ""
    solution: Mapping[str, Any] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    reveal: str = ""


@dataclass(frozen=True)
class Show:
    """What the page shows in a step.

    Attributes:
        view: name of the view beside the traces, "none" for none, "" for the one that is open.
        only: short names of the values that have a row, () for all.
        locked: short names of rows that cannot be moved.
        line: where it stands in the file.
        words: whether what the view says of the run is there before the step's questions are answered.
    """

    view: str = ""
    only: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    line: int = 0
    words: bool = False


Part = Text | Ask | Goal


@dataclass(frozen=True)
class Step:
    """What is shown at once.

    Attributes:
        title: its heading.
        line: where it stands in the file.
        parts: texts, questions and goals in their order.
        state: what it sets, by short name; None where it goes on with what there is.
        state_line: where that stands.
        show: what the page shows; None where it goes on as it was.
    """

    title: str
    line: int
    parts: tuple[Part, ...]
    state: Mapping[str, Any] | None = None
    state_line: int = 0
    show: Show | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes:
        id: of its file's name.
        file: as it is named in faults.
        title: its name.
        summary: one sentence.
        minutes: how long it takes.
        outcomes: what a student can do afterwards, HTML.
        reading: the sections of textbooks that go with it, HTML.
        steps: its steps.
    """

    id: str
    file: str
    title: str
    summary: str
    minutes: int
    outcomes: tuple[str, ...]
    reading: tuple[str, ...]
    steps: tuple[Step, ...]

    def changes(self, step: int) -> list[Mapping[str, Any]]:
        """What leads to the state of a step, from the beginning of the lesson on."""
        return [one.state for one in self.steps[: step + 1] if one.state is not None]

    def shown(self, step: int) -> Show:
        """What the page shows in a step."""
        return next((one.show for one in reversed(self.steps[: step + 1]) if one.show is not None), Show())

    def find(self, key: str) -> tuple[int, Ask | Goal]:
        """The step in which a question or goal stands, and it.

        Raises:
            KeyError: there is none.
        """
        for at, step in enumerate(self.steps):
            for part in step.parts:
                if not isinstance(part, Text) and part.id == key:
                    return at, part
        raise KeyError(key)
