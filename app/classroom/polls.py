"""A poll of the class: what a teacher asks, and what a student may answer. Nothing that a page says is believed."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from spark.analysis import PATTERNS

from ..run.predicted import frame
from ..session.share import from_dict as session_of
from . import limits

KINDS = ("predict", "choice", "number")
ASKS = ("pattern", "rate", "sketch")
"""What can be asked of a run that is predicted."""
FEWEST = 2
"""Options of a choice."""
LONGEST = {"question": limits.QUESTION, "option": limits.OPTION, "unit": 20}
"""Characters of a text."""
PREDICT = "What will this neuron do?"


@dataclass(frozen=True)
class Poll:
    """A question to all of a room.

    Attributes:
        id: of this poll, without a slash.
        kind: "choice", "number" or "predict".
        question: plain text.
        options: of a choice, plain text.
        unit: of a number.
        asks: what is predicted, some of `ASKS`.
        document: the session that is predicted, as `app.session.share` writes it.
        frame: the axes of a sketch's pad: `time` (ms) and `range` (mV).
        right: None where nothing is; of a choice the index; of a number `value` and `near`; of a prediction what
            `app.classroom.revealing.computed` found.
    """

    id: str
    kind: str
    question: str
    options: tuple[str, ...] = ()
    unit: str = ""
    asks: tuple[str, ...] = ()
    document: Mapping[str, Any] | None = None
    frame: Mapping[str, Any] | None = None
    right: Any = None

    def to_dict(self) -> dict[str, Any]:
        """As plain data (JSON types)."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    def answer(self, said: Any) -> Any:
        """An answer of a student's page, checked, as plain data.

        Returns:
            The index of an option, a number, or of a prediction what was said of each thing that is asked: `pattern`,
            `rate` (Hz) and `sketch` (points of ms and mV within the frame, from left to right), None where nothing was.

        Raises:
            ValueError: it answers something else; the message is for the student.
        """
        if self.kind == "choice":
            if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said < len(self.options):
                raise ValueError("choose one of the options.")
            return said
        if self.kind == "number":
            return _finite(said, "type a number.")
        return self._prediction(said)

    def _prediction(self, said: Any) -> dict[str, Any]:
        if not isinstance(said, Mapping):
            raise ValueError("this is no prediction.")
        found: dict[str, Any] = dict.fromkeys(self.asks)
        for name in self.asks:
            one = said.get(name)
            if one is not None:
                found[name] = (
                    _pattern(one) if name == "pattern" else self._sketch(one) if name == "sketch" else _rate(one)
                )
        if all(one is None for one in found.values()):
            raise ValueError("predict something first.")
        return found

    def _sketch(self, said: Any) -> list[list[float]]:
        wrong = "draw the potential into the pad first, from left to right."
        if not isinstance(said, list) or len(said) < 2:
            raise ValueError(wrong)
        if len(said) > limits.SKETCH:
            raise ValueError(f"a sketch has at most {limits.SKETCH} points, not {len(said)}.")
        if not all(isinstance(one, list) and len(one) == 2 for one in said):
            raise ValueError(wrong)
        points = np.array([[_finite(one, wrong) for one in pair] for pair in said])
        axes = self.frame or {}
        for k, name in enumerate(("time", "range")):
            points[:, k] = np.clip(points[:, k], *axes[name])
        points = points[np.argsort(points[:, 0], kind="stable")]
        if points[0, 0] == points[-1, 0]:
            raise ValueError(wrong)
        return points.tolist()


def read(said: Any, document: Mapping[str, Any] | None = None) -> Poll:
    """The poll that a teacher's page asks.

    Args:
        said: `kind`, `question`; of a choice `options`, of a number `unit`, of a prediction `asks`; `right` where the
            teacher gives one: an index, or `value` and `near` (how far off is right, 0 without it).
        document: the teacher's session, which a prediction is about.

    Raises:
        ValueError: it is none; the message is for the teacher.
    """
    if not isinstance(said, Mapping) or said.get("kind") not in KINDS:
        raise ValueError(f"a poll is one of: {', '.join(KINDS)}.")
    kind, key = said["kind"], secrets.token_hex(8)
    if kind == "predict":
        return _predicted(key, said, document)
    question = _text(said.get("question"), "question")
    if not question:
        raise ValueError("write the question first.")
    if kind == "choice":
        options = _options(said.get("options"))
        return Poll(key, kind, question, options=options, right=_right_option(said.get("right"), options))
    return Poll(key, kind, question, unit=_text(said.get("unit"), "unit"), right=_right_number(said.get("right")))


def from_dict(data: Mapping[str, Any]) -> Poll:
    """The poll that `to_dict` wrote; what stands beside it, such as its stage, is left alone."""
    found: dict[str, Any] = {one.name: data[one.name] for one in fields(Poll)}
    return Poll(**(found | {name: tuple(found[name]) for name in ("options", "asks")}))


def _predicted(key: str, said: Mapping[str, Any], document: Mapping[str, Any] | None) -> Poll:
    wanted = said.get("asks")
    if not isinstance(wanted, list) or not wanted or any(one not in ASKS for one in wanted):
        raise ValueError(f"choose what is to be predicted: {', '.join(ASKS)}.")
    asks = tuple(one for one in ASKS if one in wanted)
    if document is None:
        raise ValueError("there is no session to predict.")
    axes = _plain(frame(session_of(document)))
    question = _text(said.get("question"), "question") or PREDICT
    return Poll(key, "predict", question, asks=asks, document=document, frame=axes)


def _options(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not FEWEST <= len(said) <= limits.OPTIONS:
        raise ValueError(f"a choice has {FEWEST} to {limits.OPTIONS} options.")
    options = tuple(_text(one, "option") for one in said)
    for at, one in enumerate(options):
        if not one:
            raise ValueError(f"option {at + 1} is empty: write it, or take it away.")
        if one in options[:at]:
            raise ValueError(f"options {options.index(one) + 1} and {at + 1} are the same.")
    return options


def _right_option(said: Any, options: tuple[str, ...]) -> int | None:
    if said is None:
        return None
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said < len(options):
        raise ValueError("the right answer is none of the options.")
    return said


def _right_number(said: Any) -> dict[str, float] | None:
    if said is None:
        return None
    if not isinstance(said, Mapping):
        raise ValueError("the right answer is a number, and how far off is right as well.")
    value = _finite(said.get("value"), "the right answer is not a number.")
    near = _finite(said.get("near") or 0, "how far off is right as well is not a number.")
    if near < 0:
        raise ValueError("how far off is right as well cannot be negative.")
    return {"value": value, "near": near}


def _text(said: Any, what: str) -> str:
    if said is None:
        return ""
    if not isinstance(said, str):
        raise ValueError(f"the {what} is no text.")
    # Half of a surrogate pair is a string to Python and to a page, but to no database.
    text = " ".join(said.encode("utf-8", "replace").decode().replace("\0", "").split())
    if len(text) > LONGEST[what]:
        raise ValueError(f"the {what} has {len(text)} characters: at most {LONGEST[what]}.")
    return text


def _pattern(said: Any) -> str:
    if not isinstance(said, str) or said not in PATTERNS:
        raise ValueError(f"the pattern is one of: {', '.join(PATTERNS)}.")
    return said


def _rate(said: Any) -> float:
    value = _finite(said, "the rate is not a number (Hz).")
    if value < 0:
        raise ValueError("a rate cannot be negative.")
    return value


def _finite(said: Any, wrong: str) -> float:
    if isinstance(said, bool) or not isinstance(said, (int, float)):
        raise ValueError(wrong)
    try:
        value = float(said)
    except OverflowError as error:  # JSON has integers beyond every float
        raise ValueError(wrong) from error
    if not math.isfinite(value):
        raise ValueError(wrong)
    return value


def _plain(value: Any) -> Any:
    """With lists in place of tuples, as JSON has it."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
