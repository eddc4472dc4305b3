"""The current that a script makes is the one that Spark holds over each step."""

from typing import Any

import numpy as np
import pytest

from spark.export import brian2_script, nest_script
from spark.export.asked import asked
from spark.export.currents import FORMS, LONGEST, MOST_PIECES, current_of
from spark.nn.initializers import Uniform
from spark.stimuli import (
    Array,
    Chirp,
    OrnsteinUhlenbeck,
    PoissonSynapses,
    PulseTrain,
    Ramp,
    Sine,
    Step,
    Stimulus,
    catalogue,
)
from tests.common import SOMAS

LEAKY = SOMAS["LeakySoma"]


def made(stimulus: Stimulus, duration: float = 150.0, units: int = 1, dt: float = 0.1) -> tuple[np.ndarray, str]:
    told = current_of(asked(LEAKY(), stimulus, dt, duration, units=units))
    names: dict[str, Any] = {"np": np}
    exec("\n".join(told.lines), names)
    assert names["current"].shape == (round(duration / dt), told.columns)
    return names["current"], "\n".join(told.lines)


@pytest.mark.parametrize("kind", catalogue().values(), ids=list(catalogue()))
@pytest.mark.parametrize("onset", [20.0, 20.037])
def test_every_stimulus_arrives(kind: type[Stimulus], onset: float) -> None:
    """Whether its edges lie on the grid or not."""
    window: dict[str, Any] = {"onset": onset, "duration": 101.011}
    stimulus: Stimulus
    if kind is Array:
        stimulus = Array(samples=[100.0, -50.25, 1 / 3], interval=7.03)
    elif kind.__name__ == "Sum":
        stimulus = Step(**window) + Sine(**window) + PulseTrain(**window) + OrnsteinUhlenbeck(**window)
    else:
        stimulus = kind(**window)
    got, _ = made(stimulus)
    np.testing.assert_allclose(got, stimulus.sample(1500, 0.1, dtype=np.float64), rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("stimulus", [Ramp(), Sine(phase=30.0), Chirp(), Sine() + Step() + Chirp()], ids=str)
def test_a_smooth_current_is_told_by_its_formula(stimulus: Stimulus) -> None:
    got, code = made(stimulus, 1000.0)
    assert len(code) < 2000 and ("np.sin" in code or "middle" in code)
    np.testing.assert_allclose(got, stimulus.sample(10_000, 0.1, dtype=np.float64), rtol=1e-12, atol=1e-9)


def test_a_chirp_too_fast_for_its_formula_is_told_by_numbers() -> None:
    """Its means over a step are Fresnel integrals, which NumPy lacks."""
    fast = Chirp(start_frequency=1.0, end_frequency=5000.0, duration=50.0)
    got, code = made(fast, 200.0)
    assert "np.sin" not in code
    np.testing.assert_allclose(got, fast.sample(2000, 0.1, dtype=np.float64), rtol=1e-6, atol=1e-5)


def test_only_currents_that_no_pieces_give_have_a_formula() -> None:
    assert {kind.__name__ for kind in FORMS} == {"Ramp", "Sine", "Chirp"}
    got, code = made(PulseTrain(), 1000.0)
    assert code.startswith("current = np.repeat(") and len(np.unique(got)) == 2


def test_the_currents_of_a_population_differ() -> None:
    stimulus = Step(amplitude=[100.0, 200.0, 300.0], onset=[1.0, 2.0, 3.05])
    got, code = made(stimulus, 20.0, units=3)
    np.testing.assert_allclose(got, stimulus.sample(200, 0.1, 3, dtype=np.float64), atol=1e-6)
    assert code.count("np.repeat") == 3
    got, _ = made(Step(amplitude=Uniform(0.0, 500.0)), 200.0, units=5)
    assert len(np.unique(got[-1])) == 5


def test_noise_is_the_very_numbers_where_they_are_few() -> None:
    for noise in (OrnsteinUhlenbeck(seed=7), PoissonSynapses(seed=7)):
        got, _ = made(noise, 150.0)
        np.testing.assert_array_equal(got.astype(np.float32), noise.sample(1500, 0.1))


def test_longer_noise_has_its_statistics_and_says_so() -> None:
    noise, duration = OrnsteinUhlenbeck(mean=123.0, std=45.0, tau=6.0), (LONGEST + 100) * 0.1
    script = brian2_script(LEAKY(), noise + Step(amplitude=77.0), duration=duration)
    compile(script, "exported.py", "exec")
    assert "dnoise_0/dt = -noise_0/(6.0*ms) + sqrt(2/(6.0*ms))*xi_0 : 1  # the statistics of Spark's noise" in script
    assert "(123.0 + 45.0*noise_0)" in script and 'method="euler"' in script and "77.0" in script
    with pytest.raises(ValueError, match="too long to be written number by number"):
        nest_script(LEAKY(), noise, duration=duration)
    for other in (PoissonSynapses(), OrnsteinUhlenbeck(frozen=True)):
        with pytest.raises(ValueError, match="too long to be written number by number"):
            brian2_script(LEAKY(), other, duration=duration, units=2)


def test_a_current_of_many_pieces_is_still_told() -> None:
    samples = np.random.default_rng(0).normal(0.0, 200.0, 4 * MOST_PIECES)
    got, code = made(Array(samples=samples, interval=0.5), 130.0)
    assert "reshape" in code
    np.testing.assert_allclose(got, Array(samples=samples, interval=0.5).sample(1300, 0.1), rtol=1e-5)


def test_no_current_at_all() -> None:
    got, _ = made(Step(amplitude=0.0))
    assert not got.any()
