"""Every model, with every slider at both of its ends."""

import pytest
from playwright.sync_api import expect

from app.session.session import Session
from app.views.traces import slower
from spark.nn.components.somas import Soma, catalogue
from tests.browser.explorer import EACH_MODEL, Explorer
from tests.common import each

ENDS = """
async ([key, end]) => {       // move a slider to an end as the keyboard does; wait for the answer
  const row = probe.row(key), slider = row.querySelector("input[type=range]"), before = probe.revision()
  const was = slider.getAttribute("aria-valuetext"), shown = probe.sum()
  if (end === "reset") { row.querySelector(".reset").click() } else {
    slider.focus()
    slider.dispatchEvent(new KeyboardEvent("keydown", {key: end, bubbles: true, cancelable: true}))
  }
  const moved = slider.getAttribute("aria-valuetext") !== was
  if (end !== "reset" && !moved) { return {moved} }
  const wrong = () => probe.error() || probe.rowError(key)
  const painted = () => probe.revision() > before
  const answered = () => end === "reset" ? painted() && !wrong() : painted() || wrong()
  const until = performance.now() + 60000
  while (!answered() || probe.say("busy")) {
    if (performance.now() > until) { return {late: true} }
    await new Promise(requestAnimationFrame)
  }
  const error = probe.error() || probe.rowError(key)
  return {moved, error, finite: probe.finite(), kept: probe.sum() === shown, position: slider.value,
    points: probe.data("v0", "y").length, painted: probe.revision() > before}
}
"""


@pytest.mark.parametrize("kind", each(catalogue().values()))
def test_every_slider_at_both_ends(shared: Explorer, kind: type[Soma]) -> None:
    page = shared
    session = Session()
    session.choose_model(kind.__name__)
    expected = [f"config.{field}" for field in session.fields]
    if page.page.get_by_role("combobox", name="Model", exact=True).inner_text() != kind.title:
        page.choose_model(kind.title, expected[-1])
    times = session.job().run().spike_times[0]
    page.wait("probe.readouts().spikes === String(a)", len(times))
    page.spikes_are(times)
    page.keys_are("config.", expected)
    expect(page.page.locator("annotation")).to_have_text([rf"\displaystyle {line}" for line in kind.equations])
    page.page.locator(".equations summary").click()
    expect(page.page.get_by_text(kind.references[0].text).first).to_be_visible()
    page.page.locator(".equations summary").click()
    assert page.finite
    start = page.sum
    problems = []
    for key in [*expected, *(key for key in page.keys("stimulus.") if not key.endswith("until_end"))]:
        for end in ("End", "Home"):
            got = page.page.evaluate(ENDS, [key, end])
            back = page.page.evaluate(ENDS, [key, "reset"]) if got.get("moved") else {"finite": True, "points": 2}
            if got.get("late") or back.get("late"):
                problems.append(f"{key} {end}: neither a picture nor an error")
            elif not got["moved"]:
                continue
            elif got["error"]:
                if not got["kept"] or len(got["error"]) < 20:
                    problems.append(f"{key} {end}: {got}")
            elif not (got["painted"] and got["finite"] and got["points"] > 1):
                problems.append(f"{key} {end}: {got}")
            if back.get("error"):
                problems.append(f"{key} reset after {end}: {back}")
    assert not problems, "\n".join(problems)
    page.wait("probe.sum() === a", start)


@EACH_MODEL
def test_one_after_the_other_in_one_page(page: Explorer, names: list[str]) -> None:
    page.picture(lambda: page.type("config.potential_rest", "-68"))
    kinds = [catalogue()[name] for name in names]
    session = Session()
    session.set({"config.potential_rest": -68.0})
    for kind in [*kinds[1:], kinds[0]]:
        session.choose_model(kind.__name__)
        page.choose_model(kind.title, f"config.{list(session.fields)[-1]}")
        page.spikes_are(session.job().run().spike_times[0])
        page.keys_are("config.", [f"config.{field}" for field in session.fields])
        # values that both models have are kept
        page.value_is("config.potential_rest", session.get("config.potential_rest"))
        assert page.finite and len(page.data("v0")) > 100
        page.wait("(probe.data('second', 'y').length > 0) === a", bool(slower(session.soma)))
        if session.untouched:  # else the sentence is of the run
            expect(page.page.locator(".say")).to_have_text(kind.shows)
