"""The live page beside the served app: the loop, slider to pixels, size (`python -m benchmarks.static`).

Prints the tables, and renews `docs/static.json` and their section of `docs/performance.md`. `--redraw` only makes the
section again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import jax
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import spark
from app.static_page import live_page
from spark.nn.somas import AdaptiveExponentialSoma, IzhikevichSoma, LeakySoma
from spark.stimuli import Step
from tests.browser.conftest import FLAGS
from tests.browser.explorer import Explorer
from tests.ensure_browser import find_browser

from . import throughput_c
from .drive import Driven, distribution
from .page import ROOT, conditions, renew, sentence, table
from .scenes import PART, SLIDER
from .serve import Server

DATA, PAGE = ROOT / "docs" / "static.json", ROOT / "docs" / "performance.md"
STEPS, DT, RUNS, MOVES = 10_000, 0.1, 40, 100
SOMAS = ((LeakySoma, 800.0), (AdaptiveExponentialSoma, 600.0), (IzhikevichSoma, 500.0))
LOOP = """async ({runs, amplitude, dt, steps}) => {
    const soma = page.runner.module(page.values.state.solver), p = page.values.parameters, times = []
    for (let k = 0; k < runs; k++) {
        const begun = performance.now()
        soma.run(p, amplitude, dt, steps, {record: ["potential"]})
        times.push(performance.now() - begun)
    }
    return times.slice(runs / 4)
}"""
MOVED = """async ({moves, key, low, high}) => {
    const times = []
    for (let k = 0; k < moves; k++) {
        await new Promise((done) => setTimeout(done, 60))
        const begun = performance.now()
        page.set({[key]: low + (high - low) * ((0.5 + k * 0.618033988749895) % 1)}, false)
        await new Promise((done) => requestAnimationFrame(() => {
            const after = new MessageChannel()  // when the frame has been handed on
            after.port1.onmessage = done
            after.port2.postMessage(0)
        }))
        times.push(performance.now() - begun)
    }
    return times.slice(5)
}"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measured() -> dict[str, Any]:
    """All figures, the page's and the app's in one run of one browser."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        loops = [_loop(browser, Path(folder), kind, amplitude) for kind, amplitude in SOMAS]
        figures = {"loops": loops, "moves": _moves(browser, Path(folder)), "browser": browser.version}
        browser.close()
    return {"conditions": conditions()} | figures


def _opened(browser: Browser, folder: Path, text: str) -> Page:
    file = folder / "page.html"
    file.write_text(text, "utf-8")
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(file.as_uri())
    page.wait_for_function("globalThis.page?.shown != null")
    return page


def _loop(browser: Browser, folder: Path, kind: Any, amplitude: float) -> dict[str, Any]:
    """The loop of one soma: in the page, by `simulate` in float64 and float32, and in C."""
    text = live_page(kind(), Step(amplitude=amplitude))
    page = _opened(browser, folder, text)
    given = {"runs": RUNS, "amplitude": amplitude, "dt": DT, "steps": STEPS}
    found = {"soma": kind.__name__, "bytes": len(text.encode()), "page_ms": median(page.evaluate(LOOP, given))}
    found["first_paint_ms"] = page.evaluate(PAINTED)
    page.close()
    held = np.full(STEPS, amplitude)
    with jax.enable_x64(True):
        found["float64_ms"] = _timed(lambda: spark.simulate(kind(), held, dt=DT))
    found["float32_ms"] = _timed(lambda: spark.simulate(kind(), held, dt=DT))
    found["c_ms"] = _in_c(kind, held) if kind is not IzhikevichSoma else None
    return found


def _in_c(kind: Any, held: np.ndarray) -> float | None:
    """Forward Euler on the grid in float32, as `loop.c` has it: no located spikes, the least that a loop can do."""
    loops = throughput_c.built()
    if isinstance(loops, str):
        return None
    parameters = {name: np.array([value]) for name, value in kind().config.values().items() if isinstance(value, float)}
    return _timed(loops.prepared(parameters, held, DT, STEPS))


def _timed(run: Callable[[], Any]) -> float:
    run()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - begun))
    return median(times)


def _moves(browser: Browser, folder: Path) -> dict[str, Any]:
    """Slider to pixels of AdEx with phase plane and f-I curve, and the served app's beside it."""
    page = _opened(browser, folder, live_page(AdaptiveExponentialSoma(), Step(amplitude=600.0)))
    given = {"moves": MOVES, "key": SLIDER, "low": 0.034, "high": 0.06}
    own = page.evaluate(MOVED, given)
    page.close()
    with Server("app") as server:
        driven = Driven(browser, server.url)
        explorer = Explorer(driven.page)
        explorer.wait_until_open()
        server.wait_until_idle()
        driven.watch()
        driven.hold("row", SLIDER, *PART)
        driven.moves(5)
        served = driven.moves(MOVES)
        driven.page.close()
    return {"page": distribution(own), "app": distribution(served)}


def rendered(document: dict[str, Any]) -> str:
    """The section."""
    rows = [
        [
            f"`{one['soma']}`",
            f"{one['page_ms']:.1f} ms",
            f"{one['page_ms'] / one['float64_ms']:.2f}",
            f"{one['page_ms'] / one['float32_ms']:.2f}",
            "–" if one["c_ms"] is None else f"{one['page_ms'] / one['c_ms']:.0f}",
            f"{one['bytes'] / 1e6:.2f} MB",
            f"{one['first_paint_ms']:.0f} ms",
        ]
        for one in document["loops"]
    ]
    head = ["soma", "page", "/ `simulate`, float64", "/ float32", "/ C", "file", "first paint"]
    moves = [[name, f"{f['median']} ms", f"{f['p95']} ms"] for name, f in document["moves"].items()]
    return "\n\n".join(
        [
            sentence(document["conditions"]) + f" Chromium {document['browser']}, headless, no GPU.",
            f"One neuron, {STEPS:,} steps of {DT} ms, the soma's own solver, potential recorded, float64 in the page. "
            "`simulate` is the whole call; C is `benchmarks/loop.c`: forward Euler on the grid, float32.",
            table(head, rows),
            "From a value that is set to the frame in which it is painted: the page with all of its views, AdEx; the "
            "served app with its default model, traces alone.",
            table(["", "median", "p95"], moves),
        ]
    )


def main() -> None:
    """Measure, print, renew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redraw", action="store_true", help="only make the section of what was measured before")
    if not parser.parse_args().redraw:
        DATA.write_text(json.dumps(measured(), indent=1) + "\n", "utf-8")
    content = rendered(json.loads(DATA.read_text("utf-8")))
    print(content)
    renew("static", content, PAGE)


if __name__ == "__main__":
    main()
