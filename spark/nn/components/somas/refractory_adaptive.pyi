"""Made by `python -m docs.make_stubs` from what is declared: do not edit."""

from collections.abc import Sequence

from jax.typing import DTypeLike

from ....core.quantity import Quantity, Value
from ....solvers import Solver
from .declared import Reference
from .exponential import AdaptiveExponentialSoma, AdaptiveExponentialSomaConfig

BRETTE: Reference
DESTEXHE: Reference
NEST: Reference

class RefractoryAdaptiveExponentialSomaConfig(AdaptiveExponentialSomaConfig):
    cooldown: Quantity = ...

class RefractoryAdaptiveExponentialSoma(AdaptiveExponentialSoma):
    config: RefractoryAdaptiveExponentialSomaConfig
    def __init__(
        self,
        config: RefractoryAdaptiveExponentialSomaConfig | None = None,
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
        rheobase_threshold: Value = ...,
        spike_slope: Value = ...,
        adaptation_tau: Value = ...,
        adaptation_delta: Value = ...,
        adaptation_subthreshold: Value = ...,
        cooldown: Value = ...,
    ) -> None: ...

class StrictRefractoryAdaptiveExponentialSomaConfig(RefractoryAdaptiveExponentialSomaConfig):
    pass

class StrictRefractoryAdaptiveExponentialSoma(RefractoryAdaptiveExponentialSoma):
    config: StrictRefractoryAdaptiveExponentialSomaConfig
    def __init__(
        self,
        config: StrictRefractoryAdaptiveExponentialSomaConfig | None = None,
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
        rheobase_threshold: Value = ...,
        spike_slope: Value = ...,
        adaptation_tau: Value = ...,
        adaptation_delta: Value = ...,
        adaptation_subthreshold: Value = ...,
        cooldown: Value = ...,
    ) -> None: ...
