"""Why a run is silent, in words."""

from typing import Any

import pytest

from app.page.why_silent import answer
from app.run.pipeline import Drawn, Pipeline, Request
from spark.nn.components.somas import catalogue
from tests.app.side import session_of

AMPLITUDE = "stimulus__0__amplitude"


def drawn(name: str, **values: Any) -> Drawn:
    session = session_of(name, **values)
    job, settings = session.job(), session.settings
    request = Request(job, 1, job.window, "", settings.shown, settings.duration, (0.0, settings.duration), 800)
    return Pipeline(())(request, lambda done: None)


def test_a_leaky_soma_below_its_rheobase() -> None:
    assert answer(drawn("LeakySoma", **{AMPLITUDE: 300.0})) == (
        "At 300 pA it rests at −58.0 mV. To fire it needs more than 375 pA (the rheobase), or R above 0.05 GΩ, "
        "or V_rest above −67 mV, or θ below −58 mV."
    )


def test_it_fires() -> None:
    assert answer(drawn("LeakySoma")).startswith("It is not silent")


def test_a_stimulus_that_is_too_short() -> None:
    said = answer(drawn("LeakySoma", **{AMPLITUDE: 380.0, "stimulus__0__duration": 5.0}))
    assert said.startswith("At 380 pA it cannot rest (the rheobase is 375 pA)") and "longer" in said


@pytest.mark.parametrize("name", catalogue())
def test_every_model_has_an_answer(name: str) -> None:
    said = answer(drawn(name, **{AMPLITUDE: 0.0}))
    assert said.startswith(("At 0 pA it rests at −", "It is not silent")) and said.endswith(".")
