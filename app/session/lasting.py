"""How long a stimulus lasts where its run, or its onset, is moved: until the end, if it did so before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from spark.core.config import Config
from spark.core.echo import echo
from spark.core.sizes import LARGEST, as_float
from spark.stimuli import Stimulus

UNTIL_END = ".until_end"
"""Ends the path of a choice of duration, `stimulus.0.until_end`: it is what onset and duration say."""
ENDING = 0.9
"""How much of what is left a stimulus lasts that does so no longer until the end."""
NEAR = 0.1
"""A stimulus that ends this part of the run or less before its end goes on with a longer run."""
_SAME = 1e-9
"""Part of the run by which rounding may end a stimulus before it."""
BY_RUN, BY_ONSET = "by_run", "by_onset"
"""Of a stimulus' duration and the run in which it was that long, and of its onset and duration, before a hand moved
the run, or the onset."""
Times = tuple[float, float]
"""Onset and duration, ms."""


def timed(part: Config) -> bool:
    """Whether it begins and ends, and every neuron's does at the same time."""
    return all(isinstance(getattr(part, name, None), float) for name in ("onset", "duration"))


def times(part: Any) -> Times:
    """Those of a part that is `timed`."""
    return part.onset, part.duration


def reaches(times: Times, run: float) -> bool:
    """Whether it lasts until the end of a run of so many ms, or would go on."""
    return sum(times) >= run * (1 - _SAME)


def choose(part: Any, until_end: bool, run: float) -> None:
    """Let it last until the end, or no longer."""
    left = max(run - part.onset, 0.0)
    if until_end:
        part.duration = left
    elif reaches(times(part), run):
        part.duration = ENDING * left


def lasting(onset: float, duration: float, before: float, after: float) -> float:
    """How long a stimulus lasts in a run of `after` ms, that lasts `duration` in one of `before` ms.

    One that reaches the end, or nearly so, does so in a longer run as well: what is left after it stays the same.
    """
    left = max(before - onset - duration, 0.0)
    return max(duration, after - left - onset) if left <= NEAR * before else duration


class Lasting:
    """Durations that follow the run and the onset. Going back gives what was there before, however far a hand went."""

    def __init__(self) -> None:
        self._by_run: dict[int, tuple[Stimulus, Times, float, float]] = {}
        self._by_onset: dict[int, tuple[Stimulus, Times, Times]] = {}

    def told(self, parts: Sequence[Stimulus], now: float) -> list[dict[str, list[float]]]:
        """What it remembers of these in a run of `now` ms that is not so any more, as plain data: see `recall`."""
        found: list[dict[str, list[float]]] = []
        for part in parts:
            run, onset = self._by_run.get(id(part)), self._by_onset.get(id(part))
            own: dict[str, list[float]] = {}
            if run is not None and run[1] == times(part) and run[2:] != (times(part)[1], now):
                own[BY_RUN] = [run[2], run[3]]
            if onset is not None and onset[2] != onset[1] == times(part):
                own[BY_ONSET] = list(onset[2])
            found.append(own)
        return found if any(found) else []

    def recall(self, parts: Sequence[Stimulus], told: Sequence[Mapping[str, Any]]) -> None:
        """Remember what another one told.

        Raises:
            ValueError: it is not two finite numbers for one of these that has times.
        """
        for part, own in zip(parts, told, strict=False):
            for key, values in own.items() if isinstance(own, Mapping) else ((None, own),):
                pair = values if isinstance(values, (list, tuple)) and len(values) == 2 else (None, None)
                numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in pair)
                one, two = map(as_float, pair) if numbers else (math.nan, math.nan)
                if not (timed(part) and abs(one) <= LARGEST and abs(two) <= LARGEST):
                    raise ValueError(f"{echo(values)} is no memory of a stimulus' times: two numbers in ms are.")
                if key == BY_RUN:
                    self._by_run[id(part)] = (part, times(part), one, two)
                elif key == BY_ONSET:
                    self._by_onset[id(part)] = (part, times(part), (one, two))

    def follow_run(self, parts: Iterable[Stimulus], before: float, run: float) -> None:
        """The run had `before` ms: what lasted until its end, or nearly so, does so again."""
        for part in filter(timed, parts):
            own: Any = part
            kept = self._by_run.get(id(part))
            if kept is None or kept[1] != times(own):  # else it was made for the run before
                kept = (part, times(own), own.duration, before)
            own.duration = lasting(own.onset, kept[2], kept[3], run)
            self._by_run[id(part)] = (part, times(own), *kept[2:])

    def follow_onset(self, part: Stimulus, before: Times, run: float) -> None:
        """It had these times: where it lasted until the end it does so again, and where not, it is not made to."""
        own: Any = part
        kept = self._by_onset.get(id(part))
        first = before if kept is None or kept[1] != before else kept[2]
        if own.onset == first[0]:
            own.duration = first[1]
        elif reaches(first, run):
            own.duration = max(run - own.onset, 0.0)
        self._by_onset[id(part)] = (part, times(own), first)
