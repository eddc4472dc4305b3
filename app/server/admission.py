"""Who may open a page now: there is a place, and the address has not opened too many at once."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from .. import limits
from .words import FULL, WAITING, Refusal


@dataclass
class Visits:
    """What one address has opened."""

    left: float
    when: float
    under_way: deque[float] = field(default_factory=deque)


class Admission:
    """Counts for one process.

    Args:
        sessions: pages that may be open at once.
        per_minute: pages that one address may open in a minute.
        clock: s.
    """

    def __init__(self, sessions: int, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions, self._rate, self._clock = sessions, per_minute / 60, clock
        self._visits: OrderedDict[str, Visits] = OrderedDict()
        self._seen: WeakSet[Any] = WeakSet()

    def refusal(self, address: str, sessions: Iterable[Any]) -> Refusal | None:
        """Why a page is not opened now; None where it may be, and is counted.

        Args:
            address: of the visitor.
            sessions: Bokeh's, of the app.
        """
        here = list(sessions)
        if len(here) >= 2 * self._sessions or sum(map(in_use, here)) >= self._sessions:
            return FULL.of(self._sessions)
        visits, now = self._of(address), self._clock()
        visits.left = min(limits.AT_ONCE, visits.left + self._rate * (now - visits.when))
        visits.when = now
        while visits.under_way and now - visits.under_way[0] > limits.GIVEN_UP:
            visits.under_way.popleft()
        if visits.left < 1 or len(visits.under_way) >= limits.UNDER_WAY:
            return WAITING
        visits.left -= 1
        visits.under_way.append(now)
        return None

    def connected(self, address: str, session: object) -> None:
        """A page of this address has connected to its session: it is no longer under way. Once for each session."""
        under_way = self._of(address).under_way
        if under_way and session not in self._seen:
            under_way.popleft()
        self._seen.add(session)

    def left(self, address: str, lasted: float, by_itself: bool = False) -> None:
        """A connection of this address has ended after so many seconds; `by_itself`: its page said goodbye."""
        if lasted < limits.SHORT:
            visits = self._of(address)
            visits.under_way.append(self._clock())
            if not by_itself:
                visits.left = max(-2.0 * limits.PRICE, visits.left - limits.PRICE)

    def _of(self, address: str) -> Visits:
        name = network(address)
        visits = self._visits.pop(name, None) or Visits(limits.AT_ONCE, self._clock())
        self._visits[name] = visits  # now the last that is forgotten
        while len(self._visits) > limits.ADDRESSES:
            self._visits.popitem(last=False)
        return visits


def in_use(session: Any) -> bool:
    """Whether somebody looks at it, or is about to."""
    return session.connection_count > 0 or session.milliseconds_since_last_unsubscribe < 1000 * limits.LEFT


def network(address: str) -> str:
    """What one visitor has: an address, of IPv6 the network of a household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
