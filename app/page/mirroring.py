"""What a teacher's page is sent while a hand moves, for those who follow as well: forty runs cost what one does.

A frame holds only what has changed since the one before, as the teacher's own picture does. Pages of other processes
get none: they run what the teacher has themselves, and so does every page once the hand rests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Frame:
    """A picture of the teacher's page.

    Attributes:
        document: the teacher's session.
        layout: where the arrays of each source lie.
        line: read-outs and texts.
        data: the arrays.
    """

    document: dict[str, Any]
    layout: dict[str, Any]
    line: dict[str, Any]
    data: bytes
    _moved: dict[int, tuple[Any, dict[str, Any] | None]] = field(default_factory=dict)

    def moved(self, base: dict[str, Any]) -> dict[str, Any] | None:
        """By rows' keys, what is otherwise than in `base`; None where a page must draw that itself.

        It must where more than values differ, or the run is another one in length or size: its axes are.
        """
        found = self._moved.get(id(base))
        if found is None:  # the class has one document in common, as a rule
            found = self._moved[id(base)] = base, moves(base, self.document)
        values = found[1]
        return None if values is None or any(key.startswith("run.") for key in values) else values


Take = Callable[[Frame], None]
_pages: dict[str, set[Take]] = {}
_teachers: dict[str, int] = {}
_lock = threading.Lock()


def join(code: str, take: Take) -> None:
    """Take the frames of this room from now on, in whichever thread they come."""
    with _lock:
        _pages[code] = _pages.get(code, set()) | {take}


def leave(code: str, take: Take) -> None:
    """Take them no longer."""
    with _lock:
        _pages[code] = _pages.get(code, set()) - {take}
        if not _pages[code]:
            del _pages[code]


def teach(code: str, by: int) -> None:
    """A teacher's page is in this room (1), or leaves it (-1)."""
    with _lock:
        _teachers[code] = _teachers.get(code, 0) + by
        if not _teachers[code]:
            del _teachers[code]


def is_mirrored(code: str) -> bool:
    """Whether frames of this room come: one teacher's page is here."""
    return _teachers.get(code, 0) == 1


def send(code: str, frame: Frame) -> None:
    """Send a frame to all."""
    for take in tuple(_pages.get(code, ())):
        take(frame)


def moves(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any] | None:
    """By rows' keys, the values that lead from one document to another; None where more than values differs."""
    alike = ("version", "model", "preset", "initial", "membrane")
    if any(now.get(name) != then.get(name) for name in alike) or len(now["stimulus"]) != len(then["stimulus"]):
        return None
    groups = {name: (now[name], then[name]) for name in ("config", "run", "spread")}
    groups |= {f"stimulus.{i}": pair for i, pair in enumerate(zip(now["stimulus"], then["stimulus"], strict=True))}
    found: dict[str, Any] = {}
    for prefix, (old, new) in groups.items():
        if old.keys() != new.keys():
            return None
        for name, value in new.items():
            if value == old[name]:
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return None
            found[f"{prefix}.{name}"] = value
    return found
