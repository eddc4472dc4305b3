"""A trace of JAX as values that are computed from values: constants folded, what has nothing to do left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import jax
import numpy as np

from ..core.jaxpr import scan_sizes, trace, walk
from .javascript_values import ONCE, Block, Fork, Node, constant, is_constant

UNROLLED = 16
"""Times that a loop of known length goes round at most: JavaScript is told each of them."""
SAME = frozenset(
    {"copy", "copy_p", "stop_gradient", "broadcast_in_dim", "reshape", "squeeze", "optimization_barrier", "reduce_or"}
    | {"reduce_and", "reduce_max", "reduce_min", "reduce_sum"}
)
"""What changes no number: they are told of one neuron, which has no axes."""
LOOPS = ("cond", "while", "scan")
NOTHING = {"mul": 1.0, "div": 1.0, "add": 0.0, "sub": 0.0}
"""With which second number an operation changes nothing."""
TRUE = frozenset(("not", "and", "or", "lt", "le", "gt", "ge", "eq", "ne", "is_finite", "truth"))


def traced(
    what: str, known: Collection[str], function: Callable[..., Any], fixed: Any, moving: Any
) -> tuple[Block, Block, list[Node], list[Node], Any]:
    """A function of numbers as values.

    Args:
        what: what it is, for the error.
        known: the operations that can be told.
        function: of pytrees of numbers: of `fixed`, then of each of `moving`.
        fixed: names of what is the same in every step.
        moving: names of the other arguments.

    Returns:
        What is computed once, what is computed in each step, the arguments and the results leaf by leaf, and the
        results' structure.

    Raises:
        ValueError: an operation that cannot be told; it is named.
    """
    closed, shape = trace(function, *jax.tree.map(lambda name: np.float64(1), (fixed, *moving)))
    arguments = [Node("argument", text=name, depth=ONCE) for name in jax.tree.leaves(fixed)]
    arguments += [Node("argument", text=name) for name in jax.tree.leaves(moving)]
    once = Block(depth=ONCE)
    each = Block(once)
    results = _Builder(what, known).walked(closed, arguments, each)
    return once, each, arguments, results, jax.tree.structure(shape)


class _Builder:
    """Makes values of a trace."""

    def __init__(self, what: str, known: Collection[str]) -> None:
        self.what, self.known = what, known

    def walked(self, closed: Any, inputs: Sequence[Node], block: Block) -> list[Node]:
        return walk(closed, inputs, constant, lambda step, given: self.emit(step, given, block))

    def emit(self, step: Any, inputs: list[Node], block: Block) -> list[Node]:
        name, params = step.primitive.name, step.params
        if name == "cond" and len(params["branches"]) == 2:
            return self.branch(inputs[0], inputs[1:], params["branches"], block)
        if name == "while":
            return self.loop(inputs, params, block)
        if name == "scan" and _short(inputs, params, len(step.outvars)):
            return self.unrolled(inputs, params, block)
        if name not in LOOPS and all(node.operation == "constant" for node in inputs):
            return folded(step, inputs)
        if any(v.aval.size != 1 for v in (*step.invars, *step.outvars)):
            raise ValueError(
                f"{self.what} uses JAX's operation {name!r} on an array, and JavaScript is told of one number at a "
                "time: write it without."
            )
        if name in SAME:
            return inputs
        if name == "polynomial":
            return [self.polynomial(inputs[0], inputs[1:], block)]
        if name == "square" or (name == "integer_pow" and params["y"] != 0):
            return [self.power(inputs[0], params.get("y", 2), block)]
        kinds = {v.aval.dtype.kind for v in step.invars}
        if name == "convert_element_type":
            return [self.converted(inputs[0], kinds.pop(), np.dtype(params["new_dtype"]).kind, block)]
        whole = kinds <= {"i", "u"} if name in ("div", "rem") else name in ("and", "or", "not") and kinds != {"b"}
        if name not in self.known or whole or (name == "select_n" and len(inputs) != 3):
            raise ValueError(
                f"{self.what} uses JAX's operation {name!r}, which JavaScript cannot be told: write it without."
            )
        return [self.node(name, inputs, block)]

    def node(self, name: str, inputs: Sequence[Node], block: Block) -> Node:
        if name == "select_n" and (known := block.holds(inputs[0])) is not None:
            return inputs[2 if known else 1]
        short = _shorter(name, inputs)
        if short is not None:
            return short
        if all(node.once for node in inputs):
            block = block.outermost
        key = (name, *(repr(node.value) if node.operation == "constant" else id(node) for node in inputs))
        found = block.find(key)
        if found is None:
            truth = name in TRUE or (name == "select_n" and all(node.truth for node in inputs[1:]))
            found = block.known[key] = Node(name, tuple(inputs), block.depth, truth=truth)
            block.nodes.append(found)
        return found

    def polynomial(self, x: Node, coefficients: Sequence[Node], block: Block) -> Node:
        """The sum of coefficients[k] x^k, from the last on."""
        found = coefficients[-1]
        for one in reversed(coefficients[:-1]):
            found = self.node("add", (self.node("mul", (found, x), block), one), block)
        return found

    def power(self, x: Node, exponent: int, block: Block) -> Node:
        """By squaring, as XLA does it."""
        left, square, found = abs(exponent), x, None
        while left:
            if left & 1:
                found = square if found is None else self.node("mul", (found, square), block)
            left >>= 1
            square = self.node("mul", (square, square), block) if left else square
        assert found is not None
        return found if exponent > 0 else self.node("div", (constant(1.0), found), block)

    def converted(self, x: Node, before: str, kind: str, block: Block) -> Node:
        if kind in "iu" and before == "f":
            return self.node("trunc", (x,), block)
        if (kind == "b") == x.truth:
            return x
        return self.node("truth" if kind == "b" else "number", (x,), block)

    def branch(self, index: Node, inputs: list[Node], branches: Sequence[Any], block: Block) -> list[Node]:
        if index.operation == "constant":
            return self.walked(branches[int(index.value)], inputs, block)
        which = index.inputs[0] if index.operation == "number" else self.node("truth", (index,), block)
        blocks = (Block(block, block.depth, (which, False)), Block(block, block.depth, (which, True)))
        outputs = [self.walked(body, inputs, own) for body, own in zip(branches, blocks, strict=True)]
        fork = Fork(blocks, (outputs[0], outputs[1]), which)
        block.nodes.append(fork)
        return [
            no if _equal(no, yes) else _result(fork, place, block.depth, no.truth)
            for place, (no, yes) in enumerate(zip(*outputs, strict=True))
        ]

    def unrolled(self, inputs: list[Node], params: Any, block: Block) -> list[Node]:
        """A short loop of known length, over nothing or over constants: such as a polynomial."""
        consts, carries = scan_sizes(params)
        held, state, over = inputs[:consts], inputs[consts : consts + carries], inputs[consts + carries :]
        for k in range(params["length"]):
            at = params["length"] - 1 - k if params["reverse"] else k
            state = self.walked(params["jaxpr"], [*held, *state, *(constant(xs.value[at]) for xs in over)], block)
        return state

    def loop(self, inputs: list[Node], params: Any, block: Block) -> list[Node]:
        first, second = params["cond_nconsts"], params["body_nconsts"]
        asked, held, begin = inputs[:first], inputs[first : first + second], inputs[first + second :]
        variables = params["body_jaxpr"].jaxpr.invars[second:]
        # What the body hands on as it is never changes.
        moving = [out is not own for out, own in zip(params["body_jaxpr"].jaxpr.outvars, variables, strict=True)]
        blocks = (Block(block, block.depth + 1), Block(block, block.depth + 1))
        carried = [
            Node("carried", depth=block.depth + 1, truth=node.truth) if moves else node
            for node, moves in zip(begin, moving, strict=True)
        ]
        going = self.walked(params["cond_jaxpr"], [*asked, *carried], blocks[0])
        after = self.walked(params["body_jaxpr"], [*held, *carried], blocks[1])
        fork = Fork(blocks, (going, after), begin=begin, carried=carried)
        block.nodes.append(fork)
        return [
            _result(fork, place, block.depth, node.truth) if moves else node
            for place, (node, moves) in enumerate(zip(begin, moving, strict=True))
        ]


def folded(step: Any, inputs: list[Node]) -> list[Node]:
    """What an operation gives of constants."""
    with jax.enable_x64(True):
        found = step.primitive.bind(*(np.asarray(node.value) for node in inputs), **step.params)
    return [constant(value) for value in (found if step.primitive.multiple_results else [found])]


def _short(inputs: list[Node], params: Any, results: int) -> bool:
    """Whether a loop over nothing, or over constants, goes round few times and keeps no list."""
    consts, carries = scan_sizes(params)
    over = inputs[consts + carries :]
    kept = results == carries and all(node.operation == "constant" for node in over)
    return kept and params["length"] <= UNROLLED


def _equal(one: Node, other: Node) -> bool:
    return one is other or (one.operation == other.operation == "constant" and is_constant(one, other.value))


def _result(fork: Fork, place: int, depth: int, truth: bool) -> Node:
    node = fork.results[place] = Node("result", depth=depth, place=place, truth=truth, fork=fork)
    return node


def _shorter(name: str, inputs: Sequence[Node]) -> Node | None:
    """What an operation gives that has nothing to do."""
    if name == "select_n":
        which, no, yes = inputs
        if which.operation == "constant":
            return yes if which.value else no
        return no if no is yes else None
    if len(inputs) != 2:
        return None
    x, y = inputs
    if name in ("and", "or"):
        for one, other in ((x, y), (y, x)):
            if is_constant(one, name == "and"):
                return other
            if is_constant(one, name == "or"):
                return one
    if is_constant(y, NOTHING.get(name)):
        return x
    if name in ("mul", "add") and is_constant(x, NOTHING[name]):
        return y
    return None
