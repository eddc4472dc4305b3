"""How much a room holds, and what a name may be."""

from __future__ import annotations

import unicodedata

MEMBERS = 200
"""Students of a room."""
NAME = 40
"""Characters of a name."""
QUESTION = 400
"""Characters of a poll's question."""
OPTIONS = 8
"""What a poll lets choose from."""
OPTION = 100
"""Characters of one of them."""
DOCUMENT = 40_000
"""Bytes of a session as JSON."""
SKETCH = 200
"""Points of a sketch."""
DAYS = 30
"""How long a room lasts, unless something else is said."""
ROOMS = 10_000
"""Rooms in a database."""
ROOM = 20_000_000
"""Bytes of all that a room holds, keys included."""

SPACES = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
"""Controls that stand between words."""
JOINERS = frozenset("\u200c\u200d")
"""Invisible, and part of how Persian, Hindi and some emoji are spelled."""


def name(text: object) -> str:
    """What somebody typed as a name, as text for one line of at most `NAME` characters; may be "".

    Characters that are not seen (controls, those that turn the direction of writing, private ones) are taken out, and
    white space is folded. What is left is text all the same: whoever shows it as HTML escapes it.
    """
    if not isinstance(text, str):
        return ""
    spaced = "".join(" " if one in SPACES else one for one in text[: 20 * NAME])
    seen = "".join(one for one in spaced if one in JOINERS or not unicodedata.category(one).startswith("C"))
    folded = " ".join(unicodedata.normalize("NFC", seen).split())[:NAME].strip()
    return folded if folded.strip("".join(JOINERS)) else ""
