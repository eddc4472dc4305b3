"""The steps of one neuron's run, which begin where its current jumps, and how they move with the stimulus's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..simulation.asked import driven
from ..stimuli import Stimulus, Sum
from .variants import Subject

STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))
"""Central differences of order 4: places, and what the values there count."""
STEP = 1e-3
"""Their step in the field's unit; of a current, in which all is linear, this part of its value where that is more."""
SAME = 1e-6
"""An edge this close to a sample, in steps, is that sample."""
SLIVER = 1e-9
"""Where two edges fall together, the current between them is that of so many ms, on the right side of each."""


Own = Mapping[str, float]
"""The values of one stimulus, by name."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """Steps, and their derivatives by fields of the stimulus, by name.

    Attributes:
        starts: when each step begins, ms.
        lengths: how long it is, ms; 0 between edges that fall together.
        currents: mean current over it, pA.
        moved_starts, moved_lengths, moved_currents: derivatives of these.
    """

    starts: np.ndarray
    lengths: np.ndarray
    currents: np.ndarray
    moved_starts: dict[str, np.ndarray] = field(default_factory=dict)
    moved_lengths: dict[str, np.ndarray] = field(default_factory=dict)
    moved_currents: dict[str, np.ndarray] = field(default_factory=dict)


def timeline(subject: Subject, fields: Sequence[str], duration: float | None, dt: float) -> Timeline:
    """The steps of a run: samples `dt` apart, and the edges of the stimulus.

    With the boundaries of steps on the edges, the mean current over a step is a smooth function of every field, and
    differences give its derivative to about ten digits.
    """
    if not subject.parts:
        drive = driven(subject.soma.config, subject.current, dt, duration, 1, None)
        starts = np.arange(drive.steps) * dt
        return Timeline(starts, np.full(drive.steps, dt), np.asarray(drive.draw(drive.steps), float)[:, 0])
    own = [{name: float(getattr(part, name)) for name in part.per_unit()} for part in subject.parts]
    boundaries = _Boundaries.of(subject.parts, own, subject.steps(duration, dt), dt)
    found = Timeline(*boundaries.steps(own))
    gaps = found.lengths[found.lengths > SAME * dt]
    for name in fields:
        place, quantity = subject.find(name)
        word = str(quantity.name)
        value = own[place - 1][word]
        step = max(STEP, STEP * abs(value)) if quantity.unit == "pA" else min(STEP, float(gaps.min()) / 8)
        moved = [0 * found.starts, 0 * found.starts, 0 * found.starts]
        for where, weight in STENCIL:
            there = own[place - 1] | {word: value + where * step}  # which may lie past a bound
            steps = boundaries.steps([*own[: place - 1], there, *own[place:]])
            moved = [sum_ + weight / step * new for sum_, new in zip(moved, steps, strict=True)]
        found.moved_starts[name], found.moved_lengths[name], found.moved_currents[name] = moved
    return found


@dataclass(frozen=True, eq=False)
class _Boundaries:
    """Where steps begin and end, in an order that stays when edges move a little.

    Attributes:
        parts: the stimuli.
        dt: time between two samples, ms.
        grid: the samples, ms.
        counts: how many edges each part has.
        sample: number of the sample that an edge is, for each edge; -1 where it lies between two, outside or beside
            another edge.
        kept: whether an edge is a boundary.
        order: of samples and of the edges between them.
    """

    parts: Sequence[Stimulus]
    dt: float
    grid: np.ndarray
    counts: list[int]
    sample: np.ndarray
    kept: np.ndarray
    order: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Stimulus], values: Sequence[Own], steps: int, dt: float) -> _Boundaries:
        edges = [part.edges(p, steps * dt) for part, p in zip(parts, values, strict=True)]
        at = np.concatenate(edges) / dt
        kept = (at > -SAME) & (at < steps - SAME)
        near = np.rint(np.where(kept, at, 0)).astype(int)
        # The run itself begins at sample 0, wherever an edge moves that is there: it is one beside it.
        sample = np.where(kept & (near > 0) & (np.abs(at - near) < SAME), near, -1)
        first = np.unique(sample, return_index=True)[1]
        sample[np.setdiff1d(np.arange(sample.size), first)] = -1
        grid = np.arange(steps + 1) * dt
        # Edges that fall together are told apart by their number: which is the earlier one does not matter.
        order = np.argsort(np.concatenate([grid, np.round(at[kept & (sample < 0)], 6) * dt]), kind="stable")
        return cls(parts, dt, grid, [e.size for e in edges], sample, kept, order)

    def steps(self, values: Sequence[Own]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Beginning, length and mean current of each step, with these values of the parts."""
        known, end = list(zip(self.parts, values, strict=True)), float(self.grid[-1])
        # A window that grows may let one pulse more in: its first edge is where the window ended.
        edges = [part.edges(p, end)[:count] for (part, p), count in zip(known, self.counts, strict=True)]
        at, owner = np.concatenate(edges), np.repeat(np.arange(len(known)), self.counts)
        samples, between = self.grid.copy(), self.kept & (self.sample < 0)
        samples[self.sample[self.sample >= 0]] = at[self.sample >= 0]
        owners = np.full(self.grid.size, -1)
        owners[self.sample[self.sample >= 0]] = owner[self.sample >= 0]
        places = np.concatenate([samples, at[between]])[self.order]
        owners = np.concatenate([owners, owner[between]])[self.order]
        starts, ends = places[:-1], places[1:]
        current = np.zeros_like(starts)
        noisy = [type(part)(__skip_validation__=True, **(part.values() | dict(p))) for part, p in known if part.noisy]
        if noisy:
            drawn = Sum(parts=noisy).stream(self.dt, 1, None, np.float64)(self.grid.size - 1)[:, 0]
            current += drawn[np.cumsum(self.order[:-1] < self.grid.size) - 1]
        for i, (part, p) in enumerate(known):
            if not part.noisy:
                current += part.between(p, *_own_side(starts, ends, places, owners == i))
        return starts, ends - starts, current


def _own_side(starts: np.ndarray, ends: np.ndarray, places: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, ...]:
    """The steps as one part sees them: none reaches over an edge of its own, also where others' edges have moved."""
    before = np.maximum.accumulate(np.where(own, places, -np.inf))[:-1]
    after = np.minimum.accumulate(np.where(own, places, np.inf)[::-1])[::-1][1:]
    low, high = np.maximum(starts, before), np.minimum(ends, after)
    empty = high - low < SLIVER
    forth = empty & (low + SLIVER <= after)
    return np.where(empty & ~forth, high - SLIVER, low), np.where(forth, low + SLIVER, high)
