"""Currents that are given by a formula, or sample by sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np
import param

from ..core.memory import check_memory
from ..core.quantity import Quantity
from ..core.sizes import as_numbers, check_size
from .base import Source, Stimulus, Windowed
from .quantities import current, frequency, time
from .windows import namespace, sinc


class Ramp(Windowed):
    """A current that moves linearly from `start` to `end`; zero outside."""

    title = "Ramp"
    start: Quantity = current(0.0, "start", "Current at the onset.", "I_0")
    end: Quantity = current(1000.0, "end", "Current at the end of the ramp.", "I_1")

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        share, middle, _ = self._within(p, start, end)
        slope = (p["end"] - p["start"]) / namespace(start).where(p["duration"] > 0, p["duration"], 1.0)
        return share * (p["start"] + slope * middle)


class PulseTrain(Windowed):
    """Rectangular pulses of `width`, one every `period`, within the window."""

    title = "Pulse train"
    ordered = (("width", "period"),)
    amplitude: Quantity = current(1500.0, "amplitude", "Current during a pulse.", span=(-2000, 4000))
    width: Quantity = time(
        5.0, "pulse width", "How long each pulse lasts; must stay below the period.", "w", span=(0.1, 50)
    )
    period: Quantity = time(
        50.0, "period", "Time from one pulse to the next.", "P", span=(1, 500), log=True, inclusive=(False, True)
    )

    def edges(self, p: Mapping[str, float], until: float) -> np.ndarray:
        """See `Stimulus.edges`."""
        onset, duration, width, period = (p[name] for name in ("onset", "duration", "width", "period"))
        count = int(np.ceil(max(min(duration, until - onset), 0.0) / period - 1e-9))
        check_memory(32.0 * count, f"a PulseTrain of {count:.3g} pulses", "lengthen its period")
        begins = np.arange(count) * period
        # The last pulse may end with the window; its end is the window's then.
        return onset + np.stack([begins, np.minimum(begins + width, duration)], axis=1).ravel()

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        xp = namespace(start)

        def delivered(t: Any) -> Any:  # ms of pulse from the onset to t
            t = xp.clip(t - p["onset"], 0, p["duration"])
            begun = xp.floor(t / p["period"])
            # Not t % period: where t is a whole number of periods but for rounding, it may say the other one.
            return begun * p["width"] + xp.clip(t - begun * p["period"], 0, p["width"])

        return p["amplitude"] * (delivered(end) - delivered(start)) / (end - start)


class Sine(Windowed):
    """offset + amplitude sin(2 pi f t + phase), t from the onset."""

    title = "Sine"
    offset: Quantity = current(400.0, "offset", "Mean current.", "I_0")
    amplitude: Quantity = current(300.0, "amplitude", "Amplitude of the oscillation.", "A")
    frequency: Quantity = frequency(5.0, "frequency", "Oscillations per second.")
    phase: Quantity = Quantity(
        0.0,
        title="phase",
        doc="Phase at the onset.",
        unit="°",
        symbol=r"\varphi",
        bounds=(-360, 360),
        span=(-180, 180),
        group="Stimulus",
    )

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        xp, (share, middle, half) = namespace(start), self._within(p, start, end)
        angle = 2 * np.pi * p["frequency"] * middle / 1000 + xp.deg2rad(p["phase"])
        # sinc(x) is sin(pi x) / (pi x), here that of f times the length.
        return share * (p["offset"] + p["amplitude"] * xp.sin(angle) * sinc(p["frequency"] * half / 500))


class Chirp(Windowed):
    """A sine whose frequency moves linearly from `start_frequency` to `end_frequency` over the window."""

    title = "Chirp"
    offset: Quantity = current(300.0, "offset", "Mean current.", "I_0")
    amplitude: Quantity = current(200.0, "amplitude", "Amplitude of the oscillation.", "A")
    start_frequency: Quantity = frequency(1.0, "start frequency", "Frequency at the onset.", "f_0")
    end_frequency: Quantity = frequency(40.0, "end frequency", "Frequency at the end.", "f_1")

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        share, middle, half = self._within(p, start, end)
        rise = (p["end_frequency"] - p["start_frequency"]) / namespace(start).where(
            p["duration"] > 0, p["duration"], 1.0
        )
        return share * (p["offset"] + p["amplitude"] * swept(p["start_frequency"], rise, middle, half))

    def fast(self, dt: float) -> bool:
        """Whether its frequency moves so fast that its mean over a step takes Fresnel integrals; for plain numbers."""
        return bool(abs(_bend((self.end_frequency - self.start_frequency) / self.duration, dt / 2)) > SLOW_SWEEP)


SLOW_SWEEP = 1e-4
"""Phase (rad) by which a sweep leaves the sine of its middle frequency in half a step: its square / 10 is neglected."""


def swept(frequency: Any, rise: Any, middle: Any, half: Any) -> Any:
    """The mean of sin(2 pi (f t + rise t^2 / 2)) from middle - half to middle + half; t in ms, f in Hz, rise in Hz/ms.

    Where the frequency moves fast, the closed form: a difference of Fresnel integrals. Where it hardly moves within the
    step these cancel, and the mean is that of the sine of the middle frequency with the first term of the departure.
    """
    xp = namespace(middle)
    angle = 2 * np.pi * (frequency * middle + rise * middle * middle / 2) / 1000
    local = (frequency + rise * middle) * half / 500  # cycles within the step
    turn = xp.maximum(xp.abs(np.pi * local), 1e-3)  # below, what `bend` is multiplied by is its value at 0 within 1e-7
    even = xp.sin(turn) / turn
    bend = _bend(rise, half)
    mean = xp.sin(angle) * sinc(local) + bend * xp.cos(angle) * (even + 2 * (xp.cos(turn) - even) / turn**2)
    fast = xp.abs(bend) > SLOW_SWEEP
    if xp is np and not fast.any():  # as of nearly all chirps
        return mean
    values = (frequency, xp.where(fast, rise, 1.0), middle, xp.where(fast, half, 1.0))
    return xp.where(fast, _by_fresnel(xp, *values), mean)


def _bend(rise: Any, half: Any) -> Any:
    """Phase (rad) by which a sweep leaves the sine of its middle frequency in `half` ms; `rise` in Hz/ms."""
    return np.pi * rise * half * half / 1000


def _by_fresnel(xp: Any, frequency: Any, rise: Any, middle: Any, half: Any) -> Any:
    """The closed form."""
    if xp is np:
        from scipy.special import fresnel  # JAX brings scipy; few chirps need it
    else:
        from jax.scipy.special import fresnel

    frequency, rise = frequency / 1000, rise / 1000  # in 1/ms, and 1/ms^2
    scale, vertex = xp.sqrt(2 * xp.abs(rise)), -frequency / rise
    (s1, c1), (s0, c0) = (fresnel(scale * (t - vertex)) for t in (middle + half, middle - half))
    phase = np.pi * rise * vertex * vertex  # at the vertex, where the frequency is 0, with its sign changed
    return (xp.cos(phase) * xp.sign(rise) * (s1 - s0) - xp.sin(phase) * (c1 - c0)) / (2 * half * scale)


class Samples(param.Parameter):
    """Currents sample by sample: an array of finite numbers, (samples,) or (samples, units)."""

    def __set__(self, obj: Any, value: Any) -> None:
        given = as_numbers(value, "Array.samples", " in pA")
        if given.ndim not in (1, 2) or not given.size:
            raise ValueError(f"Array.samples must have shape (samples,) or (samples, units), not {given.shape}.")
        samples = np.array(given, dtype=float)  # its own: what the caller does with theirs later is nobody's current
        check_size(samples, samples, "Array.samples", " pA")
        samples.flags.writeable = False  # what is written into it would not be looked at
        super().__set__(obj, samples)


class Array(Stimulus):
    """A current given sample by sample, each held for `interval` ms from time 0; zero after the last."""

    title = "Array"
    samples: Samples = Samples(np.zeros(1), doc="pA, shape (samples,) or (samples, units).")
    interval: Quantity = time(
        0.1,
        "interval",
        "How long each sample is held.",
        r"\Delta t",
        span=(0.01, 500),
        log=True,
        inclusive=(False, True),
        scalar=True,
    )

    @property
    def length(self) -> float:
        """All of its samples, ms."""
        return len(self.samples) * self.interval

    @classmethod
    def _currents(cls) -> list[str]:
        return ["samples"]

    def columns(self, units: int) -> int:
        """See `Stimulus.columns`."""
        return 1 if self.samples.ndim == 1 else self.samples.shape[1]

    def _source(self, p: dict[str, Any], dt: float, units: int, key: jax.Array | None) -> Source:
        samples = self.samples if self.samples.ndim == 2 else self.samples[:, None]
        if samples.shape[1] not in (1, units):
            raise ValueError(
                f"Array.samples has {samples.shape[1]} columns but the population has {units} units: "
                "give one column, or one per unit."
            )
        interval = self.interval
        charge = np.vstack([np.zeros((1, samples.shape[1])), np.cumsum(samples, axis=0)]) * interval

        def delivered(t: Any) -> Any:  # pA ms from time 0 to t
            place = np.clip(t.ravel() / interval, 0, len(samples))
            whole = np.minimum(np.floor(place + 1e-9).astype(int), len(samples) - 1)
            return charge[whole] + (place - whole)[:, None] * interval * samples[whole]

        return lambda start, end: (delivered(end) - delivered(start)) / (end - start)
