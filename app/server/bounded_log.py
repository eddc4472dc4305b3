"""A log that nobody can fill: what is said again and again is counted, and no line is longer than a screen."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from ..limits import LINE, LINES, LINES_ALIKE

MINUTE = 60.0


class Counted(logging.Filter):
    """Lets some lines of each kind through in a minute; the first one of the next minute says how many were not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._since = clock, clock()
        self._lines = self._dropped = 0
        self._alike: dict[tuple[object, ...], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written; it may be cut, or say what was left out before it."""
        before = self._next_minute()
        kind = _kind(record)
        self._alike[kind] = alike = self._alike.get(kind, 0) + 1
        if alike > LINES_ALIKE or self._lines >= LINES:
            self._dropped += 1
            return False
        self._lines += 1
        _cut(record)
        if before:
            record.msg, record.args = f"{record.getMessage()} [{before:,} lines were left out before this one]", None
        return True

    def _next_minute(self) -> int:
        """How many lines the minute that has ended left out."""
        if self._clock() - self._since < MINUTE:
            return 0
        self._since, dropped = self._clock(), self._dropped
        self._lines = self._dropped = 0
        self._alike.clear()
        return dropped


def _kind(record: logging.LogRecord) -> tuple[object, ...]:
    """What lines have in common that say the same of different things."""
    error = record.exc_info[1] if record.exc_info else None
    last = error.__traceback__ if error is not None else None
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = (last.tb_frame.f_code.co_filename, last.tb_lineno) if last is not None else None
    return record.name, record.levelno, record.pathname, record.lineno, type(error), where


def _cut(record: logging.LogRecord) -> None:
    text = record.getMessage()
    if len(text) > LINE:
        record.msg, record.args = f"{text[:LINE]}... ({len(text):,} characters)", None
    if record.exc_info:
        told = logging.Formatter().formatException(record.exc_info)
        record.exc_text = told if len(told) <= 2 * LINE else f"{told[:LINE]}\n...\n{told[-LINE:]}"


def bound() -> None:
    """Let all that is logged from now on pass it, whoever set up its handler."""
    loggers = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
    handlers = {handler for logger in loggers if isinstance(logger, logging.Logger) for handler in logger.handlers}
    counted = Counted()
    for handler in handlers | ({logging.lastResort} if logging.lastResort else set()):
        if not any(isinstance(one, Counted) for one in handler.filters):
            handler.addFilter(counted)
