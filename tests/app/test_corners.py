"""No run at the corners of the sliders shows a potential that is no neuron's without a word: counted, and zero."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np
import pytest

from app.classroom.batch import batches
from app.run.diverged import Trouble, runaway
from app.session.job import Job
from app.session.session import Session
from app.sidebar.row_specs import model_rows, run_rows, stimulus_rows
from spark import simulate, solvers
from spark.nn.components.somas import catalogue
from spark.presets import presets
from spark.simulation import Diverged
from spark.solvers import Euler, SequentialEuler, Solver
from tests.app.side import session_of
from tests.app.test_sentence import drawn_of

BEYOND = 1e6
"""mV that no membrane has; with the values of sliders no sound run comes to a hundredth of that."""
Corner = dict[str, float]


def chosen(what: str, solver: Solver | None) -> Session:
    session = Session()
    session.choose_model(what) if what in catalogue() else session.choose_preset(what)
    if solver is not None:
        session.set({"config.solver": solver})
    return session


def corners(what: str, several: int) -> list[Corner]:
    """Values at the ends of their sliders: of so many of them at once, and fewer."""
    session = chosen(what, None)
    rows = [*model_rows(session), *stimulus_rows(session), *run_rows(session)]
    ends = [
        [{row["key"]: row[end]} for end in ("min", "max")]
        for row in rows
        if row["kind"] == "slider" and not row.get("integer") and row["key"] != "run.duration"
    ]
    found: list[Corner] = [end for pair in ends for end in pair]
    if several > 1:
        found += [one | other for a, b in combinations(ends, 2) for one in a for other in b]
    return found


def jobs_at(what: str, solver: Solver | None, found: list[Corner]) -> Iterator[Job]:
    """What would run there; what the session refuses says why itself."""
    for corner in found:
        session = chosen(what, solver)
        try:
            session.set(corner)
            session.settings.duration = min(session.settings.duration, 1_000.0)
            yield session.job()
        except ValueError:
            continue


def silent(jobs: list[Job]) -> tuple[int, int, list[str]]:
    """How many ran and how many were named as lost; and which of the others have a potential beyond all neurons'."""
    named, unsaid = 0, []
    for batch in batches(jobs):
        for job, outcome in zip(batch.jobs, batch.run(lambda done: None), strict=True):
            if isinstance(outcome, Trouble):
                assert outcome.words.endswith(".") and len(outcome.words) < 300
                named += 1
            elif not (np.abs(outcome.recording.recorded["potential"]) < BEYOND).all():
                unsaid.append(f"{job.soma.config!r} {job.stimulus!r}")
    return len(jobs), named, unsaid


SAMPLE = ("AdaptiveExponentialSoma", "RefractoryExponentialSoma", "IzhikevichSoma")


@pytest.mark.parametrize("solver", [Euler(), SequentialEuler()], ids=["Euler", "SequentialEuler"])
def test_a_sample_of_corners_is_sound_or_named(solver: Solver) -> None:
    chance = random.Random(18)
    jobs: list[Job] = []
    for what in SAMPLE:
        jobs += jobs_at(what, solver, chance.sample(corners(what, 2), 60))
    ran, named, unsaid = silent(jobs)
    assert ran > 100 and named >= 2, "none of these is lost: nothing is tested"
    assert not unsaid, unsaid[0]


@pytest.mark.thorough
@pytest.mark.parametrize("model", catalogue())
def test_every_corner_is_sound_or_named(model: str) -> None:
    """Of one slider under every solver, of two under the usual one."""
    whats = [model, *presets(model)]
    jobs = [*chain.from_iterable(jobs_at(what, None, corners(what, 2)) for what in whats)]
    for kind in solvers.catalogue().values():
        jobs += chain.from_iterable(jobs_at(what, kind(), corners(what, 1)) for what in whats)
    ran, named, unsaid = silent(jobs)
    print(f"{model}: {ran:,} runs, {named} named, {len(unsaid)} unsaid")
    assert not unsaid, unsaid[0]


def test_a_potential_that_rises_beyond_all_neurons_is_named() -> None:
    """In its refractory period an upstroke goes on, and no spike ends it."""
    session = session_of("RefractoryExponentialSoma", config__solver=Euler(), config__potential_reset=-46.0)
    drawn = drawn_of(session)
    assert drawn.recording.recorded["potential"].max() > BEYOND
    assert drawn.request.line["about"].startswith("The run diverged at ")
    assert "its potential rises to " in drawn.request.line["about"]
    assert drawn.request.line["remedy"] == {"label": "Use RK4", "values": {"solver": "RK4"}}


def test_any_neuron_of_a_population_counts() -> None:
    """Also one of which nothing is recorded."""
    session = session_of("AdaptiveExponentialSoma", config__solver=SequentialEuler(), config__dt=1.0, run__units=40)
    session.set({"spread.potential_tau": 30.0})
    job = session.job()
    recording = job.run()
    lost = np.abs(recording.final["potential"]) > BEYOND
    assert lost.any()
    found = runaway(recording, job)
    assert found is not None and " in neuron " in found.words


def test_the_library_warns_of_it_with_the_remedy() -> None:
    soma = catalogue()["RefractoryExponentialSoma"](potential_reset=-46.0, solver=Euler())
    with pytest.warns(
        Diverged, match=r"RefractoryExponentialSoma diverged in unit 0 at .* mV with Euler at dt = 0.1 ms"
    ):
        simulate(soma, 1000.0, duration=100.0)
    with pytest.warns(Diverged, match=r"by the end of the run.*Choose a shorter time step, RK4, or values nearer"):
        simulate(soma, -1e8, duration=10.0, record=())
