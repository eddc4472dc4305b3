"""A session of Bokeh's real server, in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from bokeh.application import Application
from bokeh.server.contexts import ApplicationContext
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.ioloop import IOLoop


def asked(path: str) -> HTTPServerRequest:
    """A request for a path of the server."""
    connection: Any = SimpleNamespace(set_close_callback=lambda close: None)
    line, headers = RequestStartLine("GET", path, "HTTP/1.1"), HTTPHeaders({"Host": "any"})
    return HTTPServerRequest(start_line=line, headers=headers, connection=connection)


def in_session(test: Callable[[Any], Awaitable[None]]) -> None:
    """Run a test on an event loop that has a session with an empty document."""

    async def run() -> None:
        context = ApplicationContext(Application(), io_loop=IOLoop.current())
        session = await context.create_session_if_needed("a visit", asked("/app"))
        await asyncio.wait_for(test(session), 20)

    asyncio.run(run(), debug=True)  # asyncio itself then refuses calls from other threads
