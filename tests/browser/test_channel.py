"""The page's own connection: used when it is there, replaced when it is not, closed to strangers."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from playwright.sync_api import WebSocketRoute
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.browser.explorer import Explorer
from tests.browser.test_keeping import AMPLITUDE, waits_for

RESISTANCE = "config.resistance"
OPEN = "window.spark?.channel != null && spark.channel.say('nobody', {})"


def test_moves_and_pictures_go_over_the_channel(page: Explorer) -> None:
    page.wait(OPEN)
    page.js("""window.said = [], window.old = spark.channel.say,
        spark.channel.say = (to, what) => { said.push(what.type); return old(to, what) }""")
    page.picture(lambda: page.type(RESISTANCE, "0.05"))
    page.wait("said.includes('painted')")
    assert page.js("said.filter((type) => type === 'set').length") == 1


def test_a_page_without_the_channel_works_all_the_same(page: Explorer) -> None:
    def refuse(route: WebSocketRoute) -> None:
        route.close()

    page.page.route_web_socket(re.compile(r"/live\?key="), refuse)
    page.page.reload()
    page.wait_until_open()
    page.picture(lambda: page.type(RESISTANCE, "0.05"))
    page.picture(lambda: page.type(RESISTANCE, "0.06"))
    assert not page.js(OPEN)


def test_a_channel_that_is_lost_is_opened_again_and_nothing_is_missing(page: Explorer) -> None:
    sockets = page.through(re.compile(r"/live\?key="))
    page.wait(OPEN)
    sockets[-1].close()
    page.picture(lambda: page.type(RESISTANCE, "0.05"))
    page.wait(OPEN)
    assert len(sockets) == 2
    page.picture(lambda: page.type(RESISTANCE, "0.06"))
    assert len(page.data("v0")) > 100 and page.finite


def test_what_was_lost_with_the_channel_is_said_again(page: Explorer) -> None:
    """A network that is gone takes what is sent for a while: the browser learns of it only later."""
    sockets: list[WebSocketRoute] = []
    gone = False

    def pass_on(route: WebSocketRoute) -> None:
        sockets.append(route)
        server = route.connect_to_server()
        route.on_message(lambda said: None if gone and len(sockets) == 1 else server.send(said))

    page.page.route_web_socket(re.compile(r"/live\?key="), pass_on)
    page.page.reload()
    page.wait_until_open()
    page.wait(OPEN)
    page.picture(lambda: page.type(RESISTANCE, "0.05"))
    waits_for(page, RESISTANCE, 0.05)
    page.js("window.stays = true")
    gone = True
    page.type(RESISTANCE, "0.06")
    page.type(AMPLITUDE, "440")
    page.type(RESISTANCE, "0.07")
    page.page.wait_for_timeout(300)
    sockets[0].close()
    waits_for(page, AMPLITUDE, 440)
    waits_for(page, RESISTANCE, 0.07)
    page.wait(OPEN)
    page.picture(lambda: page.type(RESISTANCE, "0.08"))
    assert page.js("window.stays"), "the page did not begin anew"


def test_strangers_are_turned_away(page: Explorer) -> None:
    at = urlsplit(page.page.url)
    page.wait(OPEN)

    async def code() -> int | None:
        url = f"ws://{at.netloc}{at.path.rstrip('/')}/live?key=guessed"
        connection = await websocket_connect(HTTPRequest(url, headers={"Origin": f"http://{at.netloc}"}))
        assert await asyncio.wait_for(connection.read_message(), 20) is None
        connection.close()
        return connection.close_code

    with ThreadPoolExecutor(1) as thread:  # Playwright has an event loop in this one
        assert thread.submit(asyncio.run, code()).result() == 4404
