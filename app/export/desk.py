"""The server's side of the export dialog: what is asked for is made in a worker thread, and only the newest counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from spark.simulation import Cancelled

from ..client.export_dialog import ExportDialog
from ..client.turns import Turns
from ..run.beside import Newest
from ..run.pools import Pool
from .figure import panels
from .made import Made, drawn_by_the_page, made
from .shown import Shown

log = logging.getLogger(__name__)
EXPORTS = Pool(1, "spark-export", 10)
"""Its own: what takes long to be made keeps nobody's honesty meter or pinned run waiting."""
UNSETTLED = "The plots show other values than are chosen: wait for the run, mend what is marked, or change a value."
FAILED = "This could not be made, and the server's log says why: try another format."
EVERY = 0.1
"""Seconds between two words on how much is made."""


class Desk:
    """Opens the dialog and does what it asks for.

    Args:
        turns: later turns on the session's event loop.
        dialog: the page's.
        shown: what is shown now; None where that is not what is chosen.
    """

    def __init__(self, turns: Turns, dialog: ExportDialog, shown: Callable[[], Shown | None]) -> None:
        self._dialog, self._shown, self._turns = dialog, shown, turns
        self._under_way: int | None = None
        self._newest = Newest(EXPORTS, turns.add_next_tick_callback, self._made)
        dialog.on_ask, dialog.on_cancel = self.ask, self.cancel

    def open(self) -> None:
        """Show the dialog."""
        now = self._shown()
        if now is None:
            self._dialog.open([], UNSETTLED)
        else:
            self._dialog.open(list(panels(now.shot).items()), now.words, drawn_by_the_page(now))

    def ask(self, number: int, what: str, options: dict[str, Any]) -> None:
        """Make this, in the place of what was asked for before; the answer says by which number it was asked for."""
        now = self._shown()
        self.cancel()
        if now is None:
            self._dialog.complain(number, UNSETTLED)
        else:
            self._under_way = number
            self._newest.ask(partial(_tried, number, what, now, options, self._tell))

    def cancel(self) -> None:
        """What was asked for is no longer wanted: it ends as soon as it says how far it is."""
        self._under_way = None
        self._newest.drop()

    def _tell(self, number: int, done: float) -> None:
        """So much is made; in a worker thread."""
        self._turns.add_next_tick_callback(partial(self._told, number, done))

    def _told(self, number: int, done: float) -> None:
        if number == self._under_way:  # not after the result, which another turn may have brought before
            self._dialog.reach(number, done)

    def _made(self, answer: tuple[int, Made | str]) -> None:
        number, result = answer
        self._under_way = None
        if isinstance(result, str):
            self._dialog.complain(number, result)
        else:
            self._dialog.give(number, result.name, result.kind, result.content, result.note)

    def close(self) -> None:
        """The visit has ended."""
        self._newest.close()


def _tried(
    number: int,
    what: str,
    shown: Shown,
    options: dict[str, Any],
    tell: Callable[[int, float], None],
    stop: Callable[[], bool],
) -> tuple[int, Made | str]:
    """The number, and what is asked for or the sentence that says why not.

    Raises:
        Cancelled: nobody waits for it any more.
    """
    told = monotonic()

    def progress(done: float) -> None:
        nonlocal told
        if stop():
            raise Cancelled
        now = monotonic()
        if now - told >= EVERY:
            told = now
            tell(number, done)

    try:
        return number, made(what, shown, options, progress)
    except Cancelled:
        raise
    except (ValueError, TypeError, ImportError) as error:
        return number, str(error)
    except Exception:
        log.exception("%s could not be exported", what)
        return number, FAILED
