"""What was recorded, as attributes of a recording; `recorded.pyi` tells type checkers which there can be."""

from __future__ import annotations

from typing import Any

from ..core.echo import echo


class Recorded:
    """Gives each variable that a run has `recorded` as an attribute, and says what is wrong with a name that is none.

    A checker knows the variables of Spark's own somas. Another soma's are `recording.recorded["name"]` to it.
    """

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.__dict__.get("recorded", {})]

    def __getattr__(self, name: str) -> Any:
        recorded = self.__dict__.get("recorded", {})
        if name in recorded:
            return recorded[name]
        if name in ("spikes", "offsets", "spike_times"):
            raise AttributeError(f"{name}: this run kept no events, only statistics: run it with events=True.")
        if name.startswith("_") or "model" not in self.__dict__:  # what Python asks of every object
            raise AttributeError(f"{type(self).__name__} has no attribute {echo(name)}")
        kind = type(self.soma)
        known = [variable.name for variable in kind.system.recordable]
        if name in known:
            raise AttributeError(f"{name} was not recorded: ask for it with simulate(..., record=({echo(name)},)).")
        raise AttributeError(
            f"{name}: {kind.__name__} has no such variable, and a recording no such attribute: "
            f"what can be recorded is {', '.join(known)}."
        )
