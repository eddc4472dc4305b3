"""The membrane in a paper's other words: capacitance and leak conductance for time constant and resistance.

A soma has tau (ms) and R (GΩ); C = tau / R (pF) and g_L = 1 / R (nS) say the same. They have paths of the session of
their own. Whoever sets C leaves g_L as it is, and the other way round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from spark.core.quantity import Quantity

TAU, RESISTANCE = "config.potential_tau", "config.resistance"
CAPACITANCE, CONDUCTANCE = "membrane.capacitance", "membrane.leak_conductance"
DIGITS = 10
"""Digits to which C and g_L are told: what was typed comes back, through tau and R with their rounding, as it was."""
_SAME = 1e-9
"""Relative difference of values that are the same to those digits."""
_POSITIVE: dict[str, Any] = {"bounds": (0, None), "inclusive": (False, True), "log": True, "group": "Membrane"}
QUANTITIES = {
    CAPACITANCE: Quantity(
        200.0,
        unit="pF",
        symbol="C",
        span=(10, 1000),
        title="membrane capacitance",
        doc="Charge per potential: the larger, the slower the membrane. It moves the membrane time constant C / g_L.",
        **_POSITIVE,
    ),
    CONDUCTANCE: Quantity(
        10.0,
        unit="nS",
        symbol=r"g_\mathrm{L}",
        span=(1, 200),
        title="leak conductance",
        doc="Steady current per potential. It moves the membrane resistance 1 / g_L and the time constant C / g_L.",
        **_POSITIVE,
    ),
}
"""C and g_L by path."""


def applies(fields: Mapping[str, Quantity]) -> bool:
    """Whether a soma with these quantities has a membrane of a capacitance and a leak."""
    units = {f"config.{name}": quantity.unit for name, quantity in fields.items()}
    return (units.get(TAU), units.get(RESISTANCE)) == ("ms", "GΩ")


def derived(tau: float, resistance: float) -> dict[str, float]:
    """C and g_L by path; infinite where there is no resistance."""
    if resistance == 0:
        return {CAPACITANCE: math.inf, CONDUCTANCE: math.inf}
    return {
        path: float(f"{x:.{DIGITS}g}") for path, x in ((CAPACITANCE, tau / resistance), (CONDUCTANCE, 1 / resistance))
    }


def instead(capacitive: bool, *values: Mapping[str, Any]) -> dict[str, str]:
    """By the paths of tau and R those of C and g_L, where these are shown; {} where tau and R are.

    Args:
        capacitive: whether C and g_L are chosen.
        values: those of one or several neurons by path. Not every one may have a membrane, or a resistance above 0, and
            of a population one of the two may be drawn.
    """
    pairs = [(of.get(TAU), of.get(RESISTANCE)) for of in values]
    usable = all(isinstance(tau, float) and isinstance(r, float) and r > 0 for tau, r in pairs)
    return dict(zip((TAU, RESISTANCE), QUANTITIES, strict=True)) if capacitive and usable else {}


def plain(asked: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Tau and R by path for a C, a g_L or both, numbers or arrays; only what changes with them.

    Args:
        asked: the new values by path; other paths are left alone.
        now: C, g_L and R as they are, by path.
    """
    rest = {path: value for path, value in asked.items() if path not in QUANTITIES}
    if CONDUCTANCE in asked:
        conductance = asked[CONDUCTANCE]
        return rest | {TAU: asked.get(CAPACITANCE, now[CAPACITANCE]) / conductance, RESISTANCE: 1 / conductance}
    if CAPACITANCE in asked:
        return rest | {TAU: asked[CAPACITANCE] * now[RESISTANCE]}
    return rest


def same(one: float, other: float) -> bool:
    """Whether two values are told alike."""
    return math.isclose(one, other, rel_tol=_SAME)
