"""The quantities that somas share, each declared once; a soma adds its default value and what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....core.quantity import Quantity

Declaration = Callable[..., Quantity]


def _declare(**declared: Any) -> Declaration:
    def quantity(default: float, **changes: Any) -> Quantity:
        return Quantity(default, **(declared | changes))

    return quantity


_potential = {"unit": "mV", "bounds": (-1000, 1000)}
_time_constant = {"unit": "ms", "bounds": (0, None), "inclusive": (False, True), "log": True}

potential_rest = _declare(
    **_potential,
    symbol=r"V_\mathrm{rest}",
    span=(-90, -50),
    group="Membrane",
    title="resting potential",
    doc="Potential to which the membrane returns without input.",
)
potential_tau = _declare(
    **_time_constant,
    symbol=r"\tau_m",
    span=(1, 100),
    group="Membrane",
    title="membrane time constant",
    doc="Time constant with which the membrane forgets its input.",
)
resistance = _declare(
    unit="GΩ",
    symbol="R",
    bounds=(0, None),
    span=(0.005, 1),
    log=True,
    group="Membrane",
    title="membrane resistance",
    doc="Potential gained per unit of steady current: 1 GΩ gives 1 mV per pA.",
)
threshold = _declare(
    **_potential,
    symbol=r"\theta",
    span=(-65, -30),
    group="Threshold",
    title="firing threshold",
    doc="Potential at which a spike is fired.",
)
spike_cutoff = _declare(
    **_potential,
    symbol=r"V_\mathrm{cut}",
    span=(-40, 40),
    group="Spike initiation",
    title="spike cut-off",
    doc="Potential at which the upstroke is cut and reset; not the potential at which firing starts.",
)
potential_reset = _declare(
    **_potential,
    symbol=r"V_\mathrm{reset}",
    span=(-90, -57),
    group="Threshold",
    title="reset potential",
    doc="Potential right after a spike; must stay below the threshold.",
)
rheobase_threshold = _declare(
    **_potential,
    symbol="V_T",
    span=(-65, -40),
    group="Spike initiation",
    title="rheobase threshold",
    doc="Soft threshold: the highest potential that a steady input can hold without a spike.",
)
spike_slope = _declare(
    unit="mV",
    symbol=r"\Delta_T",
    bounds=(0, None),
    inclusive=(False, True),
    span=(0.1, 10),
    log=True,
    group="Spike initiation",
    title="spike slope factor",
    doc="Sharpness of spike initiation: the smaller, the closer to a hard threshold at the rheobase threshold.",
    beyond="The limit 0 is a leaky soma that fires at the rheobase threshold: take that one.",
)
cooldown = _declare(
    unit="ms",
    symbol=r"t_\mathrm{ref}",
    bounds=(0, None),
    span=(0, 20),
    group="Refractoriness",
    title="refractory period",
    doc="Time after a spike during which the input is disconnected and firing impossible.",
)
threshold_tau = _declare(
    **_time_constant,
    symbol=r"\tau_\theta",
    span=(1, 1000),
    group="Adaptation",
    title="threshold time constant",
    doc="Time constant with which the threshold returns to its base.",
)
threshold_delta = _declare(
    **_potential,
    symbol=r"\Delta_\theta",
    span=(0, 20),
    group="Adaptation",
    title="threshold jump",
    doc="How far each spike raises the threshold.",
)
adaptation_tau = _declare(
    **_time_constant,
    symbol=r"\tau_w",
    span=(1, 1000),
    group="Adaptation",
    title="adaptation time constant",
    doc="Time constant of the adaptation current.",
)
adaptation_delta = _declare(
    unit="pA",
    symbol="b",
    bounds=(-100_000, 100_000),
    span=(0, 300),
    group="Adaptation",
    title="spike-triggered adaptation",
    doc="How far each spike raises the adaptation current.",
)
adaptation_subthreshold = _declare(
    unit="nS",
    symbol="a",
    bounds=(-100_000, 100_000),
    span=(-10, 100),
    group="Adaptation",
    title="subthreshold adaptation",
    doc="Coupling of the adaptation current to the potential between spikes.",
)
recovery_timescale = _declare(
    unit="1/ms",
    symbol="a",
    bounds=(-100, 100),
    span=(0.002, 0.2),
    log=True,
    group="Recovery",
    title="recovery rate",
    doc="How fast the recovery variable follows: the smaller, the slower.",
)
recovery_sensitivity = _declare(
    unit="1/ms",
    symbol="b",
    bounds=(-100, 100),
    span=(-0.2, 0.4),
    group="Recovery",
    title="recovery sensitivity",
    doc="Coupling of the recovery variable to the potential between spikes.",
)
recovery_update = _declare(
    unit="mV/ms",
    symbol="d",
    bounds=(-1000, 1000),
    span=(-2, 12),
    group="Recovery",
    title="recovery jump",
    doc="How far each spike raises the recovery variable.",
)
