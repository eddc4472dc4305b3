"""A student's page follows the teacher's: mirrors it while a hand moves there, and runs the same once that rests."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from ..classroom.visit import Visit
from ..client.classroom import Classroom
from ..client.picture import Picture
from ..client.turns import Turns
from ..session.session import Session
from ..session.share import from_dict, to_dict
from ..sidebar.sidebar import Sidebar
from . import mirroring
from .explain import Explain
from .mirroring import Frame, drawable
from .undoing import CLASS

REST = 0.5, 1.5
"""Seconds, drawn between these, after which a page runs what it has mirrored: not all of a class at once."""


class Following:
    """Follows, until a hand moves something here.

    Args:
        turns: its later turns.
        session: what is chosen.
        panel: the page's classroom.
        sidebar: whose rows follow.
        explain: the view that follows.
        picture: the page's data.
        restructure: carries a change of the session out, after which the controls are others.
        is_whole: whether all of the run is seen: part of it is not what the teacher sees.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Classroom,
        sidebar: Sidebar,
        explain: Explain,
        picture: Picture,
        restructure: Callable[[Callable[[], None], str], None],
        is_whole: Callable[[], bool],
    ) -> None:
        self._turns, self._session, self._panel = turns, session, panel
        self._sidebar, self._explain, self._picture = sidebar, explain, picture
        self._restructure, self._is_whole = restructure, is_whole
        self._visit: Visit | None = None
        self.on = False
        """Whether it follows, as far as it is its own choice."""
        self._applying = False
        self._base: dict[str, Any] | None = None
        """What of the teacher's this page has run last."""
        self._mirrored: dict[str, Any] = {}
        self._pending = 0
        self._view: Any = None
        self._foresight = True
        self._led = False
        self._take_frame = lambda frame: turns.add_next_tick_callback(partial(self._mirror, frame))

    def begin(self, visit: Visit, on: bool) -> None:
        """In the room from now on."""
        self._visit = visit
        mirroring.join(visit.room.code, self._take_frame)
        self.switch(on)

    def end(self) -> None:
        """Out of the room."""
        self.switch(False)
        self.close()

    def close(self) -> None:
        """The visit has ended."""
        if self._visit is not None:
            mirroring.leave(self._visit.room.code, self._take_frame)
        self._visit = None

    def switch(self, on: bool) -> None:
        """Follow, or explore alone."""
        if self._visit is None:
            return
        if not on and self._pending:
            self._settle(self._pending)
        self._foresee(on)
        self.on, self._base, self._view = on, None, None
        self._mirrored.clear()
        self._panel.show(attached=on)
        self.heard()

    def _foresee(self, on: bool) -> None:
        """Whoever moves no slider needs no foresight, and that of forty takes many seconds."""
        if on == self.on:
            return
        switch = self._sidebar.foresight
        if on:
            self._foresight = bool(switch.value)
        pn.state.onload(partial(switch.param.update, value=self._foresight and not on))

    @property
    def _state(self) -> dict[str, Any] | None:
        """What the teacher shows; None where that is followed by nobody."""
        if self._visit is None or not self._visit.room.get("room")["following"]:
            return None
        state: dict[str, Any] | None = self._visit.room.get("state")
        return state

    def heard(self) -> None:
        """The teacher shows something else, or lets everybody explore."""
        assert self._visit is not None
        led = self._visit.room.get("room")["following"]
        if led != self._led:
            self._led, self._base = led, None  # a hand may have moved anything meanwhile
            self._panel.show(following=led)
        state = self._state
        if not self.on or state is None:
            return
        if self._can_mirror(state):
            self._pending += 1
            again = partial(self._settle, self._pending)
            self._turns.add_timeout_callback(again, int(1000 * random.uniform(*REST)))
        else:
            self._take(state)

    def _can_mirror(self, state: dict[str, Any]) -> bool:
        """Whether the teacher's pictures show this, and fit into the figures as they are."""
        if self._base is None or self._view != (state["view"], state["options"]) or not self._is_whole():
            return False
        return mirroring.is_mirrored(state.get("page")) and drawable(self._base, state["document"]) is not None

    def _mirror(self, frame: Frame) -> None:
        """Show a picture of the teacher's, and the values that it is of."""
        state = self._state
        if not self.on or self._base is None or state is None or not self._is_whole():
            return
        if frame.page != state.get("page") or (frame.view is not None and not self._explain.has(frame.view)):
            return
        moved = frame.moved(self._base)
        if moved is None:
            return
        now = {key: value for key, value in self._before.items() if key in self._mirrored} | moved
        fresh = {key: value for key, value in now.items() if self._mirrored.get(key) != value}
        if self._picture.mirror(frame.layout, frame.line, frame.data) and fresh:
            self._mirrored |= fresh
            self._sidebar.push(fresh)

    @property
    def _before(self) -> dict[str, Any]:
        """Values of what was mirrored, as this page has run them."""
        return {key: self._session.get(key) for key in self._mirrored}

    def _settle(self, number: int) -> None:
        """The hand rests: run what was mirrored."""
        state = self._state
        if number == self._pending and self.on and state is not None:
            self._take(state)

    def _take(self, state: dict[str, Any]) -> None:
        self._pending = 0
        self._mirrored.clear()
        self._applying = True
        try:
            self._show(state["document"], state["final"])
            view = state["view"], state["options"]
            if view != self._view:
                self._view = view
                self._explain.restore(*view)
        finally:
            self._applying = False
        self._base = state["document"]

    def _show(self, document: dict[str, Any], final: bool) -> None:
        """Values one by one, where that is all that has changed: controls that are built anew take long."""
        now = to_dict(self._session)
        if document == now:
            return
        moved = mirroring.moves(now, document)
        if moved:
            self._sidebar.set(moved, final)
            if to_dict(self._session) == document:
                return
        self._restructure(lambda: self._session.take(from_dict(document)), CLASS)

    def outdated(self) -> None:
        """A run is asked for: where it is none of the teacher's, a hand has moved something, and goes its own way."""
        if self._visit is None or not self.on or self._applying or self._base is None:
            return
        now, base, state = to_dict(self._session), self._base, self._state
        if state is None or now == base:
            return
        pending, self._pending = self._pending, 0
        self.switch(False)
        if pending:  # the hand has moved what was mirrored and never run: it means that
            own = mirroring.moves(base, now)
            self._turns.add_next_tick_callback(partial(self._join, state["document"], own or {}))

    def _join(self, document: dict[str, Any], own: dict[str, Any]) -> None:
        """What was mirrored, and a hand's own change of it."""
        self._show(document, False)
        self._sidebar.set(own, True)
