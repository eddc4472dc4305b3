"""Ornstein-Uhlenbeck noise drawn inside the time loop, so that no array of steps x units is read.

The bits are those of the stimulus: number n of a unit's Threefry stream is a function of the unit's key and of n alone.
What is made of them is rounded in float32 throughout, where `OrnsteinUhlenbeck.stream` adds the mean in float64:
currents are the same within a few units of the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from ..stimuli import OrnsteinUhlenbeck
from ..stimuli.noise import unit_keys
from ..stimuli.step_means import StepMeans
from ..stimuli.windows import share_of

ROTATIONS = (13, 15, 26, 6), (17, 29, 16, 24)
PARITY = 0x1BD11BDA


class Noise(NamedTuple):
    """The noise of each unit; every attribute holds arrays of shape (units,).

    Attributes:
        high, low: key of the unit's stream, uint32.
        mean, std: of the current, pA.
        law: of its means over the steps.
    """

    high: Any
    low: Any
    mean: Any
    std: Any
    law: StepMeans


def noise_inside(
    stimulus: Any, dt: float, units: int, key: jax.Array | None, dtype: Any
) -> tuple[Noise, Callable[[int], np.ndarray]] | None:
    """The noise of `stimulus` for a kernel, and what gives the part of each of the next steps in its window.

    Args:
        stimulus: what drives the run.
        dt: time step, ms.
        units: size of the population.
        key: JAX key of all random draws; the stimulus's own seed when None.
        dtype: floating-point type of the run.

    Returns:
        None where the current must be read: for other stimuli, for noise that all units share (a single column is
        cheaper to read), for windows that differ between units, and in 64-bit mode, whose draws have other bits.
    """
    if type(stimulus) is not OrnsteinUhlenbeck or stimulus.columns(units) == 1:
        return None
    if dtype != np.float32 or jax.dtypes.canonicalize_dtype(float) != np.float32:
        return None
    if not (isinstance(stimulus.onset, float) and isinstance(stimulus.duration, float)):
        return None
    own = stimulus.stream_key(key)
    p = stimulus.draw((units,), own if stimulus.random else None, np.float64)
    words = np.asarray(jax.random.key_data(unit_keys(own, 1 if stimulus.frozen else units)))
    high, low = np.broadcast_to(words, (units, 2)).T
    law = StepMeans(*(value.astype(dtype) for value in StepMeans.of(dt / p["tau"])))
    begin = 0

    def share(steps: int) -> np.ndarray:
        nonlocal begin
        start = np.arange(begin, begin + steps, dtype=np.float64)[:, None] * dt
        begin += steps
        return share_of(start, start + dt, stimulus.onset, stimulus.onset + stimulus.duration).astype(dtype)

    return Noise(high, low, p["mean"].astype(dtype), p["std"].astype(dtype), law), share


def known_first(noise: Noise) -> jax.Array:
    """What is known of the deviation in step 0 beforehand, in standard deviations."""
    return noise.law.first * standard_normal(noise, jnp.zeros((), jnp.int32))


def deviation(noise: Noise, known: jax.Array, number: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The mean deviation over step `number`, in standard deviations, and what is then known of the next."""
    return noise.law.following(known, standard_normal(noise, number + 1))


def standard_normal(noise: Noise, number: jax.Array) -> jax.Array:
    """Number `number` of each unit's stream, as `jax.random.normal` makes it of its bits."""
    bits = threefry(noise.high, noise.low, number.astype(jnp.uint32))
    least = np.nextafter(np.float32(-1), np.float32(0))
    unit = lax.bitcast_convert_type(bits >> 9 | jnp.uint32(0x3F800000), jnp.float32) - 1.0
    return np.float32(np.sqrt(2)) * lax.erf_inv(jnp.maximum(least, unit * (1 - least) + least))


def threefry(high: jax.Array, low: jax.Array, number: jax.Array) -> jax.Array:
    """32 bits of the Threefry-2x32 stream of a key (20 rounds): its block `number`, folded as JAX's own keys do."""
    keys = high, low, high ^ low ^ jnp.uint32(PARITY)
    x, y = keys[0], keys[1] + number  # the counter is (0, number)
    for group in range(5):
        for turn in ROTATIONS[group % 2]:
            x = x + y
            y = (y << turn | y >> (32 - turn)) ^ x
        x, y = x + keys[(group + 1) % 3], y + keys[(group + 2) % 3] + jnp.uint32(group + 1)
    return x ^ y
