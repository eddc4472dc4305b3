"""Goals as JavaScript, where a page without a server can measure what they name."""

from __future__ import annotations

import ast
import json

from ..session.session import Session
from .bench import MEASURES
from .expressions import parse
from .states import names_of

MEASURED = {
    "pattern": (),
    "rate": (),
    "spikes": ("since", "until"),
    "latency": (),
    "interval": (),
    "first_interval": (),
    "last_interval": (),
    "shortest_interval": (),
    "cv": (),
    "potential": ("at",),
    "highest": (),
    "lowest": (),
}
"""Measures of `app/client/course/measures.js`, with arguments of their own; `highest` and `lowest` of the potential."""
FUNCTIONS = ("abs", "exp", "log", "max", "min", "sqrt")
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.Eq: "===",
    ast.NotEq: "!==",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Not: "!",
    ast.And: "&&",
    ast.Or: "||",
}


class _Unmeasured(Exception):
    """The page cannot measure this."""


def condition(text: str, session: Session) -> str | None:
    """An expression as a JavaScript function of `m(name, own, changes)`, which measures, and `v(path)`, a value.

    None where it names something that the page cannot measure.
    """
    try:
        return f"(m, v) => {_script(parse(text), names_of(session))}"
    except _Unmeasured:
        return None


def _script(node: ast.AST, paths: dict[str, str]) -> str:
    def script(one: ast.AST) -> str:
        return _script(one, paths)

    match node:
        case ast.Constant(value=value):
            return json.dumps(value)
        case ast.Name(id=name):
            return _measure(name, {}, paths)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=keywords):
            if name in FUNCTIONS and not keywords:
                return f"Math.{name}({', '.join(map(script, given))})"
            if given:
                raise _Unmeasured
            return _measure(name, {str(one.arg): script(one.value) for one in keywords}, paths)
        case ast.BoolOp(op=op, values=parts):
            return f"({f' {_SIGNS[type(op)]} '.join(map(script, parts))})"
        case ast.UnaryOp(op=op, operand=one):
            return f"({_SIGNS[type(op)]}{script(one)})"
        case ast.BinOp(left=left, op=op, right=right):
            return f"({script(left)} {_SIGNS[type(op)]} {script(right)})"
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [script(one) for one in (left, *others)]
            pairs = [f"{sides[k]} {_SIGNS[type(op)]} {sides[k + 1]}" for k, op in enumerate(ops)]
            return f"({' && '.join(pairs)})"
    raise _Unmeasured


def _measure(name: str, keywords: dict[str, str], paths: dict[str, str]) -> str:
    if name in MEASURED:
        own = {key: value for key, value in keywords.items() if key in MEASURED[name]}
        changes = {key: value for key, value in keywords.items() if key not in own}
        if any(key not in paths for key in changes):
            raise _Unmeasured
        return f"m({json.dumps(name)}, {_object(own)}, {_object({paths[key]: one for key, one in changes.items()})})"
    if name in MEASURES or name not in paths or keywords:
        raise _Unmeasured
    return f"v({json.dumps(paths[name])})"


def _object(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(key)}: {value}" for key, value in values.items()) + "}"
