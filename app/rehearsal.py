"""What the views compute when they are first opened, as tasks for compiling ahead (`warm.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from spark import Recording
from spark.analysis import adaptation_map

from .batch import Neuron
from .job import Job
from .views import atlas, fi_curves, reset
from .views.atlas_axes import axes, usual


def rehearsals(name: str, job: Job) -> Iterator[tuple[str, Callable[[], Any]]]:
    """For one model with its default values: (what it is, how to compute it).

    The atlas is computed as coarsely as while a hand moves. In full it takes a second, of which compiling is half.
    """
    recording = job.run()
    for coarse in (True, False):
        yield f"the f-I curve of {name}", partial(_curve, recording, coarse)
    yield f"the atlas of {name}", partial(_map, job)
    if reset.Reset.reason(type(job.soma)) is None:
        p = recording.parameters_of()
        for points, horizon in ((reset.COARSE, reset.SOON), (reset.FULL, reset.LATE)):
            yield (
                f"the reset map of {name}",
                partial(adaptation_map, type(job.soma), p, 0.0, n=points, horizon=horizon),
            )


def _curve(recording: Recording, coarse: bool) -> None:
    limit = fi_curves.rheobase(recording)
    span = fi_curves.span(limit, 0.0)
    fi_curves.compute(recording, limit, span, span, coarse)


def _map(job: Job) -> None:
    neuron = Neuron.of(job)
    choice = axes(neuron)
    x, y = (choice[path] for path in usual(choice))
    how = atlas.plan_of(neuron, coarse=True)
    if how is not None:
        atlas.Map.of(neuron, x, y, how, lambda done: None)
