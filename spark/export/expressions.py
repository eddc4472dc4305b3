"""A soma's own flow, level and jump as SymPy expressions: traced, never written a second time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import jax
import numpy as np

from ..core.hybrid import Values
from ..core.jaxpr import horner, trace, walk
from ..nn.components.somas import Soma

Expression = Any


def symbolic() -> Any:
    """SymPy, or a sentence that says how to get it."""
    try:
        import sympy
    except ImportError:
        raise ImportError(
            "Exported equations are derived with SymPy, which is not installed: pip install 'spark-somas[export]'."
        ) from None
    return sympy


@dataclass(frozen=True)
class Derived:
    """The equations of a soma as SymPy expressions in its own symbols.

    Attributes:
        parameters: the symbol of each quantity, by field.
        state: the symbol of each state variable, by name.
        current: the symbol of the input, pA.
        flow: ds/dt per ms of each state variable; that of a refractory clock is 0, solvers count it down.
        level: the potential above which it fires, mV.
        jump: each state variable right after a spike.
    """

    parameters: dict[str, Expression]
    state: dict[str, Expression]
    current: Expression
    flow: dict[str, Expression]
    level: Expression
    jump: dict[str, Expression]


def derive(kind: type[Soma], reserved: Collection[str] = ()) -> Derived:
    """The equations of a soma, whatever it is composed of.

    Args:
        kind: its class.
        reserved: names that its symbols must not take; a symbol that would is named after its field.

    Raises:
        ImportError: SymPy is not installed.
        ValueError: an operation of its equations has no counterpart in SymPy.
    """
    return _derived(kind, frozenset(reserved))


@cache
def _derived(kind: type[Soma], reserved: frozenset[str]) -> Derived:
    sympy, system, one = symbolic(), kind.system, np.float64(1)
    quantities = {name: q for name, q in kind.config_class.quantities().items() if not q.scalar}
    p = Values({name: one for name in quantities})
    s = Values({variable.name: one for variable in system.variables})
    names = _identifiers(
        [(("state", v.name), v.symbol) for v in system.variables]
        + [(("parameter", name), q.symbol) for name, q in quantities.items()],
        reserved | {"I"},
    )
    parameters = Values({name: sympy.Symbol(names["parameter", name], real=True) for name in p})
    state = Values({name: sympy.Symbol(names["state", name], real=True) for name in s})
    current = sympy.Symbol("I", real=True)

    def told(what: str, function: Callable[..., Any], examples: tuple[Any, ...], symbols: tuple[Any, ...]) -> Any:
        closed, shape = trace(function, *examples)
        emit = _rules(f"the {what} of {kind.__name__}")
        found = walk(closed, jax.tree.leaves(symbols), _constant, emit)
        return jax.tree.unflatten(jax.tree.structure(shape), found)

    flow = told("flow", system.flow, (p, s, one), (parameters, state, current))
    level = told("level", system.level, (p, s), (parameters, state))
    jump = told("jump", system.jump, (p, s), (parameters, state))
    order = [variable.name for variable in system.variables]
    return Derived(
        dict(parameters),
        {name: state[name] for name in order},
        current,
        {name: flow[name] for name in order},
        level,
        {name: jump[name] for name in order},
    )


def _constant(value: Any) -> Expression:
    sympy, plain = symbolic(), np.asarray(value).item()
    if isinstance(plain, bool):
        return sympy.true if plain else sympy.false
    return sympy.Integer(plain) if float(plain).is_integer() and abs(plain) < 1e15 else sympy.Float(plain, 17)


def _rules(where: str) -> Callable[[Any, list[Expression]], list[Expression]]:
    """The SymPy counterpart of JAX's elementwise operations."""
    sympy = symbolic()
    from sympy.codegen.cfunctions import expm1, log1p

    rules: dict[str, Callable[..., Expression]] = {
        "add": lambda x, y: x + y,
        "add_any": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "neg": lambda x: -x,
        "max": sympy.Max,
        "min": sympy.Min,
        "abs": sympy.Abs,
        "sign": sympy.sign,
        "square": lambda x: x**2,
        "sqrt": sympy.sqrt,
        "rsqrt": lambda x: 1 / sympy.sqrt(x),
        "exp": sympy.exp,
        "exp2": lambda x: 2**x,
        "expm1": expm1,
        "log": sympy.log,
        "log1p": log1p,
        "logistic": lambda x: 1 / (1 + sympy.exp(-x)),
        "pow": lambda x, y: x**y,
        "polynomial": horner,
        "floor": sympy.floor,
        "ceil": sympy.ceiling,
        "erf": sympy.erf,
        "eq": sympy.Eq,
        "ne": sympy.Ne,
        "lt": sympy.Lt,
        "le": sympy.Le,
        "gt": sympy.Gt,
        "ge": sympy.Ge,
        "and": sympy.And,
        "or": sympy.Or,
        "not": sympy.Not,
        "clamp": lambda low, x, high: sympy.Min(sympy.Max(x, low), high),
        "select_n": lambda which, no, yes: sympy.Piecewise((yes, which), (no, True)),
        "convert_element_type": lambda x: sympy.Piecewise((1, x), (0, True)) if x.is_Boolean or x.is_Relational else x,
    }
    rules |= {name: getattr(sympy, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
    rules |= {name: getattr(sympy, name) for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")}
    rules |= {name: lambda x: x for name in ("copy", "stop_gradient", "broadcast_in_dim", "reshape", "squeeze")}

    def emit(step: Any, inputs: list[Expression]) -> list[Expression]:
        name = step.primitive.name
        if name == "integer_pow":
            return [inputs[0] ** step.params["y"]]
        if name not in rules:
            raise ValueError(f"{where} uses JAX's operation {name!r}, which cannot be exported: write it without.")
        return [rules[name](*inputs)]

    return emit


def _identifiers(wanted: list[tuple[tuple[str, str], str]], reserved: Collection[str]) -> dict[tuple[str, str], str]:
    """A name for each of these (role, field): its symbol where that can be one and is free, else the field."""
    taken, found = set(reserved), {}
    for key, symbol in wanted:
        name = next(n for n in (_identifier(symbol), key[1], f"{key[1]}_{key[0]}") if n and n not in taken)
        found[key] = name
        taken.add(name)
    return found


def _identifier(symbol: str) -> str:
    r"""`V_\mathrm{rest}` as V_rest, `θ` as theta; "" where nothing is left that can be a name."""
    text = re.sub(r"\\mathrm|[{}\s]", "", symbol).replace("\\", "")
    spelled = "".join(
        unicodedata.name(c, "").rpartition(" ")[2].lower() if not c.isascii() and c.isalpha() else c for c in text
    )
    return spelled if spelled.isidentifier() and spelled.isascii() else ""
