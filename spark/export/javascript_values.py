"""A trace of JAX as values that are computed from values: each operation once, constants folded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from ..core.jaxpr import trace, walk

ONCE = -1
"""The depth of what is computed before the first step."""
UNROLLED = 16
"""Times that a loop of known length goes round at most: JavaScript is told each of them."""


@dataclass(eq=False)
class Node:
    """A value: what it is computed by, and from what.

    Attributes:
        operation: its name in JAX; "argument", "constant", or "result" of a branch or loop.
        inputs: the values that it is computed from.
        depth: how many loops it stands in.
        value: of a constant.
        text: of what has a name already.
        place: which of the results it is.
        truth: whether it is true or false, and no number.
        uses: how often it is read.
    """

    operation: str
    inputs: tuple[Node, ...] = ()
    depth: int = 0
    value: Any = None
    text: str = ""
    place: int = 0
    truth: bool = False
    uses: int = 0
    fork: Fork | None = None

    @property
    def once(self) -> bool:
        """Whether it is the same in every step."""
        return self.depth == ONCE or self.operation == "constant"


@dataclass(eq=False)
class Block:
    """Operations one after the other; what was computed before in it or around it is not computed again.

    Attributes:
        above: the block that it is a part of.
        depth: how many loops it stands in.
        fact: a condition, and whether it holds here.
    """

    above: Block | None = None
    depth: int = 0
    fact: tuple[Node, bool] | None = None
    nodes: list[Node | Fork] = field(default_factory=list)
    known: dict[Any, Node] = field(default_factory=dict)

    def find(self, key: Any) -> Node | None:
        """What was computed by the same operation from the same values."""
        return self.known.get(key) or (self.above.find(key) if self.above else None)

    def holds(self, condition: Node) -> bool | None:
        """What is known here of a condition."""
        if self.fact is not None and self.fact[0] is condition:
            return self.fact[1]
        return self.above.holds(condition) if self.above else None

    @property
    def outermost(self) -> Block:
        """Where what is the same in every step is computed."""
        return self.above.outermost if self.above else self


@dataclass(eq=False)
class Fork:
    """A branch (two blocks and a condition) or a loop (one block, and a condition of its own).

    Attributes:
        which: the condition of a branch.
        blocks: no and yes; or the condition's and the body's.
        outputs: of each block, what it gives.
        begin: what a loop's variables are at first.
        carried: a loop's variables.
    """

    blocks: tuple[Block, Block]
    outputs: tuple[list[Node], list[Node]]
    which: Node | None = None
    begin: list[Node] = field(default_factory=list)
    carried: list[Node] = field(default_factory=list)
    results: dict[int, Node] = field(default_factory=dict)
    seen: bool = False


SAME = frozenset(
    {"copy", "copy_p", "stop_gradient", "broadcast_in_dim", "reshape", "squeeze", "optimization_barrier", "reduce_or"}
    | {"reduce_and", "reduce_max", "reduce_min", "reduce_sum"}
)
"""What changes no number: they are told of one neuron, which has no axes."""
TRUE = frozenset(("not", "and", "or", "lt", "le", "gt", "ge", "eq", "ne", "is_finite", "truth"))


def traced(
    what: str, known: Collection[str], function: Callable[..., Any], fixed: Any, moving: Any
) -> tuple[Block, Block, list[Node], Any]:
    """A function of numbers as values.

    Args:
        what: what it is, for the error.
        known: the operations that can be told.
        function: of pytrees of numbers: of `fixed`, then of each of `moving`.
        fixed: names of what is the same in every step.
        moving: names of the other arguments.

    Returns:
        What is computed once, what is computed in each step, the results leaf by leaf, and their structure.

    Raises:
        ValueError: an operation that cannot be told; it is named.
    """
    closed, shape = trace(function, *jax.tree.map(lambda name: np.float64(1), (fixed, *moving)))
    arguments = [Node("argument", text=name, depth=ONCE) for name in jax.tree.leaves(fixed)]
    arguments += [Node("argument", text=name) for name in jax.tree.leaves(moving)]
    once = Block(depth=ONCE)
    each = Block(once)
    results = _Builder(what, known).walked(closed, arguments, each)
    return once, each, results, jax.tree.structure(shape)


class _Builder:
    """Makes values of a trace."""

    def __init__(self, what: str, known: Collection[str]) -> None:
        self.what, self.known = what, known

    def walked(self, closed: Any, inputs: Sequence[Node], block: Block) -> list[Node]:
        return walk(closed, inputs, constant, lambda step, given: self.emit(step, given, block))

    def emit(self, step: Any, inputs: list[Node], block: Block) -> list[Node]:
        name, params = step.primitive.name, step.params
        if name in SAME:
            return inputs
        if name == "cond" and len(params["branches"]) == 2:
            return self.branch(inputs[0], inputs[1:], params["branches"], block)
        if name == "while":
            return self.loop(inputs, params, block)
        if name == "scan" and params["length"] <= UNROLLED and len(step.outvars) == params["num_carry"]:
            return self.unrolled(inputs, params, block)
        if name == "square" or (name == "integer_pow" and params["y"] != 0):
            return [self.power(inputs[0], params.get("y", 2), block)]
        if name == "convert_element_type":
            return [self.converted(inputs[0], np.dtype(params["new_dtype"]), block)]
        kinds = {v.aval.dtype.kind for v in step.invars}
        whole = kinds <= {"i", "u"} if name in ("div", "rem") else name in ("and", "or", "not") and kinds != {"b"}
        if name not in self.known or whole or (name == "select_n" and len(inputs) != 3):
            raise ValueError(
                f"{self.what} uses JAX's operation {name!r}, which JavaScript cannot be told: write it without."
            )
        if all(node.operation == "constant" for node in inputs):
            with jax.enable_x64(True):
                found = step.primitive.bind(*(np.asarray(node.value) for node in inputs), **params)
            return [constant(found)]
        return [self.node(name, inputs, block)]

    def node(self, name: str, inputs: Sequence[Node], block: Block) -> Node:
        if name == "select_n" and (known := block.holds(inputs[0])) is not None:
            return inputs[2 if known else 1]
        short = _shorter(name, inputs)
        if short is not None:
            return short
        if all(node.once for node in inputs):
            block = block.outermost
        key = (name, *(node.value if node.operation == "constant" else id(node) for node in inputs))
        found = block.find(key)
        if found is None:
            truth = name in TRUE or (name == "select_n" and all(node.truth for node in inputs[1:]))
            found = block.known[key] = Node(name, tuple(inputs), block.depth, truth=truth)
            block.nodes.append(found)
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

    def converted(self, x: Node, kind: np.dtype[Any], block: Block) -> Node:
        if x.operation == "constant":
            return constant(np.asarray(x.value).astype(kind))
        if (kind.kind == "b") == x.truth:
            return x
        return self.node("truth" if kind.kind == "b" else "number", (x,), block)

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
        consts, carries = params["num_consts"], params["num_carry"]
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


def _equal(one: Node, other: Node) -> bool:
    return one is other or (one.operation == other.operation == "constant" and _is(one, other.value))


def _result(fork: Fork, place: int, depth: int, truth: bool) -> Node:
    node = fork.results[place] = Node("result", depth=depth, place=place, truth=truth, fork=fork)
    return node


def constant(value: Any) -> Node:
    """A number, a truth value, or an array of numbers over which a short loop goes."""
    array = np.asarray(value)
    if array.ndim:
        return Node("constant", value=array)
    plain = array.item()
    return Node("constant", value=plain, truth=isinstance(plain, bool))


def _is(node: Node, value: Any) -> bool:
    return node.operation == "constant" and node.value == value and node.truth is isinstance(value, bool)


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
            if _is(one, name == "and"):
                return other
            if _is(one, name == "or"):
                return one
    if (name == "mul" and _is(y, 1.0)) or (name == "div" and _is(y, 1.0)) or (name in ("add", "sub") and _is(y, 0.0)):
        return x
    if (name == "mul" and _is(x, 1.0)) or (name == "add" and _is(x, 0.0)):
        return y
    return None


def counted(node: Node, depth: int) -> None:
    """Count who reads what, from the results back: what nobody reads is not written.

    What is read in a loop, or a step, that it does not stand in has a name: it is not computed each time.
    """
    first = node.uses == 0
    node.uses += 1 if node.depth == depth else 2
    if not first:
        return
    for other in node.inputs:
        counted(other, node.depth)
    fork = node.fork
    if fork is None or (fork.which is None and fork.seen):
        return
    fork.seen = True
    if fork.which is None:
        for other in fork.begin:
            counted(other, node.depth)
        for other in (*fork.outputs[0], *fork.outputs[1]):
            counted(other, node.depth + 1)
    else:
        for other in (fork.which, *(outputs[node.place] for outputs in fork.outputs)):
            counted(other, node.depth)
