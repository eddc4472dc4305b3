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
from spark.recording.events import Events

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
KEPT = 20_000
"""Values of a stimulus that the browser keeps: they are written with every gesture. More are for a file."""
STORED = 2_000_000
"""Characters of a whole session as browsers store it and files hold it, which may have such a stimulus."""
GROUPS = 12
"""Groups of successive spikes whose means a link tells: a spike that moves, moves one of them."""
MOST = 200_000
"""Spikes that are looked at for that."""
CUT = "This link is not whole: it may have been cut off when it was sent. Ask for it once more."


class BadLink(ValueError):
    """A link that cannot be read; says in one sentence why."""


def write(session: Session, whole: bool = False, **more: Any) -> str:
    """The session, and what else of JSON types is to go with it, as text; `pin` is a document as well.

    Of a stimulus of more values than an address holds it says that they are in a file, unless it is to be `whole`.
    """
    documents = {"state": to_dict(session), "pin": more.pop("pin", None)}
    told = {name: document if whole else short(document) for name, document in documents.items() if document}
    return pack(told | {key: value for key, value in more.items() if value}, 1 if whole else 9)


def values(*documents: dict[str, Any] | None) -> int:
    """The most values that a stimulus of these has."""
    parts = [part for document in documents if document for part in document["stimulus"]]
    return max((_size(part) for part in parts), default=0)


def _size(part: dict[str, Any]) -> int:
    """How many values it has, 0 where they are not here."""
    return int(np.size(part.get("samples", {}).get("values", ())))


def short(document: dict[str, Any]) -> dict[str, Any]:
    """The document with names in the place of values that are too many for an address."""
    return document | {"stimulus": [_named(part) for part in document["stimulus"]]}


def _named(part: dict[str, Any]) -> dict[str, Any]:
    """A stimulus with the name of its values in place of them, where they are many."""
    if _size(part) <= LONG_ARRAY:
        return part
    samples = part["samples"]
    digest = hashlib.sha256(json.dumps(samples["values"]).encode()).hexdigest()[:12]
    return part | {"samples": {"type": "file", "digest": digest, "count": int(np.size(samples["values"]))}}


def complete(document: Any) -> Any:
    """The document, unless it only says that its current is in a file.

    Raises:
        ValueError: it does; says what to do.
    """
    parts = document.get("stimulus") if isinstance(document, dict) else None
    for part in parts if isinstance(parts, list) else ():
        samples = part.get("samples") if isinstance(part, dict) else None
        if isinstance(samples, dict) and samples.get("type") == "file" and isinstance(samples.get("count"), int):
            raise ValueError(
                f"it has a current of {samples['count']:,} values, which an address cannot hold. Ask for the file of "
                "the state, and import that under Share."
            )
    return document


def restored(document: Any) -> Session:
    """The session of a document that came with a link.

    Raises:
        ValueError: it cannot be run, or only says that its current is in a file.
    """
    session = from_dict(complete(document))
    session.job()
    return session


def read(text: str, whole: bool = False) -> tuple[Session, dict[str, Any]]:
    """The session that `write` was given, and what else went with it.

    Args:
        text: that is `whole` or of an address.
        whole: the browser's own: it may hold values that contradict each other, as a hand has left them.

    Raises:
        BadLink: it is not whole, of a newer version, or holds values that no control could set.
    """
    data = unpack(text, STORED if whole else LONGEST, STORED if whole else LARGEST)
    document = data.pop("state", None)
    try:
        return from_dict(complete(document)) if whole else restored(document), data
    except ValueError as error:
        raise BadLink(f"This link cannot be shown: {error}") from error


def pack(data: dict[str, Any], effort: int = 9) -> str:
    """Plain data as text."""
    squeezed = zlib.compressobj(effort, zlib.DEFLATED, -15)
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
    """Most brackets open at once; those in strings count as well."""
    now = deepest = 0
    for sign in re.findall(r"[\[{\]}]", text):
        now += 1 if sign in "[{" else -1
        deepest = max(deepest, now)
    return deepest


def seen(events: Events, dt: float) -> dict[str, Any]:
    """What a link says of the spikes that it was sent with: how many, whose, and the mean times of their groups, ms."""
    count = int(events.step.size)
    some = Events(*(values[:: -(-count // MOST) or 1] for values in events))
    begins = np.unique(np.linspace(0, some.step.size, GROUPS, endpoint=False).astype(int))[: some.step.size]
    lengths = np.diff(np.append(begins, some.step.size))
    means = np.add.reduceat(some.times(dt), begins) / lengths if count else np.empty(0)
    return {
        "count": count,
        "units": zlib.crc32(np.ascontiguousarray(some.unit, "<i4").tobytes()),
        "means": [round(float(mean), 6) for mean in means],
        "of": int(lengths.max(initial=1)),
    }


def compared(sent: Any, now: dict[str, Any], version: Any = None) -> str:
    """Whether a run is the one that was sent, in a sentence; nothing where that was not said.

    Args:
        sent: what `seen` said then; from a link, so that nothing of it is believed.
        now: what it says of the run that is shown.
        version: of Spark, then.
    """
    if not isinstance(sent, dict) or not isinstance(count := sent.get("count"), int) or isinstance(count, bool):
        return ""
    if now["count"] != count:
        return f"Other than sent: {now['count']:,} spikes, not {count:,}.{_why(version)}"
    then, means = sent.get("means"), now["means"]
    if not isinstance(then, list) or len(then) != len(means) or not all(type(mean) in (int, float) for mean in then):
        return ""
    # One spike alone that has moved shows in the mean of its group by the number of spikes in it.
    largest = now["of"] * max((abs(one - other) for one, other in zip(then, means, strict=True)), default=0.0)
    spikes = f"{count:,} of {count:,} spikes"
    if sent.get("units") != now["units"]:
        return f"Other than sent: {spikes}, but of other neurons or in another order.{_why(version)}"
    if largest < max(0.001, 1e-6 * now["of"]):  # as far as the means are told
        return f"As sent: {spikes}, largest difference {largest:.3f} ms."
    return f"Other than sent: {spikes}, but moved by up to {largest:.3g} ms.{_why(version)}"


def _why(version: Any) -> str:
    if not isinstance(version, str) or not re.fullmatch(r"[\w.]{1,20}", version):
        return ""
    if version != __version__:
        return f" It was sent from Spark {version}, this is {__version__}."
    return " The versions are the same: the computers differ, and in long or chaotic runs their rounding shows."
