"""One neuron of a job, and how a batch of its variants is run within a limit of cost. No panel here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from spark.analysis import Sweep, sweep
from spark.core.quantity import Drawable
from spark.nn.components.somas import Soma
from spark.stimuli import Stimulus
from spark.stimuli.windows import within_run

from ..session import membrane
from ..session.job import Job
from ..session.limits import rounded_up

LEAST_SHARE = 0.5
"""Part of the stimulus that a shortened run must show."""


@dataclass(frozen=True)
class Neuron:
    """One neuron of a job, with the means where a population is spread.

    Attributes:
        soma, stimulus: what is run.
        dt, steps, initial: how, as the job says.
        values: what can be swept, by the session's path.
        rest: everything else that decides what comes of it.
    """

    soma: Soma
    stimulus: Stimulus
    dt: float
    steps: int
    initial: dict[str, float]
    values: dict[str, float]
    rest: tuple[Any, ...]

    @classmethod
    def of(cls, job: Job) -> Neuron:
        """The neuron of a job."""
        config = job.soma.config
        means = {k: v.mean for k, v in config.values().items() if isinstance(v, Drawable) and hasattr(v, "mean")}
        soma = type(job.soma)(config.copy(**means).seal()) if means else job.soma
        values: dict[str, float] = {}
        rest: list[Any] = [type(soma), soma.config.solver, job.dt, job.steps, sorted(job.initial.items())]
        parts = [(f"stimulus.{i}", part) for i, part in enumerate(job.stimulus.parts)]
        for prefix, one in (("config", soma.config), *parts):
            swept = {name for name, q in one.quantities().items() if not q.scalar}
            values |= {f"{prefix}.{name}": float(getattr(one, name)) for name in one.quantities() if name in swept}
            if one is not soma.config:
                others = {name: value for name, value in one.values().items() if name not in swept}
                rest.append((type(one), sorted((name, np.asarray(value).tolist()) for name, value in others.items())))
        return cls(soma, job.stimulus, job.dt, job.steps, job.initial, values, tuple(rest))

    def differs(self, other: Neuron) -> set[str] | None:
        """The paths whose values differ, None where it is another neuron altogether."""
        if self.rest != other.rest or self.values.keys() != other.values.keys():
            return None
        return {path for path, value in self.values.items() if other.values[path] != value}

    @cached_property
    def shown(self) -> dict[str, float]:
        """The values with those of other words for them, as sliders may show them: C and g_L."""
        resistance = self.values.get(membrane.RESISTANCE)
        if not resistance or not membrane.applies(self.soma.config.quantities()):
            return self.values
        return self.values | membrane.derived(self.values[membrane.TAU], resistance)


@dataclass(frozen=True)
class Plan:
    """How a batch is run.

    Attributes:
        count: points of each slider (or along each side of a map).
        steps: steps of the run that is shown.
        note: what was given up, in words; "" where nothing.
    """

    count: int
    steps: int
    note: str = ""

    @property
    def padded(self) -> int:
        """Steps rounded up, so that a moving duration does not compile at each step; cut off afterwards."""
        return rounded_up(self.steps)


def plan(neuron: Neuron, counts: Sequence[int], points: Callable[[int], int], most: int) -> Plan | None:
    """The finest batch that costs no more than `most` points x steps; None where none would tell the truth.

    Args:
        neuron: what is run.
        counts: from the finest to the coarsest.
        points: the number of points for a count.
        most: largest cost.
    """
    finest, coarsest = counts[0], counts[-1]
    for count in counts:
        said = "" if count == finest else f"Told from {count} points in place of {finest}, since the run is long."
        if points(count) * rounded_up(neuron.steps) <= most:
            return Plan(count, neuron.steps, said)
    steps = most // points(coarsest)
    digit = 10 ** (len(str(steps)) - 1)
    steps = steps // digit * digit  # one digit, so that there are few lengths to compile
    start, end = neuron.stimulus.window(neuron.steps * neuron.dt)
    if steps * neuron.dt < start + LEAST_SHARE * (end - start):
        return None
    return Plan(coarsest, steps, f"Told from the first {steps * neuron.dt:,.0f} ms, since the run is long.")


def run(neuron: Neuron, how: Plan, points: Mapping[str, np.ndarray], progress: Callable[[float], object]) -> Sweep:
    """Run these points, by the session's paths: each a slider, which may set several quantities."""
    found = sweep(
        neuron.soma,
        neuron.stimulus,
        {path.removeprefix("config."): values for path, values in membrane.plain(points, neuron.shown).items()},
        duration=how.padded * neuron.dt,
        initial=neuron.initial,
        progress=progress,
    )
    return replace(cut(found, how.steps * neuron.dt), points=dict(points))


def cut(found: Sweep, duration: float) -> Sweep:
    """The first part of a run, ms: what comes after it is not seen."""
    if duration >= found.duration:
        return found
    windows = np.stack(within_run(found.windows[:, 0], found.windows[:, 1], duration), axis=1)
    start, end = within_run(*found.window, duration)
    trains = [train[train <= duration] for train in found.trains]
    return Sweep(found.points, found.valid, trains, (float(start), float(end)), windows, duration, found.noisy)
