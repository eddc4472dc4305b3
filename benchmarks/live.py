"""From slider to pixels: the real app in a real browser, and two plain apps (`python -m benchmarks.live`).

Prints the tables, and renews `docs/live.json` and their section of `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from spark.nn.components.somas import catalogue
from tests.browser.conftest import FLAGS
from tests.browser.explorer import Explorer
from tests.ensure_browser import find_browser

from .drive import OPTION, QUIET, Driven, distribution, painted, slider_figures
from .live_page import rendered
from .page import ROOT, conditions, renew
from .scenes import NEURONS, PART, POPULATIONS, SLIDER, Scene
from .serve import Server

DATA, PAGE = ROOT / "docs" / "live.json", ROOT / "docs" / "performance.md"
PLAIN = {
    "Bokeh figures kept, `source.data = {…}`, Panel slider": "benchmarks/plain_source.py",
    "HoloViews `DynamicMap` and `Pipe`, Panel slider": "benchmarks/plain_dynamicmap.py",
}
MOVES, DRAGS, WIRE, STARTS, ROUNDS = 50, 3, 30, 3, 2


def app_figures(browser: Browser, quick: bool) -> dict[str, Any]:
    """Start, scenes and model switches of the real app."""
    say("start")
    starts = [started(browser) for _ in range(2 if quick else STARTS + 1)]
    with Server("app") as server:
        driven = Driven(browser, server.url)
        page = Explorer(driven.page)
        page.wait_until_open()
        server.wait_until_idle()
        driven.watch()
        scenes = [in_scene(driven, page, scene, quick) for scene in (NEURONS[:1] if quick else NEURONS + POPULATIONS)]
        say("model switches")
        switches = model_switches(driven, page, server, 1 if quick else ROUNDS)
        driven.page.close()
    return {"starts_s": [round(s, 2) for s in starts], "scenes": scenes, "switches": switches}


def started(browser: Browser) -> float:
    """Seconds from the start of the server to the first interactive picture."""
    with Server("app") as server:
        driven = Driven(browser, server.url)
        Explorer(driven.page).wait_until_open()
        spent = time.perf_counter() - server.began
        driven.page.close()
    return spent


def in_scene(driven: Driven, page: Explorer, scene: Scene, quick: bool) -> dict[str, Any]:
    """The figures of one scene."""
    say(scene.name)
    spikes, steps = scene.spikes()
    scene.enter(page)
    page.page.wait_for_timeout(2000)
    driven.hold("row", SLIDER, *PART)
    return {"scene": scene.name, "units": scene.units, "steps": steps, "spikes": spikes} | _figures(driven, quick)


def _figures(driven: Driven, quick: bool) -> dict[str, Any]:
    return slider_figures(driven, *((10, 2, 5) if quick else (MOVES, DRAGS, WIRE)))


def model_switches(driven: Driven, page: Explorer, server: Server, rounds: int) -> dict[str, Any]:
    """ms from the click on a model in the list to its painted picture, each model in turn, after a first round."""
    page.page.get_by_role("button", name="Reset all", exact=True).click()
    page.page.wait_for_timeout(1000)
    kinds = list(catalogue().values())
    found: list[dict[str, Any]] = []
    for turn in range(rounds + 1):
        for kind in kinds[1:] + kinds[:1]:
            page.page.get_by_role("combobox", name="Model", exact=True).click()
            page.wait(OPTION, kind.title)
            page.page.wait_for_timeout(300)
            one = page.page.evaluate(f"([a, quiet]) => live.act(() => ({OPTION}).click(), quiet)", [kind.title, QUIET])
            page.page.locator("[role=listbox]").wait_for(state="detached")
            if turn:
                found.append({"model": kind.title} | one)
        server.wait_until_idle()
    return {
        "picture": distribution([painted(one) for one in found]),
        "axes": distribution([max(one["axes"] or 0, painted(one)) for one in found]),
        "each": {kind.title: [round(painted(x), 1) for x in found if x["model"] == kind.title] for kind in kinds},
    }


def plain_figures(browser: Browser, app: str, quick: bool) -> dict[str, Any]:
    """The slider of a plain app."""
    say(app)
    with Server(app) as server:
        driven = Driven(browser, server.url)
        driven.page.wait_for_function(
            "window.Bokeh?.documents[0]?.roots().length > 0 && probe.deep('.noUi-handle') && probe.deep('canvas')"
        )
        server.wait_until_idle()
        driven.watch()
        driven.hold("widget")
        found = _figures(driven, quick)
        driven.page.close()
    return found


def busy_before() -> str:
    """Which share of the processors others used in the three seconds before the measurement, where that can be told."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return "unknown"
    before = _ticks(stat)
    time.sleep(3)
    spent = [b - a for a, b in zip(before, _ticks(stat), strict=True)]
    return f"{1 - (spent[3] + spent[4]) / max(1, sum(spent)):.0%}"


def _ticks(stat: Path) -> list[int]:
    return [int(x) for x in stat.read_text().splitlines()[0].split()[1:9]]


def measured(quick: bool, only_app: bool) -> dict[str, Any]:
    """Everything, one browser for all."""
    others = busy_before()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        found = {"browser": browser.version, "app": app_figures(browser, quick)}
        plain = {} if only_app else {name: plain_figures(browser, path, quick) for name, path in PLAIN.items()}
        browser.close()
    return found | {"plain": plain, "others": others}


def versions(browser: str) -> dict[str, str]:
    """Of what takes part in a picture."""
    names = ("panel", "bokeh", "holoviews", "panel-material-ui")
    return {name: importlib.metadata.version(name) for name in names} | {"chromium": browser}


def say(what: str) -> None:
    """Progress, for whoever waits."""
    print(f"... {what}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few moves and one neuron, for trying; writes nothing")
    parser.add_argument("--only-app", action="store_true", help="leave the plain apps out; writes nothing")
    parser.add_argument("--redraw", action="store_true", help="only print what was measured before")
    options = parser.parse_args()
    if options.redraw:
        document = json.loads(DATA.read_text("utf-8"))
    else:
        found = conditions()  # as it begins: the measurement takes a quarter of an hour
        document = measured(options.quick, options.only_app)
        document["conditions"] = found | versions(document.pop("browser")) | {"others": document.pop("others")}
    text = rendered(document)
    print(text)
    if options.quick or options.only_app:
        return
    DATA.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if PAGE.exists() and "<!-- live: begin -->" in PAGE.read_text("utf-8"):
        renew("live", text, PAGE)


if __name__ == "__main__":
    main()
