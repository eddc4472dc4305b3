"""Another model, or another preset of the same, on the input of the live run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from spark import Recording, simulate
from spark.analysis import coincidence_factor, victor_purpura
from spark.nn.components.somas import Soma, catalogue
from spark.presets import presets
from spark.simulation import Cancelled
from spark.simulation.simulate import variables

from ...numbers import fixed, number
from ...run.outcome import Outcome
from ...run.pipeline import Request
from ...run.readouts import Readout
from ...session.job import Job
from ..pinned import differences, kept

PINNED = "pinned"
MANY = 300
"""Above as many spikes in both trains the Victor-Purpura distance takes more than the 2 ms that a picture has."""


@dataclass(frozen=True)
class Other:
    """What the live run is compared with.

    Attributes:
        choice: its value in the control.
        label: its name for people.
        job: what it ran, on the live run's input.
        outcome: the run and what it has shown; None where it could not be run.
        error: why not.
    """

    choice: str
    label: str
    job: Job
    outcome: Outcome | None
    error: str = ""

    @property
    def recording(self) -> Recording | None:
        """The run; None where it could not be run."""
        return None if self.outcome is None else self.outcome.recording

    @property
    def short(self) -> str:
        """Its name in a column."""
        return "pinned" if self.choice == PINNED else "other"

    def fits(self, request: Request) -> bool:
        """Whether it belongs to the input of this run; a pinned run keeps its own."""
        return self.choice == PINNED or _input(self.job) == _input(request.job)


def _input(job: Job) -> tuple[Any, ...]:
    """What decides of the current; parts of a stimulus that are equal are the same object from run to run."""
    return job.dt, job.steps, job.units, *map(id, job.stimulus.parts)


@cache
def choices(kind: type[Soma]) -> list[list[str]]:
    """The pinned run, every model, and every preset of this one: [value, text]."""
    mine = [preset for preset in presets().values() if preset.soma == kind.__name__]
    titles = Counter(preset.title for preset in mine)
    names = [p.title if titles[p.title] == 1 else f"{p.title} ({p.source})" for p in mine]
    return [
        [PINNED, "pinned run"],
        *([f"model:{name}", f"{one.title} (default values)"] for name, one in catalogue().items()),
        *([f"preset:{p.id}", f"{name} (preset)"] for p, name in zip(mine, names, strict=True)),
    ]


def run_other(choice: str, request: Request, live: Recording, stop: Callable[[], bool]) -> Other:
    """Run it on the live run's current, first neuron, for as long and with the same time step.

    Raises:
        Cancelled: nobody waits for it any more.
    """
    job = request.job
    label = dict(choices(type(job.soma)))[choice]
    source, name = choice.split(":")
    if source == "preset":
        preset = presets()[name]
        soma, initial = preset.make_soma(dt=job.dt), dict(preset.initial)
    else:
        soma, initial = catalogue()[name](dt=job.dt), {}
    mine = replace(job, soma=soma, initial=initial)
    current = np.zeros(mine.padded[0])  # as long as every run of this length, so that it compiles once
    current[: live.steps] = live.recorded["current"][:, 0]

    def progress(done: float) -> None:
        if stop():
            raise Cancelled

    try:
        run = simulate(soma, current, units=1, record=variables(type(soma)), initial=initial, progress=progress).head(
            live.steps, 1
        )
    except (ValueError, FloatingPointError) as error:
        return Other(choice, label, mine, None, str(error))
    return Other(choice, label, mine, Outcome(mine, kept(run)))


def rows(other: Other, request: Request, capacitive: bool) -> dict[str, Any]:
    """A card's table of what differs, and of the read-outs of both as the strip above the plots has them.

    Args:
        other: what is compared with.
        request: the live run.
        capacitive: tell membranes by C and g_L.
    """
    found = differences(other.job, request.job, capacitive)
    count = f"{len(found)} difference{'s' if len(found) > 1 else ''}" if found else "No value differs"
    table = [[symbol, name, before, f"→ {after}"] for symbol, name, before, after in found]
    if other.outcome is not None:
        pairs = zip(other.outcome.readouts, request.outcome.readouts, strict=False)  # one may be of a population
        table += [[mine[0], "", _amount(theirs), _amount(mine)] for theirs, mine in pairs]
    head = ["", "", other.short, "live"]
    return {"rows": {"caption": f"{count}: {other.label} → live run", "head": head, "rows": table}}


def _amount(readout: Readout) -> str:
    """Its value and its unit."""
    return " ".join(readout[1:]).rstrip()


def said(other: Other, live: Outcome, precision: float) -> str:
    """What the first neurons do, and how far their spike trains are apart; `precision` in ms."""
    if other.outcome is None:
        return f"{other.label[0].upper()}{other.label[1:]}: {other.error}"
    patterns = f"{other.short.capitalize()}: {other.outcome.words}. Live: {live.words}."
    runs = other.outcome.recording, live.recording
    end = min(run.duration for run in runs)
    theirs, mine = (run.spike_times[0][run.spike_times[0] <= end] for run in runs)
    whole = "Whole run" if runs[0].duration == runs[1].duration else f"First {number(end)} ms"
    try:
        factor = fixed(coincidence_factor(theirs, mine, end, precision=precision), 2)
    except ValueError:
        return f"{patterns} At so many spikes {precision:g} ms is too coarse a precision: all would coincide by chance."
    coincide = f"{patterns} {whole}: coincidence factor Γ = {factor}"
    if min(theirs.size, mine.size) > MANY:
        return f"{coincide}."
    distance = number(victor_purpura(theirs, mine, 1 / precision))
    return f"{coincide}, Victor–Purpura distance {distance} (1 for a spike more, less or moved by {precision:g} ms)."
