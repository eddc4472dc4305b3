"""What a stimulus is."""

from __future__ import annotations

import zlib
from typing import Any

import jax
import numpy as np
import param

from ..core.config import Config
from ..core.quantity import Quantity


def current(default: float, title: str, doc: str, symbol: str = "I", **changes: Any) -> Quantity:
    """A current."""
    declared = {
        "unit": "pA",
        "symbol": symbol,
        "bounds": (-1e6, 1e6),
        "span": (-1000, 2000),
        "group": "Stimulus",
    }
    return Quantity(default, title=title, doc=doc, **(declared | changes))


def time(default: float, title: str, doc: str, symbol: str, **changes: Any) -> Quantity:
    """A time."""
    declared = {"unit": "ms", "symbol": symbol, "bounds": (0, None), "span": (0, 2000), "group": "Stimulus"}
    return Quantity(default, title=title, doc=doc, **(declared | changes))


def frequency(
    default: float, title: str, doc: str, symbol: str = "f", span: tuple[float, float] = (0.5, 200)
) -> Quantity:
    """A frequency."""
    return Quantity(
        default,
        title=title,
        doc=doc,
        unit="Hz",
        symbol=symbol,
        bounds=(0, None),
        span=span,
        log=True,
        group="Stimulus",
    )


class Stimulus(Config):
    """Base of all stimuli."""

    title = ""
    """Name for people."""

    def sample(
        self, steps: int, dt: float, units: int = 1, key: jax.Array | None = None, dtype: Any = np.float32
    ) -> np.ndarray:
        """The current held in each step.

        Args:
            steps: number of steps.
            dt: step in ms.
            units: size of the population.
            key: JAX key for random draws; the stimulus's own seed when None.
            dtype: floating-point type of the result.

        Returns:
            pA, shape (steps, units), or (steps, 1) where all units get the same.
        """
        p = {k: v[None, :] for k, v in self.draw((units,), self._key(key) if self.random else None, np.float64).items()}
        uniform = all(isinstance(getattr(self, name), float) for name in p)
        if uniform:
            p = {k: v[:, :1] for k, v in p.items()}
        start = np.arange(steps, dtype=np.float64)[:, None] * dt
        current = self._mean(p, start, start + dt, units, key)
        return np.asarray(current, dtype)

    def _key(self, key: jax.Array | None) -> jax.Array:
        key = jax.random.key(0) if key is None else key
        return jax.random.fold_in(key, zlib.crc32(type(self).__name__.encode()))

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int, key: jax.Array | None) -> Any:
        """Mean current between `start` and `end` (columns of times), for parameters `p` (rows of units).

        What is random is drawn with `self._key(key)`: making a key takes longer than sampling a step.
        """
        raise NotImplementedError

    def __add__(self, other: Stimulus) -> Sum:
        parts = [*(self.parts if isinstance(self, Sum) else [self])]
        return Sum(parts=[*parts, *(other.parts if isinstance(other, Sum) else [other])])


def share_of(start: Any, end: Any, onset: Any, stop: Any) -> Any:
    """Part of each interval that lies within [onset, stop)."""
    return np.clip(np.minimum(end, stop) - np.maximum(start, onset), 0, None) / (end - start)


class Windowed(Stimulus):
    """A stimulus that lasts from `onset` for `duration`; zero outside."""

    onset = time(100.0, "onset", "When the stimulus begins.", r"t_0")
    duration = time(800.0, "duration", "How long it lasts.", "T")

    def _within(self, p: dict[str, Any], start: Any, end: Any) -> tuple[Any, Any]:
        """Share of each step inside the window, and the middle of that part counted from the onset."""
        stop = p["onset"] + p["duration"]
        middle = (np.maximum(start, p["onset"]) + np.minimum(end, stop)) / 2 - p["onset"]
        return share_of(start, end, p["onset"], stop), middle


class Sum(Stimulus):
    """The sum of several stimuli."""

    title = "Sum"
    parts = param.List([], item_type=Stimulus, doc="The stimuli that are added.")

    def sample(
        self, steps: int, dt: float, units: int = 1, key: jax.Array | None = None, dtype: Any = np.float32
    ) -> np.ndarray:
        """The sum of what its parts deliver; see `Stimulus.sample`. Equal parts draw different noise."""
        total: Any = np.zeros((steps, 1))
        for i, part in enumerate(self.parts):
            twins = sum(part == other for other in self.parts[:i])  # equal parts must not draw the same noise
            own = jax.random.fold_in(jax.random.key(0) if key is None else key, twins) if twins else key
            total = total + part.sample(steps, dt, units, own, np.float64)
        return np.asarray(total, dtype)
