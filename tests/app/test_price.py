"""What a run is thought to take."""

import pytest

from app.run import compiled_shapes, price
from app.run.price import COMPILING, FORGET, USUAL
from app.session.session import Session
from spark.stimuli import PoissonSynapses, Step, Sum


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price, "_rates", {})
    monkeypatch.setattr(compiled_shapes, "_shapes", set())


def session(units: int = 100, duration: float = 2000.0) -> Session:
    made = Session()
    made.set({"run.units": units, "run.duration": duration})
    return made


def test_what_has_not_run_costs_as_most_do_and_must_be_compiled() -> None:
    job = session().job()
    assert price.seconds(job) == pytest.approx(max(COMPILING, USUAL * 20_000 * 100))
    compiled_shapes.note(job)
    assert price.seconds(job) == pytest.approx(USUAL * 20_000 * 100)


def test_what_has_run_costs_what_it_took_whatever_its_length() -> None:
    job, longer = session().job(), session(duration=4000.0).job()
    compiled_shapes.note(job)
    compiled_shapes.note(longer)
    price.note(job, 0.5, part=0.25)
    assert price.seconds(job) == pytest.approx(2.0) and price.seconds(longer) == pytest.approx(4.0)
    other = session(units=200).job()
    compiled_shapes.note(other)
    assert price.seconds(other) == pytest.approx(USUAL * 20_000 * 200)


def test_every_current_counts() -> None:
    job = session().job()
    kinds = [
        price._kind(job),
        *(
            price._kind(job.__class__(**{**vars(job), "stimulus": stimulus}))
            for stimulus in (
                PoissonSynapses(),
                PoissonSynapses(frozen=True),
                Sum(parts=[PoissonSynapses(), Step()]),
                Sum(parts=[PoissonSynapses(seed=k) for k in range(8)]),
            )
        ),
    ]
    assert len(set(kinds)) == 5


def test_a_machine_that_is_busy_makes_nothing_dear_for_long() -> None:
    job = session().job()
    compiled_shapes.note(job)
    for taken in (5.0, 0.1, 5.0):
        price.note(job, taken)
    assert price.seconds(job) == pytest.approx(0.1 * FORGET)
    for _ in range(100):  # it has become dearer
        price.note(job, 5.0)
    assert price.seconds(job) == pytest.approx(5.0)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price, "MOST", 3)
    for units in (1, 2, 3, 4, 5):
        price.note(session(units=units).job(), 1.0)
    assert len(price._rates) == 2
