"""A pinned run, another model and the trail in the page."""

import re
from collections.abc import Iterable
from functools import partial

from playwright.sync_api import expect

from app.session.session import Session
from tests.browser.explorer import EACH_MODEL, Explorer

AMPLITUDE = "stimulus.0.amplitude"


RASTER = "probe.plot('strokes')"


def open_compare(page: Explorer) -> None:
    page.open_view("compare", "compare:live")


def followed(page: Explorer, times: Iterable[float]) -> None:
    """Wait until the view has seen the run with these spikes: that is the one which it pins and remembers."""
    page.data_is("compare:live", times, "x", rel=0, abs=1e-3)


def pin(page: Explorer) -> None:
    page.picture(lambda: page.button("Pin").click())
    page.wait("probe.data('ghosts:ghost', 'x').length > 0")


SAME = "probe.data(a[0], a[2]).join() === probe.data(a[1], a[2]).join()"


@EACH_MODEL
def test_every_soma(page: Explorer, names: list[str]) -> None:
    open_compare(page)
    for session in page.models(names):
        followed(page, session.job().run().spike_times[0])
        pin(page)
        page.wait(SAME, ["ghosts:ghost", "v0", "y"])
        page.wait(SAME, ["ghosts:row", "spikes", "x"])
        expect(page.page.locator(".why p")).to_contain_text("Γ = 1.00")
        expect(page.page.locator(".why p")).to_contain_text("distance 0 ")


def zoomed(amplitude: float) -> list[float]:
    """The spikes from 100 to 160 ms."""
    session = Session()
    session.set({AMPLITUDE: float(amplitude)})
    return [time for time in session.job().run().spike_times[0].tolist() if 100 <= time <= 160]


def test_a_pinned_run_stays_while_the_live_one_moves(page: Explorer) -> None:
    open_compare(page)
    expect(page.page.locator(".why p")).to_contain_text("Pin a run")
    expect(page.button("Unpin")).to_be_disabled()
    page.js("probe.figure().x_range.setv({start: 100, end: 160})")  # every sample is drawn
    page.wait("((x) => x[0] <= 100 && x.at(-1) < 161)(probe.data('v0', 'x'))")
    followed(page, zoomed(500))
    pin(page)
    live = page.data("v0")
    page.data_is("ghosts:ghost", live, rel=0, abs=0)
    page.wait(f"{RASTER}.y_range.start === -0.5")
    expect(page.page.locator(".why p")).to_contain_text("Γ = 1.00")
    page.picture(lambda: page.type(AMPLITUDE, "560"))
    page.spikes_are(zoomed(560))
    expect(page.page.locator(".why p")).to_contain_text(re.compile(r"Γ = (?!1\.00).*distance (?!0 )"))
    assert page.data("ghosts:ghost") == live != page.data("v0")
    row = page.page.locator(".why table tbody tr").filter(has_text="→")
    expect(row).to_have_count(1)
    # what is said of the live run is what the strip says
    told = [part.split("\t")[-1] for part in page.page.locator(".why table tbody tr").all_inner_texts()[1:]]
    assert told[0] == page.readouts["pattern"] and told[1].split(" ")[0] == page.readouts["spikes"].split(" ")[0]

    def differs() -> None:
        assert row.inner_text().split("\t") == ["I", "amplitude", "500 pA", "→ 560 pA"]

    page.soon(differs)
    # closed, nothing is left of it; opened, it is there again
    page.view("compare").click()
    page.wait("probe.data('ghosts:ghost', 'x').length === 0 && probe.data('ghosts:row', 'x').length === 0")
    page.wait(f"{RASTER}.y_range.start === 0.5")
    page.picture(lambda: page.type(AMPLITUDE, "570"))
    page.spikes_are(zoomed(570))
    assert page.data("ghosts:ghost") == []
    page.view("compare").click()
    page.wait("probe.data('ghosts:row', 'x').length > 0")
    page.wait(f"{RASTER}.y_range.start === -0.5")
    page.picture(lambda: page.button("Unpin").click())
    page.wait("probe.data('ghosts:ghost', 'x').length === 0")
    expect(page.button("Unpin")).to_be_disabled()
    expect(page.page.locator(".why .table")).to_be_hidden()


def test_figures_come_with_something_to_compare_with(page: Explorer) -> None:
    open_compare(page)
    figures = page.page.locator(".bk-Figure").filter(visible=True)
    expect(figures).to_have_count(3)
    pin(page)
    expect(figures).to_have_count(3 + 2)
    page.picture(lambda: page.type(AMPLITUDE, "560"))
    page.wait("probe.frame('compare:trace').height > 100 && probe.frame('compare:live').height > 20")
    page.picture(lambda: page.button("Unpin").click())
    expect(figures).to_have_count(3)


def test_the_trail_fades_and_goes(page: Explorer) -> None:
    open_compare(page)
    page.picture(lambda: page.button("Trail").click())
    session = Session()
    followed(page, session.job().run().spike_times[0])
    was = page.data("spikes", "x")
    for amplitude in (520, 540):
        page.picture(partial(page.type, AMPLITUDE, str(amplitude)))
        session.set({AMPLITUDE: float(amplitude)})
        followed(page, session.job().run().spike_times[0])
    page.wait("probe.data('ghosts:trail1', 'y').length > 100")
    assert page.data("ghosts:trail0") != page.data("ghosts:trail1") and page.data("ghosts:trail2") == []
    assert page.data("spikes", "x") != was
    page.view("compare").click()
    page.wait("probe.data('ghosts:trail0', 'y').length === 0")


def test_another_model_beside_it_on_the_same_input(page: Explorer) -> None:
    open_compare(page)
    page.page.get_by_label("against").select_option("model:IzhikevichSoma")
    expect(page.page.locator(".why p")).to_contain_text(re.compile(r"Other: \w+\. Live: tonic\."))
    session = Session()
    session.choose_model("IzhikevichSoma")
    page.data_is("compare:other", session.job().run().spike_times[0], "x", rel=0, abs=1e-2)
    assert page.js("probe.plot('compare:trace').y_range.id === probe.plot('v0').y_range.id")
    assert page.js("probe.plot('compare:trace').x_range.id === probe.plot('v0').x_range.id")
    expect(page.page.locator(".why table tbody th").first).to_have_text("model")
    session.set({AMPLITUDE: 640.0})
    page.picture(lambda: page.type(AMPLITUDE, "640"))
    page.data_is("compare:other", session.job().run().spike_times[0], "x", rel=0, abs=1e-2)
    page.page.get_by_label("against").select_option("pinned")
    expect(page.page.locator(".why p")).to_contain_text("Pin a run")
    page.wait("probe.data('compare:trace', 'y').length === 0")
