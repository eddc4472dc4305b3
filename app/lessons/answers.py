"""What the answer of a question is, computed on its state; and whether another one is near enough."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spark.analysis import PATTERNS

from .bench import Bench, place
from .expressions import evaluate
from .lesson import Ask

UNTOLD = "open"
"""The kind of question that nobody but the student answers."""
FACTOR = 1000.0
"""Between a unit and its neighbours."""
_TOLERANCE = re.compile(r"^(?P<size>[\d.]+(?:[eE][-+]?\d+)?)\s*(?P<unit>\S.*)?$")


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer."""

    right: bool
    words: str


@dataclass(frozen=True)
class Point:
    """A fixed point, and how far from it an answer may be in each variable."""

    potential: float
    second: float | None
    near: float
    near_second: float


def tolerance(ask: Ask, value: float) -> float:
    """How far an answer may be off, in the answer's unit.

    Raises:
        ValueError: it is no number with % or the question's unit.
    """
    found = _TOLERANCE.match(ask.tolerance)
    unit = (found["unit"] or "").strip() if found else ""
    if found is None or unit not in ("%", "", ask.unit, "mV" if ask.kind == "point" else ask.unit):
        raise ValueError(f"'± {ask.tolerance}' is no tolerance: write for example '± 2 %' or '± 5 {ask.unit}'.")
    size = float(found["size"])
    if not 0 < size < math.inf:
        raise ValueError(f"the tolerance must be above 0, not {ask.tolerance}.")
    return abs(value) * size / 100 if unit == "%" else size


def number(ask: Ask, bench: Bench) -> tuple[float, float]:
    """The expected number and how far an answer may be off.

    Raises:
        ValueError: it has no value here, or is no number.
    """
    value = evaluate(ask.expect, bench.changed(dict(ask.change)))
    if isinstance(value, (bool, str)) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{ask.expect!r} is {value!r} here, and no number.")
    near = tolerance(ask, float(value))
    if near == 0:
        raise ValueError(f"{ask.expect!r} is 0 here, and a part of that is nothing: write '± 1 {ask.unit}'.")
    return float(value), near


def right_options(ask: Ask, bench: Bench) -> list[int]:
    """The places of the answers that are right.

    Raises:
        ValueError: none of them is, or of a choice not exactly one.
    """
    found = [at for at, option in enumerate(ask.options) if _true(option.right, bench)]
    if not found or (ask.kind == "choice" and len(found) != 1):
        which = ", ".join(str(at + 1) for at in found) or "none"
        raise ValueError(
            f"{'one answer' if ask.kind == 'choice' else 'an answer'} must be right here; right are: {which}."
        )
    return found


def _true(text: str, bench: Bench) -> bool:
    value = evaluate(text, bench)
    if not isinstance(value, bool):
        raise ValueError(f"{text!r} is {value!r} here, and neither true nor false: compare it with something.")
    return value


def met(text: str, bench: Bench) -> bool:
    """Whether a goal is reached; what has no value yet is not."""
    try:
        return _true(text, bench)
    except ValueError:
        return False


def patterns(ask: Ask, bench: Bench) -> tuple[str, ...]:
    """The words of the pattern, each of which is a right answer."""
    return bench.changed(dict(ask.change)).outcome.firing.patterns


def point(ask: Ask, bench: Bench) -> Point:
    """The expected fixed point.

    Raises:
        ValueError: there is no such point.
    """
    found = place(bench, ask.expect)
    if found is None:
        raise ValueError(
            f"there is no fixed point {ask.expect!r} here: name one by its type, such as 'saddle' or 'stable'."
        )
    near = tolerance(ask, found.potential)
    if found.second is None:
        return Point(found.potential, None, near, math.inf)
    (fv, fx), (gv, gx) = found.jacobian
    slope = max(abs(fv / fx) if fx else 0.0, abs(gv / gx) if gx else 0.0)  # of the two nullclines there
    return Point(found.potential, found.second, near, near * slope)


def check(ask: Ask, bench: Bench, answer: Any) -> Verdict:
    """Whether an answer is right.

    Args:
        ask: the question.
        bench: its state.
        answer: a number; the place of an option; a list of places; a pattern; a state as a dict. Of a page, so that
            nothing of it is believed.

    Raises:
        ValueError: the answer is of another kind, or the question has no answer in this state.
    """
    match ask.kind:
        case "number":
            return _check_number(ask, bench, answer)
        case "choice":
            _place(ask, answer)
            return _verdict(answer in right_options(ask, bench))
        case "several":
            chosen = {_place(ask, one) for one in answer} if isinstance(answer, list) else set()
            right = set(right_options(ask, bench))
            if chosen == right:
                return Verdict(True, "Right.")
            wrong, missing = len(chosen - right), len(right - chosen)
            return Verdict(
                False,
                "One of these is not right." if wrong else f"{missing} more {'is' if missing == 1 else 'are'} right.",
            )
        case "pattern":
            if answer not in PATTERNS:
                raise ValueError("choose one of the patterns.")
            return _verdict(answer in patterns(ask, bench))
        case "point":
            return _check_point(ask, bench, answer)
        case _:
            return Verdict(True, "Kept.")


def _verdict(right: bool) -> Verdict:
    return Verdict(right, "Right." if right else "Not this one.")


def _place(ask: Ask, answer: Any) -> int:
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(ask.options):
        raise ValueError("choose one of the answers.")
    return answer


def _check_number(ask: Ask, bench: Bench, answer: Any) -> Verdict:
    if isinstance(answer, bool) or not isinstance(answer, (int, float)) or not math.isfinite(answer):
        raise ValueError(f"the answer is a number{f' in {ask.unit}' if ask.unit else ''}.")
    value, near = number(ask, bench)
    if abs(answer - value) <= near:
        return Verdict(True, "Right.")
    for factor in (FACTOR, 1 / FACTOR):
        if ask.unit and abs(value) > near and abs(answer * factor - value) <= near:
            return Verdict(False, f"The digits are right, the unit is not: the answer is asked for in {ask.unit}.")
    if abs(answer + value) <= near:
        return Verdict(False, "The size is right, the sign is not.")
    return Verdict(False, "Too high." if answer > value else "Too low.")


def _check_point(ask: Ask, bench: Bench, answer: Any) -> Verdict:
    wanted = point(ask, bench)
    if not isinstance(answer, dict) or "potential" not in answer:
        return Verdict(False, "Click the point in the phase plane first: the run then begins there.")
    names = [variable.name for variable in bench.session.soma.system.variables]
    seconds = [answer[name] for name in names if name != "potential" and name in answer]
    near = abs(answer["potential"] - wanted.potential) <= wanted.near
    if wanted.second is not None and seconds:
        near = near and abs(seconds[0] - wanted.second) <= wanted.near_second
    return Verdict(bool(near), "Right." if near else "Not this point.")


def told(ask: Ask, bench: Bench) -> str:
    """The answer in words, for whoever gives up."""
    match ask.kind:
        case "number":
            value, _ = number(ask, bench)
            return f"{value:.4g} {ask.unit}".strip()
        case "choice" | "several":
            return " ".join(ask.options[at].html for at in right_options(ask, bench))
        case "pattern":
            return " ".join(patterns(ask, bench))
        case "point":
            found = point(ask, bench)
            return f"the point at {found.potential:.1f} mV" + (
                f", {found.second:.3g}" if found.second is not None else ""
            )
        case _:
            return ""


def trials(ask: Ask, bench: Bench) -> list[tuple[Any, bool]]:
    """Answers with whether each is right: at the edges of what is near enough, and beyond.

    Raises:
        ValueError: the question has no answer in its state.
    """
    match ask.kind:
        case "number":
            value, near = number(ask, bench)
            inside = [value, value + 0.99 * near, value - 0.99 * near]
            return [(one, True) for one in inside] + [
                (one, False) for one in (value + 1.01 * near, value - 1.01 * near)
            ]
        case "choice":
            right = right_options(ask, bench)
            return [(at, at in right) for at in range(len(ask.options))]
        case "several":
            right = right_options(ask, bench)
            others: Sequence[list[int]] = [[at for at in range(len(ask.options)) if at not in right], right[:-1]]
            return [(right, True), *((one, False) for one in others)]
        case "pattern":
            return [(one, one in patterns(ask, bench)) for one in PATTERNS]
        case "point":
            found = point(ask, bench)
            names = [variable.name for variable in bench.session.soma.system.variables]
            where = {"potential": found.potential}
            if found.second is not None:
                where[next(name for name in names if name != "potential")] = found.second
            far = where | {"potential": found.potential + 2 * found.near}
            return [(where, True), (far, False), ({}, False)]
        case _:
            return []
