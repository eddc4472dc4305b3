"""What is to be exported, checked and drawn as `spark.simulate` would: every exporter begins here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.hybrid import Values
from ..nn.components.somas import Soma
from ..simulation.asked import DEFAULT_DURATION, config_units, initial_state, positive, steps_of
from ..stimuli import Stimulus


@dataclass(frozen=True)
class Run:
    """A run as it would be simulated.

    Attributes:
        soma: the soma.
        stimulus: its stimulus.
        dt: time step over which the current is held, ms.
        duration: length, ms.
        steps: the same in steps.
        units: number of neurons.
        given: what of the state is not at rest in the beginning.
    """

    soma: Soma
    stimulus: Stimulus
    dt: float
    duration: float
    steps: int
    units: int
    given: dict[str, Any]

    def parameters(self) -> Values:
        """Its quantities in float64, initializers drawn, each of shape (units,)."""
        config = self.soma.config
        drawn = config.draw(config.units or (self.units,), config.seed, np.float64)
        return Values({name: value.ravel() for name, value in drawn.items()})

    def state(self) -> dict[str, np.ndarray]:
        """The state in the beginning, each variable of shape (units,)."""
        state = initial_state(self.soma, self.parameters(), self.given, self.units)
        return {name: np.broadcast_to(np.asarray(value), (self.units,)) for name, value in state.items()}


def asked(
    soma: Soma,
    stimulus: Stimulus,
    dt: float | None,
    duration: float | None,
    initial: Mapping[str, Any] | None = None,
    units: int | None = None,
) -> Run:
    """What these arguments of an exporter ask for; None is what `spark.simulate` takes it for.

    Raises:
        TypeError: no soma, or no stimulus.
        ValueError: a time step, duration, size or state that `spark.simulate` would refuse.
    """
    check_kinds(soma, stimulus)
    dt = positive("dt", "ms", soma.config.dt if dt is None else dt)
    duration = positive("duration", "ms", DEFAULT_DURATION if duration is None else duration)
    fixed = config_units(soma.config)
    if units is not None and (not isinstance(units, (int, np.integer)) or isinstance(units, bool) or units < 1):
        raise ValueError(f"units = {units!r} must be a whole number of at least 1.")
    if units is not None and fixed is not None and units != fixed:
        raise ValueError(f"units = {units} but the soma's config is of {fixed} units: leave units out.")
    size = int(units or fixed or 1)
    run = Run(soma, stimulus, dt, duration, steps_of(duration, dt), size, dict(initial or {}))
    run.state()  # refuses what is not in the state
    return run


def check_kinds(soma: Any, stimulus: Any) -> None:
    """Refuse what is no soma, or no stimulus."""
    if not isinstance(soma, Soma):
        raise TypeError(f"an export takes an instance of a soma, not {soma!r}: write LeakySoma(), for example.")
    if not isinstance(stimulus, Stimulus):
        raise TypeError(
            f"an export takes a stimulus, not {type(stimulus).__name__}: "
            "write Step(amplitude=500.0), or Array(samples=...) for a current of your own."
        )
