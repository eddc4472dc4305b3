"""Why a soma is silent under a steady current, and which of its values, changed alone, would make it fire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.quantity import Quantity
from ..nn.components.somas import Soma
from ..simulation import Cancelled
from .calling import of_neuron
from .fixed_points import Rheobase, fixed_points, rheobase
from .neuron import class_of
from .planes import neuron_of

LOOKED = 8
"""Values of a quantity that are tried on each side."""
HALVINGS = 24
"""How often the interval is halved in which firing begins: down to 1e-7 of it."""
FAR_BELOW = np.array([-1e5])
"""A potential at which every soma that can be run rises, mV."""
SAME = 1e-9
"""Part of itself by which a rheobase must change for a quantity to count as one that decides it."""


@dataclass(frozen=True)
class Remedy:
    """A value from which on the soma can no longer rest, with everything else as it is.

    Attributes:
        name: the quantity.
        value: in its own unit.
        above: whether it fires above this value; otherwise below.
    """

    name: str
    value: float
    above: bool


@dataclass(frozen=True)
class Silence:
    """What keeps a soma silent.

    Attributes:
        current: the steady input, pA.
        potential: where it rests under it, mV; None where it cannot rest.
        limit: its rheobase.
        remedies: what would make it fire, that which needs the shortest way along its slider first.
    """

    current: float
    potential: float | None
    limit: Rheobase
    remedies: tuple[Remedy, ...]

    @property
    def rests(self) -> bool:
        """Whether there is a state in which it can stay."""
        return self.potential is not None


@of_neuron
def silence(
    kind: type[Soma] | Soma,
    parameters: Mapping[str, Any],
    current: float,
    stop: Callable[[], bool] | None = None,
) -> Silence:
    """Whether a soma can rest under a steady current, and up to which values of its quantities it can.

    Each quantity is followed alone over the range of its slider, as far as the model allows, until the rheobase falls
    to the current: on the side where that is nearer.

    Args:
        kind: the soma.
        parameters: its values by name.
        current: the steady input, pA.
        stop: asked before each quantity; nobody waits any more where it says so.

    Raises:
        Cancelled: `stop` said so.
        TypeError, ValueError: as `rheobase` and `fixed_points`.
    """
    soma, values = class_of(kind), {name: float(value) for name, value in parameters.items()}
    stable = [point.potential for point in fixed_points(soma, values, current) if point.stable]
    limit = rheobase(soma, values)
    if not stable:
        return Silence(current, None, limit, ())
    config = soma.config_class()
    found: list[tuple[float, Remedy]] = []
    for name, quantity in config.quantities().items():
        if stop is not None and stop():
            raise Cancelled
        if name in values and not quantity.scalar:
            found += _remedy(soma, config.ordered, values, current, quantity, name)
    found.sort(key=lambda pair: pair[0])
    return Silence(current, stable[0], limit, tuple(remedy for _, remedy in found))


def _remedy(
    soma: type[Soma],
    ordered: tuple[tuple[str, str], ...],
    values: Mapping[str, float],
    current: float,
    quantity: Quantity,
    name: str,
) -> Iterator[tuple[float, Remedy]]:
    """The nearest value of one quantity that makes the soma fire, and how far off it is, as a part of the slider."""
    low, high = quantity.span or quantity.bounds
    here = values[name]
    if low is None or high is None or not high > low:
        return

    def needed(value: float) -> float | None:
        """The rheobase with this value, infinite where it can always rest; None where the model is not defined."""
        there = {**values, name: value}
        if not quantity.within(value) or any(not there[a] < there[b] for a, b in ordered if name in (a, b)):
            return None
        return _needed(soma, there, current)

    own = needed(here)
    near: list[tuple[float, Remedy]] = []
    for end in (low, high):
        far = needed(end)
        if end == here or (far is not None and own is not None and abs(far - own) <= SAME * max(abs(own), 1.0)):
            continue
        value = _first(needed, here, end, current)
        if value is not None:
            near.append((abs(value - here) / (high - low), Remedy(name, value, value > here)))
    yield from sorted(near, key=lambda pair: pair[0])[:1]


def _needed(soma: type[Soma], values: Mapping[str, float], current: float) -> float | None:
    try:
        limit = rheobase(soma, values)
        rises = neuron_of(soma, values, current).along(FAR_BELOW, "rate")[0]
    except ValueError:
        return None
    if not np.all(rises > 0):  # it could neither rest nor fire: the potential would fall without end
        return None
    if limit.current is not None:
        return limit.current
    return -np.inf if "no stable" in limit.reason else np.inf


def _first(needed: Callable[[float], float | None], here: float, end: float, current: float) -> float | None:
    """The first value from here to the end at which so small a current is enough."""
    silent = here
    for value in np.linspace(here, end, LOOKED + 1)[1:]:
        least = needed(float(value))
        if least is None:
            return None
        if least < current:
            break
        silent = float(value)
    else:
        return None
    fires = float(value)
    for _ in range(HALVINGS):
        middle = (silent + fires) / 2
        least = needed(middle)
        if least is not None and least < current:
            fires = middle
        else:
            silent = middle
    return fires
