"""Where the time of a move, of another model and of a start goes (`python -m benchmarks.stages`), in the real app.

Renews the sections `stages` of `docs/performance.md`.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from spark.nn.components.somas import catalogue
from tests.browser.conftest import FLAGS
from tests.browser.explorer import HELPERS, Explorer
from tests.ensure_browser import find_browser

from .drive import OPTION
from .page import ROOT, conditions, renew, sentence, table
from .serve import Server

MOVES, STARTS = 40, 3
PAGE = ROOT / "docs" / "performance.md"
MARKS = """
window.marks = {}
const say = WebSocket.prototype.send
WebSocket.prototype.send = function(text) { marks.sent ??= performance.now(); return say.call(this, text) }
const inner = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage")
Object.defineProperty(WebSocket.prototype, "onmessage", {
  get() { return inner.get.call(this) },
  set(handler) {
    inner.set.call(this, (event) => {
      if (event.data instanceof ArrayBuffer && event.data.byteLength > 4000) { marks.arrived ??= performance.now() }
      return handler(event)
    })
  },
})
"""
MOVE = """async (place) => {
  const figure = [...Bokeh.index.query((v) => v.model.type === "Figure")][1]
  if (!figure.watched) {
    const paint = figure._paint_primary.bind(figure)
    figure._paint_primary = (...a) => {
      marks.begun ??= performance.now(); paint(...a); marks.painted ??= performance.now()
      requestAnimationFrame(() => { const c = new MessageChannel()
        c.port1.onmessage = () => { marks.shown ??= performance.now() }; c.port2.postMessage(null) })
    }
    figure.watched = true
  }
  const slider = probe.row("config.resistance").querySelector("input[type=range]")
  await new Promise(requestAnimationFrame)
  await new Promise((done) => setTimeout(done, 40 * Math.random()))
  window.marks = {}
  const began = performance.now()
  slider.value = 300 + 400 * place
  slider.dispatchEvent(new Event("input"))
  while (!marks.shown) { await new Promise((done) => setTimeout(done, 2)) }
  await new Promise((done) => setTimeout(done, 800))
  return ["sent", "arrived", "begun", "painted", "shown"].map((name) => marks[name] - began)
}"""
OPENING = """
window.opening = {}
const look = () => {
  const now = performance.now()
  if (window.Bokeh) { opening.scripts ??= now }
  if (window.Bokeh?.documents?.length) { opening.document ??= now }
  if (window.probe?.get(".row")) { opening.controls ??= now }
  if (window.probe?.revision() > 0) { opening.picture ??= now } else { requestAnimationFrame(look) }
}
look()
"""
OPENED = """(() => { const [page] = performance.getEntriesByType("navigation"), o = window.opening
  return [page.responseStart, o.scripts, o.document, o.controls, o.picture] })()"""
SWITCH = """async (title) => {
  const list = () => [...(probe.deep("[role=listbox]")?.querySelectorAll("[role=option]") ?? [])]
  const option = list().find((e) => e.textContent.trim() === title)
  const before = probe.revision(), rows = probe.get(".row").parentElement
  window.marks = {}
  const began = performance.now()
  option.click()
  while (probe.revision() === before) {
    if (probe.get(".row").parentElement !== rows) { marks.rows ??= performance.now() }
    await new Promise((done) => setTimeout(done, 1))
  }
  const shown = performance.now()
  return [marks.sent - began, (marks.rows ?? marks.arrived) - began, marks.arrived - began, shown - began]
}"""
SWITCHES = (
    ("choice sent", "the menu closes"),
    ("rows and equations built", "the server: session, rows; the page's script"),
    ("picture arrived", "the server: simulation, reduction"),
    ("frame shown", "Bokeh: layout of the figures, painting; the browser draws it on the processor"),
)
STARTING = (
    ("port answers", "Python starts, Panel and Bokeh are imported"),
    ("page arrives", "JAX and the app are imported, the first page is built"),
    ("scripts have run", "the browser: Bokeh, Panel, KaTeX"),
    ("document arrives", "connection, the page's models"),
    ("sliders are there", "panel-material-ui (React) and the page's components"),
    ("first picture painted", "simulation, figures, layout"),
)
STAGES = (
    ("slider's event handled, message sent", "the page's script"),
    (
        "picture of the new value arrived",
        "the server: session, simulation, reduction, sending; both sides waking up",
    ),
    ("data sources set", "the page's script, garbage collection"),
    ("potential's figure painted", "Bokeh"),
    ("frame shown", "waiting for the display's next frame; the browser draws it on the processor"),
)


def stages(page: Page) -> list[list[float]]:
    """ms from the input event to the end of each stage, for each move."""
    return [page.evaluate(MOVE, (i * 0.6180339887) % 1) for i in range(MOVES)]


def switches(page: Explorer, server: Server) -> list[list[float]]:
    """ms from the click on a model to the end of each stage, each model once after a first round."""
    found = []
    for turn in range(2):
        for kind in [*catalogue().values()][1:] + [*catalogue().values()][:1]:
            page.page.get_by_role("combobox", name="Model", exact=True).click()
            page.wait(OPTION, kind.title)
            page.page.wait_for_timeout(300)
            one = page.page.evaluate(SWITCH, kind.title)
            page.page.locator("[role=listbox]").wait_for(state="detached")
            if turn:
                found.append(one)
        server.wait_until_idle()
    return found


def openings(browser: Browser) -> list[list[float]]:
    """ms from the start of the server to the end of each stage, warm caches."""
    found = []
    for _ in range(STARTS + 1):
        with Server("app") as server:
            up = 1000 * (time.perf_counter() - server.began)
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.set_default_timeout(60_000)
            page.add_init_script(HELPERS)
            page.add_init_script(OPENING)
            begun = 1000 * (time.perf_counter() - server.began)
            page.goto(server.url)
            page.wait_for_function("window.opening.picture")
            found.append([up, *(begun + ms for ms in page.evaluate(OPENED))])
            page.close()
    return found[1:]


def rendered(found: list[list[float]], stages: Any, note: str) -> str:
    """A table of medians."""
    ends = [median(column) for column in zip(*found, strict=True)]
    rows = [
        [what, f"{end:.1f}", f"{end - begin:.1f}", by]
        for (what, by), begin, end in zip(stages, [0.0, *ends], ends, strict=False)
    ]
    return note + "\n\n" + table(["until", "at", "took", "spent by"], rows)


def main() -> None:
    measured = conditions()
    with Server("app") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(60_000)
        page.add_init_script(HELPERS)
        page.add_init_script(MARKS)
        page.goto(server.url)
        Explorer(page).wait_until_open()
        server.wait_until_idle()
        found = stages(page)[5:]
        other = switches(Explorer(page), server)
        page.close()
        start = openings(browser)
        browser.close()
    texts = (
        rendered(found, STAGES, f"One move of a slider: one neuron, medians of {MOVES}, ms from the input event."),
        rendered(other, SWITCHES, f"Another model: medians of {len(other)}, ms from the click in the menu."),
        rendered(
            start, STARTING, f"Start, warm caches: medians of {len(start)}, ms from the command `panel serve app`."
        ),
        sentence(measured),
    )
    text = "\n\n".join(texts)
    print(text)
    renew("stages", text, PAGE)


if __name__ == "__main__":
    main()
