"""What is asked of a GPU: the rows, those first that decide most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spark import solvers
from spark.nn.components.somas import AdaptiveExponentialSoma, LeakySoma, catalogue
from spark.simulation.device import LEAST_UNITS

from . import equal, loops, slider, whole
from .answers import crossing
from .device import conditions
from .worker import Measure

LOOPS = ("scan", "fused")


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        question: which question it is about.
        name: which case.
        measure: what measures it.
        given: its arguments, besides the loops to measure.
        limit: seconds after which it is ended.
    """

    question: str
    name: str
    measure: Measure
    given: dict[str, Any]
    limit: float = 30.0


@dataclass(frozen=True)
class Scale:
    """How large everything is.

    Attributes:
        gpu: the platform that is measured.
        somas, solvers: whose loops are held against each other, each soma with its own solver first.
        timed: whose loops are timed.
        units, steps: size of a run that is held against another.
        populations: of the loops that are timed, coarse first.
        wholes: of the calls that are timed, coarse first.
        most_steps, work: steps, and neuron-steps, of a timed run.
        copied: bytes that are copied.
    """

    gpu: str
    somas: tuple[str, ...]
    solvers: tuple[str, ...]
    timed: tuple[str, ...]
    units: int
    steps: int
    populations: tuple[int, ...]
    wholes: tuple[int, ...]
    most_steps: int
    work: int
    copied: int

    def steps_for(self, units: int) -> int:
        """Steps of a timed run of so many neurons."""
        return max(10, min(self.most_steps, self.work // units))


FULL = Scale(
    gpu="gpu",
    somas=tuple(catalogue()),
    solvers=tuple(solvers.catalogue()),
    timed=(AdaptiveExponentialSoma.__name__, LeakySoma.__name__),
    units=100,  # three full blocks of a kernel and one that is not
    steps=2_000,
    populations=(1, 1_000, 100_000, 10_000_000, 10_000, 1_000_000, 10, 100),
    wholes=(1, 100, 1_000, 10_000, 100_000, 1_000_000, 3_000, 30_000, 300_000),
    most_steps=1_000,
    work=200_000_000,
    copied=2**30,
)
SMOKE = Scale(
    gpu="cpu",
    somas=tuple(catalogue())[:1],
    solvers=tuple(solvers.catalogue())[:1],
    timed=tuple(catalogue())[:1],
    units=5,
    steps=500,
    populations=(40,),
    wholes=(1, 40),
    most_steps=50,
    work=1_000,
    copied=2**16,
)


def first(scale: Scale, commit: str | None) -> Row:
    """The conditions, before all else."""
    return Row("conditions", "", conditions, {"gpu": scale.gpu, "commit": commit}, limit=120.0)


def rows(scale: Scale, found: list[dict[str, Any]]) -> Iterator[Row]:
    """All rows; `found` holds what has been measured when the next one is asked for."""
    half = len(scale.populations) // 2
    own = {name: type(catalogue()[name].config_class().solver).__name__ for name in scale.somas}
    begin = [name for name in scale.timed if name in scale.somas]
    gpu: dict[str, Any] = {"gpu": scale.gpu}

    def same(soma: str, solver: str) -> Row:
        given = gpu | {"soma": soma, "solver": solver, "units": scale.units, "steps": scale.steps}
        return Row("equal", f"{soma}, {solver}", equal.compare, given)

    def loop(soma: str, units: int, traced: bool) -> Row:
        given = gpu | {"soma": soma, "units": units, "steps": scale.steps_for(units), "traced": traced}
        return Row("loop", f"{soma}, {units:,}, {'with' if traced else 'no'} traces", loops.loop, given)

    def call(soma: str, units: int, auto: bool = False) -> Row:
        given = gpu | {"soma": soma, "units": units, "steps": scale.steps_for(units), "auto": auto}
        return Row("choice" if auto else "call", f"{soma}, {units:,}", whole.call, given)

    yield Row("bandwidth", "copying", loops.bandwidth, gpu | {"size": scale.copied})
    yield from (same(name, own[name]) for name in begin)
    yield from (loop(scale.timed[0], units, False) for units in scale.populations[:half])
    yield Row("slider", "the app's default job", slider.moves, gpu)
    yield from (same(name, own[name]) for name in scale.somas if name not in begin)
    yield from (call(scale.timed[0], units) for units in scale.wholes[:5])
    meet = crossing(found, scale.timed[0], "fused") or min(LEAST_UNITS["fused"], max(scale.wholes))
    around = dict.fromkeys(max(1, round(meet * times)) for times in (0.5, 2.0, 1.0))
    yield from (call(scale.timed[0], units, True) for units in around)
    yield from (loop(scale.timed[0], units, True) for units in scale.populations[:half])
    yield from (loop(scale.timed[0], units, traced) for units in scale.populations[half:] for traced in (False, True))
    yield from (call(scale.timed[0], units) for units in scale.wholes[5:])
    for soma in scale.timed[1:]:
        yield from (loop(soma, units, False) for units in scale.populations)
        yield from (call(soma, units) for units in scale.wholes)
    yield from (same(name, solver) for solver in scale.solvers for name in scale.somas if solver != own[name])
    for soma in scale.timed[1:]:
        yield from (loop(soma, units, True) for units in scale.populations)
