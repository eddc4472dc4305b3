"""A session as text that fits into an address, and back.

`1` and the state in raw deflate and base64 for addresses: the number is the version of this writing. What is inside has
a version of its own (`app/session/share.py`), and whatever either was, it is read forever. All values are in it, also
those that are defaults: a link shows what it showed when it was sent, whatever a later version begins with.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
import zlib
from typing import Any

import numpy as np

from spark import __version__
from spark.simulation.events import Events

from ..session.session import Session
from ..session.share import from_dict, to_dict

VERSION = "1"
LONGEST = 8_000
"""Characters that are looked at: browsers and mail take about as many."""
LARGEST = 200_000
"""Characters of the state that they may unpack to: a text of a few bytes can hold gigabytes of zeros."""
DEEPEST = 20
"""Brackets in one another."""
LONG_ARRAY = 100
"""Values of a stimulus from which on they are too many for an address."""
STORED = 4_000_000
"""Characters of a whole session as browsers store it and files hold it, which may have such a stimulus."""
TIMES = 12
"""Spikes by which it is seen whether a run is the one that was sent: all of them, or so many out of all."""
CUT = "This link is not whole: it may have been cut off when it was sent. Ask for it once more."


class BadLink(ValueError):
    """A link that cannot be read; says in one sentence why."""


def write(session: Session, whole: bool = False, **more: Any) -> str:
    """The session, and what else of JSON types is to go with it, as text.

    Of a stimulus of more values than an address holds it says that they are in a file, unless it is to be `whole`.
    """
    state = to_dict(session)
    if not whole:
        state["stimulus"] = [_short(part) for part in state["stimulus"]]
    return pack({"state": state} | {key: value for key, value in more.items() if value})


def is_short(session: Session) -> bool:
    """Whether an address holds all of it."""
    return all(np.size(getattr(part, "samples", ())) <= LONG_ARRAY for part in session.parts)


def _short(part: dict[str, Any]) -> dict[str, Any]:
    samples = part.get("samples")
    if samples is None or len(samples["values"]) <= LONG_ARRAY:
        return part
    digest = hashlib.sha256(json.dumps(samples["values"]).encode()).hexdigest()[:12]
    return part | {"samples": {"type": "file", "digest": digest, "count": len(samples["values"])}}


def _refuse_file(state: Any) -> None:
    """A link that only says that its current is in a file cannot be run."""
    parts = state.get("stimulus") if isinstance(state, dict) else None
    for part in parts if isinstance(parts, list) else ():
        samples = part.get("samples") if isinstance(part, dict) else None
        if isinstance(samples, dict) and samples.get("type") == "file" and isinstance(samples.get("count"), int):
            raise BadLink(
                f"This link has a current of {samples['count']:,} values, which an address cannot hold: ask for the "
                "file of the state, and open that under Kept."
            )


def read(text: str, whole: bool = False) -> tuple[Session, dict[str, Any]]:
    """The session that `write` was given, and what else went with it.

    Raises:
        BadLink: it is not whole, of a newer version, or holds values that no control could set.
    """
    data = unpack(text, STORED if whole else LONGEST, STORED if whole else LARGEST)
    state = data.pop("state", None)
    _refuse_file(state)
    try:
        session = from_dict(state)
        session.job()
    except ValueError as error:
        raise BadLink(f"This link cannot be shown: {error}") from error
    return session, data


def pack(data: dict[str, Any]) -> str:
    """Plain data as text."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = squeezed.compress(json.dumps(data, separators=(",", ":"), allow_nan=False).encode()) + squeezed.flush()
    return VERSION + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpack(text: str, longest: int = LONGEST, largest: int = LARGEST) -> dict[str, Any]:
    """The data that `pack` was given.

    Raises:
        BadLink: anything else; nothing of it is believed, and no more of it is looked at than a link can be long.
    """
    if len(text) > longest:
        raise BadLink(f"This link is too long: {len(text):,} characters, of at most {longest:,}.")
    version, rest = text[:1], text[1:]
    if version != VERSION:
        newer = version.isdigit() and version > VERSION
        raise BadLink("This link was made by a newer Spark: update this one." if newer else CUT)
    try:
        raw = base64.b64decode(rest + "=" * (-len(rest) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj(-15)
        unpacked = opened.decompress(raw, largest)
        if not opened.eof or opened.unused_data:
            raise BadLink(CUT)
        written = unpacked.decode()
        if _depth(written) > DEEPEST:
            raise BadLink(CUT)
        data = json.loads(written, parse_constant=_refuse, parse_float=_finite)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise error if isinstance(error, BadLink) else BadLink(CUT) from error
    if not isinstance(data, dict):
        raise BadLink(CUT)
    return data


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


def _depth(text: str) -> int:
    """Most brackets open at once; those in strings count as well, which only makes it stricter."""
    now = deepest = 0
    for sign in text:
        now += (sign in "[{") - (sign in "]}")
        deepest = max(deepest, now)
    return deepest


def marks(count: int) -> np.ndarray:
    """Which of so many spikes a link tells: the first, the last, and some between."""
    return np.unique(np.linspace(0, count - 1, min(TIMES, count)).round().astype(int))


def seen(events: Events, dt: float) -> dict[str, Any]:
    """What a link says of the spikes that it was sent with: how many, and when some of them came, ms."""
    told = Events(*(values[marks(events.step.size)] for values in events))
    return {"count": int(events.step.size), "times": [round(float(time), 4) for time in told.times(dt)]}


def compared(sent: Any, now: dict[str, Any], version: Any = None) -> str:
    """Whether a run is the one that was sent, in a sentence; nothing where that was not said.

    Args:
        sent: what `seen` said then; from a link, so that nothing of it is believed.
        now: what it says of the run that is shown.
        version: of Spark, then.
    """
    if not isinstance(sent, dict) or not isinstance(count := sent.get("count"), int) or isinstance(count, bool):
        return ""
    then, times = sent.get("times"), now["times"]
    if now["count"] != count:
        return f"Other than sent: {now['count']:,} spikes, not {count:,}. {_why(version)}"
    if (
        not isinstance(then, list)
        or len(then) != len(times)
        or not all(isinstance(time, (int, float)) for time in then)
    ):
        return ""
    largest = max((abs(one - other) for one, other in zip(then, times, strict=True)), default=0.0)
    spikes = f"{count:,} of {count:,} spikes"
    if largest < 0.001:
        return f"As sent: {spikes}, largest difference {largest:.3f} ms."
    return f"Other than sent: {spikes}, but up to {largest:.3g} ms apart. {_why(version)}"


def _why(version: Any) -> str:
    if isinstance(version, str) and re.fullmatch(r"[\w.]{1,20}", version) and version != __version__:
        return f"It was sent from Spark {version}, this is {__version__}."
    return "The versions are the same, so that the computers must differ: in long or chaotic runs rounding shows."
