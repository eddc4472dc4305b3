"""Browsers of other makes, and one server for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Server
from tests.browser.conftest import server as server
from tests.browser.probe import HELPERS
from tests.engines.engine import Engine, Firefox, WebKit

PICTURES = Path(__file__).parents[2] / "test-results" / "engines"


class Page:
    """The real page in one of them."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.engine = engine
        self.open(url)

    def open(self, url: str) -> None:
        """Show it, and wait for its first picture."""
        self.engine.open(url)
        self.engine.js(f"(() => {{{HELPERS}; return true}})()")
        self.wait("probe.revision() > 0 && probe.data('v0', 'y').length > 1")
        self.wait("probe.row('stimulus.0.amplitude') != null && probe.row('config.threshold') != null")

    def js(self, expression: str):
        return self.engine.js(expression)

    def wait(self, condition: str):
        return self.engine.wait(condition)

    def box(self, found: str) -> tuple[float, float, float, float]:
        """Where an element is: x, y, width, height."""
        x, y, width, height = self.js(
            f"(({{x, y, width, height}}) => [x, y, width, height])(({found}).getBoundingClientRect())"
        )
        return x, y, width, height

    def click(self, found: str) -> None:
        """Click in the middle of an element."""
        x, y, width, height = self.box(found)
        self.engine.click(x + width / 2, y + height / 2)

    def slide(self, key: str, start: float, end: float) -> None:
        """Drag a row's thumb, from one part of its track to another."""
        x, y, width, height = self.box(f"probe.row('{key}').querySelector('input[type=range]')")
        parts = [start + (end - start) * k / 10 for k in range(11)]
        self.engine.drag([(x + width * part, y + height / 2) for part in parts])

    def picture(self, name: str) -> None:
        """Keep a picture of it for the eye."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{self.engine.name}-{name}.png").write_bytes(self.engine.picture())


@pytest.fixture(scope="module", params=[Firefox, WebKit], ids=lambda kind: kind.name)
def page(request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One page for all jobs in an engine; they follow each other as a visitor's would."""
    engine = request.param(tmp_path_factory.mktemp(request.param.name) / "profile")
    try:
        yield Page(engine, server.url)
    finally:
        engine.close()
