"""What runs on the host, outside of JAX's transformations."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import jax

P = ParamSpec("P")
T = TypeVar("T")


def outside(function: Callable[P, T]) -> Callable[P, T]:
    """The same function, which says under a transformation of JAX what to call instead."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (jax.errors.TracerArrayConversionError, jax.errors.ConcretizationTypeError):
            raise TypeError(
                f"{function.__name__} runs on the host and cannot be transformed by jax.jit, vmap or grad: call "
                "spark.scan there, or soma.step, which take parameters, state and current and return the state."
            ) from None

    return called
