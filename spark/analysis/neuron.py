"""A phase plane, and one neuron under a constant current seen from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jax
import numpy as np

from ..core.echo import echo
from ..core.hybrid import Values
from ..nn.components.somas import Soma
from .host import Equations, equations, on_host

Array = np.ndarray


@dataclass(frozen=True)
class Plane:
    """The phase plane of a soma: the potential (mV, to the right) and its second variable (upwards).

    Attributes:
        kind: class of the soma.
        second: name of the second state variable; None where the potential is alone, and dV/dt is drawn against V.
        symbol: of the second variable, or dV/dt.
        unit: of the same.
        form: how the potential's nullcline is had: "explicit" (dV/dt is linear in the second variable), "vertical"
            (dV/dt does not depend on it), "logarithm" (an exponential membrane whose soft threshold moves), "none".
    """

    kind: type[Soma]
    second: str | None
    symbol: str
    unit: str
    form: str

    @property
    def label(self) -> str:
        """Symbol and unit of what goes upwards, for an axis."""
        return f"{self.symbol} ({self.unit})" if self.unit else self.symbol

    @property
    def record(self) -> tuple[str, ...]:
        """What `simulate(..., record=)` must keep for the run's path in this plane."""
        return ("potential", self.second or "current")


class Neuron:
    """One neuron under a constant current, seen from its plane; potentials and second variables broadcast.

    The refractory period is over here: a spike leaves the plane's flow for that long (see `trajectory`).
    """

    def __init__(self, kind: type[Soma], plane: Plane, p: Values, current: float) -> None:
        self.kind, self.plane, self.p, self.current = kind, plane, p, np.float64(current)
        self.equations: Equations = equations(kind)

    def state(self, v: Any, x: Any) -> Values:
        """The state at potential `v` and second variable `x`, not refractory."""
        here = {"potential": v, self.plane.second: x, "refractory": np.float64(0)}
        return Values({name: here[name] for name in self.equations.state})

    def flow(self, v: Any, x: Any) -> tuple[Array, Array]:
        """dV/dt (mV/ms) and that of the second variable (its unit per ms, 0 where there is none)."""
        ds = self.equations.flow(self.p, self.state(v, x), self.current)
        shape = np.broadcast_shapes(np.shape(v), np.shape(x))
        second = ds[self.plane.second] if self.plane.second else 0.0
        return np.broadcast_to(ds.potential, shape), np.broadcast_to(second, shape)

    def slopes(self, v: Any, x: Any) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """The Jacobian ((dF/dV, dF/dx), (dG/dV, dG/dx)), 1/ms where the units are equal."""
        by = self.equations.slopes(self.p, self.state(v, x), self.current)
        shape, second = np.broadcast_shapes(np.shape(v), np.shape(x)), self.plane.second

        def entry(of: str | None, variable: str | None) -> Array:
            return np.broadcast_to(by[variable][of] if of and variable else 0.0, shape)

        return (
            (entry("potential", "potential"), entry("potential", second)),
            (entry(second, "potential"), entry(second, second)),
        )

    def relaxed(self, v: Any) -> Array:
        """The second variable on its own nullcline, where it rests while the potential is held at `v`."""
        found = _along(self.kind, self.plane.second, ("second",))(self.p, v, self.current)[0]
        return np.broadcast_to(found, np.shape(v))

    def along(self, v: Array, *names: str) -> tuple[Array, ...]:
        """What goes on along the second variable's nullcline, at each potential of `v`.

        Args:
            v: potentials, mV.
            *names: of "rate" (dV/dt), "trace" and "det" (of the Jacobian), "event" (V minus the firing level), "gain"
                (derivative of dV/dt by the current). A soma without a second variable is taken as one with an idle
                second that relaxes at rate 1: trace and determinant then both tell the sign of dF/dV.
        """
        found = _along(self.kind, self.plane.second, names)(self.p, v, self.current)
        return tuple(np.broadcast_to(value, v.shape) for value in found)

    def event(self, v: Any, x: Any) -> Array:
        """V minus the firing level, mV: positive means fire."""
        return np.asarray(v - self.equations.level(self.p, self.state(v, x)))

    def reset(self) -> float:
        """The potential right after a spike, mV."""
        return float(self.equations.jump(self.p, self.state(self.p.potential_rest, np.float64(0))).potential)

    def jump(self, x: float) -> float:
        """How far a spike raises the second variable from `x`."""
        s = self.state(self.p.potential_rest, np.float64(x))
        return float(self.equations.jump(self.p, s)[str(self.plane.second)] - x)

    def refuse_idle(self) -> None:
        """Raise a ValueError if the second variable never moves."""
        second = self.plane.second
        if second is not None and not self.slopes(self.p.potential_rest, 0.0)[1][1]:
            raise ValueError(
                f"{self.kind.__name__}'s {second} never moves with these parameters: its fixed points fill a line."
            )


@cache
def _along(kind: type[Soma], second: str | None, names: tuple[str, ...]) -> Any:
    system, one = kind.system, np.float64(1)
    state = equations(kind).state

    def along(p: Values, v: Any, current: Any) -> list[Any]:
        def flow(v: Any, x: Any, current: Any) -> tuple[Any, Any]:
            here = {"potential": v, second: x, "refractory": 0.0 * v}
            s = Values({name: here[name] for name in state})
            ds = system.flow(p, s, current)
            return ds.potential, ds[second] if second else -x

        zero = 0.0 * v
        _, start = flow(v, zero, current)
        _, pull = jax.jvp(lambda x: flow(v, x, current)[1], (zero,), (zero + 1,))
        x = -start / pull
        rate, (fv, gv) = jax.jvp(lambda v: flow(v, x, current), (v,), (zero + 1,))
        _, (fx, gx) = jax.jvp(lambda x: flow(v, x, current), (x,), (zero + 1,))
        _, (gain, _) = jax.jvp(lambda i: flow(v, x, i), (current,), (one,))
        s = Values({name: {"potential": v, second: x}.get(name, zero) for name in state})
        found = {
            "second": x,
            "rate": rate[0],
            "trace": fv + gx,
            "det": fv * gx - fx * gv,
            "event": system.event(p, s),
            "gain": gain,
        }
        return [found[name] for name in names]

    p = Values({name: one for name in equations(kind).parameters})
    return on_host(along, p, one, one)


def one_neuron(kind: type[Soma], parameters: Mapping[str, Any]) -> Values:
    """The parameters of one neuron as float64 numbers.

    Raises:
        ValueError: a parameter is missing, or is not one number.
    """
    known = equations(kind).parameters
    missing = [name for name in known if name not in parameters]
    if missing:
        raise ValueError(
            f"{kind.__name__} needs its parameter {echo(missing[0])}: give one number for each of its names."
        )
    sizes = {name: np.size(parameters[name]) for name in known}
    many = [name for name, size in sizes.items() if size != 1]
    if many:
        raise ValueError(
            f"{kind.__name__}.{many[0]} holds {sizes[many[0]]} values: a phase plane is that of one neuron, "
            "so give one number for each parameter."
        )
    return Values({name: np.float64(np.asarray(parameters[name]).reshape(())) for name in known})


def class_of(kind: type[Soma] | Soma) -> type[Soma]:
    """The class of a soma given as a class or an instance.

    Raises:
        TypeError: neither.
    """
    found = kind if isinstance(kind, type) else type(kind)
    if not (issubclass(found, Soma) and hasattr(found, "system")):
        raise TypeError(f"this takes a soma such as AdaptiveExponentialSoma(), or its class, not {echo(kind)}.")
    return found
