"""What peers were measured to agree to is quoted as it is, and the page says the same."""

import json
from typing import Any

import pytest

from benchmarks.peers_page import PAGE, page
from spark.export import agreement
from spark.export.agreement import _measured, milliseconds
from spark.presets import presets
from tests.common import OWN, SOMAS

MEASURED = _measured()


def test_every_soma_and_every_preset_was_measured_in_brian2() -> None:
    rows = [row for row in MEASURED["rows"] if row["peer"] == "Brian2"]
    assert {row["soma"] for row in rows} == set(OWN)
    counted = {row["soma"]: row["cases"] for row in rows if row["of"] == "presets"}
    for name in OWN:
        own = [preset.id for preset in presets(name).values() if preset.id not in MEASURED["left_out"]]
        assert counted.get(name, 0) == len(own)
    assert all(row["cases"] >= 50 for row in rows if row["of"] == "random states")
    assert MEASURED["left_out"] == [preset.id for preset in presets().values() if preset.solver]


@pytest.mark.parametrize("row", MEASURED["rows"], ids=lambda row: f"{row['soma']}-{row['peer']}-{row['of']}")
def test_every_case_that_was_compared_agrees(row: dict[str, Any]) -> None:
    """Ill-conditioned ones, of which the peer itself is not sure, are named; nothing else is left over."""
    assert not row["different"] and not row["outside"]
    assert row["equal"] + len(row["moving"]) == row["cases"]
    assert row["largest_ms"] <= row["allowed_ms"]


@pytest.mark.parametrize("name", OWN)
def test_an_agreement_quotes_the_largest_difference(name: str) -> None:
    told = agreement(SOMAS[name])
    assert told == agreement(name) and told
    rows = [row for row in MEASURED["rows"] if row["soma"] == name and row["peer"] == "Brian2"]
    largest = max(row["largest_ms"] for row in rows)
    assert told.startswith(
        f"Brian2 {rows[0]['version']} agrees to {milliseconds(largest)} at dt {rows[0]['dt']:g} ms in "
    )
    assert milliseconds(0.0623) == "0.062 ms" and milliseconds(3e-6) == "less than 0.0001 ms"
    equal, cases = sum(row["equal"] for row in rows), sum(row["cases"] for row in rows)
    assert f"{equal} of {cases} cases" in told
    assert ("NEST" in told) == any(row["soma"] == name and row["peer"] == "NEST" for row in MEASURED["rows"])


def test_a_soma_that_nobody_measured_has_no_agreement() -> None:
    assert agreement("ResonateSoma") is None


def test_the_page_is_made_of_the_numbers() -> None:
    assert PAGE.read_text("utf-8") == page(json.loads(json.dumps(MEASURED))), (
        "make it again: python -m benchmarks.peers --redraw"
    )
