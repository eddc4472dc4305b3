"""The walk through a trace tells every operation once, in order, calls followed."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from spark.core.jaxpr import depends, trace, walk
from tests.common import SOMAS


def told(function: Any, *names: str) -> list[str]:
    """What `function` computes, as text."""
    closed, _ = trace(function, *(np.float64(1) for _ in names))

    def emit(step: Any, inputs: list[str]) -> list[str]:
        return [f"{step.primitive.name}({', '.join(inputs)})" for _ in step.outvars]

    return walk(closed, names, lambda value: f"{float(value):g}", emit)


def test_operations_constants_and_results_in_order() -> None:
    assert told(lambda x, y: (x + 2 * y, x, 3.0 + 0 * x), "x", "y") == ["add(x, mul(2, y))", "x", "add(3, mul(0, x))"]


def test_a_captured_number_keeps_its_digits() -> None:
    captured = np.float64(1 / 3)
    closed, _ = trace(lambda x: x * captured, np.float64(1))
    found: list[float] = []
    walk(closed, ["x"], lambda value: found.append(float(value)) or "c", lambda step, inputs: ["y"])  # type: ignore[func-returns-value]
    assert found == [1 / 3]


def test_calls_are_followed() -> None:
    inner = jax.jit(lambda x: jnp.exp(x))
    assert told(lambda x: inner(inner(x)), "x") == ["exp(exp(x))"]

    @jax.custom_jvp
    def own(x: jax.Array) -> jax.Array:
        return jnp.sin(x)

    own.defjvp(lambda primals, tangents: (own(*primals), tangents[0]))
    assert told(lambda x: own(x) + 1, "x") == ["add(sin(x), 1)"]


def test_what_depends_on_the_state_is_found_in_the_trace() -> None:
    """Of Izhikevich's decay rates one does, of an exponential soma's none."""
    for name, expected in (("IzhikevichSoma", {"potential"}), ("AdaptiveExponentialSoma", set())):
        system = SOMAS[name].system
        p = SOMAS[name]().parameters((2,))
        found = depends(partial(system.rates, p), system.initial(p, p.potential_rest))
        assert {variable for variable, whether in found.items() if whether} == expected
