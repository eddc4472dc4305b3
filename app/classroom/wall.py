"""The wall: what every student of a room has, as small multiples on one time axis and one potential axis.

`compute` runs all documents that it has not met in as few runs as hold them; what came of each is kept, so that one
student's move costs one run. `Wall.told` is what the page takes (`app/client/classroom/wall.js`):

    {"wall": {
        "tiles": [{
            "id": member,
            ...                 what the caller knows of the member: name, joined, following
            "title": model and preset, "changed": [words], against the teacher's,
            "pattern": words, "rate": Hz, "first": ms from the onset or null, "count": spikes while the stimulus is on,
            "likeness": coincidence factor with the teacher's spikes, or null,
            "refused": why there is no run, in a sentence, or null,
            "waiting": whether it is left for another call,
            "offset": of its trace among the numbers, null where there is none (refused, waiting, or no document),
        }],
        "teacher": such a tile, or null,
        "columns": n, "duration": ms, "low": mV, "high": mV
    }}

and float32 numbers: for each trace the lowest and then the highest potential (mV) of n columns of the time axis, which
goes from 0 to `duration`: NaN after the end of a shorter run, and a longer one is cut off.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from spark.simulation import Cancelled

from ..keep.link import complete
from ..mystery.response import gamma
from ..run.diverged import Trouble
from ..session.job import Job
from ..session.share import from_dict, to_dict
from ..sidebar.change import changes, title
from .batch import MOST_STEPS, Progress, batches
from .memory import MEMORY, Document, Memory, Met, digest_of
from .traced import LARGE, Traced

COLUMNS = 120
"""Of a tile."""
SECONDS = 5.0
"""After which a call begins no other batch."""
EDGE = 0.04
"""Part of it that is left free at either end."""
LONGEST = 300
"""Characters of an error that are told."""
LONG = "Its current has so many values that they stay on the student’s own page."
"""Said of a document in which they are named alone (`app/keep/link.py`)."""
ROOM = 0.5
"""How far the potential axis reaches beyond the usual extremes, in usual ranges: who is far out flattens no other."""


@dataclass(frozen=True)
class Wall:
    """What every student has.

    Attributes:
        tiles: by member; None where it is not computed yet.
        teacher: the teacher's own.
        waiting: how many runs are left for another call.
    """

    tiles: Mapping[str, Met | None] = field(default_factory=dict)
    teacher: Met | None = None
    waiting: int = 0

    @cached_property
    def traced(self) -> list[Traced]:
        """The runs that are shown."""
        return [
            met.traced for met in (self.teacher, *self.tiles.values()) if met is not None and met.traced is not None
        ]

    @cached_property
    def duration(self) -> float:
        """The time axis, ms: that of the teacher's run; without one the most frequent, of several the longest."""
        if self.teacher is not None and self.teacher.traced is not None:
            return self.teacher.traced.duration
        lengths = Counter(one.duration for one in self.traced)
        return max(lengths, key=lambda length: (lengths[length], length), default=1000.0)

    @cached_property
    def span(self) -> tuple[float, float]:
        """The potential axis, mV."""
        if not self.traced:
            return -80.0, 0.0
        low, high = (np.array([getattr(one, name) for one in self.traced]) for name in ("low", "high"))
        lowest, highest = low.min(axis=1), high.max(axis=1)
        far = ROOM * max(1.0, float(np.median(highest - lowest)))
        bottom = max(float(lowest.min()), float(np.median(lowest)) - far)
        top = max(min(float(highest.max()), float(np.median(highest)) + far), bottom + 1.0)
        edge = EDGE * (top - bottom)
        return bottom - edge, top + edge

    def told(self, members: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[dict[str, Any], bytes]:
        """The message to the page, see above.

        Args:
            members: what else a tile says, by member, of JSON types.
        """
        parts: list[np.ndarray] = []
        tiles = [
            {"id": name, **(members or {}).get(name, {}), **self._told(met, parts)} for name, met in self.tiles.items()
        ]
        teacher = None if self.teacher is None else self._told(self.teacher, parts)
        low, high = self.span
        head = {"columns": COLUMNS, "duration": self.duration, "low": low, "high": high}
        return {"wall": {"tiles": tiles, "teacher": teacher, **head}}, _bytes(parts)

    def large(self, member: str) -> tuple[dict[str, Any], bytes]:
        """One trace over its own duration in more columns, and the teacher's over its own.

        Returns:
            {"large": {"id", "columns", "duration", "teacher": duration of the teacher's trace or null}}, and numbers as
            above, those of the teacher's trace last. No columns and no numbers where there is no such trace.
        """
        met, teacher = self.tiles.get(member), self.teacher
        if met is None or met.traced is None:
            return {"large": {"id": member, "columns": 0, "duration": 0.0, "teacher": None}}, b""
        own, its = met.traced, None if teacher is None else teacher.traced
        head = {
            "id": member,
            "columns": LARGE,
            "duration": own.duration,
            "teacher": None if its is None else its.duration,
        }
        return {"large": head}, _bytes([part for one in (own, its) if one is not None for part in (one.low, one.high)])

    def _told(self, met: Met | None, parts: list[np.ndarray]) -> dict[str, Any]:
        told: dict[str, Any] = {"title": "", "changed": [], "likeness": None, "refused": None, "offset": None}
        told["waiting"] = met is None
        told |= {"pattern": "", "rate": None, "first": None, "count": None}
        if met is None:
            return told
        teacher = self.teacher
        if met.document is not None:
            told["title"] = title(met.document)
            if teacher is not None and teacher.document is not None:
                told["changed"] = changes(teacher.document, met.document)
        told["refused"] = met.refused
        one = met.traced
        if one is None:
            return told
        told["offset"] = sum(part.size for part in parts)
        parts += one.on(self.duration, COLUMNS)
        if teacher is not None and teacher.traced is not None:
            told["likeness"] = _likeness(teacher.traced, one)
        return told | {"pattern": one.pattern, "rate": one.rate, "first": one.first, "count": one.count}


def compute(
    documents: Mapping[str, Any],
    teacher: Any = None,
    progress: Progress | None = None,
    *,
    seconds: float = SECONDS,
    memory: Memory = MEMORY,
) -> Wall:
    """Run what is not known yet.

    Args:
        documents: by member, as `app.session.share.to_dict` writes them, None for who has nothing yet; whatever they
            hold, a tile says what is wrong.
        teacher: the teacher's document; None shows no changed values.
        progress: told of the part that is done; may raise `spark.simulation.Cancelled` to end it. Batches that are done
            by then are kept.
        seconds: no batch is begun after so many, but the first: what is left waits for the next call (`Wall.waiting`).
        memory: what is known.
    """
    digests = {member: digest_of(document) for member, document in documents.items()}
    asked = {digests[member]: document for member, document in documents.items()}
    own = None if teacher is None else digest_of(teacher)
    if own is not None:
        asked[own] = teacher
    met: dict[str, Met] = {}
    jobs: list[tuple[str, Document, Job]] = []
    for digest, document in asked.items():
        found = Met() if document is None else memory.get(digest) or _looked_at(document)
        if isinstance(found, Met):
            met[digest] = found
            memory.keep(digest, found)
        else:
            jobs.append((digest, *found))
    for place, shown in _run([job for *_, job in jobs], progress, seconds):
        digest, document, _ = jobs[place]
        met[digest] = Met(document, shown) if isinstance(shown, Traced) else Met(document, refused=shown)
        memory.keep(digest, met[digest])
    tiles = {member: met.get(digest) for member, digest in digests.items()}
    waiting = [digest for digest, *_ in jobs if digest not in met]
    if own in waiting:  # its values are known, and what is changed against them
        met[own] = Met(next(document for digest, document, _ in jobs if digest == own))
    return Wall(tiles, None if own is None else met[own], len(waiting))


def _run(jobs: Sequence[Job], progress: Progress | None, seconds: float) -> Iterator[tuple[int, Traced | str]]:
    """The place of each job and what came of it, or why nothing did."""
    todo, began, done = deque(batches(jobs)), time.monotonic(), 0

    def tell(part: float) -> None:
        if progress is not None and part < 1:  # what is done is kept first
            progress((done + part * len(batch.jobs)) / len(jobs))

    while todo and (done == 0 or time.monotonic() - began < seconds):
        batch = todo.popleft()
        tell(0.0)
        try:
            found = batch.run(tell)
        except Cancelled:
            raise
        except Exception as error:  # values that no control could set, which one student may have sent
            if len(batch.jobs) > 1:
                todo.extend(batch.halves)
                continue
            found = [Trouble(f"This state cannot be run: {_sentence(error)}", {})]
        for place, one in zip(batch.places, found, strict=True):
            yield place, one.words if isinstance(one, Trouble) else Traced.of(one, LARGE)
        done += len(batch.jobs)


def _looked_at(document: Any) -> Met | tuple[Document, Job]:
    """The document as it is written here, and its job; or why there is none."""
    try:
        complete(document)
    except ValueError:
        return Met(refused=LONG)
    try:
        session = from_dict(document)
        written = to_dict(session)
    except Exception as error:  # it comes from outside, and one of them must not take the wall from all
        return Met(refused=f"This state cannot be read: {_sentence(error)}")
    try:
        job = session.job()
    except (ValueError, TypeError) as error:
        return Met(written, refused=_sentence(error))
    if job.steps > MOST_STEPS:
        return Met(
            written,
            refused=f"{job.steps:,} steps are more than the wall shows ({MOST_STEPS:,}): shorten the run, or lengthen "
            "its time step.",
        )
    return written, job


def _sentence(error: Exception) -> str:
    """The first line of an error, which may quote what somebody sent."""
    words = (str(error).splitlines() or [type(error).__name__])[0][:LONGEST].rstrip(". ")
    return f"{words}."


def _likeness(teacher: Traced, one: Traced) -> float:
    """The coincidence factor in the time that both runs have."""
    duration = min(teacher.duration, one.duration)
    its, own = (train[train <= duration] for train in (teacher.spikes, one.spikes))
    return round(gamma(its, own, duration), 3)


def _bytes(parts: list[np.ndarray]) -> bytes:
    return np.concatenate(parts).astype("<f4").tobytes() if parts else b""
