"""What one visitor may ask of a server process, and what all of them may: every bound, and who can change it."""

from __future__ import annotations

import os

SESSIONS = "SPARK_MAX_SESSIONS", 250
"""Pages that are open at once; the next visitor sees a page that says so and tries again."""
OPENINGS = "SPARK_OPENINGS_PER_MINUTE", 240
"""Pages that one address may open in a minute: a class of 200 behind one router comes in together."""
AT_ONCE = 15
"""How many of them at the same moment."""
UNDER_WAY, GIVEN_UP = 40, 60.0
"""Pages of one address that were sent and have not connected yet; seconds until one that never does is forgotten."""
SHORT = 10.0
"""Seconds that a connection lasts at least; one that ends earlier counts as a page that never connected."""
PRICE = 12
"""Openings that such a page costs its address unless it says goodbye: who is cut off is not back at once."""
AGAIN = 4
"""Seconds after which a page that was not let in tries again, and at most half as many more."""
LEFT = 10.0
"""Seconds for which a page without a connection still counts as open: it may be on its way."""
ADDRESSES = 10_000
"""Addresses that are remembered."""

RUNS = "SPARK_MAX_RUNS_MB", 2_000
"""Megabytes that the runs of all visitors may hold, those that are shown and those under way."""
RUNS_SHARE = 4
"""Part of it that one visitor may ask for: a fourth."""
RUNS_SMALL = 8_000_000
"""Bytes of a run that always finds room: who moves a slider is not held up by others' long runs."""

MESSAGE = 1 << 22
"""Bytes of one message over Bokeh's connection: the largest session that a file holds, twice."""
CHANNEL_MESSAGE = 1 << 18
"""Bytes of one message over the page's own connection; the page sends at most 60,000 characters there."""
BODY = 1 << 16
"""Bytes of a request's body: a name and a password are all that anybody sends."""
BODY_TIME = 20.0
"""Seconds in which it must be there."""
UNREAD = 1 << 23
"""Bytes that may wait for a page that does not read, its largest message not counted (a saved figure is one)."""
PING = 60.0
"""Seconds from one question whether the other end is there to the next; without an answer until then it is cut off."""
PINGS = 1_000
"""Pings that a page may send: browsers send none."""
BAD_FRAMES = 20
"""Messages that cannot be understood, or fail, after which a connection is closed."""

SHARE = 0.15
"""Of the event loop's time, what one connection may take of it for long."""
BURST = 0.5
"""Seconds of the event loop's time that it may take at once."""
LEAST = 0.0005
"""Seconds that a message counts at least: reading its frame costs, too."""
PATIENCE = 10.0
"""Seconds that a message waits at most."""

LINES, LINES_ALIKE = 300, 20
"""Lines of log in a minute, and those that say the same; more are counted."""
LINE = 4_000
"""Characters of one."""


def number(named: tuple[str, int]) -> int:
    """A limit: what the environment says, otherwise its own value.

    Raises:
        ValueError: the environment holds no whole number from 1.
    """
    name, own = named
    text = os.environ.get(name)
    if text is None:
        return own
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise ValueError(f"{name} must be a whole number from 1, not {text[:40]!r}.")
    return value
