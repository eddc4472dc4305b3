"""Spikes as clicks: when, where from left to right, how loud, and never more than can be heard."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOUND = Path(__file__).parents[2] / "app/client/sound"
SCRIPT = """
import {clicksOf, firstFrom, pan, placesOf} from "%(sound)s/clicks.js"
import {pixels} from "%(sound)s/spikes.js"
const given = JSON.parse(Deno.env.get("GIVEN"))
const found = given.runs.map(({times, rows, units, speed}) => clicksOf({times, rows, units}, speed))
const image = Object.assign(Uint8Array.from(given.image.flat()), {shape: [given.image.length, given.image[0].length]})
console.log(JSON.stringify({
  found,
  first: given.from.map((time) => firstFrom(found[0], time)),
  pans: given.counts.map((units) => Array.from({length: placesOf(units)}, (_, k) => pan(k, placesOf(units)))),
  pixels: pixels(image, 100, 50, 1000),
}))
"""
ONE = {"times": [30.0, 10.0, 20.0], "rows": [1, 1, 1], "units": 1, "speed": 0.1}
TRAIN = {"times": [k / 10 for k in range(1000)], "rows": [1] * 1000, "units": 1, "speed": 1.0}
TOGETHER = {"times": [5.0] * 100, "rows": list(range(1, 101)), "units": 100, "speed": 0.5}
IMAGE = [[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]]


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """What the page's own modules make of these."""
    runs = [ONE, TRAIN, TOGETHER]
    given = {"runs": runs, "image": IMAGE, "from": [0, 10, 10.5, 40], "counts": [1, 2, 5, 1000]}
    deno = Path(sys.executable).with_name("deno")
    done = subprocess.run(
        [deno, "run", "--quiet", "--no-config", "--no-remote", "--allow-env=GIVEN", "-"],
        input=SCRIPT % {"sound": SOUND.as_uri()},
        env=os.environ | {"GIVEN": json.dumps(given), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_each_spike_is_a_click_in_order(page: dict[str, Any]) -> None:
    assert page["found"][0] == [{"time": time, "place": 0, "level": 0} for time in (10, 20, 30)]
    assert page["first"] == [0, 0, 1, 3]


def test_a_rate_that_nobody_hears_makes_no_more_clicks(page: dict[str, Any]) -> None:
    times = [click["time"] for click in page["found"][1]]
    assert len(times) == 25  # 100 ms in real time, one in 4 ms
    assert min(b - a for a, b in itertools.pairwise(times)) >= 4 - 1e-9
    assert {click["level"] for click in page["found"][1]} == {
        3
    }  # each is of forty spikes, and no louder than the loudest


def test_a_population_stands_from_left_to_right(page: dict[str, Any]) -> None:
    assert page["pans"][0] == [0] and page["pans"][1] == [-1, 1] and page["pans"][2] == [-1, -0.5, 0, 0.5, 1]
    assert len(page["pans"][3]) == 9 and page["pans"][3][0] == -1 and page["pans"][3][-1] == 1
    assert [click["place"] for click in page["found"][2]] == list(range(9))


def test_pixels_of_an_image_are_spikes_as_well_as_it_shows_them(page: dict[str, Any]) -> None:
    assert page["pixels"] == {"times": [115, 145], "rows": [1, 1000], "units": 1000, "pixel": 10}
