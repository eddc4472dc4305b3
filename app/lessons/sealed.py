"""What is expected of an answer, computed ahead for a page that has no server to ask."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from ..run.predicted import outline
from . import answers
from .bench import Bench
from .lesson import Ask

MOST = 2000
"""Samples of a sketched trace that go along."""


def sealed(ask: Ask, bench: Bench) -> str:
    """What `app/client/course/verdict.js` holds an answer against: JSON in base64, so that nobody reads it in passing.

    Args:
        ask: a question of the lesson's own values, of another kind than "point".
        bench: its state.

    Raises:
        ValueError: the question has no answer in this state.
    """
    return base64.b64encode(json.dumps(_expected(ask, bench)).encode()).decode()


def _expected(ask: Ask, bench: Bench) -> dict[str, Any]:
    said: dict[str, Any] = {"told": answers.told(ask, bench), "predicts": bool(ask.change)}
    match ask.kind:
        case "number":
            value, near = answers.number(ask, bench)
            return said | {"value": value, "near": near}
        case "choice" | "several":
            return said | {"right": answers.right_options(ask, bench)}
        case "pattern":
            return said | {"right": answers.patterns(ask, bench)}
        case "sketch":
            recording = bench.changed(dict(ask.change)).outcome.recording
            values = np.asarray(recording.recorded[ask.expect], float)[:, 0]
            kept = np.unique(np.linspace(0, values.size - 1, MOST).astype(int))
            shown = np.array(outline(values))
            return {
                "curve": [[round(float(k * recording.dt), 3), round(float(values[k]), 4)] for k in shown],
                "time": [round(float(one), 4) for one in kept * recording.dt],
                "values": [float(f"{one:.6g}") for one in values[kept]],
                "spread": float(np.ptp(values)) or 1.0,
            }
        case _:
            return {}
