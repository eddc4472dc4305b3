"""A soma as a module of JavaScript: its own step, printed, so that a page needs no server to run it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable
from importlib import resources
from typing import Any

from ..core.hybrid import Values
from ..core.variable import LEVEL
from ..core.version import __version__
from ..nn.components.somas import Soma
from ..solvers import Solver
from .javascript_model import model
from .javascript_stimuli import stimuli
from .javascript_text import Written, written

OURS = "Math Number Float64Array Infinity NaN Object Error Array p s z dt current given ORDER"
WORDS = (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export "
    "extends false finally for function if implements import in instanceof interface let new null of package private "
    "protected public return static super switch this throw true try typeof undefined var void while with yield"
)
TAKEN = frozenset((OURS + " " + WORDS).split())
"""Names that mean something to JavaScript or in the module."""


def javascript(soma: Soma, solver: Solver | None = None) -> str:
    """An ES module that runs this soma as `spark.simulate` does, in double precision: the same located spikes.

    Its functions are printed from the traced step of the soma and the solver, so that a soma of one's own is exported
    as it is. It exports

    - `model`: name, title, dt, and for each parameter and state variable its name, symbol, unit, words and bounds; the
      values are those of this soma, where they are one number, else the defaults.
    - `initial(p, given)`: the state at rest; `given` are variables that begin elsewhere. Others are refused.
    - `step(p, s, current, dt)`: one step under a held current; gives `{state, fired, offset}`.
    - `run(p, stimulus, dt, steps, options)`: gives `{spikes, traces, state}`: spike times in ms, and at the beginning
      of each step what `options.record` names (the state variables, "threshold" and "current"; by default the
      potential). `options.state` is where it begins. A stimulus is a number, a current (pA) for each step, or stimuli
      as their `to_dict()`, one or several, which add; a field that is left out has its default. `options.unit` numbers
      the neuron, for what is random and for values that differ between units.
    - `currents(stimulus, dt, steps, unit)`: the current of each step, means over the step as in Spark. Noise has the
      law of Spark's, from a generator of its own: equal seeds are not equal numbers.
    - `flow(p, s, current)`: ds/dt per ms, `level(p, s)`: the potential above which it fires, mV.
    - `tooLong(p, dt)`: why a time step is too long for the solver, in a sentence as `spark.simulate` has it; "" where
      it is not.

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
    enter, begin = made(frame.enter, s), made(system.initial, s["potential"])
    flow, level, rates = made(system.flow, s, "current"), made(system.level, s), made(system.rates, s)
    readers = {name: made(lambda p, z, name=name: frame.leave(p, z)[name], s) for name in order}
    readers.setdefault(LEVEL.name, made(lambda p, z: system.level(p, frame.leave(p, z)), s))
    state, fired, offset = step.results
    moved = [f"z[{place}] = {state[field]}" for place, field in enumerate(order)]
    at_once = f"return Float64Array.of({', '.join(enter.results[field] for field in order)})"
    parts = {
        "solver": json.dumps(type(solver).__name__),
        "title": f"{soma.title}: {what}, printed by Spark {__version__} from its own step.",
        "model": model(soma),
        "order": json.dumps(order),
        "stepper": _body(_read(step, "p", p), step.once),
        "step": _body(_taken(step, order, s), step.each, moved, [f"return {fired} ? {offset} : -1"], indent=4),
        "enter": _body(_read(enter, "p", p), _read(enter, "s", s), enter.once, enter.each, [at_once]),
        "readers": "\n".join(_reader(name, found, p, s, order) for name, found in readers.items()),
        "initial": _body(_read(begin, "p", p), begin.once, begin.each),
        "rest": _pairs(begin.results, order),
        "flow": _function(flow, p, s, f"{{{_pairs(flow.results, order)}}}"),
        "level": _function(level, p, s, level.results),
        "stable": "Infinity" if math.isinf(solver.stable) else repr(solver.stable),
        "rates": _function(rates, p, s, f"{{{_pairs(rates.results, sorted(rates.results, key=order.index))}}}"),
        "potential": s["potential"],
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
    return name not in taken and name not in TAKEN and not re.fullmatch(r"x\d+", name) and name.isascii()


def _read(found: Written, whole: str, names: Values) -> list[str]:
    """Constants for the fields of an object that are read at all."""
    return [f"const {own} = {whole}.{field}" for field, own in names.items() if own in found.read]


def _taken(found: Written, order: list[str], names: Values) -> list[str]:
    """Constants for the numbers of z that are read at all."""
    return [f"const {names[field]} = z[{place}]" for place, field in enumerate(order) if names[field] in found.read]


def _reader(name: str, found: Written, p: Values, s: Values, order: list[str]) -> str:
    """A method that gives the function of z for one name."""
    taken, read = _taken(found, order, s), _read(found, "p", p)
    within = _body(taken, found.each, [f"return {found.results}"], indent=6)
    before = _body(read, found.once, [f"return ({'z' if taken else ''}) => {{"], indent=4)
    return f"  {name}({'p' if read else ''}) {{\n{before}\n{within}\n    }}\n  }},"


def _function(found: Written, p: Values, s: Values, result: str) -> str:
    """The body of a function of p and s."""
    return _body(_read(found, "p", p), _read(found, "s", s), found.once, found.each, [f"return {result}"])


def _pairs(results: Values, order: list[str]) -> str:
    """Names with what was computed, as an object has them."""
    return ", ".join(f"{field}: {results[field]}" for field in order)


def _body(*parts: list[str], indent: int = 2) -> str:
    return "\n".join(" " * indent + line for lines in parts for line in lines)
