"""Drives a slider of a page and watches what is painted; the clock is the page's own (`watch.js`)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, WebSocket

from tests.browser.explorer import HELPERS

WATCH = Path(__file__).with_name("watch.js").read_text("utf-8")
QUIET, QUIET_AFTER_DRAG = 400, 1500
"""ms without a new picture after which a move, or a drag, counts as over."""
DRAG, PERIOD = 5.0, 3.0
"""Seconds of a drag, and of one movement to and fro."""
GOLDEN = 0.6180339887
OPTION = """[...(probe.deep('[role=listbox]')?.querySelectorAll('[role=option]') ?? [])]
    .find((e) => e.textContent.trim() === a)"""
"""The entry of an open menu with this text."""


class Driven:
    """A page, opened and watched.

    Args:
        browser: the browser that opens it.
        url: the app's address.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1366, "height": 768})
        self.page.set_default_timeout(60_000)
        self._sockets: list[WebSocket] = []
        self.page.on("websocket", lambda opened: self._sockets.append(opened))
        self.page.add_init_script(HELPERS)
        self.page.add_init_script(WATCH)
        self.page.goto(url)

    def watch(self) -> None:
        """Note from now on what is painted."""
        self.page.evaluate("live.watch()")

    def hold(self, driver: str, *arguments: Any) -> None:
        """Take the slider: `row` of the real app, or `widget` of a plain one."""
        self.page.evaluate("([driver, words]) => live[driver](...words)", [driver, list(arguments)])

    def moves(self, count: int) -> list[float]:
        """ms from the input event to the painted picture, for single moves all over the range."""
        places = [(0.5 + i * GOLDEN) % 1 for i in range(1, count + 1)]
        found = self.page.evaluate("([places, quiet]) => live.moves(places, quiet)", [places, QUIET])
        return [painted(one) for one in found]

    def drag(self, last: float) -> dict[str, Any]:
        """Pictures of one drag and the lag after its release at `last`."""
        return self.page.evaluate("(a) => live.drag(...a)", [DRAG, PERIOD, last, QUIET_AFTER_DRAG])

    def wire(self, count: int) -> dict[str, float]:
        """Bytes and frames of the connection for one picture, both ways."""
        with self._listening() as frames:
            self.moves(count)
        return {
            "kB": round(sum(frames) / 1000 / count, 2),
            "frames": round(len(frames) / count, 2),
        }

    @contextmanager
    def _listening(self) -> Any:
        sizes: list[int] = []

        def note(payload: str | bytes) -> None:
            sizes.append(len(payload.encode() if isinstance(payload, str) else payload))

        for each in self._sockets:
            each.on("framereceived", note)
            each.on("framesent", note)
        yield sizes
        for each in self._sockets:
            each.remove_listener("framereceived", note)
            each.remove_listener("framesent", note)


def painted(found: dict[str, float | None]) -> float:
    """When the picture was on the screen: its last data, and in the real app its number."""
    times = [t for t in (found["data"], found["revision"]) if t is not None]
    if not times:
        raise RuntimeError(f"a move painted nothing: {found}")
    return max(times)


def slider_figures(driven: Driven, moves: int, drags: int, wire: int) -> dict[str, Any]:
    """Single moves, drags and traffic of the slider that is held."""
    driven.moves(5)  # whatever is done the first time only
    single = driven.moves(moves)
    found = [driven.drag(0.25) for _ in range(drags)]
    if len({one["stays"] for one in found}) != 1:
        raise RuntimeError("drags that end at the same value leave different pictures")
    rates = [one["pictures"] / one["seconds"] for one in found]
    lags = [one["lag"] for one in found]
    return {
        "moves": distribution(single),
        "drag": {
            "pictures_per_s": round(median(rates), 1),
            "lowest_per_s": round(min(rates), 1),
            "events_per_s": round(median(one["events"] / one["seconds"] for one in found), 1),
            "lag_ms": round(median(lags), 1),
            "worst_lag_ms": round(max(lags), 1),
        },
        "wire": driven.wire(wire),
    }


def distribution(times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, ms, and of how many."""
    return {"median": round(median(times), 1), "p95": round(float(np.percentile(times, 95)), 1), "count": len(times)}
