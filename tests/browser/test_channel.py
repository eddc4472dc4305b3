"""The page's own connection: used when it is there, replaced when it is not, closed to strangers."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from playwright.sync_api import WebSocketRoute
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.browser.explorer import Explorer

OPEN = "window.spark?.channel != null && spark.channel.say('nobody', {})"


def test_moves_and_pictures_go_over_the_channel(page: Explorer) -> None:
    page.wait(OPEN)
    page.js("""window.said = [], window.old = spark.channel.say,
        spark.channel.say = (to, what) => { said.push(what.type); return old(to, what) }""")
    page.picture(lambda: page.type("config.resistance", "0.05"))
    page.wait("said.includes('painted')")
    assert page.js("said.filter((type) => type === 'set').length") == 1


def test_a_page_without_the_channel_works_all_the_same(page: Explorer) -> None:
    def refuse(route: WebSocketRoute) -> None:
        route.close()

    page.page.route_web_socket(re.compile(r"/live\?key="), refuse)
    page.page.reload()
    page.wait_until_open()
    page.picture(lambda: page.type("config.resistance", "0.05"))
    page.picture(lambda: page.type("config.resistance", "0.06"))
    assert not page.js(OPEN)


def test_a_channel_that_is_lost_is_opened_again_and_nothing_is_missing(page: Explorer) -> None:
    sockets = page.through(re.compile(r"/live\?key="))
    page.wait(OPEN)
    sockets[-1].close()
    page.picture(lambda: page.type("config.resistance", "0.05"))
    page.wait(OPEN)
    assert len(sockets) == 2
    page.picture(lambda: page.type("config.resistance", "0.06"))
    assert len(page.data("v0")) > 100 and page.finite


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
