"""What a component expects at its ports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .echo import echo
from .payloads import Payload


@dataclass(frozen=True)
class PortSpecs:
    """Description of one port.

    Args:
        payload_type: class of the payload.
        shape: shape of its array: the shape of the population.
        dtype: type of its elements; None leaves it to the component.
        description: for people.

    Raises:
        ValueError: the shape has a dimension below 1.
    """

    payload_type: type[Payload] | None = None
    shape: tuple[int, ...] = ()
    dtype: Any = None
    description: str | None = None

    def __post_init__(self) -> None:
        shape = (self.shape,) if isinstance(self.shape, int) else tuple(self.shape)
        if any(not isinstance(n, int) or n < 1 for n in shape):
            raise ValueError(f"PortSpecs.shape must hold whole numbers of at least 1, got {echo(self.shape)}.")
        object.__setattr__(self, "shape", shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)
