"""How a membrane answers to oscillating currents: its impedance, measured with a chirp."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..nn.components.somas import Soma
from ..simulation import simulate
from ..solvers import Solver
from ..stimuli import Chirp
from .curves import alone

BACK = 1e-3
"""Part of the largest response that may be left at the end."""


@dataclass(frozen=True)
class Impedance:
    """The impedance of a soma at a state, all arrays of shape (frequencies,).

    Attributes:
        frequency: Hz, rising.
        impedance: Z = V/I, complex, GOhm.
    """

    frequency: np.ndarray
    impedance: np.ndarray

    @property
    def amplitude(self) -> np.ndarray:
        """|Z|, GOhm: mV of response to each pA."""
        return np.abs(self.impedance)

    @property
    def phase(self) -> np.ndarray:
        """Phase of Z, rad, from -pi to pi: negative where the potential lags behind the current."""
        return np.angle(self.impedance)


def impedance(
    soma: Soma,
    *,
    low: float = 1.0,
    high: float = 100.0,
    amplitude: float = 10.0,
    hold: float = 0.0,
    duration: float = 5000.0,
    settle: float = 1000.0,
    dt: float | None = None,
    solver: Solver | None = None,
) -> Impedance:
    """The impedance of a soma that does not fire, from its answer to a chirp: the ratio of two Fourier transforms,

        Z(f) = F[V](f) / F[I](f),   V and I: what the chirp adds to potential and current.

    Two copies of the soma run side by side, both held by a constant current, one with the chirp on top; the difference
    is the answer to the chirp alone. The transform of the current is that of a current held over each step,
    dt exp(-i pi f dt) sinc(f dt) times the sum over steps. For a leaky soma Z = R / (1 + 2 pi i f tau).

    Nonlinear somas: that of small currents around the state that `hold` leads to; make `amplitude` small.

    Args:
        soma: the soma, with one value for each of its parameters.
        low: frequency at which the chirp begins, Hz; its frequency rises linearly.
        high: frequency at which it ends, Hz.
        amplitude: of the chirp, pA.
        hold: constant current, pA.
        duration: of the chirp, ms; frequencies are 1000 / (duration + settle) Hz apart.
        settle: what comes before the chirp, to arrive at the state that is held, and again after it, until the
            potential has come back, ms.
        dt: time step, ms; the soma's own when None.
        solver: the soma's own when None.

    Raises:
        TypeError, FloatingPointError: as `simulate`.
        ValueError: as `simulate`; frequencies that are not 0 < low < high < 500 / dt; an amplitude of 0; a soma that
            fires, or that has not come back at the end.

    Source: Puil, Gimbarzevsky, Miura (1986) J Neurophysiol 55:995-1016; Hutcheon & Yarom (2000) Trends Neurosci
        23:216-222.
    """
    soma, dt = alone(soma, dt)
    if not 0 < low < high < 500 / dt:
        raise ValueError(f"low = {low:g} and high = {high:g} Hz must be 0 < low < high < {500 / dt:g} Hz.")
    if not (duration > 0 and settle > 0 and math.isfinite(duration + settle)):
        raise ValueError(f"duration = {duration} ms and settle = {settle} ms must be greater than 0 and finite.")
    if not (math.isfinite(amplitude) and amplitude):
        raise ValueError(f"amplitude = {amplitude} pA must be a finite number other than 0.")
    chirp = Chirp(
        offset=0.0, amplitude=amplitude, start_frequency=low, end_frequency=high, onset=settle, duration=duration
    )
    steps = round((duration + 2 * settle) / dt)
    added = chirp.sample(steps, dt).reshape(steps)
    held = np.stack([np.full(steps, hold), hold + added], axis=1).astype(soma.config.float_type)
    run = simulate(soma, held, dt=dt, solver=solver, units=2)
    if run.spike_count:
        raise ValueError(
            f"the soma fires {run.spike_count} times, and an impedance is that of a potential below threshold: "
            "lower amplitude or hold."
        )
    first = round(settle / dt)
    answer = np.diff(run.potential.astype(float), axis=1)[first:, 0]
    drive = np.diff(held.astype(float), axis=1)[first:, 0]
    if abs(answer[-1]) > BACK * np.abs(answer).max():
        raise ValueError(
            f"{settle:g} ms after the chirp the potential is still {abs(answer[-1]):.2g} mV from where it was: "
            "lengthen settle."
        )
    frequency = np.fft.rfftfreq(answer.size, dt / 1000)
    within = (frequency >= low) & (frequency <= high)
    frequency = frequency[within]
    turn = frequency * dt / 1000
    held_over_a_step = np.exp(-1j * np.pi * turn) * np.sinc(turn)
    ratio = np.fft.rfft(answer)[within] / (np.fft.rfft(drive)[within] * held_over_a_step)
    return Impedance(frequency, ratio)
