"""The server as strangers find it: what it tells of itself, what it refuses, and whom it lets wait."""

import http.client
import json
import re
import socket
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, WebSocketRoute

from app import limits
from tests.browser.conftest import Opener, Server, opening
from tests.browser.explorer import LOCAL, Explorer
from tests.browser.test_keeping import TAU, waits_for

Answer = tuple[int, dict[str, str], str]


def ask(server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """The status, the headers and the text with which a server answers."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def token(html: str) -> str:
    """Of the session of a page."""
    found = re.search(r'"token":\s*"([^"]+)"', html)
    assert found is not None
    return found[1]


def upgraded(server: Server, path: str, *protocols: str) -> bytes:
    """What the server sends to whom asks for a connection with these, until it has no more to say."""
    with socket.create_connection(("localhost", server.port), timeout=20) as stream:
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: localhost:{server.port}",
            f"Origin: http://localhost:{server.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            f"Sec-WebSocket-Protocol: {', '.join(protocols)}",
        )
        stream.sendall("\r\n".join((*lines, "", "")).encode())
        told = b""
        while b"ACK" not in told and (more := stream.recv(4096)):
            told += more
            if told.endswith(b"\x03\xe8"):  # it says goodbye
                break
        return told


@pytest.mark.parametrize("query", ["bokeh-session-id=mine", "bokeh-token=mine"])
def test_an_address_cannot_choose_a_session(server: Server, query: str) -> None:
    status, _, text = ask(server, f"/app?{query}")
    assert status == 403 and "no address can choose one" in text and 'href="./app"' in text


def test_a_header_cannot_choose_a_session(server: Server) -> None:
    assert ask(server, "/app", Bokeh_Session_Id="mine")[0] == 403


def test_a_session_that_the_server_did_not_sign_has_no_connection(server: Server) -> None:
    own = token(ask(server, "/app")[2])
    assert b"ACK" in upgraded(server, "/app/ws", "bokeh", own)
    payload, _ = own.split(".")
    said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    forged = urlsafe_b64encode(json.dumps(said | {"session_id": "mine"}).encode()).rstrip(b"=").decode()
    since = len(server.log)
    for wrong in (forged, f"{forged}.{own.split('.')[1]}"):
        assert b"ACK" not in upgraded(server, "/app/ws", "bokeh", wrong)
    assert "had invalid signature" in server.log[since:]
    forget(server, since)


def forget(server: Server, since: int) -> None:
    """Take what a test has provoked out of the log, which has no errors otherwise."""
    path = server._log
    path.write_text(server.log[:since] + re.sub(r"ERROR|Traceback|error handling", "(provoked)", server.log[since:]))


@pytest.mark.parametrize("path", ["/", "/app", "/app/", "/nothing", "/favicon.ico", "/static/js/bokeh.min.js"])
def test_every_answer_is_sealed_and_does_not_tell_what_answers(server: Server, path: str) -> None:
    _, headers, _ = ask(server, path)
    assert "Server" not in headers and "Access-Control-Allow-Origin" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    if headers["Content-Type"].startswith("text/html"):
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_each_page_has_a_mark_of_its_own_on_its_scripts(server: Server) -> None:
    marks = set()
    for _ in range(2):
        _, headers, text = ask(server, "/app")
        found = re.search(r"'nonce-([\w-]{22})'", headers["Content-Security-Policy"])
        assert found is not None
        marks.add(found[1])
        assert text.count("<script") == text.count(f'<script nonce="{found[1]}"') > 5
        assert "unsafe-inline" not in headers["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    assert len(marks) == 2


def test_whoever_comes_to_another_address_is_shown_the_page(server: Server) -> None:
    for path, to in (("/", "./app"), ("/app/", "../app"), ("/app/?lesson=rheobase", "../app?lesson=rheobase")):
        status, headers, _ = ask(server, path)
        assert (status, headers["Location"]) == (302, to)


def test_nobody_embeds_the_page_without_leave(server: Server) -> None:
    status, headers, text = ask(server, "/app/autoload.js?bokeh-autoload-element=a", Origin="https://else.where")
    assert status == 403 and "https://else.where" in text and "Access-Control-Allow-Origin" not in headers


def test_a_body_that_is_too_large_is_not_read(server: Server) -> None:
    try:
        status = ask(server, "/app", "POST", b"x" * (limits.BODY + 1))[0]
    except ConnectionError:  # it hangs up while it is being told
        return
    assert status == 400


def note(hosts: list[str | None], request: Request) -> None:
    """Of whom something was asked."""
    hosts.append(urlsplit(request.url).hostname)


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Two processes, with a prefix, that a course's page may embed."""
    monkeypatch.setenv("SPARK_EMBED", "https://course.example")
    server = Server(tmp_path / "server.log", "--num-procs", "2", "--prefix", "spark")
    server.url = f"http://localhost:{server.port}/spark/app"
    try:
        server.wait()
        yield server
    finally:
        server.stop()
    server.check()


def test_with_two_processes_and_a_prefix_no_page_asks_another_host(two: Server, browser: Browser) -> None:
    for path, to in (("/", "spark/"), ("/spark", "spark/"), ("/spark/", "./app"), ("/spark/app/", "../app")):
        status, headers, _ = ask(two, path)
        assert (status, headers["Location"]) == (302, to)
    _, headers, _ = ask(two, "/spark/app")
    assert "frame-ancestors 'self' https://course.example" in headers["Content-Security-Policy"]
    script = "/spark/app/autoload.js?bokeh-autoload-element=a"
    status, headers, _ = ask(two, script, Origin="https://course.example")
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, "https://course.example")
    with opening(browser, two) as opener:
        for _ in range(6):  # which of the two sends a page, and which has its connection, is chance
            context = browser.new_context()
            hosts: list[str | None] = []
            context.on("request", partial(note, hosts))
            page = opener(context=context)
            page.picture(partial(page.type, TAU, "11"))
            assert len(hosts) > 20 and set(hosts) <= {*LOCAL, None}
            context.close()


def test_a_full_server_says_so_and_lets_in_whoever_waits(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(limits.SESSIONS[0], "1")
    server = Server(tmp_path / "server.log")
    try:
        server.wait()
        opener = Opener(browser, server)
        inside = Explorer(browser.new_context().new_page())
        inside.page.goto(server.url)
        inside.page.reload()
        inside.page.get_by_role("slider").first.wait_for()
        status, headers, _ = ask(server, "/app")
        assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, str(limits.AGAIN), "no-store")
        waits = browser.new_context().new_page()
        waits.goto(f"{server.url}?lesson=rheobase")
        waits.get_by_role("heading", name="Every place is taken").wait_for()
        inside.page.context.close()
        waits.get_by_role("slider").first.wait_for(timeout=60_000)
        assert waits.url.endswith("?lesson=rheobase")
        waits.context.close()
        opener.close()
    finally:
        server.stop()


def test_two_pages_of_one_session_part(browser: Browser, server: Server) -> None:
    """A page that a browser shows twice, from its store: the one whose channel is taken begins anew, once."""
    own = token(ask(server, "/app")[2])
    context = browser.new_context()
    context.add_init_script(
        """{
        const Own = WebSocket, again = sessionStorage.getItem("again")
        sessionStorage.setItem("again", "yes")
        if (!again) window.WebSocket = class extends Own {
            constructor(url, protocols) { super(url, protocols && ["bokeh", "TOKEN"]) }
        }
        }""".replace("TOKEN", own)
    )
    pages = []
    for _ in range(2):
        page = Explorer(context.new_page())
        page.page.goto(server.url)
        page.wait("window.spark?.channel != null && (window.stays = true)")
        pages.append(page)
    first, second = pages
    first.wait("window.stays == null && window.spark?.channel != null && (window.again = true)")
    first.page.wait_for_timeout(2000)  # time enough for a second and a third turn
    assert first.js("window.again") and second.js("window.stays")
    for page in pages:
        page.page.get_by_role("slider").first.wait_for()
    context.close()


def test_what_is_too_large_is_said_and_not_sent(page: Explorer) -> None:
    page.js("window.stays = true")
    page.wait("spark.channel != null")
    page.js("spark.say('nobody', {text: 'x'.repeat(15_000_000)})")
    page.wait("probe.get('.toast')?.textContent.includes('too large to send')")
    page.picture(lambda: page.type(TAU, "11"))
    assert page.js("window.stays")


def test_a_page_that_sends_too_much_all_the_same_comes_back(browser: Browser, server: Server) -> None:
    opener, servers = Opener(browser, server), {}
    page = opener()

    def pass_on(route: WebSocketRoute) -> None:
        servers["live" if "/live?" in route.url else "ws"] = route.connect_to_server()

    page.page.route_web_socket(re.compile(r"/app/(ws|live)"), pass_on)
    page.page.reload()
    page.wait_until_open()
    page.wait("spark.channel != null")
    page.type(TAU, "11")
    waits_for(page, TAU, 11)
    page.js("window.stays = true")
    servers.pop("live").send("x" * (limits.CHANNEL_MESSAGE + 1))
    page.soon(lambda: servers["live"])
    page.picture(lambda: page.type(TAU, "12"))
    assert page.js("window.stays"), "its own connection is opened again"
    waits_for(page, TAU, 12)
    servers["ws"].send("x" * (limits.MESSAGE + 1))
    page.wait_until_back()
    waits_for(page, TAU, 12)
    opener.close()
