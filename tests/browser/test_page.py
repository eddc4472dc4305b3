"""The page opens, fits, and its sliders answer."""

from functools import partial
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from app.session.session import Session
from app.views.style import COLOURS
from spark.nn.components.somas import catalogue
from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"
MOST = sorted(catalogue().values(), key=lambda kind: -len(kind.config_class.fields()))[:2]


def spike_times(**values: float) -> list[float]:
    """What the page must draw for the default model with these values."""
    session = Session()
    session.set({key.replace("__", "."): value for key, value in values.items()})
    return session.job().run().spike_times[0].tolist()


def test_it_opens_with_text_and_spikes(page: Explorer) -> None:
    assert page.page.title() == "Spark"
    expect(page.page.get_by_text("Membrane", exact=True)).to_be_visible()
    page.spikes_are(spike_times())
    assert page.finite
    assert page.readouts["spikes"] == str(len(spike_times()))
    assert max(page.data("v0")) < -54 and min(page.data("v0")) >= -70.01
    shows = next(iter(catalogue().values())).shows
    expect(page.page.locator(".say")).to_have_text(shows)
    expect(page.page.get_by_text("10,000 steps × 1 neuron")).to_be_visible()


def test_a_drag_changes_the_plot_while_it_lasts(page: Explorer) -> None:
    box = page.steady_box(AMPLITUDE)
    mouse, middle = page.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    seen = [page.sum]
    for i in range(1, 7):
        mouse.move(box["x"] + box["width"] * (0.5 + 0.06 * i), middle, steps=3)
        page.wait("probe.sum() !== a", seen[-1])  # the button is still down
        seen.append(page.sum)
    assert len(set(seen)) == len(seen)
    # and many moves without waiting: the last value is drawn, whatever was left out on the way
    for i in range(60):
        mouse.move(box["x"] + box["width"] * (0.2 + 0.01 * (i % 37)), middle)
    mouse.move(box["x"] + box["width"] * 0.66, middle)
    mouse.up()
    assert page.value(AMPLITUDE) > 550
    page.spikes_are(spike_times(stimulus__0__amplitude=page.value(AMPLITUDE)))
    assert page.error == ""


def test_the_last_of_many_values_is_drawn(page: Explorer) -> None:
    values = [200 + 18 * i for i in range(40)] + [640]
    page.slider(AMPLITUDE).evaluate(
        """async (e, values) => { for (const v of values) {
           e.value = (v + 200) / 1.2; e.dispatchEvent(new Event("input"))
           await new Promise(requestAnimationFrame) } }""",
        values,
    )
    assert page.value(AMPLITUDE) == 640
    page.spikes_are(spike_times(stimulus__0__amplitude=640.0))


def test_the_keyboard_reaches_and_moves_a_slider(page: Explorer) -> None:
    key = "config.threshold"
    focused = "((e) => { while (e?.shadowRoot?.activeElement) { e = e.shadowRoot.activeElement } return e })"
    page.page.locator("body").press("Tab")
    for _ in range(80):
        if page.js(f"{focused}(document.activeElement) === probe.row('{key}').querySelector('input')"):
            break
        page.page.keyboard.press("Tab")
    else:
        pytest.fail("the slider cannot be reached with the tab key")
    before = page.value(key)
    for press in ("ArrowRight", "ArrowUp", "PageUp", "ArrowLeft", "PageDown"):
        was = page.value(key)
        page.picture(partial(page.page.keyboard.press, press))
        assert (page.value(key) > was) == (press in ("ArrowRight", "ArrowUp", "PageUp")), press
    assert page.value(key) != before
    page.spikes_are(spike_times(config__threshold=page.value(key)))


def test_typed_illegal_and_refused_values(page: Explorer) -> None:
    key = "config.potential_tau"
    page.picture(lambda: page.type(key, "12,5"))
    page.spikes_are(spike_times(config__potential_tau=12.5))
    page.type(key, "abc")
    page.wait("probe.rowError(a).includes('not a number')", key)
    assert "ms" in page.row_error(key)
    page.picture(lambda: page.type(key, "13"))
    page.wait("probe.rowError(a) === ''", key)
    page.spikes_are(spike_times(config__potential_tau=13.0))
    kept = page.sum
    page.type(key, "-5")
    page.wait("probe.rowError(a) !== ''", key)
    assert "greater than 0 ms" in page.row_error(key) and "time constant" in page.row_error(key)
    page.box(key).blur()
    assert "greater than 0 ms" in page.row_error(key)  # it does not go by itself
    assert page.sum == kept
    page.picture(lambda: page.reset(key))
    page.wait("probe.rowError(a) === ''", key)
    page.spikes_are(spike_times())
    page.picture(lambda: page.slider(key).press("Home"))  # a refused value is no end of the slider
    assert page.value(key) == 1


def test_a_contradiction_is_explained(page: Explorer) -> None:
    page.spikes_are(spike_times())
    kept = page.sum
    page.type("config.potential_reset", "-50")
    page.wait("probe.error() !== ''")
    assert "must stay below the firing threshold" in page.error and "−55 mV" in page.error
    assert page.sum == kept and page.value("config.potential_reset") == -50
    page.type("config.threshold", "-45")
    page.wait("probe.error() === ''")
    page.spikes_are(spike_times(config__threshold=-45.0, config__potential_reset=-50.0))
    page.picture(lambda: page.button("Reset all").click())
    page.spikes_are(spike_times())
    page.value_is("config.threshold", -55)
    page.value_is("config.potential_reset", -70)
    page.assert_unchanged()


def test_marks_and_resets(page: Explorer) -> None:
    page.assert_unchanged()
    page.picture(lambda: page.type("config.threshold", "-50"))
    page.picture(lambda: page.type(AMPLITUDE, "700"))
    page.changed_are(2)
    page.picture(lambda: page.reset("config.threshold"))
    page.changed_are(1)
    page.spikes_are(spike_times(stimulus__0__amplitude=700.0))
    page.picture(lambda: page.button("Reset all").click())
    page.spikes_are(spike_times())
    page.assert_unchanged()
    page.value_is(AMPLITUDE, 500)


def test_dark_mode(page: Explorer) -> None:
    colour = """[...Bokeh.documents[0]._all_models.values()].find(
        (m) => m.type === "GlyphRenderer" && m.data_source.name === "spark:v0").glyph.line_color.value"""
    background = "getComputedStyle(probe.get('.strip')).color + getComputedStyle(document.body).backgroundColor"
    page.wait(f"{colour} === a", COLOURS[False]["potential"])
    page.spikes_are(spike_times())
    kept, light = page.sum, page.js(background)
    page.button("Toggle theme").click()
    page.wait(f"{colour} === a", COLOURS[True]["potential"])
    page.wait(f"{background} !== a", light)
    assert page.sum == kept
    page.picture(lambda: page.type(AMPLITUDE, "650"))
    page.spikes_are(spike_times(stimulus__0__amplitude=650.0))
    page.button("Toggle theme").click()
    page.wait(f"{colour} === a", COLOURS[False]["potential"])
    page.wait(f"{background} === a", light)


def test_zoom_and_fit(page: Explorer) -> None:
    whole = page.data("v0", "x")
    assert len(whole) < 4000  # 10,000 steps, reduced
    page.picture(lambda: page.js("probe.figure().x_range.setv({start: 110, end: 150})"))

    def every_sample() -> None:
        part = page.data("v0", "x")
        gaps = [b - a for a, b in pairwise(part)]
        assert 109 < part[0] <= 110 and 150 <= part[-1] < 151 and max(gaps) < 0.11

    page.soon(every_sample)
    page.spikes_are([time for time in spike_times() if 110 <= time <= 150])
    # a moved slider leaves the axes where they are
    y = "[...Array(4).keys()].map((i) => [probe.figure(i).y_range.start, probe.figure(i).y_range.end])"
    still = page.js(y)
    page.picture(lambda: page.type(AMPLITUDE, "520"))
    page.spikes_are([time for time in spike_times(stimulus__0__amplitude=520.0) if 110 <= time <= 150])
    assert page.js("[probe.figure().x_range.start, probe.figure().x_range.end]") == [110, 150]
    assert page.js(y) == still
    page.picture(lambda: page.button("Fit axes").click())
    page.wait("probe.figure().x_range.start === 0 && probe.figure().x_range.end === 1000")
    page.spikes_are(spike_times(stimulus__0__amplitude=520.0))
    assert len({page.js("probe.figure(a).x_range.id", i) for i in range(4)}) == 1  # one time axis


def test_sessions_do_not_touch_each_other(opened) -> None:
    one, other = opened(), opened()
    other.spikes_are(spike_times())
    kept = other.sum
    one.picture(lambda: one.type(AMPLITUDE, "900"))
    one.spikes_are(spike_times(stimulus__0__amplitude=900.0))
    assert other.sum == kept and other.value(AMPLITUDE) == 500
    other.picture(lambda: other.type("config.threshold", "-50"))
    other.spikes_are(spike_times(config__threshold=-50.0))
    assert one.value("config.threshold") == -55
    one.spikes_are(spike_times(stimulus__0__amplitude=900.0))


def assert_inside(page: Explorer, selector: str, count: int) -> None:
    """All of these are wholly in the window."""
    size = page.page.viewport_size
    assert size is not None

    def inside() -> None:
        boxes = [found.bounding_box() for found in page.page.locator(selector).all() if found.is_visible()]
        assert len(boxes) == count, f"{len(boxes)} of {selector} are visible instead of {count}"
        for box in boxes:
            assert box is not None and box["width"] > 20 and box["height"] > 8
            assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 1, (selector, box)
            assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"] + 1, (selector, box)

    page.soon(inside)


STILL = "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize(
    "kind", [MOST[0], pytest.param(MOST[1], marks=pytest.mark.thorough)], ids=[kind.__name__ for kind in MOST]
)
def test_it_fits_a_lecture_room(page: Explorer, kind) -> None:
    fields = Session()
    fields.choose_model(kind.__name__)
    last = f"config.{list(fields.fields)[-1]}"
    page.choose_model(kind.title, last)
    plots = 4 if page.data("second") else 3
    page.wait(STILL)
    assert_inside(page, '.row[data-key^="config."] input[type=range]', len(fields.fields))
    assert_inside(page, '.row[data-key^="config."] .box', len(fields.fields))
    assert_inside(page, ".bk-Figure", plots)
    assert_inside(page, ".strip", 1)


def test_what_is_asked_for_before_the_page_is_complete_is_done(page: Explorer) -> None:
    # A hand that clicks before the first picture, and before Bokeh calls the document ready.
    page.page.add_init_script("""const wait = setInterval(() => {
        const button = probe.deep("button[data-view=fi]")
        if (button) { clearInterval(wait); button.click() }
    }, 2)""")
    page.page.reload(wait_until="commit")
    page.wait("probe.model('fi:curves') != null && probe.data('fi:curves', 'x').length > 1")
    expect(page.page.locator(".why p")).to_contain_text("Rheobase")


def test_the_sentence_says_what_happens_and_a_button_mends_a_run(page: Explorer) -> None:
    about, button = page.page.locator(".say.about"), page.page.locator("button.remedy")
    expect(about).to_contain_text("Input charges the membrane")
    page.picture(lambda: page.type("stimulus.0.amplitude", "300"))
    expect(about).to_have_text("Silent: settles at −58.0 mV, 3.0 mV short of the threshold; rheobase 375 pA.")
    page.choose_model("Izhikevich", "config.recovery_update")
    page.tab("Simulation")
    page.type("config.dt", "5")
    expect(page.page.locator(".say.wrong")).to_contain_text("dt = 5 ms is too long")
    expect(button).to_have_text("Use a time step of 0.1 ms")
    page.picture_after_error(button.click)
    expect(button).to_be_hidden()
    expect(page.box("config.dt")).to_have_value("0.1")


def test_a_page_that_has_opened_is_covered_by_nothing(page: Explorer) -> None:
    """The template says so for good where one of the page's connections was refused at first: another process's."""
    page.js("document.getElementById('loader').classList.add('error')")
    page.js("document.getElementById('loader').style.display = 'flex'")
    expect(page.page.locator("#loader")).to_be_hidden()
