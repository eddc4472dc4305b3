"""Numbers are typed as people write them, in the page."""

from playwright.sync_api import expect

from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"


def test_units_sums_and_what_can_be_read_in_two_ways(page: Explorer) -> None:
    row, box, slider = page.row(AMPLITUDE), page.box(AMPLITUDE), page.slider(AMPLITUDE)
    page.picture(lambda: page.type(AMPLITUDE, "0.4 nA"))
    page.wait("Math.max(...probe.data('current', 'y')) === 400")
    page.picture(lambda: page.type(AMPLITUDE, "2*(100 + 50) pA"))
    page.wait("Math.max(...probe.data('current', 'y')) === 300")
    assert page.value(AMPLITUDE) == 300

    page.type(AMPLITUDE, "3 mV")
    page.wait("probe.rowError(a) === '“3 mV” is a potential; this is a current: pA, nA, µA.'", AMPLITUDE)
    assert box.input_value() == "3 mV" and slider.get_attribute("aria-valuetext") == "300 pA"

    shown = page.sum
    page.type(AMPLITUDE, "1,500")
    answers = row.locator(".answer")
    expect(answers).to_have_text(["1500 pA", "1.5 pA"])
    assert "“1,500” can be read in two ways" in page.row_error(AMPLITUDE)
    assert box.input_value() == "1,500" and slider.get_attribute("aria-valuetext") == "300 pA"
    page.js("addEventListener('keydown', (event) => { window.taken = event.defaultPrevented })")
    box.press("Escape")
    assert page.js("taken")  # so that it leaves neither a presentation nor a view
    expect(answers).to_have_count(0)
    assert page.row_error(AMPLITUDE) == "" and page.value(AMPLITUDE) == 300

    page.type(AMPLITUDE, "1,500")
    while not answers.last.evaluate("one => one.matches(':focus')"):
        page.page.keyboard.press("Tab")
    page.page.keyboard.press("Escape")  # from the question as well
    assert page.js("taken")
    box.press("Escape")  # nothing is to be given up any more
    assert not page.js("taken")
    expect(answers).to_have_count(0)
    expect(box).to_be_focused()
    assert page.value(AMPLITUDE) == 300 and page.sum == shown

    page.type(AMPLITUDE, "1,500")
    page.picture(lambda: answers.first.click())
    page.wait("Math.max(...probe.data('current', 'y')) === 1500")
    assert page.value(AMPLITUDE) == 1500 and page.row_error(AMPLITUDE) == ""
    expect(answers).to_have_count(0)
    expect(box).to_be_focused()

    page.type(AMPLITUDE, "1,000")
    slider.focus()
    page.picture(lambda: slider.press("Home"))  # a hand on the slider is an answer too
    expect(answers).to_have_count(0)


def test_a_list_of_currents_is_never_guessed(page: Explorer) -> None:
    key = "stimulus.0.samples"
    page.choose_stimulus("Array")
    page.row(key).wait_for()
    page.picture(lambda: page.type("stimulus.0.interval", "0.1 s"))
    page.picture(lambda: page.type(key, "0,5; 1,5"))
    page.wait("[0.5, 1.5].every((one) => probe.data('current', 'y').includes(one))")
    shown = page.sum
    page.type(key, "0,200,400")
    page.wait("probe.rowError(a).includes('two ways')", key)
    assert page.box(key).input_value() == "0,200,400" and page.sum == shown
    page.picture(lambda: page.type(key, "0.2 nA; 0.4 nA"))
    page.wait("[200, 400].every((one) => probe.data('current', 'y').includes(one)) && probe.rowError(a) === ''", key)


def test_the_membrane_is_typed_by_capacitance_and_conductance(page: Explorer) -> None:
    page.choose_model("Adaptive exponential", "config.adaptation_tau")
    turn = page.page.locator("button.turn")
    page.picture(lambda: turn.click())
    page.row("membrane.capacitance").wait_for()
    expect(page.row("config.potential_tau")).to_have_count(0)
    page.assert_unchanged()
    page.wait("probe.get('.equations .first').textContent.includes('C')")
    page.picture(lambda: page.type("membrane.capacitance", "281 pF"))
    page.picture(lambda: page.type("membrane.leak_conductance", "30 nS"))
    assert (page.value("membrane.capacitance"), page.value("membrane.leak_conductance")) == (281, 30)
    page.type("membrane.leak_conductance", "0")
    page.wait(
        "probe.rowError(a).includes('The leak conductance') && probe.rowError(a).includes('greater than 0 nS')",
        "membrane.leak_conductance",
    )
    page.picture(lambda: page.page.locator("button.turn").click())
    page.row("config.resistance").wait_for()
    assert (page.value("config.resistance"), page.value("config.potential_tau")) == (0.03333, 9.3667)
    page.wait("probe.row(a).classList.contains('foreseen')", "config.resistance")
