"""The mystery neuron in the page: opened by its link, measured with the page's stimulus, compared with the page's run."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from ..client.keeper import Keeper
from ..client.mystery import Mystery
from ..client.turns import Turns
from ..mystery.attempts import Attempt, attempt
from ..mystery.puzzle import Puzzle, make
from ..mystery.response import Experiment, Response, Unmeasurable, key_of, measure
from ..mystery.score import Score, score
from ..mystery.seal import BadSeal, Contents, seal, unseal
from ..mystery.telling import told
from ..numbers import fixed
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.live import ASIDE
from ..run.pipeline import Drawn
from ..session.session import Session
from ..sidebar.sidebar import Sidebar
from ..views.measured import Measured
from . import measuring_words as words

REST = 0.25
"""Seconds after the last picture from which the hand counts as resting."""
LONGEST_NAME = 64
FRESH_SEEDS = 10**9


class Measuring(Follower):
    """Opens mysteries and makes them; the hidden values stay here.

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
        self._session, self._panel, self._sidebar, self._measured = session, panel, sidebar, measured
        self._keeper, self._restructure = keeper, restructure
        self._puzzle: Puzzle | None = None
        self._attempt: Attempt | None = None
        self._asked = False  # to measure, while a newer run was under way
        self._said: dict[str, Any] = {}
        self.on_begin: Callable[[], None] = lambda: None
        """A mystery begins: nothing else leads the visitor by the hand."""
        self.on_again: Callable[[], None] = lambda: None
        """Draws the run that is shown once more."""
        self._work = Newest(ASIDE, turns.add_next_tick_callback, lambda tell: tell())
        self._study = Newest(ASIDE, turns.add_next_tick_callback, lambda tell: tell())
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
        except BadSeal as error:
            self._keeper.say(str(error), "error")
            self._panel.show(None)
            return
        except ValueError as error:  # the server has no key
            self._keeper.say(str(error), "error")
            return
        student = str(said.get("student", ""))[:LONGEST_NAME]
        pn.state.onload(partial(self._begin, contents, student, said.get("fresh") is True))

    def _begin(self, contents: Contents, student: str, fresh: bool) -> None:
        self._puzzle, self._attempt = make(contents), attempt(contents, student)
        self._said = {}
        self._measured.clear()
        self.on_begin()
        self._panel.show(words.opened(self._puzzle))
        if fresh:
            puzzle = self._puzzle
            self._restructure(lambda: self._session.take(puzzle.begin()))
        self._sidebar.limit(None, [f"config.{name}" for name in self._puzzle.known])
        self._tell_used()
        self._tell_what_can_be_told()
        self.on_again()

    def _make(self, said: dict[str, Any]) -> None:
        try:
            seed = said.get("seed")
            chosen = secrets.randbelow(FRESH_SEEDS) if seed is None else int(seed)
            numbers = int(said["level"]), chosen, float(said.get("noise") or 0), int(said.get("budget") or 0)
            made = {"query": seal(Contents(*numbers)), "seed": chosen}
        except (KeyError, TypeError, OverflowError):
            return  # no page says that
        except ValueError as error:
            self._panel.tell({"made": {"error": _sentence(error)}})
            return
        self._panel.tell({"made": made})

    def _measure(self) -> None:
        """Measure with what is shown; where a newer run is under way, with that."""
        if self._puzzle is None or self._drawn is None:
            return
        self._asked = not self._resting
        if self._resting:
            self._ask(self._drawn, paid=True)

    def _ask(self, drawn: Drawn, paid: bool) -> None:
        """Have the neuron measured; what was `paid` for before costs nothing, and says nothing."""
        puzzle, own = self._puzzle, self._attempt
        assert puzzle is not None and own is not None
        try:
            experiment = Experiment.of(drawn.request.job)
            if paid:
                own.check(key_of(drawn.recording))
        except Unmeasurable as error:
            self._complain(error)
            return
        self._work.ask(lambda stop: partial(self._take, puzzle, experiment, _measured(puzzle, experiment)))

    def _take(self, puzzle: Puzzle, experiment: Experiment, response: Response | Unmeasurable) -> None:
        own = self._attempt
        if puzzle is not self._puzzle or own is None:
            return
        if isinstance(response, Response):
            new = response.key not in own.experiments
            try:
                own.use(response.key, experiment)
            except Unmeasurable as error:  # another page of this student was faster
                response = error
        if isinstance(response, Unmeasurable):
            self._complain(response)
            return
        self._measured.add(response)
        self._panel.tell({"error": ""})
        self._tell_used()
        if new:
            self._tell_what_can_be_told()
        self.on_again()

    def _tell_what_can_be_told(self) -> None:
        puzzle, own = self._puzzle, self._attempt
        if puzzle is None or own is None:
            return
        experiments = list(own.experiments.values())

        def study(stop: Callable[[], bool]) -> Callable[[], None]:
            found = words.telling(puzzle, told(puzzle, experiments)) if experiments else {}
            return partial(self._panel.tell, {"told": found})

        self._study.ask(study)

    def _hand_in(self) -> None:
        puzzle, own = self._puzzle, self._attempt
        if puzzle is None or own is None:
            return
        if type(self._session.config) is not puzzle.kind.config_class:
            self._panel.tell({"error": "Your neuron is of another model than the mystery: put its values back first."})
            return
        values = {name: float(self._session.get(f"config.{name}")) for name in puzzle.hidden}
        experiments = list(own.experiments.values())
        self._panel.tell({"busy": "Scoring …"})

        def work(stop: Callable[[], bool]) -> Callable[[], None]:
            try:
                return partial(self._score, puzzle, score(puzzle, values, experiments))
            except Unmeasurable as error:
                return partial(self._complain, error)

        self._work.ask(work)

    def _score(self, puzzle: Puzzle, found: Score) -> None:
        own = self._attempt
        if puzzle is not self._puzzle or own is None:
            return
        try:
            own.hand_in()
        except Unmeasurable as error:
            self._complain(error)
            return
        self._panel.tell({"score": words.scored(puzzle, found), "busy": "", "error": ""})
        self._tell_used()

    def _put_back(self) -> None:
        """The mystery's model with all that is known, and the stimulus and guesses that there are."""
        puzzle = self._puzzle
        if puzzle is None:
            return
        same = type(self._session.config) is puzzle.kind.config_class
        guesses = {f"config.{name}": self._session.get(f"config.{name}") for name in puzzle.hidden} if same else {}
        fresh = puzzle.begin()
        fresh.set(guesses)
        fresh.parts, fresh.settings.duration = self._session.parts, self._session.settings.duration
        self._restructure(lambda: self._session.take(fresh))

    def _leave(self) -> None:
        self._puzzle = self._attempt = None
        self._measured.clear()
        self._sidebar.limit(None)
        self.on_again()

    def _complain(self, error: Exception) -> None:
        self._panel.tell({"error": str(error), "busy": ""})

    def _tell_used(self) -> None:
        if self._attempt is not None:
            self._panel.tell({"used": words.used(self._attempt)})

    # From the pictures.

    def follow(self, drawn: Drawn, resting: bool) -> None:
        super().follow(drawn, resting)
        if self._puzzle is None:
            return
        response = self._measured.of(drawn.recording)
        near: dict[str, Any] | None = None
        if response is not None:
            gamma, yours = response.distance(drawn.recording)
            near = {"gamma": fixed(gamma, 2), "yours": yours, "its": len(response.spikes)}
        self._tell_changed({"near": near, "away": self._is_away()})
        if resting:
            self.await_rest(drawn)

    def rested(self, drawn: Drawn) -> None:
        """The hand rests: what was asked for meanwhile is measured, and what was measured in a session before."""
        if self._puzzle is None or self._attempt is None:
            return
        if self._asked:
            self._asked = False
            self._ask(drawn, paid=True)
        elif self._measured.of(drawn.recording) is None and drawn.recording.units == 1:
            if key_of(drawn.recording) in self._attempt.experiments:
                self._ask(drawn, paid=False)

    def _is_away(self) -> bool:
        """Whether what is known is otherwise in the session."""
        puzzle, session = self._puzzle, self._session
        if puzzle is None:
            return False
        if type(session.config) is not puzzle.kind.config_class:
            return True
        return any(session.get(f"config.{name}") != value for name, value in puzzle.known.items())

    def _tell_changed(self, said: dict[str, Any]) -> None:
        if said != self._said:
            self._said = said
            self._panel.tell(said)

    def close(self) -> None:
        super().close()
        self._work.close()
        self._study.close()


def _measured(puzzle: Puzzle, experiment: Experiment) -> Response | Unmeasurable:
    try:
        return measure(puzzle, experiment)
    except Unmeasurable as error:
        return error


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
