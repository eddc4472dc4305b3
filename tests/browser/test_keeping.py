"""Nothing is lost: the address is the session, gestures can be taken back, states are kept, connections come back."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app.keep.link import read, unpack
from app.session.share import to_dict
from tests.browser.explorer import Explorer
from tests.browser.pointers import TOUCH
from tests.browser.test_arrangement import drag_a_slider

AMPLITUDE, TAU = "stimulus.0.amplitude", "config.potential_tau"
TOAST = "probe.get('.toast').matches(':popover-open') ? probe.get('.toast .words').textContent : ''"


def document(page: Explorer) -> dict[str, Any]:
    """The session in the page's address."""
    return to_dict(read(page.js("location.hash.slice(1)"))[0])


def waits_for(page: Explorer, path: str, value: float) -> None:
    """Until the address says that this has this value, and tells the spikes of the run."""
    waits_for_link(page, "location.hash.slice(1)", path, value)


def waits_for_link(page: Explorer, link: str, path: str, value: float) -> None:
    def there() -> None:
        session, more = read(page.js(link))
        assert session.get(path) == value and "sent" in more

    page.soon(there)


def says(page: Explorer, words: str) -> None:
    page.wait(f"({TOAST}).includes(a)", words)


def test_a_link_opens_elsewhere_as_it_was_sent_with_view_options_and_pin(opened) -> None:
    page = opened()
    assert page.js("location.hash") == ""
    page.page.keyboard.press(".")  # pins the run, and opens the view that compares with it
    page.wait("probe.data('compare:other', 'x').length > 0")
    page.page.get_by_label("within", exact=True).select_option("5")
    page.type(AMPLITUDE, "430")
    page.type(TAU, "12.5")
    waits_for(page, TAU, 12.5)
    url, readouts = page.page.url, page.readouts
    assert len(url) < 2_000
    other = opened(link=url)
    says(other, "As sent: ")
    assert "largest difference 0.000 ms" in other.js(TOAST)
    other.wait("probe.data('compare:other', 'x').length > 0")
    assert other.readouts == readouts and document(other) == document(page)
    other.soon(lambda: _equal(other.sum, page.sum))  # in the space that the view leaves
    expect(other.page.get_by_label("within", exact=True)).to_have_value("5")
    assert read(other.js("location.hash.slice(1)"))[1]["pin"]["stimulus"][0]["amplitude"] == 500
    # Back and forward walk through what was shown; a reload and a bookmark are the same session.
    page.page.go_back()
    waits_for(page, TAU, 10)
    expect(page.slider(TAU)).to_have_attribute("aria-valuetext", "10 ms")
    page.page.go_back()
    waits_for(page, AMPLITUDE, 500)
    page.page.go_forward()
    page.page.go_forward()
    waits_for(page, TAU, 12.5)
    page.page.reload()
    page.wait_until_open()
    page.wait("JSON.stringify(probe.readouts()) === JSON.stringify(a)", readouts)
    expect(page.slider(AMPLITUDE)).to_have_attribute("aria-valuetext", "430 pA")


@pytest.mark.thorough  # that a view keeps its options is seen with a link as well
def test_what_is_chosen_on_a_view_comes_back_with_its_address(opened) -> None:
    page = opened()

    def option(label: str) -> Any:
        return page.page.get_by_label(label, exact=True)

    def again(check: Any) -> None:
        """After a reload; and gone where the address is that of before."""
        page.page.wait_for_timeout(600)  # the address has its rest
        page.page.reload()
        page.wait_until_open()
        check()

    page.open_view("atlas", "atlas:image", "image")
    option("across").select_option("config.threshold")
    option("colour by").select_option("rate")

    def both() -> None:
        expect(option("across")).to_have_value("config.threshold")
        expect(option("colour by")).to_have_value("rate")

    again(both)
    page.page.go_back()
    expect(option("colour by")).to_have_value("pattern")
    page.view("fi").click()
    page.button("Up and down").click()
    again(lambda: expect(page.button("Up and down")).to_have_attribute("aria-pressed", "true"))
    page.view("phase").click()
    page.button("Start at rest").click()
    page.wait("probe.get('[data-view=phase]').getAttribute('aria-pressed') === 'true'")
    page.js("window.spark.hand('view phase', {type: 'hand', x: -62, y: 0, final: true})")
    page.soon(lambda: _equal(document(page)["initial"]["potential"], -62.0))
    again(lambda: page.soon(lambda: _equal(document(page)["initial"]["potential"], -62.0)))


def test_a_hand_that_rests_in_a_gesture_leaves_the_address_before_it(opened) -> None:
    page = opened()
    page.type(AMPLITUDE, "450")
    waits_for(page, AMPLITUDE, 450)
    before = page.page.url
    box = page.steady_box(TAU)
    mouse = page.page.mouse
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=4)
    page.page.wait_for_timeout(900)
    assert page.page.url == before
    mouse.up()
    page.wait("location.href !== a", before)
    assert "sent" in read(page.js("location.hash.slice(1)"))[1]
    page.page.go_back()
    page.wait("location.href === a", before)
    expect(page.slider(TAU)).to_have_attribute("aria-valuetext", "10 ms")


def test_a_bad_link_says_so_and_opens_the_defaults(opened) -> None:
    page = opened(link="#1<img src=x onerror=alert(1)>")
    says(page, "This link is not whole: it may have been cut off when it was sent. Ask for it once more.")
    expect(page.slider(AMPLITUDE)).to_have_attribute("aria-valuetext", "500 pA")
    page.type(AMPLITUDE, "510")
    waits_for(page, AMPLITUDE, 510)


def test_mixed_changes_are_taken_back_to_the_exact_start(opened) -> None:
    page = opened()
    page.slider(AMPLITUDE).press("ArrowRight")
    page.wait("location.hash.length > 10")
    start = document(page)
    done = 1  # the first arrow
    kept = "JSON.parse(sessionStorage['spark:steps'] ?? '{}')"

    def made(act: Any) -> None:
        nonlocal done
        act()
        done += 1
        page.wait(f"{kept}.steps?.length === a", done + 1)

    def choose(menu: str, name: str) -> None:
        page.page.get_by_role("combobox", name=menu, exact=True).click()
        page.page.get_by_role("option", name=re.compile(f"^{name}")).first.click()

    made(lambda: choose("Model", "Adaptive exponential"))
    made(lambda: page.button("Next preset").click())
    for turn in range(5):
        made(lambda: page.slider(TAU).press("ArrowRight"))
        made(lambda turn=turn: page.type("config.adaptation_delta", str(20 + turn)))
        made(lambda: page.slider(AMPLITUDE).press("ArrowLeft"))
        made(lambda: page.slider("config.threshold").press("ArrowLeft"))
    made(lambda: choose("Stimulus", "Ramp"))
    says(page, "Stimulus: Step → Ramp.")
    made(lambda: page.page.locator("button.turn").click())
    made(lambda: page.button("Reset all").click())
    says(page, "Reset all.")
    assert done == 26
    end = document(page)
    page.page.wait_for_timeout(600)  # the address has its rest
    page.page.reload()
    page.wait_until_open()
    for left in range(done, 1, -1):
        page.page.keyboard.press("Control+z")
        page.wait(f"{kept}.at === a", left - 1)
    page.soon(lambda: _equal(document(page), start))
    expect(page.slider(AMPLITUDE)).to_have_attribute("aria-valuetext", f"{start['stimulus'][0]['amplitude']:g} pA")
    page.button("What was changed").click()
    expect(page.page.locator("#changes li")).to_have_count(done + 1)
    expect(page.page.locator("#changes [aria-current=true]")).to_have_text(re.compile("^I 500 → "))
    page.page.locator("#changes button").first.click()
    page.soon(lambda: _equal(document(page), end))


def _equal(one: Any, other: Any) -> None:
    assert one == other


def test_states_are_kept_sent_as_a_file_pinned_and_offered_again(opened, tmp_path: Path) -> None:
    page = opened()
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.type(AMPLITUDE, "450")
    page.page.keyboard.press("Escape")
    waits_for(page, AMPLITUDE, 450)
    page.button("Share").click()
    page.button("Copy link").click()
    page.wait("probe.get('dialog[open] .told').textContent === 'Copied.'")
    assert page.js("navigator.clipboard.readText()") == page.page.url != ""
    # The server's word comes late: what was copied is no longer the link, and what was said about it is not lost.
    page.js("spark.onSession()")
    assert page.js("probe.get('dialog[open] .told').textContent") == "Copied."
    page.js("(spark.session = {...spark.session, link: spark.session.link + 'x'}, spark.onSession())")
    assert page.js("probe.get('dialog[open] .told').textContent").startswith("The link has changed since it was copied")
    page.page.keyboard.press("Escape")
    expect(page.button("Share")).to_be_focused()
    page.js("history.pushState = history.replaceState = () => { throw new Error('too many') }")
    page.type(AMPLITUDE, "451")
    waits_for_link(page, "spark.session.link", AMPLITUDE, 451)
    page.button("Share").click()
    page.button("Copy link").click()
    page.wait("probe.get('dialog[open] .told').textContent === 'Copied.'")
    copied = page.js("navigator.clipboard.readText()")
    assert copied != page.page.url and copied.partition("#")[0] == page.page.url.partition("#")[0]
    assert read(copied.partition("#")[2])[0].get(AMPLITUDE) == 451
    page.js("delete history.pushState && delete history.replaceState")
    page.page.keyboard.press("Escape")
    page.type(AMPLITUDE, "450")
    waits_for(page, AMPLITUDE, 450)
    page.button("Share").click()
    page.button("QR code").click()
    page.wait("probe.get('.code svg') != null && probe.get('.code svg').getBoundingClientRect().width > 200")
    page.page.get_by_label("Name of the state").fill("<b>mine</b>")
    page.button("Keep this state").click()
    kept = page.page.locator(".states li")
    expect(kept).to_have_count(1)
    expect(kept.locator("input")).to_have_value("<b>mine</b>")
    assert kept.locator("img").evaluate("(one) => one.naturalWidth") == 200
    with page.page.expect_download() as saved:
        page.button("Export all").click()
    file = tmp_path / "states.json"
    saved.value.save_as(file)
    states = json.loads(file.read_text("utf-8"))["states"]
    assert [state["name"] for state in states] == ["<b>mine</b>"]
    assert read(states[0]["link"])[0].get(AMPLITUDE) == 450
    page.button("Delete <b>mine</b>").click()
    expect(kept).to_have_count(0)
    page.page.locator("dialog[open] .told button").click()
    expect(kept).to_have_count(1)
    page.page.keyboard.press("Escape")
    page.type(AMPLITUDE, "600")
    waits_for(page, AMPLITUDE, 600)
    page.button("Share").click()
    kept.get_by_role("button", name="Pin").click()
    page.wait("probe.data('compare:other', 'x').length > 0 && probe.data('compare:live', 'x').length > 0")
    assert page.js("probe.data('compare:other', 'x').length") < page.js("probe.data('compare:live', 'x').length")
    page.page.keyboard.press("l")
    kept.get_by_role("button", name="Open").click()
    waits_for(page, AMPLITUDE, 450)
    page.page.keyboard.press("l")
    kept.wait_for()
    other = file.with_name("other.json")
    other.write_text(json.dumps({"hello": 1}), "utf-8")
    page.page.locator("input[type=file]").set_input_files(other)
    page.wait("probe.get('dialog[open] .told').textContent.startsWith('This file holds no state of Spark')")
    page.page.locator("input[type=file]").set_input_files(file)
    page.wait("probe.get('dialog[open] .told').textContent.startsWith('0 of 1 states taken in')")
    document_file = file.with_name("state.json")
    document_file.write_text(json.dumps(document(page) | {"initial": {"potential": -66.0}}), "utf-8")
    page.page.locator("input[type=file]").set_input_files(document_file)
    page.soon(lambda: _equal(document(page)["initial"], {"potential": -66.0}))
    # The tab is closed in the middle of a gesture; another one of the same browser offers what was there.
    page.type(AMPLITUDE, "455")
    page.page.wait_for_timeout(150)  # all but the last 100 ms are kept
    page.page.close(run_before_unload=False)
    again = opened(context=page.page.context)
    says(again, "Go on where you were")
    again.page.locator(".toast").get_by_role("button", name="Open").click()
    waits_for(again, AMPLITUDE, 455)


SHELF = "JSON.parse(localStorage['spark:shelf'])"
NAMES = f"{SHELF}.map((one) => one.name).join()"


def keep(page: Explorer, name: str) -> None:
    page.page.get_by_label("Name of the state").fill(name)
    page.button("Keep this state").click()


def test_what_is_said_to_be_kept_is_there_and_two_tabs_do_not_spoil_it(opened) -> None:
    page = opened()
    page.button("Share").click()
    keep(page, "zero")
    # A state of before they had an id, and a title that is longer than a name may be.
    page.js(f"localStorage['spark:shelf'] = JSON.stringify({SHELF}.map(({{id, ...one}}) => one))")
    page.js("spark.session.title = 'T'.repeat(78) + '😀' + ', modified'")
    keep(page, "")
    long, kept = "T" * 78 + "😀", page.page.locator(".states li")
    expect(page.page.locator("dialog[open] .told")).to_have_text(f"Kept: {long}.")
    assert page.js(NAMES) == f"{long},zero"
    page.js("spark.session.title = 'T'.repeat(79) + '😀'")
    keep(page, "")
    assert page.js(f"{SHELF}[0].name") == "T" * 79  # no half of a character
    page.button(f"Delete {'T' * 79}").click()
    page.js("[spark.session.whole, a] = ['1' + 'a'.repeat(4e6), null]")
    keep(page, "too large")
    expect(page.page.locator("dialog[open] .told")).to_have_text(re.compile("^This state is too large to be kept"))
    expect(kept).to_have_count(2)
    page.js("spark.session.whole = null")
    # Another tab keeps one: this one shows it, also below a name that is being typed.
    kept.nth(1).locator("input").fill("one")
    other = opened(context=page.page.context)
    other.page.keyboard.press("l")
    keep(other, "two")
    expect(kept).to_have_count(3)
    expect(kept.nth(2).locator("input")).to_be_focused()
    kept.nth(2).locator("input").press("Enter")
    expect(page.page.locator("dialog[open] .told")).to_have_text("Renamed.")
    assert page.js(NAMES) == f"two,{long},one"
    page.button("Delete one").click()
    expect(other.page.locator(".states li")).to_have_count(2)
    keep(other, "three")
    expect(kept).to_have_count(3)
    page.page.locator("dialog[open] .told button").click()
    assert page.js(NAMES) == f"three,two,{long},one"
    # What was deleted there is neither renamed nor deleted here, where the list is still the old one.
    page.js("addEventListener('storage', (event) => event.stopImmediatePropagation(), true)")
    other.button("Delete two").click()
    expect(other.page.locator(".states li")).to_have_count(3)
    page.button("Delete three").click()
    page.wait(f"{NAMES} === a", f"{long},one")


def test_a_move_that_was_kept_outlives_a_page_that_is_loaded_anew_twice(opened) -> None:
    """The address of a page that comes back is first that of before: what was moved is kept until it says otherwise."""
    page = opened()
    page.type(AMPLITUDE, "440")
    waits_for(page, AMPLITUDE, 440)
    page.page.add_init_script("""
        const set = Storage.prototype.setItem
        Storage.prototype.setItem = function (name, text) {
            set.call(this, name, text)
            if (name !== "spark:now" || sessionStorage.getItem("test:again") == null) return
            sessionStorage.removeItem("test:again")
            location.reload()
        }
    """)
    page.js(
        """window.stays = true, sessionStorage.setItem("test:again", "yes"), spark.moves.set(a, [460, 1_000_000]),
        location.reload()""",
        AMPLITUDE,
    )
    page.wait("window.stays == null && sessionStorage.getItem('test:again') == null")
    page.page.wait_for_timeout(500)  # by then it is the third page
    page.wait_until_open()
    waits_for(page, AMPLITUDE, 460)
    assert page.js("spark.moves.size") == 0, "once the address says it, it is not kept besides"


def waits_for_long(page: Explorer, path: str, value: float) -> None:
    """The same where the address does not hold the current."""

    def there() -> None:
        found = unpack(page.js("location.hash.slice(1)"))
        assert found["state"]["config"][path.removeprefix("config.")] == value and "sent" in found

    page.soon(there)


def test_a_current_of_many_values_is_kept_by_the_browser_and_by_a_file(opened) -> None:
    page = opened()
    page.page.get_by_role("combobox", name="Stimulus", exact=True).click()
    page.page.get_by_role("option", name=re.compile("^Array")).first.click()
    box = page.row("stimulus.0.samples").locator("input")
    box.fill(", ".join(str(value % 7) for value in range(150)))
    box.press("Enter")
    page.wait("JSON.parse(sessionStorage['spark:now whole'] ?? '{}').whole?.length > 100")
    assert len(page.page.url) < 2_000
    kept = box.input_value()
    page.page.reload()
    page.wait_until_open()
    expect(page.row("stimulus.0.samples").locator("input")).to_have_value(kept)
    # It is kept with each entry of the browser's history, and with each change.
    page.type(TAU, "12")
    waits_for_long(page, TAU, 12)
    page.type(TAU, "13")
    waits_for_long(page, TAU, 13)
    page.page.go_back()
    expect(page.slider(TAU)).to_have_attribute("aria-valuetext", "12 ms")
    page.page.reload()
    page.wait_until_open()
    expect(page.slider(TAU)).to_have_attribute("aria-valuetext", "12 ms")
    expect(page.row("stimulus.0.samples").locator("input")).to_have_value(kept)
    for value in (13, 12, 10):
        page.page.keyboard.press("Control+z")
        expect(page.slider(TAU)).to_have_attribute("aria-valuetext", f"{value} ms")
    expect(page.row("stimulus.0.samples").locator("input")).to_have_value(kept)
    page.button("Share").click()
    page.wait("probe.get('.reach').textContent.startsWith('The current has too many values for a link')")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.button("Copy link").click()
    words = "Copied. It opens nowhere without the current: "
    page.wait("probe.get('dialog[open] .told').textContent.startsWith(a)", words)
    other = opened(link=page.page.url)
    says(other, "This link cannot be shown: it has a current of 150 values, which an address cannot hold.")


def test_the_dialog_fits_a_phone(opened) -> None:
    page = opened(390, 844, **TOUCH)
    drag_a_slider(page, TAU)
    page.wait("location.hash.length > 10")
    page.button("More").tap()
    page.page.locator("#menu [data-key=undo]").tap()
    expect(page.slider(TAU)).to_have_attribute("aria-valuetext", "10 ms")
    page.button("More").tap()
    page.page.locator("#menu [data-key=share]").tap()
    page.page.get_by_label("Link to what is shown").wait_for()
    for one in page.page.locator("dialog[open] button:visible").all():
        box = one.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 44
