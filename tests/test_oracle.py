"""Against an independent float64 oracle: default parameters, default stimulus, default solver and precision."""

import pytest

import spark
from tests import oracle
from tests.common import GOLDEN, OWN, assert_times

DURATION = 1000.0


@pytest.mark.parametrize("name", OWN)
def test_defaults_agree_with_the_oracle(name: str) -> None:
    soma, step = OWN[name](), spark.stimuli.Step()
    run = spark.simulate(soma, step, duration=DURATION)
    p = {field: getattr(soma.config, field) for field in soma.config.quantities() if field != "dt"}
    edges = [(0.0, 0.0), (step.onset, step.amplitude), (step.onset + step.duration, 0.0)]
    expected = oracle.spike_times(name, p, edges, DURATION)
    assert len(expected) > 5
    assert_times(run.spike_times[0], expected, within=0.05, what=name)


@pytest.mark.parametrize("case", GOLDEN.values(), ids=GOLDEN)
def test_the_oracle_agrees_with_the_reference(case: dict) -> None:
    """Who checks the checker: the oracle reproduces the golden spike times (all start at rest)."""
    edges = [(0.0, 0.0)] + [(segment["t0"], segment["I"]) for segment in case["stimulus"]]
    edges.append((case["stimulus"][-1]["t1"], 0.0))
    got = oracle.spike_times(case["soma"], case["config"], edges, case["duration_ms"])
    assert_times(got, case["spike_times_ms"], within=1e-4, what=case["id"])
