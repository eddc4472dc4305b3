"""How a process gives its visitors to others: it takes no more, and lets one page after another go."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from typing import Any

from ..client.seam import http_of, sockets_of

log = logging.getLogger("app.server")
SETTLE = 2.0
"""Seconds in which pages that are being sent arrive."""
PACE = 0.4
"""Seconds from one visitor to the next: each opens a page anew, and all at once would wait for one another."""
RESTART = 1012
"""The code with which a WebSocket is closed by a server that is started anew."""


async def drain(server: Any) -> None:
    """Let all visitors of this server go, then end this process.

    A page that loses its connection comes back by itself, with all that its visitor has set (app/client/keeper).
    """
    http = http_of(server)
    http.stop()
    await asyncio.sleep(SETTLE)
    await http.close_all_connections()
    gone = set()
    while waiting := [session for session in server.get_sessions() if session.connection_count]:
        for session in waiting:
            for page in sockets_of(session.document):
                page.close(RESTART, "this process gives its visitors to another one")
            gone.add(session.id)
            await asyncio.sleep(PACE)
    log.info("all visitors have gone to another process: there were %d", len(gone))
    os.kill(os.getpid(), signal.SIGTERM)
