"""Brian2's equations evaluated by Python, so that no peer is needed."""

import math
import re
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from spark.core.hybrid import Hybrid, Values
from spark.export.brian2_equations import Model
from spark.nn.components.somas import LeakySoma, Soma

WORDS = {
    **{name: getattr(np, name) for name in ("exp", "expm1", "log", "log1p", "sign", "floor", "ceil", "sqrt")},
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan")},
    "clip": lambda x, low, high: min(max(x, low), high),
    "inf": math.inf,
    "ms": 1.0,
}


def random_points(kind: type[Soma], n: int = 50, seed: int = 0) -> list[tuple[Values, Values, float]]:
    """Parameters within their sliders, states near to where a soma goes, and currents."""
    rng = np.random.default_rng(seed)
    quantities = {name: q for name, q in kind.config_class.quantities().items() if not q.scalar}
    found = []
    for _ in range(n):
        p = Values({name: np.float64(rng.uniform(*(q.span or q.bounds))) for name, q in quantities.items()})
        rest: Any = kind.system.initial(p, jnp.asarray(rng.uniform(-90.0, 20.0)))
        s = Values(
            {name: np.float64(float(value) + rng.normal() * (name != "potential")) for name, value in rest.items()}
        )
        if "refractory" in s:
            s = s | {"refractory": np.float64(rng.choice([0.0, 1.5]))}
        found.append((p, s, float(rng.uniform(-500.0, 1500.0))))
    return found


def brian2_flow(model: Model, p: Values, s: Values, current: float) -> dict[str, float]:
    """dx/dt per ms by the exported equations."""
    names = {model.parameters[name]: value for name, value in p.items()}
    names |= {model.state[name]: value for name, value in s.items() if name in model.state}
    free = not s.get("refractory", 0.0) > 0
    found = {}
    for line in model.equations:
        parts = re.fullmatch(r"d(\w+)/dt = (.*) : 1( \(unless refractory\))?  # .*", line)
        assert parts, line
        value = eval(parts[2], WORDS | names | {"I": current, "not_refractory": free})
        found[parts[1]] = 0.0 if parts[3] and not free else float(value)
    return {name: found[symbol] for name, symbol in model.state.items()}


def brian2_reset(model: Model, p: Values, s: Values) -> dict[str, float]:
    """The state after a spike by the exported statements, carried out one after the other."""
    names = {model.parameters[name]: value for name, value in p.items()}
    names |= {model.state[name]: value for name, value in s.items() if name in model.state}
    exec(model.reset, dict(WORDS), names)
    return {name: float(names[symbol]) for name, symbol in model.state.items()}


def soma_of(name: str, **changes: Any) -> type[Soma]:
    """A leaky soma with these parts of its system exchanged."""
    return type(name, (LeakySoma,), {"system": replace(LeakySoma.system, **changes), "title": name})


def with_flow(function: Any) -> type[Soma]:
    """A leaky soma whose potential feels `function` of itself as well."""
    leaky: Hybrid = LeakySoma.system

    def flow(p: Values, s: Values, current: jax.Array) -> Values:
        ds = leaky.flow(p, s, current)
        return ds | {"potential": ds.potential + function(jnp.asarray(s.potential))}

    return soma_of("OddSoma", flow=flow)
