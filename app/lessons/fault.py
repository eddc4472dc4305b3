"""What is wrong with a lesson, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LessonFault(ValueError):
    """A mistake in a lesson: file, line and what to do, in one sentence."""

    def __init__(self, file: str, line: int, words: str) -> None:
        super().__init__(f"{file}:{line}: {words}")
        self.file, self.line, self.words = file, line, words


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """That there is no such thing; the nearest one where it looks like a slip, otherwise all that there are."""
    names = list(known)
    near = difflib.get_close_matches(word, names, 1)
    return f"there is no {what} {word!r}: " + (f"did you mean {near[0]!r}?" if near else f"use {', '.join(names)}.")
