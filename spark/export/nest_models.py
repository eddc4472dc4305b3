"""Which model of NEST a soma is: found by comparing equations, never by the soma's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.hybrid import Values
from ..core.variable import CLOCK, POTENTIAL
from ..nn.components.somas import (
    IzhikevichSoma,
    Soma,
    StrictRefractoryAdaptiveExponentialSoma,
    StrictRefractoryLeakySoma,
)
from .asked import Run
from .expressions import Derived, derive, symbolic

Parameters = Callable[[Values, Values], dict[str, Any]]


@dataclass(frozen=True)
class NestModel:
    """A model of NEST.

    Attributes:
        name: what NEST calls it.
        equals: the soma that has its equations; where a parameter of that one is 0, a soma without it equals it too.
        parameters: (p, s) -> NEST's parameters and state, of quantities and state in the beginning.
        precise: whether spikes are found inside the step.
        shortest: the least refractory period in steps.
        gain: (p) -> what NEST's current is for each pA.
    """

    name: str
    equals: type[Soma]
    parameters: Parameters
    precise: bool = False
    shortest: int = 0
    gain: Callable[[Values], Any] = lambda p: np.ones_like(p.potential_rest)


def _leak(p: Values, s: Values) -> dict[str, Any]:
    return {
        "C_m": p.potential_tau / p.resistance,
        "E_L": p.potential_rest,
        "V_reset": p.potential_reset,
        "t_ref": p.cooldown,
        "V_m": s.potential,
    }


def _leaky(p: Values, s: Values) -> dict[str, Any]:
    return _leak(p, s) | {"tau_m": p.potential_tau, "V_th": p.threshold}


def _adex(p: Values, s: Values) -> dict[str, Any]:
    return _leak(p, s) | {
        "g_L": 1 / p.resistance,
        "V_th": p.rheobase_threshold,
        "V_peak": p.threshold,
        "Delta_T": p.spike_slope,
        "a": p.adaptation_subthreshold,
        "b": p.adaptation_delta,
        "tau_w": p.adaptation_tau,
        "w": s.adaptation,
    }


def _izhikevich(p: Values, s: Values) -> dict[str, Any]:
    return {
        "a": p.recovery_timescale,
        "b": p.recovery_sensitivity,
        "c": p.potential_reset,
        "d": p.recovery_update,
        "V_th": p.threshold,
        "V_m": s.potential,
        "U_m": s.recovery,
    }


MODELS = (
    NestModel("iaf_psc_delta_ps", StrictRefractoryLeakySoma, _leaky, precise=True, shortest=1),
    NestModel("iaf_psc_delta", StrictRefractoryLeakySoma, _leaky),
    NestModel("aeif_psc_delta", StrictRefractoryAdaptiveExponentialSoma, _adex),
    NestModel("izhikevich", IzhikevichSoma, _izhikevich, gain=lambda p: p.resistance),
)
"""Those that NEST has of Spark's equations; of two that equal a soma the first one is taken."""
PAUSED = "does something else during the refractory period"
"""The smallest thing that a model can lack."""


@dataclass(frozen=True)
class Match:
    """A run in NEST's terms.

    Attributes:
        model: NEST's model.
        parameters: its parameters and state, each of shape (units,).
        gain: NEST's current for each pA, of the same shape.
    """

    model: NestModel
    parameters: dict[str, np.ndarray]
    gain: np.ndarray


def match(run: Run, step: float) -> Match:
    """The model of NEST that has the equations of a run's soma with these values.

    Raises:
        ImportError: SymPy is not installed.
        ValueError: there is none; says which part NEST lacks.
    """
    p, s, kind = run.parameters(), Values(run.state()), type(run.soma)
    if np.any(s.get(CLOCK.name, 0.0) > 0):
        raise ValueError("NEST cannot begin inside a refractory period: leave 'refractory' out of initial.")
    own = _reduced(kind, p, s)
    found: list[tuple[NestModel, list[str]]] = []
    for model in MODELS:
        fields = {name: q for name, q in model.equals.config_class.quantities().items() if not q.scalar}
        zero = np.zeros(run.units)
        # Of a quantity that cannot be 0, such as the time constant of what is not there, any value will do.
        none = {name: zero if q.within(0.0) else zero + q.default for name, q in fields.items()}
        all_p = Values({name: p.get(name, none[name]) for name in fields})
        all_s = Values({v.name: s.get(v.name, zero) for v in model.equals.system.variables})
        lacking = _differences(kind, own, _reduced(model.equals, all_p, all_s))
        if not lacking and model.shortest and np.any(all_p.cooldown < model.shortest * step - 1e-9):
            continue
        if not lacking:
            told = {name: np.asarray(value, float) for name, value in model.parameters(all_p, all_s).items()}
            return Match(model, told, np.asarray(model.gain(all_p), float))
        found.append((model, lacking))
    nearest, lacking = min(found, key=lambda x: sum(1 if PAUSED in clause else 2 for clause in x[1]))
    raise ValueError(
        f"NEST has no model with the equations of {kind.__name__}: in {nearest.name}, the nearest, "
        f"{' and '.join(lacking)}. Export it for Brian2 or Spark."
    )


def _reduced(kind: type[Soma], p: Values, s: Values) -> dict[str, Any]:
    """A soma's equations by what they are of, without what is 0 and stays so; symbols are named after fields."""
    sympy, derived = symbolic(), derive(kind)
    names = {symbol: sympy.Symbol(f"p_{name}", real=True) for name, symbol in derived.parameters.items()}
    names |= {symbol: sympy.Symbol(f"s_{name}", real=True) for name, symbol in derived.state.items()}
    gone = {symbol: 0 for name, symbol in derived.parameters.items() if not np.any(p[name])}
    resting = [name for name in derived.state if name != POTENTIAL.name and not np.any(s[name])]
    while leaving := [name for name in resting if _stays(derived, name, gone)]:
        gone |= {derived.state[name]: 0 for name in leaving}
        resting = [name for name in resting if name not in leaving]
    kept = [name for name, symbol in derived.state.items() if symbol not in gone]
    pieces = {f"flow {name}": derived.flow[name] for name in kept} | {
        f"jump {name}": derived.jump[name] for name in kept
    }
    return {
        what: expression.subs(gone).xreplace(names) for what, expression in (pieces | {"level": derived.level}).items()
    }


def _stays(derived: Derived, name: str, gone: dict[Any, int]) -> bool:
    rest = gone | {derived.state[name]: 0}
    return bool(derived.flow[name].subs(rest) == 0 and derived.jump[name].subs(rest) == 0)


def _differences(kind: type[Soma], own: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """What a soma has that another lacks, in clauses."""
    variables = {variable.name: variable for variable in kind.system.variables}
    clock, found = symbolic().Symbol(f"s_{CLOCK.name}", real=True), []
    for what, expression in own.items():
        side, _, name = what.partition(" ")
        words = variables[name].words if name else ""
        if what not in theirs:
            found += [f"there is no variable {words} ({variables[name].symbol})"] * (side == "flow")
        elif theirs[what] == expression:
            continue
        elif side == "flow" and expression.subs(clock, 0) == theirs[what].subs(clock, 0):
            found.append(f"the {words} {PAUSED}")
        elif side == "flow":
            found.append(f"the {words} follows another equation")
        elif side == "jump":
            found.append(f"a spike does something else to the {words}")
        else:
            found.append("the level at which it fires is another one")
    more = [what.split()[1] for what in theirs if what.startswith("flow") and what not in own]
    return found + [f"there is a {name} as well" for name in more]
