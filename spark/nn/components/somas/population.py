"""What a config says of a population: its shape and its floating-point type."""

from __future__ import annotations

import contextlib
from typing import Any

import jax
import numpy as np
import param


def shape_of(units: Any, name: str) -> tuple[int, ...]:
    """A number of units, or a shape, as a shape.

    Raises:
        TypeError: no whole numbers; `name` is what they are called.
        ValueError: none, or one below 1.
    """
    if isinstance(units, (int, np.integer)) and not isinstance(units, bool):
        units = (int(units),)
    if isinstance(units, list):
        units = tuple(units)
    if not isinstance(units, tuple) or not all(isinstance(n, int) for n in units):
        raise TypeError(f"{name} takes a whole number or a tuple of them, not {units!r}.")
    if not units or min(units) < 1:
        raise ValueError(f"{name} = {units} must hold whole numbers of at least 1.")
    return units


class Units(param.Parameter):
    """Shape of a population: None (taken from the input), a whole number, or a tuple of them."""

    def __set__(self, obj: Any, value: Any) -> None:
        super().__set__(obj, None if value is None else shape_of(value, str(self.name)))


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
