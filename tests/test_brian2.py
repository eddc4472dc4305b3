"""On the time grid, spike for spike, what Brian2 computes (brian2.json)."""

import numpy as np
import pytest

from spark.solvers import Euler, ExponentialEuler
from tests.common import GOLDEN, reference, run_golden

LISTS = [
    (case, run, float(run.split("_")[0].removeprefix("dt")), run.split("_")[1])
    for case, runs in reference("brian2.json")["cases"].items()
    for run in runs
]
SCHEMES = {"euler": Euler(on_grid=True), "exact": ExponentialEuler(on_grid=True)}
COMPARED = [row for row in LISTS if row[3] in SCHEMES]


def test_every_scheme_of_the_file_is_known() -> None:
    assert {scheme for *_, scheme in LISTS} == {*SCHEMES, "rk4"}  # Brian2's own rk4 overflows (see the file)
    assert len(COMPARED) == 14


@pytest.mark.parametrize(("name", "run", "dt", "scheme"), COMPARED, ids=[f"{row[0]}-{row[1]}" for row in COMPARED])
@pytest.mark.usefixtures("x64")
def test_equals_brian2(name: str, run: str, dt: float, scheme: str) -> None:
    expected = reference("brian2.json")["cases"][name][run]["spike_times_ms"]
    got = run_golden(GOLDEN[name], dt, SCHEMES[scheme])
    np.testing.assert_array_equal(np.rint(got.spike_times[0] / dt), np.rint(np.asarray(expected) / dt))
    assert not got.offsets.any()
