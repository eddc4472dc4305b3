"""Numbers as people type them, in the page and at the server, from one table of cases: numbers.json."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.session.session import Session
from app.sidebar.current_list import as_text, from_text, readings
from spark import stimuli

CASES = json.loads(Path(__file__).with_name("numbers.json").read_text("utf-8"))
ROWS = Path(__file__).parents[2] / "app/client/rows"
SCRIPT = """
import {readings} from "%(rows)s/decimal.js"
import {read} from "%(rows)s/reading.js"
const cases = JSON.parse(Deno.env.get("CASES"))
console.log(JSON.stringify({
  readings: cases.readings.map(({text}) => readings(text)),
  boxes: cases.boxes.map(({text, unit, whole}) => read(text, {unit, integer: whole, default: 5})),
}))
"""


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """What the page's own modules make of all cases."""
    deno = Path(sys.executable).with_name("deno")
    env = os.environ | {"CASES": json.dumps(CASES), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [deno, "run", "--quiet", "--no-config", "--no-remote", "--allow-env=CASES", "-"],
        input=SCRIPT % {"rows": ROWS.as_uri()},
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("i", range(len(CASES["readings"])), ids=[case["text"] for case in CASES["readings"]])
def test_page_and_server_read_a_number_alike(page: dict[str, Any], i: int) -> None:
    case = CASES["readings"][i]
    assert page["readings"][i] == [float(one) for one in readings(case["text"])] == case["values"]


@pytest.mark.parametrize(
    "i", range(len(CASES["boxes"])), ids=[f"{case['text']} in {case['unit']}" for case in CASES["boxes"]]
)
def test_what_a_box_reads(page: dict[str, Any], i: int) -> None:
    case, found = CASES["boxes"][i], page["boxes"][i]
    if "value" in case:
        assert found == {"value": case["value"]}
    elif "answers" in case:
        assert f"“{case['text']}” can be read in two ways" in found["question"]
        assert [answer["value"] for answer in found["answers"]] == case["answers"]
        assert all(answer["label"].endswith(f" {case['unit']}") for answer in found["answers"])
    else:
        assert case["wrong"] in found["wrong"]


@pytest.mark.parametrize("case", CASES["lists"], ids=[case["text"] for case in CASES["lists"]])
def test_a_list_of_currents(case: dict[str, Any]) -> None:
    if "values" in case:
        assert from_text(case["text"]) == case["values"]
        assert from_text(as_text(np.asarray(case["values"], float))) == case["values"]
        return
    with pytest.raises(ValueError) as error:
        from_text(case["text"])
    assert case["wrong"] in str(error.value)
    assert "such as" in str(error.value) or "give each" in str(error.value)  # says what to do


def test_a_list_is_shown_to_the_last_digit() -> None:
    samples = np.array([0.1234567, 1 / 3, -123456.75])
    np.testing.assert_allclose(from_text(as_text(samples)), samples, rtol=1e-14)


def test_a_long_text_is_not_repeated_whole() -> None:
    for text in ("x" * 5000, "1,0,0" * 1000):
        with pytest.raises(ValueError, match=r"not a list|two ways") as error:
            from_text(text)
        assert len(str(error.value)) < 250


@pytest.mark.parametrize("text", ["nan", "1, inf"])
def test_what_is_not_finite_is_refused_by_the_session(text: str) -> None:
    session = Session()
    session.choose_stimulus(stimuli.Array)
    with pytest.raises(ValueError, match="finite"):
        session.set({"stimulus.0.samples": from_text(text)})
