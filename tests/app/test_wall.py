"""The wall: everybody's run from few calls, each the run that the student's own page shows."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np
import pytest

from app.classroom import batch
from app.classroom.batch import MOST_STEPS, batches
from app.classroom.memory import Memory, Met
from app.classroom.traced import LARGE
from app.classroom.wall import COLUMNS, LONG, Wall, compute
from app.keep.link import short
from app.run.outcome import Outcome
from app.session.job import Job
from app.session.session import Session
from app.session.share import to_dict
from spark import simulate
from spark.simulation import Cancelled
from spark.solvers import Euler
from spark.stimuli import catalogue as stimuli
from tests.common import each

ADEX, LIF = "AdaptiveExponentialSoma", "LeakySoma"


def session_of(name: str = ADEX, **values: Any) -> Session:
    session = Session()
    session.choose_model(name)
    session.set({key.replace("__", "."): value for key, value in values.items()})
    return session


def document(name: str = ADEX, **values: Any) -> dict[str, Any]:
    return to_dict(session_of(name, **values))


def shown(documents: dict[str, Any], teacher: Any = None, **how: Any) -> Wall:
    return compute(documents, teacher, memory=how.pop("memory", Memory()), **how)


def tiles(of: Wall) -> dict[str, dict[str, Any]]:
    return {tile["id"]: tile for tile in of.told()[0]["wall"]["tiles"]}


def numbers(of: Wall, member: str) -> np.ndarray:
    """Lowest and highest of each column, shape (2, columns)."""
    head, data = of.told()
    offset = next(tile["offset"] for tile in head["wall"]["tiles"] if tile["id"] == member)
    return np.frombuffer(data, "<f4")[offset : offset + 2 * COLUMNS].reshape(2, COLUMNS)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of units of each call of `simulate` from now on."""
    found: list[int] = []
    real = simulate

    def counted(*given: Any, **how: Any) -> Any:
        found.append(how["units"])
        return real(*given, **how)

    monkeypatch.setattr(batch, "simulate", counted)
    return found


def alone(job: Job) -> Outcome:
    return Outcome(job, job.run())


def same(one: Outcome, other: Outcome) -> None:
    """Spikes and potentials of two runs are equal but for rounding."""
    assert one.recording.steps == other.recording.steps and one.words == other.words
    np.testing.assert_allclose(one.recording.spike_times[0], other.recording.spike_times[0], atol=0.002)
    apart = np.abs(one.recording.potential[:, 0] - other.recording.potential[:, 0])
    # A spike that moves by a thousandth of a step moves the samples of its upstroke by as much as that is steep.
    assert np.quantile(apart, 0.99) < 0.01


def outcomes(jobs: list[Job]) -> list[Any]:
    found: list[Any] = [None] * len(jobs)
    for one in batches(jobs):
        for place, outcome in zip(one.places, one.run(lambda part: None), strict=True):
            found[place] = outcome
    return found


# Each is its own run.


@pytest.mark.parametrize("name", each())
def test_every_unit_is_the_run_that_its_student_sees(name: str, runs: list[int]) -> None:
    least = 300.0
    sessions = [session_of(name, stimulus__0__amplitude=least + 60 * k) for k in range(6)]
    sessions[1].set({"config.potential_reset": sessions[1].get("config.potential_reset") - 3.0})
    sessions[2].set({"run.duration": 640.0})
    sessions[3].start_from({"potential": -58.0})
    sessions[4].set({"stimulus.0.onset": 300.0, "stimulus.0.duration": 200.0})
    jobs = [session.job() for session in sessions]
    found = outcomes(jobs)
    assert len(runs) == 1, "one call for all"
    assert len({len(one.recording.spike_times[0]) for one in found}) > 2, "they are told apart"
    for job, one in zip(jobs, found, strict=True):
        same(one, alone(job))


def test_every_kind_of_stimulus_is_in_the_same_call(runs: list[int]) -> None:
    jobs = []
    for kind in stimuli().values():
        session = session_of()
        if kind.__name__ != "Sum":
            session.choose_stimulus(kind)
        if "seed" in session.parts[0].fields():
            session.set({"stimulus.0.seed": 7})
        jobs.append(session.job())
    several = session_of(stimulus__0__amplitude=420.0)
    for kind in list(stimuli().values())[:3]:
        several.add_stimulus(kind)
    jobs.append(several.job())
    found = outcomes(jobs)
    assert len(runs) == 1
    for job, one in zip(jobs, found, strict=True):
        same(one, alone(job))


def test_of_a_population_the_first_neuron_is_shown(runs: list[int]) -> None:
    session = session_of(run__units=5, stimulus__0__amplitude=500.0)
    session.set({"spread.potential_tau": 4.0})
    found = outcomes([session.job(), session_of().job()])
    assert len(runs) == 1
    np.testing.assert_allclose(found[0].recording.spike_times[0], session.job().run().spike_times[0], atol=0.002)
    assert found[0].recording.spike_times[0][0] != found[1].recording.spike_times[0][0]


def test_of_currents_for_each_neuron_the_first_is_shown() -> None:
    session = session_of(run__units=2)
    session.choose_stimulus(stimuli()["Array"])
    session.set({"stimulus.0.samples": np.array([[0.0, 0.0], [600.0, 0.0]]), "stimulus.0.interval": 300.0})
    found = outcomes([session.job()])[0]
    first, second = session.job().run().spike_times
    np.testing.assert_allclose(found.recording.spike_times[0], first, atol=0.002)
    assert first.size > 3 and not second.size


@pytest.fixture
def compiled() -> Iterator[list[str]]:
    """One entry for each time that something is compiled from now on."""
    found: list[str] = []

    def note(event: str, duration_secs: float, **told: str | int) -> None:
        if event == "/jax/core/compile/backend_compile_duration":
            found.append(str(told))

    jax.monitoring.register_event_duration_secs_listener(note)
    jax.clear_caches()
    yield found
    jax.monitoring.unregister_event_duration_listener(note)


def test_forty_students_are_one_call_and_one_more_compiles_nothing(runs: list[int], compiled: list[str]) -> None:
    memory = Memory()
    documents = {str(k): document(stimulus__0__amplitude=400.0 + k) for k in range(40)}
    first = shown(documents, memory=memory)
    assert runs == [50] and compiled and first.waiting == 0 and len(first.traced) == 40
    compiled.clear()
    documents["40"] = documents["3"]  # equal documents are computed once
    documents["0"] = document(stimulus__0__amplitude=700.0, run__duration=2300.0)
    later = shown(documents, memory=memory)
    assert runs == [50, 50] and not compiled
    assert later.tiles["40"] is later.tiles["3"] is first.tiles["3"]
    shown(documents, memory=memory)
    assert len(runs) == 2, "what is known is not run again"


def test_what_cannot_be_one_run_is_several_and_the_cheapest_come_first(runs: list[int]) -> None:
    jobs = [session_of(run__duration=9000.0).job(), session_of(LIF).job(), session_of(LIF, config__dt=0.2).job()]
    jobs += [session_of(LIF, stimulus__0__amplitude=float(k)).job() for k in range(60)]
    found = batches(jobs)
    assert [len(one.jobs) for one in found] == [61, 1, 1] and found[0].units == 100 and found[-1].steps == 90_000
    assert sorted(place for one in found for place in one.places) == list(range(len(jobs)))
    many = batches([session_of(run__duration=10_000.0, stimulus__0__amplitude=float(k)).job() for k in range(120)])
    assert [one.steps * one.units for one in many] == [batch.MOST_SAMPLES] * 3


def test_what_takes_too_long_waits_for_the_next_call(runs: list[int]) -> None:
    memory = Memory()
    documents = {"a": document(), "b": document(LIF), "c": document(LIF, config__dt=0.2)}
    teacher = document(LIF, config__dt=0.25)
    for left in (3, 2, 1, 0):
        found = shown(documents, teacher, seconds=0.0, memory=memory)
        assert found.waiting == left and found.teacher is not None
    assert len(runs) == 4 and all(tile["offset"] is not None for tile in tiles(found).values())


def test_it_can_be_stopped_and_keeps_what_is_done(runs: list[int]) -> None:
    memory, parts = Memory(), []
    documents = {"a": document(), "b": document(LIF, run__duration=3000.0)}

    def progress(part: float) -> None:
        parts.append(part)
        if part > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        shown(documents, progress=progress, memory=memory)
    assert parts == [0.0, 0.5, pytest.approx(0.5 + 0.5 / 3)], "in the middle of a long run as well"
    assert len(shown(documents, memory=memory).traced) == 2 and len(runs) == 3, "the first is not run again"


def test_whoever_has_nothing_yet_waits_for_nothing() -> None:
    told = tiles(shown({"a": None, "b": document()}, document(LIF)))
    assert told["a"] | {"refused": None, "waiting": False, "offset": None, "changed": []} == told["a"]
    assert told["b"]["offset"] == 0


# What is shown of it.


def test_a_tile_shows_the_extremes_of_its_columns_and_every_spike() -> None:
    session = session_of(LIF, stimulus__0__amplitude=460.0)
    found = shown({"a": to_dict(session)})
    own = alone(session.job())
    potential, times = own.recording.potential[:, 0], own.recording.spike_times[0]
    low, high = numbers(found, "a")
    begins = np.arange(COLUMNS) * 10_000 // COLUMNS
    np.testing.assert_allclose(low, np.minimum.reduceat(potential, begins), atol=0.05)
    spiking = set((times / 1000 * COLUMNS).astype(int))
    level = session.get("config.threshold")
    assert set(np.flatnonzero(high > level + 1)) == spiking and len(spiking) > 3
    (head, data), tile = found.large("a"), tiles(found)["a"]
    large = np.frombuffer(data, "<f4").reshape(2, LARGE)
    assert head == {"large": {"id": "a", "columns": LARGE, "duration": 1000.0, "teacher": None}}
    assert np.count_nonzero(large[1] > level + 1) == len(times) == tile["count"]
    assert tile["pattern"] == own.words and tile["rate"] == pytest.approx(1000 * len(times) / 800)
    assert tile["first"] == pytest.approx(times[0] - 100, abs=0.01)
    assert found.large("b") == ({"large": {"id": "b", "columns": 0, "duration": 0.0, "teacher": None}}, b"")
    beside = shown({"a": to_dict(session)}, document(run__duration=500.0)).large("a")
    assert beside[0]["large"]["teacher"] == 500.0 and beside[1][: len(data)] == data and len(beside[1]) == 2 * len(data)


def test_all_share_the_time_axis_of_the_teacher() -> None:
    documents = {"short": document(run__duration=500.0), "long": document(run__duration=4000.0), "same": document()}
    found = shown(documents, document())
    assert found.told()[0]["wall"]["duration"] == 1000.0
    assert np.isfinite(numbers(found, "same")).all() and np.isfinite(numbers(found, "long")).all()
    assert [np.isfinite(one).sum() for one in numbers(found, "short")] == [COLUMNS // 2] * 2
    onset = COLUMNS // 10 + 1
    for name in documents:  # the stimulus begins at the same place
        _, high = numbers(found, name)
        assert np.ptp(high[: onset - 2]) < 0.1 and high[onset + 3] > high[0] + 1, name
    assert shown(documents | {"other": document(run__duration=500.0)}).duration == 500.0, "the most frequent"
    assert shown({}).told()[0]["wall"]["duration"] == 1000.0


def test_one_that_is_far_out_flattens_no_other() -> None:
    usual = {str(k): document(stimulus__0__amplitude=500.0 + k) for k in range(9)}
    low, high = shown(usual).span
    far = shown(usual | {"far": document(stimulus__0__amplitude=-60_000.0)}).span
    assert far[0] > low - 3 * (high - low) and far[1] == pytest.approx(high, abs=5.0)


def test_what_is_changed_is_told_against_the_teacher() -> None:
    pulses = session_of(stimulus__0__amplitude=430.0)
    pulses.choose_stimulus(stimuli()["PulseTrain"])
    documents = {
        "same": document(),
        "three": document(
            config__adaptation_delta=20.0, config__adaptation_subthreshold=4.0, stimulus__0__amplitude=450.0
        ),
        "model": document(LIF),
        "pulses": to_dict(pulses),
        "shown": document(run__shown=5),
        "start": to_dict(_started(session_of())),
    }
    found = tiles(shown(documents, document()))
    assert found["same"]["changed"] == found["shown"]["changed"] == []
    assert [words.split(" ")[0] for words in found["three"]["changed"]] == ["b", "a", "I"]
    assert found["three"]["changed"][0].endswith("→ 20 pA")
    assert found["model"]["changed"] == ["Model: Leaky"]
    assert found["pulses"]["changed"][0].startswith("Stimulus: Step →")
    assert found["start"]["changed"] == ["Start state"]
    assert found["same"]["likeness"] == 1.0 > found["three"]["likeness"]
    assert all(tile["changed"] == [] for tile in tiles(shown(documents)).values())


def _started(session: Session) -> Session:
    session.start_from({"potential": -60.0})
    return session


def test_what_is_known_of_a_member_is_on_its_tile() -> None:
    wall = shown({"a": document()})
    head, _ = wall.told({"a": {"name": "<b>Ada</b>", "joined": 3.5, "following": True}, "z": {"name": "nobody"}})
    assert (
        head["wall"]["tiles"][0] | {"name": "<b>Ada</b>", "joined": 3.5, "following": True} == head["wall"]["tiles"][0]
    )
    assert len(head["wall"]["tiles"]) == 1 and head["wall"]["teacher"] is None


# What comes from outside.


def _broken(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    made = document()
    change(made)
    return made


def _noisy(**values: float) -> Session:
    session = session_of()
    session.choose_stimulus(stimuli()["PoissonSynapses"])
    session.set({f"stimulus.0.{name}": value for name, value in values.items()})
    return session


BROKEN: dict[str, Any] = {
    "a list": [1, 2],
    "a version": {"version": 99},
    "no model": _broken(lambda d: d.update(model="NoSoma")),
    "no values": _broken(lambda d: d.pop("config")),
    "words": _broken(lambda d: d["config"].update(resistance="large")),
    "bounds": _broken(lambda d: d["config"].update(potential_tau=-3.0)),
    "contradiction": _broken(lambda d: d["config"].update(potential_reset=500.0)),
    "many neurons": _broken(lambda d: d["run"].update(units=10**9)),
    "no solver": _broken(lambda d: d["config"].update(solver={"type": "Magic"})),
    "no stimulus": _broken(lambda d: d.update(stimulus=[])),
    "a long run": document(run__duration=50_000.0),
    "a long step": document(config__dt=1.0, config__potential_tau=0.2, config__solver=Euler()),
    "a wild run": document(config__solver=Euler(), config__resistance=9.0, stimulus__0__amplitude=-1e6),
    "a huge current": _broken(lambda d: d["stimulus"][0].update(amplitude=1e300)),
    "a huge start": _broken(lambda d: d["initial"].update(potential=1e300)),
    "too many events": to_dict(_noisy(excitatory_rate=1e29)),
    "a huge value": _broken(lambda d: d["config"].update(resistance=1e300)),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_shown_is_a_tile_that_says_so(what: str) -> None:
    found = shown({"good": document(), "bad": BROKEN[what], "fine": document(stimulus__0__amplitude=450.0)})
    told = tiles(found)
    assert found.waiting == 0 and told["good"]["offset"] == 0 and told["fine"]["offset"] == 2 * COLUMNS
    assert told["bad"]["offset"] is None and told["bad"]["refused"][-1] in ".]", told["bad"]
    assert len(told["bad"]["refused"]) < 400 and told["bad"]["rate"] is None
    assert np.isfinite(found.span).all()


def test_a_current_that_is_too_long_to_be_sent_is_said_to_be() -> None:
    session = session_of()
    session.choose_stimulus(stimuli()["Array"])
    session.set({"stimulus.0.samples": np.ones(20_000)})
    tile = tiles(shown({"a": short(to_dict(session))}))["a"]
    assert tile["refused"] == LONG and tile["offset"] is None


def test_a_rogue_teacher_takes_no_wall_away() -> None:
    found = shown({"good": document()}, {"version": 99})
    assert tiles(found)["good"]["changed"] == [] and found.told()[0]["wall"]["teacher"]["refused"]


def test_memory_keeps_the_latest() -> None:
    memory = Memory(2)
    for name in ("a", "b", "a", "c"):
        memory.keep(name, Met(refused=name))
    assert memory.get("b") is None and memory.get("a") == Met(refused="a")


def test_the_longest_run_of_the_wall_is_shown() -> None:
    found = shown({"a": document(LIF, run__duration=MOST_STEPS * 0.1)})
    assert tiles(found)["a"]["refused"] is None and found.duration == MOST_STEPS * 0.1
