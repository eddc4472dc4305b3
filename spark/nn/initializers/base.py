"""What an initializer is."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass, fields
from typing import ClassVar

from ...core.echo import echo
from ...core.plain import Plain
from ...core.quantity import Drawable
from ...core.sizes import LARGEST, as_float


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
                raise TypeError(f"{name} takes a number, not {echo(value)}.")
            size = as_float(value)
            if not math.isfinite(size):
                raise ValueError(f"{name} must be finite, got {echo(value)}.")
            if abs(size) > LARGEST:
                raise ValueError(f"{name} = {size:g} is too large: give a number of at most {LARGEST:g} in size.")
            if not isinstance(value, (int, float)):  # one of NumPy's, a fraction: as JSON has them
                object.__setattr__(self, field.name, size)
            if field.name in self.positive and value < 0:
                raise ValueError(f"{name} must be at least 0, got {size:g}.")
