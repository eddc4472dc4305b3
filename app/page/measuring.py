"""The mystery neuron in the page: opened by its link, measured with the page's stimulus, compared with its run."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from ..client.keeper import Keeper
from ..client.mystery import Mystery
from ..client.turns import Turns
from ..mystery.attempts import attempt
from ..mystery.puzzle import Puzzle, make
from ..mystery.seal import BadSeal, Contents, seal, unseal
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..session.session import Session
from ..sidebar.sidebar import Sidebar
from ..views.measured import Measured
from . import measuring_words as words
from .experimenting import Experimenting

REST = 0.25
"""Seconds after the last picture from which the hand counts as resting."""
LONGEST_NAME = 64
FRESH_SEEDS = 10**9
RACES = 2**52
"""From this seed on a mystery is of a race."""
OUTSIDE = "This neuron is of a race: join its room, which counts the experiments."
KNOWN = "Given: the mystery neuron has this value."
OTHER_MODEL = "Your neuron is of another model than the mystery: put its values back first."


class Measuring(Follower):
    """Opens mysteries and makes them.

    Args:
        turns: its later turns.
        session: what is chosen: the student's own neuron.
        panel: the page's panel.
        sidebar: whose rows of known values are locked.
        measured: draws what was measured.
        keeper: says what goes wrong.
        restructure: carries a change of the session out, after which the controls are others.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        panel: Mystery,
        sidebar: Sidebar,
        measured: Measured,
        keeper: Keeper,
        restructure: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(turns, REST)
        self._session, self._panel, self._sidebar = session, panel, sidebar
        self._keeper, self._restructure = keeper, restructure
        self._puzzle: Puzzle | None = None
        self._name = ""
        self._asked = False  # to measure, while a newer run was under way
        self._said: dict[str, Any] = {}
        self.on_begin: tuple[Callable[[], None], ...] = ()
        """A mystery begins: nothing else leads the visitor by the hand."""
        self.on_again: Callable[[], None] = lambda: None
        """Draws the run that is shown once more."""
        self.experiments = Experimenting(turns, panel.tell, measured, lambda: self.on_again())
        self.student_of: Callable[[Contents, str], str] = lambda contents, student: student
        """Who this is: by what the page says, unless somebody knows it better."""
        self.races: Callable[[Contents], bool] = lambda contents: False
        """Whether this student is in the race of this mystery."""
        panel.on = {
            "open": self._open,
            "make": self._make,
            "measure": lambda said: self._measure(),
            "hand": lambda said: self._hand_in(),
            "back": lambda said: self._put_back(),
            "leave": lambda said: self._leave(),
        }
        sidebar.actions.on_press["mystery"] = panel.open
        panel.show_levels(words.levels())

    # From the page.

    def _open(self, said: dict[str, Any]) -> None:
        try:
            contents = unseal(said.get("mystery", ""))
        except ValueError as error:  # or the server has no key
            self._keeper.say(str(error), "error")
            if isinstance(error, BadSeal):
                self._panel.show(None)
            return
        self._name = str(said.get("student", ""))[:LONGEST_NAME]
        pn.state.onload(partial(self._begin, contents, said.get("fresh") is True))

    def look_again(self) -> None:
        """Who this is may be known better by now: go on with what that student has used."""
        if self._puzzle is not None:
            student = self.student_of(self._puzzle.contents, self._name)
            self.experiments.begin(self._puzzle, attempt(self._puzzle.contents, student))

    def _begin(self, contents: Contents, fresh: bool) -> None:
        self._puzzle, self._said, self._asked = make(contents), {}, False
        for end in self.on_begin:
            end()
        self._panel.show(words.opened(self._puzzle))
        if fresh:
            self._restructure(partial(self._session.take, self._puzzle.begin()))
        self._sidebar.limit(None, [f"config.{name}" for name in self._puzzle.known], KNOWN)
        self.look_again()

    def _make(self, said: dict[str, Any]) -> None:
        try:
            seed = said.get("seed")
            chosen = secrets.randbelow(FRESH_SEEDS) if seed is None else int(seed)
            if chosen >= RACES:
                raise ValueError(f"The seed must be a whole number below {RACES:,}: those above are for races.")
            numbers = int(said["level"]), chosen, float(said.get("noise") or 0), int(said.get("budget") or 0)
            made = {"query": seal(Contents(*numbers)), "seed": chosen}
        except (KeyError, TypeError, OverflowError):
            return  # no page says that
        except ValueError as error:
            self._panel.tell({"made": {"error": str(error)}})
            return
        self._panel.tell({"made": made})

    def _measure(self) -> None:
        """Measure with what is shown; where a newer run is under way, with that."""
        if self._is_outside():
            return
        self._asked = not self._resting
        if self._resting and self._drawn is not None:
            self.experiments.measure(self._drawn)

    def _hand_in(self) -> None:
        puzzle = self._puzzle
        if puzzle is None or self._is_outside():
            return
        if self._is_other(puzzle):
            self._panel.tell({"error": OTHER_MODEL})
            return
        self.experiments.hand_in({name: float(self._session.get(f"config.{name}")) for name in puzzle.hidden})

    def _put_back(self) -> None:
        """The mystery's model with all that is known, and the stimulus and guesses that there are."""
        puzzle, now = self._puzzle, self._session
        if puzzle is None:
            return
        fresh = puzzle.begin()
        if not self._is_other(puzzle):
            fresh.set({path: now.get(path) for path in (f"config.{name}" for name in puzzle.hidden)})
        fresh.parts, fresh.settings.duration = now.parts, now.settings.duration
        self._restructure(partial(now.take, fresh))

    def _leave(self) -> None:
        self._puzzle = None
        self._sidebar.limit(None)
        self.experiments.end()

    def _is_outside(self) -> bool:
        """Whether this is a race in which this student is not: under another name there is another budget."""
        contents = self._puzzle.contents if self._puzzle is not None else None
        outside = contents is not None and contents.seed >= RACES and not self.races(contents)
        if outside:
            self._panel.tell({"error": OUTSIDE})
        return outside

    def _is_other(self, puzzle: Puzzle) -> bool:
        """Whether the session has another model."""
        return self._session.soma is not puzzle.kind

    # From the pictures.

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if self._puzzle is None:
            return
        said = {"near": self.experiments.near(drawn), "away": self._is_away(self._puzzle)}
        if said != self._said:
            self._said = said
            self._panel.tell(said)
        if resting:
            self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The hand rests: what was asked for meanwhile is measured, and what was measured before is recalled."""
        if self._puzzle is None:
            return
        if self._asked:
            self._measure()
        else:
            self.experiments.recall(drawn)

    def _is_away(self, puzzle: Puzzle) -> bool:
        """Whether what is known is otherwise in the session."""
        session = self._session
        if self._is_other(puzzle):
            return True
        return any(session.get(f"config.{name}") != value for name, value in puzzle.known.items())

    def close(self) -> None:
        super().close()
        self.experiments.close()
