"""A run that cannot be believed: a step that is too long, numbers that are none, a potential beyond all neurons'."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..core.hybrid import Values
from ..nn.components.somas import Soma
from ..nn.components.somas.membranes import LARGEST_POTENTIAL, RECOVERY
from ..recording import Recording
from ..solvers import Solver

FARTHEST = 1e6
"""mV beyond which no potential is a neuron's."""


class Diverged(RuntimeWarning):
    """A run whose numbers are finite, but far beyond any neuron's."""


def too_fast(soma: Soma, solver: Solver, p: Values, s: Values, dt: float) -> dict[str, np.ndarray]:
    """Where the decay rate (1/ms) of each variable is too high for the solver's time step, by name."""
    if not math.isfinite(solver.stable):
        return {}
    return {name: np.asarray(rate) * dt > solver.stable for name, rate in soma.system.rates(p, s).items()}


def check_stable(soma: Soma, solver: Solver, p: Values, s: Values, dt: float) -> None:
    """Refuse a time step that is too long for the fastest variable: explicit schemes would run away unseen."""
    if not math.isfinite(solver.stable):
        return
    for name, rate in soma.system.rates(p, s).items():
        fastest = float(np.asarray(rate).max())
        if fastest * dt > solver.stable:
            limit = solver.stable / fastest
            raise TooLong(
                f"dt = {dt:g} ms is too long: the {name} has a time constant of {1 / fastest:.4g} ms, and "
                f"{type(solver).__name__} needs dt below {limit:.3g} ms. "
                "Shorten the time step or lengthen the time constant.",
                limit,
            )


class TooLong(ValueError):
    """A time step that is too long for the solver.

    Attributes:
        limit: the longest that it can take, ms.
    """

    def __init__(self, message: str, limit: float) -> None:
        super().__init__(message)
        self.limit = limit


class NonFinite(FloatingPointError):
    """A run that turned non-finite.

    Attributes:
        recording: the run as it is.
        units: bool, which units turned non-finite.
        when: time of the first value that is not a number, ms; None where it is not recorded.
    """

    def __init__(self, message: str, recording: Recording, units: np.ndarray, when: float | None = None) -> None:
        super().__init__(message)
        self.recording, self.units, self.when = recording, units, when


def check_finite(recording: Recording) -> None:
    """Raise if the run ended non-finite: a value that is not a number stays so, since it never fires."""
    bad = np.zeros(recording.units, bool)
    for value in recording.final.values():
        bad |= ~np.isfinite(value)
    if not bad.any():
        return
    unit = int(np.flatnonzero(bad)[0])
    columns = np.flatnonzero(recording.traced == unit)[:1]
    when = [np.flatnonzero(~np.isfinite(v[:, columns])) for v in recording.recorded.values()]
    first = min((int(w[0]) for w in when if w.size), default=None)
    at = f"at {recording.time[first]:g} ms" if first is not None else "by the end of the run"
    values = ", ".join(f"{name}={float(value[unit]):g}" for name, value in recording.parameters.items())
    raise NonFinite(
        f"{type(recording.soma).__name__} turned non-finite in unit {unit} {at} with {values}, "
        f"dt={recording.dt:g} ms, {recording.solver}: choose a smaller time step, or values nearer to the defaults.",
        recording,
        bad,
        None if first is None else float(recording.time[first]),
    )


class Stray(NamedTuple):
    """A potential that has left all neurons'.

    Attributes:
        unit: whose it is.
        when: from when on, ms; None where it is not recorded.
        potential: the farthest, mV.
    """

    unit: int
    when: float | None
    potential: float


def strayed(
    kind: type[Soma],
    recorded: Mapping[str, np.ndarray],
    traced: np.ndarray,
    final: Mapping[str, np.ndarray],
    step: float,
) -> Stray | None:
    """The first of the recorded units, or else of all at the end of the run, that is beyond any neuron's; or None.

    Args:
        kind: class of the soma.
        recorded: the variables that were recorded, shape (samples, traced units).
        traced: numbers of those units.
        final: the state at the end, shape (units,).
        step: time from one sample to the next, ms.
    """
    # A quadratic membrane is held there, whatever its recovery does.
    limit = LARGEST_POTENTIAL if RECOVERY in kind.system.variables else FARTHEST
    traces = recorded.get("potential")
    if traces is not None and _beyond(traces, limit):
        rows, columns = np.nonzero(np.abs(traces) > limit)
        column = int(columns[0])  # of the earliest sample
        return Stray(int(traced[column]), int(rows[0]) * step, _farthest(traces[:, column]))
    last = final.get("potential")  # of a part of a run it is not known
    if last is not None and _beyond(last, limit):
        unit = int(np.argmax(np.abs(last) > limit))
        return Stray(unit, None, float(last[unit]))
    return None


def _beyond(values: np.ndarray, limit: float) -> bool:
    return bool(values.size) and not (-limit <= values.min() and values.max() <= limit)


def _farthest(values: np.ndarray) -> float:
    return float(values[np.argmax(np.abs(values))])


def divergence(soma: Soma, solver: Solver, dt: float, stray: Stray) -> str:
    """What is said of such a run, and what to do."""
    at = "by the end of the run" if stray.when is None else f"at {stray.when:g} ms"
    return (
        f"{type(soma).__name__} diverged in unit {stray.unit} {at}: its potential goes to {stray.potential:.3g} mV "
        f"with {type(solver).__name__} at dt = {dt:g} ms. "
        "Choose a shorter time step, RK4, or values nearer to the defaults."
    )
