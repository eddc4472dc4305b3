"""Exponential integrate-and-fire somas."""

from __future__ import annotations

from typing import ClassVar

from ....core.quantity import Quantity
from . import quantities as q
from .adaptation import adaptation_current, moving_threshold
from .base import Soma
from .declared import Reference, SomaConfig
from .leaky import KOBAYASHI, AdaptiveLeakySoma, RefractoryLeakySoma
from .membranes import exponential
from .refractoriness import refractory

FOURCAUD = Reference(
    "Fourcaud-Trocmé, Hansel, van Vreeswijk, Brunel (2003) J Neurosci 23:11628-11640",
    "https://www.jneurosci.org/content/23/37/11628",
)
BOOK = Reference(
    "Gerstner, Kistler, Naud, Paninski (2014) Neuronal Dynamics, ch. 5.2",
    "https://neuronaldynamics.epfl.ch/online/Ch5.S2.html",
)
BRETTE = Reference(
    "Brette, Gerstner (2005) J Neurophysiol 94:3637-3642",
    "https://doi.org/10.1152/jn.00686.2005",
)
NAUD = Reference(
    "Naud, Marcille, Clopath, Gerstner (2008) Biol Cybern 99:335-347, figure 4b",
    "https://doi.org/10.1007/s00422-008-0264-7",
)


class ExponentialSomaConfig(SomaConfig):
    """ExponentialSoma model configuration class."""

    ordered = (("potential_reset", "threshold"),)
    potential_rest = q.potential_rest(-65.0)
    potential_reset = q.potential_reset(-60.0, span=(-80, -46), group="Spike initiation")
    potential_tau = q.potential_tau(12.0)
    resistance = q.resistance(0.02)
    threshold = q.spike_cutoff(-30.0)
    rheobase_threshold = q.rheobase_threshold(-55.0)
    spike_slope = q.spike_slope(2.0)


class ExponentialSoma(Soma):
    r"""Exponential soma model.

    .. math:: \tau_m \dot V = V_{rest} - V + \Delta_T e^{(V - V_T)/\Delta_T} + R I;
        \quad V \ge V_{cut}: spike, V \to V_{reset}

    `threshold` is the spike cut-off: the potential at which the diverging upstroke is cut, not where firing starts
    (that is `rheobase_threshold`, V_T). Below V_T + 10 Delta_T it shifts every spike.

    Init:
        potential_rest, potential_reset, threshold, rheobase_threshold, spike_slope (mV), potential_tau (ms),
        resistance (GOhm).

    Reference:
        Fourcaud-Trocmé, Hansel, van Vreeswijk, Brunel (2003): How Spike Generation Mechanisms Determine the Neuronal
        Response to Fluctuating Inputs. J Neurosci 23:11628. https://www.jneurosci.org/content/23/37/11628
        Gerstner, Kistler, Naud, Paninski: Neuronal Dynamics, chapter 5.2.
        https://neuronaldynamics.epfl.ch/online/Ch5.S2.html
        Default values: exercise on the exponential integrate-and-fire model of Neuronal Dynamics.
    """

    config: ExponentialSomaConfig
    config_class = ExponentialSomaConfig
    system = exponential
    title = "Exponential"
    shows = "There is no sharp threshold: past the rheobase threshold the membrane drives itself into the spike."
    equations: ClassVar[tuple[str, ...]] = (
        r"\tau_m \frac{dV}{dt} = V_\mathrm{rest} - V + \Delta_T\, e^{(V - V_T)/\Delta_T} + R\,I(t)",
        r"V \geq V_\mathrm{cut} \;\Rightarrow\; \text{spike},\quad V \to V_\mathrm{reset}",
    )
    references = (FOURCAUD, BOOK)
    parameter_source = Reference("Neuronal Dynamics, exercise on the exponential model", BOOK.url)


class RefractoryExponentialSomaConfig(ExponentialSomaConfig):
    """RefractoryExponentialSoma model configuration class."""

    potential_reset = Quantity(-68.0)
    potential_tau = Quantity(10.0)
    rheobase_threshold = Quantity(-59.9)
    spike_slope = Quantity(3.48)
    cooldown = q.cooldown(1.7)


class RefractoryExponentialSoma(ExponentialSoma):
    r"""Exponential soma with refractory time model.

    As `ExponentialSoma`; for `cooldown` ms after a spike the input is disconnected and firing is impossible while
    the membrane evolves freely.

    Init:
        as ExponentialSoma, and cooldown (ms).

    Reference:
        As ExponentialSoma. Default values: Fourcaud-Trocmé et al. (2003), the fit to the Wang-Buzsáki neuron, for a
        membrane area of 5e-4 cm2 (0.1 mS/cm2 give 0.02 GOhm, and 500 pA are 1 uA/cm2).
    """

    config: RefractoryExponentialSomaConfig
    config_class = RefractoryExponentialSomaConfig
    system = refractory(exponential)
    title = "Refractory exponential"
    shows = "A soft, slow spike onset, and a pause after each spike during which the input is disconnected."
    equations: ClassVar[tuple[str, ...]] = (*ExponentialSoma.equations, RefractoryLeakySoma.equations[-1])
    parameter_source = Reference(f"{FOURCAUD.text}, for an area of 5e-4 cm²", FOURCAUD.url)


class AdaptiveExponentialSomaConfig(ExponentialSomaConfig):
    """AdaptiveExponentialSoma model configuration class."""

    potential_rest = Quantity(-70.0)
    potential_reset = Quantity(-58.0)
    potential_tau = Quantity(200 / 12)
    resistance = Quantity(1 / 12)
    threshold = Quantity(0.0)
    rheobase_threshold = Quantity(-50.0)
    adaptation_tau = q.adaptation_tau(300.0)
    adaptation_delta = q.adaptation_delta(60.0)
    adaptation_subthreshold = q.adaptation_subthreshold(2.0)


class AdaptiveExponentialSoma(ExponentialSoma):
    r"""Adaptive Exponential soma model (AdEx).

    .. math:: \tau_m \dot V = V_{rest} - V + \Delta_T e^{(V - V_T)/\Delta_T} + R (I - w)
    .. math:: \tau_w \dot w = a (V - V_{rest}) - w; \quad V \ge V_{cut}: V \to V_{reset}, w \to w + b

    Init:
        as ExponentialSoma, and adaptation_tau (tau_w, ms), adaptation_delta (b, pA),
        adaptation_subthreshold (a, nS).

    Reference:
        Brette, Gerstner (2005): Adaptive Exponential Integrate-and-Fire Model as an Effective Description of
        Neuronal Activity. J Neurophysiol 94:3637. https://doi.org/10.1152/jn.00686.2005
        Gerstner, Kistler, Naud, Paninski: Neuronal Dynamics, chapter 5.2.
        https://neuronaldynamics.epfl.ch/online/Ch5.S2.html
        Default values: Naud et al. (2008), figure 4b, spike-frequency adaptation at 500 pA.
    """

    config: AdaptiveExponentialSomaConfig
    config_class = AdaptiveExponentialSomaConfig
    system = adaptation_current(exponential)
    title = "Adaptive exponential"
    shows = "Each spike adds to an adaptation current that holds the next one back: the intervals grow."
    equations: ClassVar[tuple[str, ...]] = (
        r"\tau_m \frac{dV}{dt} = V_\mathrm{rest} - V + \Delta_T\, e^{(V - V_T)/\Delta_T} + R\,(I(t) - w)",
        r"\tau_w \frac{dw}{dt} = a\,(V - V_\mathrm{rest}) - w",
        r"V \geq V_\mathrm{cut} \;\Rightarrow\; V \to V_\mathrm{reset},\quad w \to w + b",
    )
    references = (BRETTE, BOOK)
    parameter_source = NAUD


class SimplifiedAdaptiveExponentialSomaConfig(RefractoryExponentialSomaConfig):
    """SimplifiedAdaptiveExponentialSoma model configuration class."""

    potential_rest = Quantity(-70.0)
    potential_reset = Quantity(-58.0)
    potential_tau = Quantity(200 / 12)
    resistance = Quantity(1 / 12)
    rheobase_threshold = Quantity(-50.0)
    spike_slope = Quantity(2.0)
    cooldown = Quantity(2.0)
    threshold_tau = q.threshold_tau(200.0)
    threshold_delta = q.threshold_delta(2.0)


class SimplifiedAdaptiveExponentialSoma(RefractoryExponentialSoma):
    r"""Simplified Adaptive Exponential soma model. This model drops the subthreshold adaptation.

    As `RefractoryExponentialSoma`, with a spike cut-off that moves, and the rheobase threshold V_T displaced by as
    much: without that the adaptation would have no effect, since the upstroke starts at V_T and crosses any cut-off.

    .. math:: \tau_\theta \dot\theta = \theta_0 - \theta; \quad \text{spike: } \theta \to \theta + \Delta_\theta;
        \quad V_T(t) = V_T + \theta - \theta_0

    Init:
        as RefractoryExponentialSoma, and threshold_tau (ms), threshold_delta (mV).

    Reference:
        As AdaptiveExponentialSoma. Default values: membrane of Naud et al. (2008), figure 4b; threshold of
        Kobayashi, Tsubo, Shinomoto (2009), slow component.
    """

    config: SimplifiedAdaptiveExponentialSomaConfig
    config_class = SimplifiedAdaptiveExponentialSomaConfig
    system = moving_threshold(refractory(exponential))
    title = "Simplified adaptive exponential"
    shows = "Each spike lifts the threshold, soft threshold and all: the intervals grow as it climbs."
    equations: ClassVar[tuple[str, ...]] = (
        r"\tau_m \frac{dV}{dt} = V_\mathrm{rest} - V + \Delta_T\, e^{(V - V_T - \theta + \theta_0)/\Delta_T} + R\,I(t)",
        AdaptiveLeakySoma.equations[1],
        AdaptiveLeakySoma.equations[2],
        RefractoryLeakySoma.equations[-1],
    )
    references = (BRETTE, BOOK)
    parameter_source = Reference(f"{NAUD.text} (membrane); {KOBAYASHI.text} (threshold)", NAUD.url)
