"""The strips and hints beside the sliders, in the page."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from app.session.session import Session
from app.sidebar.row_specs import model_rows, stimulus_rows
from spark.nn.components.somas import catalogue
from tests.browser.explorer import EACH_MODEL, Explorer

AMPLITUDE = "stimulus.0.amplitude"
STRIP = """((e) => { const c = e.querySelector("canvas"); const box = c.getBoundingClientRect()
  const range = e.querySelector("input[type=range]")
  return {shown: getComputedStyle(e.querySelector(".strip-of")).display !== "none" && box.width > 50,
    pixels: Array.from(c.getContext("2d").getImageData(0, 0, c.width, 1).data),
    fires: [...e.querySelectorAll(".fires")].map((m) => parseFloat(m.style.left) / 100),
    usual: parseFloat(e.querySelector(".usual").style.left) / 100,
    at: Number(range.value) / 1000, left: box.left, width: box.width, hint: e.querySelector(".hint").textContent,
    none: e.querySelector(".hint").classList.contains("none"),
    said: range.getAttribute("aria-describedby").split(" ").map(
      (id) => e.querySelector("#" + CSS.escape(id)).textContent).join(" ")}
})(probe.row(a))"""

TO_THE_END = "probe.row(a).querySelector('canvas').getContext('2d').getImageData(511, 0, 1, 1).data[3] === 255"


def strip(page: Explorer, key: str) -> dict[str, Any]:
    found: dict[str, Any] = page.js(STRIP, key)
    found["pixels"] = np.array(found["pixels"]).reshape(-1, 4)
    return found


def wait(page: Explorer, key: str = AMPLITUDE) -> None:
    """Until this row's foresight is there, and true."""
    page.wait(
        "probe.row(a)?.classList.contains('foreseen') && !probe.row(a).querySelector('.hint').matches('.old')", key
    )


def assert_would_fire(page: Explorer) -> None:
    """Somewhere along the slider of the current."""
    assert strip(page, AMPLITUDE)["fires"]


def values_of(key: str, session: Session) -> Any:
    """The slider's position to its value."""
    row = next(row for row in [*model_rows(session), *stimulus_rows(session)] if row["key"] == key)
    low, high = row["min"], row["max"]
    return lambda p: low * (high / low) ** p if row["log"] else low + p * (high - low)


def fires(session: Session, key: str, value: float) -> bool:
    """Whether a real run does."""
    before = session.get(key)
    session.set({key: value})
    times, (start, end) = session.job().run().spike_times[0], session.job().window
    session.set({key: before})
    return bool(np.any((times >= start) & (times <= end)))


@EACH_MODEL
def test_every_soma(page: Explorer, names: list[str]) -> None:
    kinds = [catalogue()[name] for name in names]
    for kind in [*kinds[1:], kinds[0]]:
        session = Session()
        session.choose_model(kind.__name__)
        last = f"config.{list(session.fields)[-1]}"
        page.choose_model(kind.title, last)
        wait(page, last)
        wait(page)
        keys = [f"config.{name}" for name in session.fields]
        keys += [f"stimulus.0.{name}" for name in ("amplitude", "onset", "duration")]
        assert set(page.keys()) >= set(keys)
        for key in keys:
            wait(page, key)
            found = strip(page, key)
            assert found["shown"] and (found["pixels"][:, 3] == 255).all(), (kind.title, key)
            assert found["hint"] and "tep" in found["said"], (kind.title, key)
            assert abs(found["usual"] - found["at"]) < 2e-3  # the default value is where the thumb is
        for key in keys:
            found, value = strip(page, key), values_of(key, session)
            for tick in found["fires"][:1]:
                place = round(tick * 512)
                left, right = (found["pixels"][min(max(k, 0), 511)] for k in (place - 8, place + 8))
                assert (left != right).any(), (kind.title, key)  # the colours change there
                near = 0.5 / 47
                ends = [fires(session, key, float(value(min(max(p, 0.0), 1.0)))) for p in (tick - near, tick + near)]
                assert ends[0] != ends[1], (kind.title, key, tick)
        page.soon(partial(assert_would_fire, page))


def test_hints_follow_the_slider_and_are_grey_when_nothing_fires(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", "config.adaptation_delta")
    wait(page, "config.adaptation_delta")

    def steady() -> None:
        found = strip(page, "config.adaptation_delta")
        assert found["hint"].startswith("▼") and not found["none"] and "−" in found["said"]

    page.soon(steady)
    page.picture(lambda: page.type(AMPLITUDE, "50"))
    page.wait("probe.row('config.adaptation_delta').querySelector('.hint').classList.contains('none')")
    wait(page, "config.adaptation_delta")

    def silent() -> None:
        found = strip(page, "config.adaptation_delta")
        assert found["hint"] == "–" and "no effect here" in found["said"] and "Silent throughout" in found["said"]

    page.soon(silent)
    page.soon(partial(assert_would_fire, page))
    page.row("config.adaptation_delta").locator(".hint").hover()
    expect(page.page.locator(".tip:popover-open")).to_contain_text("no effect here")


def test_a_strip_lies_under_its_slider_also_when_that_is_widened(page: Explorer) -> None:
    wait(page)
    typed = """((e, box) => { box.value = "5000"; box.dispatchEvent(new Event("change"))
      const drawn = e.querySelector("canvas").getContext("2d")
      return [50, 400].map((x) => drawn.getImageData(x, 0, 1, 1).data[3])
    })(probe.row(a), probe.row(a).querySelector(".box"))"""
    assert page.js(typed, AMPLITUDE) == [255, 0]  # what is known now ends in a fifth of the wider slider
    # Then it is told anew, to the end of the slider.
    page.wait(TO_THE_END, AMPLITUDE)

    def wider() -> None:
        found = strip(page, AMPLITUDE)
        assert (found["pixels"][:, 3] == 255).all()
        assert -200 + 5200 * found["fires"][0] == pytest.approx(375, abs=10)
        slider = page.slider(AMPLITUDE).bounding_box()
        assert slider is not None
        assert found["left"] == pytest.approx(slider["x"] + 7, abs=1)
        assert found["width"] == pytest.approx(slider["width"] - 14, abs=1)

    page.soon(wider)
    page.type("config.potential_tau", "500")  # a logarithmic one
    page.wait(TO_THE_END, "config.potential_tau")

    def logarithmic() -> None:
        found = strip(page, "config.potential_tau")
        assert (found["pixels"][:, 3] == 255).all() and found["at"] == pytest.approx(1, abs=1e-3)
        assert found["usual"] == pytest.approx(np.log(10) / np.log(500), abs=1e-3)

    page.soon(logarithmic)


def test_what_is_moved_keeps_its_strip_and_the_others_are_in_doubt(page: Explorer) -> None:
    wait(page)
    box = page.steady_box(AMPLITUDE)
    mouse, middle = page.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.7, middle, steps=4)
    old = "probe.row(a).querySelector('.strip-of').matches('.old')"
    page.wait(old, "config.threshold")
    assert not page.js(old, AMPLITUDE)
    mouse.up()
    page.wait(f"!{old}", "config.threshold")


def test_it_can_be_switched_off(page: Explorer) -> None:
    wait(page)
    hint, canvas = page.row(AMPLITUDE).locator(".hint"), page.row(AMPLITUDE).locator("canvas")
    expect(hint).to_be_visible()
    expect(page.page.locator(".key i")).to_have_count(7)
    page.page.get_by_label("Foresight").click()
    expect(hint).to_be_hidden()
    expect(canvas).to_be_hidden()
    page.picture(lambda: page.type(AMPLITUDE, "700"))
    page.page.wait_for_timeout(1500)
    assert page.page.locator(".row.foreseen").count() == 0
    page.page.get_by_label("Foresight").click()
    wait(page)
    expect(canvas).to_be_visible()


def test_other_colours_in_the_dark(page: Explorer) -> None:
    wait(page)
    pixels = "probe.row(a[0]).querySelector('canvas').getContext('2d').getImageData(0, 0, 512, 1).data"
    light = page.js(f"{pixels}.join()", [AMPLITUDE])
    page.button("Toggle theme").click()
    page.wait(f"{pixels}.join() !== a[1]", [AMPLITUDE, light])


@pytest.mark.parametrize("touch", [pytest.param(False, marks=pytest.mark.thorough), True])
def test_nothing_overlaps(opened, touch: bool) -> None:
    page = opened(1366, 768, has_touch=touch)
    for kind in sorted(catalogue().values(), key=lambda kind: -len(kind.config_class.fields()))[:2]:
        session = Session()
        session.choose_model(kind.__name__)
        last = f"config.{list(session.fields)[-1]}"
        page.choose_model(kind.title, last)
        wait(page, last)
        wait(page)
        expect(page.page.locator(".row.foreseen")).to_have_count(len(session.fields) + 3)
        rows = page.page.locator(".row.foreseen").evaluate_all(
            """(rows) => rows.map((row) => ({key: row.dataset.key, height: row.getBoundingClientRect().height,
              lines: [[".label", ".hint"], ["input[type=range]", ".box"], [".unit"]].map((line) => line.map((s) => {
                const e = row.querySelector(s), r = e.getBoundingClientRect()
                const width = Math.max(r.width, e.matches(".label, .box") ? 0 : e.scrollWidth)
                return {left: r.left, right: r.left + width} })),
              inside: row.getBoundingClientRect().right}))"""
        )
        cut = "(names) => names.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"
        assert page.page.locator(".row .name").evaluate_all(cut) == []
        for row in rows:
            for line in row["lines"]:
                edges = [edge for cell in line for edge in (cell["left"], cell["right"])]
                assert edges == sorted(edges) and edges[-1] <= row["inside"] + 1, row
            assert row["height"] == pytest.approx(52 if touch else 36, abs=0.5)
