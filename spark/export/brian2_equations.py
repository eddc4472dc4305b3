"""A soma's derived equations in Brian2's language: flow, threshold, reset, refractoriness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.hybrid import Values
from ..core.variable import CLOCK
from ..nn.components.somas import Soma
from .brian2_text import text
from .expressions import Derived, Expression, derive, symbolic

RESERVED = frozenset(
    {"t", "dt", "t_in_timesteps", "i", "j", "N", "xi", "e", "pi", "inf", "int", "rand", "randn", "clip", "held"}
    | {"ms", "second", "volt", "amp", "siemens", "ohm", "farad", "hertz", "metre", "kilogram", "mole", "candela"}
    | {"lastspike", "not_refractory", "neurons", "equations", "parameters", "spikes", "current"}
    | {"and", "or", "not", "exp", "log", "sin", "cos", "tan", "abs", "sqrt", "floor", "ceil", "sign"}
)
"""Names that mean something to Brian2 or to the script."""


@dataclass(frozen=True)
class Model:
    """A soma as Brian2 is told of it.

    Attributes:
        equations: a line for each state variable, time in ms.
        threshold: when it fires.
        reset: what a spike does.
        pause: the refractory period in ms as a SymPy expression, None where there is none.
        method: Brian2's integrator: exact where each variable's equation is linear in itself, else forward Euler
            (its `rk4` loses the spikes of exponential somas without a word).
        parameters: names of the quantities, by field.
        state: names of the state variables.
        used: the names of quantities that all this asks for.
    """

    equations: tuple[str, ...]
    threshold: str
    reset: str
    pause: Expression | None
    method: str
    parameters: dict[str, str]
    state: dict[str, str]
    used: frozenset[str]

    @property
    def refractory(self) -> str:
        """The refractory period in ms; "" where there is none."""
        return "" if self.pause is None else text(self.pause)

    def pauses(self, p: Values) -> np.ndarray:
        """The refractory period of each unit with these parameters, ms."""
        by_name = {self.parameters[name]: value for name, value in p.items()}
        symbols = sorted(self.pause.free_symbols, key=str)  # type: ignore[union-attr]
        found = symbolic().lambdify(symbols, self.pause, "numpy")(*(by_name[str(s)] for s in symbols))
        return np.asarray(found, float) + np.zeros_like(p.potential_rest)


def model_of(kind: type[Soma]) -> Model:
    """A soma in Brian2's language.

    Raises:
        ImportError: SymPy is not installed.
        ValueError: equations that Brian2 cannot represent.
    """
    derived = derive(kind, RESERVED)
    clock = derived.state.get(CLOCK.name)
    others = {name: symbol for name, symbol in derived.state.items() if name != CLOCK.name}
    units = {variable.name: variable for variable in kind.system.variables}
    flow = {name: _while_refractory(derived, name, clock, kind.__name__) for name in others}
    equations = []
    for name, (expression, flag) in flow.items():
        variable = units[name]
        comment = ", ".join(filter(None, (variable.unit, variable.words)))
        equations.append(f"d{others[name]}/dt = ({text(expression)})/ms : 1{flag}  # {comment}")
    jump = {name: derived.jump[name] for name in others}
    pause = None if clock is None else derived.jump[CLOCK.name]
    after = [derived.level, *jump.values()]
    if pause is not None and pause.free_symbols & set(derived.state.values()):
        raise ValueError(f"the refractory period of {kind.__name__} depends on its state: Brian2 takes a fixed one.")
    if clock is not None and any(expression.has(clock) for expression in after):
        raise ValueError(f"the level or jump of {kind.__name__} reads its refractory clock: Brian2 has none.")
    symbols = set().union(*(e.free_symbols for e in (*after, *(e for e, _ in flow.values()), *filter(None, [pause]))))
    return Model(
        equations=tuple(equations),
        threshold=text(symbolic().Gt(others["potential"], derived.level, evaluate=False)),
        reset=_reset({others[name]: expression for name, expression in jump.items()}),
        pause=pause,
        method="exponential_euler" if all(_linear(e, others[name]) for name, (e, _) in flow.items()) else "euler",
        parameters={name: str(symbol) for name, symbol in derived.parameters.items()},
        state={name: str(symbol) for name, symbol in others.items()},
        used=frozenset(map(str, symbols & set(derived.parameters.values()))),
    )


def _while_refractory(derived: Derived, name: str, clock: Any, soma: str) -> tuple[Expression, str]:
    """The flow of a variable and its flag, with what the refractory clock does to it in Brian2's words."""
    sympy, flow = symbolic(), derived.flow[name]
    if clock is None or not flow.has(clock):
        return flow, ""
    free, held = flow.subs(clock, 0), flow.subs(clock, 1)
    if flow.subs(clock, 2) != held:
        raise ValueError(
            f"the flow of {name} of {soma} reads how long its refractory clock still runs: Brian2 knows only whether."
        )
    running = sympy.Symbol("not_refractory")
    if held == 0:
        return free, " (unless refractory)"
    if held == free.subs(derived.current, 0):
        return free.subs(derived.current, sympy.Piecewise((derived.current, running), (0, True))), ""
    return sympy.Piecewise((free, running), (held, True)), ""


def _linear(flow: Expression, own: Any) -> bool:
    """Whether a variable's flow is linear in the variable itself."""
    return not symbolic().diff(flow, own).has(own)


def _reset(jump: dict[Any, Expression]) -> str:
    """Statements that set all variables at once, though Brian2 carries them out one after the other."""
    changed = {symbol: value for symbol, value in jump.items() if value != symbol}
    done: set[Any] = set()
    kept: list[str] = []
    lines = []
    for symbol, value in changed.items():
        for other in sorted(value.free_symbols & done, key=str):  # what was set already is read as it was
            kept.append(f"{other}_before = {other}")
            value = value.subs(other, symbolic().Symbol(f"{other}_before", real=True))
        rise = value - symbol
        lines.append(f"{symbol} = {text(value)}" if rise.has(symbol) else f"{symbol} += {text(rise)}")
        done.add(symbol)
    return "; ".join([*dict.fromkeys(kept), *lines])
