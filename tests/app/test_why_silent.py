"""Why a run is silent, in words."""

import queue
from typing import Any

import pytest

from app.client.help import Help
from app.page import why_silent
from app.page.why_silent import FAILED, NO_RUN, WORKING, WhySilent, answer
from app.run.pipeline import Drawn, Pipeline, Request
from app.session import membrane
from app.session.session import Session
from spark.analysis import Rheobase
from spark.analysis.silence import Remedy, Silence, silence
from spark.nn.components.somas import catalogue
from spark.stimuli import Step
from tests.app.side import session_of

AMPLITUDE = "stimulus__0__amplitude"


def drawn(name: str, **values: Any) -> Drawn:
    return drawn_of(session_of(name, **values))


def drawn_of(session: Session) -> Drawn:
    job, settings = session.job(), session.settings
    request = Request(job, 1, job.window, "", settings.shown, settings.duration, (0.0, settings.duration), 800)
    return Pipeline(())(request, lambda done: None)


def test_a_leaky_soma_below_its_rheobase() -> None:
    assert answer(drawn("LeakySoma", **{AMPLITUDE: 300.0})) == (
        "At 300 pA it rests at −58.0 mV. To fire it needs more than 375 pA (the rheobase), or R above 0.05 GΩ, "
        "or V_rest above −67 mV, or θ below −58 mV."
    )


def test_one_that_less_current_makes_fire() -> None:
    """Izhikevich (2004), inhibition-induced spiking.

    It rests where det J = a (b - 0.08 v - 5) > 0 > tr J = 0.08 v + 5 - a: for a = -0.02 and b = -1 from v = -75 to
    -62.75 mV, which with -I = 0.04 v^2 + 6 v + 140 is from 79 to 85 pA.
    """
    session = session_of("IzhikevichSoma", "izhikevich2004_s_inhibition_induced_spiking")
    session.choose_stimulus(Step)
    session.set({"stimulus.0.amplitude": 79.5, "run.duration": 1000.0})
    assert answer(drawn_of(session)).startswith(
        "At 79.5 pA it rests at −63.3 mV. To fire it needs more than 85 pA (the rheobase), or less than 79 pA"
    )
    session.set({"stimulus.0.amplitude": 76.0})
    assert answer(drawn_of(session)).startswith("It is not silent")


def test_it_fires() -> None:
    assert answer(drawn("LeakySoma")).startswith("It is not silent")


def test_a_stimulus_that_is_too_short() -> None:
    said = answer(drawn("LeakySoma", **{AMPLITUDE: 380.0, "stimulus__0__duration": 5.0}))
    assert said.startswith("At 380 pA it cannot rest (the rheobase is 375 pA)") and "longer" in said


@pytest.mark.parametrize("name", catalogue())
def test_every_model_has_an_answer(name: str) -> None:
    said = answer(drawn(name, **{AMPLITUDE: 0.0}))
    assert said.startswith(("At 0 pA it rests at −", "It is not silent")) and said.endswith(".")


def test_it_is_answered_in_what_is_shown() -> None:
    session = session_of("LeakySoma", stimulus__0__amplitude=300.0)
    session.show_capacitance(True)
    said = answer(drawn_of(session), session.shown.get(membrane.CONDUCTANCE))
    assert "g_L below 20 nS" in said and "R above" not in said
    session.set({membrane.CONDUCTANCE: 0.98 * 20})
    assert answer(drawn_of(session)).startswith("It is not silent")


def test_tau_is_not_named_where_it_is_not_shown() -> None:
    found = Silence(300.0, -60.0, Rheobase(400.0), (Remedy("potential_tau", 20.0, True),))
    quantities = session_of("LeakySoma").config.quantities()
    assert "τ" in why_silent._resting(found, quantities, None)
    assert "τ" not in why_silent._resting(found, quantities, membrane.QUANTITIES[membrane.CONDUCTANCE])


class Turns:
    """The event loop: `turn` carries out the next callback."""

    def __init__(self) -> None:
        self._next: queue.Queue[Any] = queue.Queue()
        self.add_next_tick_callback = self._next.put

    def turn(self) -> None:
        self._next.get(timeout=30)()


class Asked:
    """Who asks, and what the page is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.turns, self.said, help = Turns(), [], Help()
        monkeypatch.setattr(help, "tell", lambda head: self.said.append(head["answer"]))
        self.why = WhySilent(self.turns, session_of("LeakySoma"), help)  # type: ignore[arg-type]

    said: list[str | None]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


def test_before_the_first_run_it_says_so(asked: Asked) -> None:
    asked.why.ask()
    assert asked.said == [NO_RUN]
    asked.why.outdate()
    assert asked.said == [NO_RUN, None]


def test_what_is_worked_out_is_let_go_with_the_run(asked: Asked) -> None:
    asked.why.follow(drawn("LeakySoma", **{AMPLITUDE: 300.0}), True)
    asked.why.ask()
    asked.why.outdate()
    assert asked.said == [WORKING, None]
    asked.turns.turn()
    assert asked.said == [WORKING, None]  # the answer comes too late
    asked.why.ask()
    asked.turns.turn()
    assert asked.said[2] == WORKING and str(asked.said[3]).startswith("At 300 pA it rests")


def test_a_failure_is_answered_and_logged(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*given: object) -> None:
        raise KeyError(given)

    monkeypatch.setattr(why_silent, "silence", fails)
    asked.why.follow(drawn("LeakySoma", **{AMPLITUDE: 300.0}), True)
    asked.why.ask()
    asked.turns.turn()
    assert asked.said == [WORKING, FAILED] and "KeyError" in caplog.text


def test_the_work_is_told_that_nobody_waits(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    stops: list[Any] = []

    def noted(*given: Any) -> Silence:
        stops.append(given[3])
        return silence(*given)

    monkeypatch.setattr(why_silent, "silence", noted)
    asked.why.follow(drawn("LeakySoma", **{AMPLITUDE: 300.0}), True)
    asked.why.ask()
    asked.turns.turn()
    (stop,) = stops
    assert not stop()
    asked.why.outdate()
    assert stop()
