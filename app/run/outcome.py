"""What a run has shown, for whatever speaks of it: one classifier, one window of spikes, one set of read-outs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from spark import Recording
from spark.analysis import Firing, classify

from ..session.job import Job
from .diverged import Trouble, runaway
from .readouts import Readout, readouts


@dataclass(frozen=True)
class Outcome:
    """A run and the job that it was, as strip, sentence and comparison read it.

    Attributes:
        job: what ran.
        recording: the run; its potential and the spikes of all neurons are enough.
    """

    job: Job
    recording: Recording

    @cached_property
    def firing(self) -> Firing:
        """The first neuron's pattern under this job's own stimulus: whatever names it on the page quotes this."""
        return classify(self.recording.spike_times[0], *self.job.window, noisy=self.job.stimulus.noisy)

    @cached_property
    def trouble(self) -> Trouble | None:
        """Why the run is not to be believed, though its numbers are finite."""
        return runaway(self.recording, self.job)

    @cached_property
    def readouts(self) -> list[Readout]:
        """The numbers above the plots; what has diverged has no pattern."""
        found = readouts(self.recording, self.job.window, self.firing)
        return found if self.trouble is None else [("pattern", "diverged", ""), *found[1:]]

    @property
    def words(self) -> str:
        """The pattern in words, "irregular, CV 0.84"; what has diverged has none."""
        return self.firing.words if self.trouble is None else "diverged"
