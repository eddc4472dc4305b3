"""One student's experiments with a mystery: measured, studied and scored in threads; the hidden values stay here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..client.turns import Turns
from ..mystery.attempts import Attempt
from ..mystery.puzzle import Puzzle
from ..mystery.response import Experiment, Response, Unmeasurable, key_of, measure
from ..mystery.score import Score, score
from ..mystery.telling import told
from ..numbers import fixed
from ..run.beside import Newest
from ..run.pipeline import Drawn
from ..run.pools import ASIDE
from ..views.measured import Measured
from . import measuring_words as words


class Experimenting:
    """Carries out what is asked of the mystery that is open.

    Args:
        turns: its later turns.
        tell: says something to the page.
        measured: draws what was measured.
        again: draws the run that is shown once more.
    """

    def __init__(
        self, turns: Turns, tell: Callable[[dict[str, Any]], None], measured: Measured, again: Callable[[], None]
    ) -> None:
        self._tell, self._measured, self._again = tell, measured, again
        self._open: tuple[Puzzle, Attempt] | None = None
        self.on_used: Callable[[Attempt, Score | None], None] = lambda attempt, score: None
        """An experiment was made, or a solution scored."""
        self._work = Newest(ASIDE, turns.add_next_tick_callback, lambda tell: tell())
        self._study = Newest(ASIDE, turns.add_next_tick_callback, lambda tell: tell())

    def begin(self, puzzle: Puzzle, attempt: Attempt) -> None:
        """Go on with what this student has used of this mystery."""
        self._open = puzzle, attempt
        self._measured.clear()
        self._tell({"used": words.used(attempt)})
        self._tell_what_can_be_told()
        self._again()

    def end(self) -> None:
        """The mystery is closed."""
        self._open = None
        self._work.drop()
        self._study.drop()
        self._measured.clear()
        self._again()

    def close(self) -> None:
        """The visit has ended."""
        self._work.close()
        self._study.close()

    def near(self, drawn: Drawn) -> dict[str, Any] | None:
        """How near this run comes to what was measured with its current; None where nothing was."""
        response = self._measured.of(drawn.recording)
        if response is None:
            return None
        gamma, yours = response.distance(drawn.recording)
        return {"gamma": fixed(gamma, 2), "yours": yours, "its": len(response.spikes)}

    def recall(self, drawn: Drawn) -> None:
        """What was measured with this current in a page before, or long ago, is measured again: it costs nothing."""
        if self._open is None or drawn.recording.units > 1 or self._measured.of(drawn.recording) is not None:
            return
        if self._open[1].knows(key_of(drawn.recording)):
            self.measure(drawn)

    def measure(self, drawn: Drawn) -> None:
        """Measure the neuron with the stimulus of this run."""
        if self._open is None:
            return
        puzzle, attempt = self._open
        try:
            experiment = Experiment.of(drawn.request.job)
            attempt.check(key_of(drawn.recording))
        except Unmeasurable as error:
            self._complain(error)
            return

        def work(stop: Callable[[], bool]) -> Callable[[], None]:
            try:
                return partial(self._take, puzzle, experiment, measure(puzzle, experiment))
            except Unmeasurable as error:
                return partial(self._complain, error)

        self._work.ask(work)

    def _take(self, puzzle: Puzzle, experiment: Experiment, response: Response) -> None:
        if self._open is None or self._open[0] is not puzzle:
            return
        attempt = self._open[1]
        new = not attempt.knows(response.key)
        try:
            attempt.use(response.key, experiment)
        except Unmeasurable as error:  # another page of this student was faster
            self._complain(error)
            return
        self._measured.add(response)
        self._tell({"used": words.used(attempt), "error": ""})
        self.on_used(attempt, None)
        if new:
            self._tell_what_can_be_told()
        self._again()

    def _tell_what_can_be_told(self) -> None:
        assert self._open is not None
        puzzle, attempt = self._open
        experiments = list(attempt.experiments.values())

        def work(stop: Callable[[], bool]) -> Callable[[], None]:
            found = words.telling(puzzle, told(puzzle, experiments)) if experiments else {}
            return partial(self._tell, {"told": found})

        self._study.ask(work)

    def hand_in(self, values: Mapping[str, float]) -> None:
        """Score these values of the hidden quantities."""
        if self._open is None:
            return
        puzzle, attempt = self._open
        experiments = list(attempt.experiments.values())

        def work(stop: Callable[[], bool]) -> Callable[[], None]:
            try:
                return partial(self._take_score, puzzle, score(puzzle, values, experiments))
            except Unmeasurable as error:
                return partial(self._complain, error)

        self._tell({"busy": "Scoring …"})
        self._work.ask(work)

    def _take_score(self, puzzle: Puzzle, found: Score) -> None:
        if self._open is None or self._open[0] is not puzzle:
            return
        attempt = self._open[1]
        try:
            attempt.hand_in()
        except Unmeasurable as error:
            self._complain(error)
            return
        self._tell({"score": words.scored(puzzle, found), "used": words.used(attempt), "busy": "", "error": ""})
        self.on_used(attempt, found)

    def _complain(self, error: Exception) -> None:
        self._tell({"error": str(error), "busy": ""})
