"""A run that cannot be believed is called so, with what mends it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.run.diverged import failed
from app.session.session import Session
from spark import solvers
from spark.stimuli import Step
from tests.app.side import session_of
from tests.app.test_sentence import drawn_of

Change = Callable[[Session], None]


def euler(session: Session) -> None:
    session.set({"config.solver": solvers.SequentialEuler(), "config.dt": 0.5})


def apply(session: Session, remedy: dict[str, Any]) -> None:
    """As the rows do it."""
    for key, value in remedy.items():
        session.set({"config.solver": solvers.catalogue()[value]()} if key == "solver" else {key: value})


def test_a_potential_that_runs_away_is_called_so() -> None:
    session = session_of("AdaptiveExponentialSoma")
    euler(session)
    request = drawn_of(session).request
    assert request.line["about"].startswith("The run diverged at ")
    assert "SequentialEuler cannot follow it" in request.line["about"]
    assert request.line["readouts"][0] == ("pattern", "diverged", "")
    assert request.line["remedy"] == {"label": "Use RK4", "values": {"solver": "RK4"}}
    apply(session, request.line["remedy"]["values"])
    mended = drawn_of(session).request
    assert mended.line["remedy"] is None and mended.line["readouts"][0][1] == "adapting"


def test_a_recovery_that_grows_without_bound() -> None:
    """With a < 0 it does above 85 pA, and V = -5 sqrt(u): the solver holds V where its chart ends."""
    session = session_of("IzhikevichSoma", "izhikevich2004_s_inhibition_induced_spiking")
    session.choose_stimulus(Step)
    session.set({"stimulus.0.amplitude": 95.0, "run.duration": 1500.0})
    request = drawn_of(session).request
    assert request.line["about"].startswith("The run diverged at ")
    assert request.line["readouts"][0] == ("pattern", "diverged", "")
    session.set({"stimulus.0.amplitude": 79.5})
    assert drawn_of(session).request.line["readouts"][0][1] == "silent"


def test_a_large_input_is_no_divergence() -> None:
    session = session_of("LeakySoma", config__resistance=1e9)
    assert drawn_of(session).request.line["remedy"] is None


@pytest.mark.parametrize(("dt", "label"), [(5.0, "Use a time step of 0.1 ms")])
def test_a_step_that_is_too_long(dt: float, label: str) -> None:
    session = session_of("IzhikevichSoma", config__dt=dt)
    with pytest.raises(ValueError) as raised:
        session.job().run()
    trouble = failed(raised.value, session.job())
    assert trouble is not None and trouble.words == str(raised.value)
    assert trouble.line == {"label": label, "values": {"config.dt": 0.1}}
    apply(session, trouble.remedy)
    assert len(session.job().run().spike_times[0]) == 19


def test_a_variable_faster_than_the_usual_step() -> None:
    session = session_of("IzhikevichSoma", config__recovery_timescale=50.0)
    with pytest.raises(ValueError) as raised:
        session.job().run()
    trouble = failed(raised.value, session.job())
    assert trouble is not None and 0.001 < trouble.remedy["config.dt"] < 0.05
    apply(session, trouble.remedy)
    assert np.isfinite(session.job().run().recorded["potential"]).all()


def test_a_run_that_is_not_finite() -> None:
    session = session_of("AdaptiveExponentialSoma", config__resistance=1e9)
    with pytest.raises(FloatingPointError) as raised:
        session.job().run()
    trouble = failed(raised.value, session.job())
    assert trouble is not None and trouble.words.startswith("The run diverged at 5 ms: ")
    assert "nearer to the defaults" in trouble.words and trouble.line is None
    session.set({"config.dt": 0.5})
    with pytest.raises(FloatingPointError) as raised:
        session.job().run()
    trouble = failed(raised.value, session.job())
    assert trouble is not None and trouble.remedy == {"config.dt": 0.1}


def test_any_other_error_has_no_remedy() -> None:
    assert failed(ValueError("no"), Session().job()) is None
