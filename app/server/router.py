"""Passes each visitor on to one of several processes, and always the same: a cookie names it."""

from __future__ import annotations

import re
import socket
from typing import Any

from tornado.httpclient import HTTPError, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders
from tornado.web import Application, RequestHandler

from .admitted import FORWARDED, admitted
from .options import Options
from .process import Process
from .processes import Processes
from .summed import summed
from .tunnel import tunnel

LARGEST = 1 << 20
"""Bytes that a visitor may send in one request: a form to log in; all else goes over WebSockets."""
HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
"""Headers that are between two ends of one connection."""
SAFE = ("GET", "HEAD", "OPTIONS")
"""What may be asked of another process where one has gone meanwhile."""
AWAY = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>Spark</title><p>The explorer is starting. This page tries again by itself.</p></html>
"""


class Router:
    """Takes visitors at these sockets.

    Args:
        processes: those that serve.
        sockets: that are listened to.
        port: of those sockets; the cookie is called by it, since cookies do not tell ports apart.
        options: what was asked for.
        word: by which processes know who asks for their metrics.
    """

    def __init__(
        self, processes: Processes, sockets: list[socket.socket], port: int, options: Options, word: str
    ) -> None:
        prefix = re.escape(options.prefix)
        known = {"processes": processes, "prefix": options.prefix, "word": word}
        passed = {"processes": processes, "cookie": f"spark-{port}", "path": options.prefix or "/"}
        routes = [
            (rf"{prefix}/health(?:/(live|ready))?", _Health, {"processes": processes}),
            (rf"{prefix}/metrics", _Metrics, known | {"admin": options.admin}),
            (r".*", _Passed, passed),
        ]
        self._server = HTTPServer(
            Application(routes),  # type: ignore[arg-type]
            xheaders=options.behind_proxy,
            max_body_size=LARGEST,
        )
        self._server.add_sockets(sockets)

    def stop(self) -> None:
        """Take nobody any more."""
        self._server.stop()


class _Health(RequestHandler):
    """Whether there is a process that takes visitors, and how many."""

    def initialize(self, processes: Processes) -> None:
        self._processes = processes

    def get(self, what: str | None) -> None:
        ready = len(self._processes.ready)
        self.set_status(200 if ready or what == "live" else 503)
        self.set_header("Cache-Control", "no-store")
        self.finish({"live": True, "ready": ready > 0, "processes": ready})

    head = get


class _Metrics(RequestHandler):
    """What all processes have measured."""

    def initialize(self, processes: Processes, prefix: str, word: str, admin: str) -> None:
        self._processes, self._path = processes, f"{prefix}/metrics"
        self._word, self._admin = word, admin

    async def get(self) -> None:
        if not admitted(self.request, self._admin):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish("Metrics are for the machine itself, and for who brings the word of --admin (SPARK_ADMIN).\n")
            return
        texts = {}
        for process in self._processes.ready:
            headers = {"Authorization": f"Bearer {self._word}"}
            try:
                response = await self._processes.inner.ask(process.name, self._path, timeout=5, headers=headers)
            except (OSError, HTTPError):
                continue
            if response.code == 200:
                texts[process.name] = response.body.decode()
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(summed(texts, self._processes.restarts))


class _Passed(RequestHandler):
    """Everything else."""

    def initialize(self, processes: Processes, cookie: str, path: str) -> None:
        self._processes, self._cookie, self._path = processes, cookie, path
        self._etag: str | None = None

    async def _pass(self) -> None:
        if self.request.headers.get("Upgrade", "").lower() == "websocket":
            await self._connect()
            return
        process, known = self._choose()
        for _ in range(2):
            if process is None:
                break
            try:
                response = await self._ask(process)
            except (OSError, HTTPError):
                if self.request.method not in SAFE:
                    break
                process, known = self._processes.idlest(without=process), False
            else:
                self._answer(response)
                if not known:
                    self._name(process)
                return
        self._be_away()

    get = head = post = put = patch = delete = options = _pass

    def _choose(self) -> tuple[Process | None, bool]:
        """The process of this visitor, and whether its cookie said so."""
        found = self._processes.find(self.get_cookie(self._cookie) or "")
        return (found, True) if found else (self._processes.idlest(), False)

    def _name(self, process: Process) -> None:
        process.expect()
        secure = self.request.protocol == "https"
        self.set_cookie(self._cookie, process.name, path=self._path, httponly=True, samesite="Lax", secure=secure)

    def _told(self, kept: set[str]) -> HTTPHeaders:
        """Of the visitor's request, and who that is; what a visitor says of itself is not believed."""
        drop = (HOP - kept) | {name.lower() for name in FORWARDED} | {"x-scheme", "x-forwarded-proto"}
        headers = HTTPHeaders()
        for name, value in self.request.headers.get_all():
            if name.lower() not in drop:
                headers.add(name, value)
        for name in ("X-Forwarded-For", "X-Real-Ip"):
            headers[name] = str(self.request.remote_ip)
        headers["X-Forwarded-Proto"] = headers["X-Scheme"] = self.request.protocol
        return headers

    async def _ask(self, process: Process) -> HTTPResponse:
        how: dict[str, Any] = {"method": self.request.method, "headers": self._told(set())}
        if self.request.body or self.request.method not in SAFE:
            how["body"] = self.request.body
        return await self._processes.inner.ask(process.name, str(self.request.uri), **how)

    def _answer(self, response: HTTPResponse) -> None:
        self.set_status(response.code, response.reason)
        for name in ("Server", "Content-Type"):  # tornado's own
            self.clear_header(name)
        drop = HOP | {"server"} | (set() if self.request.method == "HEAD" else {"content-length"})
        for name, value in response.headers.get_all():
            if name.lower() not in drop:
                (self.add_header if name == "Set-Cookie" else self.set_header)(name, value)
        self._etag = response.headers.get("Etag")
        if response.body and response.code not in (204, 304):
            self.write(response.body)

    def compute_etag(self) -> str | None:
        return self._etag

    def _be_away(self) -> None:
        self.set_status(503)
        self.set_header("Retry-After", "1")
        self.set_header("Cache-Control", "no-store")
        self.finish(AWAY)

    async def _connect(self) -> None:
        said = self.get_cookie(self._cookie)
        process = self._processes.find(said or "") or (self._processes.idlest() if said else self._processes.next())
        if process is None:
            self._be_away()
            return
        line = f"{self.request.method} {self.request.uri} HTTP/1.1"
        lines = [line, *(f"{name}: {value}" for name, value in self._told({"connection", "upgrade"}).get_all())]
        await tunnel(self, process, self._processes.path_of(process), "\r\n".join([*lines, "", ""]).encode("latin-1"))
