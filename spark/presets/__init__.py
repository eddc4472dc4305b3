"""Floor 2: published parameter sets as data, each with citation, stimulus, expected spikes and verdict."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ..core.echo import echo
from ..nn.components.somas import Soma, catalogue
from ..simulation import Recording, simulate
from ..solvers import Solver
from ..stimuli import Stimulus


@dataclass(frozen=True)
class Preset:
    """One published parameter set with the stimulus that shows what it is named after.

    Attributes:
        id: unique name.
        title: name for people.
        soma: class name of its soma.
        config: the soma's fields.
        initial: state variables at the start that are not at rest.
        stimulus: the stimulus as plain data.
        duration: length of the run, ms.
        dt: time step, ms.
        solver: the published scheme as plain data where the pattern needs one; None for the soma's own solver.
        pattern: the firing patterns that it shows.
        shows: what to look at, in one sentence.
        verdict: whether the converged solution shows what the publication says.
        expected: converged spikes: `n_spikes`, `spike_times_ms`, `error_ms`.
        citation: the publication.
        doi: its identifier.
        source: the publication in a few words, "Naud et al. 2008".
        note: what else to know.
        window: the part of the run (start, end in ms) that shows the pattern, where it is not that of the stimulus.
    """

    id: str
    title: str
    soma: str
    config: dict[str, float]
    initial: dict[str, float]
    stimulus: dict[str, Any]
    duration: float
    dt: float
    solver: dict[str, Any] | None
    pattern: tuple[str, ...]
    shows: str
    verdict: str
    expected: dict[str, Any]
    citation: str
    doi: str
    source: str
    note: str = ""
    window: tuple[float, ...] = ()

    def make_soma(self, **changes: Any) -> Soma:
        """The soma with the preset's values, and `changes` to its config."""
        solver = {"solver": Solver.from_dict(self.solver)} if self.solver else {}
        return catalogue()[self.soma](**({"dt": self.dt} | solver | self.config | changes))

    def make_stimulus(self) -> Stimulus:
        """The preset's stimulus."""
        return Stimulus.from_dict(self.stimulus)

    def run(self, **options: Any) -> Recording:
        """Simulate it; `options` go to `spark.simulate`."""
        settings: dict[str, Any] = {"duration": self.duration, "initial": self.initial} | options
        return simulate(self.make_soma(), self.make_stimulus(), **settings)


@cache
def _all() -> dict[str, Preset]:
    found = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            content = json.loads(file.read_text("utf-8"))
            for entry in content["presets"]:
                preset = _read(entry | {"source": content["source"]["short"]})
                found[preset.id] = preset
    return found


def _read(entry: dict[str, Any]) -> Preset:
    fields = {name: entry[name] for name in set(Preset.__dataclass_fields__) & set(entry)}
    for name in ("pattern", "window"):
        value = fields.get(name, ())
        fields[name] = (value,) if isinstance(value, str) else tuple(value)
    return Preset(**fields)


class Presets(dict[str, Preset]):
    """Presets by id; an unknown id is answered with the nearest ones."""

    def __missing__(self, key: str) -> Preset:
        near = difflib.get_close_matches(key, self, 3, 0.3)
        raise KeyError(f"there is no preset {echo(key)}; near it: {', '.join(near) or ', '.join(list(self)[:5])}")


def presets(soma: str | type[Soma] | None = None) -> Presets:
    """Every preset by id, or those of one soma."""
    name = soma.__name__ if isinstance(soma, type) else soma
    return Presets({key: preset for key, preset in _all().items() if name in (None, preset.soma)})
