"""A lost connection is said, loses no value, and comes back: frozen, cut off, killed and started again."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Opener, Server
from tests.browser.test_keeping import AMPLITUDE, TAU, TOAST, says, waits_for

LOSS = (
    "ERR_CONNECTION_REFUSED",
    "WebSocket connection to",
    "not connected so cannot send",
    "ERR_EMPTY",
    "ERR_CONNECTION",
)
"""What browser and Bokeh log of a server that is away."""


@pytest.fixture
def own(browser: Browser, tmp_path: Path):
    """A server that may be ended."""
    server = Server(tmp_path / "server.log")
    server.wait()
    opener = Opener(browser, server)
    yield server, opener
    opener.close()
    server.stop()


def test_a_lost_connection_is_said_and_the_page_comes_back_with_all_values(own) -> None:
    server, opener = own
    page = opener()
    sockets = page.through(re.compile(r"/app/ws"))
    page.view("phase").click()
    page.type(AMPLITUDE, "440")
    waits_for(page, AMPLITUDE, 440)
    dimmed = "probe.get('.main-content').hasAttribute('data-lost')"

    # The server is frozen: it is said; when it goes on, nothing has happened, whichever of its answers comes first.
    page.js("window.stays = true")
    looks: list[Route] = []
    scripts = re.compile(r"/bokeh(\.min)?\.js")
    page.page.route(scripts, lambda look: looks.append(look))
    os.kill(server.pid, signal.SIGSTOP)
    says(page, "The server does not answer: your values are kept.")
    assert page.js(dimmed)
    page.type(AMPLITUDE, "450")
    page.js("spark.inboxes.get('keeper')({say: {words: 'This waits.', kind: 'error'}})")
    os.kill(server.pid, signal.SIGCONT)
    page.wait(f"!({dimmed}) && ({TOAST}) === 'This waits.'")
    page.page.unroute(scripts)
    assert looks
    for look in looks:
        look.fulfill(status=200)
    page.page.locator(".toast").get_by_role("button", name="Close").click()
    page.wait(f"({TOAST}) === ''")
    waits_for(page, AMPLITUDE, 450)
    assert page.js("window.stays")

    # Only one of the two sockets drops.
    sockets[-1].close(code=1012)
    page.wait_until_back()
    waits_for(page, AMPLITUDE, 450)
    expect(page.slider(AMPLITUDE)).to_have_attribute("aria-valuetext", "450 pA")

    # The server is killed, values are moved meanwhile, another one starts.
    page.js("window.stays = true")
    server.kill()
    says(page, "Connection lost: your values are kept, and the page comes back by itself.")
    assert page.js(dimmed)
    page.type(AMPLITUDE, "460")
    page.type(TAU, "11")
    chosen = page.page.get_by_role("combobox", name="Preset", exact=True).inner_text()
    page.button("Next preset").click()
    assert page.page.get_by_role("combobox", name="Preset", exact=True).inner_text() == chosen
    says(page, "Connection lost: sliders and boxes keep what you set, all else works again when the page is back.")
    server.start()
    page.wait_until_back()
    waits_for(page, AMPLITUDE, 460)
    waits_for(page, TAU, 11)
    expect(page.view("phase")).to_have_attribute("aria-pressed", "true")
    # What was changed before all that can still be taken back; what was moved meanwhile is one change.
    for value in (450, 440, 500):
        page.page.keyboard.press("Control+z")
        expect(page.slider(AMPLITUDE)).to_have_attribute("aria-valuetext", f"{value} pA")
        expect(page.slider(TAU)).to_have_attribute("aria-valuetext", "10 ms")
    assert not [fault for fault in opener.faults if not any(words in fault for words in LOSS)]
    opener.faults.clear()


def test_a_page_whose_first_connection_fails_begins_anew_by_itself(opened) -> None:
    """The server was renewed between the page and its connection, or the browser had kept the page."""
    page = opened()
    given = []

    def spoil(route) -> None:
        given.append(route.request.url)
        if len(given) == 3:
            route.continue_()
            return
        answer = route.fetch()
        changed = re.sub(r'("token":\s*")[^".]+', r"\1eyJzZXNzaW9uX2lkIjoib2xkIn0", answer.text())
        assert changed != answer.text()
        route.fulfill(response=answer, body=changed)

    page.page.route(re.compile(r"/app(#.*)?$"), spoil)
    page.page.reload()
    words = page.page.locator("#loader-error")
    expect(words).to_have_text("The server did not answer: this page tries again by itself.")
    page.wait_until_open()
    expect(words).to_be_hidden()
    assert len(given) == 3
    page.picture(lambda: page.type(TAU, "12"))
    opened.faults.clear()


def test_a_page_that_never_gets_a_connection_says_so_and_ends_trying(opened) -> None:
    page = opened()
    page.page.route_web_socket(re.compile("/app/(ws|live)"), lambda route: route.close(code=1006))
    page.page.add_init_script(
        "const pause = setTimeout; setTimeout = (what, ms, ...more) => pause(what, ms / 20, ...more)"
    )
    page.page.reload()
    expect(page.page.locator("#loader-error")).to_contain_text("ask whoever runs it")
    opened.faults.clear()
