"""Against NEST: `aeif_*` with `t_ref` is the strict refractory adaptive exponential soma."""

import numpy as np
import pytest

from spark.solvers import RK4
from tests.common import GOLDEN, assert_times, reference, run_golden

RUNS = [(case, name) for case, runs in reference("nest.json")["cases"].items() for name in runs]


@pytest.mark.parametrize(("case", "name"), RUNS, ids=str)
def test_spikes_are_those_of_nest(case: str, name: str) -> None:
    """NEST's spikes are late by up to a step each, and that adds up; ours by default at 0.1 ms, in float32."""
    nest = reference("nest.json")["cases"][case][name]
    expected = np.asarray(nest["spike_times_ms"])
    got = run_golden(GOLDEN[case], 0.1).spike_times[0]
    assert_times(got, expected, within=0.005 + len(expected) * nest["resolution_ms"], what=name)


@pytest.mark.parametrize(("case", "name"), RUNS, ids=str)
@pytest.mark.usefixtures("x64")
def test_what_is_left_is_nests_step(case: str, name: str) -> None:
    """Converged, each spike comes before NEST's, and by less than a step for each spike so far."""
    nest = reference("nest.json")["cases"][case][name]
    late = np.asarray(nest["spike_times_ms"]) - run_golden(GOLDEN[case], 0.01, RK4()).spike_times[0]
    steps = late / nest["resolution_ms"]
    assert (steps > -0.1).all() and (steps < np.arange(1, len(late) + 1)).all()
