"""What each student has used of a mystery: the experiments, and how often a solution was handed in. In memory."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from ..session.share import stimulus_of
from .response import Experiment, Unmeasurable
from .seal import Contents

MOST = 1000
"""Attempts that are remembered; the one that was looked at longest ago is forgotten."""
ENOUGH = 100
"""Experiments of one attempt, where there is no budget."""
KEPT = 40_000
"""Characters of the currents of one attempt that are kept beyond this process."""
HANDS = 3
"""How often a solution may be handed in: what a score tells would otherwise lead to the values by itself."""


@dataclass
class Attempt:
    """One student with one mystery.

    Attributes:
        contents: of the link.
        experiments: by key of the current that was injected.
        bare: keys of those whose current was not kept: they are used all the same.
        handed: how often a solution was handed in.
    """

    contents: Contents
    experiments: dict[str, Experiment] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)
    handed: int = 0

    @property
    def most(self) -> int:
        """How many experiments there are in all."""
        return self.contents.budget or ENOUGH

    @property
    def used(self) -> int:
        """How many experiments were made."""
        return len(self.experiments) + len(self.bare)

    def knows(self, key: str) -> bool:
        """Whether this experiment was made before, and costs nothing."""
        return key in self.experiments or key in self.bare

    def use(self, key: str, experiment: Experiment) -> None:
        """Take an experiment from the budget; one that was made before costs nothing.

        Raises:
            Unmeasurable: there is none left.
        """
        self.check(key)
        self.experiments.setdefault(key, experiment)
        self.bare.discard(key)

    def check(self, key: str) -> None:
        """Refuse a new experiment where there is none left.

        Raises:
            Unmeasurable: there is none left.
        """
        if not self.knows(key) and self.used >= self.most:
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

        Of currents that are too large for what keeps attempts the key alone is there, so that they count as used.
        """
        experiments: dict[str, Any] = dict.fromkeys(self.bare)
        left = KEPT
        for key, one in self.experiments.items():
            said = {"stimulus": [part.to_dict() for part in one.stimulus.parts], "dt": one.dt, "steps": one.steps}
            size = len(json.dumps(said))
            experiments[key] = said if size <= left else None
            left -= size if size <= left else 0
        return {"experiments": experiments, "handed": self.handed}

    def recall(self, kept: dict[str, Any]) -> None:
        """Take in what `to_dict` wrote; what there is already stays.

        Raises:
            ValueError, KeyError: it is nothing that was kept.
        """
        for key, one in kept["experiments"].items():
            if self.knows(key):
                continue
            if one is None:
                self.bare.add(key)
            else:
                stimulus = stimulus_of(one["stimulus"])
                self.experiments[key] = Experiment(stimulus, float(one["dt"]), int(one["steps"]))
        self.handed = max(self.handed, int(kept["handed"]))


_attempts: OrderedDict[tuple[Contents, str], Attempt] = OrderedDict()


def attempt(contents: Contents, student: str) -> Attempt:
    """What this student has used of this mystery, in whichever page: a reload gives nothing back."""
    found = _attempts.pop((contents, student), None) or Attempt(contents)
    _attempts[contents, student] = found
    while len(_attempts) > MOST:
        _attempts.popitem(last=False)
    return found
