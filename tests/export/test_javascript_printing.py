"""The printer of JavaScript: what is folded, what is computed once, and that loops and branches mean what they did."""

import re
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from benchmarks.javascript_engine import Engine
from spark.export.javascript_text import written

NUMBERS = np.random.default_rng(0).normal(0, 2, (40, 2))


def printed(function: Callable[..., Any]) -> tuple[str, str, str]:
    """Of f(a, x), where a is the same in every step: what is computed once, in each step, and the result."""
    found = written("a function", function, "a", "x")
    results = jax.tree.leaves(found.results)
    return "\n".join(found.once), "\n".join(found.each), f"[{', '.join(results)}]"


def holds(engine: Engine, function: Callable[..., Any]) -> str:
    """What is printed, once it gives in JavaScript what it gives in JAX."""
    once, each, result = printed(function)
    lines = f"export const f = (a, x) => {{\n{once}\n{each}\nreturn {result}.map(Number)\n}}"
    got = engine(lines, "return given.numbers.map(([a, x]) => module.f(a, x))", numbers=NUMBERS.tolist())
    with jax.enable_x64(True):
        expected = np.transpose(jax.tree.leaves(jax.jit(jax.vmap(function))(*NUMBERS.T))).astype(float)
    np.testing.assert_allclose(np.array(got, float), expected, rtol=1e-13, atol=1e-14)
    return f"{once}\n---\n{each}\n---\n{result}"


def test_constants_are_folded(engine: Engine) -> None:
    assert (
        holds(engine, lambda a, x: x * jnp.exp(jnp.float64(0.0)) + jnp.sqrt(jnp.float64(9.0)))
        == "\n---\n\n---\n[x + 3]"
    )
    assert holds(engine, lambda a, x: jnp.where(jnp.float64(2.0) > 1.0, x, a) - 0.0) == "\n---\n\n---\n[x]"


def test_what_is_the_same_in_every_step_is_computed_once(engine: Engine) -> None:
    told = holds(engine, lambda a, x: x * jnp.exp(-a * a) + jnp.exp(-a * a))
    once, each, result = told.split("\n---\n")
    assert once.count("Math.exp") == 1 and "Math.exp" not in each + result


def test_what_nobody_reads_is_not_printed() -> None:
    once, each, result = printed(lambda a, x: (jnp.sin(x), jnp.cos(a), x + 1.0)[2])
    assert (once, each, result) == ("", "", "[x + 1]")
    assert written("a function", lambda a, x: 2 * x, "a", "x").read == {"x"}


def test_variables_of_a_loop_are_swapped_at_once(engine: Engine) -> None:
    def swapped(a: Any, x: Any) -> Any:
        return lax.while_loop(lambda c: c[2] < 3, lambda c: (c[1], c[0], c[2] + 1), (a, x, 0))

    def turned(a: Any, x: Any) -> Any:
        return lax.while_loop(lambda c: c[3] < 4, lambda c: (c[1], c[2] + c[0], c[0], c[3] + 1), (a, x, a * x, 0))

    told = holds(engine, swapped)
    assert "while" in told
    holds(engine, turned)


def test_a_branch_in_a_loop_in_a_branch(engine: Engine) -> None:
    def function(a: Any, x: Any) -> Any:
        def body(c: Any) -> Any:
            left, total = c

            def yes() -> Any:
                turned = jnp.sin(left)
                return left - 0.5, total - turned * turned

            return lax.cond(total > left, yes, lambda: (left - 0.7, total * a))

        def long() -> Any:
            return lax.while_loop(lambda c: c[0] > 0, body, (jnp.abs(x), a))

        return lax.cond(x > a, long, lambda: (x, a))

    told = holds(engine, function)
    assert told.count("while") == 1 and told.count("if (") == 2


def test_a_loop_in_a_loop(engine: Engine) -> None:
    def inner(c: Any) -> Any:
        return lax.while_loop(lambda d: d[0] < 3, lambda d: (d[0] + 1, d[1] * 0.5 + c[1]), (0, c[1]))[1]

    holds(engine, lambda a, x: lax.while_loop(lambda c: c[0] < 4, lambda c: (c[0] + 1, inner(c) + a), (0, x)))


def test_a_condition_that_takes_statements(engine: Engine) -> None:
    def going(c: Any) -> Any:
        moved = jnp.exp(c[1]) + jnp.exp(c[1]) ** 2
        return (moved > 0.1) & (moved < 50.0) & (c[0] < 5)

    told = holds(engine, lambda a, x: lax.while_loop(going, lambda c: (c[0] + 1, c[1] - 0.3), (0, x)))
    assert "while (true)" in told


def test_what_a_loop_reads_is_computed_before_it(engine: Engine) -> None:
    def function(a: Any, x: Any) -> Any:
        held = jnp.exp(jnp.sin(x) * a)
        return lax.while_loop(lambda c: c[0] < 6, lambda c: (c[0] + 1, c[1] * 0.9 + held), (0, x))[1]

    told = holds(engine, function)
    before, within = told.split("while")
    assert "Math.exp" in before and "Math.exp" not in within


def test_what_is_known_in_a_branch_is_not_asked_again(engine: Engine) -> None:
    def function(a: Any, x: Any) -> Any:
        hit = x > a
        return lax.cond(hit, lambda: jnp.where(hit, jnp.sin(x), 99.0), lambda: jnp.where(hit, 99.0, jnp.cos(x)))

    assert "99" not in holds(engine, function)


def test_what_only_one_branch_reads_is_computed_there(engine: Engine) -> None:
    def function(a: Any, x: Any) -> Any:
        costly, shared = jnp.exp(x), jnp.sin(x)

        def yes() -> Any:
            return costly + costly * a + shared, lax.cond(a > 0, lambda: costly, lambda: shared)

        return lax.cond(x > a, yes, lambda: (shared, x))

    before, within = holds(engine, function).split("if (", 1)
    assert "Math.exp" not in before and within.count("Math.exp") == 1
    assert before.count("Math.sin") == 1 and "Math.sin" not in within


def test_short_loops_of_known_length_are_unrolled(engine: Engine) -> None:
    told = holds(engine, lambda a, x: lax.fori_loop(0, 3, lambda k, y: y * 0.5 + k * a, x))
    assert "while" not in told and "for" not in told
    told = holds(engine, lambda a, x: jnp.polyval(jnp.array([0.5, -2.0, 3.0]), x))
    assert "while" not in told


@pytest.mark.parametrize(
    "function",
    [
        lambda a, x: (x**2, x**3, x**-2, jnp.sqrt(x * x), lax.rsqrt(1 + x * x), jnp.cbrt(x), x**2.0 / (1 + a * a)),
        lambda a, x: (-x, a - (x - a), a / (x / (a + 9)), 2 - (-3 * x), (a + x) * -2.0, lax.rem(x, a)),
        lambda a, x: ((a < x) & (x < 1) | (a > 2), ~(a > x), jnp.where(a > x, a, jnp.where(x > 0, x, -a)), x != a),
        lambda a, x: (lax.clamp(-1.0, x, 1.0), jnp.sign(x), jnp.floor(x), jnp.ceil(a), jnp.maximum(a, x), jnp.abs(x)),
        lambda a, x: (jax.nn.sigmoid(x), jax.nn.softplus(a), jnp.tanh(x), jnp.expm1(a), jnp.log1p(x * x), jnp.exp2(x)),
        lambda a, x: (jnp.float64(x > a) + 1, (x * 3).astype(int), jnp.isfinite(x / 0.0), jnp.arctan2(a, x)),
        lambda a, x: (x - -0.0, x + jnp.inf, jnp.minimum(x, -jnp.inf), 1e300 * x, 1e-12 * x, 1234567890123456.0 + a),
    ],
    ids=["powers", "signs", "truth", "pieces", "special", "kinds", "constants"],
)
def test_operations(engine: Engine, function: Callable[..., Any]) -> None:
    holds(engine, function)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (
            lambda a, x: lax.erf_inv(x),
            "uses JAX's operation 'erf_inv', which JavaScript cannot be told: write it without",
        ),
        (lambda a, x: jnp.full(3, x).sum(), "'broadcast_in_dim' on an array, and JavaScript is told of one number"),
        (lambda a, x: (x * jnp.array([1.0, 2.0])).sum(), "on an array, and JavaScript is told of one number at a time"),
        (lambda a, x: lax.fori_loop(0, 17, lambda k, y: y * a, x), "operation 'scan'"),
        (lambda a, x: jnp.int64(x) // 2, "which JavaScript cannot be told"),
    ],
    ids=["unknown", "array", "constants", "long", "whole"],
)
def test_what_cannot_be_told_is_refused(function: Callable[..., Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        printed(function)
