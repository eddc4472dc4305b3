"""What a config said at one moment, as something that JAX can compare: the structure of a soma as a pytree."""

from __future__ import annotations

import warnings
from typing import Any

import jax
import numpy as np
from jax.extend.core import get_opaque_trace_state

from ....core.config import Config

PASSING = ("_home", "_visited")
"""Attributes that hold for one transformation of JAX, and are neither copied nor pickled."""


def now() -> Any:
    """The transformation of JAX that is under way, or that there is none, as something to compare."""
    return get_opaque_trace_state(convention="spark")


def visited(name: str, here: Any, last: Any) -> Any:
    """Say what it means that a soma of this name is called in a transformation, `here`, from outside of which it comes.

    Args:
        name: of its class.
        here: the transformation.
        last: the other one in which it was called last, None where there is none.

    Returns:
        `here`: the one in which it was called last.
    """
    remedy = (
        "give the soma to the transformed function as an argument and return it, or use soma.step or spark.scan, "
        "which take the state and return it."
    )
    if last is None:
        warnings.warn(
            f"{name} is called in a transformation of JAX, and its state stays as it was: {remedy}", stacklevel=3
        )
    elif last == here:
        raise RuntimeError(
            f"{name} is called twice in one transformation of JAX, to which it does not belong, and the second call "
            f"cannot see the first: {remedy}"
        )
    return here


class Snapshot:
    """A soma but for its parameters and state. Equal where class, config values and other attributes are.

    Args:
        kind: class of the soma.
        config: its config, which may change afterwards.
        others: other attributes, by name.
    """

    def __init__(self, kind: type[Any], config: Config, others: dict[str, Any]) -> None:
        values = config.values()
        self.kind, self.others = kind, others
        self.config = config.later(values)
        self._key = tuple(_comparable(value) for value in values.values()), tuple(sorted(others))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot) or self.kind is not other.kind or self._key != other._key:
            return False
        return all(value is other.others[name] or value == other.others[name] for name, value in self.others.items())

    def __hash__(self) -> int:
        return hash((self.kind, self._key))

    def __repr__(self) -> str:
        return f"Snapshot({self.kind.__name__}({self.config()!r}))"


def _comparable(value: Any) -> Any:
    if isinstance(value, (np.ndarray, jax.Array)):
        array = np.asarray(value)
        return array.shape, array.dtype.str, array.tobytes()
    return value


def flattened(soma: Any) -> tuple[Any, Snapshot]:
    """A soma as a pytree: parameters, state and arrays of its own are leaves, what its config says is structure."""
    own = vars(soma)
    others = {k: v for k, v in own.items() if k not in ("config", "_parameters", "_state", *PASSING)}
    arrays = {k: v for k, v in others.items() if isinstance(v, (np.ndarray, jax.Array))}
    parts = {"parameters": own.get("_parameters"), "state": own.get("_state"), "arrays": arrays}
    children = tuple((jax.tree_util.GetAttrKey(name), part) for name, part in parts.items())
    return children, Snapshot(type(soma), soma.config, {k: v for k, v in others.items() if k not in arrays})


def unflattened(snapshot: Snapshot, children: Any) -> Any:
    """The soma again, at home in the transformation that asks for it."""
    soma: Any = object.__new__(snapshot.kind)
    vars(soma).update(snapshot.others)
    soma.config = snapshot.config()
    parameters, state, arrays = children
    vars(soma).update(_parameters=parameters, _state=state, _home=now())
    if isinstance(arrays, dict):  # JAX puts a soma together of anything
        vars(soma).update(arrays)
    return soma
