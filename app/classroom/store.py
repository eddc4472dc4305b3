"""What a store of rooms does, and why it may refuse: two of them are `sqlite_store` and `redis_store`.

A room is a set of entries (kind, key) -> JSON value, with a revision that grows with every change of them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from . import limits

Key = tuple[str, str]
"""Kind and key of an entry."""
Entries = Mapping[Key, Any]
"""Values as JSON has them; None: the entry is deleted."""


class StoreError(RuntimeError):
    """The store cannot do it; says in one sentence why."""


class Taken(StoreError):
    """There is a room of this code."""


class NoRoom(StoreError):
    """There is no room of this code, or no longer."""


class Full(StoreError):
    """There is no place left, in the room or for another one."""


class Ear(Protocol):
    """Hears of changes, by whichever process; for one thread."""

    def wait(self, seconds: float) -> Collection[str] | None:
        """Wait at most so long for a change: codes of rooms that may have one, None for "any of them may".

        Raises:
            StoreError: the store is away; an ear that is made anew has missed what happened meanwhile.
        """

    def close(self) -> None:
        """Nobody listens any more."""


class Store(Protocol):
    """Rooms, kept beyond the process. Methods block, and any thread may call.

    Raises:
        StoreError: from every method, where the store is away or refuses.
    """

    def create(self, code: str, entries: Entries, expires: float) -> None:
        """Open a room that lasts until `expires` (seconds since 1970).

        Raises:
            Taken: there is one of this code.
            Full: there are too many rooms, or the entries are too large.
        """

    def put(self, code: str, entries: Entries, most: Mapping[str, int] = {}) -> int:
        """Change entries, all of them or none; the room's revision after that.

        Args:
            code: of the room.
            entries: None deletes one.
            most: at most so many entries of a kind.

        Raises:
            NoRoom: there is no such room.
            Full: a new entry would be one too many of its kind, or the room too large.
        """

    def changes(self, code: str, since: int) -> tuple[int, dict[Key, Any]]:
        """The room's revision, and the entries that were changed after revision `since` (0: all); None was deleted.

        Raises:
            NoRoom: there is no such room, or `since` is of an earlier one with this code.
        """

    def moved(self, rooms: Mapping[str, int]) -> set[str]:
        """Which of these rooms have another revision by now, or are gone."""

    def delete(self, code: str) -> None:
        """Everything of a room, at once; one that is not there is let be."""

    def expire(self, now: float) -> None:
        """Delete the rooms that have lasted until now."""

    def rooms(self) -> int:
        """How many rooms there are."""

    def ear(self) -> Ear:
        """Hear of changes from now on."""

    def close(self) -> None:
        """Let go of file or connection."""


def text_of(value: Any) -> str:
    """A value as it is kept.

    Raises:
        StoreError: it is none that JSON has.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        # Half a character, which a browser may send, has no UTF-8: then all that is not ASCII is escaped.
        return text if _is_whole(text) else json.dumps(value, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError(f"What a room keeps must be JSON: {error}.") from None


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def size_of(key: Key, text: str | None) -> int:
    """Bytes by which an entry counts; a deleted one is remembered, and counts too."""
    return 64 + sum(len(part.encode("utf-8", "surrogatepass")) for part in (*key, text or ""))


def no_room(code: str) -> NoRoom:
    """Said of a room that is not there."""
    return NoRoom(f"There is no room {code}: it has ended, or the code is another one.")


def taken(code: str) -> Taken:
    """Said of a code that another room has."""
    return Taken(f"There is a room {code} already: draw another code.")


def too_many(kind: str, most: int) -> Full:
    """Said of one entry too many."""
    return Full(f"The room has {most} entries of kind '{kind}', and takes no more.")


def too_large() -> Full:
    """Said of a room that holds too much."""
    return Full(
        f"The room is full: it holds {limits.ROOM / 1e6:g} MB at most. End a poll or a race, or open a new room."
    )


def too_many_rooms() -> Full:
    """Said of one room too many."""
    return Full(f"There are {limits.ROOMS:,} rooms on this server, and no more: delete one that is no longer needed.")
