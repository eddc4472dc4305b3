"""Random currents: seeded, independent per unit or frozen."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import param
from jax import lax

from .base import Windowed, current, frequency, time


class Noisy(Windowed):
    """A random stimulus within a window."""

    seed = param.Integer(0, bounds=(0, 2**31 - 1), doc="Seed of the noise.")
    frozen = param.Boolean(False, doc="Give every unit the same noise.")

    def _key(self, key: jax.Array | None) -> jax.Array:
        own = jax.random.key(self.seed) if key is None else jax.random.fold_in(key, self.seed)
        return super()._key(own)


class OrnsteinUhlenbeck(Noisy):
    """Ornstein-Uhlenbeck noise: mean + x, tau dx/dt = -x + std sqrt(2 tau) xi(t), exact on any time grid."""

    title = "Noise (Ornstein-Uhlenbeck)"
    mean = current(400.0, "mean", "Mean current.", r"\mu")
    std = current(
        150.0,
        "standard deviation",
        "Standard deviation of the current.",
        r"\sigma",
        bounds=(0, 1e6),
        span=(0, 1000),
    )
    tau = time(
        5.0,
        "correlation time",
        "How long the noise remembers.",
        r"\tau",
        span=(0.1, 100),
        log=True,
        inclusive=(False, True),
    )

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int, key: jax.Array | None) -> Any:
        share, _ = self._within(p, start, end)
        kept = np.exp(-(end[0] - start[0]) / p["tau"][0])
        noise = np.asarray(_ornstein_uhlenbeck(_keys(self._key(key), 1 if self.frozen else units), len(start), kept))
        return share * (p["mean"] + p["std"] * noise)


class PoissonSynapses(Noisy):
    """Poisson input through exponential synapses: each event adds its weight, which decays with its time constant."""

    title = "Poisson synapses"
    excitatory_rate = frequency(
        1500.0, "excitatory rate", "Excitatory events per second, all synapses together.", r"\nu_E", span=(10, 20_000)
    )
    inhibitory_rate = frequency(
        500.0, "inhibitory rate", "Inhibitory events per second, all synapses together.", r"\nu_I", span=(10, 20_000)
    )
    excitatory_weight = current(100.0, "excitatory weight", "Jump of the current per event.", "w_E", span=(0, 500))
    inhibitory_weight = current(100.0, "inhibitory weight", "Drop of the current per event.", "w_I", span=(0, 500))
    excitatory_tau = time(
        3.0,
        "excitatory decay",
        "Time constant of the synapse.",
        r"\tau_E",
        span=(0.2, 50),
        log=True,
        inclusive=(False, True),
    )
    inhibitory_tau = time(
        6.0,
        "inhibitory decay",
        "Time constant of the synapse.",
        r"\tau_I",
        span=(0.2, 50),
        log=True,
        inclusive=(False, True),
    )

    def _mean(self, p: dict[str, Any], start: Any, end: Any, units: int, key: jax.Array | None) -> Any:
        share, _ = self._within(p, start, end)
        dt = end[0] - start[0]
        columns = 1 if self.frozen else units
        total: Any = 0.0
        for sign, name in ((1, "excitatory"), (-1, "inhibitory")):
            expected = np.broadcast_to(p[f"{name}_rate"] * dt / 1000 * share, (len(start), columns))
            counts = _poisson(_keys(jax.random.fold_in(self._key(key), sign + 1), columns), expected)
            tau = p[f"{name}_tau"][0]
            kept = np.exp(-dt / tau)
            synapse = _filtered(counts, kept, (1 - kept) * tau / dt)
            total = total + sign * p[f"{name}_weight"] * np.asarray(synapse)
        return total


def _keys(key: jax.Array, columns: int) -> jax.Array:
    """A stream for each unit: what one unit receives does not depend on how many there are."""
    return jax.vmap(partial(jax.random.fold_in, key))(jnp.arange(columns))


@partial(jax.jit, static_argnames="steps")
def _ornstein_uhlenbeck(keys: jax.Array, steps: int, kept: jax.Array) -> jax.Array:
    """Unit-variance stationary noise, shape (steps, keys), that keeps `kept` of its value from step to step."""
    drawn = jax.vmap(lambda key: jax.random.normal(key, (steps,)), out_axes=1)(keys)
    first, fresh = drawn[0], drawn[1:] * jnp.sqrt(1 - kept**2)

    def step(x: jax.Array, kick: jax.Array) -> tuple[jax.Array, jax.Array]:
        x = kept * x + kick
        return x, x

    return jnp.concatenate([first[None], lax.scan(step, first, fresh)[1]])


def _poisson(keys: jax.Array, expected: np.ndarray) -> np.ndarray:
    """Counts with these expectations, shape (steps, keys); NumPy draws them twenty times as fast as JAX on a CPU."""
    seeds = np.asarray(jax.random.key_data(keys), np.uint64)
    columns = [
        np.random.Generator(np.random.Philox(key=int(high) << 32 | int(low))).poisson(expected[:, i])
        for i, (high, low) in enumerate(seeds)
    ]
    return np.stack(columns, axis=1).astype(float)


@jax.jit
def _filtered(counts: jax.Array, kept: jax.Array, mean: jax.Array) -> jax.Array:
    """Counts through an exponential kernel: `kept` of it remains after a step, `mean` is its mean over one."""

    def step(x: jax.Array, count: jax.Array) -> tuple[jax.Array, jax.Array]:
        x = x + count
        return x * kept, x * mean

    return lax.scan(step, jnp.zeros_like(counts[0]), counts)[1]
