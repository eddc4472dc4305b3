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
    """A picture of a teacher's page.

    Attributes:
        page: which one.
        document: the teacher's session.
        layout: where the arrays of each source lie.
        line: read-outs and texts.
        data: the arrays.
        view: whose sources these are; None: those of the traces, which every page has.
    """

    page: str
    document: dict[str, Any]
    layout: dict[str, Any]
    line: dict[str, Any]
    data: bytes
    view: str | None = None
    _moved: dict[int, tuple[Any, dict[str, Any] | None]] = field(default_factory=dict)

    def moved(self, base: dict[str, Any]) -> dict[str, Any] | None:
        """By rows' keys, what is otherwise than in `base`; None where a page must draw that itself.

        It must where more than values differ, or the run is another one in length or size: its axes are.
        """
        found = self._moved.get(id(base))
        if found is None:  # the class has one document in common, as a rule
            found = self._moved[id(base)] = base, drawable(base, self.document)
        return found[1]


Take = Callable[[Frame], None]
_pages: dict[str, set[Take]] = {}
_teachers: set[str] = set()
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


def teach(page: str, on: bool) -> None:
    """A teacher's page of this process sends frames from now on, or no longer."""
    with _lock:
        (_teachers.add if on else _teachers.discard)(page)


def is_mirrored(page: str | None) -> bool:
    """Whether frames of this page come: it is here, and what it shows fits into the figures of others."""
    return page in _teachers


def send(code: str, frame: Frame) -> None:
    """Send a frame to all."""
    for take in tuple(_pages.get(code, ())):
        take(frame)


def drawable(base: dict[str, Any], document: dict[str, Any]) -> dict[str, Any] | None:
    """By rows' keys, what is otherwise in `document`; None where a page must draw that itself, see `Frame.moved`."""
    values = moves(base, document)
    return None if values is None or any(key.startswith("run.") for key in values) else values


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
