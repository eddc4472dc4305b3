"""What a soma's state holds and what drives it, declared once: recordings, axes, hover texts and exports read this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

RESERVED = frozenset(
    {"backend", "config", "counted", "crowded", "device", "dt", "duration", "events", "every", "final", "head"}
    | {"load", "model", "offsets", "parameters", "parameters_of", "plot", "recorded", "save", "solver", "soma"}
    | {"spike_count", "spike_times", "spikes", "statistics", "steps", "time", "to_dataframe", "to_xarray"}
    | {"traced", "units"}
)
"""What a recording has under these names is something else."""
Role = Literal["potential", "threshold", "current", "second"]


@dataclass(frozen=True)
class Variable:
    """A variable, declared beside the equation that brings it in.

    Attributes:
        name: its key in the state and in a recording.
        symbol: what is written at an axis.
        unit: "" where it has none.
        words: its name for people.
        role: the colour that it is drawn in; the theme knows what that looks like.
        current: whether the potential feels it as a current, so that it is one of the membrane's currents.

    Raises:
        ValueError: an unknown role, or a name that a recording has for something else.
    """

    name: str
    symbol: str
    unit: str
    words: str
    role: Role = "second"
    current: bool = False

    def __post_init__(self) -> None:
        if self.role not in get_args(Role):
            raise ValueError(f"the role of {self.name} is {self.role!r}: choose from {', '.join(get_args(Role))}.")
        if self.name in RESERVED:
            raise ValueError(f"a variable cannot be called {self.name!r}: a recording has something else of that name.")

    @property
    def label(self) -> str:
        """Symbol and unit, for an axis."""
        return f"{self.symbol} ({self.unit})" if self.unit else self.symbol


POTENTIAL = Variable("potential", "V", "mV", "potential", "potential")
LEVEL = Variable("threshold", "θ", "mV", "firing threshold", "threshold")
"""Where a soma fires; part of the state where it moves, and recorded of every soma."""
CURRENT = Variable("current", "I", "pA", "current", "current")
CLOCK = Variable("refractory", "t", "ms", "time left of the refractory period")
"""Counted down by the solvers, and not recorded: it follows from the spikes."""
