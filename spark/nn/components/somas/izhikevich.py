"""The Izhikevich soma."""

from __future__ import annotations

from . import quantities as q
from .base import Soma
from .declared import Reference, SomaConfig
from .membranes import quadratic

IZHIKEVICH = Reference(
    "Izhikevich (2003) IEEE Trans Neural Netw 14:1569-1572", "https://doi.org/10.1109/TNN.2003.820440"
)


class IzhikevichSomaConfig(SomaConfig):
    """IzhikevichSoma model configuration class."""

    ordered = (("potential_reset", "threshold"),)
    potential_rest = q.potential_rest(
        -70.0,
        symbol="v_0",
        span=(-80, -50),
        doc="Potential at the start; the recovery starts at b v.",
    )
    potential_reset = q.potential_reset(-65.0, symbol="c", span=(-80, -40))
    resistance = q.resistance(
        0.02,
        unit="GΩ/ms",
        span=(0.002, 2),
        title="input gain",
        doc="Potential gained per ms and pA. The paper's I is R times the current: 10 is 500 pA at 0.02 GΩ/ms.",
    )
    threshold = q.spike_cutoff(
        30.0,
        symbol=r"v_\mathrm{peak}",
        span=(0, 60),
        group="Threshold",
        title="spike peak",
        doc="Potential at which a spike is cut and reset; part of the model.",
    )
    recovery_timescale = q.recovery_timescale(0.02)
    recovery_sensitivity = q.recovery_sensitivity(0.2)
    recovery_update = q.recovery_update(8.0)


class IzhikevichSoma(Soma):
    r"""Izhikevich soma model.

    .. math:: \dot v = 0.04 v^2 + 5 v + 140 - u + R I; \quad \dot u = a (b v - u);
        \quad v \ge v_{peak}: v \to c, u \to u + d

    with v in mV, t in ms, a = recovery_timescale (1/ms), b = recovery_sensitivity (1/ms), c = potential_reset (mV),
    d = recovery_update (mV/ms), v_peak = threshold (mV). R (resistance) is in GOhm per ms, so that R I is in mV/ms:
    the paper's dimensionless current is R I. The state starts at v = potential_rest, u = b v.

    Init:
        potential_rest, potential_reset, threshold (mV), resistance (GOhm/ms), recovery_timescale,
        recovery_sensitivity (1/ms), recovery_update (mV/ms).

    Reference:
        Izhikevich (2003): Simple Model of Spiking Neurons. IEEE Transactions on Neural Networks 14:1569.
        https://doi.org/10.1109/TNN.2003.820440
        Default values: its regular-spiking (RS) cell; R = 0.02 GOhm/ms, so that 500 pA are the paper's I = 10.
    """

    config: IzhikevichSomaConfig
    config_class = IzhikevichSomaConfig
    system = quadratic
    title = "Izhikevich"
    shows = "A fast potential and a slow recovery that pulls it back: a quick pair of spikes, then longer intervals."
    equations = (
        r"\frac{dv}{dt} = 0.04\,v^2 + 5\,v + 140 - u + R\,I(t)",
        r"\frac{du}{dt} = a\,(b\,v - u)",
        r"v \geq v_\mathrm{peak} \;\Rightarrow\; v \to c,\quad u \to u + d",
    )
    references = (IZHIKEVICH,)
    parameter_source = Reference(f"{IZHIKEVICH.text}, regular spiking (RS)", IZHIKEVICH.url)
