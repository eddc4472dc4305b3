"""A race: one mystery neuron for all of a room. What each student has used is kept by the room, and the best score."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from ..classroom.room import Room
from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..mystery.attempts import Attempt, attempt
from ..mystery.levels import level
from ..mystery.score import Score
from ..mystery.seal import Contents, seal, unseal
from .measuring import FRESH_SEEDS, RACES, Measuring

log = logging.getLogger(__name__)


def begun(said: dict[str, Any]) -> dict[str, Any]:
    """A race as the room keeps it, of what a teacher's page says.

    Raises:
        ValueError: there is no such level, or a value is out of its bounds.
    """
    try:
        seed = RACES + secrets.randbelow(FRESH_SEEDS)
        numbers = int(said["level"]), seed, float(said["noise"]), int(said["budget"])
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError("A race has a level, a noise and a number of experiments.") from error
    contents = Contents(*numbers)
    title = level(contents.level).title
    return {"id": secrets.token_hex(4), "mystery": seal(contents), "title": title, "began": time.time()}


def ended(room: Room) -> dict[tuple[str, str], None]:
    """What there is no longer when a race has ended."""
    old = {(kind, key): None for kind in ("attempt", "score") for key in room.of(kind)}
    return old | {("race", ""): None}


def board(room: Room, me: str = "") -> dict[str, Any] | None:
    """The race and its scores as a page is told of them, the best first; None where there is none.

    Args:
        room: in which it is.
        me: the student's public id, "" for the teacher.
    """
    race = room.get("race")
    if race is None:
        return None
    members = sorted(room.of("member").items(), key=lambda one: one[1]["joined"])
    hidden, rows = room.get("room")["anonymous"], []
    for at, (key, member) in enumerate(members):
        score = room.get("score", f"{race['id']}/{key}")
        used = room.get("attempt", f"{race['id']}/{key}")
        if member["removed"] or (used is None and score is None):
            continue
        name = "" if hidden and key != me else member["name"]
        row = {"name": name or f"Student {at + 1}", "me": key == me, "total": None, "at": 0.0}
        row |= {"used": len(used["experiments"]), "hands": used["handed"]} if used else {"used": 0, "hands": 0}
        rows.append(row | (score or {}))
    rows.sort(key=lambda row: (row["total"] is None, -(row["total"] or 0.0), row["at"]))
    return {"id": race["id"], "mystery": race["mystery"], "title": race["title"], "board": rows}


class Racing:
    """One student's part in a race.

    Args:
        panel: the page's classroom.
        measuring: the mystery of the page.
    """

    def __init__(self, panel: Classroom, measuring: Measuring) -> None:
        self._panel = panel
        self._inside: tuple[Visit, str] | None = None
        self._measuring, self._shown = measuring, ""
        measuring.student_of, measuring.races = self._student, self._races
        measuring.experiments.on_used = self._used

    def begin(self, visit: Visit, me: str) -> None:
        """In the room from now on, as the member of this id."""
        self._inside = visit, me
        self.show()

    def end(self) -> None:
        """Out of the room."""
        self._inside, self._shown = None, ""

    def show(self) -> None:
        """Show the race and its board."""
        if self._inside is None:
            return
        told = board(self._inside[0].room, self._inside[1])
        self._panel.show(race=told)
        now = told["id"] if told else ""
        if now != self._shown:  # a page that was loaded anew may have its mystery before it has its room
            self._shown = now
            self._measuring.look_again()

    def _race(self) -> tuple[Contents, str] | None:
        """What is sealed in the mystery of the race, and the key of what this student has of it."""
        race = self._inside and self._inside[0].room.get("race")
        if not race or self._inside is None:
            return None
        return unseal(race["mystery"]), f"{race['id']}/{self._inside[1]}"

    def _races(self, contents: Contents) -> bool:
        race = self._race()
        return race is not None and race[0] == contents

    def _student(self, contents: Contents, student: str) -> str:
        """Under what name attempts are kept: in a race that of the room, which a reload does not change."""
        race = self._race()
        if race is None or race[0] != contents or self._inside is None:
            return student
        kept = self._inside[0].room.get("attempt", race[1])
        if kept is not None:
            try:
                attempt(contents, race[1]).recall(kept)
            except (ValueError, KeyError, TypeError):
                log.exception("an attempt could not be recalled")
        return race[1]

    def _used(self, used: Attempt, score: Score | None) -> None:
        """An experiment was made, or a solution scored."""
        race = self._race()
        if race is None or race[0] != used.contents or self._inside is None:
            return
        visit, key = self._inside[0], race[1]
        entries: dict[tuple[str, str], Any] = {("attempt", key): used.to_dict()}
        best = visit.room.get("score", key)
        if score is not None and (best is None or score.total > best["total"]):
            entries["score", key] = {"total": round(score.total, 4), "at": time.time()}
        visit.put(entries, self._kept)

    def _kept(self, error: Exception | None) -> None:
        if error is not None:
            self._panel.tell({"refused": f"The room has not kept this: {error}"})
