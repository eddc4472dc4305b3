"""Values that are known, and those that a transformation of JAX stands for."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np


def known(value: Any) -> bool:
    """Whether a value is there, and not traced by a transformation."""
    return not isinstance(value, jax.core.Tracer)


def on_host(value: Any) -> Any:
    """The value as a NumPy array in float64, where it is known."""
    return np.asarray(value, float) if known(value) else value
