"""A soma as a hybrid dynamical system: a flow, an event, a jump."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import jax
import jax.numpy as jnp

from .variable import CLOCK, CURRENT, LEVEL, POTENTIAL, Variable


@jax.tree_util.register_pytree_with_keys_class
class Values(dict[str, Any]):
    """Named arrays of one shape, read as attributes so that equations look like equations."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"values are not changed in place: write values | {{{name!r}: ...}}.")

    def __or__(self, other: dict[str, Any]) -> Values:  # type: ignore[override]
        return Values({**self, **other})

    def tree_flatten_with_keys(self) -> tuple[Any, tuple[str, ...]]:
        """Children with their keys, and the names in order."""
        names = tuple(sorted(self))
        return tuple((jax.tree_util.DictKey(n), self[n]) for n in names), names

    @classmethod
    def tree_unflatten(cls, names: tuple[str, ...], children: Any) -> Self:
        """Rebuild from names and children."""
        return cls(zip(names, children, strict=True))


@dataclass(frozen=True)
class Chart:
    """Coordinates for the state in which the upstroke of a spike is smooth.

    Attributes:
        enter: (p, s) -> the state in these coordinates; the potential's increases with the potential.
        leave: (p, z) -> the state that has them; total, also beyond their end.
        look: (p, z) -> the same as cheaply as the flow allows, with what flow and rate can share.
        rate: (p, s, ds) -> time derivative of the coordinates, given the flow `ds` at the looked-at state `s`.
        pace: (p, z, dz) -> sub-steps per ms that a scheme of order 2 or more needs to follow the flow `dz`.
    """

    enter: Callable[[Values, Values], Values]
    leave: Callable[[Values, Values], Values]
    look: Callable[[Values, Values], Values]
    rate: Callable[[Values, Values, Values], Values]
    pace: Callable[[Values, Values, Values], Any]


@dataclass(frozen=True)
class Hybrid:
    """A soma's dynamics; `p` are its parameters, `s` its state, both `Values` of equal shape.

    Attributes:
        initial: (p, potential) -> state at that potential, all else at rest; like `rates` it is plain arithmetic, which
            leaves NumPy arrays what they are: a run makes no call to the device but its loop.
        flow: (p, s, current in pA) -> ds/dt per ms. A refractory clock has slope zero: solvers count it down.
        level: (p, s) -> potential at which the soma fires, mV.
        jump: (p, s) -> state right after a spike.
        rates: (p, s) -> decay rate of each variable with the others held (1/ms): the linear part of the flow.
        chart: smooth coordinates, if the membrane needs them.
        pace: (p, s, ds) -> sub-steps per ms that the flow `ds` needs, where that is known: the chart's, in its terms.
        variables: what the state holds, in the order in which membrane and mechanisms bring it in.

    Raises:
        ValueError: a variable is declared twice.
    """

    initial: Callable[[Values, jax.Array], Values]
    flow: Callable[[Values, Values, jax.Array], Values]
    level: Callable[[Values, Values], jax.Array]
    jump: Callable[[Values, Values], Values]
    rates: Callable[[Values, Values], Values]
    chart: Chart | None = None
    pace: Callable[[Values, Values, Values], Any] | None = None
    variables: tuple[Variable, ...] = (POTENTIAL,)

    def __post_init__(self) -> None:
        names = [variable.name for variable in self.variables]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"a state holds each variable once: {', '.join(twice)} is declared twice.")

    @property
    def slow(self) -> tuple[Variable, ...]:
        """What the state holds besides the potential and the refractory clock."""
        return tuple(v for v in self.variables if v.name not in (POTENTIAL.name, CLOCK.name))

    @property
    def recordable(self) -> tuple[Variable, ...]:
        """What a run can record: the state but for the clock, the firing level and the input."""
        own = {variable.name: variable for variable in self.variables}
        potential, level = (own.get(known.name, known) for known in (POTENTIAL, LEVEL))
        return (potential, level, *(v for v in self.slow if v.name != LEVEL.name), CURRENT)

    def event(self, p: Values, s: Values) -> jax.Array:
        """Signed distance to firing: positive means fire."""
        return s.potential - self.level(p, s)

    def blocked(self, s: Values) -> jax.Array:
        """Where firing is impossible now."""
        return s.refractory > 0 if "refractory" in s else jnp.zeros(jnp.shape(s.potential), bool)

    def charted(self) -> Hybrid:
        """The same system in its smooth coordinates."""
        chart = self.chart
        if chart is None:
            return self

        def flow(p: Values, z: Values, current: jax.Array) -> Values:
            s = chart.look(p, z)
            return chart.rate(p, s, self.flow(p, s, current))

        def level(p: Values, z: Values) -> jax.Array:
            s = chart.leave(p, z)
            return chart.enter(p, s | {"potential": self.level(p, s)}).potential

        return replace(
            self,
            initial=lambda p, v: chart.enter(p, self.initial(p, v)),
            flow=flow,
            level=level,
            jump=lambda p, z: chart.enter(p, self.jump(p, chart.leave(p, z))),
            pace=chart.pace,
            chart=None,
        )
