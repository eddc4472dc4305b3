"""What Spark and its peers are both asked to run: every preset, and random values of every soma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from spark.analysis import rheobase
from spark.export.currents import MOST_PIECES
from spark.nn.somas import Soma
from spark.presets import Preset, presets
from spark.stimuli import Array, Step, Stimulus

DT = 0.1
"""Over which the current is held, and Spark's step, ms."""
RANDOM_MS = 250.0
ONSET = 20.0
TURNS = 1000
"""So many draws may be no neuron before there is something wrong with the draw."""


@dataclass(frozen=True)
class Batch:
    """Cases of one soma, as the units of one population: one script holds them all.

    Attributes:
        soma: with one value per case in its config.
        stimulus: with one current per case.
        initial: state variables that do not begin at rest.
        duration: of the longest case, ms.
        ids: a name for each case.
        until: where each case ends, ms.
    """

    soma: Soma
    stimulus: Stimulus
    initial: dict[str, Any]
    duration: float
    ids: list[str]
    until: list[float]


def of_presets(kind: type[Soma]) -> list[Batch]:
    """Every preset of a soma, but those that only a published coarse scheme shows.

    Those under pieces of constant current are one population; one under a ramp is a run of its own.
    """
    chosen = [preset for preset in presets(kind).values() if not preset.solver]
    stepped = [preset for preset in chosen if _pieces(preset) <= MOST_PIECES]
    alone = [
        Batch(p.make_soma(dt=DT), p.make_stimulus(), p.initial, p.duration, [p.id], [p.duration])
        for p in chosen
        if p not in stepped
    ]
    return [*([_together(kind, stepped)] if stepped else []), *alone]


def _pieces(preset: Preset) -> int:
    return int(np.count_nonzero(np.diff(preset.make_stimulus().sample(round(preset.duration / DT), DT)[:, 0])))


def _together(kind: type[Soma], chosen: list[Preset]) -> Batch:
    somas = [preset.make_soma() for preset in chosen]
    until = [preset.duration for preset in chosen]
    steps = round(max(until) / DT)
    states = [soma.system.initial(p, p["potential_rest"]) for soma in somas for p in (soma.drawn((1,)),)]
    samples = np.hstack([preset.make_stimulus().sample(steps, DT, dtype=np.float64) for preset in chosen])
    names = {name for preset in chosen for name in preset.initial}
    initial = {
        name: [
            preset.initial.get(name, float(np.asarray(rest[name])[0]))
            for preset, rest in zip(chosen, states, strict=True)
        ]
        for name in names
    }
    config = {name: [getattr(soma.config, name) for soma in somas] for name in kind.config_class.per_unit()}
    stimulus = Array(samples=samples, interval=DT)
    return Batch(kind(dt=DT, **config), stimulus, initial, max(until), [preset.id for preset in chosen], until)


def at_random(kind: type[Soma], states: int) -> Batch:
    """Values around the defaults and a step of 1.1 to 3 rheobases, from a potential near rest."""
    rng = np.random.default_rng(1)
    drawn = [_one(kind, rng) for _ in range(states)]
    config = {name: [values[name] for values, _ in drawn] for name in kind.config_class.per_unit()}
    stimulus = Step(onset=ONSET, duration=RANDOM_MS - ONSET, amplitude=[amplitude for _, amplitude in drawn])
    initial = {"potential": [values["potential_rest"] + rng.uniform(-5, 5) for values, _ in drawn]}
    ids = [f"random {i}" for i in range(states)]
    return Batch(kind(dt=DT, **config), stimulus, initial, RANDOM_MS, ids, [RANDOM_MS] * states)


def _one(kind: type[Soma], rng: np.random.Generator) -> tuple[dict[str, float], float]:
    for _ in range(TURNS):
        values = {}
        for name, q in kind.config_class.per_unit().items():
            low, high = q.span or q.bounds
            near = (
                q.default * np.exp(rng.uniform(-0.5, 0.5))
                if q.log
                else q.default + rng.uniform(-1, 1) * (high - low) / 8
            )
            near = (
                max(round(near, 1), 0.1) if q.unit == "ms" else near
            )  # peers round a refractory period to their steps
            values[name] = float(np.clip(near, min(low, q.default), max(high, q.default)))
        try:
            kind.config_class(**values)
            current = rheobase(kind, values).current
        except ValueError:  # a reset above the threshold, a neuron without a rheobase: not to be compared
            continue
        if current and np.isfinite(current) and current > 0:
            return values, float(current * rng.uniform(1.1, 3.0))
    raise RuntimeError(f"{kind.__name__}: none of {TURNS} random draws is a neuron with a rheobase.")
