"""Numbers as they come, and how large they may be: what everything that takes numbers asks first."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .echo import echo
from .memory import check_memory

LARGEST, SMALLEST = 1e30, 1e-30
"""Sizes that are computed with: single precision ends at 3e38 and 1e-38, and products and quotients need some room."""
UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError, MemoryError)
"""What NumPy raises for lists of several lengths, too deep ones, too large ones, and for objects of somebody's own."""


def real(dtype: Any) -> bool:
    """Whether these are numbers on the real line, JAX's short ones (bfloat16) among them."""
    return bool(jnp.issubdtype(dtype, jnp.floating) or jnp.issubdtype(dtype, jnp.integer))


def as_float(value: Any) -> float:
    """A number of any kind as one of Python's; one that is beyond them is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def as_numbers(value: Any, name: str, unit: str) -> np.ndarray | jax.Array:
    """An array of real numbers as it is, lists of them as an array; `name` is what they are called.

    Raises:
        TypeError: anything else.
        ValueError: they are more than memory holds.
    """
    try:
        array = value if isinstance(value, (np.ndarray, jax.Array)) else np.asarray(value)
    except UNREADABLE:
        array = np.empty(0, object)
    if not real(array.dtype):
        if array.dtype == object:
            raise TypeError(f"{name} takes numbers{unit}, in lists of one length, not {echo(value)} (dtype object).")
        raise TypeError(f"{name} takes numbers{unit}; the array given has dtype {array.dtype}.")
    check_memory(8.0 * array.size, f"{name} with {array.size:,} values", "give fewer")
    return array


def too_large(values: np.ndarray) -> tuple[int, ...] | None:
    """Where the first value lies that is no number, or a larger one than can be computed with; None for nowhere."""
    with np.errstate(invalid="ignore"):
        if not values.size or (float(values.min()) >= -LARGEST and float(values.max()) <= LARGEST):
            return None
    return tuple(int(i) for i in np.argwhere(~(np.abs(values.astype(float)) <= LARGEST))[0])


def check_size(value: Any, given: Any, name: str, unit: str) -> None:
    """Raise a ValueError if a number is none, or of many one; or if it is larger than can be computed with."""
    if isinstance(value, float):
        if -LARGEST <= value <= LARGEST:
            return
    elif (place := too_large(np.asarray(value))) is None:
        return
    else:  # the first one that is wrong says more than an array that is cut
        value = float(np.asarray(value)[place])
    if math.isfinite(value):
        raise ValueError(f"{name} = {value:g}{unit} is too large: give a number of at most {LARGEST:g} in size.")
    told = value if isinstance(given, (float, np.ndarray, jax.Array)) else echo(given)
    raise ValueError(f"{name} must be finite, got {told}: give a number{f' in{unit}' if unit else ''}.")
