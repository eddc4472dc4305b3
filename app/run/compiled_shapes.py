"""What this process has run before, so that nothing will be compiled for it."""

from __future__ import annotations

from ..session.job import Job

_shapes: set[tuple[object, ...]] = set()


def ready(job: Job) -> bool:
    """Whether a job of this shape has run."""
    return job.shape in _shapes


def note(job: Job) -> None:
    """Remember that a job of this shape has run."""
    _shapes.add(job.shape)


def count() -> int:
    """How many shapes have run."""
    return len(_shapes)
