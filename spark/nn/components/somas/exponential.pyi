"""Made by `python -m docs.make_stubs` from what is declared: do not edit."""

from collections.abc import Sequence

from jax.typing import DTypeLike

from ....core.quantity import Quantity, Value
from ....solvers import Solver
from .base import Soma
from .declared import Reference, SomaConfig

KOBAYASHI: Reference
FOURCAUD: Reference
BOOK: Reference
BRETTE: Reference
NAUD: Reference

class ExponentialSomaConfig(SomaConfig):
    potential_rest: Quantity = ...
    potential_reset: Quantity = ...
    potential_tau: Quantity = ...
    resistance: Quantity = ...
    threshold: Quantity = ...
    rheobase_threshold: Quantity = ...
    spike_slope: Quantity = ...

class ExponentialSoma(Soma[ExponentialSomaConfig]):
    config: ExponentialSomaConfig
    def __init__(
        self,
        config: ExponentialSomaConfig | None = None,
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
    ) -> None: ...

class RefractoryExponentialSomaConfig(ExponentialSomaConfig):
    cooldown: Quantity = ...

class RefractoryExponentialSoma(ExponentialSoma):
    config: RefractoryExponentialSomaConfig
    def __init__(
        self,
        config: RefractoryExponentialSomaConfig | None = None,
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
        cooldown: Value = ...,
    ) -> None: ...

class AdaptiveExponentialSomaConfig(ExponentialSomaConfig):
    adaptation_tau: Quantity = ...
    adaptation_delta: Quantity = ...
    adaptation_subthreshold: Quantity = ...

class AdaptiveExponentialSoma(ExponentialSoma):
    config: AdaptiveExponentialSomaConfig
    def __init__(
        self,
        config: AdaptiveExponentialSomaConfig | None = None,
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
    ) -> None: ...

class SimplifiedAdaptiveExponentialSomaConfig(RefractoryExponentialSomaConfig):
    threshold_tau: Quantity = ...
    threshold_delta: Quantity = ...

class SimplifiedAdaptiveExponentialSoma(RefractoryExponentialSoma):
    config: SimplifiedAdaptiveExponentialSomaConfig
    def __init__(
        self,
        config: SimplifiedAdaptiveExponentialSomaConfig | None = None,
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
        cooldown: Value = ...,
        threshold_tau: Value = ...,
        threshold_delta: Value = ...,
    ) -> None: ...
