"""What an initializer is."""

from __future__ import annotations

import math
import numbers
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from ...core.config import registry
from ...core.quantity import Drawable


@dataclass(frozen=True)
class Initializer(Drawable):
    """Draws one value per unit; any config field takes one in the place of a number.

    Raises:
        TypeError: an argument is not a number.
        ValueError: an argument is not finite, or not positive where it must be.
    """

    positive: ClassVar[tuple[str, ...]] = ()
    """Names of the arguments that must not be negative."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        registry[cls.__name__] = cls

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

    def to_dict(self) -> dict[str, Any]:
        """The initializer as plain data."""
        return {"type": type(self).__name__} | asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Initializer:
        """The initializer that `to_dict` wrote."""
        return registry[data["type"]](**{k: v for k, v in data.items() if k != "type"})
