"""What a page says, read and checked before anything is done with it: whoever writes frames by hand is answered alike.

A page says plain data: a dict of JSON types, few levels deep, with numbers that JavaScript has. Anything else is
refused in one sentence, which the log has; what a component needs of a frame it takes by the functions here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

from spark.core.echo import echo

T = TypeVar("T")
LARGEST = 2**53
"""The largest whole number that JavaScript counts to."""
DEEPEST = 24
"""Lists and objects in one another; a state that was kept is the deepest that a page says."""


class BadFrame(ValueError):
    """What no page of ours says; why, in one sentence."""


def read(text: str | bytes) -> tuple[str, dict[str, Any]]:
    """To whom a page speaks on the channel, and what it says.

    Raises:
        BadFrame: it is not what `shared/messages.js` writes.
    """
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame(f"a frame is no JSON: {echo(text)}.") from None
    frame = checked(frame)
    return word(frame, "to"), part(frame, "data")


def checked(frame: Any) -> dict[str, Any]:
    """The frame itself, if it is a dict of JSON types with numbers of a page's size, not too deep.

    Raises:
        BadFrame: it is not.
    """
    if not isinstance(frame, dict):
        raise BadFrame(f"a frame is an object, not {echo(frame)}.")
    level: list[Any] = [frame]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if not all(isinstance(key, str) for key in value):
                    raise BadFrame(f"a frame has names that are no texts: {echo(value)}.")
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, float):
                if not math.isfinite(value):
                    raise BadFrame(f"a frame has a number that is none: {value}.")
            elif isinstance(value, int):  # True and False among them
                if not -LARGEST <= value <= LARGEST:
                    raise BadFrame(f"a frame has a number beyond 2^53: {echo(value)}.")
            elif value is not None and not isinstance(value, str):
                raise BadFrame(f"a frame has a value of no JSON type: {echo(value)}.")
        if not below:
            return frame
        level = below
    raise BadFrame(f"a frame has lists and objects in one another, more than {DEEPEST} deep.")


def word(said: dict[str, Any], name: str) -> str:
    """A text that a frame must have.

    Raises:
        BadFrame: it has none.
    """
    value = said.get(name)
    if not isinstance(value, str):
        raise BadFrame(f"{name!r} of a frame must be a text, not {echo(value)}.")
    return value


def whole(said: dict[str, Any], name: str, low: int = 0, high: int = LARGEST) -> int:
    """A whole number that a frame must have.

    Raises:
        BadFrame: it has none, or one out of its bounds.
    """
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadFrame(f"{name!r} of a frame must be a whole number from {low:,} to {high:,}, not {echo(value)}.")
    return value


def part(said: dict[str, Any], name: str) -> dict[str, Any]:
    """An object that a frame must have.

    Raises:
        BadFrame: it has none.
    """
    value = said.get(name)
    if not isinstance(value, dict):
        raise BadFrame(f"{name!r} of a frame must be an object, not {echo(value)}.")
    return value


def one_of(things: Mapping[str, T], said: dict[str, Any], name: str) -> T:
    """That of these things which a frame names.

    Raises:
        BadFrame: it names none of them.
    """
    found = things.get(word(said, name))
    if found is None:
        raise BadFrame(f"{name!r} of a frame is none of {', '.join(things)}: {echo(said[name])}.")
    return found
