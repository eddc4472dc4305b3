"""The rows under the hand: how long their tracks are, how exact a hand can be, and what is refused."""

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect

from app.sidebar.ranges import TRAVEL
from spark.nn.components.somas import catalogue
from spark.presets import presets
from tests.browser.explorer import Explorer
from tests.browser.pointers import thumb

AMPLITUDE = "stimulus.0.amplitude"
CHOSEN = ("Regular bursting", "Tonic spiking (A)", "Rebound burst (N)")
"""Presets of three scales: hundreds of pA, some ten, and below zero."""


def drag(page: Explorer, key: str, by: float, shift: bool = False) -> tuple[float, float]:
    """Take the thumb and move it by so many pixels; the values before, and while the button is still down."""
    box, before = page.steady_box(key), page.value(key)
    mouse, x, y = page.page.mouse, box["x"] + thumb(page, key), box["y"] + box["height"] / 2
    if shift:
        page.page.keyboard.down("Shift")
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + by, y, steps=5)
    return before, page.value(key)


def let_go(page: Explorer, shift: bool = False) -> None:
    page.page.mouse.up()
    if shift:
        page.page.keyboard.up("Shift")


def tracks(page: Explorer) -> list[dict[str, Any]]:
    """Every slider that is shown: its length, and what a pixel and a key make of the value in its middle."""
    return page.page.locator(".row:has(input[type=range])").evaluate_all(
        """(rows) => rows.map((row) => {
          const range = row.querySelector("input[type=range]")
          const half = parseFloat(getComputedStyle(range).getPropertyValue("--half"))
          const width = row.querySelector(".way").getBoundingClientRect().width
          const travel = range.getBoundingClientRect().width - 2 * half
          const value = () => Number(row.querySelector(".box").value.replace("\u2212", "-"))
          const at = (place) => {
            range.value = place
            range.dispatchEvent(new Event("input"))
            return value()
          }
          const before = at(500), after = at(500 + 1000 / travel)
          range.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true, cancelable: true}))
          const key = value() - after
          row.querySelector(".reset").click()
          return {key: row.dataset.key, width, travel, pixel: after - before, step: key, value: after}
        })"""
    )


def assert_long(page: Explorer, title: str) -> None:
    """The tracks of what is shown are long, and a pixel of each is worth three keys at most."""
    page.row(AMPLITUDE).wait_for()
    found = tracks(page)
    assert len(found) > 6
    for track in found:
        digits = 1e-3 * abs(track["value"])  # of what is shown
        assert track["width"] >= 220 and track["travel"] >= TRAVEL, (title, track)
        assert track["step"] > 0 and track["pixel"] <= 3 * track["step"] + digits, (title, track)


def test_tracks_are_long_and_a_pixel_is_at_most_three_keys(page: Explorer) -> None:
    for title in CHOSEN:
        page.choose_preset(title)
        page.soon(partial(assert_long, page, title))  # rows come with a message of their own
        page.assert_unchanged()
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    page.wait("probe.row(a)?.classList.contains('foreseen')", AMPLITUDE)  # its key takes room as well
    page.wait("document.documentElement.scrollHeight <= innerHeight")
    for key in ("stimulus.0.duration", "stimulus.0.until_end"):
        box = page.row(key).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 768, key
        assert page.js(
            "((e) => { const {left, bottom} = e.getBoundingClientRect(); let at = document\n"
            ".elementFromPoint(left + 4, bottom - 4); while (at?.shadowRoot) at = at.shadowRoot\n"
            ".elementFromPoint(left + 4, bottom - 4); return at != null && e.contains(at) })(probe.row(a))",
            key,
        )
    narrow = {track["key"]: track["travel"] for track in tracks(page)}
    page.page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait("innerWidth === 1920")
    page.soon(lambda: assert_longer(page, narrow))


def assert_longer(page: Explorer, before: dict[str, float]) -> None:
    assert all(track["travel"] > before[track["key"]] + 20 for track in tracks(page))


@pytest.mark.thorough
@pytest.mark.parametrize("model", sorted({preset.soma for preset in presets().values()}))
def test_tracks_of_every_preset(page: Explorer, model: str) -> None:
    if model != "LeakySoma":  # with which the page opens
        fields = list(catalogue()[model].config_class.quantities())
        page.choose_model(catalogue()[model].title, next(f"config.{field}" for field in fields if field != "dt"))
    own = [preset for preset in presets().values() if preset.soma == model]
    for i, preset in enumerate(own):
        nth = [other.title for other in own[:i]].count(preset.title)  # of two sources
        page.picture(partial(page._choose, "Preset", preset.title, nth))
        page.wait("probe.figure().x_range.end === a", preset.duration)
        page.soon(partial(assert_long, page, preset.id))  # rows come with a message of their own


def test_a_wider_sidebar_has_longer_tracks(page: Explorer) -> None:
    page.row(AMPLITUDE).wait_for()
    before = {track["key"]: track["width"] for track in tracks(page)}
    page.page.locator(".rows").first.evaluate("(rows) => { rows.style.width = '520px' }")
    found = next(track for track in tracks(page) if track["key"] == "config.threshold")
    assert found["width"] == pytest.approx(before["config.threshold"] + 520 - 416, abs=1)


def test_shift_moves_the_thumb_a_tenth_as_fast(page: Explorer) -> None:
    before, far = drag(page, AMPLITUDE, 60)
    let_go(page)
    page.picture(lambda: page.reset(AMPLITUDE))
    page.wait("probe.row(a).classList.contains('changed') === false", AMPLITUDE)
    again, near = drag(page, AMPLITUDE, 60, shift=True)
    expect(page.row(AMPLITUDE)).to_have_class(re.compile(r"\bfine\b"))
    let_go(page, shift=True)
    assert again == before == 500
    assert near - again == pytest.approx((far - before) / 10, abs=0.5)
    expect(page.row(AMPLITUDE)).not_to_have_class(re.compile(r"\bfine\b"))
    assert page.value(AMPLITUDE) == near


def test_a_key_after_a_fine_one_leads_to_whole_steps_again(page: Explorer) -> None:
    slider = page.slider(AMPLITUDE)
    page.picture(lambda: slider.press("Alt+ArrowRight"))
    assert page.box(AMPLITUDE).input_value() == "500.2"
    page.picture(lambda: slider.press("ArrowRight"))
    assert page.box(AMPLITUDE).input_value() == "502"


GAPS = """(() => {
    window.gaps = []
    const top = (key) => probe.row(key).getBoundingClientRect().top
    const look = () => {
        const own = probe.row("config.adaptation_tau")
        if (own) gaps.push([own.matches(".foreseen"), top("stimulus.0.amplitude") - top("config.adaptation_tau")])
        requestAnimationFrame(look)
    }
    look()
})()"""
"""With every frame whether there is foresight, and how far the stimulus stands below the model."""


def test_foresight_moves_no_slider_away_from_the_hand(page: Explorer) -> None:
    page.js(GAPS)
    page.choose_model("Adaptive exponential", "config.adaptation_tau")  # of whose rows nothing is known yet
    page.wait("gaps.at(-1)[0]")
    gaps = page.js("gaps")
    assert not gaps[0][0]
    assert len({gap for _, gap in gaps}) == 1


SAID = """(() => {
    const say = spark.say
    window.finals = []
    spark.say = (to, said) => { if (said.final) { finals.push(said.values) }; say(to, said) }
})()"""


def test_a_hand_that_lets_go_says_so_once(page: Explorer) -> None:
    box, end = page.steady_box(AMPLITUDE), "probe.plot('current').y_range.end"
    before, at = page.js(end), box["x"] + thumb(page, AMPLITUDE)
    page.js(SAID)
    page.picture(lambda: drag(page, AMPLITUDE, 60))
    page.wait(f"{end} > a", before)
    page.picture(lambda: page.page.mouse.move(at, box["y"] + 10))
    page.value_is(AMPLITUDE, 500)
    assert page.js("finals") == []
    let_go(page)
    page.wait(f"{end} === a", before)  # a hand that is back where it began lets go as well
    assert page.js("finals") == [{AMPLITUDE: 500}]
    page.picture(lambda: page.slider(AMPLITUDE).press("ArrowRight"))
    page.wait("finals.length === 2")
    mouse, y = page.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + 20, y)
    page.picture(lambda: mouse.wheel(0, -100))
    page.wait("finals.length === 3")
    page.page.keyboard.press("Tab")
    assert page.js("finals") == [{AMPLITUDE: value} for value in (500, 502, 504)]


def test_a_wheel_moves_the_row_that_has_the_focus_and_scrolls_otherwise(page: Explorer) -> None:
    box = page.steady_box(AMPLITUDE)
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.js("addEventListener('wheel', () => { window.turns = (window.turns ?? 0) + 1 }, true)")
    page.page.mouse.wheel(0, -100)
    page.wait("window.turns === 1")  # one that comes late would be the next row's
    page.slider("config.threshold").focus()
    page.page.mouse.wheel(0, -100)
    page.wait("window.turns === 2")
    assert page.value(AMPLITUDE) == 500
    page.slider(AMPLITUDE).focus()
    page.picture(lambda: page.page.mouse.wheel(0, -100))
    page.wait("probe.row(a).querySelector('.box').value === '502'", AMPLITUDE)
    page.picture(lambda: page.page.mouse.wheel(0, 100))
    page.wait("probe.row(a).querySelector('.box').value === '500'", AMPLITUDE)


def test_what_is_refused_leaves_the_thumb_where_the_run_is(page: Explorer) -> None:
    key = "config.potential_tau"
    page.picture(lambda: page.type(key, "13"))
    thumb = "((e) => [e.value, e.getAttribute('aria-valuetext')])(probe.row(a).querySelector('input'))"
    before = page.js(thumb, key)
    page.type(key, "-5")
    page.wait("probe.rowError(a) !== ''", key)
    assert page.js(thumb, key) == before and before[1] == "13 ms"
    assert page.box(key).input_value() == "-5"
    page.box(key).press("Escape")
    assert page.value(key) == 13


def test_a_reset_gives_a_slider_its_own_range_again(page: Explorer) -> None:
    place = "Number(probe.row(a).querySelector('input').value)"
    page.row(AMPLITUDE).wait_for()
    before = page.js(place, AMPLITUDE)
    page.picture(lambda: page.type(AMPLITUDE, "5000"))
    assert page.js(place, AMPLITUDE) == pytest.approx(1000)
    page.picture(lambda: page.type(AMPLITUDE, "500"))
    assert page.js(place, AMPLITUDE) < before / 3  # it stays wide
    page.picture(lambda: page.type(AMPLITUDE, "600"))
    page.picture(lambda: page.reset(AMPLITUDE))
    page.wait(f"{place} === {before}", AMPLITUDE)
    page.picture(lambda: page.type(AMPLITUDE, "5000"))
    page.type(AMPLITUDE, "much")  # cannot be read: nothing is set, and the value keeps the range that it needs
    page.wait("probe.rowError(a) !== ''", AMPLITUDE)
    page.box(AMPLITUDE).press("Escape")
    page.picture(lambda: page.slider(AMPLITUDE).press("ArrowDown"))
    assert 4900 < page.value(AMPLITUDE) < 5000
    page.picture(lambda: page.row(AMPLITUDE).locator(".label").dblclick())
    page.wait(f"{place} === {before}", AMPLITUDE)


def test_a_stimulus_lasts_until_the_end(page: Explorer) -> None:
    duration, onset = "stimulus.0.duration", "stimulus.0.onset"
    box = page.row("stimulus.0.until_end").locator("input")
    page.picture(box.check)
    page.value_is(duration, 900)
    page.tab("Simulation")
    page.row("run.duration").wait_for()
    page.picture(lambda: page.type("run.duration", "2000"))
    page.tab("Stimulus")
    page.value_is(duration, 1900)
    page.slider(onset).press("End")  # its slider ends where the run does
    page.value_is(onset, 2000)
    expect(box).to_be_checked()
    page.picture(lambda: page.type(onset, "100"))
    page.picture(lambda: page.type(duration, "1800"))
    expect(box).not_to_be_checked()


def test_tips_stand_beside_the_rows_and_leave(page: Explorer) -> None:
    page.wait("probe.row(a)?.classList.contains('foreseen')", AMPLITUDE)
    tip = page.page.locator(".tip:popover-open")
    page.js("addEventListener('keydown', (event) => { window.taken = event.defaultPrevented })")
    for leave in ("Escape", "move"):
        page.row("config.threshold").locator(".label").hover()
        expect(tip).to_contain_text("Firing threshold.")
        over, row = tip.bounding_box(), page.row("config.threshold").bounding_box()
        assert over is not None and row is not None and over["x"] >= row["x"] + row["width"]
        if leave == "Escape":
            page.page.keyboard.press("Escape")
            assert page.js("taken")  # nothing else is left by it
            page.page.keyboard.press("Escape")
            assert not page.js("taken")
        else:
            page.slider("config.threshold").press("ArrowRight")
        expect(tip).to_have_count(0)
        page.page.mouse.move(900, 500)
    # and the marks of a strip
    page.wait("probe.row(a).querySelector('.fires') && !probe.row(a).querySelector('.hint').matches('.old')", AMPLITUDE)
    y, row = page.steady_box(AMPLITUDE)["y"] + 10, page.row(AMPLITUDE).bounding_box()
    marks = {
        ".fires": ("Rheobase mark", "Firing begins or ends at about 37"),
        ".usual": ("Default mark", "Default: 500 pA."),
        ".hint": ("Hint ▲▼", "One step up"),
    }
    for mark, texts in marks.items():
        box = page.row(AMPLITUDE).locator(mark).first.bounding_box()
        assert box is not None and row is not None
        page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8 if mark == ".hint" else y)
        for text in texts:  # of the glossary, and of this row
            expect(tip).to_contain_text(text)
        over = tip.bounding_box()
        assert over is not None and over["x"] >= row["x"] + row["width"]
