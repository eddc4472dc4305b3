"""Expressions of lessons: arithmetic, comparisons and measures by name; nothing else of Python is understood."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol

FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "exp": math.exp,
    "log": math.log,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
}
_TWO: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ONE: dict[type[ast.AST], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}


class Names(Protocol):
    """What names in an expression mean."""

    def look_up(self, name: str, given: tuple[Any, ...], changes: dict[str, Any]) -> Any:
        """The value of a name, with what stands in its brackets."""


def parse(text: str) -> ast.expr:
    """The expression as a tree.

    Raises:
        ValueError: it is none, or holds something else than numbers, texts, names, calls, arithmetic and comparisons.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text.strip()!r} is no expression: {error.msg}.") from error
    for node in ast.walk(tree):
        allowed = isinstance(
            node,
            (
                ast.Name,
                ast.Load,
                ast.BoolOp,
                ast.And,
                ast.Or,
                ast.BinOp,
                ast.UnaryOp,
                ast.Compare,
                ast.keyword,
                *_TWO,
                *_ONE,
            ),
        )
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        constant = isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str))
        if not (allowed or call or constant):
            raise ValueError(
                f"{ast.unparse(node)!r} is not understood: an expression has numbers, names, + - * / **, comparisons, "
                "and, or, not, and brackets, such as rate(amplitude=600) > 2 * rate."
            )
    return tree


def evaluate(text: str, names: Names) -> Any:
    """The value of an expression: a number, a text, or True or False.

    Raises:
        ValueError: it is none, a name means nothing, or it has no value.
    """
    try:
        return _value(parse(text), names)
    except (TypeError, ArithmeticError) as error:
        raise ValueError(f"{text.strip()!r} has no value: {error}.") from error


def _value(node: ast.AST, names: Names) -> Any:
    match node:
        case ast.Constant(value=bool(value) | str(value)):
            return value
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return names.look_up(name, (), {})
        case ast.Call(func=ast.Name(id=name), args=given, keywords=keywords):
            values = tuple(_value(one, names) for one in given)
            if name in FUNCTIONS and not keywords:
                return FUNCTIONS[name](*values)
            return names.look_up(name, values, {str(one.arg): _value(one.value, names) for one in keywords})
        case ast.BoolOp(op=op, values=parts):
            test = all if isinstance(op, ast.And) else any
            return test(_value(part, names) for part in parts)
        case ast.UnaryOp(op=op, operand=one):
            return _ONE[type(op)](_value(one, names))
        case ast.BinOp(left=left, op=op, right=right):
            return _TWO[type(op)](_value(left, names), _value(right, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            pairs = pairwise(_value(one, names) for one in (left, *others))
            return all(_TWO[type(op)](*pair) for op, pair in zip(ops, pairs, strict=True))
    raise ValueError(f"{ast.unparse(node)!r} is not understood.")  # what `parse` lets through is above
