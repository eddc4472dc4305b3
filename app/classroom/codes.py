"""A room's code, what a member and a teacher show to be known again, and how often somebody may try a code.

A code has 6 of 22 characters: 113 million, 26.8 bits. That is little, so that it can be read out and typed, and
guessing is slow instead (`Doorkeeper`): an address has 20 failed tries, then one every 6 seconds; all addresses
together have 300 at each process, then one every 2 seconds. Half of all codes take one address 10.8 years, any number
of addresses 3.6 years; within its 30 days a room is found with a probability of 0.4 % and 1.1 %. Where 100 rooms are
open, whoever tries from many addresses for a month without a pause enters one of them: as a student, whom the teacher
sees and can remove.

A token (of a member, of a teacher) has 128 bits, and nobody guesses it.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

ALPHABET = "23456789CDFHJKMNPRTVWX"
"""No vowels, so that no words come out, and no two that look alike (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B)."""
LENGTH = 6
MEANT = str.maketrans({"S": "5", "Z": "2", "B": "8", "G": "6"})
"""What is read for a character that no code has, and which looks like one that codes have."""
SEPARATORS = str.maketrans("", "", " -\t\n\r\u00a0\u2010\u2011\u2013_.")


def code() -> str:
    """A fresh code, drawn at random."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spelled(text: object) -> str:
    """What was typed as a code is spelled: "k7t-4xm" as "K7T4XM"; "" where it cannot be one."""
    if not isinstance(text, str) or len(text) > 10 * LENGTH:
        return ""
    typed = text.translate(SEPARATORS).upper().translate(MEANT)
    return typed if len(typed) == LENGTH and set(typed) <= set(ALPHABET) else ""


def token() -> str:
    """128 random bits as text for an address: what a member, or a teacher, alone has.

    Letters and digits alone: a link that ends in "-" or "_" loses that where a mail or a chat makes a link of it.
    """
    return secrets.token_hex(16)


def digest(token: str) -> str:
    """SHA-256 of a token in hexadecimal: what is kept of a teacher's."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def public(token: str) -> str:
    """The public id of the member who has this token: others may see it, and cannot be the member by it."""
    return digest(token)[:12]


def is_key(token: object, kept: object) -> bool:
    """Whether this token has the digest that is kept; how long it takes tells nothing of it."""
    return isinstance(token, str) and isinstance(kept, str) and hmac.compare_digest(digest(token), kept)


@dataclass
class _Allowance:
    left: float
    at: float


class _Meter:
    """A number of tries that come back with time, one after another.

    Args:
        most: that can be had at once.
        every: seconds after which one is back.
        remembered: addresses; of more, those that were seen longest ago are forgotten.
    """

    def __init__(self, most: int, every: float, remembered: int = 1) -> None:
        self._most, self._every, self._remembered = most, every, remembered
        self._of: OrderedDict[str, _Allowance] = OrderedDict()

    def wait(self, who: str, now: float) -> float:
        """Seconds until there is one for this address; 0: there is."""
        seconds = (1 - self._look(who, now).left) * self._every
        return seconds if seconds > 1e-6 else 0.0  # sums of many parts of one are not quite one

    def take(self, who: str, now: float) -> None:
        self._look(who, now).left -= 1

    def give_back(self, who: str, now: float) -> None:
        found = self._look(who, now)
        found.left = min(self._most, found.left + 1)

    def _look(self, who: str, now: float) -> _Allowance:
        found = self._of.pop(who, None) or _Allowance(self._most, now)
        found.left = min(self._most, found.left + max(0.0, now - found.at) / self._every)
        found.at = now
        self._of[who] = found
        while len(self._of) > self._remembered:
            self._of.popitem(last=False)
        return found


class Doorkeeper:
    """Limits how often a code is tried in vain, and how many rooms are opened; of one process, for any thread.

    Whoever has tried is `welcome` when the code was right, and the try is not counted. Where too many addresses try in
    vain, those that were welcome before (the teacher's too: mostly the class's own) may still try, so that nobody can
    keep a class out. Ask first whether a page brings a member's token of that room: members are not asked to wait.
    An address of version 6 counts by its first 64 bits, since a single machine has all that follow.

    Times are in seconds of any clock that does not go back (`time.monotonic()`).
    """

    REMEMBERED = 10_000

    def __init__(self) -> None:
        self._each = _Meter(20, 6.0, self.REMEMBERED)
        self._all = _Meter(300, 2.0)
        self._rooms = _Meter(20, 180.0, self.REMEMBERED)
        self._welcome: OrderedDict[str, None] = OrderedDict()
        self._one = threading.Lock()

    def knock(self, address: str, now: float) -> float:
        """Count a try; 0: it may be made. Otherwise it may not, is not counted, and this many seconds are to wait."""
        who = _source(address)
        with self._one:
            wait = self._each.wait(who, now)
            if who not in self._welcome:
                wait = max(wait, self._all.wait("", now))
            if not wait:
                self._each.take(who, now)
                self._all.take("", now)
            return wait

    def welcome(self, address: str, now: float) -> None:
        """The code was right: the try was none."""
        who = _source(address)
        with self._one:
            self._each.give_back(who, now)
            self._all.give_back("", now)
            self._know(who)

    def found(self, address: str, now: float) -> float:
        """Count a room that is to be opened; 0: it may be. Otherwise this many seconds are to wait."""
        who = _source(address)
        with self._one:
            wait = self._rooms.wait(who, now)
            if not wait:
                self._rooms.take(who, now)
                self._know(who)
            return wait

    def _know(self, who: str) -> None:
        self._welcome[who] = None
        self._welcome.move_to_end(who)
        while len(self._welcome) > self.REMEMBERED:
            self._welcome.popitem(last=False)


def _source(address: str) -> str:
    """By what an address counts."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)
