"""Firing rate against constant current: f-I curves, and sweeps up and down again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..nn.components.somas import Soma
from ..simulation import Recording, simulate
from ..simulation.progress import Progress
from ..solvers import Solver
from .patterns import SILENCE


@dataclass(frozen=True)
class FICurve:
    """Rates under constant currents, all arrays of shape (currents,), Hz; 0 where there are too few spikes.

    Attributes:
        currents: pA.
        rate: spikes per second between `start` and `end`.
        first_rate: 1000 over the first interval after the onset of the current, in ms.
        steady_rate: `steady_rate` of the second half of that time: from the intervals that end there. A train with
            intervals longer than that half may be taken for silence.
        start: beginning of the window in which spikes are counted, ms.
        end: its end, that of the current.
    """

    currents: np.ndarray
    rate: np.ndarray
    first_rate: np.ndarray
    steady_rate: np.ndarray
    start: float
    end: float


def fi_curve(
    soma: Soma,
    currents: ArrayLike,
    *,
    duration: float = 1000.0,
    onset: float = 0.0,
    settle: float = 0.0,
    dt: float | None = None,
    solver: Solver | None = None,
    progress: Progress = None,
) -> FICurve:
    """The rate of one neuron as a function of a constant current, all currents in one run.

    One unit per current starts at rest, gets nothing until `onset`, then its current for `duration` (in whole steps).
    Other values of currents or parameters never compile again; another number of currents or of steps does.

    Args:
        soma: the soma, with one value for each of its parameters (see `single_neuron`).
        currents: pA, shape (currents,).
        duration: how long each current lasts, ms.
        onset: when it begins, ms: time for a neuron that does not start at its fixed point to reach it.
        settle: part of the current's duration that is left out of `rate` and `steady_rate`, ms.
        dt: time step, ms; the soma's own when None.
        solver: the soma's own when None.
        progress: as in `simulate`.

    Raises:
        TypeError, ValueError, FloatingPointError: as `simulate`; several values in one parameter; a window without
            length; currents that are not finite numbers.
    """
    levels = finite("currents", currents)
    _check_window("duration", duration, settle)
    if not (math.isfinite(onset) and onset >= 0):
        raise ValueError(f"onset = {onset} ms must not be negative.")
    soma, dt = alone(soma, dt)
    before, during = round(onset / dt), max(1, round(duration / dt))
    held = np.zeros((before + during, levels.size), soma.config.float_type)
    held[before:] = levels
    run = simulate(soma, held, dt=dt, solver=solver, units=levels.size, record=(), progress=progress)
    begin, end = before * dt, (before + during) * dt
    start = begin + settle
    trains = [times[times >= begin] for times in run.spike_times]
    return FICurve(
        currents=levels,
        rate=np.array([np.count_nonzero(t >= start) for t in trains]) * 1000.0 / (end - start),
        first_rate=np.array([1000.0 / (t[1] - t[0]) if t.size > 1 else 0.0 for t in trains]),
        steady_rate=np.array([steady_rate(t, (start + end) / 2, end) for t in trains]),
        start=start,
        end=end,
    )


def steady_rate(times: np.ndarray, since: float, end: float) -> float:
    """1000 / (mean of the intervals that end between `since` and `end`), Hz.

    0 where no interval ends there, or where the train has stopped: where at the end there has been no spike for
    `patterns.SILENCE` times the longest of these intervals. Unlike a count it does not move in steps of one spike.

    Args:
        times: sorted spike times, ms; an interval may begin before `since`.
        since: ms.
        end: ms.
    """
    spikes = times[times <= end]
    last = np.diff(spikes)[spikes[1:] >= since]
    if not last.size or end - spikes[-1] > SILENCE * last.max():
        return 0.0
    return float(1000.0 / last.mean())


@dataclass(frozen=True)
class RampSweep:
    """Rates on the way up and on the way down again, arrays of shape (count,), in the order of rising current.

    Attributes:
        currents: pA, rising.
        up: `steady_rate` at each current on the way up, Hz.
        down: the same on the way down; at the highest current, where the sweep turns, equal to `up`.
        tolerance: differences up to this do not count, Hz.
    """

    currents: np.ndarray
    up: np.ndarray
    down: np.ndarray
    tolerance: float

    @property
    def hysteresis(self) -> tuple[float, float] | None:
        """Lowest and highest current (pA) at which up and down differ by more than the tolerance.

        A slow adaptation that lags behind the sweep is hysteresis too, if `hold` is short; see `bistable`.
        """
        return self._extent(np.abs(self.up - self.down) > self.tolerance)

    @property
    def bistable(self) -> tuple[float, float] | None:
        """The same for currents at which it was silent on the way up and fired on the way down: no lag does that."""
        return self._extent((self.up == 0) & (self.down > self.tolerance))

    def _extent(self, where: np.ndarray) -> tuple[float, float] | None:
        found = self.currents[where]
        return (float(found[0]), float(found[-1])) if found.size else None


def ramp_sweep(
    soma: Soma,
    low: float,
    high: float,
    count: int = 25,
    hold: float = 500.0,
    *,
    settle: float | None = None,
    tolerance: float | None = None,
    dt: float | None = None,
    solver: Solver | None = None,
    progress: Progress = None,
) -> RampSweep:
    """The rate on the way up a staircase of currents and down again: does it depend on where the neuron came from?

    `count` equal stairs from `low` to `high`, each held for `hold` ms, the highest once, the state carried on
    throughout: (2 count - 1) hold ms in all. A neuron whose resting state and firing state exist at the same current
    (class 2, with a subcritical Hopf bifurcation) stays in the one it is in. A stair is a small step of current, which
    may itself kick it out of its resting state: more stairs show more of the bistable range.

    Args:
        soma: the soma, with one value for each of its parameters.
        low: first and last current, pA.
        high: highest current, pA.
        count: number of stairs.
        hold: how long each is held, ms.
        settle: how much of that passes before the rate is taken, ms; half when None. The rate is the `steady_rate`
            of the spikes on the stair.
        tolerance: Hz; when None, two spikes in what remains of a stair: less may be due to where a spike happens to
            fall.
        dt: time step, ms; the soma's own when None.
        solver: the soma's own when None.
        progress: as in `simulate`.

    Raises:
        TypeError, ValueError, FloatingPointError: as `simulate`; several values in one parameter; fewer than two
            stairs; `high` not above `low`; `settle` not below `hold`.
    """
    low, high = finite("low and high", [low, high])
    if not high > low:
        raise ValueError(f"the sweep must go up: high = {high:g} pA is not above low = {low:g} pA.")
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 2:
        raise ValueError(f"count = {echo(count)} must be a whole number of at least 2.")
    settle = hold / 2 if settle is None else settle
    _check_window("hold", hold, settle)
    soma, dt = alone(soma, dt)
    stair = max(1, round(hold / dt))
    levels = np.linspace(low, high, int(count))
    held = np.repeat(np.concatenate([levels, levels[-2::-1]]), stair)
    times = simulate(soma, held, dt=dt, solver=solver, record=(), progress=progress).spike_times[0]
    begins = np.arange(2 * levels.size - 1) * stair * dt
    rates = np.array([steady_rate(times[times >= t], t + settle, t + stair * dt) for t in begins])
    return RampSweep(
        currents=levels,
        up=rates[: levels.size],
        down=rates[levels.size - 1 :][::-1],
        tolerance=2000.0 / (stair * dt - settle) if tolerance is None else float(tolerance),
    )


def single_neuron(recording: Recording, unit: int = 0) -> Soma:
    """The soma with the parameters that `unit` of a population had: what `fi_curve` and `ramp_sweep` take."""
    if not 0 <= unit < recording.units:
        raise ValueError(f"unit = {unit} is not in the recording of {recording.units} units.")
    values = recording.parameters_of(unit)
    return type(recording.soma)(recording.config.copy(units=None, **values))


def alone(soma: Soma, dt: float | None) -> tuple[Soma, float]:
    """The soma with `units` left to the run, and the time step; refuses a soma that stands for several neurons."""
    if not isinstance(soma, Soma):
        raise TypeError(f"a curve needs an instance of a soma, not {echo(soma)}: write LeakySoma(), for example.")
    for name in soma.config.quantities():
        number(name, getattr(soma.config, name))
    step = soma.config.dt if dt is None else float(dt)
    if not (math.isfinite(step) and step > 0):
        raise ValueError(f"dt = {step} ms must be greater than 0 ms and finite.")
    return (soma if soma.config.units is None else type(soma)(soma.config.copy(units=None))), step


def number(name: str, value: Any) -> float:
    """`value` as a number, or an error that says what to do."""
    try:
        return float(value)
    except TypeError:
        raise ValueError(
            f"{name} = {echo(value)} is not one number: a curve is that of one neuron, "
            "see single_neuron(recording, unit)."
        ) from None


def finite(name: str, values: ArrayLike) -> np.ndarray:
    """Currents as a float64 array of shape (currents,), or an error that says what is wrong."""
    found = np.asarray(values, float)
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise ValueError(f"{name} must be finite numbers in pA, shape (currents,), got {echo(values)}.")
    return found


def _check_window(name: str, length: float, settle: float) -> None:
    if not (math.isfinite(length) and 0 <= settle < length):
        raise ValueError(f"settle = {settle:g} ms must not be negative, and shorter than {name} = {length:g} ms.")
