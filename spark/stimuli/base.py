"""What a stimulus is."""

from __future__ import annotations

import numbers
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import jax
import jax.numpy as jnp
import numpy as np
import param

from ..core.config import Config
from ..core.echo import echo
from ..core.memory import check_memory
from ..core.quantity import Drawable, Quantity
from ..core.sizes import LARGEST, SMALLEST, as_float
from .quantities import CURRENT, current, time
from .windows import namespace, share_of, window_of

MOST_PARTS, DEEPEST = 10_000, 20
"""Stimuli of a sum in all, and sums in one another."""
MOST = 10**15
"""Steps and units that are counted at all; memory holds fewer."""
FOREVER = 1e9
"""How long a constant that is added to a stimulus lasts, ms: longer than any run."""
Source = Callable[[Any, Any], Any]
"""(start, end), columns of times -> mean current between them, pA."""


class Stimulus(Config):
    """Base of all stimuli."""

    title = ""
    """Name for people."""
    constant = False
    """Whether its current stays the same from its onset to its end."""
    rough: ClassVar[tuple[str, ...]] = ()
    """Fields with which its current jumps, so that nothing has a derivative by them."""

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

        Raises:
            TypeError: steps or units that are no whole numbers, or a dt that is none.
            ValueError: they are out of their bounds, or more than memory holds.
        """
        for name, count, least in (("steps", steps, 0), ("units", units, 1)):
            if not isinstance(count, (int, np.integer)) or isinstance(count, bool):
                raise TypeError(f"{name} takes a whole number of at least {least}, not {echo(count)}.")
            if not least <= count <= MOST:
                raise ValueError(f"{name} = {echo(int(count))} must be a whole number from {least} to {MOST:,}.")
        if not isinstance(dt, numbers.Real) or isinstance(dt, bool):
            raise TypeError(f"dt takes a number in ms, not {echo(dt)}.")
        if not SMALLEST <= as_float(dt) <= LARGEST:
            raise ValueError(f"dt = {echo(dt)} ms must lie between {SMALLEST:g} and {LARGEST:g} ms.")
        check_memory(8.0 * steps * self.columns(units), f"a current of {steps:,} steps", "take fewer, or `stream` it")
        return self.stream(float(dt), units, key, dtype)(steps)

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

    def edges(self, p: Mapping[str, float], until: float) -> np.ndarray:
        """When the current of one unit with these values jumps or bends before `until`, and maybe after it, ms.

        Not those of an `Array`, which are its samples.
        """
        return np.zeros(0)

    def between(self, p: Mapping[str, float], start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Mean current of one unit with these values between times (ms), pA; of a stimulus that is not random."""
        values = {name: np.full((1, 1), value) for name, value in p.items()}
        return np.asarray(self._source(values, 1.0, 1, None)(start[:, None], end[:, None]))[:, 0]

    @classmethod
    def is_formula(cls) -> bool:
        """Whether its current is a formula of its fields and of time, which can be traced: see `formula`."""
        return cls._source is Stimulus._source and cls._mean is not Stimulus._mean

    def formula(self, p: Mapping[str, Any], start: Any, end: Any) -> Any:
        """Mean current between times (ms) for these values of its fields, pA; of numbers, arrays or traced ones."""
        return self._mean(dict(p), start, end, 1)

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
        raise NotImplementedError(
            f"{type(self).__name__} is a stimulus that says nothing of its current: drive the soma by numbers, "
            "shape (steps,) or (steps, units), or by Array(samples=...)."
        )

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

    @property
    def length(self) -> float | None:
        """How long it lasts by itself, ms; None where that is for the run to say."""
        return None

    __array_ufunc__ = None  # NumPy's numbers leave arithmetic with a stimulus to it

    def scaled(self, factor: float) -> Self:
        """A copy that delivers `factor` times the current: of equal noise, where it is random.

        Raises:
            TypeError: an initializer draws one of its currents.
            ValueError: a current would be out of its bounds.
        """
        return self.copy(**{name: self._scaled(name, factor) for name in self._currents()})

    @classmethod
    def _currents(cls) -> list[str]:
        """The fields that are currents: it delivers twice as much when all of them are doubled."""
        return [name for name, quantity in cls.quantities().items() if quantity.unit == CURRENT]

    def _scaled(self, name: str, factor: float) -> Any:
        value = getattr(self, name)
        if isinstance(value, Drawable):
            raise TypeError(
                f"{type(self).__name__}.{name} is drawn from {echo(value)}, which cannot be multiplied: "
                "draw from one of other values."
            )
        return factor * value

    def __mul__(self, factor: float) -> Self:
        return self.scaled(as_float(factor)) if _number(factor) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, factor: float) -> Self:
        if not _number(factor):
            return NotImplemented
        if factor == 0:
            raise ZeroDivisionError(f"{type(self).__name__} / 0 has no current: divide by another number.")
        return self.scaled(1 / as_float(factor))

    def __pos__(self) -> Self:
        return self.copy()

    def __neg__(self) -> Self:
        return self.scaled(-1.0)

    def __add__(self, other: Stimulus | float) -> Stimulus:
        if isinstance(other, Stimulus):
            return Sum(parts=[*self.parts, *other.parts])
        if not _number(other):
            return NotImplemented
        return self + Step(amplitude=as_float(other), onset=0.0, duration=FOREVER) if other else self.copy()

    __radd__ = __add__

    def __sub__(self, other: Stimulus | float) -> Stimulus:
        return self + -other

    def __rsub__(self, other: float) -> Stimulus:
        return -self + other


def _number(value: Any) -> bool:
    """Whether it is one real number, of Python or as an array of NumPy or JAX without axes."""
    if isinstance(value, (np.ndarray, jax.Array)):
        return value.ndim == 0 and jnp.issubdtype(value.dtype, jnp.number) and jnp.isrealobj(value)
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


class Windowed(Stimulus):
    """A stimulus that lasts from `onset` for `duration`; zero outside."""

    onset: Quantity = time(100.0, "onset", "When the stimulus begins.", r"t_0")
    duration: Quantity = time(800.0, "duration", "How long it lasts.", "T")

    def edges(self, p: Mapping[str, float], until: float) -> np.ndarray:
        """See `Stimulus.edges`."""
        return np.array([p["onset"], p["onset"] + p["duration"]])

    def _share(self, p: dict[str, Any], start: Any, end: Any) -> Any:
        """Share of each step inside the window."""
        return share_of(start, end, p["onset"], p["onset"] + p["duration"])

    def _within(self, p: dict[str, Any], start: Any, end: Any) -> tuple[Any, Any, Any]:
        """The same, the middle of that part counted from the onset, and half its length."""
        xp = namespace(start)
        begin, stop = xp.maximum(start, p["onset"]), xp.minimum(end, p["onset"] + p["duration"])
        return self._share(p, start, end), (begin + stop) / 2 - p["onset"], xp.maximum(stop - begin, 0.0) / 2


class Step(Windowed):
    """A constant current between onset and onset + duration."""

    title = "Step"
    constant = True
    amplitude: Quantity = current(500.0, "amplitude", "Current during the step.")

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int) -> Any:
        return p["amplitude"] * self._share(p, start, end)


class Parts(param.List):
    """Stimuli that are added, sums among them: not more than can be sampled, nor deeper than can be walked through."""

    def __set__(self, obj: Any, value: Any) -> None:
        if not isinstance(value, list):
            raise TypeError(f"Sum.parts takes a list of stimuli, not {echo(value)}.")
        for part in value:
            if not isinstance(part, Stimulus):
                raise TypeError(f"Sum.parts takes stimuli such as Step(), not {echo(part)}.")
        sizes = [part._size if isinstance(part, Sum) else (1, 0) for part in value]
        size, depth = sum(count for count, _ in sizes), 1 + max((deep for _, deep in sizes), default=0)
        if size > MOST_PARTS:
            raise ValueError(f"Sum.parts are {size:,} stimuli in all: add at most {MOST_PARTS:,}, or sample them once.")
        if depth > DEEPEST:
            raise ValueError(f"Sum.parts has sums in one another, {depth} deep: give their parts in one list.")
        super().__set__(obj, value)
        if obj is not None:
            object.__setattr__(obj, "_size", (size, depth))


class Sum(Stimulus):
    """The sum of several stimuli."""

    title = "Sum"
    parts: Any = Parts([], item_type=Stimulus, doc="The stimuli that are added.")
    _size = (0, 0)
    """How many parts there are in all, and how deep sums are in one another."""

    @property
    def length(self) -> float | None:
        """See `Stimulus.length`; of the longest, where all of them last by themselves."""
        lengths = [part.length for part in self.parts]
        return None if None in lengths else max(lengths, default=None)

    def scaled(self, factor: float) -> Self:
        """See `Stimulus.scaled`."""
        return self.copy(parts=[part.scaled(factor) for part in self.parts])

    def columns(self, units: int) -> int:
        """See `Stimulus.columns`."""
        return max((part.columns(units) for part in self.parts), default=1)

    def stream(
        self, dt: float, units: int = 1, key: jax.Array | None = None, dtype: Any = np.float32
    ) -> Callable[[int], np.ndarray]:
        """The sum of what its parts deliver; see `Stimulus.stream`. Parts of one kind and seed draw different noise."""
        streams, drawn = [], Counter[Any]()
        for part in self.parts:
            # Parts of one kind and seed must not draw the same noise, whatever their values are.
            twins = drawn[_stream(part)]
            drawn[_stream(part)] += 1
            own = key if not twins else jax.random.fold_in(jax.random.key(0) if key is None else key, twins)
            streams.append(part.stream(dt, units, own, np.float64))

        def following(steps: int) -> np.ndarray:
            total: Any = np.zeros((steps, 1))
            for stream in streams:
                total = total + stream(steps)
            return np.asarray(total, dtype)

        return following


def _stream(part: Stimulus) -> tuple[type[Stimulus], Any]:
    """What decides which random numbers a stimulus draws."""
    return type(part), getattr(part, "seed", None)
