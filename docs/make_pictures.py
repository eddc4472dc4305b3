"""Makes the pictures of README.md and docs from the real app (`make pictures`); the browser tests too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.serve import Server
from tests.browser.conftest import FLAGS
from tests.browser.explorer import HELPERS, Explorer
from tests.ensure_browser import find_browser

FOLDER = Path(__file__).with_name("pictures")
ASSETS = FOLDER.parents[1] / "assets"
SIZE = {"width": 1366, "height": 768}
WIDTH, HEADER, STRIP = 432, 52, 124
"""Width of the sliders in a page of that size; height in it above them, and above the plots."""


def nothing(page: Explorer) -> None:
    """No more than to open the view."""


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        name: of the file, and of the view where no other is named.
        model: its title.
        preset: its title, or None.
        then: what is done once the view is open.
        whole: show the whole page, with this view.
    """

    name: str
    model: str
    preset: str | None = None
    then: Callable[[Explorer], None] = nothing
    whole: str = ""

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return (ASSETS if self.whole else FOLDER) / f"{self.name}.png"

    def take(self, page: Explorer, folder: Path | None = None) -> Path:
        """Set the scene and take the picture: the whole page; or the plots; or the sliders where there is no view."""
        page.begin_anew()
        page.picture(lambda: page._choose("Model", self.model))
        if self.preset:
            page.choose_preset(self.preset)
        button = page.page.locator(f'button[data-view="{self.whole or self.name}"]')
        view = button.count() > 0
        if view:
            button.click()
        page.page.wait_for_timeout(1500)
        self.then(page)
        page.page.mouse.move(900, 25)  # away from whatever shows a tip or a cursor
        page.page.wait_for_timeout(2500)  # studies are done when the hand rests
        page.wait("!(probe.deep('.why p')?.textContent ?? '').startsWith('Computing')")
        page.page.wait_for_timeout(500)
        path = folder / self.file.name if folder else self.file
        path.parent.mkdir(exist_ok=True)
        left, top = (0, 0) if self.whole else (WIDTH, STRIP) if view else (0, HEADER)
        width = SIZE["width"] - left if view else WIDTH
        clip = {"x": left, "y": top, "width": width, "height": SIZE["height"] - top}
        page.page.screenshot(path=path, clip=clip)  # type: ignore[arg-type]
        return path


def play(page: Explorer) -> None:
    """Look at a time in the middle of the run."""
    page.page.get_by_label("Time in ms").evaluate("(e) => { e.value = 330; e.dispatchEvent(new Event('input')) }")


def wait_for_the_map(page: Explorer) -> None:
    """The coarse one comes first."""
    page.wait("(probe.model('atlas:image')?.data.image?.[0]?.shape?.[0] ?? 0) >= 64")


def pin_and_move(page: Explorer) -> None:
    """Keep the run, then change a value."""
    page.page.get_by_role("button", name="Pin", exact=True).click()
    page.picture(lambda: page.type("config.adaptation_delta", "90"))


def crowd_in_the_dark(page: Explorer) -> None:
    """A population whose neurons differ, in the dark theme."""
    page.button("Toggle theme").click()
    page.tab("Population")
    page.picture(lambda: page.type("spread.resistance", "0.005"))
    page.picture(lambda: page.type("run.units", "50"))


def open_lesson(page: Explorer) -> None:
    """The second step of the lesson on the phase plane."""
    page.button("Lessons").click()
    page.page.locator("a.lesson", has_text="phase plane").click()
    page.page.locator(".panel .count", has_text="1 of").wait_for()
    for _ in range(2):  # the first says what is still open
        page.page.keyboard.press("n")
    page.page.locator(".panel .count", has_text="2 of").wait_for()


def predict(page: Explorer) -> None:
    """A charging curve that was drawn as a straight line, and what it is."""
    page.button("Lessons").focus()
    page.page.keyboard.press("q")
    page.type("stimulus.0.amplitude", "350")
    pad = page.page.locator("svg.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    path = [(0.13, 0.79), (0.22, 0.79), (0.45, 0.42), (0.83, 0.4), (0.93, 0.79)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in path]
    page.page.mouse.move(*places[0])
    page.page.mouse.down()
    for place in places[1:]:
        page.page.mouse.move(*place, steps=6)
    page.page.mouse.up()
    page.picture(page.button("Reveal").click)


SCENES = (
    Scene("phase", "Adaptive exponential", None, play),
    Scene("fi", "Refractory leaky"),
    Scene("intervals", "Adaptive exponential", "Regular bursting"),
    Scene("reset", "Adaptive exponential", "Regular bursting"),
    Scene("atlas", "Adaptive exponential", None, wait_for_the_map),
    Scene("currents", "Adaptive exponential"),
    Scene("compare", "Adaptive exponential", None, pin_and_move),
    Scene("foresight", "Adaptive exponential"),
    Scene("explorer-light", "Adaptive exponential", "Initial burst", whole="phase"),
    Scene("explorer-lesson", "Exponential", None, open_lesson, whole="phase"),
    Scene("explorer-predict", "Refractory leaky", None, predict, whole="fi"),
    Scene("explorer-dark", "Adaptive leaky", None, crowd_in_the_dark, whole="intervals"),
)


def main() -> None:
    with Server("app") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(60_000)
        page.add_init_script(HELPERS)
        page.goto(server.url)
        explorer = Explorer(page)
        explorer.wait_until_open()
        for scene in SCENES:
            print(scene.take(explorer))
        browser.close()


if __name__ == "__main__":
    main()
