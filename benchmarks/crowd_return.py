"""A visitor without a browser who comes back: keeps what a page keeps, and counts what it finds missing or wrong.

The record is the client's own. `app/client/keeper` does the same in a browser.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from app.limits import AGAIN
from app.session.session import Session

from .crowd_page import NEAR, ROW, SOURCE, Visitor, models
from .crowd_visit import RATE, values

SPIKES = "spark:spikes"
PAUSE, LONGEST_PAUSE = 0.7, 5.0
"""Seconds from one look for the server to the next, longer with every one (`connection.js`)."""
BEAT, SILENT, AT_FIRST = 1.0, 3, 15
"""Seconds between two questions to the server; after how many without an answer it is silent, or was from the first."""
GRACE, TIMES, SLOWER = 2.0, 20.0, 3.0
"""Seconds in which a server that answers others must answer; times what it took there; times for each page given up."""
TOO_MANY = (429, 503)
GONE = (HTTPClientError, OSError, RuntimeError, TimeoutError)
"""What opening a page at a server that is ended just then may raise."""


def few(count: int = 61, offset: int = 0) -> Iterator[float]:
    """So many amplitudes again and again: what each shows is computed once."""
    known = list(itertools.islice(values(), count))
    return itertools.islice(itertools.cycle(known), offset, None)


@cache
def expected(value: float) -> np.ndarray:
    """Spike times of the default neuron under this current, ms: the library's own."""
    session = Session()
    session.set({ROW: value})
    recording = session.job().run(lambda done: None)
    return np.asarray(recording.spike_times[0])


@dataclass
class Page(Visitor):
    """One page of such a visitor."""

    link: str = ""
    unsettled: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shown: float | None = None
        self.wrong: list[str] = []
        self.pictures = 0
        self._spikes = np.empty(0)
        self._moved = 0
        self._beats, self._known = 0, False
        self._keeper = ""

    def kept(self) -> dict[str, Any]:
        """What a page begins with that takes its place."""
        return {"link": self.link, "moves": {key: value for key, (value, _) in self.unsettled.items()}}

    def note(self, value: float) -> None:
        """Keep what the hand does, whether or not anybody hears of it."""
        self._moved += 1
        self.unsettled[ROW] = value, self._moved

    def move(self, value: float, final: bool = False) -> None:
        """A move that counts on."""
        self.note(value)
        super().move(value, final)

    @property
    def silent(self) -> bool:
        """Whether it has asked, and the server has not answered for long."""
        return self._beats > (SILENT if self._known else AT_FIRST)

    def ask(self) -> None:
        """Ask whether the server is there, unless it still has to answer."""
        self._beats += 1
        if self._beats == 1:
            self._say(self._keeper, {"type": "ping"})

    def listen(self, does: bool) -> None:
        """Read what comes, or leave it where it is."""
        for socket in (self._socket, self._channel):
            assert socket is not None
            (socket._transport.resume_reading if does else socket._transport.pause_reading)()

    def cut(self, main: bool, channel: bool) -> None:
        """End connections as a network does: without goodbye."""
        for wanted, socket in ((main, self._socket), (channel, self._channel)):
            if wanted and socket is not None:
                socket._transport.abort()

    def _look(self, document: dict[str, Any]) -> None:
        for model in models(document):
            if model["attributes"].get("class_name") == "Keeper":
                self._keeper = model["id"]
                self._address[self._keeper] = model["attributes"]["data"]["attributes"]["address"]
        super()._look(document)

    def _say(self, model: str, data: dict[str, Any]) -> None:
        if model == self._rows:
            data = data | {"move": self._moved}
        super()._say(model, data)

    def _lose(self, key: str) -> None:
        super()._lose(key)
        self._beats = 0
        if not self.lost and not self._left:
            for row, (value, move) in sorted(self.unsettled.items(), key=lambda one: one[1][1]):
                self._say(self._keeper, {"type": "moved", "move": move, "values": {row: value}})

    def _take(self, head: dict[str, Any], buffer: bytes, base: int, arrived: float) -> None:
        if head.get("pong"):
            self._beats, self._known = 0, True
        if head.get("link") is not None and "heard" in head:
            self.link = head["whole"] or head["link"]
            self.unsettled = {key: one for key, one in self.unsettled.items() if one[1] > head["heard"]}
        super()._take(head, buffer, base, arrived)

    def _show(self, head: dict[str, Any], buffer: bytes, base: int, arrived: float) -> None:
        super()._show(head, buffer, base, arrived)
        layout = head["layout"]
        if SPIKES in layout:
            offset, length = layout[SPIKES]["x"][:2]
            self._spikes = np.frombuffer(buffer, "<f4", length, base + offset)
        if SOURCE in layout:
            offset, length = layout[SOURCE]["y"][:2]
            self.shown = float(np.frombuffer(buffer, "<f4", length, base + offset).max())
        if "revision" in head and self.shown is not None:
            self.pictures += 1
            self._compare()

    def _compare(self) -> None:
        """The spikes of the picture are those of its current."""
        mine = expected(round(self.shown or 0.0, 3))
        if len(mine) != len(self._spikes) or not np.allclose(mine, self._spikes, rtol=0, atol=0.02):
            self.wrong.append(f"{len(self._spikes)} spikes at {self.shown:g} pA in place of {len(mine)}")


class Returning:
    """Moves a slider, and begins a new page whenever its own is lost: its record says what should be shown.

    Args:
        url: of the explorer.
        patience: seconds in which a page must be there.

    Attributes:
        value: where the hand has left the slider, pA; None before it moved.
        returns: how often a page had to take the place of another.
        given_up: how many of those were of a server that was there and did not answer.
        away: seconds of each of those times, from the loss to the first picture.
        lost: what the hand did and no page knew afterwards, in words.
        wrong: pictures whose spikes are not those of their current, in words.
    """

    def __init__(self, url: str, patience: float = 120.0) -> None:
        self._url, self._patience = url, patience
        self.value: float | None = None
        self._page: Page | None = None
        self.returns = self.given_up = self.pictures = 0
        self.away: list[float] = []
        self.times: list[float] = []
        self.lost: list[str] = []
        self.wrong: list[str] = []
        self._away = True

    @property
    def page(self) -> Page:
        """The one that is open, or was."""
        assert self._page is not None, "nobody has come"
        return self._page

    @property
    def is_shown(self) -> bool:
        """Whether the page shows what the hand has set."""
        return self.value is None or (self.page.shown is not None and abs(self.page.shown - self.value) < NEAR)

    async def come(self, begin: dict[str, Any] | None = None) -> None:
        """Open a page, and another one where that fails: a server that is ended just then is another one later."""
        end, looks = time.perf_counter() + self._patience, 0
        while True:
            page = Page(self._url, begin=begin or {})
            try:
                await page.open()
            except GONE as error:
                page.cut(main=True, channel=True)
                if time.perf_counter() > end:
                    raise TimeoutError(f"no page within {self._patience:g} s: {error}") from error
                refused = isinstance(error, HTTPClientError) and error.code in TOO_MANY
                await asyncio.sleep(AGAIN if refused else min(PAUSE * 1.5**looks, LONGEST_PAUSE))
                looks += 1
                continue
            if self._page is not None:
                page.link = page.link or self._page.link  # until it is told its own
            self._page = page
            await self.settled()
            self._away = False
            return

    def move(self, value: float, final: bool = False) -> None:
        """What the hand does, whether or not anybody listens; while a page is being loaded there is no slider."""
        if self._away:
            return
        self.value = value
        if self.page.lost:
            self.page.note(value)
        else:
            self.page.move(value, final)

    async def look(self) -> None:
        """Come back where the page has lost its server; gives up one that is silent and answers others."""
        page = self.page
        page.ask()
        if not page.lost and not (page.silent and await self._given_up(page)):
            return
        began = time.perf_counter()
        await self._seek()
        self._away = True
        self._count(page)
        page.cut(main=True, channel=True)
        await self.come(page.kept())
        self.returns += 1
        self.away.append(time.perf_counter() - began)

    async def settled(self) -> None:
        """The page shows what the hand has set, or that is lost."""
        end = time.perf_counter() + self._patience
        page = self.page
        while not page.lost and not self.is_shown:
            if time.perf_counter() > end:
                self.lost.append(f"{page.shown} pA is shown, {self.value} pA was set")
                return
            await asyncio.sleep(0.02)

    async def live(self, amplitudes: Iterator[float], over: asyncio.Event, rate: float = RATE) -> None:
        """Move at this rate, and see to it that there is a page, until it is over; then the slider is let go."""

        async def watch() -> None:
            while not over.is_set():
                await asyncio.sleep(BEAT)
                await self.look()

        watching, begin = asyncio.ensure_future(watch()), time.perf_counter()
        for at in itertools.count(1):
            self.move(next(amplitudes))
            await asyncio.sleep(max(0.0, begin + at / rate - time.perf_counter()))
            if over.is_set():
                break
        await watching
        self.move(next(amplitudes), final=True)
        await self.look()
        await self.settled()

    async def leave(self) -> None:
        """Close the page."""
        self._away = True
        self._count(self.page)
        with suppress(*GONE):
            await self.page.close()

    def _count(self, page: Page) -> None:
        self.wrong += page.wrong
        self.pictures += page.pictures
        self.times += [move.arrived - move.sent for move in page.moves if move.arrived is not None]
        page.wrong, page.pictures, page.moves = [], 0, []

    async def _given_up(self, page: Page) -> bool:
        """A server that answers others, and not this page."""
        began = time.perf_counter()
        if not await self._reachable():
            return False
        took = time.perf_counter() - began
        await asyncio.sleep(max(GRACE, TIMES * took) * SLOWER**self.given_up)
        self.given_up += page.silent
        return page.silent

    async def _seek(self) -> None:
        end, looks = time.perf_counter() + self._patience, 0
        while not await self._reachable():
            if time.perf_counter() > end:
                raise TimeoutError(f"no server within {self._patience:g} s")
            await asyncio.sleep(min(PAUSE * 1.5**looks, LONGEST_PAUSE))
            looks += 1

    async def _reachable(self) -> bool:
        at = urlsplit(self._url)
        script = HTTPRequest(f"{at.scheme}://{at.netloc}/static/js/bokeh.min.js", "HEAD", request_timeout=3)
        try:
            await AsyncHTTPClient().fetch(script)
        except GONE:
            return False
        return True
