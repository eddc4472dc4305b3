"""The pictures of docs/views.md and README.md can be made, and there is one for each view."""

from pathlib import Path

import pytest

from app.views.catalogue import catalogue
from docs.make_pictures import ASSETS, SCENES, Scene
from tests.browser.explorer import Explorer

PAGE = Path(__file__).parents[2] / "docs" / "views.md"
LEAST = 15_000
"""Bytes of a picture that shows something."""


def test_the_page_tells_of_every_view() -> None:
    text = PAGE.read_text("utf-8")
    for name, kind in catalogue().items():
        assert f"## {kind.title}" in text and f"(pictures/{name}.png)" in text
    for scene in SCENES:
        assert scene.file.stat().st_size > LEAST
    assert {scene.name for scene in SCENES} >= set(catalogue())
    for name in ("code", "wall", "poll"):  # docs/make_classroom_pictures.py
        assert (ASSETS / f"classroom-{name}.png").stat().st_size > LEAST


@pytest.mark.parametrize(
    "scene",
    [pytest.param(scene, id=scene.name, marks=() if k < 1 else pytest.mark.thorough) for k, scene in enumerate(SCENES)],
)
def test_every_picture_can_be_made(page: Explorer, scene: Scene, tmp_path: Path) -> None:
    assert scene.take(page, tmp_path).stat().st_size > LEAST
