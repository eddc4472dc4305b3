"""Axes under the hand, the panels of a population, and legends, in the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"
INSIDE = """((y, {start, end}) => start < Math.min(...y) && Math.max(...y) < end)(
    probe.data("current", "y"), probe.plot("current").y_range)"""
COUNT = """(() => {
    window.layouts = 0
    for (const figure of Bokeh.index.query((one) => one.model.type === "Figure")) {
        const compute = figure.compute_layout
        figure.compute_layout = function () { window.layouts += 1; return compute.call(this) }
    }
})()"""
END = "probe.plot('current').y_range.end"


def test_a_curve_stays_in_its_frame_while_the_hand_is_on_the_slider(page: Explorer) -> None:
    box = page.steady_box(AMPLITUDE)
    mouse, middle = page.page.mouse, box["y"] + box["height"] / 2

    def drag(share: float) -> None:
        before = page.revision
        mouse.move(box["x"] + share * box["width"], middle)
        page.wait("probe.revision() > a", before)

    mouse.move(box["x"] + 0.5 * box["width"], middle)
    mouse.down()
    for share in (0.6, 0.7, 0.8, 0.95):
        drag(share)
        page.wait(INSIDE)  # the button is still down
    page.wait(f"Math.max(...probe.data('current', 'y')) > 900 && {INSIDE}")
    grown = page.js(END)
    page.js(COUNT)
    for share in (0.9, 0.8, 0.6, 0.53):
        drag(share)
    assert page.js(END) == grown  # nothing shrinks under the hand
    assert page.js("window.layouts") == 0  # and nothing is laid out again
    mouse.up()
    page.wait(f"{END} < 900")
    assert page.js(INSIDE) and page.js("probe.plot('current').y_range.start") < 0


@pytest.mark.thorough  # which range it is, tests/app/test_axes.py knows
def test_the_axis_of_the_current_holds_zero(page: Explorer) -> None:
    page.picture(lambda: page.type("stimulus.0.onset", "0"))
    page.picture(lambda: page.type("stimulus.0.duration", "1000"))
    page.picture(lambda: page.type(AMPLITUDE, "400"))
    page.wait("Math.min(...probe.data('current', 'y')) === 400")
    page.picture(lambda: page.button("Fit axes").click())
    page.wait("probe.plot('current').y_range.start <= 0 && probe.plot('current').y_range.end < 500")


def test_the_raster_grows_with_the_population(page: Explorer) -> None:
    tall = "probe.drawn(a).el.getBoundingClientRect().height"
    title = "probe.plot('strokes').title.text"
    assert not page.js("probe.plot('rate').visible") and page.js(title) == ""
    page.tab("Population")
    page.row("spread.threshold").wait_for()
    page.type("spread.threshold", "2")
    page.picture(lambda: page.type("run.units", "100"))
    page.wait("probe.plot('rate').visible && probe.data('rate', 'y').some((y) => y > 0)")
    page.wait(f"{title} === a", "100 neurons, spread: θ ± 2 mV")
    page.wait("probe.plot('strokes').y_range.end === 100.5")
    page.wait(f"{tall} > 50 && {tall} < 80", "rate")
    whole = "['current', 'v0', 'rate', 'strokes'].reduce((sum, a) => sum + " + tall + ", 0)"
    page.wait(f"{tall} > {whole} / 3", "strokes")
    assert page.js("probe.plot('traces').renderers.length > 0")
    page.picture(lambda: page.type("run.units", "1000"))
    page.wait("probe.plot('strokes').y_range.end === 1000.5")
    page.open_view("phase", "phase:path", least=10)
    expect(page.page.locator(".why p")).to_contain_text("Neuron 1 of 1,000.")
    page.picture(lambda: page.type("run.units", "1"))
    page.wait(f"!probe.plot('rate').visible && {title} === ''")


LEGEND = "[...Bokeh.documents[0]._all_models.values()].find((m) => m.type === 'Legend' && m.items.length === 6)"


def test_a_legend_takes_one_line_where_it_fits(opened) -> None:
    page = opened(1920, 1080)
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    page.open_view("phase", "phase:path", least=10)
    page.wait(f"{LEGEND}.ncols === 6 && {LEGEND}.label_text_font_size === '12px'")
    page.page.set_viewport_size({"width": 1280, "height": 768})
    page.wait(f"{LEGEND}.ncols === 3")
