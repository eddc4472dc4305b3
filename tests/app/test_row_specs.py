"""Rows of controls, over the catalogue."""

import math
import re

import pytest

from app.session.session import Session
from app.sidebar.row_specs import (
    GROUPS,
    Row,
    crowd_rows,
    model_rows,
    plain_symbol,
    run_rows,
    spread_rows,
    stimulus_rows,
)
from spark import solvers, stimuli
from spark.core.config import Config
from spark.core.quantity import Quantity
from spark.nn.components.somas import catalogue
from spark.presets import presets

KINDS = {name: kind for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum}


def session_of(name: str) -> Session:
    session = Session()
    session.choose_model(name)
    return session


def assert_slider(row: Row) -> None:
    assert row["kind"] == "slider"
    assert row["name"] and row["doc"]
    assert row["min"] < row["max"] and all(math.isfinite(row[end]) for end in ("min", "max"))
    assert 0 < row["step"] <= (row["max"] - row["min"]) / 10
    assert not row["log"] or row["min"] > 0
    assert row["min"] <= row["default"] <= row["max"], row["key"]


@pytest.mark.parametrize("name", catalogue())
def test_a_row_for_every_field(name: str) -> None:
    session = session_of(name)
    rows = model_rows(session)
    quantities = {
        field: q
        for field, q in catalogue()[name].config_class.param.objects().items()
        if isinstance(q, Quantity) and field != "dt"
    }
    assert sorted(row["key"] for row in rows) == sorted(f"config.{field}" for field in quantities)
    for row in rows:
        quantity = quantities[row["key"].removeprefix("config.")]
        assert_slider(row)
        assert row["unit"] == quantity.unit != ""
        assert row["group"] == quantity.group and row["group"] in GROUPS
        assert row["symbol"] == plain_symbol(quantity.symbol) != ""
        assert row["value"] == row["default"] == quantity.default
        for end in ("min", "max"):
            quantity.check_bounds(row[end], row["key"])  # what a slider reaches is never refused


@pytest.mark.parametrize("name", catalogue())
def test_rows_of_a_group_stand_together(name: str) -> None:
    groups = [row["group"] for row in model_rows(session_of(name))]
    assert [g for i, g in enumerate(groups) if i == 0 or groups[i - 1] != g] == [g for g in GROUPS if g in groups]


@pytest.mark.parametrize("name", catalogue())
def test_names_and_symbols_are_told_apart(name: str) -> None:
    rows = model_rows(session_of(name))
    assert len({row["name"] for row in rows}) == len({row["symbol"] for row in rows}) == len(rows)


@pytest.mark.parametrize("key", presets())
def test_rows_of_a_preset(key: str) -> None:
    session = Session()
    session.choose_preset(key)
    for row in [*model_rows(session), *stimulus_rows(session), *run_rows(session), *crowd_rows(session)]:
        assert row["value"] == row["default"], row["key"]
    values = {row["key"]: row["value"] for row in model_rows(session)}
    for field, value in presets()[key].config.items():
        assert values[f"config.{field}"] == value


def test_every_symbol_is_plain() -> None:
    kinds: list[type[Config]] = [*(soma.config_class for soma in catalogue().values()), *KINDS.values()]
    for kind in kinds:
        for quantity in kind.quantities().values():
            text = plain_symbol(quantity.symbol)
            assert text and not set(text) & set("\\{}$ ") and text.count("_") <= 1, (kind, quantity.name)
    assert plain_symbol(r"V_\mathrm{rest}") == "V_rest"
    assert plain_symbol(r"\tau_\theta") == "τ_θ"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_rows_of_a_stimulus(kind: type[stimuli.Stimulus]) -> None:
    session = Session()
    session.choose_stimulus(kind)
    rows = {row["key"]: row for row in stimulus_rows(session)}
    keys = [f"stimulus.0.{field}" for field in kind.fields()]
    ends = ["stimulus.0.until_end"] if {"onset", "duration"} <= set(kind.fields()) else []
    assert sorted(rows) == sorted([*keys, *ends])
    for key in ends:
        assert rows[key]["kind"] == "check" and list(rows)[list(rows).index(key) - 1] == "stimulus.0.duration"
    for field, declared in kind.fields().items():
        row = rows[f"stimulus.0.{field}"]
        assert row["title"] == kind.title and row["part"] is None
        if isinstance(declared, Quantity):
            assert_slider(row)
            assert row["unit"] == declared.unit != ""
            for end in ("min", "max"):
                declared.check_bounds(row[end], row["key"])
        else:
            assert row["kind"] in ("check", "text") or row["integer"]


def test_times_of_a_stimulus_end_with_the_run() -> None:
    session = Session()
    for run in (1000.0, 400.0, 3000.0):
        session.set({"run.duration": run})
        rows = {row["key"]: row for row in stimulus_rows(session)}
        assert rows["stimulus.0.onset"]["max"] == rows["stimulus.0.duration"]["max"] == run


def test_only_one_of_several_stimuli_can_be_removed() -> None:
    session = Session()
    session.add_stimulus(stimuli.Sine)
    session.add_stimulus(stimuli.Sine)
    assert {row["part"] for row in stimulus_rows(session)} == {0, 1, 2}
    assert len({row["group"] for row in stimulus_rows(session)}) == 3


def test_keys_can_be_set() -> None:
    """Every key that a row carries is a path of the session (or one of the two that the page translates)."""
    session = session_of("AdaptiveExponentialSoma")
    for kind in [kind for kind in KINDS.values() if kind is not stimuli.Array][:7]:
        session.add_stimulus(kind)
    for row in [
        *model_rows(session),
        *stimulus_rows(session),
        *run_rows(session),
        *crowd_rows(session),
        *spread_rows(session),
    ]:
        if row["key"] not in ("solver", "on_grid"):
            session.set({row["key"]: row["value"]})
            if row["kind"] == "slider":
                session.set({row["key"]: row["min"]})
                session.set({row["key"]: row["max"]})


@pytest.mark.parametrize("name", catalogue())
def test_rows_of_the_spread(name: str) -> None:
    session = session_of(name)
    rows = spread_rows(session)
    assert [row["key"].removeprefix("spread.") for row in rows] == [
        row["key"].removeprefix("config.") for row in model_rows(session)
    ]
    for row in rows:
        assert_slider(row)
        assert row["value"] == row["default"] == row["min"] == 0
        assert re.fullmatch(r"σ\(.+\)", row["symbol"]) and row["unit"]


def test_rows_of_the_run() -> None:
    session = session_of("IzhikevichSoma")
    rows = {row["key"]: row for row in run_rows(session)}
    assert [name for name, _ in rows["solver"]["options"]] == list(solvers.catalogue())
    assert rows["solver"]["value"] == type(session.config.solver).__name__
    crowd = {row["key"]: row for row in crowd_rows(session)}
    assert crowd["run.units"]["integer"] and crowd["run.units"]["log"]
    for key in ("run.duration", "config.dt"):
        assert_slider(rows[key])
        assert rows[key]["unit"] == "ms"
