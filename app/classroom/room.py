"""A room as a process has it: its entries, folded from their changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .store import Key

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Room:
    """The entries of a room, to be read by any thread; what is read is shared, and nobody changes it.

    Attributes:
        code: of the room.
        revision: up to which changes are in it.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.revision = 0
        self._kinds: Mapping[str, Mapping[str, Any]] = {}

    def get(self, kind: str, key: str = "") -> Any:
        """An entry's value; None where there is none."""
        return self.of(kind).get(key)

    def of(self, kind: str) -> Mapping[str, Any]:
        """All of a kind, by key: as they are now. The same object until one of them changes."""
        return self._kinds.get(kind, NOTHING)

    def fold(self, revision: int, changed: Mapping[Key, Any]) -> frozenset[str]:
        """Take in changes; the kinds in which something is different now."""
        kinds: dict[str, dict[str, Any]] = {}
        for (kind, key), value in changed.items():
            entries = kinds.setdefault(kind, dict(self.of(kind)))
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = value
        # Readers see all of the changes or none: one assignment, of what nobody changes afterwards.
        self._kinds = {**self._kinds, **{kind: MappingProxyType(entries) for kind, entries in kinds.items()}}
        self.revision = revision
        return frozenset(kinds)
