"""The address of what is shown: written with every gesture, opened, shared, and whether it runs as it was sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from spark import __version__
from spark.simulation import Cancelled

from ..client.actions import Actions
from ..client.frames import whole
from ..client.keeper import Keeper
from ..client.share import Share
from ..client.turns import Turns
from ..keep import link, qr
from ..keep.link import BadLink
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..run.pools import ASIDE
from ..session.job import Job
from ..session.session import Session
from ..session.share import of_job, to_dict
from ..sidebar.change import title
from ..views.pinned import Pinned, kept
from .explain import COMPARE, Explain
from .undoing import Undoing

log = logging.getLogger(__name__)

REST = 0.3
"""Seconds without a newer run after which the address says what the run has shown."""


class Keeping(Follower):
    """Writes the address, and opens what an address holds.

    Args:
        turns: its later turns.
        session: what is chosen.
        keeper: the page's address and store.
        share: the dialog with the link and the kept states.
        actions: the page's bar, with the button of that dialog.
        undoing: the changes that can be taken back.
        explain: the view that is open, and the pinned run.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        keeper: Keeper,
        share: Share,
        actions: Actions,
        undoing: Undoing,
        explain: Explain,
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._keeper, self._share = session, keeper, share
        self._undoing, self._explain = undoing, explain
        self._begun = False
        self._virgin = True
        self._brought: dict[str, Any] = {}
        self._sent: tuple[Any, Any] | None = None
        self.on_set: Callable[[dict[str, Any]], None] = lambda values: None
        """Sets values by rows' keys."""
        self._pins = Newest(ASIDE, turns.add_next_tick_callback, self._run_pinned)
        keeper.on_open = lambda text, moves, typed: self.open(text, moves, own=not typed, compare=typed)
        keeper.on_moved = self._move
        share.on_share, share.on_pin, share.on_qr = self.share, self.pin, qr.rows
        share.on_open, share.on_document = partial(self.open, compare=True), self.open_document
        actions.on_press["share"] = self.share
        undoing.on_step = self._step
        explain.on_changes += (self._view_changed,)

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
        kept = begin.get("changes") if own else None
        heard = whole(begin, "move") if "move" in begin else 0
        self._brought = moves
        pn.state.onload(partial(self._begin, session, more, moves, heard, not own, kept))
        return True

    def open(self, text: str, moves: dict[str, Any] | None = None, *, own: bool = True, compare: bool = False) -> None:
        """Open an address; "" is the page as it begins. What goes back or forward is a change like any other.

        Args:
            text: of the address.
            moves: values that were set since, by rows' keys.
            own: whether this browser has kept it, so that it may hold what no link does.
            compare: whether to say if it runs as it was sent.
        """
        try:
            session, more = link.read(text, whole=own) if text else (Session(), {})
        except BadLink as error:
            self._keeper.say(str(error), "error")
            self._write(push=False)  # the address is again what is shown
            return
        pn.state.onload(partial(self._open, session, more, moves or {}, compare))

    def open_document(self, document: Any) -> None:
        """Open a session that a file holds."""
        try:
            session = link.restored(document)
        except ValueError as error:
            self._keeper.say(f"This file cannot be shown: {error}", "error")
            return
        pn.state.onload(partial(self._open, session, {}, {}, False))

    def move_again(self) -> None:
        """Make the moves once more that the page brought, where something else was shown since: a room's state."""
        moves, self._brought = self._brought, {}
        self._move(moves)

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

    def _begin(
        self, session: Session, more: dict[str, Any], moves: dict[str, Any], heard: int, compare: bool, kept: Any
    ) -> None:
        self._undoing.begin(to_dict(session), kept)
        self._take(session, more, moves, compare)
        self._keeper.heard(heard)

    def _open(self, session: Session, more: dict[str, Any], moves: dict[str, Any], compare: bool) -> None:
        document = to_dict(session)
        self._undoing.opened(document)
        if document == to_dict(self._session):
            self._beside(more, moves)
        else:
            self._take(session, more, moves, compare)

    def _take(self, session: Session, more: dict[str, Any], moves: dict[str, Any], compare: bool) -> None:
        self._sent = (more.get("sent"), more.get("spark")) if compare else None
        self._undoing.on_carry_out(partial(self._session.take, session))
        self._beside(more, moves)

    def _beside(self, more: dict[str, Any], moves: dict[str, Any]) -> None:
        """What comes with a session: the open view, what was pinned, and what was moved since."""
        self._virgin = False
        self._explain.restore(more.get("view"), more.get("options"))
        self._pin(more.get("pin"))
        self._move(moves)

    def _move(self, moves: dict[str, Any]) -> None:
        for key, value in moves.items():  # one by one: what is refused keeps none of the others back
            try:
                self.on_set({key: value})
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                log.info("a move that was kept was refused: %s", error)

    def _pin(self, document: Any) -> None:
        """Run what was pinned once more, and pin it."""
        pinned = self._explain.pinned
        self._pins.drop()
        if document is None:
            if pinned is not None:
                self._explain.show_pinned(None)
            return
        if pinned is not None and of_job(pinned.job) == document:
            return
        try:
            job = link.restored(document).job()
            if job.long:
                raise ValueError("it takes seconds to run: pin it anew.")
        except ValueError as error:
            self._keeper.say(f"What was pinned cannot be shown: {error}", "error")
            return
        self._pins.ask(partial(_pinned, job))

    def _run_pinned(self, found: Pinned | str) -> None:
        if isinstance(found, str):
            self._keeper.say(f"What was pinned cannot be shown: {found}", "error")
        else:
            self._explain.show_pinned(found)

    # From the session to the page.

    def _step(self) -> None:
        self._virgin, self._sent = False, None
        self._write(push=True, sent=self._seen())

    def _view_changed(self) -> None:
        self._virgin = False
        self._turns.add_next_tick_callback(partial(self._write, push=True))

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The address tells the spikes of the run, and a run that was sent is compared with them."""
        if self._virgin or to_dict(self._session) != self._undoing.now:
            return  # in the middle of a gesture the address is still that of the one before
        now = self._seen()
        self._write(push=False, sent=now)
        if self._sent is not None and now is not None:
            (sent, version), self._sent = self._sent, None
            if words := link.compared(sent, now, version):
                self._keeper.say(words)

    def _seen(self) -> Any:
        """What the run that is shown says of its spikes; None while a newer one is under way."""
        recording = self._drawn.recording if self._drawn is not None and self._resting else None
        return link.seen(recording.events, recording.dt) if recording is not None and recording.events else None

    def _write(self, push: bool, sent: Any = None) -> None:
        session, pinned = self._session, self._explain.pinned
        more = {
            "spark": __version__,
            "view": self._explain.opened(),
            "options": self._explain.options,
            "pin": of_job(pinned.job) if pinned else None,
            "sent": sent,
        }
        words = title(self._undoing.now) + (", modified" if session.modified else "")
        most = link.values(self._undoing.now, more["pin"])
        whole = link.write(session, True, **more) if link.LONG_ARRAY < most <= link.KEPT else None
        self._keeper.write(link.write(session, **more), words, push, whole, most > link.LONG_ARRAY)

    def close(self) -> None:
        super().close()
        self._pins.close()


def _pinned(job: Job, stop: Callable[[], bool]) -> Pinned | str:
    """The run that was pinned, once more; or why it cannot be."""

    def go_on(done: float) -> None:
        if stop():
            raise Cancelled

    try:
        return Pinned(job, kept(job.run(go_on)))
    except (ValueError, FloatingPointError) as error:
        return str(error)
