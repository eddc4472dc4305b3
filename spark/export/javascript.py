"""A soma as a module of JavaScript: its own step, printed, so that a page needs no server to run it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from importlib import resources
from typing import Any

from ..core.hybrid import Values
from ..core.variable import LEVEL
from ..core.version import __version__
from ..nn.components.somas import Soma
from ..solvers import Solver
from .javascript_stimuli import stimuli
from .javascript_text import Written, written

GLOBAL = frozenset(
    {
        "Math",
        "Number",
        "Float64Array",
        "Infinity",
        "NaN",
        "Object",
        "Error",
        "Array",
        "p",
        "q",
        "s",
        "z",
        "dt",
        "current",
    }
    | {"arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete"}
    | {"do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements"}
    | {"import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public"}
    | {"return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void"}
    | {"while", "with", "yield", "async", "of"}
)
"""Names that mean something to JavaScript or to the module."""


def javascript(soma: Soma, solver: Solver | None = None) -> str:
    """An ES module that runs this soma as `spark.simulate` does, in double precision: the same located spikes.

    Its functions are printed from the traced step of the soma and the solver, so that a soma of one's own is exported
    as it is. It exports

    - `model`: name, title, dt, and for each parameter and state variable its name, symbol, unit, words and bounds; the
      values are those of this soma, where they are one number, else the defaults.
    - `initial(p, given)`: the state at rest; `given` are variables that begin elsewhere.
    - `step(p, s, current, dt)`: one step under a held current; gives `{state, fired, offset}`.
    - `run(p, stimulus, dt, steps, options)`: gives `{spikes, traces, state}`: spike times in ms, and at the beginning
      of each step what `options.record` names (the state variables and "threshold"; by default the potential).
      `options.state` is where it begins. A stimulus is a number, a current (pA) for each step, or stimuli as their
      `to_dict()`, one or several, which add. `options.unit` numbers the neuron for what is random.
    - `currents(stimulus, dt, steps, unit)`: the current of each step, means over the step as in Spark. Noise has the
      law of Spark's, from a generator of its own: equal seeds are not equal numbers.
    - `flow(p, s, current)`: ds/dt per ms, `level(p, s)`: the potential above which it fires, mV.

    p and s are objects with numbers by field, as in Spark; units are mV, ms, pA, GOhm, nS.

    Args:
        soma: an instance; its class and values are used.
        solver: how time is advanced; the soma's own when None.

    Raises:
        TypeError: no soma, or no solver.
        ValueError: an operation of the soma or the solver that has no counterpart in JavaScript; it is named.
    """
    if not isinstance(soma, Soma):
        raise TypeError(f"javascript takes an instance of a soma, not {soma!r}: write LeakySoma(), for example.")
    solver = soma.config.solver if solver is None else solver
    if not isinstance(solver, Solver):
        raise TypeError(f"javascript takes a solver such as RK4(), not {solver!r}.")
    system, frame = soma.system, solver.frame(soma.system)
    fields = list(soma.config.per_unit())
    order = [variable.name for variable in system.variables]
    names = _names([("parameter", name) for name in fields] + [("state", name) for name in order])
    p = Values({name: names["parameter", name] for name in fields})
    s = Values({name: names["state", name] for name in order})
    what = f"{type(soma).__name__} with {solver!r}"

    def made(function: Any, *moving: Any, fixed: Any = p) -> Written:
        return written(what, function, fixed, *moving)

    step = made(
        lambda fixed, z, current: solver.step(frame.system, fixed[0], z, current, fixed[1]),
        s,
        "current",
        fixed=(p, "dt"),
    )
    state, fired, offset = step.results
    enter, leave = made(frame.enter, s), made(frame.leave, s)
    flow, level = made(system.flow, s, "current"), made(system.level, s)
    begin = made(system.initial, s["potential"])
    read = _read("p", p)
    parts = {
        "title": f"{soma.title}: {what}, printed by Spark {__version__} from its own step.",
        "model": json.dumps(_model(soma, fields), indent=2, ensure_ascii=False),
        "order": json.dumps(order),
        "stepper": _body([*read, *step.once]),
        "step": _body([*_taken("z", order, s), *step.each, *_given("z", order, state), _fired(fired, offset)], 4),
        "enter": _body([*read, *_taken("s", order, s), *enter.once, *enter.each, *_given("z", order, enter.results)]),
        "leave": _body([*read, *_taken("z", order, s), *leave.once, *leave.each, *_given("s", order, leave.results)]),
        "initial": _body([*read, *begin.once, *begin.each]),
        "rest": _object(begin.results, order),
        "flow": _body([*read, *_read("s", s), *flow.once, *flow.each, f"return {_object(flow.results, order)};"]),
        "level": _body([*read, *_read("s", s), *level.once, *level.each, f"return {level.results};"]),
        "potential": s["potential"],
        "rest_potential": p["potential_rest"],
        "level_name": json.dumps(LEVEL.name),
        "stimuli": stimuli(),
    }
    template = resources.files(__package__).joinpath("javascript_module.js").read_text("utf-8")
    return re.sub(r"/\*:(\w+)\*/", lambda found: parts[found[1]], template)


def _names(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A name in JavaScript for each field: its own, unless that is taken."""
    taken: set[str] = set()
    found = {}
    for role, field in wanted:
        name = next(n for n in (field, f"{field}_now", f"{field}_{role}") if _free(n, taken))
        found[role, field] = name
        taken.add(name)
    return found


def _free(name: str, taken: Collection[str]) -> bool:
    return name not in taken and name not in GLOBAL and not re.fullmatch(r"x\d+", name) and name.isascii()


def _read(whole: str, names: Values) -> list[str]:
    """Constants for the fields of an object."""
    return [f"const {own} = {whole}.{field};" for field, own in names.items()]


def _taken(whole: str, order: list[str], names: Values) -> list[str]:
    """Constants for the numbers of an array."""
    return [f"const {names[field]} = {whole}[{place}];" for place, field in enumerate(order)]


def _given(whole: str, order: list[str], results: Any) -> list[str]:
    """Numbers of an array from what was computed."""
    return [f"{whole}[{place}] = {results[field]};" for place, field in enumerate(order)]


def _fired(fired: str, offset: str) -> str:
    return f"return {fired} ? {offset} : -1;"


def _object(results: Any, order: list[str]) -> str:
    return "{" + ", ".join(f"{field}: {results[field]}" for field in order) + "}"


def _body(lines: list[str], indent: int = 2) -> str:
    return "\n".join(" " * indent + line for line in lines)


def _model(soma: Soma, fields: list[str]) -> dict[str, Any]:
    """What a page has to know to name and bound things."""
    quantities, config = soma.config.quantities(), soma.config
    values = {name: getattr(config, name) for name in fields}
    plain = {
        name: value if isinstance(value, float) else float(quantities[name].default) for name, value in values.items()
    }
    return {
        "name": type(soma).__name__,
        "title": soma.title,
        "dt": config.dt,
        "parameters": [
            {"name": name, "value": plain[name], **_told(quantities[name]), "bounds": list(quantities[name].bounds)}
            for name in fields
        ],
        "state": [
            {"name": v.name, "symbol": v.symbol, "unit": v.unit, "words": v.words} for v in soma.system.variables
        ],
    }


def _told(quantity: Any) -> dict[str, Any]:
    return {"symbol": quantity.symbol, "unit": quantity.unit, "words": quantity.title}
