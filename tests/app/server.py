"""A session of Bokeh's real server, in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bokeh.application import Application
from bokeh.server.contexts import ApplicationContext
from tornado.ioloop import IOLoop


def in_session(test: Callable[[Any], Awaitable[None]]) -> None:
    """Run a test on an event loop that has a session with an empty document."""

    async def run() -> None:
        context = ApplicationContext(Application(), io_loop=IOLoop.current())
        session = await context.create_session_if_needed("a visit")
        await asyncio.wait_for(test(session), 20)

    asyncio.run(run(), debug=True)  # asyncio itself then refuses calls from other threads
