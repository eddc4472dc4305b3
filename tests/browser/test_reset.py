"""The reset map in the page."""

from playwright.sync_api import expect

from app.session.session import Session
from app.views.reset import Reset
from spark.analysis import phase_plane
from spark.nn.components.somas import catalogue
from tests.browser.explorer import Explorer

HAVE = [kind for kind in catalogue().values() if Reset.reason(kind) is None]


def test_every_soma_that_has_one(page: Explorer) -> None:
    for k, kind in enumerate(HAVE):
        session = Session()
        session.choose_model(kind.__name__)
        page.choose_model(kind.title, f"config.{list(session.fields)[-1]}")
        if not k:
            page.view("reset").click()
        run = phase_plane.trajectory(session.job().run()).after
        page.data_is("reset:spikes", run[:-1], "x", rel=1e-4, abs=1e-4)
        page.data_is("reset:spikes", run[1:], "y", rel=1e-4, abs=1e-4)
        page.wait("probe.data('reset:map', 'x').length >= 200")
        page.wait("(({x, y}) => x.length === 1 && x[0] === y[0])(probe.model('reset:stable').data)")
        expect(page.page.locator(".why p")).to_contain_text("tonic spiking")
        expect(page.page.locator(".why p")).to_contain_text(f"The run's {len(run)} spikes")


def test_it_is_absent_where_there_is_no_second_variable(page: Explorer) -> None:
    button = page.view("reset")
    for kind in catalogue().values():
        if kind in HAVE:
            continue
        if kind.title != "Leaky":
            session = Session()
            session.choose_model(kind.__name__)
            page.choose_model(kind.title, f"config.{list(session.fields)[-1]}")
        expect(button).to_have_attribute("aria-disabled", "true")
        button.press("Enter")
        expect(page.page.locator(".say.about")).to_contain_text("no second variable")
        assert page.js("probe.model('reset:map') == null")


def test_it_closes_with_the_model_and_says_why(page: Explorer) -> None:
    page.choose_model("Izhikevich", "config.recovery_update")
    page.view("reset").click()
    page.wait("probe.model('reset:map') != null && probe.data('reset:map', 'x').length > 0")
    page.choose_model("Leaky", "config.threshold")
    expect(page.view("reset")).to_have_attribute("aria-pressed", "false")
    expect(page.page.locator(".why")).to_be_hidden()
    page.choose_model("Izhikevich", "config.recovery_update")
    page.view("reset").click()
    expect(page.page.locator(".why p")).to_contain_text("At a steady")


def test_it_follows_a_slider(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    page.view("reset").click()
    expect(page.page.locator(".why p")).to_contain_text("At a steady 500 pA: tonic spiking")
    before = page.soon(lambda: page.data("reset:stable", "x")[0])
    page.picture(lambda: page.type("stimulus.0.amplitude", "700"))
    expect(page.page.locator(".why p")).to_contain_text("At a steady 700 pA: tonic spiking")
    page.wait("probe.data('reset:map', 'x').length >= 200 && probe.data('reset:stable', 'x')[0] > a", before + 50)
    page.picture(lambda: page.type("stimulus.0.amplitude", "100"))
    expect(page.page.locator(".why p")).to_contain_text("returns to rest")
    page.wait("probe.data('reset:stable', 'x').length + probe.data('reset:spikes', 'x').length === 0")
    page.choose_preset("Regular bursting")
    expect(page.page.locator(".why p")).to_contain_text("burst of 2 spikes")
    page.wait("probe.data('reset:unstable', 'x').length === 1")
