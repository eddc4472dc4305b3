"""A soma's equations with C and g_L in place of the time constant and the resistance."""

from __future__ import annotations

from collections.abc import Sequence

_WORDS = (
    (r"\tau_m \frac{dV}{dt} = V_\mathrm{rest} - V", r"C \frac{dV}{dt} = g_\mathrm{L}\,(V_\mathrm{rest} - V)"),
    (r"+ \Delta_T\, e", r"+ g_\mathrm{L} \Delta_T\, e"),
    (r"+ R\,(I(t) - w)", r"+ I(t) - w"),
    (r"+ R\,I(t)", r"+ I(t)"),
)
"""The terms of a membrane, and each of them times g_L."""


def by_capacitance(equations: Sequence[str]) -> list[str]:
    """The equations times g_L; as they are where a membrane has other terms than these."""
    found = []
    for line in equations:
        turned = line
        for term, times in _WORDS:
            turned = turned.replace(term, times)
        found.append(turned)
    return list(equations) if any(r"\tau_m" in line or r"R\," in line for line in found) else found
