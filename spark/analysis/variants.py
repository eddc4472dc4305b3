"""One neuron and its stimulus as a population of variants that differ in some of their values.

A field is named as in its config: "resistance" is the soma's, "stimulus.amplitude" the stimulus's, and
"stimulus.1.amplitude" that of part 1 of a sum.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from ..core.config import Config
from ..core.echo import echo
from ..core.hybrid import Values
from ..core.quantity import Quantity
from ..nn.components.somas import Soma
from ..simulation.asked import DEFAULT_DURATION, config_units, driven, initial_state, steps_of
from ..simulation.diverged import too_fast
from ..solvers import Solver
from ..stimuli import Array, Stimulus, Sum
from ..stimuli.windows import window_of

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Subject:
    """One neuron: a soma and a current, each with one value for every quantity.

    Attributes:
        soma: the soma.
        current: what it gets: a stimulus, or pA as an array of shape (steps,).
        parts: the stimuli that the current consists of; none for an array.
    """

    soma: Soma
    current: Any
    parts: tuple[Stimulus, ...]

    @classmethod
    def of(cls, soma: Soma, current: Any) -> Subject:
        """The first unit of a soma and of its current: what arrays and initializers say for it.

        Raises:
            TypeError: no soma.
            ValueError: an array of currents of several units.
        """
        if not isinstance(soma, Soma):
            raise TypeError(f"this takes an instance of a soma, not {echo(soma)}: write LeakySoma(), for example.")
        units = config_units(soma.config) or 1
        key = jax.random.key(soma.config.seed) if soma.config.random else None
        config = _first(soma.config, soma.config.units or (units,), key, units=None)
        if isinstance(current, Stimulus):
            return cls(type(soma)(config), current, tuple(_first_part(part, units) for part in current.parts))
        held = np.asarray(getattr(current, "value", current))
        if held.ndim == 2 and held.shape[1] > 1:
            raise ValueError(f"this is about one neuron, and the current has shape {held.shape}: give shape (steps,).")
        return cls(type(soma)(config), held, ())

    def find(self, field: str) -> tuple[int, Quantity]:
        """Which config a field belongs to (0 the soma's, 1 and on the stimuli's), and what it is.

        Raises:
            ValueError: there is no such quantity, or it cannot differ between points.
        """
        words = field.split(".")
        place, name = 0, words[-1]
        if words[0] == "stimulus" and len(words) > 1:
            numbered = len(words) == 3 and words[1].isdigit()
            if not (numbered or (len(words) == 2 and len(self.parts) == 1)) or (
                numbered and int(words[1]) >= len(self.parts)
            ):
                raise ValueError(
                    f"{echo(field)} names no part of the stimulus: it has {len(self.parts)}, "
                    f"write stimulus.<part>.{name} with the number of one, counted from 0."
                )
            place = int(words[1]) + 1 if numbered else 1
        quantities = self.configs[place].quantities()
        if name not in quantities or (place == 0 and len(words) > 1):
            near = difflib.get_close_matches(name, quantities, 1)
            hint = f"did you mean {echo(near[0])}? " if near else ""
            owner = type(self.configs[place]).__name__
            raise ValueError(f"{owner} has no quantity {echo(field)}: {hint}it has {', '.join(quantities)}.")
        if quantities[name].scalar:
            raise ValueError(f"{echo(field)} is one number for a whole run: vary it from run to run.")
        return place, quantities[name]

    def value(self, field: str) -> float:
        """The neuron's own value of a field."""
        place, quantity = self.find(field)
        return float(getattr(self.configs[place], str(quantity.name)))

    @property
    def configs(self) -> tuple[Config, ...]:
        """The soma's config and those of the parts of its stimulus."""
        return (self.soma.config, *self.parts)

    def columns(self, points: Mapping[str, np.ndarray]) -> list[Columns]:
        """The points' values by config and name."""
        found: list[Columns] = [{} for _ in self.configs]
        for field, values in points.items():
            place, quantity = self.find(field)
            found[place][str(quantity.name)] = values
        return found

    def legal(self, points: Mapping[str, np.ndarray], size: int) -> np.ndarray:
        """Which points keep to the bounds and the orders that the configs declare."""
        kept = np.ones(size, bool)
        for config, columns in zip(self.configs, self.columns(points), strict=True):
            for name, values in columns.items():
                kept &= np.isfinite(values)
                if not config.unchecked:
                    kept &= config.quantities()[name].within(values)
            for lower, upper in () if config.unchecked else config.ordered:
                low, high = (np.asarray(columns.get(name, getattr(config, name))) for name in (lower, upper))
                kept &= low < high
        return kept

    def varied(self, points: Mapping[str, np.ndarray]) -> Subject:
        """A population with one unit for each of these (legal) points. Noise is the same for all of them."""
        own, *others = self.columns(points)
        soma = self.soma.config.copy(**own).seal()
        parts = tuple(part.copy(**columns).seal() for part, columns in zip(self.parts, others, strict=True))
        current = self.current
        if parts:
            current = Sum(parts=list(parts)) if isinstance(current, Sum) else parts[0]
        return replace(self, soma=type(self.soma)(soma), current=current, parts=parts)

    def stable(self, solver: Solver, initial: Mapping[str, Any] | None, size: int, dt: float) -> np.ndarray:
        """For which units of a population the solver's time step is short enough."""
        p = Values(self.soma.drawn((size,)))
        kept = np.ones(size, bool)
        for fast in too_fast(self.soma, solver, p, initial_state(self.soma, p, initial, size), dt).values():
            kept &= ~fast
        return kept

    def steps(self, duration: float | None, dt: float) -> int:
        """The number of steps of a run."""
        if not self.parts and not isinstance(self.current, Stimulus):
            return driven(self.soma.config, self.current, dt, duration, 1, None).steps
        return steps_of(DEFAULT_DURATION if duration is None else duration, dt)

    def windows(self, points: Mapping[str, np.ndarray], size: int, duration: float) -> np.ndarray:
        """From the first onset to the last end of the stimuli, within the run, ms: shape (size, 2)."""
        starts, ends = [], []
        for config, columns in zip(self.configs[1:], self.columns(points)[1:], strict=True):
            onset = columns.get("onset", getattr(config, "onset", 0.0))
            starts.append(np.broadcast_to(onset, size))
            length = columns.get("duration", getattr(config, "duration", np.inf))
            ends.append(np.broadcast_to(onset + length, size))
        found = window_of(self.parts, starts, ends, duration)  # the whole run: no stimulus but an array
        return np.stack([np.broadcast_to(one, size) for one in found], axis=1)


def _first(config: Any, shape: tuple[int, ...], key: jax.Array | None, **changes: Any) -> Any:
    """The config with the first unit's value in place of each array and initializer, and `changes` that it has."""
    spread = [
        name for name, q in config.quantities().items() if not q.scalar and not isinstance(getattr(config, name), float)
    ]
    drawn = config.draw(shape, key, np.float64) if spread else {}
    known = {name: value for name, value in changes.items() if name in config.fields()}
    return config.copy(**{name: float(drawn[name].flat[0]) for name in spread}, **known)


def _first_part(part: Stimulus, units: int) -> Stimulus:
    changes: dict[str, Any] = {"frozen": True}  # one unit's noise is that of a run of one neuron
    if isinstance(part, Array):
        changes["samples"] = part.samples if part.samples.ndim == 1 else part.samples[:, 0]
    sizes = [np.size(getattr(part, name)) for name, q in part.quantities().items() if not q.scalar]
    return _first(part, (max([units, *sizes]),), part.stream_key(None) if part.random else None, **changes)
