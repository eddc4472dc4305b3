"""Fields that are no quantity: a whole number, yes or no, one of a kind of objects. Each says itself what is wrong."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import param

from .echo import echo


class Whole(param.Integer):
    """A whole number within its `bounds`."""

    def __set__(self, obj: Any, value: Any) -> None:
        low, high = cast(tuple[int, int], self.bounds)
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"{_named(self, obj)} takes a whole number from {low:,} to {high:,}, not {echo(value)}.")
        if not low <= value <= high:
            raise ValueError(f"{_named(self, obj)} = {echo(int(value))} must lie between {low:,} and {high:,}.")
        super().__set__(obj, int(value))


class Flag(param.Boolean):
    """True or False."""

    def __set__(self, obj: Any, value: Any) -> None:
        if not isinstance(value, bool):
            raise TypeError(f"{_named(self, obj)} takes True or False, not {echo(value)}.")
        super().__set__(obj, value)


class OneOf(param.ClassSelector):
    """An object of a class."""

    def __set__(self, obj: Any, value: Any) -> None:
        if not isinstance(value, self.class_):
            kind = cast(type, self.class_).__name__
            raise ValueError(f"{_named(self, obj)} takes a {kind}, such as {self.default!r}, not {echo(value)}.")
        super().__set__(obj, value)


def _named(field: param.Parameter, obj: Any) -> str:
    owner = field.owner if obj is None else type(obj)
    return f"{owner.__name__}.{field.name}" if owner is not None else str(field.name)
