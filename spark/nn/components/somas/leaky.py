"""Leaky integrate-and-fire somas."""

from __future__ import annotations

from typing import ClassVar

from ....core.choices import OneOf
from ....core.quantity import Quantity
from ....solvers import ExponentialEuler
from . import quantities as q
from .adaptation import moving_threshold
from .base import Soma
from .declared import SOLVER, Reference, SomaConfig
from .membranes import leaky
from .refractoriness import refractory, strict_refractory

BOOK = Reference(
    "Gerstner, Kistler, Naud, Paninski (2014) Neuronal Dynamics, ch. 1.3",
    "https://neuronaldynamics.epfl.ch/online/Ch1.S3.html",
)
DIESMANN = Reference(
    "NEST Simulator, default cell of iaf_psc_delta",
    "https://nest-simulator.readthedocs.io/en/stable/models/iaf_psc_delta.html",
)
BRUNEL = Reference(
    "Brunel (2000) J Comput Neurosci 8:183-208; potentials from -70 mV, 0.05 GOhm",
    "https://doi.org/10.1023/A:1008925309027",
)
KOBAYASHI = Reference(
    "Kobayashi, Tsubo, Shinomoto (2009) Front Comput Neurosci 3:9, membrane and slow threshold of mat2_psc_exp in NEST",
    "https://doi.org/10.3389/neuro.10.009.2009",
)


class LeakySomaConfig(SomaConfig):
    """LeakySoma model configuration class."""

    ordered = (("potential_reset", "threshold"),)
    solver = OneOf(
        class_=SOLVER,
        default=ExponentialEuler(),
        instantiate=False,
        doc="How time is advanced; exact by default.",
    )
    potential_rest = q.potential_rest(-70.0)
    potential_reset = q.potential_reset(-70.0)
    potential_tau = q.potential_tau(10.0)
    resistance = q.resistance(0.04)
    threshold = q.threshold(-55.0)


class LeakySoma(Soma):
    r"""Leaky soma model.

    .. math:: \tau_m \dot V = V_{rest} - V + R I; \quad V \ge \theta: spike, V \to V_{reset}

    Solved exactly by default for a current held over each step, the crossing inside the step included.

    Init:
        potential_rest, potential_reset, threshold (mV), potential_tau (ms), resistance (GOhm).

    Reference:
        Gerstner, Kistler, Naud, Paninski: Neuronal Dynamics, chapter 1.3.
        https://neuronaldynamics.epfl.ch/online/Ch1.S3.html
        Default values: default cell of NEST's iaf_psc_delta, without refractoriness.
    """

    config: LeakySomaConfig
    config_class = LeakySomaConfig
    system = leaky
    title = "Leaky"
    shows = (
        "Input charges the membrane, the leak empties it; each time the threshold is reached it fires and starts again."
    )
    equations: ClassVar[tuple[str, ...]] = (
        r"\tau_m \frac{dV}{dt} = V_\mathrm{rest} - V + R\,I(t)",
        r"V \geq \theta \;\Rightarrow\; \text{spike},\quad V \to V_\mathrm{reset}",
    )
    references = (BOOK,)
    parameter_source = DIESMANN


class RefractoryLeakySomaConfig(LeakySomaConfig):
    """RefractoryLeakySoma model configuration class."""

    potential_reset = Quantity(-60.0)
    potential_tau = Quantity(20.0)
    resistance = Quantity(0.05)
    threshold = Quantity(-50.0)
    cooldown = q.cooldown(2.0)


class RefractoryLeakySoma(LeakySoma):
    r"""Leaky soma with refractory time model.

    As `LeakySoma`; for `cooldown` ms after a spike the input is disconnected and firing is impossible while the
    membrane evolves freely. The period ends inside a step, not on the grid.

    Init:
        as LeakySoma, and cooldown (ms).

    Reference:
        Gerstner, Kistler, Naud, Paninski: Neuronal Dynamics, chapter 1.3.
        https://neuronaldynamics.epfl.ch/online/Ch1.S3.html
        Default values: Brunel (2000), J Comput Neurosci 8:183, potentials counted from -70 mV, with a resistance
        of 0.05 GOhm (the paper gives currents in mV).
    """

    config: RefractoryLeakySomaConfig
    config_class = RefractoryLeakySomaConfig
    system = refractory(leaky)
    title = "Refractory leaky"
    shows = "After each spike the input is disconnected for a while: the potential sags before it climbs again."
    equations: ClassVar[tuple[str, ...]] = (
        *LeakySoma.equations,
        r"0 < t - t_\mathrm{spike} \leq t_\mathrm{ref} \;\Rightarrow\; I = 0,\ \text{no spike}",
    )
    parameter_source = BRUNEL


class StrictRefractoryLeakySomaConfig(RefractoryLeakySomaConfig):
    """StrictRefractoryLeakySoma model configuration class."""


class StrictRefractoryLeakySoma(RefractoryLeakySoma):
    r"""Leaky soma with strict refractory time model.

    As `LeakySoma`; for `cooldown` ms after a spike the potential is held at `potential_reset`.
    Note: this model is here mostly for didactic and historical reasons.

    Init:
        as RefractoryLeakySoma.

    Reference:
        Gerstner, Kistler, Naud, Paninski: Neuronal Dynamics, chapter 1.3.
        https://neuronaldynamics.epfl.ch/online/Ch1.S3.html
        Default values: as RefractoryLeakySoma.
    """

    config: StrictRefractoryLeakySomaConfig
    config_class = StrictRefractoryLeakySomaConfig
    system = strict_refractory(leaky)
    title = "Strict refractory leaky"
    shows = "After each spike the potential is held at the reset for a while: that caps the firing rate."
    equations: ClassVar[tuple[str, ...]] = (
        *LeakySoma.equations,
        r"0 < t - t_\mathrm{spike} \leq t_\mathrm{ref} \;\Rightarrow\; V = V_\mathrm{reset}",
    )


class AdaptiveLeakySomaConfig(RefractoryLeakySomaConfig):
    """AdaptiveLeakySoma model configuration class."""

    potential_reset = Quantity(-70.0)
    potential_tau = Quantity(5.0)
    threshold = Quantity(-51.0, symbol=r"\theta_0", doc="Threshold to which the moving threshold decays.")
    threshold_tau = q.threshold_tau(200.0)
    threshold_delta = q.threshold_delta(2.0)


class AdaptiveLeakySoma(RefractoryLeakySoma):
    r"""Adaptive leaky soma model.

    As `RefractoryLeakySoma`, with a threshold that moves:

    .. math:: \tau_\theta \dot\theta = \theta_0 - \theta; \quad \text{spike: } \theta \to \theta + \Delta\theta

    Solved exactly by default, like `LeakySoma`.

    Init:
        as RefractoryLeakySoma, and threshold_tau (ms), threshold_delta (mV).

    Reference:
        Gerstner, Kistler, Naud, Paninski: Neuronal Dynamics, chapter 5.1.
        https://neuronaldynamics.epfl.ch/online/Ch5.S1.html
        Default values: Kobayashi, Tsubo, Shinomoto (2009), Front Comput Neurosci 3:9, as in NEST (mat2_psc_exp):
        membrane and slow threshold component; the fast component is replaced by the reset and the cooldown.
    """

    config: AdaptiveLeakySomaConfig
    config_class = AdaptiveLeakySomaConfig
    system = moving_threshold(refractory(leaky))
    title = "Adaptive leaky"
    shows = "Each spike lifts the threshold, which sinks back slowly: the intervals between spikes grow."
    equations: ClassVar[tuple[str, ...]] = (
        LeakySoma.equations[0],
        r"\tau_\theta \frac{d\theta}{dt} = \theta_0 - \theta",
        r"V \geq \theta \;\Rightarrow\; V \to V_\mathrm{reset},\ \theta \to \theta + \Delta\theta",
        RefractoryLeakySoma.equations[-1],
    )
    references = (
        Reference(
            "Gerstner, Kistler, Naud, Paninski (2014) Neuronal Dynamics, ch. 5.1",
            "https://neuronaldynamics.epfl.ch/online/Ch5.S1.html",
        ),
    )
    parameter_source = KOBAYASHI
