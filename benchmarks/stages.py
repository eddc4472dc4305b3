"""Where the time of a move goes (`python -m benchmarks.stages`): medians of single moves in the real app.

Renews the section `stages` of `docs/performance.md`.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.explorer import HELPERS, Explorer
from tests.ensure_browser import find_browser

from .page import ROOT, conditions, renew, sentence, table
from .serve import Server

MOVES = 40
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
  const slider = spark.row("config.resistance").querySelector("input[type=range]")
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


def rendered(found: list[list[float]], measured: dict[str, Any]) -> str:
    """The generated section."""
    ends = [median(column) for column in zip(*found, strict=True)]
    rows = [
        [what, f"{end:.1f}", f"{end - begin:.1f}", by]
        for (what, by), begin, end in zip(STAGES, [0.0, *ends], ends, strict=False)
    ]
    note = f"One neuron, medians of {MOVES} single moves, ms from the input event. {sentence(measured)}"
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
        browser.close()
    text = rendered(found, measured)
    print(text)
    renew("stages", text, PAGE)


if __name__ == "__main__":
    main()
