"""The panel of lessons: texts, questions and goals beside the plots; what they mean, `app/page/teaching.py` knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bundle import script
from .messenger import Messenger


class Lessons(Messenger):
    """Nothing at all, until it is opened: then a panel with the list of lessons, or one of them.

    What a student has answered is kept by the browser. `on` holds what is done with each thing that the page says, by
    its type: "open", "step", "answer", "give", "see", "back", "free" and "leave"; "predict" and "predicted".
    """

    _esm = script("lessons/lessons.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on: dict[str, Callable[[dict[str, Any]], None]] = {}
        self._list: list[dict[str, Any]] = []
        self._lesson: dict[str, Any] | None = None

    def show_list(self, lessons: list[dict[str, Any]]) -> None:
        """Tell which lessons there are: id, title, summary, minutes and how many questions each has."""
        self._list = lessons
        self.tell({"list": lessons})

    def show(self, lesson: dict[str, Any] | None) -> None:
        """Open a lesson, with all of its texts; None goes back to the list."""
        self._lesson = lesson
        self.tell({"lesson": lesson})

    def open(self) -> None:
        """Open the panel, or close it."""
        self.tell({"toggle": True})

    def tell_again(self) -> None:
        """Tell the list once more; the page has the lesson, or asks for it."""
        self.tell({"list": self._list})

    def hear(self, message: dict[str, Any]) -> None:
        """Hand on what the page says."""
        act = self.on.get(str(message.get("type")))
        if act is not None:
            act(message)
