"""The main jobs in Firefox, and in WebKit, Safari's engine: `make thorough`."""

import pytest

from spark.presets import presets
from tests.engines.conftest import Page

pytestmark = pytest.mark.thorough
AMPLITUDE = "stimulus.0.amplitude"
MODEL = "AdaptiveExponentialSoma"
ENTER = "\ue007"
SPIKES = "probe.data('spikes', 'x').length"


def test_a_slider_is_answered(page: Page) -> None:
    page.picture("open")
    many = page.js(SPIKES)
    assert many > 10
    thumb = page.js(f"(({{value, max}}) => value / max)(probe.row('{AMPLITUDE}').querySelector('input[type=range]'))")
    page.slide(AMPLITUDE, thumb, 0.18)
    page.wait(f"{SPIKES} === 0")
    page.wait("probe.readouts().pattern === 'silent'")
    page.click(f"probe.row('{AMPLITUDE}').querySelector('.reset')")
    page.wait(f"{SPIKES} === {many}")


def test_keys_of_a_slider(page: Page) -> None:
    page.js(f"probe.row('{AMPLITUDE}').querySelector('input[type=range]').focus()")
    value = f"Number(probe.row('{AMPLITUDE}').querySelector('.box').value)"
    before, revision = page.js(value), page.js("probe.revision()")
    page.engine.press("\ue014")
    page.wait(f"{value} > {before} && probe.revision() > {revision}")


def test_a_model_and_a_preset_by_keyboard(page: Page) -> None:
    page.js("probe.deep('[role=combobox][aria-label=Model]').focus()")
    page.engine.press(ENTER)
    page.wait("probe.deep('[role=listbox]:popover-open, [role=listbox]') != null")
    page.engine.press(*"Adaptive e")
    page.engine.press(ENTER)
    page.wait("probe.row('config.adaptation_tau') != null")
    page.engine.press("]")
    page.wait("probe.deep('[role=combobox][aria-label=Preset]').textContent !== 'Default values'")
    title = page.js("probe.deep('[role=combobox][aria-label=Preset]').textContent")
    assert title in {preset.title for preset in presets().values() if preset.soma == MODEL}
    page.picture("preset")


def test_equations_are_set(page: Page) -> None:
    # Subscripts are smaller and lower than what they belong to; arrows have a width.
    page.click("probe.deep('.equations summary')")
    subs = """[...probe.deep('.equations').querySelectorAll('msub')].map((e) => [...e.children].map((one) => {
        const {height, bottom, width} = one.getBoundingClientRect()
        return {size: parseFloat(getComputedStyle(one).fontSize), bottom, width}
    }))"""
    found = page.js(subs)
    assert found
    for base, sub in found:
        assert sub["size"] < base["size"] and sub["bottom"] > base["bottom"], (base, sub)
    arrows = page.js(
        """[...probe.deep('.equations').querySelectorAll('mo')].filter((e) => /[→⇒]/.test(e.textContent)).map((e) => {
            const range = document.createRange(); range.selectNodeContents(e)
            return Math.max(e.getBoundingClientRect().width, range.getBoundingClientRect().width)
        })"""
    )
    assert arrows and min(arrows) > 5
    page.picture("equations")


def test_the_phase_plane_and_its_player(page: Page) -> None:
    page.click("probe.deep('button[data-view=phase]')")
    page.wait("probe.model('phase:path') != null && probe.data('phase:path', 'x').length > 1")
    page.wait("probe.deep('.player output') != null")
    page.click("probe.deep('.player button')")
    page.wait("/\\d/.test(probe.deep('.player output').textContent)")
    page.click("probe.deep('.player button')")
    cut = "((e) => e.scrollWidth - e.clientWidth)(probe.deep('.player output'))"
    right = "((e) => e.getBoundingClientRect().right - innerWidth)(probe.deep('.player output'))"
    assert page.js(cut) <= 0 and page.js(right) <= 0
    page.picture("phase")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("fi", "fi:curves"),
        ("intervals", "intervals:own"),
        ("reset", "reset:map"),
        ("atlas", "atlas:image"),
        ("currents", "currents:total"),
        ("compare", None),  # words, until a run is pinned
    ],
)
def test_every_view_opens(page: Page, name: str, source: str | None) -> None:
    page.click(f"probe.deep('button[data-view={name}]')")
    page.wait(f"probe.deep('button[data-view={name}][aria-pressed=true]') != null")
    if source:
        page.wait(f"probe.model('{source}') != null && Object.values(probe.model('{source}').data)[0].length > 0")
        page.wait(f"probe.drawn('{source}') != null && probe.frame('{source}').width > 100")
    page.js("new Promise((done) => setTimeout(done, 1000)) && null")  # until it is painted
    page.picture(name)
