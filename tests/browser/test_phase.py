"""The views beside the traces, and the phase plane in the page."""

import pytest
from playwright.sync_api import expect

from app.session.session import Session
from tests.browser.explorer import EACH_MODEL, Explorer

DRAWN = """["v", "second"].every((n) => probe.data(`phase:${n}`, "x").length > 1)
    && probe.data("phase:path", "x").length > 100"""
STARTS = "Math.abs(probe.data('phase:path', 'x')[0] - a) < 1e-3"
SPAN = "[...Bokeh.documents[0]._all_models.values()].find((m) => m.type === 'Span' && m.line_width === 2)"


def open_plane(page: Explorer) -> None:
    page.open_view("phase", "phase:path", least=10)


@EACH_MODEL
def test_every_soma(page: Explorer, names: list[str]) -> None:
    open_plane(page)
    for session in page.models(names):
        page.wait(f"{STARTS} && {DRAWN}", session.config.values()["potential_rest"])
        expect(page.page.locator(".why p")).to_contain_text("rheobase")
        expect(page.view("phase")).to_have_attribute("aria-pressed", "true")


def test_it_follows_a_slider_and_a_tap(page: Explorer) -> None:
    page.choose_model("Izhikevich", "config.recovery_update")
    open_plane(page)
    page.wait(DRAWN)
    before = max(page.data("phase:v", "y"))
    page.picture(lambda: page.type("stimulus.0.amplitude", "100"))
    page.wait("Math.max(...probe.data('phase:v', 'y')) < a", before)  # less input lowers the nullcline
    page.wait("probe.data('phase:stable', 'x').length === 1")
    expect(page.page.locator(".why p")).to_contain_text("it can rest")
    box = page.page.locator(".bk-Figure").last.bounding_box()
    assert box is not None
    page.picture(lambda: page.page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.6 * box["height"]))
    page.wait("probe.data('phase:path', 'x')[0] > -60")
    start = page.data("phase:path", "x")[0], page.data("phase:path", "y")[0]
    session = Session()
    session.choose_model("IzhikevichSoma")
    session.initial = {"potential": start[0], "recovery": start[1]}
    session.set({"stimulus.0.amplitude": 100.0})
    page.spikes_are(session.job().run().spike_times[0].tolist())  # the whole run started there
    page.picture(lambda: page.button("Start at rest").click())
    page.wait(STARTS, -70)


BOTH = """((plot, take) => {
    window.painted = []
    const {paint} = plot
    plot.paint = () => { window.painted.push(probe.revision()); paint.call(plot) }
    const line = {x: [0, 2, "f4", null], y: [8, 2, "f4", null]}, {buffer} = new Float32Array([-60, -50, 1, 2])
    take({revision: 9999, layout: {"spark:v0": line}, looks: []}, buffer, 0)
    take({layout: {"spark:phase:idle": line}, looks: []}, buffer, 0)
})(probe.drawn("phase:v"), window.spark.inboxes.get("picture"))"""


def test_the_traces_do_not_wait_for_it(page: Explorer) -> None:
    """What comes right after a picture of the traces is painted after the frame that shows them."""
    open_plane(page)
    page.wait(DRAWN)
    expect(page.page.locator(".why p")).to_contain_text("rheobase")
    page.page.wait_for_timeout(500)  # nothing else is under way
    page.js(BOTH)
    page.wait("window.painted.length > 0")
    assert page.js("window.painted") == [9999]
    page.data_is("phase:idle", [1, 2])


def test_the_player_moves_one_time_over_traces_and_path(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    open_plane(page)
    page.page.get_by_label("Speed").select_option("0.1")
    page.page.get_by_label("Play", exact=True).click()
    page.wait(f"{SPAN}.visible && {SPAN}.location > 150")
    page.page.get_by_label("Pause", exact=True).click()
    time = page.js(f"{SPAN}.location")
    page.page.wait_for_timeout(300)
    assert page.js(f"{SPAN}.location") == time  # paused
    session = Session()
    session.choose_model("AdaptiveExponentialSoma")
    run = session.job().run()
    page.page.get_by_label("Time in ms").evaluate("(e) => { e.value = 400; e.dispatchEvent(new Event('input')) }")

    def there() -> None:
        time = page.js(f"{SPAN}.location")
        assert time == pytest.approx(400, abs=0.5)
        at = int(time / run.dt)
        assert page.data("phase:dot", "x")[0] == pytest.approx(run.potential[at, 0], abs=0.3)
        assert page.data("phase:dot", "y")[0] == pytest.approx(run.adaptation[at, 0], abs=1.0)

    page.soon(there)
    page.view("phase").click()  # closed: the line goes with it
    page.wait(f"!{SPAN}.visible")
    expect(page.page.locator(".why")).to_be_hidden()
    page.view("phase").click()  # and comes back with it, as often as one likes
    page.wait(f"{SPAN}.visible")
    page.view("phase").click()
    page.wait(f"!{SPAN}.visible")


def test_it_is_drawn_as_far_as_a_hand_zooms(page: Explorer) -> None:
    """Arrows and nullclines, and with the upstroke left out at a break."""
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    open_plane(page)
    page.wait("probe.plot('phase:v').x_range.end < 0 && probe.data('phase:field', 'x0').length > 100")
    page.wait("Math.max(...probe.data('phase:path', 'x').filter(Number.isFinite)) <= probe.plot('phase:v').x_range.end")
    box = page.js("probe.frame('phase:v')")
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = page.js("[probe.plot('phase:v').x_range.start, probe.plot('phase:v').y_range.end]")
    page.page.mouse.wheel(0, 600)
    page.wait("probe.plot('phase:v').x_range.start < a[0] - 1 && probe.plot('phase:v').y_range.end > a[1] + 1", before)
    page.wait("""(({x_range: x, y_range: y}) => {
        const field = (name) => probe.data("phase:field", name)
        const near = (a, b, r) => Math.abs(a - b) < 0.1 * (r.end - r.start)
        return near(Math.min(...field("x0")), x.start, x) && near(Math.min(...field("y0")), y.start, y)
            && near(Math.max(...field("y0")), y.end, y)
            && Math.min(...probe.data("phase:second", "x")) <= x.start + 1e-3
    })(probe.plot("phase:v"))""")
