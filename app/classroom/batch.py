"""Many runs of one neuron each, as the units of few runs.

Units of a run share soma class, solver, time step and length; everything else may differ from one to the next, the
stimulus as well, since the current of each is sampled by itself. Each is its own run but for rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from spark import Recording, simulate
from spark.core.hybrid import Values
from spark.core.variable import LEVEL, POTENTIAL
from spark.nn.components.somas import Soma
from spark.recording.events import Events
from spark.simulation.diverged import NonFinite, TooLong, check_stable, too_fast
from spark.stimuli import Array, Stimulus, Sum

from ..run.diverged import Trouble, failed
from ..run.outcome import Outcome
from ..session.job import USUAL_STEPS, Job
from ..session.limits import FEWEST_UNITS

MOST_STEPS = 100_000
"""Steps of the longest run that is computed beside others."""
SIZES = (FEWEST_UNITS, 100, 200)
"""Units of a batch: a step of fewer takes no less, and each size is compiled by itself."""
MOST_SAMPLES = 5_000_000
"""Steps x units of one batch: 20 MB of each recorded variable."""
Progress = Callable[[float], object]


@dataclass(frozen=True)
class Batch:
    """Jobs that are run as the units of one run; `places` is where each stands among those that were given."""

    places: tuple[int, ...]
    jobs: tuple[Job, ...]

    @property
    def steps(self) -> int:
        """Steps of the run: what comes after a job's own end is cut off."""
        return _rounded(self.jobs[0].steps)

    @property
    def units(self) -> int:
        """Units of the run, with those that fill it up."""
        return next(size for size in SIZES if size >= len(self.jobs))

    @property
    def cost(self) -> float:
        """Steps x units for each job."""
        return self.steps * self.units / len(self.jobs)

    @property
    def halves(self) -> tuple[Batch, Batch]:
        """The same jobs in two batches."""
        middle = len(self.jobs) // 2
        return Batch(self.places[:middle], self.jobs[:middle]), Batch(self.places[middle:], self.jobs[middle:])

    def run(self, progress: Progress) -> list[Outcome | Trouble]:
        """What each job has shown, or why it cannot be run, from one call of `simulate`.

        Args:
            progress: told of the part that is done; may raise to end the run. Since it is given, the loop goes in
                chunks of one length whatever the run's is, and is compiled for that alone.

        Raises:
            Exception: whatever one of the jobs makes `simulate` raise, since it may hold any values; halves tell whose.
        """
        unfit = _unfit(self._filled(self.jobs))[: len(self.jobs)]
        fit = [job for job, trouble in zip(self.jobs, unfit, strict=True) if trouble is None]
        found = iter(self._run(fit, progress) if fit else ())
        return [next(found) if trouble is None else trouble for trouble in unfit]

    def _filled(self, jobs: Sequence[Job]) -> list[Job]:
        """As many as there are units: the last again and again, so that one student more compiles nothing."""
        return [*jobs, *[jobs[-1]] * (self.units - len(jobs))]

    def _run(self, jobs: list[Job], progress: Progress) -> list[Outcome | Trouble]:
        filled = self._filled(jobs)
        soma = _population(filled)
        bad = np.zeros(self.units, bool)
        try:
            recording = simulate(
                soma,
                _currents(filled, self.steps),
                dt=jobs[0].dt,
                units=self.units,
                record=(POTENTIAL.name, LEVEL.name),
                initial=_states(soma, filled),
                progress=progress,
            )
        except NonFinite as error:
            recording, bad = error.recording, error.units
        recorded = {name: np.ascontiguousarray(values.T) for name, values in recording.recorded.items()}
        return [_outcome(job, _alone(recording, recorded, k, job.steps), bad[k]) for k, job in enumerate(jobs)]


def batches(jobs: Sequence[Job]) -> list[Batch]:
    """As few batches as hold these jobs, none longer than `MOST_STEPS`: first those that cost least for a job."""
    alike: dict[Any, list[int]] = {}
    for place, job in enumerate(jobs):
        alike.setdefault(_kind(job), []).append(place)
    found = [
        Batch(tuple(part), tuple(jobs[place] for place in part))
        for places in alike.values()
        for part in _parts(places, max(FEWEST_UNITS, min(SIZES[-1], MOST_SAMPLES // _rounded(jobs[places[0]].steps))))
    ]
    return sorted(found, key=lambda batch: batch.cost)


def _parts(places: list[int], most: int) -> Iterator[list[int]]:
    return (places[begin : begin + most] for begin in range(0, len(places), most))


def _rounded(steps: int) -> int:
    """Whole chunks, so that none has another length than those before it; a run of few steps costs no less."""
    return -(-steps // USUAL_STEPS) * USUAL_STEPS


def _kind(job: Job) -> tuple[Any, ...]:
    """What the units of one run share."""
    config = job.soma.config
    shared = config.fields().keys() - config.per_unit().keys() - {"units", "seed", "dt"}
    return type(job.soma), job.dt, _rounded(job.steps), *((name, getattr(config, name)) for name in sorted(shared))


def _values(job: Job) -> dict[str, float]:
    """The values of a job's first neuron."""
    config = job.soma.config
    drawn = config.draw((job.units,), jax.random.key(config.seed) if config.random else None, np.float64)
    return {name: float(values[0]) for name, values in drawn.items()}


def _population(jobs: Sequence[Job]) -> Soma:
    values = [_values(job) for job in jobs]
    columns = {name: np.array([one[name] for one in values]) for name in values[0]}
    return type(jobs[0].soma)(jobs[0].soma.config.copy(units=None, **columns).seal())


def _states(soma: Soma, jobs: Sequence[Job]) -> dict[str, np.ndarray]:
    """The state in which each begins: at rest but for what its job says."""
    p = Values(soma.drawn((len(jobs),)))
    potential = np.array(p.potential_rest)
    for k, job in enumerate(jobs):
        potential[k] = job.initial.get(POTENTIAL.name, potential[k])
    state = {name: np.array(one) for name, one in soma.system.initial(p, jnp.asarray(potential)).items()}
    for k, job in enumerate(jobs):
        for name, value in job.initial.items():
            state[name][k] = value
    return state


def _currents(jobs: Sequence[Job], steps: int) -> np.ndarray:
    """The current of each, pA, shape (steps, jobs)."""
    found = np.empty((steps, len(jobs)), jobs[0].soma.config.float_type)
    for k, job in enumerate(jobs):
        if k and job is jobs[k - 1]:
            found[:, k:] = found[:, k - 1 : k]  # what fills it up
            break
        found[:, k] = _first(job.stimulus).sample(steps, job.dt, dtype=found.dtype)[:, 0]
    return found


def _first(stimulus: Stimulus) -> Stimulus:
    """What the first neuron of a population gets."""
    parts = [
        part.copy(samples=part.samples[:, 0]) if isinstance(part, Array) and part.samples.ndim == 2 else part
        for part in stimulus.parts
    ]
    return Sum(parts=parts) if isinstance(stimulus, Sum) else parts[0]


def _unfit(jobs: Sequence[Job]) -> list[Trouble | None]:
    """Why a job's time step is too long for its values, None where it is not."""
    solver, dt, soma = jobs[0].soma.config.solver, jobs[0].dt, _population(jobs)
    p = Values(soma.drawn((len(jobs),)))
    state = Values({name: np.asarray(one, p.potential_rest.dtype) for name, one in _states(soma, jobs).items()})
    fast = np.zeros(len(jobs), bool)
    for which in too_fast(soma, solver, p, state, dt).values():
        fast |= which
    found: list[Trouble | None] = [None] * len(jobs)
    for k in map(int, np.flatnonzero(fast)):
        own_p, own_state = (Values({n: v[k : k + 1] for n, v in held.items()}) for held in (p, state))
        try:
            check_stable(soma, solver, own_p, own_state, dt)
        except TooLong as error:
            found[k] = failed(error, jobs[k])
    return found


def _alone(recording: Recording, recorded: dict[str, np.ndarray], unit: int, steps: int) -> Recording:
    """One unit of a run, and no more than these steps of it; `recorded` is the run's, unit by unit."""
    assert recording.events is not None
    mine = np.flatnonzero((recording.events.unit == unit) & (recording.events.step < steps))
    events = Events(recording.events.step[mine], np.zeros(mine.size, np.int32), recording.events.offset[mine])
    return replace(
        recording,
        steps=steps,
        units=1,
        events=events,
        parameters={name: values[unit : unit + 1] for name, values in recording.parameters.items()},
        final={},
        recorded={name: values[unit, :steps, None] for name, values in recorded.items()},
        traced=np.array([0]),
    )


def _outcome(job: Job, recording: Recording, bad: bool) -> Outcome | Trouble:
    """A run that turned non-finite after its job's own end has not turned so."""
    outside = np.flatnonzero(~np.isfinite(recording.recorded[POTENTIAL.name][:, 0])) if bad else np.empty(0, int)
    if not outside.size:
        outcome = Outcome(job, recording)
        return outcome.trouble or outcome
    when = float(outside[0] * job.dt)
    trouble = failed(NonFinite("", recording, np.array([True]), when), replace(job, units=1))
    assert trouble is not None
    return trouble
