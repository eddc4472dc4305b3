"""A page whose process is renewed comes back by itself, with all that was set, and says hardly anything of it."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ROOT, Opener, Server
from tests.browser.test_connection import LOSS
from tests.browser.test_keeping import AMPLITUDE, TAU, waits_for

pytestmark = pytest.mark.thorough


class Command(Server):
    """`python -m app`, with two processes."""

    def start(self) -> None:
        command = [sys.executable, "-m", "app", "--port", str(self.port), *self._more]
        with self._log.open("a") as out:
            streams = {"stdout": out, "stderr": subprocess.STDOUT}
            self._process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **streams)  # type: ignore[call-overload]


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_page_comes_back_from_a_process_that_is_renewed(browser: Browser, tmp_path: Path, processes: str) -> None:
    server = Command(tmp_path / "log", "--processes", processes)
    opener = Opener(browser, server)
    try:
        end = time.monotonic() + 240
        while "the explorer is at" not in server.log:
            assert time.monotonic() < end, server.log
            time.sleep(0.1)
        page = opener()
        page.view("phase").click()
        page.type(AMPLITUDE, "440")
        page.type(TAU, "11")
        waits_for(page, TAU, 11)
        page.js("window.stays = true")
        server._process.send_signal(signal.SIGHUP)
        page.wait_until_back(240_000)  # the new process starts first
        waits_for(page, AMPLITUDE, 440)
        waits_for(page, TAU, 11)
        assert page.view("phase").get_attribute("aria-pressed") == "true"
        page.type(AMPLITUDE, "450")
        waits_for(page, AMPLITUDE, 450)
        while len(re.findall("takes over from", server.log)) < int(processes):
            assert time.monotonic() < end, server.log
            time.sleep(0.1)
    finally:
        opener.close()
        server.stop()
    assert not [fault for fault in opener.faults if not any(words in fault for words in LOSS)]
    server.check()
