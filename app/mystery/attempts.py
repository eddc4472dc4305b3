"""What each student has used of a mystery: the experiments, and how often a solution was handed in. In memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spark.stimuli import Stimulus

from ..session.share import stimulus_of
from .response import Experiment, Unmeasurable
from .seal import Contents

MOST = 1000
"""Attempts that are remembered; the one that was looked at longest ago is forgotten."""
ENOUGH = 100
"""Experiments of one attempt, where there is no budget."""
KEPT = 1000
"""Values of a stimulus that is kept beyond this process."""
HANDS = 3
"""How often a solution may be handed in: what a score tells would otherwise lead to the values by itself."""


@dataclass
class Attempt:
    """One student with one mystery.

    Attributes:
        contents: of the link.
        experiments: by key of the current that was injected.
        handed: how often a solution was handed in.
    """

    contents: Contents
    experiments: dict[str, Experiment] = field(default_factory=dict)
    handed: int = 0

    @property
    def most(self) -> int:
        """How many experiments there are in all."""
        return self.contents.budget or ENOUGH

    def use(self, key: str, experiment: Experiment) -> None:
        """Take an experiment from the budget; one that was made before costs nothing.

        Raises:
            Unmeasurable: there is none left.
        """
        self.check(key)
        self.experiments.setdefault(key, experiment)

    def check(self, key: str) -> None:
        """Refuse a new experiment where there is none left.

        Raises:
            Unmeasurable: there is none left.
        """
        if key not in self.experiments and len(self.experiments) >= self.most:
            raise Unmeasurable(
                f"All {self.most} experiments are used: go on with the stimuli that you have measured, or hand in."
            )

    def hand_in(self) -> None:
        """Count a solution.

        Raises:
            Unmeasurable: there is none left.
        """
        if self.handed >= HANDS:
            raise Unmeasurable(f"You have handed in {HANDS} times, and that is all.")
        self.handed += 1

    def to_dict(self) -> dict[str, Any]:
        """As plain data (JSON types), for whoever keeps it beyond this process.

        A current of very many values is left out: what keeps attempts has no room for those.
        """
        experiments = {
            key: {"stimulus": [part.to_dict() for part in one.stimulus.parts], "dt": one.dt, "steps": one.steps}
            for key, one in self.experiments.items()
            if values(one.stimulus) <= KEPT
        }
        return {"experiments": experiments, "handed": self.handed}

    def recall(self, kept: dict[str, Any]) -> None:
        """Take in what `to_dict` wrote; what there is already stays.

        Raises:
            ValueError, KeyError: it is nothing that was kept.
        """
        for key, one in kept["experiments"].items():
            experiment = Experiment(stimulus_of(one["stimulus"]), float(one["dt"]), int(one["steps"]))
            self.experiments.setdefault(key, experiment)
        self.handed = max(self.handed, int(kept["handed"]))


def values(stimulus: Stimulus) -> int:
    """How many numbers it is made of."""
    return sum(int(np.size(value)) for part in stimulus.parts for value in part.values().values())


_attempts: OrderedDict[tuple[Contents, str], Attempt] = OrderedDict()


def attempt(contents: Contents, student: str) -> Attempt:
    """What this student has used of this mystery, in whichever page: a reload gives nothing back."""
    found = _attempts.pop((contents, student), None) or Attempt(contents)
    _attempts[contents, student] = found
    while len(_attempts) > MOST:
        _attempts.popitem(last=False)
    return found
