"""Pages are built beside the event loop."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import panel as pn
import panel.io.server
import pytest
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.models import Div, ImportedStyleSheet
from bokeh.protocol.messages.pull_doc_reply import pull_doc_reply
from bokeh.server.contexts import ApplicationContext
from bokeh.settings import settings
from panel.io.application import Application
from panel.io.handlers import ScriptHandler
from panel.io.resources import LOCAL_DIST, patch_model_css
from panel.io.state import set_curdoc
from tornado.ioloop import IOLoop

import app
from app.page import building
from app.page.prepared import Prepared
from app.page.workbench import Workbench
from tests.app.server import asked

MAIN = Path(app.__file__).with_name("main.py")
PATIENCE = 20


@pytest.fixture(autouse=True)
def _panels_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a server changes in Panel and Bokeh is as before after a test."""
    for name in ("bundle_resources", "patch_model_css"):
        monkeypatch.setattr(panel.io.server, name, getattr(panel.io.server, name))
    yield
    settings.perform_document_validation.unset_value()


def opened(found: Callable[[Any], object] = lambda context: None, visits: int = 1, path: str = "/app") -> list[Any]:
    """Documents of visits to the app, which all come at once; `found` looks at the server while they do."""

    async def run() -> list[Any]:
        handler = ScriptHandler(filename=str(MAIN), package=app)
        context = ApplicationContext(Application(handler), io_loop=IOLoop.current(), url="/app")
        building.begin(SimpleNamespace(application_context=context))
        loop = asyncio.get_running_loop()
        names = [f"visit {number}" for number in range(visits)]
        coming = [loop.create_task(context.create_session_if_needed(name, asked(path))) for name in names]
        found(context)
        sessions = await asyncio.wait_for(asyncio.gather(*coming), PATIENCE)
        return [session.document for session in sessions]

    return asyncio.run(run())


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads in which pages were begun."""
    threads: list[str] = []

    class Noted(Workbench):
        def __init__(self) -> None:
            threads.append(threading.current_thread().name)
            super().__init__()

    monkeypatch.setattr(building, "Workbench", Noted)
    return threads


def test_pages_are_built_beside_the_event_loop_each_in_its_own_document(noted: list[str]) -> None:
    documents = opened(visits=3)
    assert noted == ["spark-page_0"] * 3
    assert len({id(doc.roots[0]) for doc in documents}) == 3
    for doc in documents:
        assert [root.document is doc for root in doc.roots] == [True] * len(doc.roots)
        assert {model.document for model in doc.models} == {doc}


def test_what_a_page_is_sent_is_written_before_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    write, written = Document.to_json, list[str]()

    def noted(doc: Document, **how: Any) -> Any:
        written.append(threading.current_thread().name)
        return write(doc, **how)

    monkeypatch.setattr(Document, "to_json", noted)
    (doc,) = opened()
    told = pull_doc_reply.create(ID("a question"), doc)
    assert written == ["spark-page_0"] and told.content["doc"] == write(doc).content
    doc.to_json()  # it is answered once
    assert written == ["spark-page_0", "MainThread"]


@pytest.mark.parametrize("change", ["root", "title"])
def test_what_changes_before_a_page_asks_is_sent(change: str) -> None:
    doc = Document()
    doc.add_root(Div(text="before"))
    Prepared(doc)
    if change == "root":
        doc.roots[0].text = "after"
    else:
        doc.title = "after"
    told = doc.to_json()
    assert told.content == Document.to_json(doc).content and "after" in str(told.content)


def test_a_page_is_valid(caplog: pytest.LogCaptureFixture) -> None:
    """A server does not look, since that would take time of its event loop for each page."""
    (doc,) = opened()
    with caplog.at_level(logging.WARNING):
        doc.validate()
    assert not [one.getMessage() for one in caplog.records if one.name.startswith("bokeh")]


@pytest.mark.parametrize("path", ["/app", "/course/spark/app"])
def test_a_page_has_its_styles_from_here_before_panel_would_see_to_it(path: str) -> None:
    (doc,) = opened(path=path)
    before = [one.url for one in doc.models if isinstance(one, ImportedStyleSheet)]
    with set_curdoc(doc):
        here = f"{pn.state.rel_path}/{LOCAL_DIST}" if pn.state.rel_path else LOCAL_DIST
    for root in doc.roots:
        patch_model_css(root, dist_url=here)
    assert before and before == [one.url for one in doc.models if isinstance(one, ImportedStyleSheet)]


def test_the_event_loop_turns_while_a_page_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = threading.Event()

    class Slow(Workbench):
        def __init__(self) -> None:
            assert turned.wait(PATIENCE)
            super().__init__()

    monkeypatch.setattr(building, "Workbench", Slow)
    opened(lambda context: asyncio.get_running_loop().call_later(0.05, turned.set))


def test_a_page_that_cannot_be_built_there_is_built_on_the_event_loop(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    threads: list[str] = []

    class Fails(Workbench):
        def __init__(self) -> None:
            threads.append(threading.current_thread().name)
            if len(threads) == 1:
                pn.state.curdoc.add_root(pn.pane.Markdown("unfinished page").get_root())
                raise RuntimeError("no")
            super().__init__()

    monkeypatch.setattr(building, "Workbench", Fails)
    (doc,) = opened()
    assert threads == ["spark-page_0", "MainThread"]
    assert "unfinished page" not in str(doc.to_json())
    assert [type(root).__name__ for root in doc.roots] == ["ReactComponent", "BrowserInfo"]
    assert "could not be built beside the event loop" in caplog.text
