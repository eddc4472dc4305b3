"""What a config says of a population: its shape and its floating-point type."""

from __future__ import annotations

import contextlib
from typing import Any

import jax
import numpy as np
import param


class Units(param.Parameter):
    """Shape of a population: None (taken from the input), a whole number, or a tuple of them."""

    def __set__(self, obj: Any, value: Any) -> None:
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            value = (int(value),)
        if isinstance(value, list):
            value = tuple(value)
        if value is not None:
            if not isinstance(value, tuple) or not all(isinstance(n, int) for n in value):
                raise TypeError(f"{self.name} takes a whole number or a tuple of them, not {value!r}.")
            if not value or min(value) < 1:
                raise ValueError(f"{self.name} = {value} must hold whole numbers of at least 1.")
        super().__set__(obj, value)


class Precision(param.Parameter):
    """Floating-point type: None (JAX's default), "float32" or "float64"."""

    def __set__(self, obj: Any, value: Any) -> None:
        if value is not None:
            with contextlib.suppress(TypeError):  # refused below, in words
                value = np.dtype(value).name
            if value not in ("float32", "float64"):
                raise ValueError(f"{self.name} must be 'float32' or 'float64', got {value!r}.")
            if value == "float64" and not jax.config.read("jax_enable_x64"):
                raise ValueError(
                    f"{self.name} = 'float64' needs JAX's 64-bit mode: "
                    "call jax.config.update('jax_enable_x64', True) first."
                )
        super().__set__(obj, value)
