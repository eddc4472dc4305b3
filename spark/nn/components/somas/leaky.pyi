"""Made by `python -m docs.make_stubs` from what is declared: do not edit."""

from collections.abc import Sequence

from jax.typing import DTypeLike

from ....core.quantity import Quantity, Value
from ....solvers import Solver
from .base import Soma
from .declared import Reference, SomaConfig

BOOK: Reference
DIESMANN: Reference
BRUNEL: Reference
KOBAYASHI: Reference

class LeakySomaConfig(SomaConfig):
    potential_rest: Quantity = ...
    potential_reset: Quantity = ...
    potential_tau: Quantity = ...
    resistance: Quantity = ...
    threshold: Quantity = ...

class LeakySoma(Soma[LeakySomaConfig]):
    config: LeakySomaConfig
    def __init__(
        self,
        config: LeakySomaConfig | None = None,
        *,
        units: int | Sequence[int] | None = ...,
        dt: Value = ...,
        dtype: DTypeLike | None = ...,
        seed: int = ...,
        solver: Solver = ...,
        potential_rest: Value = ...,
        potential_reset: Value = ...,
        potential_tau: Value = ...,
        resistance: Value = ...,
        threshold: Value = ...,
    ) -> None: ...

class RefractoryLeakySomaConfig(LeakySomaConfig):
    cooldown: Quantity = ...

class RefractoryLeakySoma(LeakySoma):
    config: RefractoryLeakySomaConfig
    def __init__(
        self,
        config: RefractoryLeakySomaConfig | None = None,
        *,
        units: int | Sequence[int] | None = ...,
        dt: Value = ...,
        dtype: DTypeLike | None = ...,
        seed: int = ...,
        solver: Solver = ...,
        potential_rest: Value = ...,
        potential_reset: Value = ...,
        potential_tau: Value = ...,
        resistance: Value = ...,
        threshold: Value = ...,
        cooldown: Value = ...,
    ) -> None: ...

class StrictRefractoryLeakySomaConfig(RefractoryLeakySomaConfig):
    pass

class StrictRefractoryLeakySoma(RefractoryLeakySoma):
    config: StrictRefractoryLeakySomaConfig
    def __init__(
        self,
        config: StrictRefractoryLeakySomaConfig | None = None,
        *,
        units: int | Sequence[int] | None = ...,
        dt: Value = ...,
        dtype: DTypeLike | None = ...,
        seed: int = ...,
        solver: Solver = ...,
        potential_rest: Value = ...,
        potential_reset: Value = ...,
        potential_tau: Value = ...,
        resistance: Value = ...,
        threshold: Value = ...,
        cooldown: Value = ...,
    ) -> None: ...

class AdaptiveLeakySomaConfig(RefractoryLeakySomaConfig):
    threshold_tau: Quantity = ...
    threshold_delta: Quantity = ...

class AdaptiveLeakySoma(RefractoryLeakySoma):
    config: AdaptiveLeakySomaConfig
    def __init__(
        self,
        config: AdaptiveLeakySomaConfig | None = None,
        *,
        units: int | Sequence[int] | None = ...,
        dt: Value = ...,
        dtype: DTypeLike | None = ...,
        seed: int = ...,
        solver: Solver = ...,
        potential_rest: Value = ...,
        potential_reset: Value = ...,
        potential_tau: Value = ...,
        resistance: Value = ...,
        threshold: Value = ...,
        cooldown: Value = ...,
        threshold_tau: Value = ...,
        threshold_delta: Value = ...,
    ) -> None: ...
