"""What is kept of a session: its address, the changes that can be taken back, and whether it runs as it was sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import panel as pn

from spark import __version__

from ..client.actions import Actions
from ..client.keeper import Keeper
from ..client.share import Share
from ..client.turns import Turns
from ..keep import link, qr
from ..keep.history import History
from ..keep.link import BadLink
from ..run.follower import Follower
from ..run.live import ASIDE
from ..run.pipeline import Drawn
from ..session.session import Session
from ..session.share import from_dict, of_job, to_dict
from ..sidebar.change import change, title
from ..views.pinned import Pinned, kept
from .explain import COMPARE, Explain

log = logging.getLogger(__name__)

REST = 0.3
"""Seconds without a newer run after which the address says what the run has shown."""
OFFERED = "Stimulus: "
"""A change of this kind loses values: taking it back is offered at once."""


class Keeping(Follower):
    """Writes the address with every gesture, takes changes back, and opens what an address holds.

    Args:
        turns: its later turns.
        session: what is chosen.
        keeper: the page's address and store.
        share: the dialog with the link and the kept states.
        actions: the buttons that take changes back.
        explain: the view that is open, and the pinned run.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        keeper: Keeper,
        share: Share,
        actions: Actions,
        explain: Explain,
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._keeper, self._share = session, keeper, share
        self._actions, self._explain = actions, explain
        self._history = History(to_dict(session))
        self._begun = False
        self._virgin = True
        self._sent: tuple[Any, Any] | None = None
        self.on_carry_out: Callable[[Callable[[], None]], None] = lambda change: None
        """Carries a change of the session out, after which the controls are others."""
        self.on_set: Callable[[dict[str, Any]], None] = lambda values: None
        """Sets values by rows' keys."""
        keeper.on_open, keeper.on_undo = self.open, self.undo
        share.on_share, share.on_pin, share.on_qr = self.share, self.pin, qr.rows
        share.on_open, share.on_document = lambda text: self.open(text, {}), self.open_document
        actions.on_press |= {"undo": self.undo, "redo": self.redo, "share": self.share}
        actions.on_go = self.go
        explain.on_change = self._view_changed

    # From the page to the session.

    def begin(self, begin: Any) -> bool:
        """Open what the page begins with; False where that is nothing, or was opened before."""
        if self._begun or not isinstance(begin, dict):
            return False
        self._begun = True
        text, moves, own = begin.get("link"), begin.get("moves"), begin.get("own") is True
        moves = moves if isinstance(moves, dict) else {}
        if not isinstance(text, str) or not (text or moves):
            return False
        try:
            session, more = link.read(text, whole=own) if text else (Session(), {})
        except BadLink as error:
            self._keeper.say(str(error), "error")
            return False
        pn.state.onload(partial(self._open, session, more, moves, "", not own))
        return True

    def open(self, text: str, moves: dict[str, Any]) -> None:
        """Open an address; "" is the page as it begins. What goes back or forward is a change like any other."""
        try:
            session, more = link.read(text, whole=True) if text else (Session(), {})
        except BadLink as error:
            self._keeper.say(str(error), "error")
            return
        pn.state.onload(partial(self._open, session, more, moves, "Opened: ", False))

    def open_document(self, document: Any) -> None:
        """Open a session that a file holds."""
        try:
            session = from_dict(document)
            session.job()
        except ValueError as error:
            self._keeper.say(f"This file cannot be shown: {error}", "error")
            return
        pn.state.onload(partial(self._open, session, {}, {}, "Opened: ", False))

    def pin(self, text: str) -> None:
        """Pin a state that was kept, in the view that compares with it."""
        try:
            session, _ = link.read(text, whole=True)
        except BadLink as error:
            self._keeper.say(str(error), "error")
            return
        if self._explain.opened() != COMPARE:
            self._explain.pick(COMPARE)
        self._pin(to_dict(session))

    def share(self) -> None:
        """Open the dialog with the link to what is shown."""
        self._virgin = False
        self._write(push=False, sent=self._seen())
        self._share.open()

    def _open(self, other: Session, more: dict[str, Any], moves: dict[str, Any], words: str, compare: bool) -> None:
        document = to_dict(other)
        self._virgin = False
        if words:
            self._history.record(document, words + change(self._history.now, document))
        else:
            self._history = History(document)
        if document != to_dict(self._session) or not words:
            self._sent = (more.get("sent"), more.get("spark")) if compare else None
            self.on_carry_out(partial(self._session.take, other))
        self._explain.restore(more.get("view"), more.get("options"))
        self._pin(more.get("pin"))
        if moves:
            try:
                self.on_set(moves)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                log.info("moves that were kept were refused: %s", error)
        self._tell_changes()

    def _pin(self, document: Any) -> None:
        """Run what was pinned once more, and pin it."""
        pinned = self._explain.pinned
        if document is None or (pinned is not None and of_job(pinned.job) == document):
            return
        try:
            job = from_dict(document).job()
        except ValueError as error:
            self._keeper.say(f"What was pinned cannot be shown: {error}", "error")
            return

        def run() -> None:
            try:
                done = Pinned(job, kept(job.run()))
            except Exception as error:
                log.info("a pinned run failed: %s", error)
                return
            self._turns.add_next_tick_callback(partial(self._explain.show_pinned, done))

        ASIDE.submit(run)

    # From the session to the page.

    def changed(self, said: str) -> None:
        self._turns.add_next_tick_callback(partial(self._record, said))

    def _record(self, said: str) -> None:
        document = to_dict(self._session)
        words = change(self._history.now, document)
        if not self._history.record(document, f"{said}: {words}" if said else words):
            return
        self._virgin, self._sent = False, None
        self._write(push=True)
        self._tell_changes()
        if said or words.startswith(OFFERED):
            self._keeper.say(f"{said or words}.", undo=True)

    def _view_changed(self) -> None:
        self._virgin = False
        self._turns.add_next_tick_callback(partial(self._write, push=True))

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The address tells the spikes of the run, and a run that was sent is compared with them."""
        if self._virgin:
            return
        self._write(push=False, sent=self._seen())
        if self._sent is not None:
            (sent, version), self._sent = self._sent, None
            words = link.compared(sent, _times(drawn), version)
            if words:
                self._keeper.say(words)

    def _seen(self) -> Any:
        """What the run that is shown says of its spikes; None while a newer one is under way."""
        return link.seen(_times(self._drawn)) if self._drawn is not None and self._resting else None

    def _write(self, push: bool, sent: Any = None) -> None:
        session, pinned = self._session, self._explain.pinned
        more = {
            "spark": __version__,
            "view": self._explain.opened(),
            "options": self._explain.options,
            "pin": of_job(pinned.job) if pinned else None,
            "sent": sent,
        }
        words = title(self._history.now) + (", modified" if session.modified else "")
        whole = None if link.is_short(session) else link.write(session, True, **more)
        self._keeper.write(link.write(session, **more), words, push, whole)

    # Taking changes back.

    def undo(self) -> None:
        """Take the last change back."""
        self._catch_up()
        self.go(self._history.at - 1)

    def redo(self) -> None:
        """Do the change again that was taken back last."""
        self.go(self._history.at + 1)

    def _catch_up(self) -> None:
        """A gesture of which the end was never heard is one all the same."""
        document = to_dict(self._session)
        self._history.record(document, change(self._history.now, document))

    def go(self, at: int) -> None:
        """Take changes back, or do them again, until so many are done."""
        if 0 <= at <= len(self._history.words) and at != self._history.at:
            document = self._history.go(at)
            self.on_carry_out(lambda: self._session.take(from_dict(document)))
            self._write(push=True)
            self._tell_changes()

    def _tell_changes(self) -> None:
        self._actions.show_changes(self._history.words, self._history.at)


def _times(drawn: Drawn) -> np.ndarray:
    """Of all spikes, ms, sorted."""
    recording = drawn.recording
    return np.sort(recording.events.times(recording.dt)) if recording.events else np.empty(0)
