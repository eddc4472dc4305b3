"""What a poll's right answer is, how near one answer comes, and what a page is told of a poll at each stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from spark.analysis import PATTERNS, spike_statistics

from ..numbers import number
from ..run.diverged import failed
from ..run.outcome import Outcome
from ..run.predicted import of_pattern, of_rate, outline
from ..session.share import from_dict
from .polls import Poll

STAGES = ("open", "closed", "revealed")


def computed(poll: Poll, document: Mapping[str, Any] | None = None) -> Poll:
    """A prediction's poll with what the run did: `right` has `patterns`, `rate` (Hz) and `curve` (points of ms and mV).

    It simulates, and may compile: not for an event loop.

    Args:
        poll: of kind "predict".
        document: the session that is run, where it is not the one that was shown when it was asked.

    Raises:
        ValueError: the session cannot be run, or not be believed; the message is for the teacher.
    """
    job = from_dict(document or poll.document).job()
    try:
        outcome = Outcome(job, job.run())
    except Exception as error:
        trouble = failed(error, job)
        if trouble is None:
            raise
        raise ValueError(trouble.words) from error
    if outcome.trouble is not None:
        raise ValueError(outcome.trouble.words)
    recording = outcome.recording
    potential = np.asarray(recording.recorded["potential"], float)[:, 0]
    rate = float(spike_statistics(recording.spike_times[0], *job.window).mean_rate)
    curve = [[round(k * recording.dt, 3), round(float(potential[k]), 3)] for k in outline(potential)]
    right = {"patterns": list(outcome.firing.patterns), "rate": round(rate, 1), "curve": curve}
    return replace(poll, document=document or poll.document, right=right)


def verdict(poll: Poll, answer: Any) -> dict[str, Any]:
    """Whether an answer is right, and what is said of it.

    Returns:
        `right`, None where there is no right and wrong to it, and `words`, sentences of plain text.
    """
    right: bool | None = None
    words: list[str] = []
    if poll.right is None:
        pass
    elif poll.kind == "choice":
        right = answer == poll.right
        words = ["Right." if right else "Not this one."]
    elif poll.kind == "number":
        value, near = poll.right["value"], poll.right["near"]
        right = abs(answer - value) <= near
        told = f"{number(value, 6)} {poll.unit}".strip()
        words = ["Right." if right else f"Too {'high' if answer > value else 'low'}: it is {told}."]
    else:
        if answer.get("pattern") is not None:
            right = answer["pattern"] in poll.right["patterns"]
            words.append(of_pattern(answer["pattern"], poll.right["patterns"]))
        if answer.get("rate") is not None:
            words.append(of_rate(answer["rate"], poll.right["rate"]))
    return {"right": right, "words": words}


def told(
    poll: Poll,
    stage: str,
    *,
    mine: Any = None,
    count: int = 0,
    of: int = 0,
    histogram: Mapping[str, Any] | None = None,
    teacher: bool = False,
) -> dict[str, Any]:
    """A poll as a page is told of it, of JSON types: nothing that a student must not know yet.

    Args:
        poll: that is asked.
        stage: "open", "closed" or "revealed".
        mine: what this student has answered, None for nothing.
        count: how many have answered.
        of: how many could.
        histogram: `app.classroom.histogram.summary` of the answers: of a student's page only once it is revealed.
        teacher: whether the page is the teacher's.
    """
    revealed = stage == "revealed"
    return {
        **{name: value for name, value in poll.to_dict().items() if name not in ("document", "right")},
        "patterns": list(PATTERNS) if "pattern" in poll.asks else [],
        "stage": stage,
        "mine": mine,
        "right": poll.right if revealed else None,
        "verdict": verdict(poll, mine) if revealed and mine is not None else None,
        "count": count,
        "of": of,
        "histogram": histogram if revealed or teacher else None,
    }
