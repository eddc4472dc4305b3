"""Which sliders stay while the page is presented, where nobody has chosen them."""

import pytest

from app.session.session import Session
from app.sidebar import leading
from app.sidebar.row_specs import model_rows, stimulus_rows
from spark import stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets


def leads(session: Session) -> list[str]:
    return leading.of_model(session, model_rows(session)) + leading.of_stimulus(stimulus_rows(session))


@pytest.mark.parametrize("name", [*catalogue(), *presets()])
def test_two_of_the_model_and_the_current_of_the_stimulus_lead(name: str) -> None:
    session = Session()
    (session.choose_preset if name in presets() else session.choose_model)(name)
    first, second, current = leads(session)
    assert first != second and {first, second} <= session.shown.keys()
    assert current == "stimulus.0.amplitude"
    rows = leading.with_stars(session, model_rows(session), [first, second])
    starred = [row["key"] for row in rows if row["star"]["own"]]
    assert sorted(starred) == sorted([first, second])
    assert {row["star"]["of"] for row in rows} == {session.soma.__name__}


def test_what_makes_a_preset_leads() -> None:
    session = Session()
    session.choose_preset("naud2008_regular_bursting")
    assert leads(session)[:2] == ["config.adaptation_tau", "config.adaptation_delta"]
    session.set({"config.adaptation_tau": 7.0})
    assert leads(session)[:2] == ["config.adaptation_tau", "config.adaptation_delta"]  # a slider chooses none
    session.choose_preset("textbook_lif_pynn")
    assert leads(session)[0] == "config.cooldown"
    session.choose_model("IzhikevichSoma")
    assert all(key.startswith("config.recovery") for key in leads(session)[:2])


@pytest.mark.parametrize("name", [name for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum])
def test_some_slider_of_every_stimulus_leads(name: str) -> None:
    session = Session()
    session.choose_stimulus(stimuli.catalogue()[name])
    rows = stimulus_rows(session)
    sliders = [row["key"] for row in rows if row["kind"] == "slider"]
    found = leading.of_stimulus(rows)
    assert found == sliders[:1] or (len(found) == 1 and found[0].endswith(".amplitude"))
