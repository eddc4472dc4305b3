"""The mystery neuron in the page: made, opened, measured, found; and that nothing tells what is hidden."""

import re
import struct
from typing import Any

import pytest
from playwright.sync_api import Locator, WebSocket, expect

from app.mystery.puzzle import Puzzle, make
from app.mystery.response import Experiment, measure
from app.mystery.seal import Contents, seal
from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer
from tests.browser.test_accessibility import violations

AMPLITUDE = "stimulus.0.amplitude"


def puzzle(level: int, seed: int = 5, **more: Any) -> tuple[Puzzle, str]:
    """A mystery, and the query of its link."""
    contents = Contents(level, seed, **more)
    return make(contents), f"?mystery={seal(contents)}"


def panel(page: Explorer) -> Locator:
    return page.page.get_by_role("region", name="Mystery neuron")


def button(page: Explorer, name: str) -> Locator:
    return panel(page).get_by_role("button", name=name, exact=True)


def measure_now(page: Explorer) -> None:
    button(page, "Measure").click()
    expect(button(page, "Measured")).to_be_disabled()


def row_of_spikes(page: Explorer) -> list[float]:
    return page.data("measured:row", "x")


def test_the_true_values_solve_it(opened: Opener) -> None:
    hidden, query = puzzle(1)
    page = opened(link=query)
    expect(panel(page).locator("h3")).to_have_text("Level 1: Leaky, two unknowns")
    expect(page.box("config.threshold")).to_be_disabled()
    expect(page.box("config.resistance")).to_be_enabled()
    measure_now(page)
    expect(panel(page).locator(".near")).to_contain_text("your run has")
    expect(panel(page).locator(".near")).not_to_contain_text("Γ = 1.00")
    expect(panel(page).locator(".mark.known")).to_have_count(2)
    spikes = measure(hidden, Experiment.of(hidden.begin().job())).spikes
    assert row_of_spikes(page) == pytest.approx(list(spikes), abs=1e-3)
    for name, value in hidden.hidden.items():
        page.picture(lambda name=name, value=value: page.type(f"config.{name}", f"{value:.6f}"))  # type: ignore[misc]
    expect(panel(page).locator(".near")).to_contain_text("Γ = 1.00")
    button(page, "Hand in").click()
    expect(panel(page).locator(".score h3")).to_have_text("Score: 100 %")
    expect(panel(page).locator(".score td").filter(has_text=re.compile("^within 2 %$"))).to_have_count(2)
    expect(panel(page)).to_contain_text("2 times left")


def test_a_budget_ends_and_a_reload_gives_nothing_back(opened: Opener) -> None:
    _, query = puzzle(1, seed=6, budget=1)
    page = opened(link=query)
    measure_now(page)
    expect(panel(page)).to_contain_text("1 of 1 experiments used")
    page.picture(lambda: page.type(AMPLITUDE, "300"))
    expect(button(page, "Measure")).to_be_disabled()
    expect(panel(page).locator(".near")).to_contain_text("All experiments are used")
    assert row_of_spikes(page) == []
    page.page.wait_for_timeout(1000)  # the address holds the amplitude when the hand rests
    page.page.reload()
    page.wait_until_open()
    page.value_is(AMPLITUDE, 300)
    expect(panel(page)).to_contain_text("1 of 1 experiments used")
    page.picture(lambda: page.type(AMPLITUDE, "450"))
    expect(panel(page).locator(".near")).to_contain_text("Γ =")  # what was paid for is shown again
    assert row_of_spikes(page)


def test_what_a_weak_stimulus_cannot_tell_is_said(opened: Opener) -> None:
    _, query = puzzle(2)
    page = opened(link=query)
    page.picture(lambda: page.type(AMPLITUDE, "-300"))
    measure_now(page)
    expect(panel(page).locator(".mark.known")).to_have_count(2)
    expect(panel(page).locator(".untold li")).to_have_text("tref cannot be told from these stimuli.")
    button(page, "Hand in").click()
    expect(panel(page).locator(".score")).to_contain_text("not counted")


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.thorough)])
def test_a_teacher_makes_a_link_and_it_opens(opened: Opener, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.page.keyboard.press("m")
    panel(page).get_by_label("Level").select_option(label="3: Adaptive leaky, four unknowns")
    expect(panel(page)).to_contain_text("Hidden: membrane time constant, membrane resistance, threshold time constant")
    panel(page).get_by_label("Seed").fill("17")
    panel(page).get_by_label("Experiments").fill("-2")
    button(page, "Make the link").click()
    expect(panel(page).get_by_role("status")).to_contain_text("Experiments:")
    panel(page).get_by_label("Experiments").fill("9")
    button(page, "Make the link").click()
    link = panel(page).get_by_label("Link to the mystery")
    expect(link).to_have_value(re.compile(re.escape(seal(Contents(3, 17, 0.0, 9))) + "$"))
    assert violations(page) == [], "the form"
    page.picture(button(page, "Open it here").click)
    expect(panel(page).locator("h3")).to_have_text("Level 3: Adaptive leaky, four unknowns")
    page.row("config.threshold_tau").wait_for()
    assert "mystery=" in page.page.url
    measure_now(page)
    button(page, "Hand in").click()
    expect(panel(page).locator(".score h3")).to_be_visible()
    assert violations(page) == [], "a mystery with its score"
    page.page.keyboard.press("m")
    expect(panel(page)).to_be_hidden()
    expect(page.box("config.threshold")).to_be_enabled()
    assert "mystery=" not in page.page.url
    assert row_of_spikes(page) == []
    page.page.keyboard.press("m")  # which opens it again
    expect(panel(page)).to_contain_text("1 of 9 experiments used")


def test_known_values_that_were_changed_are_put_back(opened: Opener) -> None:
    hidden, query = puzzle(2)
    page = opened(link=query)
    page.picture(lambda: page.type("config.resistance", "0.05"))
    page.choose_model("Leaky", "config.threshold")
    expect(button(page, "Put them back")).to_be_visible()
    button(page, "Hand in").click()
    expect(panel(page).get_by_role("alert")).to_contain_text("of another model")
    page.picture(button(page, "Put them back").click)
    page.row("config.cooldown").wait_for()
    expect(button(page, "Put them back")).to_be_hidden()
    page.value_is("config.cooldown", hidden.guess["cooldown"])


def test_a_link_that_was_changed_is_refused(opened: Opener) -> None:
    _, query = puzzle(1)
    page = opened(link=query[:-3] + ("AAA" if query[-3:] != "AAA" else "BBB"))
    expect(page.page.get_by_text("This mystery cannot be opened here")).to_be_visible()
    expect(button(page, "Make the link")).to_be_visible()
    assert "mystery=" not in page.page.url


def test_lessons_and_a_mystery_take_one_place(opened: Opener) -> None:
    page = opened(link=puzzle(1)[1])
    expect(panel(page)).to_be_visible()
    page.page.keyboard.press("c")
    lessons = page.page.get_by_role("region", name="Lessons")
    expect(lessons).to_be_visible()
    expect(panel(page)).to_be_hidden()
    expect(page.box("config.threshold")).to_be_enabled()
    page.page.keyboard.press("m")
    expect(panel(page).locator("h3")).to_have_text("Level 1: Leaky, two unknowns")
    expect(lessons).to_be_hidden()
    expect(page.box("config.threshold")).to_be_disabled()


@pytest.mark.parametrize("size", [(390, 844), (768, 1024), (1024, 768), (1366, 768)])
def test_the_panel_stands_beside_the_plots_at_any_width(opened: Opener, size: tuple[int, int]) -> None:
    width, height = size
    page = opened(width, height, link=puzzle(4)[1])
    expect(button(page, "Measure")).to_be_visible()
    measure_now(page)
    button(page, "Hand in").click()
    expect(panel(page).locator(".score h3")).to_be_visible()
    assert page.js("((body) => body.scrollWidth <= body.clientWidth)(probe.deep('section[aria-label^=Mystery] .body'))")
    if width < 700:
        expect(page.page.get_by_role("button", name="Mystery", exact=True).first).to_be_visible()


def forms(value: float) -> list[bytes]:
    """What a value may look like on a wire: in four digits as text, and as numbers of both sizes."""
    return [f"{abs(value):.4g}".encode(), struct.pack("<f", value), struct.pack("<d", value), struct.pack(">d", value)]


def told(frames: list[bytes], hidden: Puzzle) -> list[str]:
    """The hidden values that any frame holds."""
    return [
        name for name, value in hidden.hidden.items() if any(form in frame for form in forms(value) for frame in frames)
    ]


def test_no_message_and_no_address_tells_a_hidden_value(opened: Opener) -> None:
    hidden, query = puzzle(6, seed=5, noise=0.3)
    assert all(len(forms(value)[0].replace(b".", b"").lstrip(b"0")) == 4 for value in hidden.hidden.values())
    page = opened()
    frames: list[bytes] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: frames.append(data if isinstance(data, bytes) else data.encode()))

    page.page.on("websocket", follow)
    page.page.goto(page.page.url.split("?")[0].split("#")[0] + query)
    page.wait_until_open()
    expect(button(page, "Measure")).to_be_enabled()
    for amplitude in ("610", "-200", "900"):
        page.picture(lambda text=amplitude: page.type(AMPLITUDE, text))  # type: ignore[misc]
        measure_now(page)
    expect(panel(page).locator(".mark.known").first).to_be_visible()
    button(page, "Hand in").click()
    expect(panel(page).locator(".score h3")).to_be_visible()
    document = page.page.content() + page.page.url + panel(page).inner_html()
    assert len(frames) > 10
    assert told([*frames, document.encode()], hidden) == []
    # The search finds what is there: a value that the student types comes back with the address and the rows.
    page.picture(lambda: page.type("config.resistance", f"{hidden.hidden['resistance']:.4g}"))
    page.wait("location.hash.length > 1")
    page.page.reload()
    page.wait_until_open()
    page.soon(lambda: _found(frames, hidden))


def _found(frames: list[bytes], hidden: Puzzle) -> None:
    assert told(frames, hidden) == ["resistance"]
