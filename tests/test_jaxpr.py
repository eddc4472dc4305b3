"""The walk through a trace tells every operation once, in order, calls followed."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from spark.core.jaxpr import depends, horner, scan_sizes, trace, walk
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


def test_traces_of_other_releases_are_read() -> None:
    """JAX 0.12 says the sizes of a scan in another way, and has an operation for polynomials."""

    class Flat(tuple):
        def unpack(self) -> "Flat":
            return self

    older = {"num_consts": 2, "num_carry": 3}
    newer = {"ft_in": Flat(((None, None), (None, None, None), (None,)))}
    assert scan_sizes(older) == scan_sizes(newer) == (2, 3)
    made = jax.make_jaxpr(lambda x: jax.lax.scan(lambda c, y: (c * x + y, None), 0.0, jnp.arange(3.0))[0])(1.0)
    assert scan_sizes(made.eqns[-1].params) == (1, 1)
    assert horner(2.0, 1.0, 2.0, 3.0) == 17.0 and horner(2.0, 5.0) == 5.0
