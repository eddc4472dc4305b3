"""What is asked in a room, as a page is told of it: the teacher's, or that of a student."""

from __future__ import annotations

from typing import Any

from ..classroom import polls
from ..classroom.histogram import summary
from ..classroom.revealing import told
from ..classroom.room import Room


def asked(room: Room, me: str = "") -> dict[str, Any] | None:
    """The poll of a room; None where there is none.

    Args:
        room: in which it is asked.
        me: the student's public id, "" for the teacher.
    """
    kept = room.get("poll")
    if kept is None:
        return None
    poll, stage = polls.from_dict(kept), kept["stage"]
    here = [key for key, one in room.of("member").items() if not one["removed"]]
    answers = answers_of(room, poll.id)
    counted = {key: answers[key] for key in here if key in answers}
    shown = not me or stage == "revealed"
    return told(
        poll,
        stage,
        mine=answers.get(me),
        count=len(counted),
        of=len(here),
        histogram=summary(poll, counted) if shown else None,
        teacher=not me,
    )


def answer_of(room: Room, me: str) -> Any:
    """What this student has answered to the poll of a room, None for nothing."""
    kept = room.get("poll")
    return None if kept is None else room.get("answer", f"{kept['id']}/{me}")


def answers_of(room: Room, poll: str) -> dict[str, Any]:
    """By a student's public id, what was answered to a poll."""
    parts = ((key.partition("/"), one) for key, one in room.of("answer").items())
    return {member: one for (of, _, member), one in parts if of == poll}


def capital(words: str) -> str:
    """A sentence."""
    return words[:1].upper() + words[1:]
