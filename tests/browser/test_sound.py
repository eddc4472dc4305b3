"""The clicks of the spikes: off by default, at the times of the spikes, and never louder than their bound."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.client.bundle import HERE
from app.session.session import Session
from tests.browser.conftest import Opener
from tests.browser.explorer import Explorer
from tests.browser.test_phase import SPAN

HEARD = """
window.heard = {contexts: 0, clicks: [], context: null}
window.AudioContext = class extends AudioContext {
    constructor(...given) { super(...given); heard.contexts++; heard.context = this }
}
const {connect, start, stop} = AudioBufferSourceNode.prototype
const {connect: any} = AudioNode.prototype
AudioNode.prototype.connect = function (to, ...more) { this.to = to; return any.call(this, to, ...more) }
AudioBufferSourceNode.prototype.start = function (when) {
    heard.clicks.push({when, pan: this.to.pan.value, node: this, stopped: null})
    return start.call(this, when)
}
AudioScheduledSourceNode.prototype.stop = function () {
    const noted = heard.clicks.find((one) => one.node === this)
    if (noted) { noted.stopped = heard.context.currentTime }
}
"""
"""Notes each click that is scheduled, and where; what is stopped is noted, and goes on: a test listens to no sound."""
CLICKS = "heard.clicks.map(({when, pan, stopped}) => ({when, pan, stopped}))"
PRESSED = "probe.get('.sound').getAttribute('aria-pressed')"


@pytest.fixture
def heard(opened: Opener) -> Iterator[Explorer]:
    """A page whose clicks are noted."""
    page = opened()
    page.page.add_init_script(HEARD)
    page.begin_anew()
    yield page


def at(page: Explorer, speed: str) -> None:
    """Turned on at this speed, from the beginning, until the run has been played."""
    page.button("Sound").click()
    page.page.get_by_label("Slow motion").select_option(speed)
    page.wait("spark.moment.playing === false")
    page.js("heard.clicks.length = 0")
    page.button("Play the clicks").click()
    page.wait("spark.moment.playing === false")


def clicks(page: Explorer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.js(CLICKS)
    return found


def test_a_page_is_silent_until_it_is_asked(heard: Explorer) -> None:
    expect(heard.button("Sound")).to_have_attribute("aria-pressed", "false")
    heard.picture(lambda: heard.type("stimulus.0.amplitude", "600"))
    assert heard.js("heard.contexts") == 0 and heard.js("spark.moment.voice") is None
    heard.button("Sound").click()
    heard.wait("heard.clicks.length > 0")
    assert heard.js("heard.contexts") == 1
    heard.button("Sound").click()
    assert heard.js("spark.moment.voice") is None
    heard.wait(f"!{SPAN}.visible")  # the line goes with it


def test_a_click_for_each_spike_at_its_time(heard: Explorer) -> None:
    heard.button("Sound").click()
    heard.wait("heard.clicks.length > 2")
    spikes = Session().job().run().spike_times[0]
    first = clicks(heard)
    slow = [later["when"] - first[0]["when"] for later in first]
    assert slow == pytest.approx((spikes[: len(slow)] - spikes[0]) / 1000 / 0.1, abs=1e-4)  # 1:10
    assert {click["pan"] for click in first} == {0}
    place = heard.js("[heard.context.currentTime, spark.moment.now]")
    heard.page.get_by_label("Slow motion").select_option("1")  # goes on from there, in real time
    heard.wait("spark.moment.playing === false")
    rest = [click for click in clicks(heard)[len(first) :] if click["stopped"] is None]
    times = [click["when"] for click in rest]
    gaps = [after - before for before, after in pairwise(times)]
    assert place[1] < 1000 and len(gaps) > 5
    assert gaps[-5:] == pytest.approx([later - earlier for earlier, later in pairwise(spikes[-6:] / 1000)], abs=1e-4)


def test_nothing_sounds_after_a_stop(heard: Explorer) -> None:
    heard.button("Sound").click()
    heard.wait("heard.clicks.length > 2")
    heard.page.keyboard.press("a")
    heard.wait(f"{PRESSED} === 'false'")
    now = heard.js("heard.context.currentTime")
    late = [click for click in clicks(heard) if click["when"] > now]
    assert all(click["stopped"] is not None for click in late)
    count = len(clicks(heard))
    heard.page.wait_for_timeout(500)
    assert len(clicks(heard)) == count


def test_a_new_run_is_heard_from_where_the_time_is(heard: Explorer) -> None:
    heard.button("Sound").click()
    heard.wait("heard.clicks.length > 2")
    heard.picture(lambda: heard.type("stimulus.0.amplitude", "700"))
    heard.wait("heard.clicks.some(({stopped}) => stopped != null)")  # of the run before
    count = len(clicks(heard))
    heard.wait("heard.clicks.length > a + 2", count)
    session = Session()
    session.set({"stimulus.0.amplitude": 700.0})
    spikes = session.job().run().spike_times[0] / 1000 / 0.1
    last = [click["when"] for click in clicks(heard) if click["stopped"] is None][-3:]
    gaps = [after - before for before, after in pairwise(last)]
    assert gaps == pytest.approx([spikes[-1] - spikes[-2]] * 2, abs=1e-3)  # it is tonic
    assert heard.js("spark.moment.playing")


def test_a_population_is_heard_from_left_to_right(heard: Explorer) -> None:
    heard.tab("Population")
    heard.picture(lambda: heard.type("run.units", "50"))
    heard.wait("probe.model('strokes').tags[0] === 50")
    at(heard, "0.5")
    pans = {click["pan"] for click in clicks(heard)}
    assert pans == {-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1}
    expect(heard.button("Sound")).to_have_attribute(
        "title", "Sound: 2,850 spikes of 50 neurons, from left to right (a)"
    )
    heard.picture(lambda: heard.type("run.units", "400"))
    at_pixels = "probe.get('.sound').title"
    heard.button("Play the clicks").click()
    heard.wait(f"{at_pixels}.includes('too many spikes for more')")


def test_the_player_of_the_phase_plane_is_heard(heard: Explorer) -> None:
    heard.button("Sound").click()
    heard.wait("heard.clicks.length > 0")
    heard.page.keyboard.press("Space")
    heard.wait("!spark.moment.playing")
    heard.open_view("phase", "phase:path", least=10)
    heard.page.get_by_label("Time in ms").wait_for()
    expect(heard.page.locator(".sounding")).to_be_hidden()  # there is one player
    heard.page.get_by_label("Time in ms").evaluate("(e) => { e.value = 500; e.dispatchEvent(new Event('input')) }")
    heard.page.get_by_label("Speed").select_option("0.02")
    heard.js("heard.clicks.length = 0")
    heard.page.get_by_label("Play", exact=True).click()
    heard.wait("heard.clicks.length > 2")
    spikes = Session().job().run().spike_times[0]
    gap = float(spikes[-1] - spikes[-2]) / 1000 / 0.02
    times = [click["when"] for click in clicks(heard)]
    assert times[1] - times[0] == pytest.approx(gap, abs=1e-4)
    heard.page.get_by_label("Pause", exact=True).click()


def modules(page: Page) -> None:
    """The page's own files, as modules that a test can import."""

    def serve(route: Route) -> None:
        name = route.request.url.split("/modules/")[1]
        route.fulfill(content_type="text/javascript", body=(HERE / name).read_text("utf-8"))

    page.route("**/modules/**", serve)


LOUD = """async ([count, units]) => {
    const base = `${location.origin}/modules`
    const {Loudspeaker, LOUDEST} = await import(`${base}/sound/loudspeaker.js`)
    const {clicksOf, placesOf} = await import(`${base}/sound/clicks.js`)
    const times = Array.from({length: count}, (_, k) => k / count * 500)
    const rows = times.map((_, k) => 1 + k % units)
    const context = new OfflineAudioContext(2, 0.5 * 48000, 48000)
    const loudspeaker = new Loudspeaker(context)
    loudspeaker.arrange(placesOf(units))
    for (const click of clicksOf({times, rows, units}, 1)) loudspeaker.click(click.time / 1000, click)
    const sound = await context.startRendering()
    const ears = [0, 1].map((ear) => sound.getChannelData(ear).reduce((most, x) => Math.max(most, Math.abs(x)), 0))
    return {ears, most: LOUDEST}
}"""


def test_no_rate_is_louder_than_the_bound(shared: Explorer) -> None:
    modules(shared.page)
    peaks = {given: shared.js(f"({LOUD})(a)", list(given)) for given in ((1, 1), (20, 1), (20000, 1), (20000, 1000))}
    for given, found in peaks.items():
        assert 0.05 < max(found["ears"]) <= found["most"] <= 0.5, given
    assert peaks[1, 1]["ears"][0] == pytest.approx(peaks[1, 1]["ears"][1])  # one neuron: in the middle
