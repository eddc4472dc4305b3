"""A session in an address: exact, short, and nothing in a bad one is believed."""

import json
import re
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import spark
from app.keep.link import BadLink, compared, pack, read, restored, seen, unpack, values, write
from app.session.session import Session
from app.session.share import to_dict
from spark import stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets
from spark.recording.events import Events


def every() -> list[Session]:
    found = []
    for name in catalogue():
        session = Session()
        session.choose_model(name)
        found.append(session)
    for key in presets():
        session = Session()
        session.choose_preset(key)
        found.append(session)
    return found


def test_what_is_written_is_read() -> None:
    for session in every():
        text = write(session, view="phase")
        again, more = read(text)
        assert to_dict(again) == to_dict(session) and more == {"view": "phase"}
        assert len(text) < 2_000 and text.replace("-", "").replace("_", "").isalnum()


def test_everything_that_can_be_set_is_in_it() -> None:
    session = Session()
    session.choose_model("AdaptiveExponentialSoma")
    session.set({"config.potential_tau": 12.345678901234567, "run.units": 7, "spread.threshold": 1.5})
    session.show_capacitance(True)
    session.start_from({"potential": -61.25, "adaptation": 3.0})
    for name in ("Ramp", "Sine", "OrnsteinUhlenbeck"):
        session.add_stimulus(stimuli.catalogue()[name])
    session.set({"stimulus.1.onset": 123.4})
    again = read(write(session))[0]
    assert to_dict(again) == to_dict(session) and again.get("config.potential_tau") == 12.345678901234567


def test_eight_stimuli_fit() -> None:
    session = Session()
    for kind in list(stimuli.catalogue().values())[:9]:
        if kind is not stimuli.Sum and len(session.parts) < 8:
            session.add_stimulus(kind)
    assert len(session.parts) == 8 and len(write(session)) < 2_000


def test_a_long_current_is_for_a_file() -> None:
    session = Session()
    session.choose_stimulus(stimuli.catalogue()["Array"])
    session.set({"stimulus.0.samples": np.arange(101.0)})
    with pytest.raises(
        BadLink,
        match=r"^This link cannot be shown: it has a current of 101 values, which an address cannot hold\. Ask for",
    ):
        read(write(session))
    assert values(to_dict(session)) == 101 and len(write(session)) < 700
    assert to_dict(read(write(session, whole=True), whole=True)[0]) == to_dict(session)
    pin = to_dict(session)
    other = Session()
    assert len(write(other, pin=pin)) < 1_200 and values(to_dict(other), pin) == 101
    with pytest.raises(ValueError, match=r"^it has a current of 101 values"):
        restored(read(write(other, pin=pin))[1]["pin"])
    session.set({"stimulus.0.samples": np.arange(100.0)})
    assert to_dict(read(write(session))[0]) == to_dict(session)


@pytest.mark.parametrize("file", sorted(Path(__file__).parent.glob("links_*.json")), ids=lambda file: file.stem)
def test_links_of_every_version_are_read_forever(file: Path) -> None:
    """What was written then, kept here as it was: never made anew. What a later version adds is at its default."""
    written = json.loads(file.read_text("utf-8"))
    assert len(written) > 10
    for one in written:
        session, more = read(one["link"])
        now = to_dict(session)
        assert {key: now[key] for key in one["document"]} == one["document"], one["name"]
        assert more == one["more"], one["name"]


def test_the_link_of_the_readme_shows_what_it_says() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    link = text.split("[regular bursting with its phase plane](http://localhost:5006/app#")[1].split(")")[0]
    session, more = read(link)
    assert session.preset is not None and session.preset.id == "naud2008_regular_bursting" and session.untouched
    assert more == {"view": "phase"}


def squeezed(text: str) -> str:
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    return "1" + urlsafe_b64encode(made.compress(text.encode()) + made.flush()).decode().rstrip("=")


def bad(**values: Any) -> str:
    return pack({"state": to_dict(Session()) | values})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not whole"),
        ("1", "not whole"),
        ("2abc", "newer Spark"),
        ("hello", "not whole"),
        ("1<script>", "not whole"),
        ("1" + "A" * 9_000, "too long"),
        (squeezed("0" * 10_000_000)[:7_000], "not whole"),
        (squeezed(" " * 1_000_000 + "{}"), "not whole"),
        (squeezed("[" * 100_000), "not whole"),
        (squeezed('{"state": NaN}'), "not whole"),
        (squeezed('{"state": 1e999}'), "not whole"),
        (squeezed('["state"]'), "not whole"),
        (squeezed("{}"), "version None"),
        (squeezed('{"state": {"version": 99}}'), "version 99"),
        (bad(initial={"potential": "nan"}), "the initial potential must be a finite number"),
        (bad(initial={"potential": True}), "the initial potential must be a finite number"),
        (bad(initial={"anything": 1.0}), "has no state 'anything'"),
        (squeezed('{"state": {"version": 1, "model": "Nobody"}}'), "no model 'Nobody'"),
    ],
)
def test_a_bad_link_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(BadLink, match=words) as found:
        read(text)
    assert len(str(found.value)) < 400 and str(found.value).startswith("This link")


@pytest.mark.parametrize("turns", [900, pytest.param(10_000, marks=pytest.mark.thorough)])
def test_whatever_it_is_it_is_a_session_or_refused(turns: int) -> None:
    """Mutations of the text, of the state's own characters, and of its values."""
    rng = np.random.default_rng(1)
    state = {"state": to_dict(every()[7])}
    text, written = pack(state), json.dumps(state)
    values: list[Any] = [
        None,
        True,
        -1,
        0,
        1e308,
        -1e-308,
        "",
        "<img src=x onerror=alert(1)>",
        [],
        {},
        [1] * 50,
        "1e5",
        "nan",
        2**70,
    ]
    read_well = 0

    def swapped(data: object) -> object:
        if isinstance(data, dict) and data:
            key = str(rng.choice(list(data)))
            if rng.random() < 0.1:
                return {k: v for k, v in data.items() if k != key}
            return data | {key: swapped(data[key])}
        if isinstance(data, list) and data and rng.random() < 0.8:
            place = int(rng.integers(len(data)))
            return [*data[:place], swapped(data[place]), *data[place + 1 :]]
        return values[int(rng.integers(len(values)))]

    for turn in range(turns):
        if turn % 3 == 0:
            place = int(rng.integers(len(text)))
            other = text[:place] + chr(int(rng.integers(32, 127))) + text[place + int(rng.integers(2)) :]
        elif turn % 3 == 1:
            place = int(rng.integers(len(written)))
            other = squeezed(
                written[:place] + chr(int(rng.integers(32, 127))) + written[place + int(rng.integers(3)) :]
            )
        else:
            other = pack(swapped(state))  # type: ignore[arg-type]
        try:
            session, _ = read(other)
        except BadLink as error:
            assert "Traceback" not in str(error)
        else:
            read_well += 1
            assert to_dict(read(write(session))[0]) == to_dict(session)
    assert 0.03 * turns < read_well < 0.9 * turns


def events(times: np.ndarray, dt: float = 0.1) -> Events:
    step = np.floor(times / dt).astype(np.int32)
    return Events(step, np.zeros_like(step), times - step * dt)


def test_how_a_run_compares_with_the_one_that_was_sent() -> None:
    times = np.sort(np.random.default_rng(2).uniform(0, 1000, 57))
    now = seen(events(times), 0.1)
    sent = json.loads(json.dumps(now))
    assert sent["count"] == 57 and len(sent["means"]) == 12
    assert compared(sent, now) == "As sent: 57 of 57 spikes, largest difference 0.000 ms."
    later, fewer = seen(events(times + 0.25), 0.1), seen(events(times[1:]), 0.1)
    assert compared(sent, later).startswith("Other than sent: 57 of 57 spikes, but moved by up to 1.25 ms.")
    assert compared(sent, fewer) == "Other than sent: 56 spikes, not 57."
    assert "56 spikes, not 57. The versions are the same" in compared(sent, fewer, spark.__version__)
    for place in range(57):  # whichever it is
        moved = times.copy()
        moved[place] += 0.01
        assert re.search(r"moved by up to 0\.01\d* ms", compared(sent, seen(events(moved), 0.1))), place
    own = events(times)
    assert "of other neurons" in compared(sent, seen(own._replace(unit=own.unit + 1), 0.1))
    many = events(np.sort(np.random.default_rng(3).uniform(0, 1e5, 500_000)))
    assert compared(seen(many, 0.1), seen(many, 0.1)).startswith("As sent: 500,000 of 500,000 spikes")
    assert compared(sent, fewer, "0.1.0").endswith(f"It was sent from Spark 0.1.0, this is {spark.__version__}.")
    assert "<" not in compared(sent, fewer, "<b>")
    none = seen(events(times[:0]), 0.1)
    assert compared(none, none) == "As sent: 0 of 0 spikes, largest difference 0.000 ms."
    for nonsense in (
        None,
        3,
        {},
        {"count": "many"},
        {"count": 57, "means": "<b>"},
        {"count": 57, "means": [None] * 12},
    ):
        assert compared(nonsense, now) == ""


def test_unpacking_takes_no_more_than_a_link_can_hold() -> None:
    with pytest.raises(BadLink):
        unpack(squeezed("0" * 201_000))
