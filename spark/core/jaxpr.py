"""One walk through a trace of JAX, for all that reads equations there: NumPy on the host, exported code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import jax
from jax.extend.core import Literal

T = TypeVar("T")
BODIES = ("jaxpr", "call_jaxpr")
"""Where a step that calls another trace keeps it."""


def trace(function: Callable[..., Any], *examples: Any) -> tuple[Any, Any]:
    """`function` as a closed jaxpr in float64, and the shapes of its result as a pytree.

    Args:
        function: takes and returns pytrees of numbers, elementwise.
        examples: arguments of the same structure, scalars; their values do not matter.
    """
    with jax.enable_x64(True):  # for this thread, or constants would be rounded to float32
        return jax.make_jaxpr(function, return_shape=True)(*examples)


def walk(
    closed: Any,
    inputs: Sequence[T],
    constant: Callable[[Any], T],
    emit: Callable[[Any, list[T]], Sequence[T]],
) -> list[T]:
    """What a trace computes, in whatever its operations are told as; calls of other traces are followed.

    Args:
        closed: a closed jaxpr.
        inputs: what stands for its arguments, leaf by leaf.
        constant: what stands for a number.
        emit: (step, inputs) -> what stands for the results of one operation; `step.primitive.name` says which it is,
            `step.params` what it was called with.

    Returns:
        What stands for the results of the trace, leaf by leaf.
    """
    known = dict(zip(closed.jaxpr.invars, inputs, strict=True))
    known.update((v, constant(c)) for v, c in zip(closed.jaxpr.constvars, closed.consts, strict=True))

    def read(v: Any) -> T:
        return constant(v.val) if isinstance(v, Literal) else known[v]

    for step in closed.jaxpr.eqns:
        inner = [read(v) for v in step.invars]
        body = next((step.params[key] for key in BODIES if key in step.params), None)
        if body is not None and step.primitive.name.endswith(("jit", "call")):
            results: Sequence[T] = walk(body, inner, constant, emit)
        else:
            results = emit(step, inner)
        known.update(zip(step.outvars, results, strict=True))
    return [read(v) for v in closed.jaxpr.outvars]


def horner(x: Any, *coefficients: Any) -> Any:
    """`polynomial` of a trace (since JAX 0.12): the sum of coefficients[k] x^k."""
    found = coefficients[-1]
    for one in reversed(coefficients[:-1]):
        found = found * x + one
    return found


def scan_sizes(params: Any) -> tuple[int, int]:
    """Of a `scan` in a trace: how many of its arguments are the same in every round, and how many are carried along."""
    if "num_consts" in params:
        return params["num_consts"], params["num_carry"]
    consts, carried, _ = params["ft_in"].unpack()  # since JAX 0.12
    return len(consts), len(carried)


def depends(function: Callable[[Any], Any], example: Any) -> Any:
    """Which parts of `function(example)` depend on its argument at all: a bool for each leaf of its result."""
    closed, shape = jax.make_jaxpr(function, return_shape=True)(example)
    leaves = walk(
        closed,
        [True] * len(closed.jaxpr.invars),
        lambda number: False,
        lambda step, inputs: [any(inputs)] * len(step.outvars),
    )
    return jax.tree.unflatten(jax.tree.structure(shape), leaves)
