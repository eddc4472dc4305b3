"""A soma as a hybrid dynamical system: a flow, an event, a jump."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import jax
import jax.numpy as jnp


@jax.tree_util.register_pytree_with_keys_class
class Values(dict[str, Any]):
    """Named arrays of one shape, read as attributes so that equations look like equations."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

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
    """A coordinate for the potential in which the upstroke of a spike is smooth.

    Attributes:
        enter: (p, s, potential) -> coordinate, increasing in the potential.
        leave: (p, s, coordinate) -> potential; total, also beyond the coordinate's end.
        rate: (p, s, ds) -> time derivative of the coordinate, given the flow `ds` at the state `s`.
    """

    enter: Callable[[Values, Values, jax.Array], jax.Array]
    leave: Callable[[Values, Values, jax.Array], jax.Array]
    rate: Callable[[Values, Values, Values], jax.Array]


@dataclass(frozen=True)
class Hybrid:
    """A soma's dynamics; `p` are its parameters, `s` its state, both `Values` of equal shape.

    Attributes:
        initial: (p, potential) -> state at that potential, all else at rest.
        flow: (p, s, current in pA) -> ds/dt per ms. A refractory clock has slope zero: solvers count it down.
        level: (p, s) -> potential at which the soma fires, mV.
        jump: (p, s) -> state right after a spike.
        rates: (p, s) -> decay rate of each variable with the others held (1/ms): the linear part of the flow.
        chart: smooth coordinate for the potential, if the membrane needs one.
    """

    initial: Callable[[Values, jax.Array], Values]
    flow: Callable[[Values, Values, jax.Array], Values]
    level: Callable[[Values, Values], jax.Array]
    jump: Callable[[Values, Values], Values]
    rates: Callable[[Values, Values], Values]
    chart: Chart | None = None

    def event(self, p: Values, s: Values) -> jax.Array:
        """Signed distance to firing: positive means fire."""
        return s.potential - self.level(p, s)

    def blocked(self, s: Values) -> jax.Array:
        """Where firing is impossible now."""
        return s.refractory > 0 if "refractory" in s else jnp.zeros(jnp.shape(s.potential), bool)

    def charted(self) -> Hybrid:
        """The same system with the smooth coordinate in the place of the potential."""
        chart = self.chart
        if chart is None:
            return self

        def leave(p: Values, z: Values) -> Values:
            return z | {"potential": chart.leave(p, z, z.potential)}

        def enter(p: Values, s: Values) -> Values:
            return s | {"potential": chart.enter(p, s, s.potential)}

        def flow(p: Values, z: Values, current: jax.Array) -> Values:
            s = leave(p, z)
            ds = self.flow(p, s, current)
            return ds | {"potential": chart.rate(p, s, ds)}

        return replace(
            self,
            initial=lambda p, v: enter(p, self.initial(p, v)),
            flow=flow,
            level=lambda p, z: chart.enter(p, z, self.level(p, z)),
            jump=lambda p, z: enter(p, self.jump(p, leave(p, z))),
            chart=None,
        )
