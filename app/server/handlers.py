"""What stands before Bokeh's and Panel's own handlers of the page, its script and its connection."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler

from ..client.pace import UNHEARD, Faults, Pace, Unread
from ..limits import BAD_FRAMES, PINGS
from . import words
from .admission import Admission
from .headers import Sealed

BY_ITSELF = (1000, 1001)
"""Codes with which a page that is closed or loaded anew says goodbye."""


class Door:
    """Who is let in; one for the process."""

    admission = Admission(1, 1)


def chosen(handler: RequestHandler) -> bool:
    """Whether a request wants a session of its own choice, where the operator has no other program draw them."""
    if not getattr(handler.application, "generate_session_ids", True):
        return False
    asked = (handler.get_query_argument(name, None) for name in ("bokeh-session-id", "bokeh-token"))
    return any(one is not None for one in asked) or "Bokeh-Session-Id" in handler.request.headers


def refuse(handler: RequestHandler, refusal: words.Refusal) -> None:
    """Answer with its page."""
    handler.set_status(refusal.status)
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Cache-Control", "no-store")
    if refusal.again:
        handler.set_header("Retry-After", str(refusal.again))
    handler.finish(refusal.page())


async def _answered(answer: Any) -> None:
    """Until it is done; who has to log in first was answered at once."""
    if answer is not None:
        await answer


class Page(RequestHandler):
    """The page itself."""

    application_context: Any

    async def get(self, *args: str, **kwargs: str) -> None:
        path = self.request.path
        name = path.rstrip("/").rsplit("/", 1)[-1]
        if path.endswith("/") and self.application_context.url != "/":
            query = f"?{self.request.query}" if self.request.query else ""
            self.redirect(f"../{name}{query}")  # relative: a proxy may serve it with a prefix of its own
            return
        if chosen(self):
            refuse(self, replace(words.NAMED, link=(f"./{name}", "Open the page")))
            return
        if self.current_user is not None:  # others are asked to log in first
            refusal = Door.admission.refusal(str(self.request.remote_ip), self.application_context.sessions)
            if refusal is not None:
                refuse(self, refusal)
                return
        await _answered(super().get(*args, **kwargs))


class Script(RequestHandler):
    """`autoload.js`, with which pages of others load this one: of those alone that the operator names."""

    def set_default_headers(self) -> None:
        """Nothing for everybody."""

    async def get(self, *args: str, **kwargs: str) -> None:
        if self._welcome() and not chosen(self):
            await _answered(super().get(*args, **kwargs))

    async def options(self, *args: str, **kwargs: str) -> None:
        if self._welcome():
            self.set_header("Access-Control-Allow-Methods", "GET, OPTIONS")
            self.set_header("Access-Control-Allow-Headers", "*")

    def _welcome(self) -> bool:
        origin = self.request.headers.get("Origin", "")
        self.set_header("Vary", "Origin")
        if origin in Sealed.origins:
            self.set_header("Access-Control-Allow-Origin", origin)
            return True
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(words.NOT_EMBEDDED.format(origin=origin[:200] or "an unnamed origin"))
        return False


class Connection(WebSocketHandler):
    """Bokeh's connection."""

    connection: Any

    def initialize(self, **given: Any) -> None:
        self._pace, self._unread = Pace(), Unread()
        self._errors, self._pings = Faults(BAD_FRAMES, "not understood"), Faults(PINGS, "too many pings")
        self._deaf = Faults(1, "nothing is read", UNHEARD)
        self._since = time.monotonic()
        super().initialize(**given)

    async def on_message(self, message: str | bytes) -> None:
        await self._pace.through(super().on_message(message))  # type: ignore[arg-type]

    async def send_message(self, message: Any) -> None:
        """Answer the page; after many answers that say "error" no more. The first one says that it has its session."""
        if message.msgtype == "ACK":
            Door.admission.connected(str(self.request.remote_ip), self.connection.session)
        if message.msgtype == "ERROR":
            self._errors.note(self)
        await super().send_message(message)  # type: ignore[misc]

    async def write_message(self, message: Any, binary: bool = False, locked: bool = True) -> None:  # type: ignore[override]
        if self._unread.too_much:
            self._deaf.note(self)
        self._unread.add(len(message))
        try:
            await super().write_message(message, binary, locked)  # type: ignore[call-arg]
        finally:
            self._unread.read()

    def on_close(self) -> None:
        by_itself = self.close_code in BY_ITSELF
        Door.admission.left(str(self.request.remote_ip), time.monotonic() - self._since, by_itself)
        super().on_close()

    def on_ping(self, data: bytes) -> None:
        self._pings.note(self)
