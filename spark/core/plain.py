"""Objects as plain data (JSON types) and back: one registry of kinds, one way to write and to read them."""

from __future__ import annotations

import json
import os
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Self

import jax
import numpy as np

from .echo import echo
from .sizes import as_numbers

kinds: dict[str, type[Plain]] = {}
"""Every class whose objects can be written, by name; each enters itself."""

DEEPEST = 60
"""Lists and dicts in one another that are read."""
VERSION = 1
"""Of the files: raised when what older ones say is read in another way."""


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
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        for name in values:
            if name not in names:
                raise TypeError(f"{cls.__name__} has no {echo(name)}: it is made of {', '.join(names) or 'nothing'}.")
        needed = [field.name for field in fields(cls) if field.default is MISSING]  # type: ignore[arg-type]
        if missing := [name for name in needed if name not in values]:
            raise TypeError(f"{cls.__name__} needs a value for {', '.join(missing)}.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The whole of it as plain data."""
        return {"type": type(self).__name__} | {name: _plain(value) for name, value in self.values().items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any], check: bool = True) -> Self:
        """The object that `to_dict` wrote; with `check` validated like any other.

        Raises:
            ValueError: the data names no kind of this class.
            TypeError: values that the kind does not take; data that is no dict.
        """
        return cls._read(data, check, 0)

    @classmethod
    def _read(cls, data: Any, check: bool, depth: int) -> Self:
        if not isinstance(data, dict):
            raise TypeError(f"{cls.__name__}.from_dict takes the dict that to_dict has written, not {echo(data)}.")
        name = data.get("type")
        kind = kinds.get(name) if isinstance(name, str) else None
        if kind is None or not issubclass(kind, cls):
            raise ValueError(f"{echo(name)} is not a kind of {cls.__name__}.")
        return kind._with(check, {name: _restored(value, depth + 1) for name, value in data.items() if name != "type"})

    def to_file(self, path: str | os.PathLike[str]) -> None:
        """Write it as a JSON file.

        Raises:
            ValueError: it holds a number that is not finite.
            OSError: the file cannot be written.
        """
        document = {"version": VERSION, "content": self.to_dict()}
        Path(path).write_text(json.dumps(document, indent=2, allow_nan=False, default=float) + "\n", "utf-8")

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], check: bool = True) -> Self:
        """The object that `to_file` wrote; with `check` validated like any other.

        Raises:
            ValueError: the file is none of `to_file`, or of another kind or a later version, or holds a value that is
                refused.
            OSError: the file cannot be read.
        """
        try:
            document = json.loads(Path(path).read_bytes())
            version, content = document["version"], document["content"]
            kind = content["type"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ValueError(f"{path} is no file that {cls.__name__}.to_file has written.") from None
        if version != VERSION:
            raise ValueError(
                f"{path} is of version {echo(version)}, and this Spark reads version {VERSION}: use a newer one."
            )
        try:
            return cls.from_dict(content, check)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"{path} holds no {kind} that can be read: {error}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.to_dict()
    if isinstance(value, (np.ndarray, jax.Array)):
        return {"type": "array", "values": np.asarray(value).tolist()}
    return [_plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def _restored(value: Any, depth: int) -> Any:
    if not isinstance(value, (list, dict)):
        return value
    if depth > DEEPEST:
        raise ValueError(f"the data has lists and dicts in one another more than {DEEPEST} deep: none is read of it.")
    if isinstance(value, list):
        return [_restored(v, depth + 1) for v in value]
    if value.get("type") != "array":
        return Plain._read(value, True, depth)
    if "values" not in value:
        raise ValueError(
            f"an array is written with its values, as {{'type': 'array', 'values': [...]}}, not {echo(value)}."
        )
    return np.asarray(as_numbers(value["values"], "an array", ""), float)
