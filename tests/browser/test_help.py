"""Help: keys that work where they say so, terms that are explained, and a tour that is taken by hand."""

from functools import partial

from playwright.sync_api import expect

from tests.browser.explorer import Explorer

AMPLITUDE = "stimulus.0.amplitude"
FOCUSED = "((e) => { while (e?.shadowRoot?.activeElement) { e = e.shadowRoot.activeElement } return e })"
OPEN = "probe.get('dialog').open"


def press(page: Explorer, key: str) -> None:
    page.page.keyboard.press(key)


def test_help_opens_by_key_lists_what_works_and_gives_the_focus_back(page: Explorer) -> None:
    page.slider(AMPLITUDE).focus()
    press(page, "?")
    page.wait(OPEN)
    dialog = page.page.get_by_role("dialog", name="Help")
    keys = dialog.locator(".keys > div")
    expect(keys.filter(has_text="View: f–I curve").locator("kbd")).to_have_text("2")
    expect(keys.filter(has_text="Fit the axes").locator("kbd")).to_have_text("F")
    for key, words in (("[", "Previous preset"), ("]", "Next preset"), ("/", "Search the presets")):
        expect(keys.filter(has_text=words).locator("kbd")).to_have_text(key)
    search = dialog.get_by_role("searchbox")
    search.fill("rheobase")
    expect(dialog.locator(".terms dt").first).to_contain_text("rheobase")
    search.press("2")  # in a text box it is a digit
    expect(search).to_have_value("rheobase2")
    expect(dialog.get_by_role("status")).to_contain_text("No term has")
    assert page.view("fi").get_attribute("aria-pressed") == "false"
    press(page, "Escape")
    page.wait(f"!{OPEN}")
    page.wait(f"{FOCUSED}(document.activeElement) === probe.row(a).querySelector('input[type=range]')", AMPLITUDE)
    page.button("Help").click()
    page.wait(OPEN)
    page.button("Close").click()
    page.wait(f"!{OPEN}")


def test_keys_open_views_pin_fit_and_play_but_never_in_a_field(page: Explorer) -> None:
    page.box(AMPLITUDE).focus()
    for key in ("2", ".", "f", "?"):
        press(page, key)
    page.box(AMPLITUDE).evaluate("(e) => e.blur()")
    assert not page.js(OPEN)
    expect(page.page.locator("button[data-view][aria-pressed=true]")).to_have_count(0)
    press(page, "2")
    page.wait("probe.model('fi:curves') != null && probe.data('fi:curves', 'x').length > 1")
    expect(page.view("fi")).to_have_attribute("aria-pressed", "true")
    press(page, "1")
    page.wait("probe.model('phase:path') != null && probe.data('phase:path', 'x').length > 1")
    page.page.get_by_role("button", name="Play").wait_for()  # it comes after the view's data
    press(page, "Space")  # the focus is on no button
    page.page.get_by_role("button", name="Pause").wait_for()
    press(page, "Space")
    page.page.get_by_role("button", name="Play").wait_for()
    page.picture(lambda: page.js("probe.figure().x_range.setv({start: 110, end: 150})"))
    press(page, "f")
    page.wait("probe.figure().x_range.start === 0 && probe.figure().x_range.end === 1000")
    press(page, ".")
    page.wait("probe.model('compare:other') != null && probe.data('compare:other', 'x').length > 1")
    expect(page.view("compare")).to_have_attribute("aria-pressed", "true")


def test_keys_can_be_switched_off_for_good(page: Explorer) -> None:
    page.button("Help").click()
    page.page.get_by_label("Keys without Ctrl are on").uncheck()
    press(page, "Escape")
    page.begin_anew()
    press(page, "2")
    press(page, "?")
    page.button("Help").click()
    box = page.page.get_by_label("Keys without Ctrl are on")
    expect(box).not_to_be_checked()
    box.check()
    press(page, "Escape")
    page.wait(f"!{OPEN}")
    expect(page.view("fi")).to_have_attribute("aria-pressed", "false")
    page.page.locator("body").press("2")
    page.wait("probe.model('fi:curves') != null && probe.data('fi:curves', 'x').length > 1")
    # where the browser remembers nothing they are off as long as the page is open
    page.js("(Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }, null)")
    page.button("Help").click()
    box.uncheck()
    press(page, "Escape")
    page.wait(f"!{OPEN}")
    page.js("addEventListener('keydown', (event) => { window.taken = event.defaultPrevented })")
    press(page, "f")
    assert not page.js("taken")
    page.button("Help").click()
    expect(box).not_to_be_checked()


def test_a_term_is_explained_where_the_pointer_rests(page: Explorer) -> None:
    tip = page.page.locator(".root > .tip").filter(has_text="Coefficient of variation")
    page.page.locator(".strip dt").filter(has_text="CV").hover()
    expect(tip).to_be_visible()
    press(page, "Escape")
    expect(tip).to_be_hidden()
    # a word in a sentence, found when it is pointed at
    place = page.js("""(() => {
        const text = probe.get(".cost").firstChild, range = new Range(), at = text.data.indexOf("scan")
        range.setStart(text, at)
        range.setEnd(text, at + 4)
        const {x, y, width, height} = range.getBoundingClientRect()
        return [x + width / 2, y + height / 2]
    })()""")
    page.page.mouse.move(*place)
    scan = page.page.locator(".root > .tip").filter(has_text="compiled loop")
    expect(scan).to_be_visible()
    page.page.mouse.move(place[0], place[1] + 300)
    expect(scan).to_be_hidden()
    # the meter adds what it has measured, by keyboard as well
    page.page.locator("button.meter .dot").wait_for()
    page.wait("probe.get('button.meter').dataset.more.includes('half the time step')")
    page.page.locator("button.meter").focus()
    press(page, "Shift+Tab")
    press(page, "Tab")
    expect(page.page.locator(".root > .tip")).to_contain_text("no spike of the first neuron moves")


def test_the_tour_goes_on_by_doing_and_stays_away_once_ended(page: Explorer) -> None:
    bar = page.page.get_by_role("region", name="Tour")
    expect(bar).to_have_count(0)  # as if it had been seen
    page.js("(localStorage.setItem('test:tour', 'first visit'), localStorage.removeItem('spark:tour'))")
    page.begin_anew()
    expect(bar).to_contain_text("Step 1 of 4")
    assert page.js(f"{FOCUSED}(document.activeElement) === document.body")
    page.picture(lambda: page.type(AMPLITUDE, "300"))
    expect(bar).to_contain_text("It is silent. Now raise")
    page.picture(lambda: page.type(AMPLITUDE, "600"))
    expect(bar).to_contain_text("Step 2 of 4")
    page.open_view("fi", "fi:curves")
    expect(bar).to_contain_text("Bring the dot to the dashed line")
    page.picture(lambda: page.type(AMPLITUDE, "376"))
    expect(bar).to_contain_text("Step 3 of 4")
    bar.get_by_role("button", name="Skip this step").click()
    expect(bar).to_contain_text("Step 4 of 4")
    bar.get_by_role("button", name="End tour").click()
    expect(bar).to_have_count(0)
    page.begin_anew()
    page.picture(partial(page.type, AMPLITUDE, "300"))  # the server knows by now whether it was asked for
    expect(bar).to_have_count(0)
    page.button("Help").click()
    page.button("Take the tour").click()
    expect(bar).to_contain_text("Step 1 of 4")


def test_why_it_is_silent_is_answered_until_that_holds_no_longer(page: Explorer) -> None:
    page.picture(lambda: page.type(AMPLITUDE, "300"))
    tip = page.page.locator(".root > .tip")
    page.page.locator(".strip dd").filter(has_text="silent").hover()
    tip.get_by_role("button", name="Why is it silent?").click()
    expect(tip.get_by_role("status")).to_contain_text("rests at −58.0 mV. To fire it needs more than 375 pA")
    page.picture(lambda: page.type(AMPLITUDE, "310"))
    expect(tip).to_be_hidden()
    page.box(AMPLITUDE).evaluate("(e) => e.blur()")
    press(page, "w")
    expect(tip.get_by_role("status")).to_contain_text("At 310 pA it rests at")
    press(page, "Escape")
    expect(tip).to_be_hidden()
