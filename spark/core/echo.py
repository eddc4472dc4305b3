"""A value as an error repeats it: on one line, and short, whatever somebody has given."""

from __future__ import annotations

import math
import reprlib
from typing import Any

LONGEST = 80
"""Characters; of more, the middle is left out."""
MANY_BITS = 200
"""From these on a whole number is told by its digits' count: Python refuses to write one of more than 4300."""


class _Brief(reprlib.Repr):
    """Looks at the beginning of a value alone: a list of a million numbers is not written out to be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 3, LONGEST - 20, LONGEST - 10

    def repr_int(self, x: int, level: int) -> str:
        if x.bit_length() <= MANY_BITS:
            return repr(x)
        return f"a whole number of some {math.ceil(x.bit_length() * math.log10(2)):,} digits"


_BRIEF = _Brief()


def echo(value: Any) -> str:
    """What `repr` says of a value, in at most `LONGEST` characters and without line breaks."""
    try:
        text = " ".join(_BRIEF.repr(value).split())
    except Exception:  # somebody's class that cannot be written must not hide what is wrong with it
        text = f"a {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 30]} … {text[-20:]}"
