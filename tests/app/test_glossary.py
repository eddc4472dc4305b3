"""Every term that the page shows has an entry in the glossary, and the documentation shows the same ones."""

import re
from collections.abc import Iterator

import pytest
from bokeh.models import LegendItem

from app import hues
from app.accuracy.half_step import UNKNOWN
from app.glossary import TERMS, known
from app.run.readouts import cost, readouts
from app.views.catalogue import catalogue as views
from app.views.currents import NAMED
from docs import make_glossary
from spark import Recording, simulate
from spark.analysis import IMPOSSIBLE, PATTERNS
from spark.nn.components.somas import catalogue
from spark.solvers import catalogue as solvers
from tests.app.side import Noted, session_of

ASKED = (
    "black tick, ▲, ▼, CV, adaptation index, rheobase, scan, Hopf, saddle-node, nullcline, f–I curve, reset map, gain, "
    "time-step error, foresight, transient, depolarisation block, spread, honesty meter, hysteresis, bistable, cobweb, "
    "class 1, class 2, return map, coincidence factor, Victor–Purpura, raster, rebound, seed, on the grid, solver"
)
"""Terms of sentences, marks and rows, which no list of the app holds."""
KINDS = ("stable", "unstable", "node", "focus", "saddle", "degenerate")


def run(units: int) -> Recording:
    session = session_of("LeakySoma", run__units=units)
    return simulate(session.job().soma, session.job().stimulus, duration=300.0)


def legends() -> Iterator[str]:
    """What the legends of all views, and of the traces, say."""
    stage = Noted(session_of("AdaptiveExponentialSoma"))
    for layout in [*stage.traces.figures, *(kind(stage).layout for kind in views().values())]:
        for item in layout.select({"type": LegendItem}):
            yield item.label["value"] if isinstance(item.label, dict) else item.label.value


def test_no_two_terms_share_a_spelling() -> None:
    spellings = [one.lower() for term in TERMS for one in (term.name, *term.also, *term.labels)]
    assert len(set(spellings)) == len(spellings) == len(known())


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_told_in_one_sentence(term) -> None:
    assert term.words[0].isupper() or term.words.startswith("dt, ")
    assert term.words.endswith(".") and not re.search(r"[.!?] [A-Z]", term.words) and len(term.words) < 160
    assert not term.link or term.link.startswith("http")


@pytest.mark.parametrize("units", [1, 3])
def test_every_read_out_has_a_term(units: int) -> None:
    found = run(units)
    labels = [label for label, *_ in readouts(found, (50.0, 250.0))] + [UNKNOWN["label"]]
    assert len(labels) > 7 and not [label for label in labels if label.lower() not in known()]
    assert "scan" in cost(found, 0.1) and "steps" in cost(found, 0.1)


def test_every_pattern_and_every_kind_of_point_has_a_term() -> None:
    names = {
        *PATTERNS,
        *hues.CLASSES,
        IMPOSSIBLE,
        *KINDS,
        *NAMED.values(),
        *(kind.title for kind in views().values()),
    }
    names |= set(solvers())
    assert not [name for name in names if name.lower() not in known()]


def test_every_legend_is_explained() -> None:
    said = list(legends())
    assert len(said) > 20
    own = {"slow", "slow1", "others"}  # places: a soma's currents bear its variables' names, neurons their numbers
    assert not [label for label in said if label.lower() not in known() and label not in own]


@pytest.mark.parametrize("asked", ASKED.split(", "))
def test_what_sentences_and_marks_say_has_a_term(asked: str) -> None:
    assert asked.lower() in known()


@pytest.mark.parametrize("name", catalogue())
def test_what_a_soma_draws_has_a_term(name: str) -> None:
    assert catalogue()[name].config_class().quantities()["threshold"].words in known()
    words = [variable.words for variable in catalogue()[name].system.slow]
    assert not [one for one in words if not any(term in one for term in known())]


def test_the_page_of_terms_is_true() -> None:
    told = make_glossary.FILE.read_text("utf-8")
    assert told == make_glossary.page(), "make it again: python -m docs.make_glossary"
    assert all(f"**{term.name}**" in told or f"**[{term.name}](" in told for term in TERMS)
