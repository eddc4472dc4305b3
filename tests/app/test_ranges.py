"""Every slider of every preset: its values lie on it, and a pixel of it is no more than three of its steps."""

import math

import pytest

from app.session.session import Session
from app.sidebar.ranges import TRAVEL, nice, size_of, sized, step_of, travel
from app.sidebar.row_specs import Row, crowd_rows, model_rows, run_rows, spread_rows, stimulus_rows
from spark import stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets

KEY = 1.02
"""What a key does to a logarithmic slider (`slider_scale.js`)."""


def session_of(what: str) -> Session:
    session = Session()
    if what in presets():
        session.choose_preset(what)
    elif what in catalogue():
        session.choose_model(what)
    else:
        session.choose_stimulus(stimuli.catalogue()[what])
    return session


def sliders(session: Session) -> list[Row]:
    rows = [
        *model_rows(session),
        *stimulus_rows(session),
        *run_rows(session),
        *crowd_rows(session),
        *spread_rows(session),
    ]
    return [row for row in rows if row["kind"] == "slider"]


@pytest.mark.parametrize(
    "what", [*presets(), *catalogue(), *(name for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum)]
)
def test_a_pixel_is_at_most_three_steps(what: str) -> None:
    for row in sliders(session_of(what)):
        low, high, step = row["min"], row["max"], row["step"]
        assert low < high and low <= row["default"] <= high and low <= row["value"] <= high, row
        assert f"{step:e}"[:2] in ("1.", "2.", "5.") and float(f"{step:.0e}") == step, row
        if row["log"]:
            assert low > 0 and (high / low) ** (1 / TRAVEL) <= KEY**3, row
        else:
            assert (high - low) / TRAVEL <= 3 * step, row


@pytest.mark.parametrize("key", presets())
def test_a_slider_is_made_to_the_measure_of_its_preset(key: str) -> None:
    """A current is a seventh or more of its slider's way from zero, and a step of it is small."""
    for row in stimulus_rows(session_of(key)):
        if row.get("unit") == "pA" and row["default"]:
            assert abs(row["default"]) >= (row["max"] - row["min"]) / 7, row
            assert row["step"] <= abs(row["default"]) / 50, row


@pytest.mark.parametrize("key", presets())
def test_a_hand_can_go_on_from_a_preset(key: str) -> None:
    """Its values do not stand at the end of a slider, where that is not the end of what is valid."""
    session = session_of(key)
    for row in model_rows(session):
        low, high = session.fields[row["key"].removeprefix("config.")].bounds
        value = row["default"]
        assert value > row["min"] or value in (0, low), row
        assert value < row["max"] or value in (0, high), row


def test_ranges_stay_while_values_are_moved() -> None:
    session = Session()
    before = {row["key"]: (row["min"], row["max"], row["step"]) for row in sliders(session)}
    session.set({"stimulus.0.amplitude": 5000.0, "config.potential_rest": -200.0})
    assert {row["key"]: (row["min"], row["max"], row["step"]) for row in sliders(session)} == before


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (travel((-90, -50), -70), (-90, -50, 0.1, False)),  # that of the literature
        (travel((-80, -46), -45.4), (-80, -40, 0.1, False)),  # a little more of it
        (travel((-80, -46), -46), (-80, -45, 0.1, False)),  # and some of it beyond its value
        (travel((-90, -57), 10), (-10, 30, 0.1, False)),  # a range of its own, far from it
        (travel((-10, 100), 0.5), (-2.5, 25, 0.05, False)),  # narrowed to a small value
        (travel((0, 300), 500), (0, 1000, 2, False)),
        (travel((0.002, 0.2), 1, log=True), (0.002, 2, 0.005, True)),
        (travel((1, 1000), 1e7, log=True), (200, 2e7, 5e4, True)),
        (travel((0.002, 0.2), -0.02, log=True, bounds=(-100, 100)), (-0.025, 0.2, 0.0005, False)),
        (sized(500), (-200, 1000, 2, False)),
        (sized(10), (-4, 20, 0.05, False)),
        (sized(-25), (-50, 10, 0.1, False)),
        (sized(500, bounds=(0, 800)), (0, 800, 2, False)),
        (sized(100, negative=False), (0, 200, 0.5, False)),
    ],
)
def test_ranges(got: tuple[float, float, float, bool], expected: tuple[float, float, float, bool]) -> None:
    assert tuple(got) == pytest.approx(expected)


def test_parts() -> None:
    assert [step_of(width) for width in (600, 601, 1200, 33, 6e-4)] == [1, 2, 2, 0.1, 1e-6]
    assert [nice(size) for size in (1, 1.01, 530, 0.0301)] == [1, 1.2, 600, 0.04]
    assert size_of(3, [10]) == 3 and size_of(0, [-10, 2]) == 10 and size_of(0, []) == 0
    assert not math.copysign(1, travel((0, 300), 500).min) < 0
