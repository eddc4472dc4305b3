"""What the views cost: the trace's own time with each of them open, and their studies (`python -m benchmarks.views`).

Renews the section `views` of `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import json
import time
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from app.session.session import Session
from app.views.catalogue import catalogue
from tests.app.side import Noted, pictured
from tests.browser.conftest import FLAGS
from tests.browser.explorer import Explorer
from tests.ensure_browser import find_browser

from .drive import GOLDEN, QUIET, Driven
from .page import ROOT, conditions, renew, sentence, table
from .serve import Server

MODEL, TITLE, SLIDER, PART = "AdaptiveExponentialSoma", "Adaptive exponential", "config.resistance", (420.0, 560.0)
MOVES, STUDIES, MOST = 15, 5, 1.5
PAGE, DATA = ROOT / "docs" / "performance.md", ROOT / "docs" / "views.json"


def moves(driven: Driven, count: int) -> list[float]:
    """ms from the input event to the frame that shows the new traces, whatever a view adds to it later."""
    places = [(0.5 + i * GOLDEN) % 1 for i in range(1, count + 1)]
    found = driven.page.evaluate("([places, quiet]) => live.moves(places, quiet)", [places, QUIET])
    return [one["revision"] for one in found]


def with_views(count: int) -> dict[str, list[float]]:
    """The trace's moves alone, and with each view open; alone again in between, since machines are shared."""
    found: dict[str, list[float]] = {"": []}
    with sync_playwright() as playwright, Server("app") as server:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        driven = Driven(browser, server.url)
        page = Explorer(driven.page)
        page.wait_until_open()
        page.choose_model(TITLE, SLIDER)
        server.wait_until_idle()
        driven.watch()
        driven.hold("row", SLIDER, *PART)
        moves(driven, 5)
        for name in catalogue():
            found[""] += moves(driven, max(5, count // 3))
            button = page.page.locator(f"button[data-view={name}]")
            button.click()
            page.page.wait_for_timeout(4000)
            moves(driven, 5)  # whatever is compiled the first time only
            found[name] = moves(driven, count)
            button.click()
            page.page.wait_for_timeout(1000)
            print(f"... {name}", flush=True)
        browser.close()
    return found


def session_of() -> Session:
    """The default values of the model."""
    session = Session()
    session.choose_model(MODEL)
    return session


def studies() -> dict[str, list[float]]:
    """ms of each view's study, coarse and full, after a first one."""
    found = {}
    for name, kind in catalogue().items():
        if kind.studies and kind.reason(session_of().soma) is None:
            found[name] = [studied(kind, coarse) for coarse in (True, False)]
    return found


def studied(kind: Any, coarse: bool) -> float:
    """The median of studies of different values."""
    session = session_of()
    view = kind(Noted(session))
    spent = []
    for i in range(STUDIES + 1):
        session.set({"config.potential_tau": 16.0 + 0.1 * i})  # on no axis of the atlas, which would reuse its map
        drawn = pictured(session, view, ask=i + 1)
        began = time.perf_counter()
        view.study(drawn.shot, drawn.request, coarse, lambda: False)
        spent.append(1000 * (time.perf_counter() - began))
    return median(spent[1:])


def rendered(found: dict[str, list[float]], costs: dict[str, list[float]], measured: dict[str, Any]) -> str:
    """The generated section."""
    alone = median(found[""])
    rows = [["none", *_figures(found[""]), "", "", ""]]
    for name, kind in catalogue().items():
        ratio = median(found[name]) / alone
        study = [f"{ms:.0f}" for ms in costs.get(name, ())] or ["", ""]
        rows.append(
            [kind.title, *_figures(found[name]), f"{ratio:.2f} {'' if ratio <= MOST else '**missed**'}", *study]
        )
    each = len(found[next(iter(catalogue()))])
    note = (
        f"{TITLE}, 10,000 steps, one neuron: ms from the input event of a slider to the frame that shows the new "
        f"traces, median / 95th percentile of {each}, and its median as a multiple of that without a view (wanted: at "
        f"most {MOST:g}). Studies are done aside: ms, coarse while a hand moves and full when it rests, medians of "
        f"{STUDIES}, other values each time. {sentence(measured)}"
    )
    return note + "\n\n" + table(["view open", "median", "p95", "× none", "study, coarse", "full"], rows)


def _figures(times: list[float]) -> list[str]:
    return [f"{median(times):.0f}", f"{np.percentile(times, 95):.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few moves, for trying; writes nothing")
    quick = parser.parse_args().quick
    measured = conditions()
    costs, found = studies(), with_views(6 if quick else MOVES)
    text = rendered(found, costs, measured)
    print(text)
    if not quick:
        DATA.write_text(
            json.dumps({"conditions": measured, "moves": found, "studies": costs}, indent=1) + "\n", "utf-8"
        )
        renew("views", text, PAGE)


if __name__ == "__main__":
    main()
