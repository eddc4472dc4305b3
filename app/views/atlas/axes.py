"""The two axes of the atlas: sliders, laid along the sides of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from spark.core.quantity import Quantity

from ...foresight.batch import Neuron
from ...numbers import number
from ...session import membrane
from ...sidebar.row_specs import slider

TELLING = ("adaptation_delta", "recovery_update", "threshold_delta", "rheobase_threshold", "threshold")
"""Quantities of somas that tell most against the current, the best first."""
FORMAT = """const v = log ? low * (high / low) ** tick : low + tick * (high - low)
    return String(Number(v.toPrecision(4))).replace("-", "\\u2212")"""
"""What is written at a tick of the page: ticks are positions, as on the slider, from 0 to 1."""


@dataclass(frozen=True)
class Axis:
    """A slider as an axis: positions from 0 to 1 as on its track.

    Attributes:
        path: of the session.
        name, symbol, unit: in words.
        low, high, log: its range, widened by the value as the slider is.
        step: the slider's.
    """

    path: str
    name: str
    symbol: str
    unit: str
    low: float
    high: float
    log: bool
    step: float

    @property
    def label(self) -> str:
        """Name, symbol and unit, for the axis."""
        return f"{self.name} {self.sign} ({self.unit})" if self.unit else f"{self.name} {self.sign}"

    @property
    def sign(self) -> str:
        """The symbol where there are no subscripts."""
        return self.symbol.replace("_", "\u200a")

    @property
    def args(self) -> dict[str, Any]:
        """What `FORMAT` knows."""
        return {"low": self.low, "high": self.high, "log": self.log}

    def position(self, value: Any) -> Any:
        """Where values lie, 0 to 1."""
        if self.log:
            return np.log(np.maximum(value, self.low) / self.low) / math.log(self.high / self.low)
        return (np.asarray(value) - self.low) / (self.high - self.low)

    def value(self, position: Any) -> Any:
        """The values at positions from 0 to 1."""
        if self.log:
            return self.low * (self.high / self.low) ** np.asarray(position)
        return self.low + np.asarray(position) * (self.high - self.low)

    def nearest(self, position: float) -> float:
        """The value that the slider would take there."""
        value = float(self.value(min(max(position, 0.0), 1.0)))
        value = float(f"{value:.3g}") if self.log else float(f"{round(value / self.step) * self.step:.12g}")
        return min(max(value, self.low), self.high)

    @property
    def ticks(self) -> list[float]:
        """Positions of round values."""
        if self.log:
            decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            digits = (1, 2, 5) if len(decades) <= 4 else (1,)
            values = [digit * 10.0**decade for decade in decades for digit in digits]
        else:
            rough = (self.high - self.low) / 5
            unit = 10.0 ** math.floor(math.log10(rough))
            step = next(digit * unit for digit in (1, 2, 5, 10) if digit * unit >= rough)
            first = math.ceil(self.low / step)
            values = [k * step for k in range(first, math.floor(self.high / step) + 1)]
        edge = 1e-9 * abs(self.high)
        return [float(self.position(v)) for v in values if self.low - edge <= v <= self.high + edge]

    def told(self, value: float) -> str:
        """A value in words: symbol, value and unit."""
        return f"{self.sign} = {number(value)}{' ' + self.unit if self.unit else ''}"


def axes(neuron: Neuron, capacitive: bool = False) -> dict[str, Axis]:
    """Every quantity that an axis can be, by path: the stimulus's first.

    Args:
        neuron: whose.
        capacitive: C and g_L in place of tau and R, where it has them.
    """
    instead = membrane.instead(capacitive and membrane.CAPACITANCE in neuron.shown, neuron.values)
    parts = neuron.stimulus.parts
    configs = [(f"stimulus.{i}", part) for i, part in enumerate(parts)] + [("config", neuron.soma.config)]
    found: dict[str, Axis] = {}
    for prefix, config in configs:
        own = vars(type(config))
        known = sorted(config.quantities().items(), key=lambda item: prefix != "config" and item[0] not in own)
        for name, quantity in known:
            path = f"{prefix}.{name}"
            if path in neuron.values:
                several = (
                    f" of stimulus {int(prefix.split('.')[1]) + 1}" if prefix != "config" and len(parts) > 1 else ""
                )
                path = instead.get(path, path)
                found[path] = _axis(path, membrane.QUANTITIES.get(path, quantity), neuron.shown[path], several)
    return found


def usual(choice: dict[str, Axis]) -> tuple[str, str]:
    """The axes with which the atlas opens: a current, and what tells most about the soma."""
    x = next(
        (path for path in choice if path.startswith("stimulus.") and choice[path].unit == "pA"), next(iter(choice))
    )
    y = next((f"config.{name}" for name in TELLING if f"config.{name}" in choice), None)
    return x, y or next(path for path in choice if path != x)


def _axis(path: str, quantity: Quantity, value: float, several: str) -> Axis:
    row = slider(path, quantity, value, value)
    low, high = min(row["min"], value), max(row["max"], value)
    log = bool(row["log"] and low > 0)
    return Axis(path, row["name"] + several, row["symbol"], row["unit"], low, high, log, row["step"])
