"""What an initializer is."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass, fields
from typing import ClassVar

from ...core.plain import Plain
from ...core.quantity import Drawable


@dataclass(frozen=True)
class Initializer(Plain, Drawable):
    """Draws one value per unit; any config field takes one in the place of a number.

    Raises:
        TypeError: an argument is not a number.
        ValueError: an argument is not finite, or not positive where it must be.
    """

    positive: ClassVar[tuple[str, ...]] = ()
    """Names of the arguments that must not be negative."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.default is None:
                continue
            name = f"{type(self).__name__}.{field.name}"
            if not isinstance(value, numbers.Real) or isinstance(value, bool):
                raise TypeError(f"{name} takes a number, not {value!r}.")
            if not math.isfinite(value):
                raise ValueError(f"{name} must be finite, got {value}.")
            if field.name in self.positive and value < 0:
                raise ValueError(f"{name} must be at least 0, got {value:g}.")
