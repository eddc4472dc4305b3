"""What travels between components: arrays that say what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np


@dataclass(frozen=True)
class Payload:
    """An array with a meaning. `jnp.asarray(payload)` and `np.asarray(payload)` give its `value`."""

    value: jax.Array

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        jax.tree_util.register_dataclass(cls, data_fields=["value"], meta_fields=[])

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return tuple(self.value.shape)

    @property
    def dtype(self) -> Any:
        """Type of the array's elements."""
        return self.value.dtype

    def __jax_array__(self) -> jax.Array:
        return self.value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.value, dtype=dtype, copy=copy)


@dataclass(frozen=True)
class CurrentArray(Payload):
    """Input current, pA."""


@dataclass(frozen=True)
class PotentialArray(Payload):
    """Membrane potential, absolute mV."""


@dataclass(frozen=True)
class SpikeArray(Payload):
    """Spikes of one step, bool."""
