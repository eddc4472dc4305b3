"""The page as the tests use it: by its controls, and by what Bokeh's models in the page hold."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlparse

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Route, WebSocket, WebSocketRoute, expect

from app.session.session import Session
from spark.nn.components.somas import catalogue
from tests.browser.probe import HELPERS as HELPERS
from tests.common import each

T = TypeVar("T")

LOCAL = ("localhost", "127.0.0.1")
TIMEOUT = 60_000
"""ms that a condition may take: CI machines are slow, and a page that is right never waits for it."""
LOOK = 30
"""ms from one look at the page to the next."""
OPEN = "probe.revision() > 0 && probe.data('v0', 'y').length > 1 && probe.get('.row') != null"
"""A page has its controls and its first picture."""
EACH_MODEL = pytest.mark.parametrize(
    "names",
    [
        pytest.param([one.values[0] for one in each() if not one.marks], id="few"),
        pytest.param(list(catalogue()), id="all", marks=pytest.mark.thorough),
    ],
)
"""A test that chooses one model after the other: those of `tests.common.each`."""


def watched(page: Page, faults: list[str]) -> None:
    """Note every error of the page, and every request to another host, which does not get through."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} {message.location}")

    def away(url: str) -> bool:
        parts = urlparse(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL

    def refuse(route: Route) -> None:
        faults.append(f"request to another host: {route.request.url}")
        route.abort()

    def socket(opened: WebSocket) -> None:
        if away(opened.url):
            faults.append(f"connection to another host: {opened.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(f"page: {error}"))
    page.on("websocket", socket)
    page.route(away, refuse)
    page.add_init_script(HELPERS)


class Explorer:
    """One page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def js(self, expression: str, argument: Any = None) -> Any:
        return self.page.evaluate(f"(a) => ({expression})", argument)

    def wait(self, condition: str, argument: Any = None) -> None:
        """Until the condition holds (looked at with every frame)."""
        self.page.wait_for_function(f"(a) => ({condition})", arg=argument)

    def soon(self, check: Callable[[], T]) -> T:
        """Until this check passes; its last failure is the test's. What it gives back.

        Rows, words and views are filled by messages of their own: that one has come does not say that another has.
        """
        end = time.monotonic() + TIMEOUT / 1000
        while True:
            try:
                return check()
            except (AssertionError, LookupError, ValueError):  # the last two of a source that is still empty
                if time.monotonic() > end:
                    raise
            self.page.wait_for_timeout(LOOK)

    def wait_until_open(self) -> None:
        self.wait(OPEN)

    def wait_until_back(self, timeout: float = TIMEOUT) -> None:
        """Until the page, which was told `window.stays`, has begun anew by itself and is open."""
        self.page.wait_for_function(f"window.stays == null && window.probe != null && {OPEN}", timeout=timeout)

    def begin_anew(self) -> None:
        """Load the page as on a first visit: nothing of the session before is restored, or offered."""
        self.js("""addEventListener("pagehide", () => {
            const own = ["spark:now", "spark:now whole", "spark:steps", "spark:currents"]
            for (const name of own) sessionStorage.removeItem(name)
            for (const name of ["spark:last", "spark:last whole"]) localStorage.removeItem(name)
        })""")
        self.js("history.replaceState(null, '', location.pathname)")
        self.page.reload()
        self.wait_until_open()

    def through(self, address: re.Pattern[str]) -> list[WebSocketRoute]:
        """Load the page anew with its sockets of this address passed on; those that it opens, to be cut by a test."""
        sockets: list[WebSocketRoute] = []

        def pass_on(route: WebSocketRoute) -> None:
            sockets.append(route)
            route.connect_to_server()

        self.page.route_web_socket(address, pass_on)
        self.page.reload()
        self.wait_until_open()
        return sockets

    def steady_box(self, key: str) -> Any:
        """Where a slider is, once the equations above it are set and nothing moves any more."""
        before, box = None, self.slider(key).bounding_box()
        while box is None or box != before:
            self.page.wait_for_timeout(500)
            before, box = box, self.slider(key).bounding_box()
        return box

    @property
    def revision(self) -> int:
        return self.js("probe.revision()")

    @property
    def error(self) -> str:
        return self.js("probe.error()")

    @property
    def readouts(self) -> dict[str, str]:
        return self.js("probe.readouts()")

    @property
    def sum(self) -> str:
        """A checksum of what is plotted."""
        return self.js("probe.sum()")

    def data(self, name: str, column: str = "y") -> list[float]:
        return self.js("probe.data(...a)", [name, column])

    def data_is(
        self, name: str, expected: Iterable[float], column: str = "y", rel: float = 1e-6, abs: float = 1e-6
    ) -> None:
        """Wait until a source holds exactly so many values, and these (float32 on the wire)."""

        def holds() -> None:
            assert self.data(name, column) == pytest.approx(list(expected), rel=rel, abs=abs), f"{name} {column}"

        self.soon(holds)

    def value_is(self, key: str, value: float) -> None:
        """Wait until a row shows this value."""

        def holds() -> None:
            assert self.value(key) == value, f"{key}: {self.value(key)}"

        self.soon(holds)

    def keys_are(self, prefix: str, expected: Iterable[str]) -> None:
        """Wait until exactly these rows are there."""

        def holds() -> None:
            assert sorted(self.keys(prefix)) == sorted(expected)

        self.soon(holds)

    @property
    def finite(self) -> bool:
        return self.js("probe.finite()")

    def picture(self, action: Callable[[], Any]) -> None:
        """Do it, and wait for a picture that came after it; an error of the strip is a failure."""
        before = self.revision
        action()
        self.wait("probe.revision() > a || probe.error() !== ''", before)
        assert self.error == ""

    def picture_after_error(self, action: Callable[[], Any]) -> None:
        """Do what puts it right, and wait for the picture."""
        before = self.revision
        action()
        self.wait("probe.revision() > a && probe.error() === ''", before)

    def row(self, key: str) -> Locator:
        return self.page.locator(f'.row[data-key="{key}"]')

    def slider(self, key: str) -> Locator:
        return self.row(key).locator("input[type=range]")

    def box(self, key: str) -> Locator:
        return self.row(key).locator(".box")

    def keys(self, prefix: str = "") -> list[str]:
        keys = self.page.locator(".row[data-key]").evaluate_all("rows => rows.map((row) => row.dataset.key)")
        return [key for key in keys if key.startswith(prefix)]

    def value(self, key: str) -> float:
        return float(self.box(key).input_value().replace("−", "-"))

    def type(self, key: str, text: str) -> None:
        self.box(key).fill(text)
        self.box(key).press("Enter")

    def reset(self, key: str) -> None:
        self.row(key).locator(".reset").click()

    def row_error(self, key: str) -> str:
        return self.js("probe.rowError(a)", key)

    def _choose(self, label: str, title: str, nth: int = 0) -> None:
        self.page.get_by_role("combobox", name=label, exact=True).click()
        menu = self.page.get_by_role("listbox", name=label, exact=True)
        menu.wait_for()
        option = menu.get_by_role("option").filter(has=self.page.get_by_text(title, exact=True))
        if label == "Preset" and option.count() <= nth:  # of another model
            menu.get_by_role("option").last.click()
        option.nth(nth).click()
        menu.wait_for(state="detached")

    def _unfolded(self) -> None:
        """Until a menu has its full size.

        It grows when it is opened. A click whose button goes down on one item and up on the next, which has grown
        into its place, is on neither: the menu stays open.
        """
        self.wait(
            "((menu) => menu != null && getComputedStyle(menu).transform === 'none')(probe.deep('.MuiMenu-paper'))"
        )

    def choose_model(self, title: str, key: str) -> None:
        """Select a model, and wait until its own picture and rows are there; `key` is a row that it has."""
        kind = next(kind for kind in catalogue().values() if kind.title == title)
        # Its own sentence, or one of its run where values were carried over: it comes after the rows, with the picture.
        about = self.page.locator(".say.about")
        before = about.text_content() or kind.shows
        self.picture(lambda: self._choose("Model", title))
        if before != kind.shows:
            expect(about).not_to_have_text(before)
        self.row(key).wait_for()

    def models(self, names: list[str]) -> Iterator[Session]:
        """Choose each of these in turn, the first (it may be shown already) last; a session with its defaults."""
        kinds = [catalogue()[name] for name in names]
        for kind in [*kinds[1:], kinds[0]]:
            session = Session()
            session.choose_model(kind.__name__)
            self.choose_model(kind.title, f"config.{list(session.fields)[-1]}")
            yield session

    def view(self, name: str) -> Locator:
        """The button of a view beside the traces."""
        return self.page.locator(f"button[data-view={name}]")

    def open_view(self, name: str, source: str, column: str = "x", least: int = 1) -> None:
        """Open a view, and wait until this source of its shows at least so many values."""
        self.view(name).click()
        self.wait("probe.model(a[0]) != null && probe.data(a[0], a[1]).length >= a[2]", [source, column, least])

    def choose_preset(self, title: str) -> None:
        self.picture(lambda: self._choose("Preset", title))

    def choose_stimulus(self, title: str) -> None:
        self.picture(lambda: self._choose("Stimulus", title))

    def add_stimulus(self, title: str) -> None:
        def add() -> None:
            self.page.get_by_role("button", name="Add", exact=True).click()
            self._unfolded()
            self.page.get_by_role("menuitem", name=title, exact=True).click()

        self.picture(add)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def assert_unchanged(self) -> None:
        """No row is marked as different from its default."""
        self.changed_are(0)

    def changed_are(self, count: int) -> None:
        """So many rows are marked as different from their default."""
        expect(self.page.locator(".row.changed")).to_have_count(count)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def spikes_are(self, times: Iterable[float]) -> None:
        """Wait until exactly these spikes of the first neuron are drawn (float32 on the wire)."""
        self.data_is("spikes", times, "x", rel=0, abs=1e-3)
