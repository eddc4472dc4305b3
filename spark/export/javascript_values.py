"""Values that are computed from values, each operation once: what JavaScript is printed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

ONCE = -1
"""The depth of what is computed before the first step."""


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
        readers: the blocks in which it is read.
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
    readers: list[Block] = field(default_factory=list)

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
        nodes: what was traced here.
        known: values by operation and inputs.
        own: what is written here, of its nodes and of those around it: see `settled`.
    """

    above: Block | None = None
    depth: int = 0
    fact: tuple[Node, bool] | None = None
    nodes: list[Node | Fork] = field(default_factory=list)
    known: dict[Any, Node] = field(default_factory=dict)
    own: list[Node | Fork] = field(default_factory=list)

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


def constant(value: Any) -> Node:
    """A number, a truth value, or an array of numbers over which a short loop goes."""
    array = np.asarray(value)
    if array.ndim:
        return Node("constant", value=array)
    plain = array.item()
    return Node("constant", value=plain, truth=isinstance(plain, bool))


def is_constant(node: Node, value: Any) -> bool:
    """Whether a value is this number, or this truth value."""
    return node.operation == "constant" and node.value == value and node.truth is isinstance(value, bool)


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


def settled(block: Block) -> None:
    """Say where what is read is written, from the end back: in a branch if only that reads it, other ways skip it."""
    for node in reversed(block.nodes):
        if isinstance(node, Fork):
            if node.seen:
                block.own.insert(0, node)
                _settled_fork(node, block)
        elif node.uses:
            home = _only_place(block, node.readers)
            home.own.insert(0, node)
            for other in node.inputs:
                other.readers.append(home)


def _settled_fork(fork: Fork, block: Block) -> None:
    for read in [fork.which] if fork.which else fork.begin:
        read.readers.append(block)
    for inner, outputs in zip(fork.blocks, fork.outputs, strict=True):
        for place, node in enumerate(outputs):
            if fork.which is None or (place in fork.results and fork.results[place].uses):
                node.readers.append(inner)
        settled(inner)


def _only_place(home: Block, readers: list[Block]) -> Block:
    """The innermost block around all readers that is no deeper in loops than `home`."""
    found = home
    for level in zip(*(_way(home, reader) for reader in readers), strict=False):
        if any(one is not level[0] for one in level) or level[0].depth != home.depth:
            break
        found = level[0]
    return found


def _way(home: Block, inner: Block) -> list[Block]:
    """The blocks that lead from `home` to one of its parts, but for itself."""
    return [] if inner is home or inner.above is None else [*_way(home, inner.above), inner]
