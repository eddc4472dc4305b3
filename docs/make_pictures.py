"""Makes the pictures of docs/views.md from the real app (`make pictures`); the browser tests run it as well."""

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
SIZE = {"width": 1366, "height": 768}


def nothing(page: Explorer) -> None:
    """No more than to open the view."""


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        name: of the view, and of the file.
        model: its title.
        preset: its title, or None.
        then: what is done once the view is open.
    """

    name: str
    model: str
    preset: str | None = None
    then: Callable[[Explorer], None] = nothing

    def take(self, page: Explorer, folder: Path) -> Path:
        """Set the scene and take the picture: the traces and the view, or the sliders where there is no view."""
        page.page.reload()
        page.wait_until_open()
        page.picture(lambda: page._choose("Model", self.model))
        if self.preset:
            page.choose_preset(self.preset)
        button = page.page.locator(f'button[data-view="{self.name}"]')
        view = button.count() > 0
        if view and button.get_attribute("aria-pressed") != "true":
            button.click()
        page.page.wait_for_timeout(1500)
        page.page.mouse.move(900, 740)  # away from whatever shows a tip
        self.then(page)
        page.page.wait_for_timeout(2500)  # studies are done when the hand rests
        page.wait("!(spark.deep('.why p')?.textContent ?? '').startsWith('Computing')")
        page.page.wait_for_timeout(500)
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.name}.png"
        left, top = (472, 128) if view else (0, 52)
        width = SIZE["width"] - left if view else 472
        clip = {"x": left, "y": top, "width": width, "height": SIZE["height"] - top}
        page.page.screenshot(path=path, clip=clip)  # type: ignore[arg-type]
        return path


def play(page: Explorer) -> None:
    """Look at a time in the middle of the run."""
    page.page.get_by_label("Time in ms").evaluate("(e) => { e.value = 330; e.dispatchEvent(new Event('input')) }")


def wait_for_the_map(page: Explorer) -> None:
    """The coarse one comes first."""
    page.page.wait_for_timeout(6000)


def pin_and_move(page: Explorer) -> None:
    """Keep the run, then change a value."""
    page.page.get_by_role("button", name="Pin", exact=True).click()
    page.picture(lambda: page.type("config.adaptation_delta", "90"))


SCENES = (
    Scene("phase", "Adaptive exponential", None, play),
    Scene("fi", "Refractory leaky"),
    Scene("intervals", "Adaptive exponential", "Regular bursting"),
    Scene("reset", "Adaptive exponential", "Regular bursting"),
    Scene("atlas", "Adaptive exponential", None, wait_for_the_map),
    Scene("currents", "Adaptive exponential"),
    Scene("compare", "Adaptive exponential", None, pin_and_move),
    Scene("foresight", "Adaptive exponential"),
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
            print(scene.take(explorer, FOLDER))
        browser.close()


if __name__ == "__main__":
    main()
