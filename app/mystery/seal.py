"""The seal of a mystery's link: only this server's key opens it, and only this key leads from a seed to hidden values.

Python brings no cipher, and none of the libraries that this app needs does. So this is the SIV construction (RFC 5297)
with the two keyed functions that `hashlib` and `hmac` bring: the tag is HMAC-SHA256 of the plain text, and the text is
hidden under SHAKE256 of another key and that tag. The tag is checked before anything is believed. Equal contents have
equal seals: a link tells no more than that.

What is hidden so is the seed. The values are never in a link, sealed or not: they are drawn from HMAC-SHA256 of level
and seed with a third key, so that whoever guesses the seed and has this code, but not the key, still has nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from platformdirs import user_data_dir

from .levels import level

VERSION = 1
VARIABLE, SHORTEST = "SPARK_KEY", 16
"""Of the environment, and how many characters its value has at least."""
TAG = 16
LONGEST = 400
"""Characters of a seal that are looked at."""
LARGEST_SEED, LARGEST_NOISE, LARGEST_BUDGET = 2**53, 20.0, 1000
FOREIGN = (
    "This mystery cannot be opened here: its link was cut off or changed, or another server has sealed it. Ask for the "
    "link once more."
)


class BadSeal(ValueError):
    """A seal that does not open; says in one sentence why."""


@dataclass(frozen=True)
class Contents:
    """What a link holds.

    Attributes:
        level: of difficulty, from 1.
        seed: from which the hidden values are drawn, with the server's key.
        noise: standard deviation of what is added to each measured potential, mV.
        budget: how many experiments a student has; 0 for as many as wanted.

    Raises:
        ValueError: a value out of its bounds.
    """

    level: int
    seed: int
    noise: float = 0.0
    budget: int = 0

    def __post_init__(self) -> None:
        level(self.level)
        if not 0 <= self.seed < LARGEST_SEED:
            raise ValueError(f"The seed must be a whole number from 0 to {LARGEST_SEED - 1:,}, not {self.seed:,}.")
        if not 0 <= self.noise <= LARGEST_NOISE:
            raise ValueError(f"The noise must be from 0 to {LARGEST_NOISE:g} mV, not {self.noise:g} mV.")
        if not 0 <= self.budget <= LARGEST_BUDGET:
            raise ValueError(
                f"The budget must be from 1 to {LARGEST_BUDGET:,} experiments (0 for no limit), not {self.budget:,}."
            )


def seal(contents: Contents) -> str:
    """The contents as text for an address, which this server alone can open."""
    plain = json.dumps([VERSION, *asdict(contents).values()], separators=(",", ":")).encode()
    tag = _digest("tag", plain)[:TAG]
    return base64.urlsafe_b64encode(tag + _hidden(tag, plain)).rstrip(b"=").decode()


def unseal(text: str) -> Contents:
    """The contents of a seal.

    Raises:
        BadSeal: it was changed, is not whole, or has another server's key or another version.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise BadSeal(FOREIGN)
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadSeal(FOREIGN) from None
    tag, hidden = sealed[:TAG], sealed[TAG:]
    plain = _hidden(tag, hidden)
    if not hmac.compare_digest(tag, _digest("tag", plain)[:TAG]):
        raise BadSeal(FOREIGN)
    version, *values = json.loads(plain)
    if version != VERSION:
        raise BadSeal(f"This mystery is of version {version}, and version {VERSION} is needed: have it made anew.")
    return Contents(*values)


def entropy(*about: int) -> int:
    """A number of 256 bits that follows from these numbers and the server's key, and from neither alone."""
    return int.from_bytes(_digest("draw", json.dumps(about).encode()), "big")


def _hidden(tag: bytes, text: bytes) -> bytes:
    """The text under a stream that key and tag decide; applied twice it is the text again."""
    stream = hashlib.shake_256(_digest("stream", tag)).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, stream, strict=True))


def _digest(purpose: str, message: bytes) -> bytes:
    """HMAC-SHA256 with a key for this purpose alone."""
    own = hmac.digest(_key(os.environ.get(VARIABLE)), purpose.encode(), "sha256")
    return hmac.digest(own, message, "sha256")


@cache
def _key(given: str | None) -> bytes:
    """The server's key: of the environment, or that of its data folder, which is made once.

    Raises:
        ValueError: one that is too short, or cannot be kept; says what to do.
    """
    if given is not None:
        if len(given) < SHORTEST:
            raise ValueError(f"{VARIABLE} has {len(given)} characters: a key has {SHORTEST} or more, drawn at random.")
        return given.encode()
    file = Path(user_data_dir("spark", appauthor=False)) / "mystery.key"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _make(file)
        return file.read_bytes()
    except OSError as error:
        raise ValueError(
            f"The key of mysteries cannot be kept in {file} ({error.strerror}): set {VARIABLE} in the environment of "
            f"the server to {SHORTEST} random characters or more."
        ) from error


def _make(file: Path) -> None:
    """Put a fresh key there, for its owner's eyes, unless there is one; whole from its first moment."""
    if file.exists():
        return
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(os.urandom(32))
    try:
        os.link(fresh, file)  # fails where another server was faster: its key stays
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
