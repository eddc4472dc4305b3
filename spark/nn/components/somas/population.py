"""What a config says of a population: its shape and its floating-point type."""

from __future__ import annotations

import math
import warnings
from typing import Any

import jax
import numpy as np
import param

from ....core.echo import echo

MOST_UNITS, MOST_AXES = 10**9, 32
"""Of a population: its spikes name units by numbers of four bytes, and arrays of NumPy and JAX have few axes."""


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
    if not isinstance(units, tuple) or not all(isinstance(n, int) and not isinstance(n, bool) for n in units):
        raise TypeError(f"{name} takes a whole number or a tuple of them, not {echo(units)}.")
    if not units or min(units) < 1:
        raise ValueError(f"{name} = {echo(units)} must hold whole numbers of at least 1.")
    if len(units) > MOST_AXES:
        raise ValueError(f"{name} has {len(units):,} axes: a population has at most {MOST_AXES}.")
    if math.prod(units) > MOST_UNITS:
        raise ValueError(f"{name} = {echo(units)} is more than a population holds: give at most {MOST_UNITS:,} units.")
    return units


class Units(param.Parameter):
    """Shape of a population: None (taken from the input), a whole number, or a tuple of them."""

    def __set__(self, obj: Any, value: Any) -> None:
        super().__set__(obj, None if value is None else shape_of(value, str(self.name)))


class Precision(param.Parameter):
    """Floating-point type: None (JAX's default), "float32" or "float64"."""

    def __set__(self, obj: Any, value: Any) -> None:
        if value is not None:
            given, value = value, _dtype(value)
            if value not in ("float32", "float64"):
                raise ValueError(f"{self.name} must be 'float32' or 'float64', got {echo(value or given)}.")
            if value == "float64" and not jax.config.read("jax_enable_x64"):
                raise ValueError(
                    f"{self.name} = 'float64' needs JAX's 64-bit mode: "
                    "call jax.config.update('jax_enable_x64', True) first."
                )
        super().__set__(obj, value)


def _dtype(value: Any) -> str | None:
    """The name of a type of numbers, however it is given; None where it is none."""
    if not isinstance(value, (str, type, np.dtype)) or (isinstance(value, str) and len(value) > 20):
        return None
    try:
        with warnings.catch_warnings():  # of names that NumPy will forget
            warnings.simplefilter("ignore")
            return np.dtype(value).name
    except (TypeError, ValueError):
        return None
