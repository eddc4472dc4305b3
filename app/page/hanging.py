"""The wall on a teacher's page: computed beside the pictures, and drawn anew when a student has something else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from spark.simulation import Cancelled

from ..classroom.room import Room
from ..classroom.visit import Visit
from ..classroom.wall import Wall, compute
from ..client.classroom import Classroom
from ..client.turns import Turns
from ..run.beside import Newest
from ..run.pools import Pool

WALLS = Pool(1, "spark-wall", 10)
"""Of the process: what forty who explore ask for beside their pictures must not hold up the wall."""
EVERY = 0.3
"""Seconds from one picture of the wall to the next, at least."""


class Hanging:
    """Hangs the wall while it is open.

    Args:
        turns: its later turns.
        panel: the page's classroom.
    """

    def __init__(self, turns: Turns, panel: Classroom) -> None:
        self._turns, self._panel = turns, panel
        self._visit: Visit | None = None
        self._open = self._waits = False
        self._wall: Wall | None = None
        self._walls = Newest(WALLS, turns.add_next_tick_callback, self._hang)
        panel.on |= {
            "wall": lambda said: self._switch(said.get("on") is True),
            "enlarge": lambda said: self._enlarge(str(said.get("member"))),
        }

    def begin(self, visit: Visit) -> None:
        """In the room from now on: what a wall needs is compiled before somebody looks at it."""
        self._visit = visit
        self._walls.ask(partial(_wall, visit.room))

    def end(self) -> None:
        """Out of the room."""
        self._visit, self._open, self._wall = None, False, None
        self._walls.drop()

    def close(self) -> None:
        """The visit has ended."""
        self.end()
        self._walls.close()

    def renew(self) -> None:
        """Draw it soon, but not too often."""
        if self._visit is not None and self._open and not self._waits:
            self._waits = True
            self._turns.add_timeout_callback(self._draw, int(1000 * EVERY))

    def _switch(self, on: bool) -> None:
        self._open = on and self._visit is not None
        self.renew()

    def _draw(self) -> None:
        self._waits = False
        if self._visit is not None and self._open:
            self._walls.ask(partial(_wall, self._visit.room))

    def _hang(self, found: tuple[Wall, dict[str, Any], bytes]) -> None:
        self._wall, head, data = found
        if self._open:
            self._panel.tell(head, data)
            if self._wall.waiting:
                self.renew()

    def _enlarge(self, member: str) -> None:
        if self._wall is not None:
            self._panel.tell(*self._wall.large(member))


def _wall(room: Room, stop: Callable[[], bool]) -> tuple[Wall, dict[str, Any], bytes]:
    """The wall of a room, and its message to the page.

    Raises:
        Cancelled: nobody waits for it any more.
    """

    def go_on(done: float) -> None:
        if stop():
            raise Cancelled

    teacher = (room.get("state") or {}).get("document")
    documents, people = {}, {}
    for key, member in room.of("member").items():
        values = room.get("values", key) or {}
        follows = values.get("following") is True
        if not member["removed"]:
            documents[key] = values.get("document") or (teacher if follows else None)
            people[key] = {"name": member["name"], "joined": member["joined"], "following": follows}
    wall = compute(documents, teacher, go_on)
    return wall, *wall.told(people)
