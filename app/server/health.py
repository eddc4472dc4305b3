"""How this process is: /health for whatever restarts or balances it, /metrics for whoever keeps it."""

from __future__ import annotations

import os
import threading
from typing import Any

from tornado.web import RequestHandler

from .. import compile_ahead
from ..client.seam import serve_at_top
from . import logs, metrics
from .admitted import admitted

_loaded = threading.Event()


def offer() -> None:
    """Let the servers of this process answer at /health and /metrics; before they are made."""
    serve_at_top(r"/health(?:/(live|ready))?", Health)
    serve_at_top(r"/metrics", Metrics)


def loaded() -> None:
    """All that a page needs is imported; on the event loop."""
    metrics.LAG.start()
    logs.without_health()
    _loaded.set()


class Health(RequestHandler):
    """`{"live": true, "ready": true}`, with 503 until a visitor would wait for nothing; /health/live is always 200."""

    def get(self, what: str | None) -> None:
        """Answer."""
        ready = _loaded.is_set() and compile_ahead.ready()
        self.set_status(200 if ready or what == "live" else 503)
        self.set_header("Cache-Control", "no-store")
        self.finish({"live": True, "ready": ready})

    head = get


class Metrics(RequestHandler):
    """In Prometheus' text format, to those who may."""

    def get(self) -> None:
        """Answer."""
        if not admitted(self.request, os.environ.get("SPARK_ADMIN", "")):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish("Metrics are for the machine itself, and for who brings the word of --admin (SPARK_ADMIN).\n")
            return
        server: Any = self.application
        sessions = [session for path in server.app_paths for session in server.get_sessions(path)]
        self.set_header("Content-Type", metrics.TYPE)
        self.set_header("Cache-Control", "no-store")
        self.finish(metrics.text(len(sessions), sum(session.connection_count > 0 for session in sessions)))
