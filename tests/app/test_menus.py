"""What the menus list, and what departs from a preset."""

from itertools import chain
from typing import Any

import pytest

from app.client.menu import Menu
from app.hues import CLASSES, class_of, key
from app.session.session import Session
from app.sidebar.departure import Departure
from app.sidebar.menus import DEFAULTS, model_groups, preset_groups, start_words, stimulus_groups
from spark import stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets


def options(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(chain.from_iterable(group["options"] for group in groups))


def test_every_model_and_stimulus_once() -> None:
    assert [one["value"] for one in options(model_groups())] == list(catalogue())
    assert [one["text"] for one in options(model_groups())] == [kind.title for kind in catalogue().values()]
    kinds = [name for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum]
    assert [one["value"] for one in options(stimulus_groups())] == kinds


def test_every_preset_once_under_its_model_and_source() -> None:
    found = [one["value"] for one in options(preset_groups())]
    assert found[0] == DEFAULTS and sorted(found[1:]) == sorted(presets())
    for group in preset_groups()[1:]:
        for one in group["options"]:
            preset = presets()[one["value"]]
            assert (group["part"], group["caption"], one["text"]) == (preset.soma, preset.source, preset.title)
        titles = [one["text"] for one in group["options"]]
        assert len(set(titles)) == len(titles)  # a title and its source say which


def test_naud_s_patterns_come_first_and_in_a_row() -> None:
    own = [group for group in preset_groups() if group["part"] == "AdaptiveExponentialSoma"]
    assert [one["value"] for one in own[0]["options"]] == [k for k in presets() if k.startswith("naud2008_")]


@pytest.mark.parametrize("one", options(preset_groups())[1:], ids=lambda one: one["value"])
def test_a_preset_shows_its_converged_spikes_and_its_pattern(one: dict[str, Any]) -> None:
    preset = presets()[one["value"]]
    spikes, length = one["train"]
    assert spikes == preset.expected["spike_times_ms"] and len(spikes) == preset.expected["n_spikes"]
    assert length == preset.duration and all(0 <= time <= length for time in spikes)
    name, *colours = one["pattern"]
    assert name == " ".join(preset.pattern) and class_of(name) in CLASSES
    for dark, colour in zip((False, True), colours, strict=True):
        assert colour == {known: full for known, _, full in key(dark)}[class_of(name)]  # as on sliders and maps


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("naud2008_tonic", ("Naud", "Gerstner", "2008")),
        ("izhikevich2003_rs", ("Izhikevich", "2003")),
        ("textbook_lif_brunel2000", ("Brunel", "2000")),
    ],
)
def test_a_preset_is_found_by_author_and_year(preset: str, words: tuple[str, ...]) -> None:
    found = next(one for one in options(preset_groups()) if one["value"] == preset)
    assert all(word in found["seek"] for word in words)
    assert "integrate" not in found["seek"]  # the publication's title would be found everywhere


def chosen(key: str = "naud2008_regular_bursting") -> Session:
    session = Session()
    session.choose_preset(key)
    return session


@pytest.mark.parametrize(
    "values",
    [
        {"config.potential_tau": 21.0},
        {"stimulus.0.amplitude": 200.0},
        {"run.duration": 700.0},
        {"config.dt": 0.2},
        {"spread.potential_tau": 1.0},
    ],
    ids=lambda values: next(iter(values)),
)
def test_what_modifies_a_preset(values: dict[str, float]) -> None:
    session = chosen()
    assert not session.modified
    session.set(values)
    assert session.modified
    session.set({path: session.default(path) for path in values})
    assert not session.modified


def test_neither_a_population_nor_its_traces_modify_a_preset() -> None:
    session = chosen()
    session.set({"run.units": 50, "run.shown": 5})
    assert not session.modified


def test_a_state_to_start_from_departs_from_the_preset_s_own() -> None:
    session = chosen()
    assert session.start is None
    session.start_from({"potential": -60.0, "adaptation": 20.0})
    assert session.modified
    assert start_words(session.soma, session.start) == "start: V −60 mV, w 20 pA"
    session.start_from(session.given_start)
    assert session.start is None and not session.modified and start_words(session.soma, session.start) == ""
    other = chosen("textbook_lif_pacemaker")
    assert other.start is None and other.given_start == {"potential": -70.0}
    other.start_from({})
    assert start_words(other.soma, other.start) == "start: at rest"


class Turns:
    """Turns that come at once."""

    def add_next_tick_callback(self, callback: Any) -> None:
        callback()


def test_a_departure_is_told_with_the_pictures_and_when_the_hand_lets_go() -> None:
    session, told = chosen(), []
    departure = Departure(Turns(), session, lambda *found: told.append(found))  # type: ignore[arg-type]
    session.set({"config.potential_tau": 21.0})
    departure.follow(None, False)  # type: ignore[arg-type]
    session.set({"config.potential_tau": 20.0})
    departure.let_go(1)
    assert told == [(True, ""), (False, "")]


class Told(Menu):
    """A menu that a page shows, and what it is told."""

    def __init__(self) -> None:
        super().__init__(first={"label": "Preset"})
        self.said: list[str] = []

    @property
    def is_shown(self) -> bool:
        return True

    def send(self, data: dict[str, Any]) -> None:
        self.said.append(data["head"])


def test_a_menu_is_told_only_what_changes_and_always_answered() -> None:
    menu = Told()
    done: list[str] = []
    menu.show(value="a", modified=False)
    menu.show(value="a", modified=False)
    menu.show(modified=True)
    assert menu.said == ['{"value": "a", "modified": false}', '{"modified": true}']
    menu.on_choose, menu.on_back = done.append, lambda: done.append("back")
    menu.hear({"type": "choose", "value": "a"})  # the same once more
    menu.hear({"type": "back"})
    assert done == ["a", "back"]
    menu.on_choose = lambda value: 1 / 0  # type: ignore[assignment]
    with pytest.raises(ZeroDivisionError):
        menu.hear({"type": "choose", "value": "b"})
    assert menu.said[2:] == ['{"value": "a", "modified": true, "answer": true}'] * 3
