"""A soma's own equations, evaluated by NumPy on the host in float64.

A phase plane asks for the flow and its derivatives at a few hundred points whenever a slider moves. Called as it
stands, the flow leaves NumPy for JAX at the first `jnp.exp`: float32, a tenth of a millisecond, and a queue shared
with the runs. Restating it in NumPy would be a second place for every equation. So it is traced once for each soma,
and the trace, a list of elementwise operations, is evaluated here; derivatives are traced by JAX from the same flow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.hybrid import Values
from ..core.jaxpr import horner, trace, walk
from ..nn.components.somas import Soma

Array = Any
RULES: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "add_any": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "max": np.maximum,
    "min": np.minimum,
    "abs": np.abs,
    "sign": np.sign,
    "square": np.square,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "pow": np.power,
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "not": np.bitwise_not,
    "clamp": lambda low, x, high: np.minimum(np.maximum(x, low), high),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "select_n": lambda which, no, yes: np.where(which, yes, no),
    "polynomial": horner,
    "copy": np.asarray,
    "stop_gradient": np.asarray,
}
WITH_PARAMETERS: dict[str, Callable[..., Array]] = {
    "integer_pow": lambda x, y: np.power(x, y) if y >= 0 else 1 / np.power(x, -y),
    "convert_element_type": lambda x, new_dtype, **_: np.asarray(x, new_dtype),
}


def on_host(function: Callable[..., Any], *examples: Any) -> Callable[..., Any]:
    """`function`, elementwise and written for JAX, as a function of NumPy arrays of any shapes that broadcast.

    Args:
        function: takes and returns pytrees of numbers.
        examples: arguments of the same structure, scalars; their values do not matter.
    """
    closed, shape = trace(function, *examples)
    tree, program = jax.tree.structure(shape), _Program(closed)

    def call(*given: Any) -> Any:
        with np.errstate(all="ignore"):  # both sides of a `where` are evaluated
            return jax.tree.unflatten(tree, program.run(jax.tree.leaves(given)))

    return call


class _Program:
    """A trace as a flat list of NumPy calls on numbered slots: nothing is computed twice, or for nothing.

    The derivatives by each variable share the flow itself; that halves their cost.
    """

    def __init__(self, closed: Any) -> None:
        self._fixed: list[Array] = [None] * len(closed.jaxpr.invars)  # slots of the arguments, then constants
        self._steps: list[tuple[Callable[..., Array], tuple[int, ...], int]] = []
        self._found: dict[Any, int] = {}
        arguments = list(range(len(self._fixed)))
        self._results = walk(closed, arguments, self._constant, self._emit_all)
        needed = set(self._results)
        kept = []
        for step in reversed(self._steps):
            if step[2] in needed:
                needed.update(step[1])
                kept.append(step)
        self._steps = kept[::-1]

    def run(self, given: list[Array]) -> list[Array]:
        slots = given + self._fixed[len(given) :]
        for rule, inputs, output in self._steps:
            slots[output] = rule(*[slots[i] for i in inputs])
        return [slots[i] for i in self._results]

    def _constant(self, value: Any) -> int:
        array = np.asarray(value)
        return self._slot((array.dtype.str, array.shape, array.tobytes()), array)

    def _emit_all(self, step: Any, inputs: list[int]) -> list[int]:
        return [self._emit(step, inputs, i) for i in range(len(step.outvars))]

    def _emit(self, step: Any, inputs: list[int], which: int) -> int:
        name = step.primitive.name
        key = (name, tuple(inputs), str(step.params), which)
        if key not in self._found:
            if name in RULES:
                rule = RULES[name]
            elif name in WITH_PARAMETERS:
                rule = partial(WITH_PARAMETERS[name], **step.params)
            else:
                rule = partial(_ask_jax, step, which)
            self._steps.append((rule, tuple(inputs), self._slot(key, None)))
        return self._found[key]

    def _slot(self, key: Any, value: Array) -> int:
        if key not in self._found:
            self._found[key] = len(self._fixed)
            self._fixed.append(value)
        return self._found[key]


def _ask_jax(step: Any, which: int, *inputs: Array) -> Array:
    """An operation without a rule: slower, and right."""
    with jax.enable_x64(True):
        result = step.primitive.bind(*map(jnp.asarray, np.broadcast_arrays(*inputs)), **step.params)
    return np.asarray(result[which] if step.primitive.multiple_results else result)


@dataclass(frozen=True)
class Equations:
    """What a soma does, on the host; `p` and `s` are `Values` of float64 numbers or arrays.

    Attributes:
        parameters: names of its parameters.
        state: names of its state variables.
        flow: (p, s, current in pA) -> ds/dt per ms.
        slopes: (p, s, current) -> derivatives of the flow: slopes[by][of] is that of `of` by the variable `by`;
            there are none by the refractory clock.
        level: (p, s) -> potential at which it fires, mV.
        jump: (p, s) -> state right after a spike.
    """

    parameters: tuple[str, ...]
    state: tuple[str, ...]
    flow: Callable[[Values, Values, Array], Values]
    slopes: Callable[[Values, Values, Array], dict[str, Values]]
    level: Callable[[Values, Values], Array]
    jump: Callable[[Values, Values], Values]


@cache
def equations(kind: type[Soma]) -> Equations:
    """A soma's equations, traced once for each class."""
    system, one = kind.system, np.float64(1)
    p = Values({name: one for name, q in kind.config_class.quantities().items() if not q.scalar})
    state = jax.eval_shape(lambda p: system.initial(p, p.potential_rest), p)
    s = Values({name: one for name in state})

    def slopes(p: Values, s: Values, current: Array) -> dict[str, Values]:
        def along(name: str) -> Values:
            seed = Values({n: np.float64(n == name) for n in s})
            return jax.jvp(lambda x: system.flow(p, x, current), (s,), (seed,))[1]

        return {name: along(name) for name in s if name != "refractory"}  # a clock that solvers count down

    return Equations(
        parameters=tuple(p),
        state=tuple(state),
        flow=on_host(system.flow, p, s, one),
        slopes=on_host(slopes, p, s, one),
        level=on_host(system.level, p, s),
        jump=on_host(system.jump, p, s),
    )
