"""Five jobs for which people come, each of them done by mouse, by touch and by keyboard alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from app.session.session import Session
from spark.analysis import classify
from spark.nn.components.somas import AdaptiveExponentialSoma
from spark.presets import presets
from spark.simulation import simulate
from spark.stimuli import OrnsteinUhlenbeck, Step
from tests.browser.hands import Hand, Keyboard
from tests.browser.pointers import TOUCH, Mouse, Touch

AMPLITUDE = "stimulus.0.amplitude"
NAUD = [preset for key, preset in presets().items() if key.startswith("naud2008_")]
HANDS: dict[str, tuple[type[Hand], dict[str, Any]]] = {
    "mouse": (Mouse, {}),
    "tablet": (Touch, {"width": 1024, "height": 768, **TOUCH}),
    "keyboard": (Keyboard, {}),
    "phone": (Touch, {"width": 390, "height": 844, **TOUCH}),
}


def by(first: str, *others: str) -> pytest.MarkDecorator:
    """`make test` does a job by one hand, which is not the same for all of them, `make thorough` by the others."""
    hands = [first, *(pytest.param(name, marks=pytest.mark.thorough) for name in others)]
    return pytest.mark.parametrize("hand", hands, indirect=True)


@pytest.fixture
def hand(request: pytest.FixtureRequest, opened: Callable[..., Any]) -> Hand:
    kind, options = HANDS[request.param]
    return kind(opened(**options))


def choose_adex(hand: Hand) -> None:
    hand.page.picture(lambda: hand.choose("Model", "Adaptive exponential"))
    hand.page.row("config.adaptation_tau").wait_for(state="attached")


@by("mouse", "keyboard", "tablet", "phone")
def test_the_rheobase_of_a_leaky_cell_to_a_picoampere(hand: Hand) -> None:
    """Without the eye on a number: it fires, and a picoampere less it does not."""
    hand.reach("Stimulus")
    for value, fires in ((376, True), (375, False), (376, True)):
        hand.lead(AMPLITUDE, value)
        hand.page.wait("(Number(probe.readouts().spikes) > 0) === a", fires)
        assert hand.page.value(AMPLITUDE) == value


@by("keyboard", "mouse", "tablet")  # a phone's bar has room for the menus alone
def test_the_eight_patterns_beside_the_phase_plane_by_one_press_each(hand: Hand) -> None:
    page = hand.page
    choose_adex(hand)
    hand.view("phase")
    page.wait("probe.data('phase:path', 'x').length > 10")
    before = hand.actions
    for preset in NAUD:
        hand.next_preset()
        session = Session()
        session.choose_preset(preset.id)
        expect(page.page.get_by_role("combobox", name="Preset", exact=True)).to_have_text(preset.title)
        page.spikes_are(session.job().run().spike_times[0].tolist())
        reset = session.get("config.potential_reset")  # each has its own
        page.wait("probe.data('phase:path', 'x').some((x) => Math.abs(x - a) < 1e-3)", reset)
        page.page.get_by_text(preset.shows).first.wait_for()
    assert hand.actions - before == len(NAUD)


PAPER = {
    "membrane.capacitance": "281 pF",
    "membrane.leak_conductance": "30 nS",
    "config.potential_rest": "\u221270.6 mV",
    "config.rheobase_threshold": "\u221250.4 mV",
    "config.spike_slope": "2 mV",
    "config.adaptation_tau": "144 ms",
    "config.adaptation_subthreshold": "4 nS",
    "config.adaptation_delta": "0.0805 nA",
    "stimulus.0.amplitude": "1 nA",
}
"""Of Brette and Gerstner (2005), as printed, and a current."""


@by("keyboard", "mouse", "tablet", "phone")
def test_the_adex_of_the_paper_as_printed(hand: Hand) -> None:
    page = hand.page
    choose_adex(hand)
    hand.reach("Values")
    page.picture(lambda: hand.press(page.page.locator("button.turn")))
    for key, text in PAPER.items():
        hand.reach("Stimulus" if key == AMPLITUDE else "Values")
        hand.type(key, text)
    soma = AdaptiveExponentialSoma(
        potential_tau=281 / 30,
        resistance=1 / 30,
        potential_rest=-70.6,
        rheobase_threshold=-50.4,
        spike_slope=2.0,
        adaptation_tau=144.0,
        adaptation_subthreshold=4.0,
        adaptation_delta=80.5,
    )
    stimulus = Step(amplitude=1000.0, onset=100.0, duration=800.0)
    page.spikes_are(simulate(soma, stimulus, duration=1000.0).spike_times[0].tolist())


@by("tablet", "keyboard", "mouse", "phone")
def test_adex_and_leaky_on_one_stimulus(hand: Hand) -> None:
    page, leaky, adex = hand.page, Session(), Session()
    adex.choose_model("AdaptiveExponentialSoma")
    hand.view("compare")
    page.data_is("compare:live", leaky.job().run().spike_times[0], "x", rel=0, abs=1e-3)
    hand.pin()
    page.wait("probe.data('ghosts:row', 'x').length > 0")
    choose_adex(hand)
    page.spikes_are(adex.job().run().spike_times[0].tolist())
    page.data_is("ghosts:row", leaky.job().run().spike_times[0], "x", rel=0, abs=1e-3)
    assert leaky.job().stimulus.values() == adex.job().stimulus.values()
    pattern = classify(adex.job().run().spike_times[0], *adex.job().window).words
    said = f"Pinned: tonic. Live: {pattern}. Whole run: coincidence factor Γ = "
    expect(page.page.locator(".why p")).to_contain_text(said)


def fires_within(times: np.ndarray, start: float, end: float) -> bool:
    return bool(np.any((times >= start) & (times <= end)))


@by("phone", "mouse", "keyboard", "tablet")
def test_a_sorted_population_of_noisy_neurons_in_five_actions(hand: Hand) -> None:
    page, session = hand.page, Session()
    hand.reach("Stimulus")
    page.picture(lambda: hand.choose("Stimulus", "Noise (Ornstein-Uhlenbeck)"))
    hand.reach("Population")
    page.picture(lambda: hand.type("run.units", "100"))
    page.picture(lambda: hand.type("spread.threshold", "2"))
    assert hand.actions <= 5
    session.choose_stimulus(OrnsteinUhlenbeck)
    session.set({"run.units": 100, "spread.threshold": 2.0})
    run = session.job().run()
    page.spikes_are(run.spike_times[0].tolist())
    page.wait("probe.plot('strokes').left[0].axis_label === 'neuron, by θ'")
    page.js("probe.figure().x_range.setv({start: 100, end: 300})")  # few enough to be drawn as strokes
    order = [unit for unit in np.argsort(run.parameters["threshold"]) if fires_within(run.spike_times[unit], 100, 300)]
    assert len(order) > 50

    def sorted_from_below() -> None:
        low, unit = page.data("strokes", "low"), page.data("strokes", "unit")
        found = {round(y + 0.42): int(number) - 1 for y, number in zip(low, unit, strict=True)}
        assert [found[row] for row in sorted(found)] == order

    page.soon(sorted_from_below)
