"""Values that are computed from values as statements of JavaScript: branches as branches, loops as loops."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax

from .javascript_trace import traced
from .javascript_values import Block, Fork, Node, counted, settled

ATOM, UNARY, TIMES, PLUS, LESS, EQUAL, AND, OR, WHICH = 20, 15, 13, 12, 10, 9, 5, 4, 3
"""How tightly JavaScript's operators bind."""
LONGEST = 90
"""Characters of an expression; what would be longer gets a name for its parts."""
Rule = Callable[..., tuple[str, int]]


def _between(sign: str, level: int) -> Rule:
    return lambda x, y: (f"{x(level)} {sign} {y(level + 1)}", level)


def _call(name: str) -> Rule:
    return lambda *inputs: (f"{name}({', '.join(x(0) for x in inputs)})", ATOM)


RULES: dict[str, Rule] = {
    "add": _between("+", PLUS),
    "add_any": _between("+", PLUS),
    "sub": _between("-", PLUS),
    "mul": _between("*", TIMES),
    "div": _between("/", TIMES),
    "rem": _between("%", TIMES),
    "neg": lambda x: (f"-{x(UNARY + 1)}", UNARY),
    "not": lambda x: (f"!{x(UNARY + 1)}", UNARY),
    "and": _between("&&", AND),
    "or": lambda x, y: (f"{x(OR + 2)} || {y(OR + 2)}", OR),
    "lt": _between("<", LESS),
    "le": _between("<=", LESS),
    "gt": _between(">", LESS),
    "ge": _between(">=", LESS),
    "eq": _between("===", EQUAL),
    "ne": _between("!==", EQUAL),
    "select_n": lambda which, no, yes: (f"{which(WHICH + 1)} ? {yes(WHICH + 1)} : {no(WHICH)}", WHICH),
    "clamp": lambda low, x, high: (f"Math.min(Math.max({low(0)}, {x(0)}), {high(0)})", ATOM),
    "logistic": lambda x: (f"1 / (1 + Math.exp(-{x(UNARY + 1)}))", TIMES),
    "rsqrt": lambda x: (f"1 / Math.sqrt({x(0)})", TIMES),
    "is_finite": _call("Number.isFinite"),
    "exp2": lambda x: (f"Math.pow(2, {x(0)})", ATOM),
    "trunc": _call("Math.trunc"),
    "number": lambda x: (f"{x(WHICH + 1)} ? 1 : 0", WHICH),
    "truth": lambda x: (f"{x(EQUAL)} !== 0", EQUAL),
}
RULES |= {name: _call(f"Math.{name}") for name in ("max", "min", "abs", "sign", "sqrt", "cbrt", "floor", "ceil", "pow")}
RULES |= {name: _call(f"Math.{name}") for name in ("exp", "expm1", "log", "log1p", "sin", "cos", "tan", "atan2")}
RULES |= {name: _call(f"Math.{name}") for name in ("sinh", "cosh", "tanh", "asin", "acos", "atan")}
RULES |= {name: _call(f"Math.{name}") for name in ("asinh", "acosh", "atanh")}


@dataclass(frozen=True)
class Written:
    """A function of numbers as JavaScript.

    Attributes:
        once: statements that compute what is the same in every step.
        each: statements of a step.
        results: expressions of what it gives, in its structure.
        read: the names of its arguments that are read at all.
    """

    once: list[str]
    each: list[str]
    results: Any
    read: frozenset[str]


def written(what: str, function: Callable[..., Any], fixed: Any, *moving: Any) -> Written:
    """The statements that compute a function of numbers, and expressions of its results.

    Args:
        what: what it is, for the error.
        function: of pytrees of numbers: of `fixed`, then of each of `moving`.
        fixed: the names in JavaScript of what is the same in every step, a pytree of texts.
        moving: the names of the other arguments.

    Raises:
        ValueError: an operation of JAX that has no counterpart in JavaScript; it is named.
    """
    once, each, arguments, results, shape = traced(what, RULES, function, fixed, moving)
    for node in results:
        counted(node, each.depth)
        node.readers.append(each)
    settled(each)
    settled(once)
    printed, before, step = _Printer(), list[str](), list[str]()
    printed.block(once, before)
    printed.block(each, step)
    texts = [printed.text(node) for node in results]
    read = frozenset(node.text for node in arguments if node.uses)
    return Written(before, step, jax.tree.unflatten(shape, texts), read)


class _Printer:
    """Writes nodes: what is read once stands where it is read, all else has a name."""

    def __init__(self) -> None:
        self.count = 0

    def name(self) -> str:
        self.count += 1
        return f"x{self.count}"

    def block(self, block: Block, out: list[str]) -> None:
        for node in block.own:
            if isinstance(node, Node):
                if node.uses > 1 and not node.text:
                    self.named(node, out)
                elif node.uses == 1:
                    self.long(node, out)
            elif node.seen:
                self.loop(node, out) if node.which is None else self.branch(node, out)

    def named(self, node: Node, out: list[str]) -> None:
        text = self.text(node)
        node.text = self.name()
        out.append(f"const {node.text} = {text}")

    def long(self, node: Node, out: list[str]) -> None:
        """Give names to parts of what would be a long line."""
        sized = [(len(self.text(other)), other) for other in node.inputs if other.operation in RULES and not other.text]
        if sum(size for size, _ in sized) > LONGEST:
            self.named(max(sized, key=lambda pair: pair[0])[1], out)

    def text(self, node: Node, level: int = 0) -> str:
        """As an expression that binds at least so tightly."""
        if node.text:
            return node.text
        if node.operation == "constant":
            return _number(node.value, level)
        text, own = RULES[node.operation](*(lambda least, x=x: self.text(x, least) for x in node.inputs))
        return f"({text})" if own < level else text

    def branch(self, fork: Fork, out: list[str]) -> None:
        assert fork.which is not None
        wanted = [node for node in fork.results.values() if node.uses]
        bodies: list[list[str]] = [[], []]
        for block, body in zip(fork.blocks, bodies, strict=True):
            self.block(block, body)
        no, yes = ([self.text(outputs[node.place], WHICH + 1) for node in wanted] for outputs in fork.outputs)
        if not any(bodies):
            if len(wanted) > 1 and not fork.which.text and fork.which.operation != "constant":
                self.named(fork.which, out)
            for node, one, other in zip(wanted, yes, no, strict=True):
                node.text = self.name()
                out.append(f"const {node.text} = {self.text(fork.which, WHICH + 1)} ? {one} : {other}")
            return
        # Where most ways lead to what is known already, that is what the names begin with.
        plain = not bodies[0]
        for node, other in zip(wanted, no, strict=True):
            node.text = self.name()
            out.append(f"let {node.text} = {other}" if plain else f"let {node.text}")
        for body, results in ((bodies[1], yes), (bodies[0], no)):
            body += [f"{node.text} = {result}" for node, result in zip(wanted, results, strict=True)]
        out.append(f"if ({self.text(fork.which)}) {{")
        out += [f"  {line}" for line in bodies[1]]
        out += ["}"] if plain else ["} else {", *(f"  {line}" for line in bodies[0]), "}"]

    def loop(self, fork: Fork, out: list[str]) -> None:
        for place, (node, begin) in enumerate(zip(fork.carried, fork.begin, strict=True)):
            if node is begin:
                continue
            text = self.text(begin)
            node.text = self.name()
            out.append(f"let {node.text} = {text}")
            if place in fork.results:
                fork.results[place].text = node.text
        asked: list[str] = []
        self.block(fork.blocks[0], asked)
        going = self.text(fork.outputs[0][0])
        body: list[str] = []
        self.block(fork.blocks[1], body)
        moved = [
            (node.text, after)
            for node, after in zip(fork.carried, fork.outputs[1], strict=True)
            if node.operation == "carried" and node is not after
        ]
        texts = {own: self.text(after) for own, after in moved}
        if len(texts) > 1:  # all at once: none of them is read when it has been changed
            fast = {
                own for own, after in moved if after.operation == "constant" or (after.text and after.text not in texts)
            }
            kept = {own: texts[own] if own in fast else self.name() for own in texts}
            body += [f"const {kept[own]} = {text}" for own, text in texts.items() if own not in fast]
            texts = kept
        body += [f"{own} = {text}" for own, text in texts.items()]
        if asked:
            out += ["while (true) {", *(f"  {line}" for line in asked), f"  if (!({going})) break"]
        else:
            out.append(f"while ({going}) {{")
        out += [*(f"  {line}" for line in body), "}"]


def _number(value: Any, level: int = 0) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        text = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    else:
        text = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
        text = "-0" if value == 0 and math.copysign(1.0, value) < 0 else text
    return f"({text})" if text.startswith("-") and level > UNARY - 1 else text
