"""What every soma declares: a config, and where it was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import jax
import numpy as np

from ....core.choices import OneOf, Whole
from ....core.config import Config
from ....core.quantity import Quantity
from ....solvers import RK4, Solver
from .population import Precision, Units

SOLVER: Any = Solver


@dataclass(frozen=True)
class Reference:
    """Where a model or a parameter set was published."""

    text: str
    url: str


class SomaConfig(Config):
    """What every soma's config has: the time step, the solver and the seed."""

    units: Units = Units(None, doc="Shape of the population; taken from the input when None.")
    dt: Quantity = Quantity(
        0.1,
        unit="ms",
        symbol=r"\Delta t",
        bounds=(0, None),
        inclusive=(False, True),
        span=(0.01, 1.0),
        log=True,
        group="Simulation",
        scalar=True,
        title="time step",
        doc="Time between two samples; the input is held over it.",
    )
    dtype: Precision = Precision(
        None, doc="Floating-point type; JAX's default when None (float32, float64 in 64-bit mode)."
    )
    seed: int = cast(int, Whole(0, bounds=(0, 2**31 - 1), doc="Seed from which initializers are drawn."))
    solver: Solver = cast(Solver, OneOf(class_=SOLVER, default=RK4(), instantiate=False, doc="How time is advanced."))

    @property
    def float_type(self) -> Any:
        """The floating-point type that a run uses."""
        return np.dtype(self.dtype or jax.dtypes.canonicalize_dtype(float))
