"""Currents that are given by a formula, or sample by sample."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import param

from ..core.quantity import Quantity
from .base import Source, Stimulus, Windowed, current, frequency, time


class Step(Windowed):
    """A constant current between onset and onset + duration."""

    title = "Step"
    constant = True
    amplitude = current(500.0, "amplitude", "Current during the step.")

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        return p["amplitude"] * self._share(p, start, end)


class Ramp(Windowed):
    """A current that moves linearly from `start` to `end`; zero outside."""

    title = "Ramp"
    start = current(0.0, "start", "Current at the onset.", "I_0")
    end = current(1000.0, "end", "Current at the end of the ramp.", "I_1")

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        share, middle = self._within(p, start, end)
        slope = (p["end"] - p["start"]) / np.where(p["duration"] > 0, p["duration"], 1.0)
        return share * (p["start"] + slope * middle)


class PulseTrain(Windowed):
    """Rectangular pulses of `width`, one every `period`, within the window."""

    title = "Pulse train"
    ordered = (("width", "period"),)
    amplitude = current(1500.0, "amplitude", "Current during a pulse.", span=(-2000, 4000))
    width = time(5.0, "pulse width", "How long each pulse lasts; must stay below the period.", "w", span=(0.1, 50))
    period = time(
        50.0, "period", "Time from one pulse to the next.", "P", span=(1, 500), log=True, inclusive=(False, True)
    )

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        def delivered(t: Any) -> Any:  # ms of pulse from the onset to t
            t = np.clip(t - p["onset"], 0, p["duration"])
            return np.floor(t / p["period"]) * p["width"] + np.minimum(t % p["period"], p["width"])

        return p["amplitude"] * (delivered(end) - delivered(start)) / (end - start)


class Sine(Windowed):
    """offset + amplitude sin(2 pi f t + phase), t from the onset."""

    title = "Sine"
    offset = current(400.0, "offset", "Mean current.", "I_0")
    amplitude = current(300.0, "amplitude", "Amplitude of the oscillation.", "A")
    frequency = frequency(5.0, "frequency", "Oscillations per second.")
    phase = Quantity(
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
        share, middle = self._within(p, start, end)
        angle = 2 * np.pi * p["frequency"] * middle / 1000 + np.deg2rad(p["phase"])
        return share * (p["offset"] + p["amplitude"] * np.sin(angle))


class Chirp(Windowed):
    """A sine whose frequency moves linearly from `start_frequency` to `end_frequency` over the window."""

    title = "Chirp"
    offset = current(300.0, "offset", "Mean current.", "I_0")
    amplitude = current(200.0, "amplitude", "Amplitude of the oscillation.", "A")
    start_frequency = frequency(1.0, "start frequency", "Frequency at the onset.", "f_0")
    end_frequency = frequency(40.0, "end frequency", "Frequency at the end.", "f_1")

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        share, t = self._within(p, start, end)
        rise = (p["end_frequency"] - p["start_frequency"]) / np.where(p["duration"] > 0, p["duration"], 1.0)
        cycles = (p["start_frequency"] * t + rise * t * t / 2) / 1000
        return share * (p["offset"] + p["amplitude"] * np.sin(2 * np.pi * cycles))


class Samples(param.Parameter):
    """Currents sample by sample: an array of finite numbers, (samples,) or (samples, units)."""

    def __set__(self, obj: Any, value: Any) -> None:
        samples = np.asarray(value, dtype=float)
        if samples.ndim not in (1, 2) or not samples.size:
            raise ValueError(f"Array.samples must have shape (samples,) or (samples, units), not {samples.shape}.")
        if not np.isfinite(samples).all():
            raise ValueError("Array.samples must be finite, in pA.")
        super().__set__(obj, samples)


class Array(Stimulus):
    """A current given sample by sample, each held for `interval` ms from time 0; zero after the last."""

    title = "Array"
    samples = Samples(np.zeros(1), doc="pA, shape (samples,) or (samples, units).")
    interval = time(
        0.1,
        "interval",
        "How long each sample is held.",
        r"\Delta t",
        span=(0.01, 500),
        log=True,
        inclusive=(False, True),
        scalar=True,
    )

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
