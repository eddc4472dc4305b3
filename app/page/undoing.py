"""Changes of the session, one for each gesture of the hand, that are taken back and done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..client.actions import Actions
from ..client.keeper import Keeper
from ..client.turns import Turns
from ..keep import link, steps
from ..keep.history import DEEPEST, History
from ..run.follower import Follower
from ..session.session import Session
from ..session.share import from_dict, to_dict
from ..sidebar.change import change

OFFERED = "Stimulus: "
"""A change of this kind loses values: taking it back is offered at once."""
LESSON, CLASS = "Lesson", "Class"
"""What changes are called that a lesson makes by itself, or a teacher: nothing is offered."""


class Undoing(Follower):
    """Records what was changed, and carries out what is taken back.

    Args:
        turns: its later turns.
        session: what is chosen.
        actions: the buttons and the list of changes.
        keeper: where taking back is offered.
    """

    def __init__(self, turns: Turns, session: Session, actions: Actions, keeper: Keeper) -> None:
        super().__init__(turns, rest=0.0)
        self._session, self._actions, self._keeper = session, actions, keeper
        self._history = History(to_dict(session))
        self._said = ""  # what is still to be recorded: a box that loses the focus may have a turn before it
        self.on_carry_out: Callable[[Callable[[], None]], None] = lambda change: None
        """Carries a change of the session out, after which the controls are others."""
        self.on_step: Callable[[], None] = lambda: None
        """Told of every change, and of every one that is taken back or done again."""
        self._told = False  # whether the browser keeps the changes of this session
        self._named: set[str] = set()  # currents that it keeps
        keeper.on_undo, keeper.on_lost = self.undo, self._tell_all
        actions.on_press |= {"undo": self.undo, "redo": self.redo}
        actions.on_go = self.go

    @property
    def now(self) -> dict[str, Any]:
        """The session as it was recorded last."""
        return self._history.now

    def begin(self, document: dict[str, Any], kept: Any = None) -> None:
        """The session begins as this document says, after what the browser has kept of changes: it is not believed."""
        try:
            self._history = _restored(kept)
            self._told = True
            self._add(document, change(self._history.now, document))
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
            self._history = History(document)
            self._tell_all()
        self._show()

    def opened(self, document: dict[str, Any]) -> None:
        """Another session was opened, which is a change like any other."""
        self._add(document, "Opened: " + change(self._history.now, document))
        self._show()

    def changed(self, said: str) -> None:
        self._said = said or self._said
        self._turns.add_next_tick_callback(self._record)

    def _record(self) -> None:
        document, said = to_dict(self._session), self._said
        self._said = ""
        words = change(self._history.now, document)
        if self._add(document, f"{said}: {words}" if said else words):
            self.on_step()
            self._show()
            if said not in (LESSON, CLASS) and (said or words.startswith(OFFERED)):
                self._keeper.say(f"{said or words}.", undo=True)

    def _add(self, document: dict[str, Any], words: str) -> bool:
        kept = self._history.at + 1
        added = self._history.record(document, words)
        if added and self._told:
            self._tell(self._history.at, kept - self._history.at)
        elif added:
            self._tell_all()
        return added

    def _tell_all(self) -> None:
        self._told, self._named = True, set()
        self._tell(0)

    def _tell(self, since: int, drop: int = 0) -> None:
        """Let the browser keep the changes from this one on."""
        told, fresh = [], dict[str, str]()
        for words, document in self._history.steps(since):
            text, currents = steps.step(document, self._named)
            told.append((words, text))
            fresh |= currents
            self._named |= currents.keys()
        self._keeper.remember(told, fresh, since, drop, self._history.at)

    def undo(self) -> None:
        """Take the last change back; a gesture of which the end was never heard is one all the same."""
        self._record()
        self.go(self._history.at - 1)

    def redo(self) -> None:
        """Do the change again that was taken back last."""
        self.go(self._history.at + 1)

    def go(self, at: int) -> None:
        """Take changes back, or do them again, until so many are done."""
        if 0 <= at <= len(self._history.words) and at != self._history.at:
            document = self._history.steps(at)[0][1]
            try:
                other = from_dict(link.complete(document))
            except ValueError as error:
                self._keeper.say(f"This change cannot be shown: {error}", "error")
                return
            self._history.go(at)
            self._history.settle(to_dict(other))
            self.on_carry_out(lambda: self._session.take(other))
            self._tell(len(self._history.words) + 1)
            self.on_step()
            self._show()

    def _show(self) -> None:
        self._actions.show_changes(self._history.words, self._history.at)


def _restored(kept: Any) -> History:
    """What a browser has kept, of which nothing is believed.

    Raises:
        LookupError, TypeError, ValueError, AttributeError, OverflowError: it is nothing that was kept.
    """
    told, currents = kept["steps"], kept["currents"]
    texts = [str(text) for _, text in told]
    if len(texts) > DEEPEST + 1 or sum(map(len, currents.values())) > link.STORED:
        raise ValueError("more than a browser was given to keep")
    words = [str(said) for said, _ in told]
    history = History.restored(zip(words, steps.stepped(texts, currents), strict=True), int(kept["at"]))
    history.settle(to_dict(from_dict(link.complete(history.now))))
    return history
