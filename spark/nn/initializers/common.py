"""The common distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...core.known import known, on_host
from .base import Initializer


@dataclass(frozen=True)
class Constant(Initializer):
    """The same value for every unit."""

    value: float

    def draw(self, key: jax.Array, shape: tuple[int, ...]) -> Any:
        """Values of `shape`."""
        return np.full(shape, float(self.value))


@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform between `low` and `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low > self.high:
            raise ValueError(f"Uniform.low ({self.low:g}) must not exceed Uniform.high ({self.high:g}).")

    def draw(self, key: jax.Array, shape: tuple[int, ...]) -> Any:
        """Values of `shape`, the same for the same key."""
        return self.low + (self.high - self.low) * on_host(jax.random.uniform(key, shape))


@dataclass(frozen=True)
class Normal(Initializer):
    """Normal with `mean` and standard deviation `std`, optionally truncated.

    Args:
        mean: mean of the untruncated distribution.
        std: its standard deviation.
        low: nothing is drawn below; None leaves the side open.
        high: nothing is drawn above; None leaves the side open.
    """

    mean: float
    std: float
    low: float | None = None
    high: float | None = None
    positive = ("std",)

    def __post_init__(self) -> None:
        super().__post_init__()
        low, high = self._limits()
        if low >= high:
            raise ValueError(f"Normal.low ({low:g}) must stay below Normal.high ({high:g}).")
        if self.std == 0 and not low <= self.mean <= high:
            raise ValueError(f"Normal.mean ({self.mean:g}) must lie between low and high when std is 0.")

    def _limits(self) -> tuple[float, float]:
        return -np.inf if self.low is None else self.low, np.inf if self.high is None else self.high

    def draw(self, key: jax.Array, shape: tuple[int, ...]) -> Any:
        """Values of `shape`, the same for the same key."""
        if self.std == 0:
            return np.full(shape, float(self.mean))
        low, high = (np.clip((limit - self.mean) / self.std, -1e6, 1e6) for limit in self._limits())
        drawn = on_host(jax.random.truncated_normal(key, low, high, shape))
        return (self.mean + self.std * drawn).clip(*self._limits())


@dataclass(frozen=True)
class LogNormal(Initializer):
    """Log-normal with this `median`; `sigma` is the standard deviation of the logarithm."""

    median: float
    sigma: float
    positive = ("median", "sigma")

    def draw(self, key: jax.Array, shape: tuple[int, ...]) -> Any:
        """Values of `shape`, the same for the same key."""
        drawn = self.sigma * on_host(jax.random.normal(key, shape))
        return self.median * (np if known(drawn) else jnp).exp(drawn)
