"""Made by `python -m docs.make_stubs` from what is declared: do not edit."""

from collections.abc import Sequence

from jax.typing import DTypeLike

from ....core.quantity import Quantity, Value
from ....solvers import Solver
from .base import Soma
from .declared import Reference, SomaConfig

IZHIKEVICH: Reference

class IzhikevichSomaConfig(SomaConfig):
    potential_rest: Quantity = ...
    potential_reset: Quantity = ...
    resistance: Quantity = ...
    threshold: Quantity = ...
    recovery_timescale: Quantity = ...
    recovery_sensitivity: Quantity = ...
    recovery_update: Quantity = ...

class IzhikevichSoma(Soma[IzhikevichSomaConfig]):
    config: IzhikevichSomaConfig
    def __init__(
        self,
        config: IzhikevichSomaConfig | None = None,
        *,
        units: int | Sequence[int] | None = ...,
        dt: Value = ...,
        dtype: DTypeLike | None = ...,
        seed: int = ...,
        solver: Solver = ...,
        potential_rest: Value = ...,
        potential_reset: Value = ...,
        resistance: Value = ...,
        threshold: Value = ...,
        recovery_timescale: Value = ...,
        recovery_sensitivity: Value = ...,
        recovery_update: Value = ...,
    ) -> None: ...
