"""The page as the tests use it: by its controls, and by what Bokeh's models in the page hold."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import ConsoleMessage, Locator, Page, Route, WebSocket, expect

from app.session.session import Session
from spark.nn.components.somas import catalogue

LOCAL = ("localhost", "127.0.0.1")

HELPERS = """
if (!localStorage.getItem("test:tour")) { localStorage.setItem("spark:tour", "done") }  // no first visit
window.probe = {
  deep(selector, root = document) {          // through every shadow root
    const found = root.querySelector(selector)
    if (found) { return found }
    for (const e of root.querySelectorAll("*")) {
      const inner = e.shadowRoot && probe.deep(selector, e.shadowRoot)
      if (inner) { return inner }
    }
    return null
  },
  kept: new Map(),
  get(selector) {
    const kept = probe.kept.get(selector)
    if (kept?.isConnected && kept.matches(selector)) { return kept }
    const found = probe.deep(selector)
    probe.kept.set(selector, found)
    return found
  },
  row: (key) => probe.get(`.row[data-key="${key}"]`),
  revision: () => Number(probe.get(".strip")?.dataset.revision ?? 0),
  say(kind) { const say = probe.get(".say"); return say?.classList.contains(kind) ? say.textContent : "" },
  error: () => probe.say("wrong"),
  rowError: (key) => probe.row(key)?.querySelector(".err").textContent ?? "",
  model: (name) => window.Bokeh?.documents?.[0]?.get_model_by_name(`spark:${name}`),
  data: (name, column) => { const d = probe.model(name)?.data[column]; return d == null ? [] : Array.from(d) },
  names: ["current", "threshold", "soft", "second", "spikes", "others", "strokes", "rate", "v0"],
  finite: () => probe.names.every((name) => Object.values(probe.model(name).data).every(
    (column) => Array.from(column).every(Number.isFinite))),
  checksum: (column) => [column.length, column.reduce((sum, x, i) => sum + x * (1 + i % 7), 0)],
  sum: () => JSON.stringify(["v0", "current", "spikes", "strokes"].map(
    (name) => Object.values(probe.model(name).data).map(probe.checksum))),
  plot: (source) => [...Bokeh.documents[0]._all_models.values()].find(    // the figure that draws it
    (m) => m.type === "Figure" && m.renderers.some((r) => r.data_source?.name === `spark:${source}`)),
  drawn: (source) => [...Bokeh.index.query((one) => one.model === probe.plot(source))][0],
  frame(source) {                            // where its axes are, in the page
    const {el, frame: {bbox}} = probe.drawn(source), box = el.getBoundingClientRect()
    return {x: box.x + bbox.left, y: box.y + bbox.top, width: bbox.width, height: bbox.height}
  },
  figure: (i = 0) => [...Bokeh.documents[0]._all_models.values()].filter((m) => m.type === "Figure")[i],
  readouts: () => Object.fromEntries([...probe.get(".strip").querySelectorAll("dl div")].map(
    (e) => [e.querySelector("dt").textContent, e.querySelector("dd").firstChild.textContent])),
}
"""


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

    def wait_until_open(self) -> None:
        self.wait("probe.revision() > 0 && probe.data('v0', 'y').length > 1 && probe.get('.row') != null")

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
        keys = self.page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.key)")
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
        menu = self.page.locator("[role=listbox]")
        menu.locator("li").filter(has=self.page.get_by_text(title, exact=True)).nth(nth).click()
        menu.wait_for(state="detached")

    def choose_model(self, title: str, key: str) -> None:
        """Select a model, and wait for its picture; `key` is a row that it has."""
        self.picture(lambda: self._choose("Model", title))
        self.row(key).wait_for()

    def models(self) -> Iterator[Session]:
        """Choose each model in turn, the one that is shown already last; a session with its default values."""
        kinds = list(catalogue().values())
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
            self.page.get_by_role("menuitem", name=title, exact=True).click()

        self.picture(add)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def assert_unchanged(self) -> None:
        """No row is marked as different from its default."""
        expect(self.page.locator(".row.changed")).to_have_count(0, timeout=60_000)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def spikes_are(self, times: list[float]) -> None:
        """Wait until exactly these spikes of the first neuron are drawn (float32 on the wire)."""
        self.wait(
            "((x) => x.length === a.length && x.every((t, i) => Math.abs(t - a[i]) < 1e-3))(probe.data('spikes', 'x'))",
            json.loads(json.dumps(times)),
        )
