"""Where lessons are found: those that come along, and a teacher's own."""

from __future__ import annotations

import logging
import os
import sys
from functools import cache
from pathlib import Path

from .checking import lessons_in
from .fault import LessonFault
from .lesson import Lesson
from .reading import read

log = logging.getLogger(__name__)
OWN = Path(__file__).resolve().parents[2] / "lessons"
VARIABLE, OPTION = "SPARK_LESSONS", "--lessons"
"""Name folders of a teacher's own, more than one with the system's sign between paths."""


def folders() -> list[Path]:
    """The folders of lessons.

    Raises:
        ValueError: one that was named is not there.
    """
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    arguments = sys.argv[1:]
    for at, one in enumerate(arguments):
        if one == OPTION and at + 1 < len(arguments):
            named.append(arguments[at + 1])
        elif one.startswith(f"{OPTION}="):
            named.append(one.partition("=")[2])
    own = [Path(one).expanduser() for one in named if one]
    missing = next((one for one in own if not one.is_dir()), None)
    if missing is not None:
        raise ValueError(f"there is no folder of lessons {str(missing)!r}: name one with {OPTION} or {VARIABLE}.")
    return [OWN, *own]


@cache
def library() -> dict[str, Lesson]:
    """All lessons by id, in their order; a teacher's own takes the place of one of the same name.

    A file that is no lesson is left out, and the log says why.

    Raises:
        ValueError: a folder is missing.
    """
    found: dict[str, Lesson] = {}
    for path in (path for folder in folders() for path in lessons_in(folder)):
        try:
            lesson = read(path)
        except LessonFault as error:
            log.error("A lesson is left out: %s", error)
            continue
        found[lesson.id] = lesson
    return found
