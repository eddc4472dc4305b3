"""Share data, links and values by path: taken, or refused in a sentence with nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.keep.link import BadLink, pack, read
from app.keep.steps import stepped
from app.session import share
from app.session.session import Session
from spark import stimuli
from spark.stimuli import Sum
from tests.app.side import session_of
from tests.hostile import QUICK, Given, anything, nested, plain, refuses_in_words, thorough
from tests.test_hostile import replaced


def several() -> Session:
    """One with something in every place of its document."""
    session = session_of("AdaptiveExponentialSoma", run__units=3)
    for kind in stimuli.catalogue().values():
        if kind is not Sum and len(session.parts) < 7:
            session.add_stimulus(kind)
    session.add_stimulus(stimuli.Array)
    session.set({"spread.threshold": 1.0, "run.duration": 900.0})
    session.initial = {"potential": -60.0}
    session.show_capacitance(True)
    return session


DOCUMENT = share.to_dict(several())
PATHS = [
    *(f"config.{name}" for name in several().config.fields()),
    *(f"stimulus.{i}.{name}" for i, part in enumerate(several().parts) for name in (*part.fields(), "until_end")),
    *(f"run.{name}" for name in ("duration", "units", "shown", "more")),
    *("spread.threshold", "spread.more", "membrane.capacitance", "membrane.leak_conductance", "membrane.more"),
    *(
        "stimulus.9.onset",
        "stimulus.-1.onset",
        "stimulus.².onset",
        "stimulus.x.until_end",
        "until_end",
        "",
        "config",
        ".",
    ),
]
places = st.integers(0, 4_000)
path = st.one_of(st.sampled_from(PATHS), st.sampled_from(PATHS), st.text(max_size=12))


def in_document(at: int, given: Given) -> None:
    def opened() -> None:
        session = share.from_dict(replaced(DOCUMENT, at, given.value))
        assert share.to_dict(share.from_dict(share.to_dict(session))) == share.to_dict(session)
        session.job()

    refuses_in_words(opened)


def in_stimulus(at: int, given: Given) -> None:
    parts = replaced({"parts": DOCUMENT["stimulus"]}, at, given.value)["parts"]
    refuses_in_words(lambda: share.stimulus_of(parts))


def in_session(path: str, given: Given) -> None:
    session = several()
    before = share.to_dict(session)
    if refuses_in_words(lambda: session.set({path: given.value})):
        assert share.to_dict(session) == before
    else:
        session.get(path)
        refuses_in_words(session.job)


def in_link(at: int, given: Given) -> None:
    """Also where the text is none."""
    try:
        text = pack(replaced({"state": DOCUMENT}, at, given.value))
    except (ValueError, RecursionError):
        return  # JSON that cannot be written
    refuses_in_words(lambda: read(text, whole=True))
    refuses_in_words(lambda: stepped([text], {}))


@example(0, Given(nested(5_000)))
@example(2, Given(10**400))
@example(3, Given(7))
@example(4, Given([[]]))
@QUICK
@given(places, plain)
def test_a_document_is_a_session_or_it_is_said_why_not(at: int, value: Given) -> None:
    in_document(at, value)


@QUICK
@given(places, plain)
def test_so_is_a_stimulus(at: int, value: Given) -> None:
    in_stimulus(at, value)


@example("run.units", Given(10**400))
@example("config.dt", Given(5e-324))
@example("config.solver", Given("RK4"))
@example("config.dtype", Given("float64"))
@example("stimulus.0.until_end", Given([]))
@example("stimulus.x.until_end", Given(True))
@example("stimulus.².onset", Given(1.0))
@example("spread.threshold", Given(10**400))
@example("membrane.capacitance", Given(1e-320))
@QUICK
@given(path, anything)
def test_a_value_by_path_is_set_or_nothing_is(path: str, value: Given) -> None:
    in_session(path, value)


@QUICK
@given(places, plain)
def test_a_link_is_read_or_it_is_said_why_not(at: int, value: Given) -> None:
    in_link(at, value)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "held",
    [
        thorough(1_500)(given(places, plain)(in_document)),
        thorough(500)(given(places, plain)(in_stimulus)),
        thorough(1_500)(given(path, anything)(in_session)),
        thorough(500)(given(places, plain)(in_link)),
    ],
    ids=["document", "stimulus", "session", "link"],
)
def test_four_thousand_of_them(held: Any) -> None:
    held()


@pytest.mark.parametrize("field", ["model", "preset", "config", "stimulus", "run", "spread", "initial"])
def test_a_document_without_a_part_says_which(field: str) -> None:
    """Python's own word was the name alone."""
    document: dict[str, Any] = {key: value for key, value in DOCUMENT.items() if key != field}
    if field == "preset":
        share.from_dict(document)
        return
    with pytest.raises(ValueError, match=f"this is not a whole session: its {field} is None, and must be a"):
        share.from_dict(document)
    with pytest.raises(BadLink, match=f"This link cannot be shown: this is not a whole session: its {field} is None"):
        read(pack({"state": document}))
