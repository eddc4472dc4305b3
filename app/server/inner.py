"""How the command speaks to its processes: by HTTP, over a socket in a folder that nobody else may enter."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.netutil import Resolver
from tornado.simple_httpclient import SimpleAsyncHTTPClient

MOST = 2000
"""Requests that are under way at once."""
LARGEST = 64 << 20
"""Bytes of an answer; a page has one or two million."""
PATIENCE = 120.0
"""Seconds that a page may take while forty others are opened."""


class _Folder(Resolver):
    """Takes the host's name for that of a socket's file."""

    def initialize(self, folder: Path) -> None:
        self._folder = folder

    async def resolve(self, host: str, port: int, family: Any = None) -> list[tuple[int, Any]]:
        return [(socket.AF_UNIX, str(self._folder / host))]


class Inner:
    """Asks processes.

    Args:
        folder: where their sockets are.
    """

    def __init__(self, folder: Path) -> None:
        self._client = SimpleAsyncHTTPClient(
            force_instance=True, max_clients=MOST, resolver=_Folder(folder), max_body_size=LARGEST
        )

    async def ask(self, name: str, path: str, timeout: float = PATIENCE, **how: Any) -> HTTPResponse:
        """What the process with this socket answers, whatever its status.

        Raises:
            OSError, tornado.httpclient.HTTPError: it does not answer.
        """
        request = HTTPRequest(
            f"http://{name}{path}",
            request_timeout=timeout,
            connect_timeout=timeout,
            follow_redirects=False,
            decompress_response=False,
            allow_nonstandard_methods=True,
            **how,
        )
        return await self._client.fetch(request, raise_error=False)

    def close(self) -> None:
        """Nobody is asked any more."""
        self._client.close()
