"""How spikes are drawn: a stroke from the firing level to a peak, and the corners that a trace has there."""

from __future__ import annotations

import numpy as np

from ..core.hybrid import Values
from ..core.variable import LEVEL
from .run import Run


def levels(run: Run, column: int, step: np.ndarray) -> np.ndarray | None:
    """The firing level of a traced unit in these steps, mV; None where it moves and was not recorded.

    Args:
        run: the run.
        column: which of the traced units.
        step: numbers of steps; of a thinned run the sample before is taken.
    """
    if LEVEL.name in run.recorded:
        return np.asarray(run.recorded[LEVEL.name][step // run.every, column])
    system, unit = run.soma.system, run.traced[column]
    if LEVEL in system.variables or not run.final:
        return None
    parameters, state = (Values({n: v[unit] for n, v in held.items()}) for held in (run.parameters, run.final))
    return np.full(step.shape, float(system.level(parameters, state)))


def peak(run: Run, column: int = 0) -> float | None:
    """The potential to which spikes of a unit are drawn, mV: well above the highest level that was recorded of it.

    None where the upstroke is part of the model: there each spike ends at the level.
    """
    if run.soma.system.chart is not None:
        return None
    parameters = run.parameters_of(int(run.traced[column]))
    base, floor = parameters["threshold"], min(parameters["potential_reset"], parameters["potential_rest"])
    recorded = run.recorded.get(LEVEL.name)
    highest = base if recorded is None else float(np.max(recorded[:, column]))
    return max(highest, base) + 1.2 * abs(base - floor)


def cornered(
    time: np.ndarray, potential: np.ndarray, spikes: np.ndarray, level: np.ndarray, reset: float
) -> tuple[np.ndarray, np.ndarray]:
    """A trace with its corners at each spike, firing level and reset, which no sample shows.

    Args:
        time: of the samples, ms, rising.
        potential: at these times, mV.
        spikes: times of the spikes, ms, rising.
        level: where the unit fired, mV, one for each spike.
        reset: where it was put, mV.
    """
    place = np.repeat(np.searchsorted(time, spikes, side="right"), 2)
    corners = np.stack([level, np.full_like(level, reset)], axis=1).ravel()
    return np.insert(time, place, np.repeat(spikes, 2)), np.insert(potential, place, corners)
