"""What a stimulus is."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import param

from ..core.config import Config
from ..core.quantity import Drawable, Quantity

Source = Callable[[Any, Any], Any]
"""(start, end), columns of times -> mean current between them, pA."""


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
    constant = False
    """Whether its current stays the same from its onset to its end."""

    if TYPE_CHECKING:  # which fields a kind of the catalogue has, no checker can know

        def __init__(self, __skip_validation__: bool = False, **kwargs: Any) -> None: ...

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
        return self.stream(dt, units, key, dtype)(steps)

    def stream(
        self, dt: float, units: int = 1, key: jax.Array | None = None, dtype: Any = np.float32
    ) -> Callable[[int], np.ndarray]:
        """What `sample` gives, piece by piece: a function that returns the current of the next so many steps.

        The pieces are the rows of the whole, bit for bit, and only one of them has to be in memory. The arguments are
        those of `sample`.
        """
        drawn = self.draw((units,), self.stream_key(key) if self.random else None, np.float64)
        # One column for what all units share: arrays of (steps, units) only where units differ.
        p = {k: v[None, :1] if isinstance(getattr(self, k), float) else v[None, :] for k, v in drawn.items()}
        source, begin = self._source(p, dt, units, key), 0

        def following(steps: int) -> np.ndarray:
            nonlocal begin
            start = np.arange(begin, begin + steps, dtype=np.float64)[:, None] * dt
            begin += steps
            return np.asarray(source(start, start + dt), dtype)

        return following

    def columns(self, units: int) -> int:
        """How many columns a sample for `units` units has: 1 where all of them get the same."""
        return 1 if self._uniform else units

    @property
    def _uniform(self) -> bool:
        """Whether every quantity is the same in all units."""
        return all(isinstance(getattr(self, name), float) for name in self.per_unit())

    def stream_key(self, key: jax.Array | None) -> jax.Array:
        """The key of this stimulus's draws, from that of a run; None: from its own seed, where it has one."""
        key = jax.random.key(0) if key is None else key
        return jax.random.fold_in(key, zlib.crc32(type(self).__name__.encode()))

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        """Mean current between `start` and `end` (columns of times), for parameters `p` (rows of units, or of one)."""
        raise NotImplementedError

    def _source(self, p: dict[str, Any], dt: float, units: int, key: jax.Array | None) -> Source:
        """`_mean` of these parameters, called for one piece of the time axis after the other.

        What is random overrides this: it draws with `self.stream_key(key)`, and carries its state from piece to piece.
        """
        return lambda start, end: self._mean(p, start, end, units)

    @property
    def parts(self) -> list[Stimulus]:
        """The stimuli that are added up: itself, or those of a sum."""
        return [self]

    @property
    def noisy(self) -> bool:
        """Whether the current differs from one seed to another."""
        return any(part is not self and part.noisy for part in self.parts)

    def window(self, duration: float) -> tuple[float, float]:
        """From the first onset of its parts to their last end within a run of `duration` ms, over all units.

        The whole run where nothing lies within it; what an initializer draws may be anywhere. A constant part that
        lasts as long as the run is a bias: beside parts that begin or end within the run it does not count.
        """
        starts, ends = [], []
        for part in self.parts:
            onset, length = getattr(part, "onset", 0.0), getattr(part, "duration", np.inf)
            unknown = [isinstance(value, Drawable) for value in (onset, length)]
            starts.append(0.0 if unknown[0] else np.min(onset))
            ends.append(np.inf if any(unknown) else np.max(np.add(onset, length)))
        start, end = window_of(self.parts, starts, ends, duration)
        return float(start), float(end)

    def __add__(self, other: Stimulus) -> Sum:
        return Sum(parts=[*self.parts, *other.parts])


def window_of(
    parts: Sequence[Stimulus], starts: Sequence[Any], ends: Sequence[Any], duration: float
) -> tuple[np.ndarray, np.ndarray]:
    """From the first start to the last end of these parts (ms, numbers or arrays of one shape): `Stimulus.window`."""
    if not parts:
        return within_run(0.0, duration, duration)
    first, last = np.array(starts, float), np.array(ends, float)
    constant = np.array([part.constant for part in parts]).reshape(-1, *[1] * (first.ndim - 1))
    bias = constant & (first <= 0) & (last >= duration)
    counts = ~bias | bias.all(axis=0)
    start = np.where(counts, first, np.inf).min(axis=0)
    return within_run(start, np.where(counts, last, -np.inf).max(axis=0), duration)


def within_run(start: Any, end: Any, duration: float) -> tuple[np.ndarray, np.ndarray]:
    """The part of windows (ms, numbers or arrays) that lies within a run; the whole run where that is empty."""
    end = np.minimum(end, duration)
    empty = ~(end > start)
    return np.where(empty, 0.0, start), np.where(empty, duration, end)


def share_of(start: Any, end: Any, onset: Any, stop: Any) -> Any:
    """Part of each interval that lies within [onset, stop)."""
    return np.clip(np.minimum(end, stop) - np.maximum(start, onset), 0, None) / (end - start)


class Windowed(Stimulus):
    """A stimulus that lasts from `onset` for `duration`; zero outside."""

    onset: Quantity = time(100.0, "onset", "When the stimulus begins.", r"t_0")
    duration: Quantity = time(800.0, "duration", "How long it lasts.", "T")

    def _share(self, p: dict[str, Any], start: Any, end: Any) -> Any:
        """Share of each step inside the window."""
        return share_of(start, end, p["onset"], p["onset"] + p["duration"])

    def _within(self, p: dict[str, Any], start: Any, end: Any) -> tuple[Any, Any, Any]:
        """The same, the middle of that part counted from the onset, and half its length."""
        begin, stop = np.maximum(start, p["onset"]), np.minimum(end, p["onset"] + p["duration"])
        return self._share(p, start, end), (begin + stop) / 2 - p["onset"], np.maximum(stop - begin, 0.0) / 2


class Sum(Stimulus):
    """The sum of several stimuli."""

    title = "Sum"
    parts: Any = param.List([], item_type=Stimulus, doc="The stimuli that are added.")

    def columns(self, units: int) -> int:
        """See `Stimulus.columns`."""
        return max((part.columns(units) for part in self.parts), default=1)

    def stream(
        self, dt: float, units: int = 1, key: jax.Array | None = None, dtype: Any = np.float32
    ) -> Callable[[int], np.ndarray]:
        """The sum of what its parts deliver; see `Stimulus.stream`. Equal parts draw different noise."""
        streams = []
        for i, part in enumerate(self.parts):
            twins = sum(part == other for other in self.parts[:i])  # equal parts must not draw the same noise
            own = jax.random.fold_in(jax.random.key(0) if key is None else key, twins) if twins else key
            streams.append(part.stream(dt, units, own, np.float64))

        def following(steps: int) -> np.ndarray:
            total: Any = np.zeros((steps, 1))
            for stream in streams:
                total = total + stream(steps)
            return np.asarray(total, dtype)

        return following
