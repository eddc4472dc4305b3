"""The sentence below the read-outs says what happens, and no word of the page calls it otherwise."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.run.pipeline import Drawn, Pipeline, Request
from app.run.rheobase import rheobase
from app.run.sentence import sentence
from app.session.session import Session
from app.views.atlas.view import Atlas
from app.views.intervals.view import Intervals
from app.views.reset import Reset
from spark.analysis import classify, phase_plane
from spark.presets import presets
from spark.stimuli import OrnsteinUhlenbeck, PoissonSynapses, Sine
from tests.app.side import Noted, session_of

Change = Callable[[Session], None]


def drawn_of(session: Session) -> Drawn:
    """The picture that the page would show."""
    job, preset = session.job(), session.preset
    about = preset.shows if preset else session.soma.shows
    request = Request(
        job,
        1,
        job.window,
        about if session.untouched else "",
        3,
        session.settings.duration,
        (0.0, session.settings.duration),
        800,
        expected=preset.pattern if preset else (),
    )
    return Pipeline(())(request, lambda done: None)


def said(name: str, preset: str = "", change: Change | None = None, **values: Any) -> tuple[str, Drawn]:
    session = session_of(name, preset, **values)
    if change is not None:
        change(session)
    drawn = drawn_of(session)
    return drawn.request.said(rheobase(drawn.recording)), drawn


@pytest.mark.parametrize("key", presets())
def test_an_untouched_preset_is_told_in_its_own_sentence(key: str) -> None:
    preset = presets()[key]
    words, drawn = said(preset.soma, key)
    assert drawn.request.firing.patterns == preset.pattern
    assert words == preset.shows == drawn.request.line["about"]


def test_a_preset_that_does_something_else_is_not() -> None:
    words, _ = said("AdaptiveExponentialSoma", "naud2008_tonic", run__duration=500.0)
    assert words == presets()["naud2008_tonic"].shows  # a shorter run is the same preset
    words, _ = said("AdaptiveExponentialSoma", "naud2008_tonic", run__duration=10.0)
    assert words.startswith("Silent: gets no higher than ")
    words, _ = said("AdaptiveExponentialSoma", "naud2008_tonic", stimulus__0__amplitude=200.0)
    assert words.startswith("Silent: settles at")


def test_silent_says_how_far_from_firing() -> None:
    words, drawn = said("LeakySoma", stimulus__0__amplitude=300.0)
    assert words == "Silent: settles at −58.0 mV, 3.0 mV short of the threshold; rheobase 375 pA."
    assert drawn.request.said(None) == "Silent: settles at −58.0 mV."
    words, _ = said("ExponentialSoma", stimulus__0__amplitude=300.0)
    assert "short of −55.0 mV, where it takes off; rheobase 400 pA." in words
    words, _ = said("LeakySoma", stimulus__0__amplitude=300.0, stimulus__0__duration=5.0)
    assert words.startswith("Silent: gets no higher than −65.4 mV, 10.4 mV short of the threshold")


def test_the_rheobase_is_that_of_the_other_views() -> None:
    session = session_of("AdaptiveExponentialSoma", stimulus__0__amplitude=100.0)
    recording = session.job().run()
    least = phase_plane.rheobase(session.soma, recording.parameters_of())
    assert rheobase(recording) == least and rheobase(recording) is rheobase(session.job().run())
    assert (
        least.current is not None
        and f"rheobase {least.current:.4g} pA" in said("AdaptiveExponentialSoma", stimulus__0__amplitude=100.0)[0]
    )


SAID: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
    "tonic": (("LeakySoma",), {"stimulus__0__amplitude": 600.0}, "Tonic firing at 101 Hz: a spike every 9.81 ms."),
    "adapting": (
        ("AdaptiveExponentialSoma",),
        {"stimulus__0__amplitude": 600.0},
        "Adapting firing at 23.8 Hz: the intervals grow from ",
    ),
    "delayed": (
        ("AdaptiveExponentialSoma", "naud2008_delayed_regular_bursting"),
        {"stimulus__0__amplitude": 100.0},
        "Delayed: the first spike comes after ",
    ),
    "bursting": (
        ("AdaptiveExponentialSoma", "naud2008_regular_bursting"),
        {"stimulus__0__amplitude": 211.0},
        "Bursts of 2 to 3 spikes at ",
    ),
    "initial burst": (
        ("AdaptiveExponentialSoma", "naud2008_initial_burst"),
        {"stimulus__0__amplitude": 401.0},
        "A burst of 3 spikes, then single ones 6",
    ),
    "chaos": (
        ("AdaptiveExponentialSoma", "naud2008_irregular"),
        {"stimulus__0__amplitude": 160.1},
        "Irregular firing at ",
    ),
    "transient": (
        ("AdaptiveExponentialSoma", "naud2008_transient_spiking"),
        {"stimulus__0__amplitude": 182.0},
        "Transient: one spike within ",
    ),
    "rebound": (
        ("AdaptiveExponentialSoma", "destexhe2009_lts"),
        {"stimulus__0__amplitude": -260.0},
        "Rebound: ",
    ),
    "late": (
        ("IzhikevichSoma", "izhikevich2004_i_spike_latency"),
        {"stimulus__0__amplitude": 7.2},
        "Late: one spike ",
    ),
    "by itself": (
        ("LeakySoma",),
        {"config__potential_rest": -54.0, "stimulus__0__amplitude": -100.0},
        "Silent: settles at −58.0 mV, 3.0 mV short of the threshold; rheobase −25 pA. "
        "Before the stimulus it fires by itself, at 40 Hz.",
    ),
    "every step": (("LeakySoma",), {"config__resistance": 1e3}, "Fires in every time step: "),
    "a population": (("LeakySoma",), {"run__units": 3, "stimulus__0__amplitude": 600.0}, "Neuron 1: tonic firing at"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_happens(name: str) -> None:
    given, values, expected = SAID[name]
    words, _ = said(*given, **values)
    assert words.startswith(expected), words
    assert words.endswith(".") and "−−" not in words and "  " not in words


def test_the_rate_of_a_delayed_train_is_that_from_its_first_spike_on() -> None:
    times = 500.0 + 20.0 * np.arange(20)
    run: Any = SimpleNamespace(spike_times=[times], units=1, dt=0.1)
    words = sentence(run, (100.0, 900.0), classify(times, 100.0, 900.0), False, None)
    assert words == "Delayed: the first spike comes after 400 ms; then tonic firing at 50 Hz: a spike every 20 ms."


def test_noise_is_named() -> None:
    for kind in (OrnsteinUhlenbeck, PoissonSynapses):

        def noise(session: Session, kind: Any = kind) -> None:
            session.choose_stimulus(kind)
            if kind is PoissonSynapses:
                session.set({"stimulus.0.excitatory_weight": 200.0})

        words, drawn = said("LeakySoma", change=noise)
        cv = drawn.request.firing.cv
        assert words.startswith("Irregular firing at") and f"CV {cv:.2f}, driven by noise." in words
        found = {label: value for label, value, _ in drawn.request.line["readouts"]}
        assert found["pattern"] == "irregular" and found["CV"] == f"{cv:.2f}"
    words, _ = said("RefractoryAdaptiveExponentialSoma", change=lambda session: session.choose_stimulus(Sine))
    assert "noise" not in words and "steady" not in words


CASES: dict[str, tuple[str, str, Change | None]] = {
    "chattering": ("IzhikevichSoma", "izhikevich2003_ch", None),
    "rebound": ("AdaptiveExponentialSoma", "destexhe2009_lts", None),
    "noise": ("AdaptiveExponentialSoma", "", lambda session: session.choose_stimulus(OrnsteinUhlenbeck)),
    "chaos": ("AdaptiveExponentialSoma", "naud2008_irregular", None),
    "inhibition-induced": ("IzhikevichSoma", "izhikevich2004_s_inhibition_induced_spiking", None),
    "bistable": ("IzhikevichSoma", "izhikevich2004_p_bistability", None),
    "silent": ("IzhikevichSoma", "", lambda session: session.set({"stimulus.0.amplitude": 50.0})),
    "one spike": ("AdaptiveExponentialSoma", "naud2008_transient_spiking", None),
}


@pytest.mark.parametrize("name", CASES)
def test_all_words_of_the_page_agree(name: str) -> None:
    """Strip, intervals, reset map and atlas quote one pattern, and count the same spikes."""
    kind, preset, change = CASES[name]
    session = session_of(kind, preset)
    if change is not None:
        change(session)
    drawn = drawn_of(session)
    firing, found = drawn.request.firing, {a: b for a, b, _ in drawn.request.line["readouts"]}
    assert found["pattern"] == str(firing) and found["spikes"] == str(firing.spikes.size)
    intervals = np.diff(firing.spikes)
    assert found["mean interval"] == (f"{intervals.mean():.1f}" if intervals.size else "–")
    reset = Reset(Noted(session))
    reset.picture(drawn.shot, drawn.request)
    study = reset.study(drawn.shot, drawn.request, True, lambda: False)
    assert study is not None and study.words is not None
    whole = drawn.recording.spike_times[0].size
    quoted = f"The run's {whole} spikes: {firing.words}" if whole > 1 else f"no two spikes ({firing.words})"
    assert quoted in study.words
    said = Intervals(Noted(session)).picture(drawn.shot, drawn.request).words
    assert said is not None
    if intervals.size > 1:
        assert f"{intervals.size} intervals" in said and f"CV {firing.cv:.2f}: {firing}." in said
    others = {"bursting", "irregular", "tonic", "regular"} - {*firing.patterns}
    assert not any(word in said.replace(",", " ").replace(".", " ").split() for word in others)
    atlas = Atlas(Noted(session))
    atlas.picture(drawn.shot, drawn.request)
    full = atlas.study(drawn.shot, drawn.request, True, lambda: False)
    assert full is not None and full.words is not None and f"): {firing.words}, " in full.words


def test_the_reset_map_says_why_it_differs() -> None:
    for name, why in (("rebound", "it fires after the stimulus"), ("noise", "its input is noise")):
        kind, preset, change = CASES[name]
        session = session_of(kind, preset)
        if change is not None:
            change(session)
        drawn, view = drawn_of(session), Reset(Noted(session))
        found = view.study(drawn.shot, drawn.request, True, lambda: False)
        assert found is not None and found.words is not None and why in found.words
