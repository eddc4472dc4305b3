"""The real server and a real browser for the tests of the page."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.explorer import TIMEOUT, Explorer, watched
from tests.ensure_browser import find_browser

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=TIMEOUT)
os.environ["SPARK_ROOMS"] = str(Path(tempfile.mkdtemp(prefix="spark-rooms-")) / "rooms.sqlite")
os.environ["SPARK_KEY"] = "a key that tests alone have"  # with which the server seals mysteries
CLOSED = re.compile(
    r"[^\n]*Task exception was never retrieved\nfuture: [^\n]*exception=WebSocketClosedError\(\)>\n"
    r"Traceback.*?\ntornado\.websocket\.WebSocketClosedError\n",
    re.DOTALL,
)
"""What tornado logs when a page is closed while it is being written to: no fault of anyone."""
GONE = re.compile(
    r"[^\n]*(?:error handling message|Uncaught exception GET /app/ws)[^\n]*\n"
    r"(?:(?!\d{4}-\d\d-\d\d )[^\n]*\n)*?    assert self\._session is not None\n(?:[ ^~]*\n)?AssertionError\n"
)
"""What Bokeh logs of a message that a page had sent before it was closed, read after that."""
LOG = ["--log-format", "%(asctime)s %(levelname)s %(name)s: %(message)s"]  # without it an error has no name
BAD = ("Traceback", "ERROR", "error handling message")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Server:
    """`panel serve app`, as people start it, and with what else is asked for."""

    def __init__(self, log: Path, *more: str) -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}/app"
        self._log, self._more = log, more
        self.start()

    def start(self) -> None:
        """Start it, once more where it was killed."""
        panel, port = str(Path(sys.executable).with_name("panel")), str(self.port)
        command = [panel, "serve", "app", "--port", port, *LOG, *self._more]
        with self._log.open("a") as out:
            streams = {"stdout": out, "stderr": subprocess.STDOUT}
            self._process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **streams)  # type: ignore[call-overload]

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut does, with all of its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + 240
        while time.monotonic() < end and self._process.poll() is None:
            try:
                # It answers with a whole page: one that is given up too early makes the next one late.
                with urllib.request.urlopen(f"http://localhost:{self.port}/", timeout=60):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"panel serve app does not answer:\n{self.log}")

    def check(self, since: int = 0) -> None:
        """Fail if anything went wrong that the log tells of."""
        log = GONE.sub("", CLOSED.sub("", self.log[since:]))
        assert not [word for word in BAD if word in log], f"the server's log holds an error:\n{log}"

    def stop(self) -> None:
        assert self._process.poll() is None, f"the server has ended by itself:\n{self.log}"
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(30)
        with suppress(ProcessLookupError):  # those that it has started, if they are left
            os.killpg(self._process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server per worker."""
    server = Server(tmp_path_factory.mktemp("server") / "server.log")
    try:
        server.wait()
        yield server
    finally:
        server.stop()
    server.check()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser per worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


class Opener:
    """Opens pages, and fails the test for whatever goes wrong in any of them."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser, self._server = browser, server
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def __call__(
        self,
        width: int = 1366,
        height: int = 768,
        link: str = "",
        context: BrowserContext | None = None,
        **options: Any,
    ) -> Explorer:
        """A page: of this link (or what follows the address), as another tab of this browser, or of a new one."""
        if context is None:
            context = self._browser.new_context(viewport={"width": width, "height": height}, **options)
            self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        watched(page, self.faults)
        page.goto(link if link.startswith("http") else self._server.url + link)
        explorer = Explorer(page)
        explorer.wait_until_open()
        return explorer

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def opening(browser: Browser, server: Server) -> Iterator[Opener]:
    """Pages that are closed in the end, when nothing may have gone wrong in any of them, nor at the server."""
    opener, since = Opener(browser, server), len(server.log)
    yield opener
    opener.close()
    assert not opener.faults, "\n".join(opener.faults)
    server.check(since)


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Opener]:
    """Open as many pages as a test needs."""
    with opening(browser, server) as opener:
        yield opener


@pytest.fixture(scope="module")
def shared(browser: Browser, server: Server) -> Iterator[Explorer]:
    """One page for a file's tests that leave it as they found it, or need not care."""
    with opening(browser, server) as opener:
        yield opener()


@pytest.fixture
def page(opened: Opener) -> Explorer:
    """The page at 1366 x 768, its first picture painted."""
    return opened()
