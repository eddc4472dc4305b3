"""Objects as plain data (JSON types) and back: one registry of kinds, one way to write and to read them."""

from __future__ import annotations

from typing import Any, Self

import jax
import numpy as np

kinds: dict[str, type[Plain]] = {}
"""Every class whose objects can be written, by name; each enters itself."""


class Plain:
    """What can be written as a dict that names its kind, and read again: configs, stimuli, initializers, solvers."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        kinds[cls.__name__] = cls

    def values(self) -> dict[str, Any]:
        """What makes it up, by the names that its class takes."""
        return dict(vars(self))

    @classmethod
    def _with(cls, check: bool, values: dict[str, Any]) -> Self:
        """The object that these make up."""
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The whole of it as plain data."""
        return {"type": type(self).__name__} | {name: _plain(value) for name, value in self.values().items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any], check: bool = True) -> Self:
        """The object that `to_dict` wrote; with `check` validated like any other.

        Raises:
            ValueError: the data names no kind of this class.
            TypeError: values that the kind does not take.
        """
        kind = kinds.get(str(data.get("type")))
        if kind is None or not issubclass(kind, cls):
            raise ValueError(f"{data.get('type')!r} is not a kind of {cls.__name__}.")
        return kind._with(check, {name: _restored(value) for name, value in data.items() if name != "type"})


def _plain(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.to_dict()
    if isinstance(value, (np.ndarray, jax.Array)):
        return {"type": "array", "values": np.asarray(value).tolist()}
    return [_plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(v) for v in value]
    if not isinstance(value, dict):
        return value
    return np.asarray(value["values"], float) if value.get("type") == "array" else Plain.from_dict(value)
