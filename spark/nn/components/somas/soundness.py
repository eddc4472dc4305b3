"""Whether a soma can join the catalogue: it is described, its values can be drawn, its equations can be traced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jax

from ....core.echo import echo
from ....core.hybrid import Hybrid, Values
from .base import Soma
from .declared import Reference, SomaConfig

NEEDED = {
    "potential_rest": "where every soma starts",
    "potential_reset": "to which a spike is drawn",
    "threshold": "at which, or near which, it fires",
}
"""Quantities that plots and analyses ask of every soma, and what for."""
DESCRIBED = ("title", "shows", "equations", "references", "parameter_source")


def fault_of(kind: Any, others: Iterable[type[Soma]] = ()) -> str | None:
    """What is wrong with a soma, in one clause, or None. It is traced with shapes alone: no device is touched.

    Args:
        kind: the class.
        others: the somas beside which it would stand; its name and title must be its own.
    """
    if not (isinstance(kind, type) and issubclass(kind, Soma)):
        return f"{echo(kind)} is no subclass of spark.nn.somas.Soma"
    fault = _undescribed(kind)
    for other in others:
        for what, mine, theirs in (("name", kind.__name__, other.__name__), ("title", kind.title, other.title)):
            if mine == theirs:
                fault = fault or f"its {what} {echo(mine)} is that of {other.__module__}.{other.__name__}"
    if fault:
        return fault
    for check in (_without_range, _untraceable):
        try:
            fault = check(kind)
        except (Exception, SystemExit) as error:  # in whatever way a stranger's code fails
            said = (str(error).strip() or "no message").splitlines()[0].rstrip(".")
            fault = f"{type(error).__name__}: {said}"
            if isinstance(error, AttributeError) and said.isidentifier():  # as `Values` say it
                fault = (
                    f"its equations ask for `{said}`, which is no quantity of its config and no variable of its state"
                )
        if fault:
            return fault
    return None


def _undescribed(kind: type[Soma]) -> str | None:
    if not isinstance(getattr(kind, "system", None), Hybrid):
        return "it has no `system`, a spark.core.hybrid.Hybrid with flow, level and jump"
    for name in DESCRIBED:
        if not getattr(kind, name, None):
            return f"it has no `{name}`"
    if not isinstance(kind.equations, (tuple, list)) or not all(isinstance(line, str) for line in kind.equations):
        return "its `equations` are no tuple of LaTeX lines"
    if not all(isinstance(one, Reference) for one in (*kind.references, kind.parameter_source)):
        return "its `references` and `parameter_source` are not all spark.nn.somas.Reference"
    return None


def _without_range(kind: type[Soma]) -> str | None:
    if not (isinstance(kind.config_class, type) and issubclass(kind.config_class, SomaConfig)):
        return "its `config_class` is no subclass of spark.nn.somas.SomaConfig"
    quantities = kind.config_class.quantities()
    for name, why in NEEDED.items():
        if name not in quantities:
            return f"its config has no `{name}`, {why}"
    for name, quantity in quantities.items():
        if quantity.span is None and None in quantity.bounds:
            return f"its quantity `{name}` has no `span`, so no slider can show it"
        if quantity.span is not None and not quantity.within(quantity.span).all():
            return f"the slider of its quantity `{name}` would leave its bounds: {quantity.describe_bounds()}"
    return None


def _untraceable(kind: type[Soma]) -> str | None:
    system = kind.system
    drawn: Any = kind().drawn((1,))
    p: Any = jax.eval_shape(lambda: Values(drawn))
    s: Any = jax.eval_shape(lambda p: system.initial(p, p.potential_rest), p)
    if "potential" not in s:
        return f"its state has no `potential` but {', '.join(s) or 'nothing'}"
    declared = {variable.name for variable in system.variables}
    if declared != set(s):
        return f"its state is {', '.join(sorted(s))}, but its system declares {', '.join(sorted(declared))}"
    current = s.potential
    given = {
        "flow": jax.eval_shape(system.flow, p, s, current),
        "jump": jax.eval_shape(system.jump, p, s),
    }
    jax.eval_shape(system.level, p, s)
    rates: Any = jax.eval_shape(system.rates, p, s)
    if system.chart:
        z: Any = jax.eval_shape(system.chart.enter, p, s)
        given |= {
            "chart": z,
            "flow in its chart": jax.eval_shape(system.charted().flow, p, z, current),
            "jump in its chart": jax.eval_shape(system.charted().jump, p, z),
        }
    for what, values in given.items():
        if set(values) != set(s):
            return f"its {what} gives {', '.join(sorted(values)) or 'nothing'} for a state of {', '.join(sorted(s))}"
        if not isinstance(values, Values):
            return f"its {what} gives a {type(values).__name__} where spark.core.hybrid.Values are needed"
    unknown = sorted(set(rates) - set(s))
    return f"its rates name {', '.join(unknown)}, which its state has not" if unknown else None
