"""Undo: every gesture is one step with its words, 200 deep, exactly."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.keep import link, steps
from app.keep.history import DEEPEST, History
from app.keep.link import BadLink
from app.session.session import Session
from app.session.share import from_dict, of_job, to_dict
from app.sidebar.change import change, title
from spark import stimuli
from spark.presets import presets
from spark.solvers import Heun

TONIC = next(key for key, preset in presets().items() if preset.soma == "AdaptiveExponentialSoma")


def test_changes_are_taken_back_and_done_again() -> None:
    history = History({"n": 0})
    assert not history.record({"n": 0}, "nothing") and history.words == []
    assert history.record({"n": 1}, "one") and history.record({"n": 2}, "two")
    assert history.go(history.at - 1) == {"n": 1} and history.go(0) == {"n": 0} == history.go(-1)
    assert history.go(2) == {"n": 2} == history.go(3) and history.words == ["one", "two"]
    history.go(1)
    assert history.record({"n": 3}, "three") and history.words == ["one", "three"] and history.at == 2


def test_the_oldest_are_let_go() -> None:
    history = History({"n": 0})
    for n in range(1, DEEPEST + 51):
        history.record({"n": n}, str(n))
    assert len(history.words) == history.at == DEEPEST == 200 and history.words[0] == "51"
    assert history.go(0) == {"n": 50}


def kept_of(documents: list[dict[str, Any]]) -> tuple[list[str], dict[str, str]]:
    """What a browser keeps of these."""
    texts, currents = [], dict[str, str]()
    for document in documents:
        text, own = steps.step(document)
        texts.append(text)
        currents |= own
    return texts, currents


def with_current(values: int) -> Session:
    session = Session()
    session.choose_stimulus(stimuli.Array)
    session.set({"stimulus.0.samples": np.arange(values) % 7.0})
    return session


def test_a_current_is_kept_once_whatever_many_changes_have_it() -> None:
    session = with_current(link.KEPT)
    documents = [to_dict(Session())]
    for tau in (11.0, 12.0, 13.0):
        session.set({"config.potential_tau": tau})
        documents.append(to_dict(session))
    texts, currents = kept_of(documents)
    assert len(currents) == 1 and all(len(text) < 1_000 for text in texts)
    assert steps.stepped(texts, currents) == documents
    with pytest.raises(BadLink):
        steps.stepped([texts[0][:-3]], {})
    with pytest.raises(BadLink):
        steps.stepped([link.pack({"state": {"stimulus": [3]}})], {})


def test_a_current_too_long_to_be_kept_says_where_it_is() -> None:
    document = to_dict(with_current(link.KEPT + 1))
    texts, currents = kept_of([document])
    assert not currents
    (named,) = steps.stepped(texts, currents)
    with pytest.raises(ValueError, match=r"a current of 20,001 values.*Ask for the file"):
        link.complete(named)
    assert steps.stepped(kept_of([named])[0], {}) == [named]  # what is a name already is told as it is


def test_values_that_contradict_each_other_come_back_to_whoever_left_them() -> None:
    session = Session()
    session.set({"config.potential_reset": -30.0, "config.threshold": -40.0})
    text = link.write(session, whole=True)
    assert to_dict(link.read(text, whole=True)[0]) == to_dict(session)
    with pytest.raises(BadLink, match="This link cannot be shown"):
        link.read(text)


def test_what_a_stimulus_was_before_a_run_was_shortened_outlives_undo_and_a_file() -> None:
    run, onset, duration = "run.duration", "stimulus.0.onset", "stimulus.0.duration"
    session = Session()
    first = session.get(run), session.get(onset), session.get(duration)
    session.set({run: 2 * first[0]})
    longer, long = session.get(duration), to_dict(session)
    assert longer > first[2]
    for again in (from_dict(long), from_dict(json.loads(json.dumps(long)))):
        assert to_dict(again) == long
        again.set({run: first[0]})
        assert again.get(duration) == first[2]
        assert to_dict(again) == to_dict(Session())  # nothing is left to remember
    session = Session()
    session.set({duration: 100.0})
    session.set({duration: first[0] - first[1]})
    session.set({onset: first[1] + 50.0})
    assert session.get(duration) < first[0] - first[1]
    again = from_dict(to_dict(session))
    again.set({onset: first[1]})
    assert again.get(duration) == first[0] - first[1]


@pytest.mark.parametrize("told", [[{"by_run": [1.0]}], [{"by_run": ["a", 1]}], [{"by_onset": [1e999, 1]}], [7], 3])
def test_a_memory_that_is_none_is_refused(told: Any) -> None:
    with pytest.raises(ValueError):
        from_dict(to_dict(Session()) | {"lasting": told})


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda s: s.set({"config.adaptation_delta": 20.0}), "b {b} → 20 pA"),
        (lambda s: s.set({"stimulus.0.amplitude": -1234.5}), "I {amplitude} → −1234.5 pA"),
        (lambda s: s.set({"run.units": 100}), "neurons 1 → 100"),
        (lambda s: s.set({"spread.threshold": 1.5}), "spread of V_cut 0 → 1.5 mV"),
        (lambda s: s.set({"config.solver": Heun()}), "solver RK4 → Heun"),
        (lambda s: s.set({"config.solver": type(s.config.solver)(on_grid=True)}), "on the grid off → on"),
        (lambda s: s.set({"membrane.capacitance": 250.0}), None),
        (lambda s: s.set({f"config.{name}": 1.0 for name in ("potential_tau", "adaptation_tau", "spike_slope")}), None),
        (lambda s: s.start_from({"potential": -60.0}), "Start state"),
        (lambda s: s.show_capacitance(True), "Shown by C, g_L"),
        (lambda s: s.choose_model("LeakySoma"), "Model: Leaky"),
        (lambda s: s.leave_preset(), "Preset: default values"),
        (lambda s: s.choose_stimulus(stimuli.Ramp), "Stimulus: Step → Ramp"),
        (lambda s: s.add_stimulus(stimuli.Sine), "Added: Sine"),
    ],
)
def test_a_change_has_words_and_its_document_brings_it_back(act: Callable[[Session], None], words: str | None) -> None:
    session = Session()
    session.choose_preset(TONIC)
    b, amplitude = session.get("config.adaptation_delta"), session.get("stimulus.0.amplitude")
    before = to_dict(session)
    act(session)
    after = to_dict(session)
    said = change(before, after)
    assert said == (words.format(b=f"{b:g}", amplitude=f"{amplitude:g}") if words else said) and said
    session.take(from_dict(before))
    assert to_dict(session) == before and change(before, before) == "Other settings"
    session.take(from_dict(after))
    assert to_dict(session) == after


def test_several_values_are_counted_and_a_removed_stimulus_is_said() -> None:
    session = Session()
    session.add_stimulus(stimuli.Sine)
    one = to_dict(session)
    session.remove_stimulus(0)
    assert change(one, to_dict(session)) == "Stimulus: one removed"
    session.choose_stimulus(stimuli.Ramp)
    assert change(one, to_dict(session)) == "Stimulus: 2 of them → Ramp"
    session.choose_preset(TONIC)
    one = to_dict(session)
    session.set({"config.adaptation_delta": 1.0, "config.potential_tau": 5.0, "run.duration": 77.0})
    assert change(one, to_dict(session)) == "3 values"
    assert title(one).endswith(f", {presets()[TONIC].title}")


@pytest.mark.parametrize("key", [None, *presets()])
def test_a_job_tells_the_session_that_runs_it(key: str | None) -> None:
    session = Session()
    if key:
        session.choose_preset(key)
    session.set({"run.units": 5, f"spread.{next(iter(session.fields))}": 0.5})
    job = session.job()
    again = from_dict(of_job(job)).job()
    assert (again.steps, again.units, again.initial) == (job.steps, job.units, job.initial)
    assert again.soma.config.values() == job.soma.config.values()
    assert [part.to_dict() for part in again.stimulus.parts] == [part.to_dict() for part in job.stimulus.parts]
