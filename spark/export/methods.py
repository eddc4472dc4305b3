"""How a run was made, as the sentences that a paper's methods section needs."""

from __future__ import annotations

import re

import jax

from ..core.version import __version__
from ..nn.components.somas import Reference, Soma
from ..presets import Preset, presets
from ..solvers import Solver
from ..stimuli import Array, Stimulus
from .asked import asked
from .table import told


def methods(
    soma: Soma,
    stimulus: Stimulus,
    preset: Preset | str | None = None,
    dt: float | None = None,
    duration: float | None = None,
    units: int | None = None,
    solver: Solver | None = None,
) -> str:
    """The sentences of a methods section: model, values, stimulus, solver, where spikes are found, versions, sources.

    Args:
        soma: the soma.
        stimulus: its stimulus.
        preset: the preset from which the values come, or its id; what differs from it is said. The model's default
            values and their source when None.
        dt: time step, ms; the soma's own when None.
        duration: length of the run, ms; 1000 when None.
        units: number of neurons; what the config says, or 1, when None.
        solver: the soma's own when None.

    Raises:
        TypeError: no soma, or no stimulus.
        ValueError: what `spark.simulate` would refuse, or a preset of another soma.
        KeyError: there is no such preset.
    """
    run, chosen = asked(soma, stimulus, dt, duration, units=units), soma.config.solver if solver is None else solver
    many = f"{run.units:,} {soma.title} neurons" if run.units > 1 else f"A single {soma.title} neuron"
    where = "placed on the time grid" if chosen.on_grid else "located inside the time step"
    return " ".join(
        [
            f"{many} ({'; '.join(map(_cited, soma.references))}) "
            f"{'were' if run.units > 1 else 'was'} simulated for {run.duration:g} ms.",
            _values(soma, preset),
            _driven(stimulus),
            f"The equations were integrated by {type(chosen).__name__} ({_what(chosen)}, order {chosen.order}) with a "
            f"time step of {run.dt:g} ms in {soma.config.float_type.name}; spikes were {where}.",
            f"Simulations were made with Spark {__version__} on JAX {jax.__version__}.",
        ]
    )


def _cited(reference: Reference) -> str:
    return f"{reference.text}, {reference.url}"


def _values(soma: Soma, preset: Preset | str | None) -> str:
    kind, config = type(soma), soma.config
    if preset is None:
        origin, source = type(config)(), f"the model's default ones ({_cited(kind.parameter_source)})"
    else:
        preset = presets()[preset] if isinstance(preset, str) else preset
        if preset.soma != kind.__name__:
            raise ValueError(f"the preset {preset.id} is one of {preset.soma}, and this soma a {kind.__name__}.")
        origin = preset.make_soma().config
        published = ", ".join(filter(None, (preset.citation.rstrip("."), preset.doi and f"doi:{preset.doi}")))
        source = f'those of "{preset.title}" ({published})'
    changed = [
        f"{quantity.words} {told(getattr(config, name))} {quantity.unit}".rstrip()
        for name, quantity in config.per_unit().items()
        if told(getattr(config, name)) != told(getattr(origin, name))
    ]
    return f"Parameter values were {source}" + (f", but for {_listed(changed)}." if changed else ".")


def _driven(stimulus: Stimulus) -> str:
    parts = []
    for part in stimulus.parts:
        values = [f"{q.words} {told(getattr(part, n))} {q.unit}".rstrip() for n, q in part.quantities().items()]
        if isinstance(part, Array):
            values.append(f"samples {told(part.samples)} pA")
        parts.append(f"{part.title} ({', '.join(values)})")
    return f"The input current was {_listed(parts)}." if parts else "There was no input current."


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _what(solver: Solver) -> str:
    """The first words of a solver's own description."""
    first = re.split(r"[,:.]", (type(solver).__doc__ or "").strip())[0]
    return first[:1].lower() + first[1:]
