"""The one place where this app uses what Bokeh, Panel, panel-material-ui, param and tornado do not promise.

Every such name stands in `NAMES`, with the releases it was seen in and the function here that needs it;
`tests/app/test_seam.py` looks each of them up, so that an upgrade fails in a line instead of in a dead page, and
`test_private_names.py` finds any that is used elsewhere. The names of the page's own code are in `shared/seam.js`.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import bokeh.server.server
import bokeh.server.session
import panel as pn
import panel.io.server
from bokeh.io.doc import patch_curdoc
from bokeh.server.server import Server
from bokeh.server.tornado import BokehTornado
from bokeh.server.urls import per_app_patterns, toplevel_patterns
from bokeh.server.views.ws import WSHandler
from panel.io.resources import get_dist_path
from panel.io.state import set_curdoc, state
from panel.models.esm import DataEvent, ESMEvent
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

BOKEH, PANEL = "3.9.2, 3.10.2", "1.9.4, 1.10.0"
NAMES = (
    ("bokeh.document.document:Document.session_context", BOKEH, "session_of"),
    ("bokeh.server.contexts:BokehSessionContext.session", BOKEH, "session_of"),
    ("bokeh.server.contexts:BokehSessionContext.server_context", BOKEH, "loop_of"),
    ("bokeh.server.contexts:BokehServerContext.application_context", BOKEH, "loop_of"),
    ("bokeh.server.contexts:ApplicationContext.io_loop", BOKEH, "loop_of"),
    ("bokeh.server.contexts:BokehServerContext.application_context", BOKEH, "application_of"),
    ("panel.io.application:Application._set_session_prefix", PANEL, "know_prefix"),
    ("tornado.platform.asyncio:AsyncIOLoop.asyncio_loop", "6.6.1", "loop_of"),
    ("bokeh.server.session:_needs_document_lock", BOKEH, "under_lock"),
    ("bokeh.server.session:_needs_document_lock_on_loop", "3.10.2", "under_lock"),
    ("bokeh.server.session:ServerSession._pending_writes", BOKEH, "is_locked"),
    ("bokeh.server.session:ServerSession._subscribed_connections", BOKEH, "sockets_of"),
    ("bokeh.server.connection:ServerConnection._socket", BOKEH, "sockets_of"),
    ("bokeh.server.views.ws:WSHandler.check_origin", BOKEH, "is_welcome"),
    ("bokeh.server.tornado:BokehTornado.websocket_origins", BOKEH, "is_welcome"),
    ("bokeh.server.tornado:BokehTornado.add_handlers", BOKEH, "serve_first"),
    ("bokeh.server.tornado:BokehTornado.start", BOKEH, "when_started"),
    ("bokeh.server.tornado:BokehTornado._secret_key", BOKEH, "sign_sessions"),
    ("bokeh.server.tornado:BokehTornado._sign_sessions", BOKEH, "sign_sessions"),
    ("bokeh.server.urls:per_app_patterns", BOKEH, "serve_by"),
    ("bokeh.server.urls:toplevel_patterns", BOKEH, "serve_at_top"),
    ("bokeh.server.server:bind_sockets", BOKEH, "listen_at"),
    ("bokeh.server.server:BaseServer._http", BOKEH, "http_of"),
    ("bokeh.io.doc:patch_curdoc", BOKEH, "Component"),
    ("bokeh.document.callbacks:DocumentCallbackManager.send_event", BOKEH, "Component"),
    ("panel.io.resources:get_dist_path", PANEL, "keep_styles_here"),
    ("panel.io.server:bundle_resources", PANEL, "keep_bundles"),
    ("panel.io.server:patch_model_css", PANEL, "keep_bundles"),
    ("panel.io.state:set_curdoc", PANEL, "under_lock"),
    ("panel.io.state:_state._views", PANEL, "Component"),
    ("panel.models.esm:DataEvent", PANEL, "Component"),
    ("panel.models.esm:ESMEvent", PANEL, "Component"),
    ("panel.custom:JSComponent._server_event", PANEL, "Component"),
    ("panel.custom:JSComponent._models", PANEL, "Component"),
    ("param.parameterized:Parameters.watchers", "2.4.2", "leave_alone"),
    ("param.parameterized:Parameters.self_or_cls", "2.4.2", "leave_alone"),
)
"""Each one's module and the way to it, the releases in which it did what is needed, and what here needs it."""

WAYS = 16
"""Addresses of this server, as proxies have them, for which the files of a page are kept."""
OURS = "of_spark"
"""Marks a document as one of this app: a server may show others beside it."""


def session_of(doc: Any) -> Any | None:
    """The server's session of this document; None before it begins and after its end."""
    return getattr(doc.session_context, "session", None)


def loop_of(doc: Any) -> asyncio.AbstractEventLoop | None:
    """The event loop of the server that shows this document; None where no server does.

    Bokeh 3.10 runs callbacks in worker threads, which have no loop of their own.
    """
    server = getattr(doc.session_context, "server_context", None)
    loop = getattr(getattr(server, "application_context", None), "io_loop", None)
    return getattr(loop, "asyncio_loop", None)


def application_of(server_context: Any) -> Any:
    """The application that a server context belongs to."""
    return server_context.application_context.application


def know_prefix(application: Any, doc: Any) -> None:
    """Tell a page that is not built yet under which address it is served; Panel does so where it asks for the page."""
    application._set_session_prefix(doc)


def in_document(doc: Any) -> AbstractContextManager[None]:
    """What is made within it is of this document, whichever thread makes it."""
    return set_curdoc(doc)


_holding_lock = getattr(
    bokeh.server.session,
    "_needs_document_lock_on_loop",  # since Bokeh 3.10: its public one goes by way of a worker thread
    bokeh.server.session._needs_document_lock,
)


@_holding_lock
def _call(session: Any, doc: Any, callback: Callable[[], None]) -> None:
    with set_curdoc(doc):
        callback()


async def under_lock(doc: Any, callback: Callable[[], None]) -> None:
    """Call back on this thread, the event loop's, under the document's lock, unless the session has ended."""
    session = session_of(doc)
    if session is not None:
        await _call(session, doc, callback)


def is_locked(doc: Any) -> bool:
    """Whether somebody holds the document's lock: whoever handles what a page says, or was called `under_lock`."""
    session = session_of(doc)
    return session is not None and session._pending_writes is not None


def sockets_of(doc: Any) -> list[WebSocketHandler]:
    """The tornado ends of the connections over which Bokeh talks to this document's pages."""
    connections = list(getattr(session_of(doc), "_subscribed_connections", ()))  # a copy: another thread may add one
    sockets = [connection._socket for connection in connections]
    return [socket for socket in sockets if isinstance(socket, WebSocketHandler)]


def address_of(doc: Any) -> str:
    """The address of the visitor's computer, or of its proxy; "" where there is no connection."""
    sockets = sockets_of(doc)
    return str(sockets[0].request.remote_ip) if sockets else ""


def keep_styles_here(doc: Any) -> None:
    """Let the page's styles come from this server. Call it before there is anything in the document.

    Panel says so where it sends the page; another process of the same server, which is asked for the session of that
    page (`--num-procs`), would name addresses of a network.
    """
    doc.template_variables.setdefault("dist_url", get_dist_path(cdn=False))
    doc.template_variables[OURS] = True


def keep_bundles() -> None:
    """Look once for the files that our page needs, for each way to this server: Panel looks again for every page.

    Nor is our page looked through for styles that it would have from a network: `keep_styles_here` leaves none.
    """
    find, patch = panel.io.server.bundle_resources, panel.io.server.patch_model_css
    if hasattr(find, OURS):
        return
    kept: dict[tuple[Any, ...], Any] = {}

    def found(roots: Any, resources: Any) -> Any:
        if not _is_ours(state.curdoc):
            return find(roots, resources)
        way = state.rel_path, resources.mode, resources.root_url, resources.absolute
        if way not in kept:
            if len(kept) >= WAYS:
                kept.clear()
            kept[way] = find(roots, resources)
        return deepcopy(kept[way])  # that of a page which is embedded is written into

    def patched(root: Any, dist_url: str) -> None:
        if not _is_ours(root.document):
            patch(root, dist_url)

    setattr(found, OURS, True)
    panel.io.server.bundle_resources, panel.io.server.patch_model_css = found, patched


def _is_ours(doc: Any) -> bool:
    return doc is not None and OURS in doc.template_variables


_served: WeakKeyDictionary[Application, set[str]] = WeakKeyDictionary()


def serve_beside(socket: WebSocketHandler, name: str, handler: type[WebSocketHandler]) -> None:
    """Let the server answer at this name beside the address of Bokeh's own connection; from the event loop."""
    served = _served.setdefault(socket.application, set())
    path = re.sub(r"ws$", name, socket.request.path)
    if path not in served:
        served.add(path)
        serve_first(socket.application, [(re.escape(path), handler)])


def serve_first(server: Application, rules: list[Any]) -> None:
    """Put rules of tornado's routing before those that the server has."""
    server.add_handlers(r".*", rules)


def serve_at_top(path: str, handler: type[RequestHandler]) -> None:
    """Let servers that are made from now on answer at this path, a pattern behind their prefix."""
    kept = [pattern for pattern in toplevel_patterns if pattern[0] != path]  # without that of an app that is read again
    toplevel_patterns[:] = [*kept, (path, handler)]


def listen_at(sockets: list[socket.socket], port: int) -> None:
    """Let the server that is made next listen at these sockets, which others have opened, and believe in this port."""
    bokeh.server.server.bind_sockets = lambda address, asked: (sockets, port)


def http_of(server: Server) -> HTTPServer:
    """What takes connections for this server."""
    return server._http


def is_welcome(handler: WebSocketHandler, origin: str) -> bool:
    """Whether Bokeh would let a page from this origin open a connection."""
    return bool(WSHandler.check_origin(handler, origin))


def when_started(prepare: Callable[[BokehTornado], None]) -> None:
    """Call back with each server of this process before it answers anybody, with several processes in each of them."""
    start = BokehTornado.start

    def started(server: BokehTornado) -> None:
        prepare(server)
        start(server)

    BokehTornado.start = started


def sign_sessions(server: BokehTornado, key: bytes) -> None:
    """Let ids of sessions be signed: with the operator's key (`BOKEH_SECRET_KEY`), otherwise with this one."""
    server._secret_key = server.secret_key or key
    server._sign_sessions = True


def serve_by(answers: type, mixin: type) -> None:
    """Put `mixin` before the handler that answers so, at each app's addresses; before a server is made."""
    for i, (path, handler, *more) in enumerate(per_app_patterns):
        if issubclass(handler, answers) and not issubclass(handler, mixin):
            per_app_patterns[i] = (path, type(mixin.__name__, (mixin, handler), {}), *more)


class Component(pn.custom.JSComponent):
    """Base of components that exchange messages with their page over Bokeh's connection, without Panel's queue."""

    __abstract = True

    @property
    def is_shown(self) -> bool:
        """Whether a page has it."""
        return bool(self._models)

    def take(self, data: dict[str, Any]) -> None:
        """Handle what the page says; called under the document's lock, by Bokeh 3.10 in a worker thread."""

    def send(self, data: dict[str, Any]) -> None:
        """Send to every page that has it: under the document's lock if it is held, otherwise as soon as it is free."""
        for ref, (model, _) in self._models.copy().items():
            doc = state._views[ref][2] if ref in state._views else None
            if doc is None or doc.session_context is None:
                continue
            emit = partial(doc.callbacks.send_event, ESMEvent(model=model, data=data))
            if is_locked(doc):
                emit()
            else:
                doc.add_next_tick_callback(emit)

    def _server_event(self, doc: Any, event: Any) -> None:
        if isinstance(event, DataEvent):
            with patch_curdoc(doc), set_curdoc(doc):
                self.take(event.data)
        else:
            super()._server_event(doc, event)


def leave_alone(page: Any) -> None:
    """Undo what panel-material-ui binds a page to: Panel's busy state, which is one for all sessions.

    Each of their callbacks would change a property of every page twice, for which Panel looks through each whole
    document: with twenty pages that was all that a server still did. It would also keep pages alive after their visits.
    """
    for watcher in list(pn.state.param.watchers.get("busy", {}).get("value", [])):
        if getattr(getattr(watcher.fn, "__self__", None), "self_or_cls", None) is page:
            pn.state.param.unwatch(watcher)
