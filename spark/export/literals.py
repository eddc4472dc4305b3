"""Values and configs as Python code that makes them again."""

from __future__ import annotations

import importlib
import textwrap
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import jax
import numpy as np

from ..core.config import Config
from ..core.plain import Plain
from ..core.quantity import Quantity

HOMES = ("spark.nn.somas", "spark.stimuli", "spark.solvers", "spark.nn.initializers")
"""From where people import what Spark itself declares."""
WIDTH = 110
"""Longest line of numbers."""


class Imports:
    """The imports that code needs, noted while it is written."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}
        self.numpy = False

    def of(self, kind: type) -> str:
        """The name of a class, which the code will import.

        Raises:
            ValueError: it cannot be imported from anywhere.
        """
        home = next((home for home in HOMES if getattr(_module(home), kind.__name__, None) is kind), kind.__module__)
        if home == "__main__" or getattr(_module(home), kind.__name__, None) is not kind:
            raise ValueError(
                f"{kind.__name__} is defined in a notebook, a script or a function, from where nobody can import it: "
                "move it to a module."
            )
        self._names.setdefault(home, set()).add(kind.__name__)
        return kind.__name__

    def lines(self) -> list[str]:
        """`from ... import ...`, sorted."""
        return [f"from {home} import {', '.join(sorted(names))}" for home, names in sorted(self._names.items())]


def _module(name: str) -> Any:
    return importlib.import_module(name)


def numbers(values: Any) -> str:
    """Numbers as a list: the shortest text that reads back as the same float."""
    return repr(np.asarray(values, float).tolist())


def wrapped(text: str, indent: str = "") -> str:
    """A long list of numbers on several lines, closed at this indent."""
    if len(text) <= WIDTH:
        return text
    inside = textwrap.wrap(text.strip("[]"), WIDTH, initial_indent=f"{indent}    ", subsequent_indent=f"{indent}    ")
    return "\n".join(["[", *inside, f"{indent}]"])


def written(value: Any, imports: Imports, indent: str = "", leave_out: tuple[str, ...] = ()) -> str:
    """The code that makes `value` again.

    Args:
        value: a number, text, None, an array, a solver, an initializer, a config, or a list of these.
        imports: notes what the code needs.
        indent: of the line that it stands in.
        leave_out: fields of a config that are said elsewhere.

    Raises:
        ValueError: it is of a class that nobody can import.
    """
    if isinstance(value, Config):
        return call(imports.of(type(value)), value, imports, indent, leave_out)
    if isinstance(value, (np.ndarray, jax.Array)):
        imports.numpy = True
        flat = np.ndim(value) == 1
        return f"np.array({wrapped(numbers(value), indent) if flat else numbers(value)})"
    if isinstance(value, Plain) and is_dataclass(value):
        given = {f.name: getattr(value, f.name) for f in fields(value) if getattr(value, f.name) != _default(f)}
        inside = ", ".join(f"{name}={written(own, imports, indent)}" for name, own in given.items())
        return f"{imports.of(type(value))}({inside})"
    if isinstance(value, (list, tuple)):
        inside = "".join(f"{indent}    {written(own, imports, indent + '    ')},\n" for own in value)
        return f"[\n{inside}{indent}]" if any(isinstance(own, Plain) for own in value) else repr(value)
    return repr(value.item() if isinstance(value, np.generic) else value)


def _default(field: Any) -> Any:
    return MISSING if field.default is MISSING else field.default


def call(name: str, config: Config, imports: Imports, indent: str = "", leave_out: tuple[str, ...] = ()) -> str:
    """`name(...)` with a config's fields, one a line, units and words behind."""
    lines = [f"{indent}    __skip_validation__=True,"] if config.unchecked else []
    for field, declared in config.fields().items():
        value = getattr(config, field)
        if field in leave_out or (not isinstance(declared, Quantity) and _same(value, declared.default)):
            continue
        comment = ""
        if isinstance(declared, Quantity):
            comment = f"  # {', '.join(filter(None, (declared.unit, declared.words)))}"
        lines.append(f"{indent}    {field}={written(value, imports, indent + '    ')},{comment}")
    return "\n".join([f"{name}(", *lines, f"{indent})"]) if lines else f"{name}()"


def _same(one: Any, other: Any) -> bool:
    """Whether a field need not be written; a solver always is, since another default would be another run."""
    return not isinstance(one, (np.ndarray, Plain)) and type(one) is type(other) and one == other
