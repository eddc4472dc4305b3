"""The honesty meter."""

import numpy as np
import pytest

from app.accuracy.half_step import accuracy, readout
from app.session.session import Session
from spark import solvers
from tests.common import each


@pytest.mark.parametrize("name", each())
def test_default_solvers_are_good_at_the_default_step(name: str) -> None:
    session = Session()
    session.choose_model(name)
    job = session.job()
    found = accuracy(job, job.run())
    assert found.level == "good"
    assert found.difference is not None and found.difference < 0.01
    assert found.shadow.dt == job.dt / 2 and found.shadow.duration == job.steps * job.dt
    assert found.shadow.potential.dtype == np.float64


def test_euler_is_amber() -> None:
    session = Session()
    session.choose_model("AdaptiveExponentialSoma")
    session.set({"config.solver": solvers.Euler()})
    job = session.job()
    found = accuracy(job, job.run())
    assert found.level == "amber" and found.difference is not None and found.difference > 0.1
    assert "half the time step" in readout(found)["why"] and "The time step is at fault" in readout(found)["why"]


def test_a_changed_count_is_red() -> None:
    session = Session()
    session.choose_preset("naud2008_tonic")
    session.set({"config.solver": solvers.Euler(), "config.dt": 1.0})
    job = session.job()
    found = accuracy(job, job.run())
    assert found.level == "red" and found.difference is None
    assert " or " in found.value[0]


def test_the_shadow_is_the_first_neuron_of_a_noisy_population() -> None:
    session = Session()
    session.set({"run.units": 7, "spread.threshold": 1.0})
    session.add_stimulus(type(session.parts[0]))
    job = session.job()
    recording = job.run()
    found = accuracy(job, recording)
    assert found.level == "good"
    np.testing.assert_allclose(found.shadow.spike_times[0], recording.spike_times[0], atol=0.01)


def test_rounding_is_told_from_the_step() -> None:
    """A run in which float32 loses the increments, as Euler on the grid does at small steps."""
    session = Session()
    session.choose_model("LeakySoma")
    slow = {"potential_tau": 100.0, "potential_rest": -70.0, "potential_reset": -70.0, "threshold": -55.0}
    session.set({f"config.{name}": value for name, value in slow.items()})
    session.set({"config.resistance": 0.1, "config.dt": 0.01, "config.solver": solvers.Euler(on_grid=True)})
    session.set({"run.duration": 1000.0, "stimulus.0.amplitude": 150.1, "stimulus.0.onset": 0.0})
    session.set({"stimulus.0.duration": 1000.0})
    job = session.job()
    recording = job.run()
    found = accuracy(job, recording)
    assert recording.spike_count == 0 and found.shadow.spike_count == 1
    assert found.level == "red" and "The precision (float32) is at fault" in found.why
