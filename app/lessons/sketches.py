"""Sketched traces: the pad on which one is drawn, and how far it is from the run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..numbers import number
from ..run import predicted
from ..run.predicted import ROOM, Frame, axes, outline
from ..session.session import Session
from ..session.share import to_dict
from .bench import Bench
from .lesson import Ask


def frame(session: Session, ask: Ask) -> Frame:
    """The axes of the pad: the whole run, and a range that does not give the answer away.

    Of the potential it is that of the soma's own potentials; of another variable, which takes a run, it reaches from 0
    to half as much again as it becomes.
    """
    if ask.expect == "potential":
        return predicted.frame(session)
    recording = Bench(to_dict(session)).changed(dict(ask.change)).outcome.recording
    found = np.asarray(recording.recorded[ask.expect], float)[:, 0]
    low, high = min(0.0, 1.5 * float(found.min())), max(0.0, 1.5 * float(found.max()))
    return axes(session, low, high, 0.0 if high > low else 10.0 * ROOM)


def compared(ask: Ask, bench: Bench, answer: Any) -> tuple[str, list[tuple[float, float]]]:
    """How far a sketch is from the run in words, and the run.

    Args:
        ask: the question.
        bench: its state, before the change.
        answer: points (ms, value), of a page, so that nothing of it is believed.

    Raises:
        ValueError: it is no sketch.
    """
    try:
        points = np.array(answer, float)
    except (TypeError, ValueError) as error:
        raise ValueError("the sketch is no list of points.") from error
    if points.ndim != 2 or points.shape[1] != 2 or not 2 <= len(points) <= 1000 or not np.isfinite(points).all():
        raise ValueError("draw the trace into the pad first, from left to right.")
    outcome = bench.changed(dict(ask.change)).outcome
    recording = outcome.recording
    if ask.expect not in recording.recorded:
        raise ValueError(f"there is no variable {ask.expect!r} in this run.")
    values = np.asarray(recording.recorded[ask.expect], float)[:, 0]
    time = np.arange(values.size) * recording.dt
    points = points[np.argsort(points[:, 0])]
    inside = (time >= points[0, 0]) & (time <= points[-1, 0])
    off = np.interp(time[inside], points[:, 0], points[:, 1]) - values[inside]
    mean = float(np.sqrt(np.mean(off**2))) if off.size else math.inf
    covered = (points[-1, 0] - points[0, 0]) / float(time[-1] or 1.0)
    end = "" if covered > 0.9 else f" It covers {100 * covered:.0f} % of the run."
    spread = float(np.ptp(values)) or 1.0
    how = "Close" if mean < 0.06 * spread else "Near" if mean < 0.15 * spread else "Compare"
    curve = [(round(float(time[k]), 3), round(float(values[k]), 4)) for k in outline(values)]
    return f"{how}: {number(mean, 2)} {ask.unit} from the run on average.{end}", curve
