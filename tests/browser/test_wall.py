"""The wall in the page: in which order, which of them, what they are called, and one as large as the projector."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.classroom.memory import Memory, Met
from app.classroom.wall import Wall, compute
from app.client.bundle import HERE
from app.session.session import Session
from app.session.share import to_dict
from tests.browser.explorer import TIMEOUT, watched

PAGE = """<!doctype html><meta charset="utf-8"><title>Wall</title>
<link rel="stylesheet" href="/shared/dialog.css"><link rel="stylesheet" href="/classroom/classroom.css">
<link rel="stylesheet" href="/classroom/wall.css"><style>body { margin: 0 }</style>
<main class="root"></main>
<script type="module">
  import {Wall} from "/classroom/wall.js"
  globalThis.said = []
  globalThis.wall = new Wall((message) => said.push(message))
  document.querySelector("main").append(wall.el)
</script>"""
TAKE = """([head, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0))
  const all = new Uint8Array(bytes.length + 3)
  all.set(bytes, 3)
  wall.take(head, all.buffer, 3)
}"""
NAMES = {"c1": "Nora", "a2": "<b>Bob</b>", "b3": "Zoë 10", "d4": "", "e5": "Zoë 9"}


def session_of(name: str = "AdaptiveExponentialSoma", **values: Any) -> Session:
    session = Session()
    session.choose_model(name)
    session.set({key.replace("__", "."): value for key, value in values.items()})
    return session


def several() -> Wall:
    """Nora follows, Bob's cannot be read, one Zoë fires fast and the other not at all, and one has no name."""
    bad = to_dict(session_of())
    bad["config"]["potential_tau"] = -1.0
    documents = {
        "c1": to_dict(session_of()),
        "a2": bad,
        "b3": to_dict(session_of(stimulus__0__amplitude=900.0)),
        "d4": to_dict(session_of("LeakySoma", run__duration=400.0)),
        "e5": to_dict(session_of(stimulus__0__amplitude=100.0, config__potential_tau=20.0)),
    }
    return compute(documents, to_dict(session_of()), seconds=1e9, memory=Memory())


class Shown:
    """A page with nothing but the wall."""

    def __init__(self, page: Page) -> None:
        self.page, self.wall = page, several()
        self.members = {k: {"name": v, "joined": n, "following": k == "c1"} for n, (k, v) in enumerate(NAMES.items())}
        self.tell()

    def tell(self) -> None:
        self.take(*self.wall.told(self.members))

    def take(self, head: dict[str, Any], data: bytes = b"") -> None:
        self.page.evaluate(TAKE, [head, base64.b64encode(data).decode()])

    @property
    def said(self) -> list[dict[str, Any]]:
        return self.page.evaluate("said.splice(0)")

    @property
    def names(self) -> list[str]:
        return self.page.locator(".tile strong").all_text_contents()

    def tile(self, name: str) -> Any:
        return self.page.get_by_role("button", name=f"{name}:")


@pytest.fixture
def shown(browser: Browser) -> Iterator[Shown]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    faults: list[str] = []
    watched(page, faults)

    def serve(route: Route) -> None:
        name = route.request.url.split("/", 3)[3]
        if name:
            route.fulfill(path=HERE / name)
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page.route("http://wall.test/**", serve)
    page.goto("http://wall.test/")
    page.wait_for_function("globalThis.wall != null")
    yield Shown(page)
    context.close()
    assert not faults, faults


def test_a_tile_is_a_trace_a_name_and_what_came_of_it(shown: Shown) -> None:
    assert shown.names == ["Nora", "<b>Bob</b>", "Zoë 10", "Student 4", "Zoë 9"], (
        "names are text, and whoever has none a number"
    )
    assert shown.page.locator(".tile b").count() == 0
    ada = shown.tile("Nora")
    expect(ada).to_have_accessible_name("Nora: adapting, 18 Hz, first spike after 15 ms; follows")
    expect(ada.locator(".changed")).to_be_empty()
    expect(shown.tile("Zoë 9").locator(".changed")).to_have_text("τm 16.6667 → 20 ms, I 500 → 100 pA")
    expect(shown.tile("<b>Bob</b>").locator(".why")).to_contain_text("The membrane time constant = -1 ms is out of")
    path = "(el) => el.querySelector('path.line').getAttribute('d')"
    one, other = (shown.tile(name).evaluate(path) for name in ("Nora", "Zoë 10"))
    assert one.startswith("M0.5 ") and "119.5" in one and one != other
    assert one == shown.tile("Zoë 10").evaluate("(el) => el.querySelector('path.ghost').getAttribute('d')")
    short = shown.tile("Student 4").evaluate(path)
    assert "L47.5 " in short and "L48.5" not in short, "it ends where its run does"
    expect(shown.page.locator(".axes")).to_contain_text("0 to 1000 ms")


def test_spikes_are_strokes_and_slopes_have_no_teeth(shown: Shown) -> None:
    path = "(el) => el.querySelector('path.line').getAttribute('d')"
    assert "V" in shown.tile("Nora").evaluate(path)
    silent = shown.tile("Zoë 9").evaluate(path)
    assert silent.count("L") > 90 and "V" not in silent


def test_tiles_stand_in_the_order_that_is_asked_for(shown: Shown) -> None:
    found = {}
    for by in ("name", "rate", "first", "pattern", "likeness", "joined"):
        shown.page.get_by_label("Order").select_option(by)
        found[by] = shown.names
    assert found["name"] == ["<b>Bob</b>", "Nora", "Student 4", "Zoë 9", "Zoë 10"]
    assert found["rate"][0] == "Student 4" and found["rate"][-2:] == ["Zoë 9", "<b>Bob</b>"]
    assert found["first"][:3] == ["Zoë 10", "Student 4", "Nora"]
    assert found["likeness"][0] == "Nora" and found["likeness"][-1] == "<b>Bob</b>"
    assert found["joined"] == ["Nora", "<b>Bob</b>", "Zoë 10", "Student 4", "Zoë 9"]


def test_some_are_left_out(shown: Shown) -> None:
    page, count = shown.page, shown.page.locator(".count")
    expect(count).to_have_text("5 students")
    page.get_by_role("switch", name="Hide followers").click()
    assert "Nora" not in shown.names
    page.get_by_role("switch", name="Changed only").click()
    assert shown.names == ["Zoë 10", "Student 4", "Zoë 9"]
    expect(count).to_have_text("3 of 5 students")
    page.get_by_role("searchbox").fill("100 pA")
    assert shown.names == ["Zoë 9"]
    page.get_by_label("Pattern").select_option("tonic")
    expect(page.get_by_text("No student is like that.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    assert len(shown.names) == 5
    assert page.get_by_label("Pattern").locator("option").first.text_content() == "All patterns (5)"
    page.get_by_label("Pattern").select_option("silent")
    assert shown.names == ["Zoë 9"]


def test_names_are_hidden_wherever_they_would_stand(shown: Shown) -> None:
    page = shown.page
    page.get_by_role("switch", name="Hide names").click()
    assert shown.said == [{"type": "anonymous", "on": True}] and "Nora" in shown.names, "the room says whether it is so"
    shown.take({"anonymous": True})
    assert shown.names == ["Student 3", "Student 1", "Student 2", "Student 4", "Student 5"]
    page.get_by_role("searchbox").fill("nora")
    assert shown.names == [], "looking for a name would tell whose it is"
    page.get_by_role("searchbox").fill("")
    page.locator(".tile").first.click()
    expect(page.get_by_role("dialog", name="Student 3")).to_be_visible()
    for name in ("Nora", "Bob", "Zoë"):
        assert name not in page.locator("main").inner_html()
    shown.take({"anonymous": False})
    expect(page.get_by_role("dialog", name="Nora")).to_be_visible()
    shown.members |= {"01": {"name": "Eve", "joined": 9}}
    shown.wall = compute({"01": to_dict(session_of())}, memory=Memory())
    page.keyboard.press("Escape")
    shown.take({"anonymous": True})
    shown.tell()
    assert shown.names == ["Student 6"], "whoever comes takes nobody's number"


def test_one_is_enlarged_and_the_next_and_the_one_before(shown: Shown) -> None:
    page = shown.page
    page.keyboard.press("Tab")
    page.locator(".tile").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_accessible_name("Zoë 10")
    assert shown.said == [{"type": "enlarge", "member": "b3"}]
    expect(dialog.locator(".place")).to_have_text("3 of 5")
    length = "(el) => el.querySelector('path.line').getAttribute('d').length"
    coarse = dialog.evaluate(length)
    shown.take(*shown.wall.large("b3"))
    assert dialog.evaluate(length) > 3 * coarse
    expect(dialog.locator(".across")).to_contain_text("time (ms)")
    expect(dialog.locator(".up")).to_contain_text("potential (mV)")
    expect(dialog.locator("li")).to_have_text(["I 500 → 900 pA"])
    shown.take(*shown.wall.large("c1"))
    assert dialog.evaluate(length) > 3 * coarse, "another's is not taken for it"
    page.keyboard.press("ArrowLeft")
    expect(dialog).to_have_accessible_name("<b>Bob</b>")
    expect(dialog.locator("p.why")).to_contain_text("out of bounds")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(dialog).to_have_accessible_name("Zoë 9")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(shown.tile("Zoë 9")).to_be_focused()


def test_a_trace_that_changes_while_it_is_large_is_asked_for_again(shown: Shown) -> None:
    shown.tile("Nora").click()
    assert len(shown.said) == 1
    shown.tell()
    assert shown.said == [], "nothing has changed"
    documents = {"c1": to_dict(session_of(stimulus__0__amplitude=650.0))}
    shown.wall = compute(documents, to_dict(session_of()), memory=Memory())
    shown.tell()
    assert shown.said == [{"type": "enlarge", "member": "c1"}]
    expect(shown.page.get_by_role("dialog").locator("li")).to_have_text(["I 500 → 650 pA"])


def test_one_is_shown_to_all_or_removed_when_it_was_asked(shown: Shown) -> None:
    page = shown.page
    shown.tile("Zoë 10").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Show to all").click()
    expect(dialog.get_by_role("status")).to_have_text("Shown to all.")
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog).to_contain_text("Remove Zoë 10 from the room?")
    page.keyboard.press("Enter")  # what has the focus keeps
    assert [one["type"] for one in shown.said] == ["enlarge", "show"]
    dialog.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog).to_be_hidden()
    assert shown.said == [{"type": "remove", "member": "b3"}]


def test_who_leaves_while_large_is_no_longer_shown(shown: Shown) -> None:
    shown.tile("Nora").click()
    shown.wall = Wall({k: v for k, v in shown.wall.tiles.items() if k != "c1"}, shown.wall.teacher)
    shown.tell()
    expect(shown.page.get_by_role("dialog")).to_be_hidden()
    assert "Nora" not in shown.names


def test_a_tile_that_moves_keeps_the_focus(shown: Shown) -> None:
    shown.page.get_by_label("Order").select_option("rate")
    shown.tile("Zoë 9").focus()
    documents = {k: met.document for k, met in shown.wall.tiles.items() if met}
    documents["e5"] = to_dict(session_of(stimulus__0__amplitude=1500.0))
    shown.wall = compute(documents, to_dict(session_of()), memory=Memory())
    shown.tell()
    assert shown.names.index("Zoë 9") < shown.names.index("Nora")
    expect(shown.tile("Zoë 9")).to_be_focused()
    assert shown.page.locator('.tile[tabindex="0"]').count() == 1


def test_who_has_no_trace_yet_is_told(shown: Shown) -> None:
    shown.wall = Wall({"c1": None, "b3": Met()})
    shown.tell()
    expect(shown.tile("Nora")).to_have_accessible_name("Nora: Computing…; follows")
    expect(shown.tile("Zoë 10").locator(".why")).to_have_text("Nothing to show yet.")


def test_an_empty_room_says_so(shown: Shown) -> None:
    shown.wall = Wall()
    shown.tell()
    expect(shown.page.get_by_text("Nobody has joined yet.")).to_be_visible()
    expect(shown.page.get_by_role("button", name="Show all")).to_be_hidden()


@pytest.mark.parametrize(("width", "columns"), [(390, 3), (768, 5), (1366, 7), (1920, 8), (2560, 8)])
def test_as_many_columns_as_there_is_room_for(shown: Shown, width: int, columns: int) -> None:
    document = to_dict(session_of())
    shown.wall = compute({f"{k:02}": document for k in range(40)}, memory=Memory())
    shown.tell()
    shown.page.set_viewport_size({"width": width, "height": 800})
    boxes = [tile.bounding_box() for tile in shown.page.locator(".tile").all()[:9]]
    assert len({round(box["x"]) for box in boxes if box}) == columns
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
