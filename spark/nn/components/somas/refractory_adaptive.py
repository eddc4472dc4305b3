"""Adaptive exponential somas with a refractory period."""

from __future__ import annotations

from typing import ClassVar

from ....core.quantity import Quantity
from . import quantities as q
from .adaptation import adaptation_current
from .declared import Reference
from .exponential import BRETTE, AdaptiveExponentialSoma, AdaptiveExponentialSomaConfig
from .leaky import RefractoryLeakySoma, StrictRefractoryLeakySoma
from .membranes import exponential
from .refractoriness import refractory, strict_refractory

DESTEXHE = Reference(
    "Destexhe (2009) J Comput Neurosci 27:493-506",
    "https://doi.org/10.1007/s10827-009-0164-4",
)
NEST = Reference(
    "NEST Simulator, aeif_psc_delta with t_ref",
    "https://nest-simulator.readthedocs.io/en/stable/models/aeif_psc_delta.html",
)


class RefractoryAdaptiveExponentialSomaConfig(AdaptiveExponentialSomaConfig):
    """RefractoryAdaptiveExponentialSoma model configuration class."""

    potential_rest = Quantity(-60.0)
    potential_reset = Quantity(-60.0)
    potential_tau = Quantity(20.0)
    resistance = Quantity(0.1)
    threshold = Quantity(-40.0)
    spike_slope = Quantity(2.5)
    adaptation_tau = Quantity(600.0)
    adaptation_delta = Quantity(40.0)
    adaptation_subthreshold = Quantity(1.0)
    cooldown = q.cooldown(2.5)


class RefractoryAdaptiveExponentialSoma(AdaptiveExponentialSoma):
    r"""Adaptive Exponential soma with refractory time model.

    As `AdaptiveExponentialSoma`; for `cooldown` ms after a spike the input is disconnected and firing is impossible
    while the membrane evolves freely. The adaptation current is the cell's own: it stays connected, and both
    variables go on under their equations with I = 0. A reset above `rheobase_threshold` starts an upstroke inside
    the period, which fires as soon as that ends.

    Init:
        as AdaptiveExponentialSoma, and cooldown (ms).

    Reference:
        As AdaptiveExponentialSoma. Default values: Destexhe (2009), J Comput Neurosci 27:493, regular-spiking cell with
        strong adaptation, 20,000 um2; spikes are cut at -40 mV, as in PyNN, whereas its code fires at V_T.
        https://doi.org/10.1007/s10827-009-0164-4
    """

    config: RefractoryAdaptiveExponentialSomaConfig
    config_class = RefractoryAdaptiveExponentialSomaConfig
    system = refractory(adaptation_current(exponential))
    title = "Refractory AdEx"
    shows = "After each spike the input is disconnected for a while, and a slow current holds the next spike back."
    equations: ClassVar[tuple[str, ...]] = (*AdaptiveExponentialSoma.equations, RefractoryLeakySoma.equations[-1])
    references = (BRETTE, DESTEXHE)
    parameter_source = Reference(f"{DESTEXHE.text}, regular spiking; cut-off as in PyNN", DESTEXHE.url)


class StrictRefractoryAdaptiveExponentialSomaConfig(RefractoryAdaptiveExponentialSomaConfig):
    """StrictRefractoryAdaptiveExponentialSoma model configuration class."""


class StrictRefractoryAdaptiveExponentialSoma(RefractoryAdaptiveExponentialSoma):
    r"""Adaptive Exponential soma with strict refractory time model.

    As `AdaptiveExponentialSoma`; for `cooldown` ms after a spike the potential is held at `potential_reset`, while the
    adaptation current goes on: tau_w dw/dt = a (V_reset - V_rest) - w. This is what `aeif_cond_*` and `aeif_psc_*` of
    NEST do with `t_ref`, and what most networks of AdEx cells are built of.

    Init:
        as RefractoryAdaptiveExponentialSoma.

    Reference:
        Destexhe (2009): Self-sustained asynchronous irregular states and Up-Down states in thalamic, cortical and
        thalamocortical networks of nonlinear integrate-and-fire neurons. J Comput Neurosci 27:493.
        https://doi.org/10.1007/s10827-009-0164-4
        Default values: as RefractoryAdaptiveExponentialSoma.
    """

    config: StrictRefractoryAdaptiveExponentialSomaConfig
    config_class = StrictRefractoryAdaptiveExponentialSomaConfig
    system = strict_refractory(adaptation_current(exponential))
    title = "Strict refractory AdEx"
    shows = "The potential is held at the reset after each spike while the adaptation goes on: the intervals grow."
    equations: ClassVar[tuple[str, ...]] = (*AdaptiveExponentialSoma.equations, StrictRefractoryLeakySoma.equations[-1])
    references = (DESTEXHE, NEST)
