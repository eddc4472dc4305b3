"""What `app/client/shared/seam.js` reaches of BokehJS and Panel is there: an upgrade that breaks it is told by name."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, TimeoutError

from app.client.bundle import HERE
from tests.browser.conftest import Server
from tests.browser.explorer import HELPERS

SEAM = HERE / "shared" / "seam.js"
NAMES = [
    name
    for file in (SEAM, SEAM.with_name("seam_layout.js"))
    for name in re.findall(r"@reaches (.+)", file.read_text("utf-8"))
]

HAVE = """{
  get doc() { return Bokeh.documents[0] },
  get source() { return this.doc.get_model_by_name("spark:v0") },
  get figure() { return [...Bokeh.index.query((one) => one.model === probe.plot("v0"))][0] },
  get view() { return [...Bokeh.index.query((one) => one.model.class_name === "Picture")][0] },
  get proxy() { return this.view.model_proxy },
}"""
"""What the checks look at; found anew by each, so that one name that is gone spoils no other."""
CHECKS = {
    "view.model.document": "a.view.model.document === a.doc",
    "Document.get_model_by_name": "a.doc.get_model_by_name('spark:v0') === a.source",
    "Document.get_model_by_id": "a.doc.get_model_by_id(a.source.id) === a.source",
    "Document._all_models": "a.doc._all_models.size > 100 && a.doc._all_models.get(a.source.id) === a.source",
    "Document.on_event": "typeof a.doc.on_event === 'function'",
    "Document.config": "a.doc.config.notify_connection_status === false && a.doc.config.reconnect_session === false",
    "Figure.outer_width": "a.figure.model.outer_width > 100",
    "Figure.outer_height": "a.figure.model.outer_height > 100",
    "FigureView.compute_layout": "typeof a.figure.compute_layout === 'function'",
    "Model.properties": "Object.keys(a.source.properties).includes('data')",
    "Model.document": "a.source.document === a.doc",
    "Model.setv with sync: false": """(() => {
        const told = [], note = (event) => told.push(event), range = a.figure.model.y_range, {start} = range
        a.doc.on_change(note)
        range.setv({start: start - 1}, {sync: false})
        const changed = range.start === start - 1, quiet = told.every((event) => event.sync === false)
        range.setv({start}, {sync: false})
        a.doc.remove_on_change(note)
        return changed && told.length > 0 && quiet
    })()""",
    "Model.setv with check_eq: false": """(() => {
        let told = 0
        const note = () => { told++ }, {data} = a.source
        a.source.properties.data.change.connect(note)
        a.source.setv({data}, {sync: false})
        const compared = told
        a.source.setv({data}, {sync: false, check_eq: false})
        a.source.properties.data.change.disconnect(note)
        return compared === 0 && told === 1
    })()""",
    "Model.properties.data.change.connect": """(() => {
        let told = 0
        const note = () => { told++ }
        a.source.properties.data.change.connect(note)
        a.source.setv({data: {...a.source.data}}, {sync: false, check_eq: false})
        a.source.properties.data.change.disconnect(note)
        return told === 1
    })()""",
    "Model.properties.data.change.disconnect": """(() => {
        let told = 0
        const note = () => { told++ }
        a.source.properties.data.change.connect(note)
        const gone = a.source.properties.data.change.disconnect(note)
        a.source.setv({data: {...a.source.data}}, {sync: false, check_eq: false})
        return gone && told === 0
    })()""",
    "Model.properties.inner_width.change.connect": """(() => {
        let told = 0
        const note = () => { told++ }, {inner_width} = a.figure.model
        a.figure.model.properties.inner_width.change.connect(note)
        a.figure.model.setv({inner_width: inner_width + 1}, {sync: false})
        a.figure.model.setv({inner_width}, {sync: false})
        a.figure.model.properties.inner_width.change.disconnect(note)
        return told === 2
    })()""",
    'Bokeh.require("core/util/ndarray").ndarray': """(() => {
        const made = Bokeh.require("core/util/ndarray").ndarray(new Uint8Array(6), {dtype: "uint8", shape: [2, 3]})
        return made.shape.join() === "2,3" && made.dtype === "uint8" && made.length === 6
    })()""",
    "Bokeh.index.query": "[...Bokeh.index.query((one) => one.model === a.figure.model)].join() === [a.figure].join()",
    "FigureView.is_destroyed": "a.figure.is_destroyed === false",
    "FigureView.el": "a.figure.el.getBoundingClientRect().width > 300",
    "Figure.below[].axis_label": "a.figure.model.below[0].axis_label === null",
    "Figure.left[].axis_label": "a.figure.model.left[0].axis_label === 'V (mV)'",
    "FigureView.export": """a.figure.export("svg").canvas instanceof SVGElement
        && a.figure.export("png").canvas.width > 300""",
    "CanvasLayer.to_blob": """["svg", "png"].every((type) => a.figure.export(type).to_blob() instanceof Promise)""",
    "Figure.inner_width": "a.figure.model.inner_width > 300",
    "Figure.renderers[].data_source.name": """a.figure.model.renderers.some(
        (one) => one.data_source?.name === 'spark:v0')""",
    "Figure.renderers[].data_source.data": """a.figure.model.renderers.some(
        (one) => one.data_source?.name === 'spark:v0' && one.data_source.data.x.length > 1)""",
    "FigureView.pause": "(a.figure.pause(), a.figure.is_paused) && (a.figure.unpause(true), !a.figure.is_paused)",
    "FigureView.unpause": "(a.figure.pause(), a.figure.unpause(true), !a.figure.is_paused)",
    "FigureView.paint": """(() => {
        const {ctx} = a.figure.canvas.primary, {stroke} = ctx
        let drawn = 0
        ctx.stroke = (...args) => { drawn++; stroke.apply(ctx, args) }
        a.figure.paint()
        ctx.stroke = stroke
        return drawn > 0
    })()""",
    'model.on("msg:custom")': """(() => {
        const before = a.view._event_handlers.length
        const listener = () => null
        a.proxy.on("msg:custom", listener)
        const added = a.view._event_handlers.length === before + 1
        a.proxy.off("msg:custom", listener)
        return before >= 1 && added
    })()""",
    "model.send_msg": "typeof a.proxy.send_msg === 'function'",
    'model.on("remove")': "a.view._lifecycle_handlers.get('remove').length === 1",
    "katex.render": "typeof katex.render === 'function' && probe.deep('.equations math') != null",
}


@pytest.fixture(scope="module")
def wrong(browser: Browser, server: Server) -> Iterator[dict[str, str]]:
    """What is wrong with each name; the page need not work for that."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script(HELPERS)
    page.goto(server.url)
    with suppress(TimeoutError):
        page.locator(".equations math").first.wait_for(timeout=30_000)
        page.locator(".bk-Figure").first.wait_for(timeout=30_000)
        page.wait_for_function("probe.revision() > 0", timeout=30_000)
    checks = ", ".join(f"{name!r}: (a) => ({check})" for name, check in CHECKS.items())
    yield page.evaluate(f"""() => Object.fromEntries(Object.entries({{{checks}}}).map(([name, check]) => {{
        try {{ return [name, check({HAVE}) ? "" : "it does something else"] }}
        catch (error) {{ return [name, String(error)] }}
    }}))""")
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has(name: str, wrong: dict[str, str]) -> None:
    if wrong.get(name):
        pytest.fail(f"{SEAM.name} reaches {name}: {wrong[name]}", pytrace=False)


def test_nothing_else_is_looked_for() -> None:
    assert sorted(NAMES) == sorted(CHECKS)
