"""The door of a classroom: rooms are opened, joined, left and deleted here; what is done inside is somebody else's."""

from __future__ import annotations

import concurrent.futures
import itertools
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeGuard

from ..classroom import codes, limits
from ..classroom.hub import hub
from ..classroom.store import Full, NoRoom, StoreError, Taken
from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..run.beside import Newest

log = logging.getLogger(__name__)

THREADS = concurrent.futures.ThreadPoolExecutor(max_workers=2, thread_name_prefix="spark-door")
"""A database may be slow: no event loop waits for it."""
DOOR = codes.Doorkeeper()
"""Of this process."""
MOST_JOINS = 5
"""As how many a page may join, before it is loaded anew: places in a room are few."""
LOOK = 0.05
"""Seconds until a page that has not begun is looked at again."""
NOWHERE = "There is no room {code}: it was deleted, its time is over, or the code is another. Ask for it once more."
LOCKED = "This room is locked: nobody else can join now. Ask your teacher to unlock it."
REMOVED = "You were removed from this room."
GONE = "The room is closed: it was deleted, or its time is over. Your values stay here."
NOT_YOURS = "This is not the key of this room: its teacher’s link was cut off or changed."
WAIT = "Too many codes were tried from here: try again in {wait}."
MANY = "Many rooms were opened from here: open another one in {wait}."
FULL = f"The room is full: {limits.MEMBERS} students are in it. Your teacher can open a second room."
OFTEN = "This page has joined as {count} students: load it again to join as another one."
BROKEN = "The room could not be reached: {error} Try again."


class Part(Protocol):
    """What somebody does in a room: `lecturing.py`, `attending.py`."""

    def begin(self, visit: Visit, me: str) -> None:
        """In the room from now on; `me`: the public id of a student, "" for the teacher."""

    def heard(self, kinds: frozenset[str]) -> None:
        """These kinds of the room's entries have changed."""

    def end(self) -> None:
        """Out of the room."""


class Entering:
    """Opens rooms and joins them.

    Args:
        turns: its later turns.
        panel: the page's classroom.
        address: of the visitor's computer, "" where it is not known.
        has_begun: whether the page shows what it begins with.
        lecturing, attending: what a teacher does, and what a student does.
    """

    def __init__(
        self,
        turns: Turns,
        panel: Classroom,
        address: Callable[[], str],
        has_begun: Callable[[], bool],
        lecturing: Part,
        attending: Part,
    ) -> None:
        self._turns, self._panel, self._address, self._has_begun = turns, panel, address, has_begun
        self._lecturing, self._attending = lecturing, attending
        self._inside: tuple[Visit, Part, str] | None = None
        self._visits: set[Visit] = set()  # inside or at the door: the turn that takes them in may never come
        self._door = Newest(THREADS, turns.add_next_tick_callback, lambda then: then())
        self._joins = 0
        self._closed = False
        self.on_begin: Callable[[], None] = lambda: None
        """Somebody is in a room: nothing else leads the visitor by the hand."""
        panel.on |= {
            "open": lambda said: self._found(),
            "enter": lambda said: self._aside(partial(self._look, said)),
            "out": lambda said: self.leave(),
            "delete": lambda said: self._delete(),
        }

    # In a thread: what a database is asked for.

    def _aside(self, work: Callable[[], Callable[[], None]]) -> None:
        """Work in a thread, one thing at a time for a page, and then do what it gives, under the lock."""

        def call(stop: Callable[[], bool]) -> Callable[[], None]:
            try:
                return work()
            except StoreError as error:
                return partial(self._refuse, str(error))
            except Exception as error:
                log.exception("a room could not be reached")
                return partial(self._refuse, BROKEN.format(error=str(error) or type(error).__name__))

        self._door.ask(call)

    def _come(self, code: str) -> Visit:
        visit = hub().enter(code, self._soon, partial(self._heard, code))
        self._visits.add(visit)
        if self._closed:
            self._part(visit)
        return visit

    def _open(self) -> Callable[[], None]:
        """A new room, and its teacher in it."""
        key = codes.token()
        room = {"key": codes.digest(key), "created": time.time()}
        room |= {"locked": False, "anonymous": False, "following": True}
        while True:
            code = codes.code()
            try:
                hub().create(code, {("room", ""): room})
            except Taken:
                continue
            return partial(self._begin, self._come(code), "", told(code, key=key))

    def _look(self, said: dict[str, Any]) -> Callable[[], None]:
        """Look for a room. Whoever is known there comes in; everybody else must knock first."""
        code = codes.spelled(said.get("room"))
        try:
            visit = self._come(code)
        except NoRoom:
            return partial(self._knock, None, code, said)
        key, token, kept = said.get("key"), said.get("token"), visit.room.get("room")
        if codes.is_key(key, kept["key"]):
            return partial(self._begin, visit, "", told(code, key=key))
        me = codes.public(token) if is_token(token) else ""
        member = visit.room.get("member", me)
        if member is not None and not member["removed"]:
            return partial(self._begin, visit, me, told(code, name=member["name"]))
        return partial(self._knock, visit, code, said)

    # Under the lock of the document.

    def _soon(self, callback: Callable[[], None]) -> None:
        if not self._closed:
            self._turns.add_next_tick_callback(callback)

    def _found(self) -> None:
        """A visitor opens a room."""
        address, now = self._address(), time.monotonic()
        if wait := DOOR.found(address, now):
            self._refuse(MANY.format(wait=waiting(wait)))
        else:
            DOOR.welcome(address, now)  # and with it the class, which as a rule has the same address
            self._aside(self._open)

    def _knock(self, visit: Visit | None, code: str, said: dict[str, Any]) -> None:
        """Somebody whom the room does not know, or who knows no room: codes are not tried without end."""
        address, now, key, token = self._address(), time.monotonic(), said.get("key"), said.get("token")
        words, wait = "", DOOR.knock(address, now)
        if wait:
            words = WAIT.format(wait=waiting(wait))
        elif visit is None:
            words = NOWHERE.format(code=code or "of this code")
        elif key is not None:
            words = NOT_YOURS
        else:
            DOOR.welcome(address, now)
            member = visit.room.get("member", codes.public(token)) if is_token(token) else None
            if member is not None:
                words = REMOVED
            elif visit.room.get("room")["locked"]:
                words = LOCKED
            elif is_token(token) and said.get("name") is not None:
                if self._joins < MOST_JOINS:
                    self._join(visit, code, codes.public(token), limits.name(said["name"]))
                    return
                words = OFTEN.format(count=MOST_JOINS)
        if visit is not None:
            self._part(visit)
        self._panel.tell({"refused": words} if words else {"join": code})

    def _join(self, visit: Visit, code: str, me: str, name: str) -> None:
        """Take somebody in, once that is kept."""
        self._joins += 1

        def done(error: Exception | None) -> None:
            if error is None:
                self._begin(visit, me, told(code, name=name))
                return
            full = isinstance(error, Full) and len(visit.room.of("member")) >= limits.MEMBERS
            self._part(visit)
            self._refuse(FULL if full else str(error))

        entries: dict[tuple[str, str], Any] = {("member", me): {"name": name, "joined": time.time(), "removed": False}}
        members = visit.room.of("member")
        if len(members) >= limits.MEMBERS:  # who was removed makes room
            removed = (key for key, one in members.items() if one["removed"])
            entries |= {("member", key): None for key in itertools.islice(removed, 1)}
        visit.put(entries, done, {"member": limits.MEMBERS})

    def _part(self, visit: Visit) -> None:
        visit.leave()
        self._visits.discard(visit)

    def _begin(self, visit: Visit, me: str, room: dict[str, Any]) -> None:
        """Somebody is in: the teacher, or the member of this id.

        A page that is loaded anew first opens its address; later that would take the place of what the class sees.
        """
        if not self._has_begun():
            if not self._closed:
                self._turns.add_timeout_callback(partial(self._begin, visit, me, room), int(1000 * LOOK))
            return
        self.leave(told=False)
        part = self._attending if me else self._lecturing
        self._inside = visit, part, me
        self.on_begin()
        self._panel.show(room=room)
        part.begin(visit, me)

    def _heard(self, code: str, kinds: frozenset[str]) -> None:
        if self._inside is None or self._inside[0].room.code != code:  # of a room at whose door this page stands
            return
        visit, part, me = self._inside
        if "gone" in kinds:
            self._out(GONE)
        elif me and (visit.room.get("member", me) or {"removed": True})["removed"]:
            self._out(REMOVED)
        else:
            part.heard(kinds)

    def _out(self, words: str) -> None:
        self.leave()
        self._panel.tell({"refused": words, "forget": True})

    def _refuse(self, words: str) -> None:
        self._panel.tell({"refused": words})

    def leave(self, told: bool = True) -> None:
        """Leave the room, which goes on without this page."""
        if self._inside is None:
            return
        visit, part, *_ = self._inside
        self._inside = None
        part.end()
        self._part(visit)
        if told:
            self._panel.clear()

    def _delete(self) -> None:
        """The teacher deletes the room with all that is in it; everybody hears that it is gone, this page too."""
        if self._inside is not None and not self._inside[2]:
            self._inside[0].delete(lambda error: self._refuse(str(error)) if error is not None else None)

    def close(self) -> None:
        """The visit has ended; what was done inside follows the screen, and has ended with that."""
        self._closed, self._inside = True, None
        self._door.close()
        for visit in tuple(self._visits):
            self._part(visit)


def told(code: str, *, key: Any = None, name: str = "") -> dict[str, Any]:
    """What a page is told of the room that it is in: to the teacher the key, to a student the name."""
    return {"code": code, "role": "teacher", "key": key} if key else {"code": code, "role": "student", "name": name}


def is_token(text: Any) -> TypeGuard[str]:
    """Whether a browser may have made this for its visitor."""
    return isinstance(text, str) and 16 <= len(text) <= 64


def waiting(seconds: float) -> str:
    """How long to wait, in words."""
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
