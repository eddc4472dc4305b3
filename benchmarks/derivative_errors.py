"""How exact the derivatives of spike times are: every soma and field against converged central differences."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from spark.analysis import SpikeTimeDerivatives, spike_time_derivatives
from spark.nn.components.somas import Soma, catalogue
from spark.stimuli import Step
from tests import oracle

DURATION, ONSET = 300.0, 10.0
STEPS_MS = (0.1, 0.05, 0.025, 0.0125)
SHIFT, PART = 0.05, 0.002
"""Differences are taken at steps of a field that move a spike by so many ms, but by no more than this part of it."""
TOLERANCE = 1e-13
"""Of DOP853, relative and absolute."""
LEAST_EFFECT = 1e-6
"""A field that moves no spike by so many ms when it is doubled is left out: the reference does not see it."""


def stimulus(kind: type[Soma[Any]]) -> Step:
    """A step of current, on at 10 ms, under which the soma's defaults fire some ten times."""
    return Step(amplitude=700.0 if "Exponential" in kind.__name__ else 500.0, onset=ONSET, duration=10 * DURATION)


def found(kind: type[Soma[Any]], dt: float, wide: bool = True, duration: float = DURATION) -> SpikeTimeDerivatives:
    """What Spark says, in double or single precision."""
    with jax.enable_x64(wide):
        return spike_time_derivatives(kind(), stimulus(kind), duration=duration, dt=dt)


def converged(kind: type[Soma[Any]], guess: SpikeTimeDerivatives, duration: float = DURATION) -> dict[str, np.ndarray]:
    """The same from differences of runs by scipy's DOP853; `guess` says only how large they have to be."""
    soma, step = kind(), stimulus(kind)
    own = {name: float(getattr(soma.config, name)) for name in soma.config.per_unit()}
    own |= {"stimulus.onset": step.onset, "stimulus.amplitude": step.amplitude}

    def times(values: dict[str, float]) -> np.ndarray:
        p = {name: value for name, value in values.items() if not name.startswith("stimulus.")}
        edges = [(0.0, 0.0), (values["stimulus.onset"], values["stimulus.amplitude"])]
        return oracle.spike_times(kind.__name__, p, edges, duration, TOLERANCE)

    slopes = {}
    for name, value in own.items():
        effect = float(np.abs(guess.of(name)).max())
        if effect * max(abs(value), 1.0) < LEAST_EFFECT:
            continue
        h = min(SHIFT / effect, PART * max(abs(value), 0.1))
        far, near = (times(own | {name: value + k * h}) - times(own | {name: value - k * h}) for k in (2, 1))
        slopes[name] = (8 * near - far) / (12 * h)
    return slopes


def errors(
    kind: type[Soma[Any]], steps: tuple[float, ...] = STEPS_MS, duration: float = DURATION, narrow: bool = True
) -> dict[str, list[float]]:
    """Largest error of a field's derivatives, in parts of the largest of them, at each time step; last in float32."""
    runs = [found(kind, dt, duration=duration) for dt in steps]
    runs += [found(kind, steps[0], False, duration)] if narrow else []
    return {
        name: [float(np.abs(run.of(name) - slope).max() / np.abs(slope).max()) for run in runs]
        for name, slope in converged(kind, runs[0], duration).items()
    }


def derivative_errors() -> dict[str, Any]:
    """The table of docs/fidelity.md."""
    return {name: errors(kind) for name, kind in catalogue().items()}
