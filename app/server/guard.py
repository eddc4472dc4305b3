"""Puts all of it before the server's own handlers: once as the app is found, and again as a server starts."""

from __future__ import annotations

import re
import secrets
import sys
from functools import cache
from typing import Any

from bokeh.server.views.autoload_js_handler import AutoloadJsHandler
from bokeh.server.views.doc_handler import DocHandler
from bokeh.server.views.ws import WSHandler
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import Application, RedirectHandler, RequestHandler

from .. import limits
from ..client.channel import answer_at
from ..client.seam import serve_by, serve_first, sign_sessions, when_started
from ..run.held import held
from .admission import Admission
from .handlers import Connection, Door, Page, Script
from .headers import Sealed, embedders

KEY = secrets.token_bytes(32)
"""Signs ids of sessions. Drawn before a server has several processes, so that all of them have the same."""


class Bounded(Matcher):
    """Bounds what each request may send, before anything of that is read; answers none."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        connection: Any = request.connection
        connection.set_max_body_size(limits.BODY)
        connection.set_body_timeout(limits.BODY_TIME)
        return None


@cache
def install() -> None:
    """Guard every server that this process starts from now on; `app_hooks.py` is run twice."""
    for answers, mixin in ((DocHandler, Page), (AutoloadJsHandler, Script), (WSHandler, Connection)):
        serve_by(answers, mixin)
    when_started(prepare)


def prepare(server: Any) -> None:
    """Guard this server."""
    try:
        Door.admission = Admission(limits.number(limits.SESSIONS), limits.number(limits.OPENINGS))
        Sealed.origins = embedders()
        held()  # its bound may be wrong as well
    except ValueError as error:
        sys.exit(str(error))
    sign_sessions(server, KEY)
    bound(server)
    for path in server.app_paths:
        answer_at(server, f"{server.prefix}{path.rstrip('/')}/live")


def bound(server: Application) -> None:
    """Headers on all that it answers, and bounds for all that it is sent."""
    settings = server.settings
    settings["websocket_max_message_size"] = min(settings["websocket_max_message_size"], limits.MESSAGE)
    settings["websocket_ping_interval"] = limits.PING
    server.transforms.insert(0, Sealed)  # before one that packs, which would hide the page from it
    serve_first(server, [(Bounded(), RequestHandler)])
    prefix = str(getattr(server, "prefix", "")).strip("/")
    if prefix:  # Panel's own ways from there to the page leave it out
        ways = {"/": f"{prefix}/", f"/{prefix}": f"{prefix.rsplit('/', 1)[-1]}/"}
        leads = [(re.escape(path), RedirectHandler, {"url": to, "permanent": False}) for path, to in ways.items()]
        serve_first(server, leads)
