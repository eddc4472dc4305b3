"""The log of all processes: one line for each event, plain for eyes or JSON for machines."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("plain", "json")
TALKERS = ("tornado.access", "jax", "matplotlib", "asyncio")
"""Say at "info" what nobody asked for: they are heard from "warning" on, unless everything is wanted."""


def begin(level: str, form: str, process: str) -> None:
    """Write this process's log to the standard error.

    Args:
        level: one of `LEVELS`; what is less is not written.
        form: one of `FORMATS`.
        process: what this process is called there.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Json(process) if form == "json" else _Plain(process))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level != "debug":
        for name in TALKERS:
            logging.getLogger(name).setLevel(max(logging.WARNING, getattr(logging, level.upper())))


def without_health() -> None:
    """Leave out of the log that somebody asks for /health: that is several times a second while a process starts."""
    logging.getLogger("tornado.access").addFilter(_not_health)


def _not_health(record: logging.LogRecord) -> bool:
    return "/health" not in record.getMessage()


def _when(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z"


class _Plain(logging.Formatter):
    """`2026-11-27T17:10:44.123Z WARNING process=3 app.server: text`."""

    def __init__(self, process: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)s process={process} %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return _when(record)


class _Json(logging.Formatter):
    """One object a line: time, level, process, logger, message, and an error's traceback."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _when(record),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
