"""Makes the pictures of a classroom: code, wall and poll, with students who are no browsers (`make pictures`)."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.classroom_page import Student
from benchmarks.serve import Server
from tests.browser.conftest import FLAGS
from tests.browser.explorer import HELPERS, Explorer
from tests.ensure_browser import find_browser

from .make_pictures import ASSETS, SIZE

NAMES = ("Ada", "Alan", "Bernard", "Camillo", "Edgar", "Eve", "Louis", "Luigi", "Rita", "Santiago", "Silvia", "")
OPTIONS = ("It falls silent", "It fires more slowly", "It fires faster", "Nothing changes")
GIVEN = (0, 1, 1, 1, 1, 2, 1, 0, 1, 1, 3, 1)


class Class:
    """Students in a loop of their own, beside Playwright's."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.students: list[Student] = []

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Wait for what students do."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    async def join(self, code: str) -> None:
        """All come in."""
        for name in NAMES:
            self.students.append(Student(self._url))
            await self.students[-1].join(code, name)

    async def explore(self) -> None:
        """Each chooses a current of their own."""
        chance = random.Random(4)
        for one in self.students[1:]:
            one.tell({"type": "attach", "on": False})
            one.move(float(chance.randrange(30, 120)) * 10, final=True)
        await asyncio.sleep(3)

    async def answer(self) -> None:
        """All but one answer the poll."""
        for one, answer in list(zip(self.students, GIVEN, strict=True))[:-1]:
            await one.until(lambda told: told.get("poll"))
            one.tell({"type": "answer", "poll": one.told["poll"]["id"], "answer": answer})

    async def leave(self) -> None:
        """All go home."""
        await asyncio.gather(*(one.close() for one in self.students))


def take(page: Explorer, students: Class, folder: Path = ASSETS) -> list[Path]:
    """The code of a room, its wall, and a poll that is revealed."""
    files: list[Path] = []

    def shot(name: str) -> None:
        page.page.mouse.move(900, 25)
        page.page.wait_for_timeout(800)
        files.append(folder / f"classroom-{name}.png")
        page.page.screenshot(path=files[-1])

    page.page.keyboard.press("r")
    page.button("Open a room").click()
    page.page.locator(".qr svg").wait_for()
    code = page.page.locator("nav.bar strong").inner_text()
    students.do(students.join(code))
    shot("code")
    page.page.keyboard.press("Escape")
    students.do(students.explore())
    page.button("Wall").click()
    page.page.locator(".wall .grid > *").nth(len(NAMES) - 1).wait_for()
    page.page.wait_for_timeout(2500)
    shot("wall")
    page.page.keyboard.press("Escape")
    page.button("Poll").click()
    page.page.get_by_label("Question", exact=True).fill("The membrane resistance is halved. What does the neuron do?")
    for _ in OPTIONS[2:]:
        page.button("Add an option").click()
    boxes = page.page.locator(".poll.desk input[type=text]")
    for at, words in enumerate(OPTIONS):
        boxes.nth(at).fill(words)
    page.page.locator(".poll.desk input[type=checkbox]").nth(0).check()
    page.button("Ask the class").click()
    students.do(students.answer())
    page.page.get_by_text(f"{len(NAMES) - 1} of {len(NAMES)} answered").wait_for()
    page.button("Reveal").click()
    shot("poll")
    students.do(students.leave())
    return files


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SPARK_ROOMS"] = str(Path(folder) / "rooms.sqlite")
        with Server("app") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
            page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
            page.set_default_timeout(60_000)
            page.add_init_script(HELPERS)
            page.goto(server.url)
            explorer = Explorer(page)
            explorer.wait_until_open()
            for file in take(explorer, Class(server.url)):
                print(file)
            browser.close()


if __name__ == "__main__":
    main()
