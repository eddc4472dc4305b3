"""Pages are built beside the event loop."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import panel as pn
import pytest
from bokeh.server.contexts import ApplicationContext
from panel.io.application import Application
from panel.io.handlers import ScriptHandler
from tornado.ioloop import IOLoop

import app
from app.page import building
from app.page.workbench import Workbench
from tests.app.server import asked

MAIN = Path(app.__file__).with_name("main.py")
PATIENCE = 20


def opened(found: Callable[[Any], object] = lambda context: None, visits: int = 1) -> list[Any]:
    """Documents of visits to the app, which all come at once; `found` looks at the server while they do."""

    async def run() -> list[Any]:
        handler = ScriptHandler(filename=str(MAIN), package=app)
        context = ApplicationContext(Application(handler), io_loop=IOLoop.current(), url="/app")
        building.begin(SimpleNamespace(application_context=context))
        loop = asyncio.get_running_loop()
        names = [f"visit {number}" for number in range(visits)]
        coming = [loop.create_task(context.create_session_if_needed(name, asked("/app"))) for name in names]
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
