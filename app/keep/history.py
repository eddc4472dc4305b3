"""What was changed, to be taken back and done again: documents of `app/session/share.py`, each with its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

DEEPEST = 200
"""Changes that can be taken back."""
Document = dict[str, Any]


class History:
    """The documents that a session went through, in the order of the hand's gestures.

    Args:
        document: the session as it begins.
    """

    def __init__(self, document: Document) -> None:
        self._steps: list[tuple[str, Document]] = [("", document)]
        self._at = 0

    @classmethod
    def restored(cls, steps: Iterable[tuple[str, Document]], at: int) -> History:
        """What `steps` told, of which so many are done."""
        (_, first), *others = steps
        history = cls(first)
        for words, document in others:
            history.record(document, words)
        history.go(at)
        return history

    @property
    def now(self) -> Document:
        """What is shown."""
        return self._steps[self._at][1]

    @property
    def words(self) -> list[str]:
        """What each change was, the first one first; also of those that were taken back."""
        return [words for words, _ in self._steps[1:]]

    @property
    def at(self) -> int:
        """How many of them are done."""
        return self._at

    def record(self, document: Document, words: str) -> bool:
        """A change was made: those that were taken back before are gone; False where it is none."""
        if document == self.now:
            return False
        del self._steps[self._at + 1 :]
        self._steps.append((words, _shared(self.now, document)))
        del self._steps[: -DEEPEST - 1]
        self._at = len(self._steps) - 1
        return True

    def settle(self, document: Document) -> None:
        """What is shown now, as it is written now: a step that was kept may be of an older writing."""
        self._steps[self._at] = (self._steps[self._at][0], document)

    def steps(self, since: int = 0) -> list[tuple[str, Document]]:
        """Each change with its words and what it has made of the session; before them, without words, how it began."""
        return self._steps[since:]

    def go(self, at: int) -> Document:
        """Take changes back, or do them again, until so many are done."""
        self._at = min(max(at, 0), len(self._steps) - 1)
        return self.now


def _shared(old: Any, new: Any) -> Any:
    """The new one, with what is equal in the old one's place: a current of many values is kept once."""
    if type(old) is type(new) and old == new:
        return old
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: _shared(old.get(key), value) for key, value in new.items()}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [_shared(*pair) for pair in zip(old, new, strict=True)]
    return new
