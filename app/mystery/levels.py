"""The levels of the mystery neuron: which model, which of its values are hidden, and between what they are drawn.

What is not hidden has the value that its soma declares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from spark.core.quantity import Quantity
from spark.nn.components.somas import catalogue


@dataclass(frozen=True)
class Level:
    """One level.

    Attributes:
        title: for people.
        model: class name of the soma.
        hidden: by name of a quantity the range from which it is drawn, in its unit.
        amplitude: of the step with which a student begins, pA; every neuron of the level fires under it.
    """

    title: str
    model: str
    hidden: Mapping[str, tuple[float, float]]
    amplitude: float

    @property
    def quantities(self) -> dict[str, Quantity]:
        """The hidden quantities as their soma declares them."""
        declared = catalogue()[self.model].config_class.quantities()
        return {name: declared[name] for name in self.hidden}

    def at(self, name: str, part: float) -> float:
        """The value at this part (0 to 1) of a quantity's range, which is logarithmic where its slider is."""
        low, high = self.hidden[name]
        if self.is_ratio(name):
            return low * math.exp(part * math.log(high / low))
        return low + part * (high - low)

    def is_ratio(self, name: str) -> bool:
        """Whether values of this quantity are compared by their ratio: those that have a slider of decades."""
        return bool(self.quantities[name].log)

    def error(self, name: str, value: float, true: float) -> float:
        """How far a value is from the true one: relative to that where ratios count, otherwise to half the range."""
        return abs(value - true) / self.scale(name, true) if math.isfinite(value) else math.inf

    def scale(self, name: str, true: float) -> float:
        """The unit in which errors of a quantity are told."""
        low, high = self.hidden[name]
        return true if self.is_ratio(name) else (high - low) / 2


_ADEX = {
    "potential_tau": (10.0, 25.0),
    "resistance": (0.06, 0.12),
    "adaptation_tau": (80.0, 300.0),
    "adaptation_delta": (20.0, 80.0),
    "adaptation_subthreshold": (0.5, 4.0),
}
LEVELS = (
    Level(
        "Leaky, two unknowns",
        "LeakySoma",
        {"potential_tau": (12.0, 40.0), "resistance": (0.04, 0.08)},
        450.0,
    ),
    Level(
        "Refractory leaky, three unknowns",
        "RefractoryLeakySoma",
        {"potential_tau": (10.0, 40.0), "resistance": (0.04, 0.08), "cooldown": (1.0, 10.0)},
        600.0,
    ),
    Level(
        "Adaptive leaky, four unknowns",
        "AdaptiveLeakySoma",
        {
            "potential_tau": (5.0, 20.0),
            "resistance": (0.04, 0.08),
            "threshold_tau": (50.0, 300.0),
            "threshold_delta": (1.0, 5.0),
        },
        700.0,
    ),
    Level(
        "Exponential, four unknowns",
        "ExponentialSoma",
        {
            "potential_tau": (8.0, 25.0),
            "resistance": (0.025, 0.04),
            "rheobase_threshold": (-55.0, -51.0),
            "spike_slope": (1.0, 3.0),
        },
        620.0,
    ),
    Level("Adaptive exponential, five unknowns", "AdaptiveExponentialSoma", _ADEX, 500.0),
    Level(
        "Adaptive exponential, seven unknowns",
        "AdaptiveExponentialSoma",
        _ADEX | {"rheobase_threshold": (-52.0, -46.0), "potential_reset": (-62.0, -54.0)},
        620.0,
    ),
)
"""From the easiest on; level 1 is the first."""


def level(number: int) -> Level:
    """The level of this number, from 1.

    Raises:
        ValueError: there is none.
    """
    if not 1 <= number <= len(LEVELS):
        raise ValueError(f"There is no level {number}: choose from 1 to {len(LEVELS)}.")
    return LEVELS[number - 1]
