"""A live page in a browser: from a file, with the network refused, by mouse, touch, keyboard, and in frames."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from app.run.readouts import readouts
from app.session.session import Session
from app.static_page import live_page
from app.static_page.live_page import of_session
from spark import simulate
from spark.analysis import fi_curve
from spark.nn.somas import (
    AdaptiveExponentialSoma,
    AdaptiveLeakySoma,
    IzhikevichSoma,
    LeakySoma,
    SimplifiedAdaptiveExponentialSoma,
)
from spark.stimuli import OrnsteinUhlenbeck, Step
from tests.browser.explorer import Explorer, watched
from tests.browser.pointers import Finger
from tests.browser.test_accessibility import violations

TAU, AMPLITUDE = "config.potential_tau", "stimulus.0.amplitude"
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
INK = """(canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    let sum = 0
    for (let k = 0; k < pixels.length; k += 4) sum += pixels[k] + 3 * pixels[k + 1] + 7 * pixels[k + 2]
    return sum
}"""
"""A checksum of what is drawn."""


@pytest.fixture
def file(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open text as a file of the disk; nothing may be asked of the network, and nothing may go wrong."""
    noted: list[tuple[list[str], str]] = []
    contexts = []

    def opened(text: str, name: str = "page.html", expected: str = "", **options: Any) -> Page:
        (tmp_path / name).write_text(text, "utf-8")
        context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}} | options)
        contexts.append(context)
        page = context.new_page()
        own: list[str] = []
        watched(page, own)
        noted.append((own, expected))
        page.goto((tmp_path / name).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    for faults, expected in noted:
        assert not [one for one in faults if not expected or expected not in one]


def adex(**options: Any) -> str:
    return live_page(AdaptiveExponentialSoma(adaptation_delta=80.0), Step(amplitude=600.0), duration=600.0, **options)


@contextmanager
def changed(page: Page, what: str) -> Iterator[None]:
    """What is said of the run is another one afterwards."""
    before = page.evaluate(f"JSON.stringify(page.shown.{what})")
    yield
    page.wait_for_function(f"(before) => JSON.stringify(page.shown.{what}) !== before", arg=before)


def states() -> list[tuple[Any, ...]]:
    """Twenty values of three models."""
    rng = np.random.default_rng(3)
    kinds = [(AdaptiveExponentialSoma, 900.0), (LeakySoma, 800.0), (IzhikevichSoma, 500.0)]
    return [(*kinds[k % 3], rng.uniform(0.7, 1.3), rng.uniform(0.5, 1.6)) for k in range(20)]


def test_the_read_outs_are_those_of_the_app(file: Callable[..., Page], x64: None) -> None:
    pages: dict[type, Page] = {}
    for kind, amplitude, stretch, strength in states():
        session = Session()
        session.choose_model(kind.__name__)
        page = pages.get(kind) or file(of_session(session), f"{kind.__name__}.html")
        pages[kind] = page
        field = "config.resistance"
        values = {field: float(session.get(field)) * stretch, AMPLITUDE: amplitude * strength}
        page.evaluate("(values) => page.set(values, true)", values)
        session.set(values)
        job = session.job()
        run = simulate(job.soma, job.stimulus, dt=job.dt, duration=job.steps * job.dt)
        expected = [list(one) for one in readouts(run, job.window)]
        page.wait_for_function("(v) => page.shown.stimulus[0].amplitude === v", arg=values[AMPLITUDE])
        assert page.evaluate("page.shown.readouts") == expected, (kind, values)
        terms = page.locator("dl div").all_inner_texts()
        assert [text.split("\n")[0] for text in terms] == [one[0] for one in expected]


def test_mouse_keyboard_and_wheel_move_it_and_the_address_keeps_it(file: Callable[..., Page]) -> None:
    page = file(adex())
    slider = page.get_by_role("slider", name="membrane time constant in ms")
    ink = page.locator(".potential canvas").evaluate(INK)
    box = slider.bounding_box()
    assert box is not None
    with changed(page, "spikes"):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
        page.mouse.up()
    page.evaluate(DRAWN)
    assert page.locator(".potential canvas").evaluate(INK) != ink
    with changed(page, "spikes"):
        slider.focus()
        page.keyboard.press("ArrowRight")
    value = page.evaluate(f"page.values.of['{TAU}']")
    page.wait_for_function(f"location.hash.includes('{TAU}={value}')")
    page.reload()
    page.wait_for_function("globalThis.page?.shown != null")
    assert page.evaluate(f"page.values.of['{TAU}']") == value
    expect(page.get_by_role("slider", name="membrane time constant in ms")).to_have_attribute(
        "aria-valuetext", f"{value} ms"
    )
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function("location.hash === ''")
    assert (
        page.evaluate(f"page.values.of['{TAU}']") == 9.37
        or page.evaluate("Object.keys(page.values.changed).length") == 0
    )


def test_what_is_refused_says_why_and_the_last_picture_stays(file: Callable[..., Page]) -> None:
    page = file(adex())
    count = page.evaluate("page.shown.spikes.length")
    box = page.get_by_role("textbox", name="membrane time constant in ms")
    box.fill("-5")
    box.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="must be")).to_have_text(
        "The membrane time constant must be greater than 0 ms, not -5 ms."
    )
    box = page.get_by_role("textbox", name="reset potential in mV")
    box.fill("20")
    box.press("Enter")
    expect(page.locator(".words")).to_contain_text("must stay below the spike cut-off")
    assert page.evaluate("page.shown.spikes.length") == count > 3
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator(".words")).to_have_text("")
    page.evaluate("(values) => page.set(values, true)", {"run.duration": 100_000, "config.dt": 0.01})
    expect(page.locator(".words")).to_contain_text(
        "This run has 10,000,000 steps, of at most 2,000,000: shorten the run"
    )
    page.evaluate("(values) => page.set(values, true)", {"run.duration": 600, TAU: 0.2, "config.dt": 1.0})
    with pytest.raises(ValueError) as refused:
        simulate(AdaptiveExponentialSoma(potential_tau=0.2), 600.0, dt=1.0)
    expect(page.locator(".words")).to_have_text(str(refused.value))
    assert page.evaluate("page.shown.spikes.length") == count


@pytest.mark.parametrize("width", [320, 768])
def test_a_finger_moves_it_and_nothing_is_cut_off(file: Callable[..., Page], width: int) -> None:
    page = file(adex(show=["phase"]), viewport={"width": width, "height": 700}, has_touch=True, is_mobile=True)
    page.wait_for_function("globalThis.page?.shown != null")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    slider = page.get_by_role("slider", name="resting potential in mV")
    box = slider.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    finger, middle = Finger(Explorer(page)), box["y"] + box["height"] / 2
    place = page.evaluate("page.values.of['config.potential_rest']")
    with changed(page, "spikes"):
        finger.drag((box["x"] + box["width"] * 0.5, middle), (box["x"] + box["width"] * 0.7, middle))
    assert page.evaluate("page.values.of['config.potential_rest']") > place
    page.locator(".potential canvas").tap(position={"x": 150, "y": 40})
    for place in page.locator("button:visible").all():
        there = place.bounding_box()
        assert there is not None and there["x"] >= 0 and there["x"] + there["width"] <= width


def test_presets_pins_views_and_what_is_locked(file: Callable[..., Page]) -> None:
    page = file(adex(locked=["amplitude"]))
    page.get_by_role("button", name="Pin").click()
    page.get_by_text("sources", exact=False).first.click()
    row = page.locator("details.equations")
    page.get_by_role("combobox", name="Values").select_option(label="Tonic")
    assert row.count() == 1 and row.get_attribute("open") is not None, "what was open stays open"
    assert page.get_by_role("slider", name="membrane time constant in ms").count() == 1
    page.wait_for_function("page.values.state.id !== 'saved'")
    assert page.evaluate("page.picture.held.spikes.length") != page.evaluate("page.shown.spikes.length")
    assert page.evaluate("page.picture.plane.lines.length") == 3
    page.wait_for_function("page.picture.fi.lines.length === 2")
    rates = page.evaluate("page.picture.fi.lines[1].y")
    assert rates[0] == 0 and max(rates) > 20
    assert page.get_by_role("slider", name="amplitude in pA").is_disabled()
    assert page.locator("math").count() >= 1


def test_noise_has_trials_and_a_long_run_goes_to_a_worker(file: Callable[..., Page]) -> None:
    page = file(live_page(LeakySoma(), OrnsteinUhlenbeck(mean=400.0, std=200.0), duration=1000.0))
    page.wait_for_function("globalThis.page?.shown != null")
    assert page.evaluate("page.shown.trains.length") == 11
    assert len({tuple(train) for train in page.evaluate("page.shown.trains")}) == 11
    assert page.evaluate("page.runner.worker != null"), "twelve trials of 10,000 steps are long"
    first = page.evaluate("page.shown.spikes")
    page.evaluate("(values) => page.set(values, true)", {"stimulus.0.std": 0})
    page.wait_for_function("page.shown.trains.length === 0")
    assert page.evaluate("page.shown.spikes") != first


def test_three_frames_of_one_document_do_not_disturb_each_other(file: Callable[..., Page], tmp_path: Path) -> None:
    """Each of another origin than the document, as a file's frames are; spoken with by messages."""
    (tmp_path / "leaky.html").write_text(live_page(LeakySoma(), Step(amplitude=600.0)), "utf-8")
    (tmp_path / "adex.html").write_text(adex(), "utf-8")
    frames = "".join(
        f'<iframe id="{one}" src="{file}" style="width:100%;height:500px"></iframe>'
        for one, file in (("a", "leaky.html"), ("b", "adex.html"), ("c", "leaky.html"))
    )
    page = file(
        f"""<h1>Course</h1>{frames}<script>
        globalThis.heard = {{}}
        const frames = ["a", "b", "c"].map((id) => document.getElementById(id))
        addEventListener("message", ({{data, source}}) => {{
            const from = frames.find((one) => one.contentWindow === source)?.id
            ;(heard[from] ??= []).push(data)
        }})
        globalThis.tell = (id, said) => document.getElementById(id).contentWindow.postMessage(said, "*")
    </script>""",
        "course.html",
    )
    for one in "abc":
        page.wait_for_function(
            "(id) => { tell(id, {spark: 'get'}); return heard[id]?.at(-1).spikes.length > 0 }", arg=one
        )
    before = {one: page.evaluate("(id) => heard[id].at(-1).spikes", one) for one in "abc"}
    assert before["a"] == before["c"] != before["b"]
    page.evaluate(
        "heard = {}; tell('a', {spark: 'set', values: {'stimulus.0.amplitude': 900, 'config.threshold': 1e9}})"
    )
    page.wait_for_function("heard.a?.at(-1).spark === 'state'")
    answer = page.evaluate("heard.a.at(-1)")
    assert answer["values"][AMPLITUDE] == 900 and len(answer["spikes"]) > len(before["a"])
    assert list(answer["errors"]) == ["config.threshold"] and answer["readouts"]["spikes"][0] == str(
        len(answer["spikes"])
    )
    page.evaluate("tell('c', {spark: 'follow'})")
    page.wait_for_function("heard.c?.at(-1).spark === 'state'")
    assert page.evaluate("heard.c.at(-1).spikes") == before["c"] and page.evaluate("heard.b") is None
    inner = page.frame_locator("#c").get_by_role("slider", name="membrane time constant in ms")
    inner.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.wait_for_function("heard.c.at(-1).spark === 'changed'")
    assert page.evaluate("heard.a.length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_system(file: Callable[..., Page], scheme: Any) -> None:
    page = file(adex(), color_scheme=scheme)
    back = page.locator("main").evaluate("(main) => getComputedStyle(main).backgroundColor")
    assert (back == "rgb(255, 255, 255)") == (scheme == "light")
    page.get_by_role("button", name="Light or dark").click()
    assert page.locator("main").evaluate("(main) => getComputedStyle(main).backgroundColor") != back


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(file: Callable[..., Page], scheme: Any) -> None:
    page = file(adex(locked=["amplitude"], text="Raise it."), color_scheme=scheme)
    page.wait_for_function("page.shown != null")
    assert violations(Explorer(page)) == []


def test_the_curve_is_that_of_the_library(file: Callable[..., Page], x64: None) -> None:
    page = file(adex(show=["fi"]))
    page.wait_for_function("page.picture.rates != null")
    found = page.evaluate("page.picture.rates")
    soma = AdaptiveExponentialSoma(adaptation_delta=80.0)
    expected = fi_curve(soma, np.array(found["amplitudes"]), duration=1000.0, onset=0.0, settle=0.0)
    np.testing.assert_allclose([one["steady"] for one in found["rates"]], expected.steady_rate, atol=1e-6)
    np.testing.assert_allclose([one["first"] for one in found["rates"]], expected.first_rate, atol=1e-6)
    assert max(expected.steady_rate) > 20


PLANES = [AdaptiveExponentialSoma, IzhikevichSoma, AdaptiveLeakySoma, SimplifiedAdaptiveExponentialSoma]


@pytest.mark.parametrize("kind", PLANES, ids=lambda kind: kind.__name__)
def test_nothing_moves_on_a_nullcline(file: Callable[..., Page], kind: Any) -> None:
    """The flow is zero where one is drawn; that of a soft threshold's potential may lie outside of the axes."""
    page = file(live_page(kind(), Step(amplitude=500.0), show=["phase"]))
    page.wait_for_function("globalThis.page?.shown != null")
    drawn = page.evaluate("""() => {
        const {lines} = page.picture.plane, {name} = page.content.plane, {p, window: [from, to], dt, held} = page.shown
        const soma = page.runner.module(page.values.state.solver), current = held[Math.floor((from + to) / 2 / dt)]
        const flow = ({x, y}, k) => soma.flow(p, {...soma.initial(p), potential: x[k], [name]: y[k]}, current)
        return ["potential", name].map((still, n) => Array.from(lines[n].x, (_, k) => flow(lines[n], k)[still])
            .filter((one, k) => Number.isFinite(lines[n].y[k]) && Number.isFinite(lines[n].x[k])))
    }""")
    assert len(drawn[1]) > 100 and (len(drawn[0]) > 10 or kind is SimplifiedAdaptiveExponentialSoma)
    for values in drawn:
        assert np.max(np.abs(values), initial=0.0) < 1e-3


def test_an_answer_waits_for_its_run(file: Callable[..., Page], tmp_path: Path) -> None:
    """Of noise, which runs in the worker; what is refused says so beside the run before."""
    noise = live_page(LeakySoma(), OrnsteinUhlenbeck(mean=400.0, std=200.0))
    (tmp_path / "noise.html").write_text(noise, "utf-8")
    page = file(
        """<iframe id="a" src="noise.html" style="width:100%;height:600px"></iframe><script>
        globalThis.heard = []
        addEventListener("message", ({data}) => heard.push(data))
        globalThis.tell = (said) => document.getElementById("a").contentWindow.postMessage(said, "*")
    </script>""",
        "course.html",
    )
    page.wait_for_function("() => { tell({spark: 'get'}); return heard.at(-1)?.spikes.length > 0 }")
    page.evaluate("heard.length = 0; tell({spark: 'set', values: {'stimulus.0.mean': -500, 'stimulus.0.std': 10}})")
    page.wait_for_function("heard.some(({values}) => values['stimulus.0.mean'] === -500)")
    answer = page.evaluate("heard.find(({values}) => values['stimulus.0.mean'] === -500)")
    assert answer["spikes"] == [] and answer["wrong"] == "" and answer["readouts"]["pattern"][0] == "silent"
    page.evaluate("heard.length = 0; tell({spark: 'set', values: {'config.potential_reset': -50}})")
    page.wait_for_function("heard.length > 0")
    assert "must stay below" in page.evaluate("heard[0].wrong")
    page.evaluate("heard.length = 0; tell({spark: 'set', state: 'nobody'})")
    page.wait_for_function("heard.length > 0")
    assert page.evaluate("heard[0].errors") == {"state": "There are no values nobody."}


def test_without_a_worker_it_runs_all_the_same(file: Callable[..., Page]) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"worker-src 'none'\">"
    noise = live_page(LeakySoma(), OrnsteinUhlenbeck(mean=400.0, std=200.0))
    page = file(noise.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{policy}'), expected="Content Security")
    page.wait_for_function("globalThis.page?.shown?.trains.length === 11")
    page.wait_for_function("page.picture.rates != null")
