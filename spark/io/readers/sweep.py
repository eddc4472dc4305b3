"""One sweep of a recording from a real cell."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

RISE = 1.0
"""ms that a potential stays below the threshold before it counts as having come from there."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """What one sweep of a current-clamp recording holds; sample k is at k dt.

    Attributes:
        name: of the sweep, as its file says it or by number.
        dt: ms from one sample to the next; None where there are only times of spikes.
        potential: mV, float64; None where it was not recorded.
        current: pA, float64; None where it is not known.
        spikes: times of spikes that the file itself lists, ms; None where it lists none.
        protocol: whether the current is what was asked of the amplifier, and not what was recorded.
        stored: the units in the file, by "potential", "current" and "spikes".
    """

    name: str
    dt: float | None
    potential: np.ndarray | None = None
    current: np.ndarray | None = None
    spikes: np.ndarray | None = None
    protocol: bool = False
    stored: dict[str, str] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """How many there are of potential or current."""
        return next((values.size for values in (self.potential, self.current) if values is not None), 0)

    @property
    def duration(self) -> float:
        """Length, ms; of a list of spikes, the time of the last one."""
        if self.dt is not None:
            return self.samples * self.dt
        return float(self.spikes[-1]) if self.spikes is not None and self.spikes.size else 0.0

    @property
    def time(self) -> np.ndarray:
        """Time of each sample, ms."""
        return np.arange(self.samples) * (self.dt or 0.0)

    def spike_times(self, threshold: float = -20.0) -> np.ndarray:
        """When the cell fired, ms: as the file lists it, otherwise where the potential rises through a threshold.

        Between two samples the crossing is found on the straight line. A crossing within 1 ms of the one before, as
        noise on a slow upstroke makes, is the same spike.

        Args:
            threshold: mV.

        Raises:
            ValueError: there is neither a potential nor a list of spikes.
        """
        if self.spikes is not None:
            return self.spikes
        if self.potential is None or self.dt is None:
            raise ValueError(f"sweep {self.name} has neither a potential nor times of spikes.")
        v = self.potential
        before = np.flatnonzero((v[:-1] < threshold) & (v[1:] >= threshold))
        times = (before + (threshold - v[before]) / (v[before + 1] - v[before])) * self.dt
        kept = np.ones(times.size, bool)
        kept[1:] = np.diff(times) > RISE
        return np.asarray(times[kept])

    def __repr__(self) -> str:
        there = [
            f"{name} ({self.stored.get(name, '?')}{', protocol' if name == 'current' and self.protocol else ''})"
            for name in ("potential", "current", "spikes")
            if getattr(self, name) is not None
        ]
        size = f"{self.samples:,} samples of {self.dt:g} ms, " if self.dt is not None else ""
        return f"Sweep({self.name!r}, {size}{', '.join(there)})"
