"""Runs that are written and read, and what it means that two of them are equal."""

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

import spark
from spark.nn.initializers import Normal
from spark.nn.somas import AdaptiveExponentialSoma, Soma
from spark.simulation import Recording
from spark.simulation.simulate import variables
from tests.common import SOMAS

STEP = spark.stimuli.Step(onset=1.0, duration=30.0, amplitude=900.0)
STATE = {"version": 1, "model": "Δ", "spread": {"potential_tau": 2.5}, "parts": [1, None, True, "#,\n"]}
"""As `app/session/share.py` makes it, with everything that a CSV could trip over."""


def of(kind: type[Soma], **options: Any) -> Recording:
    """A short run of which everything is recorded."""
    settings: dict[str, Any] = {"duration": 40.0, "record": variables(kind)} | options
    return spark.simulate(kind(), STEP, **settings)


def _several(**options: Any) -> Recording:
    """Neurons that differ, of which some are traced, in an order of their own."""
    soma = AdaptiveExponentialSoma(potential_tau=Normal(15.0, 2.0, low=1.0), resistance=np.linspace(0.05, 0.1, 5))
    settings: dict[str, Any] = {"duration": 40.0, "record": variables(type(soma)), "traces": [3, 0], "every": 2}
    return spark.simulate(soma, STEP, units=5, **(settings | options))


SPECIAL = {
    "several": _several,
    "several in odd steps": lambda: _several(every=7, dt=0.3, traces=None),
    "no events": lambda: _several(events=False),
    "no traces": lambda: _several(traces=0),
    "nothing recorded": lambda: _several(record=()),
    "one twice": lambda: _several(traces=[1, 1, 2]),
    "silent": lambda: spark.simulate(AdaptiveExponentialSoma(), np.zeros(50), units=2),
    "head": lambda: _several().head(250, 2),
    "on the grid": lambda: _several(solver=spark.solvers.Euler(on_grid=True)),
    "unchecked": lambda: spark.simulate(
        spark.nn.somas.LeakySoma(
            spark.nn.somas.LeakySomaConfig(__skip_validation__=True, potential_reset=-40.0, units=(2, 3))
        ),
        np.zeros(5),
        units=6,
    ),
}
NAMES = [*SOMAS, *SPECIAL]


@cache
def run(name: str) -> Recording:
    """One of `NAMES`: a soma, or a special run."""
    return SPECIAL[name]() if name in SPECIAL else of(SOMAS[name])


def assert_equal(got: Recording, sent: Recording) -> None:
    """Equal in every bit, and of the same types."""
    for name in ("solver", "dt", "steps", "units", "every", "backend", "device"):
        assert getattr(got, name) == getattr(sent, name) and type(getattr(got, name)) is type(getattr(sent, name)), name
    assert type(got.soma) is type(sent.soma) and got.config == sent.config
    assert got.config.unchecked == sent.config.unchecked
    for name in ("parameters", "final", "recorded"):
        ours, theirs = getattr(got, name), getattr(sent, name)
        assert list(ours) == list(theirs)
        for key in theirs:
            same(ours[key], theirs[key])
    same(got.traced, sent.traced)
    assert (got.events is None) == (sent.events is None)
    if got.events is not None and sent.events is not None:
        for ours, theirs in zip(got.events, sent.events, strict=True):
            same(ours, theirs)
    assert (got.counted is None) == (sent.counted is None)
    for field in fields(sent.statistics):
        same(getattr(got.statistics, field.name), getattr(sent.statistics, field.name))


def same(got: Any, sent: Any) -> None:
    got, sent = np.asarray(got), np.asarray(sent)
    assert got.dtype == sent.dtype and got.shape == sent.shape
    assert got.tobytes() == sent.tobytes()
