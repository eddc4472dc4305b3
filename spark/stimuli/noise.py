"""Random currents: seeded, independent per unit or frozen."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend import random as xrandom

from ..core.choices import Flag, Whole
from ..core.quantity import Drawable, Quantity
from .base import Source, Windowed
from .quantities import current, frequency, time
from .step_means import StepMeans

MOST_EVENTS = 1e12
"""Of a step and unit: far above, none could be counted, and there is no noise left in their current."""


class Noisy(Windowed):
    """A random stimulus within a window."""

    seed: int = cast(int, Whole(0, bounds=(0, 2**31 - 1), doc="Seed of the noise."))
    frozen: bool = cast(bool, Flag(False, doc="Give every unit the same noise."))
    rough: ClassVar[tuple[str, ...]] = ("onset", "duration")

    @property
    def noisy(self) -> bool:
        """See `Stimulus.noisy`."""
        return True

    def columns(self, units: int) -> int:
        """See `Stimulus.columns`."""
        return super().columns(units) if self.frozen else units

    def stream_key(self, key: jax.Array | None) -> jax.Array:
        own = jax.random.key(self.seed) if key is None else jax.random.fold_in(key, self.seed)
        return super().stream_key(own)


class OrnsteinUhlenbeck(Noisy):
    """Ornstein-Uhlenbeck noise: mean + x, tau dx/dt = -x + std sqrt(2 tau) xi(t).

    What a step gets is the mean of this current over the step, exact in distribution on any time grid; a step that lies
    partly in the window gets that part of its mean.
    """

    title = "Noise (Ornstein-Uhlenbeck)"
    mean: Quantity = current(400.0, "mean", "Mean current.", r"\mu")
    std: Quantity = current(
        150.0,
        "standard deviation",
        "Standard deviation of the current; a negative one turns the noise over.",
        r"\sigma",
        span=(0, 1000),
    )
    tau: Quantity = time(
        5.0,
        "correlation time",
        "How long the noise remembers.",
        r"\tau",
        span=(0.1, 100),
        log=True,
        inclusive=(False, True),
    )

    @property
    def noisy(self) -> bool:
        """Not without a standard deviation."""
        return isinstance(self.std, Drawable) or bool(np.any(np.asarray(self.std) != 0))

    def _source(self, p: dict[str, Any], dt: float, units: int, key: jax.Array | None) -> Source:
        law = StepMeans.of(dt / p["tau"][0])
        keys = unit_keys(self.stream_key(key), 1 if self.frozen else units)
        known: Any = np.zeros(max(len(keys), len(law.kept)))
        begin = 0

        def following(start: Any, end: Any) -> Any:
            nonlocal known, begin
            share = self._share(p, start, end)
            noise, known = _ornstein_uhlenbeck(keys, begin, known, law, len(start))
            begin += len(start)
            return share * (p["mean"] + p["std"] * np.asarray(noise))

        return following


class PoissonSynapses(Noisy):
    """Poisson input through exponential synapses: each event adds its weight, which decays with its time constant."""

    title = "Poisson synapses"
    rough = (*Noisy.rough, "excitatory_rate", "inhibitory_rate")
    excitatory_rate: Quantity = frequency(
        1500.0, "excitatory rate", "Excitatory events per second, all synapses together.", r"\nu_E", span=(10, 20_000)
    )
    inhibitory_rate: Quantity = frequency(
        500.0, "inhibitory rate", "Inhibitory events per second, all synapses together.", r"\nu_I", span=(10, 20_000)
    )
    excitatory_weight: Quantity = current(
        100.0, "excitatory weight", "Jump of the current per event.", "w_E", span=(0, 500)
    )
    inhibitory_weight: Quantity = current(
        100.0, "inhibitory weight", "Drop of the current per event.", "w_I", span=(0, 500)
    )
    excitatory_tau: Quantity = time(
        3.0,
        "excitatory decay",
        "Time constant of the synapse.",
        r"\tau_E",
        span=(0.2, 50),
        log=True,
        inclusive=(False, True),
    )
    inhibitory_tau: Quantity = time(
        6.0,
        "inhibitory decay",
        "Time constant of the synapse.",
        r"\tau_I",
        span=(0.2, 50),
        log=True,
        inclusive=(False, True),
    )

    def _source(self, p: dict[str, Any], dt: float, units: int, key: jax.Array | None) -> Source:
        synapses = [
            self._synapse(p, name, dt, units, jax.random.fold_in(self.stream_key(key), sign + 1), sign)
            for sign, name in ((1, "excitatory"), (-1, "inhibitory"))
        ]

        def following(start: Any, end: Any) -> Any:
            share = self._share(p, start, end)
            total: Any = 0.0
            for synapse in synapses:
                total = total + synapse(share)
            return total

        return following

    def _synapse(
        self, p: dict[str, Any], name: str, dt: float, units: int, key: jax.Array, sign: int
    ) -> Callable[[Any], Any]:
        """The current of all synapses of one sign, piece by piece, given the share of each step in the window."""
        tau = p[f"{name}_tau"][0]
        kept = np.exp(-dt / tau)
        # Equal noise for all: the counts are one column, unless what is expected differs between the units.
        alike = all(np.ptp(p[field]) == 0 for field in (f"{name}_rate", "onset", "duration"))
        columns = 1 if self.frozen and alike else units
        rate = float(p[f"{name}_rate"].max())
        if rate * dt / 1000 > MOST_EVENTS:
            raise ValueError(
                f"PoissonSynapses.{name}_rate = {rate:g} Hz is {rate * dt / 1000:.3g} events in a step of {dt:g} ms: "
                f"choose at most {MOST_EVENTS / dt * 1000:.3g} Hz."
            )
        streams = _poisson(unit_keys(key, 1 if self.frozen else units), columns)
        x: Any = np.zeros(max(columns, len(tau)))

        def following(share: Any) -> Any:
            nonlocal x
            expected = np.broadcast_to((p[f"{name}_rate"] * dt / 1000 * share)[:, :columns], (len(share), columns))
            counts = np.stack([draw.poisson(expected[:, i]) for i, draw in enumerate(streams)], axis=1).astype(float)
            current, x = _filtered(counts, x, kept, (1 - kept) * tau / dt)
            return sign * p[f"{name}_weight"] * np.asarray(current)

        return following


def unit_keys(key: jax.Array, columns: int) -> jax.Array:
    """A stream for each unit: what one unit receives does not depend on how many there are."""
    return jax.vmap(partial(jax.random.fold_in, key))(jnp.arange(columns))


@partial(jax.jit, static_argnames="steps")
def _ornstein_uhlenbeck(keys: jax.Array, begin: int, known: jax.Array, law: StepMeans, steps: int) -> Any:
    """Means over steps of unit-variance stationary noise, shape (steps, units).

    Number 0 of each unit's stream says where the process begins, number n + 1 what step n adds. It goes on from what
    was `known` at the beginning of step `begin`; returned with what is known at the end.
    """
    drawn = jax.vmap(lambda key: jax.random.normal(key, (steps + 1,)), out_axes=1)(_from(begin, keys))
    known = jnp.where(begin == 0, law.first * drawn[0], known.astype(drawn.dtype))

    def step(known: jax.Array, n: jax.Array) -> tuple[jax.Array, jax.Array]:
        mean, known = law.following(known, n)
        return known, mean

    last, noise = lax.scan(step, known, drawn[1:])
    return noise, last


def _from(begin: int, keys: jax.Array) -> jax.Array:
    """The same streams without their first `begin` numbers."""
    data = jax.random.key_data(keys)
    counter = jnp.full((len(data), 1), begin, data.dtype)
    return jax.random.wrap_key_data(jnp.concatenate([data, counter], axis=1), impl=_LATER)


def _later_bits(key: jax.Array, width: int, shape: tuple[int, ...]) -> jax.Array:
    """Bits number key[2] and following of the Threefry stream key[:2]: each is a function of its own number."""
    size = math.prod(shape)
    number = key[2] + jnp.arange(size, dtype=jnp.uint32)
    both = xrandom.threefry_2x32(key[:2], jnp.concatenate([jnp.zeros_like(number), number]))
    high, low = both[:size].reshape(shape), both[size:].reshape(shape)
    return high ^ low if width == 32 else high.astype(jnp.uint64) << 32 | low.astype(jnp.uint64)


def _impossible(*_: Any) -> Any:
    raise NotImplementedError("a key of a later part of a stream only draws.")


_LATER = xrandom.define_prng_impl(
    key_shape=(3,),
    seed=_impossible,
    split=_impossible,
    random_bits=_later_bits,
    fold_in=_impossible,
    name="threefry_later",
    tag="later",
)
"""Threefry, as JAX's own keys use it, from any place of the stream on."""


def _poisson(keys: jax.Array, columns: int) -> list[np.random.Generator]:
    """A generator for each column, all the same for one key; NumPy draws twenty times as fast as JAX on a CPU."""
    seeds = np.broadcast_to(np.asarray(jax.random.key_data(keys), np.uint64), (columns, 2))
    return [np.random.Generator(np.random.Philox(key=int(high) << 32 | int(low))) for high, low in seeds]


@jax.jit
def _filtered(counts: jax.Array, x: jax.Array, kept: jax.Array, mean: jax.Array) -> Any:
    """Counts through an exponential kernel: `kept` of it remains after a step, `mean` is its mean over one.

    It goes on from `x`, what remained of the steps before; returned with what remains.
    """

    def step(x: jax.Array, count: jax.Array) -> tuple[jax.Array, jax.Array]:
        x = x + count
        return x * kept, x * mean

    last, current = lax.scan(step, x.astype(counts.dtype), counts)
    return current, last
