"""What runs on the host, outside of JAX's transformations."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import jax

P = ParamSpec("P")
T = TypeVar("T")


def outside(function: Callable[P, T]) -> Callable[P, T]:
    """The same function, which says under a transformation of JAX what to call instead, and where memory ends."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (jax.errors.TracerArrayConversionError, jax.errors.ConcretizationTypeError):
            raise TypeError(
                f"{function.__name__} runs on the host and cannot be transformed by jax.jit, vmap or grad: call "
                "spark.scan there, or soma.step, which take parameters, state and current and return the state."
            ) from None
        except (MemoryError, jax.errors.JaxRuntimeError) as error:
            if not isinstance(error, MemoryError) and "RESOURCE_EXHAUSTED" not in str(error):
                raise
            raise ValueError(
                f"{function.__name__} needs more memory than there is: take fewer units or steps, record fewer "
                "variables or units (traces=), or not each step (every=)."
            ) from error

    return called
