"""What steps of current that make no spike say of a membrane: rest, resistance, time constant.

After a step of current dI from rest the potential of a passive membrane is

    V(t) = V_before + R_s dI + R dI (1 - exp(-t / tau))

where R_s is what the electrode adds at once: the series resistance that its bridge has not taken off. Each step gives
R_s dI, R dI and a tau by least squares; a resistance is the slope over dI, and rest the potential before the step less
what the holding current makes of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar  # JAX brings scipy
from scipy.special import stdtrit

from ..io import Sweep
from .steps_of import CurrentStep, steps_of

BEFORE, SHORTEST = 20.0, 30.0
"""ms that a potential must rest before a step, and that a step lasts at least."""
SMALLEST, CLEAR = 5.0, 3.0
"""pA that a step has at least, and how many times the noise of the current."""
SETTLED = 0.5
"""ms after an edge in which the electrode itself is charged."""
WINDOW = 5.0
"""Time constants after an edge that are fitted: what comes later may be a sag."""
LONGEST = 500.0
"""ms that are fitted at most."""
TRIED = 60
"""Time constants that are tried before the best is refined."""
LARGEST = 25.0
"""mV that a step may move the potential: what is passive ends there."""


@dataclass(frozen=True)
class Estimate:
    """A value and how well it is known.

    Attributes:
        value: the mean.
        error: half of its 95 % interval, from how much the steps differ; None with a single step.
        unit: of both.
    """

    value: float
    error: float | None
    unit: str

    def __str__(self) -> str:
        return (
            f"{self.value:.4g} {self.unit}"
            if self.error is None
            else f"{self.value:.4g} ± {self.error:.2g} {self.unit}"
        )


@dataclass(frozen=True)
class Passive:
    """What a membrane is at rest.

    Attributes:
        rest: potential without current, mV.
        resistance: GOhm, that of Spark's somas.
        tau: ms.
        series: resistance that is left of the electrode's, GOhm: `potential - series * current` is without it.
        steps: how many steps of current said so.
    """

    rest: Estimate
    resistance: Estimate
    tau: Estimate
    series: Estimate
    steps: int

    @property
    def capacitance(self) -> float:
        """tau / R, pF."""
        return self.tau.value / self.resistance.value

    def __str__(self) -> str:
        return f"rest {self.rest}, R {self.resistance}, tau {self.tau}, series {self.series} ({self.steps} steps)"


def passive(sweeps: Iterable[Sweep]) -> Passive:
    """Rest, resistance and time constant from the hyperpolarising steps of these sweeps.

    Steps are used that go down from the holding current, that of the begin of a sweep, by 5 pA or more and clearly
    above its noise, last 30 ms or more after 20 ms of constant current, move the potential by at most 25 mV and have no
    spike near. What an h-current brings back (sag) is mostly left out: 5 time constants are fitted.

    Args:
        sweeps: with current and potential, such as `spark.io.read` gives.

    Raises:
        ValueError: there is no such step.
    """
    found = [one for sweep in sweeps for step in steps_of(sweep) if (one := _fitted(sweep, step)) is not None]
    if not found:
        raise ValueError(
            "none of these sweeps has a hyperpolarising step of current of 30 ms or more without a spike, "
            "from which rest, resistance and time constant could be read."
        )
    current, moved, taus, jumped, before, held = (np.array(column) for column in zip(*found, strict=True))
    weights = current**2 / np.sum(current**2)  # so that a mean of quotients is the slope through zero
    resistance, series = (_estimate(one / current, weights, "GOhm") for one in (moved, jumped))
    rests = before - (resistance.value + series.value) * held
    return Passive(
        _estimate(rests, np.full(len(found), 1 / len(found)), "mV"),
        resistance,
        _estimate(taus, weights, "ms"),
        series,
        len(found),
    )


def _estimate(values: np.ndarray, weights: np.ndarray, unit: str) -> Estimate:
    """Weighted mean; its interval from the scatter of the values."""
    mean = float(np.sum(weights * values))
    if values.size < 2:
        return Estimate(mean, None, unit)
    freedom = values.size - 1
    variance = float(np.sum(weights * (values - mean) ** 2)) / freedom  # of the mean, for weights of 1 / variance
    return Estimate(mean, float(stdtrit(freedom, 0.975)) * math.sqrt(variance), unit)


def _fitted(sweep: Sweep, step: CurrentStep) -> tuple[float, float, float, float, float, float] | None:
    """Of a step: pA, mV, tau in ms, mV at once, and before it mV and pA; None where it is no use."""
    if sweep.potential is None or sweep.dt is None or -step.change < max(SMALLEST, CLEAR * step.noise):
        return None
    if abs(step.current - step.change - step.holding) > max(SMALLEST, CLEAR * step.noise):
        return None  # down from a depolarised membrane, which is not passive
    rested = round(BEFORE / sweep.dt)
    if step.onset - step.before < rested or (step.end - step.onset) * sweep.dt < SHORTEST:
        return None
    times = sweep.spike_times() / sweep.dt
    if np.any((times > step.onset - 2 * rested) & (times < step.end)):
        return None
    before = float(np.mean(sweep.potential[step.onset - rested : step.onset]))
    values = sweep.potential[step.onset : step.end] - before
    time = np.arange(values.size) * sweep.dt
    kept = (time >= SETTLED) & (time <= LONGEST)
    for _ in range(3):  # the window goes by the time constant that it gives
        moved, tau, jumped = _exponential(time[kept], values[kept])
        kept = (time >= SETTLED) & (time <= min(LONGEST, max(WINDOW * tau, SHORTEST / 2)))
    if not -LARGEST <= moved < 0 or not sweep.dt < tau < LONGEST / 2:
        return None
    return step.change, moved, tau, jumped, before, step.current - step.change


def _exponential(time: np.ndarray, values: np.ndarray) -> tuple[float, float, float]:
    """Amplitude, time constant and jump at the begin of the saturating exponential that is nearest to these values."""
    mean = float(np.mean(values))

    def fitted(tau: float) -> tuple[float, float, float]:
        """What is left of the squares, amplitude, jump."""
        shape = 1 - np.exp(-time / tau)
        middle = float(np.mean(shape))
        best = float((shape - middle) @ (values - mean) / np.sum((shape - middle) ** 2))
        jump = mean - best * middle
        return float(np.sum((values - best * shape - jump) ** 2)), best, jump

    tried = np.geomspace(max(time[0], 0.05), 2 * time[-1], TRIED)
    place = int(np.argmin([fitted(tau)[0] for tau in tried]))
    near = tried[max(place - 1, 0)], tried[min(place + 1, TRIED - 1)]
    found = minimize_scalar(
        lambda tau: fitted(tau)[0], bounds=near, method="bounded", options={"xatol": 1e-6 * near[0]}
    )
    tau = float(found.x)
    _, moved, jumped = fitted(tau)
    return moved, tau, jumped
