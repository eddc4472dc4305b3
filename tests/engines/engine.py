"""Browsers of other makes, driven by their own protocols: a page, scripts in it, a pointer, keys, a picture."""

from __future__ import annotations

import abc
import base64
import concurrent.futures
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 90.0
"""Seconds that a condition may take: engines without a graphics card are slow."""
SIZE = (1366, 768)
MOVE = 20
"""ms from one place of a drag to the next."""


class Engine(abc.ABC):
    """One window of a browser."""

    name: str

    @abc.abstractmethod
    def open(self, url: str) -> None:
        """Show a page."""

    @abc.abstractmethod
    def js(self, expression: str) -> Any:
        """The value of an expression in the page, as JSON has it."""

    @abc.abstractmethod
    def act(self, *sources: dict[str, Any]) -> None:
        """Perform actions, as WebDriver describes them."""

    @abc.abstractmethod
    def picture(self) -> bytes:
        """What is shown, as PNG."""

    @abc.abstractmethod
    def close(self) -> None:
        """End the browser."""

    def wait(self, condition: str) -> Any:
        """Until an expression is true."""
        end, found = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            found = self.js(condition)
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{self.name}: still not {condition}: {found!r}")

    def click(self, x: float, y: float) -> None:
        """Click at this place of the window."""
        self.drag([(x, y)])

    def drag(self, places: list[tuple[float, float]]) -> None:
        """Press at the first place, go to the others, let go at the last."""
        steps: list[dict[str, Any]] = []
        for k, (x, y) in enumerate(places):
            steps.append({"type": "pointerMove", "x": round(x), "y": round(y), "duration": MOVE if k else 0})
            if k == 0:
                steps.append({"type": "pointerDown", "button": 0})
        steps.append({"type": "pointerUp", "button": 0})
        self.act({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps})

    def press(self, *keys: str) -> None:
        """Press these keys one after the other, as WebDriver codes them."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.act({"type": "key", "id": "keys", "actions": steps})


class Firefox(Engine):
    """Firefox by WebDriver BiDi, which it speaks itself."""

    name = "firefox"

    def __init__(self, folder: Path) -> None:
        from tornado.ioloop import IOLoop
        from tornado.websocket import websocket_connect

        binary = shutil.which("firefox-esr") or shutil.which("firefox")
        assert binary, "no Firefox: run `python tests/ensure_engines.py`"
        folder.mkdir(parents=True)
        width, height = SIZE
        command = [binary, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
        quiet = os.environ | {"MOZ_HEADLESS_WIDTH": str(width), "MOZ_HEADLESS_HEIGHT": str(height)}
        self._process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=quiet, cwd=folder
        )
        assert self._process.stderr is not None
        line = next(line for line in self._process.stderr if "WebDriver BiDi listening on" in line)
        # A thread of its own: where Playwright has been in this one, a loop of its is still running here.
        self._thread = concurrent.futures.ThreadPoolExecutor(1)
        self._loop, self._sent = self._thread.submit(IOLoop).result(), 0
        address = f"{line.split()[-1]}/session"
        self._socket = self._run(lambda: websocket_connect(address, max_message_size=2**26))
        self._ask("session.new", {"capabilities": {}})
        self._context = self._ask("browsingContext.create", {"type": "tab"})["context"]
        viewport = {"width": width, "height": height}
        self._ask("browsingContext.setViewport", {"context": self._context, "viewport": viewport})

    def _run(self, work: Callable[[], Any], **options: Any) -> Any:
        return self._thread.submit(self._loop.run_sync, work, **options).result()

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._sent += 1
        said = json.dumps({"id": self._sent, "method": method, "params": params})
        self._thread.submit(self._socket.write_message, said).result()
        while True:
            text = self._run(self._socket.read_message, timeout=PATIENCE)
            assert text is not None, "Firefox has ended"
            answer = json.loads(text)
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"})

    def js(self, expression: str) -> Any:
        asked = {
            "expression": f"JSON.stringify(({expression}) ?? null)",
            "target": {"context": self._context},
            "awaitPromise": True,
        }
        found = self._ask("script.evaluate", asked)
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"]["value"])

    def act(self, *sources: dict[str, Any]) -> None:
        self._ask("input.performActions", {"context": self._context, "actions": list(sources)})
        self._ask("input.releaseActions", {"context": self._context})

    def picture(self) -> bytes:
        return base64.b64decode(self._ask("browsingContext.captureScreenshot", {"context": self._context})["data"])

    def close(self) -> None:
        self._thread.submit(self._socket.close).result()
        _end(self._process)
        if self._process.stderr:
            self._process.stderr.close()
        self._thread.submit(self._loop.close).result()
        self._thread.shutdown()


class WebKit(Engine):
    """Safari's engine: WebKitGTK's small browser, by WebDriver, on a screen of its own."""

    name = "webkit"

    def __init__(self, folder: Path) -> None:
        browsers = sorted(Path("/usr").glob("lib/*/webkit2gtk-4*/MiniBrowser"))
        assert browsers and shutil.which("WebKitWebDriver"), "no WebKit: run `python tests/ensure_engines.py`"
        folder.mkdir(parents=True)
        width, height = SIZE
        read, write = os.pipe()
        screen = f"{width}x{height + 200}x24"
        options = ["-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
        self._screen = subprocess.Popen(["Xvfb", *options], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        own = {"DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1", "HOME": str(folder), "NO_AT_BRIDGE": "1"}
        port = _free_port()
        self._url = f"http://127.0.0.1:{port}"
        self._driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"],
            env=os.environ | own,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        _until(lambda: self._ask("GET", "/status")["ready"])
        wanted = {"binary": str(browsers[-1]), "args": ["--automation", f"--geometry={width}x{height + 80}"]}
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": wanted}}})
        self._url += f"/session/{session['sessionId']}"
        self._ask("POST", "/window/rect", {"x": 0, "y": 0, "width": width, "height": height + 38})
        self._ask("POST", "/timeouts", {"script": 1000 * PATIENCE, "pageLoad": 1000 * PATIENCE})

    def _ask(self, method: str, path: str, said: dict[str, Any] | None = None) -> Any:
        body = None if said is None else json.dumps(said).encode()
        asked = urllib.request.Request(self._url + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"WebKit: {error.read().decode()}") from error

    def open(self, url: str) -> None:
        self._ask("POST", "/url", {"url": url})

    def js(self, expression: str) -> Any:
        script = f"return JSON.stringify(({expression}) ?? null)"
        return json.loads(self._ask("POST", "/execute/sync", {"script": script, "args": []}))

    def act(self, *sources: dict[str, Any]) -> None:
        self._ask("POST", "/actions", {"actions": list(sources)})
        self._ask("DELETE", "/actions")

    def picture(self) -> bytes:
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def close(self) -> None:
        try:
            self._ask("DELETE", "")
        finally:
            for process in (self._driver, self._screen):
                _end(process)


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _until(ready: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if ready():
                return
        except (OSError, AssertionError):
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
