"""What others do not promise is there, and does what is needed.

After an upgrade this file says which name has gone and who needs it, before a page is dead.
"""

import importlib
import inspect
import re
from importlib.metadata import packages_distributions, version
from types import SimpleNamespace
from typing import Any

import panel as pn
import panel.io.server
import panel_material_ui as pmui
import pytest
from bokeh.document import Document
from bokeh.document.events import MessageSentEvent
from bokeh.models import Div
from bokeh.server.connection import ServerConnection
from packaging.version import Version
from panel.io.state import set_curdoc
from panel.models.esm import DataEvent
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from app.client import seam
from app.page.workbench import Workbench
from spark.core import param_seam
from tests.app.server import asked, in_session

SEAMS = {"app/client/seam.py": seam.NAMES, "spark/core/param_seam.py": param_seam.NAMES}
PACKAGES = packages_distributions()
LISTED = [(path, *name) for path, names in SEAMS.items() for name in names]


def installed(where: str) -> tuple[str, Version]:
    """The package that has this name, and its version here."""
    package = PACKAGES[where.split(".")[0].split(":")[0]][0]
    return package, Version(version(package))


def is_there(where: str) -> bool:
    """Whether a name still leads somewhere: an attribute, or one that its class gives to instances."""
    module, way = where.split(":")
    *above, last = way.split(".")
    try:
        owner: Any = importlib.import_module(module)
        for step in above:
            owner = getattr(owner, step)
    except (ImportError, AttributeError):
        return False
    bases = [base for base in getattr(owner, "__mro__", ()) if base is not object and base.__module__ != "builtins"]
    return hasattr(owner, last) or any(re.search(rf"\bself\.{last}\b.* = ", inspect.getsource(base)) for base in bases)


@pytest.mark.parametrize(
    ("path", "where", "needed_by"),
    [
        pytest.param(path, where, needed_by, id=where)
        for path, where, releases, needed_by in LISTED
        if installed(where)[1] >= Version(releases.split(",")[0])
    ],
)
def test_a_name_that_nobody_promises_is_there(path: str, where: str, needed_by: str) -> None:
    package, here = installed(where)
    assert is_there(where), f"{package} {here} no longer has {where}: see {path}, {needed_by}"
    needs = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    assert hasattr(needs, needed_by), f"{path} has no {needed_by}, which is said to need {where}"


def test_a_name_that_has_gone_is_missed() -> None:
    assert not is_there("panel.io.state:_state._windows")
    assert not is_there("panel.io.states:_state")
    assert not is_there("bokeh.server.session:Session._pending_writes")


def test_under_the_lock_a_callback_has_its_document_and_the_lock() -> None:
    async def test(session: Any) -> None:
        doc, found = session.document, []
        await seam.under_lock(doc, lambda: found.append((seam.is_locked(doc), pn.state.curdoc is doc)))
        assert found == [(True, True)]
        assert not seam.is_locked(doc)
        session.destroy()
        await seam.under_lock(doc, lambda: found.append((False, False)))
        assert len(found) == 1, "it was called although the session had ended"

    in_session(test)


def test_a_document_that_no_server_shows_has_neither_session_nor_loop() -> None:
    doc = SimpleNamespace(session_context=None)
    assert seam.session_of(doc) is None and seam.loop_of(doc) is None
    assert seam.sockets_of(doc) == [] and not seam.is_locked(doc)


class Heard(seam.Component):
    """Keeps what its page says."""

    _esm = "export function render() {}"

    def take(self, data: dict[str, Any]) -> None:
        self.said = (data, pn.state.curdoc)


def test_a_component_hears_its_page_and_speaks_to_it() -> None:
    async def test(session: Any) -> None:
        doc, component = session.document, Heard()
        told: list[Any] = []
        assert not component.is_shown
        component.send({"to": "nobody"})
        with set_curdoc(doc):
            model = component.get_root(doc)
        assert component.is_shown

        def both() -> None:
            doc.on_change(told.append)
            component.send({"head": "hello"})
            model._trigger_event(DataEvent(model=model, data={"type": "ready"}))

        await seam.under_lock(doc, both)
        assert component.said == ({"type": "ready"}, doc)
        (event,) = told
        assert isinstance(event, MessageSentEvent) and event.msg_data.data == {"head": "hello"}

    in_session(test)


def connected(session: Any) -> WebSocketHandler:
    """A page's connection, as far as the server's end of it goes."""
    socket = WebSocketHandler(Application(), asked("/app/ws"))
    ServerConnection(None, socket, None, session)
    return socket


def test_the_app_answers_beside_bokehs_own_connection() -> None:
    async def test(session: Any) -> None:
        assert seam.sockets_of(session.document) == []
        socket = connected(session)
        assert seam.sockets_of(session.document) == [socket]
        for _ in range(2):
            seam.serve_beside(socket, "live", WebSocketHandler)
        added = socket.application.default_router.rules[:-1]
        assert len(added) == 1, "it is not added once for all pages"
        assert socket.application.find_handler(asked("/app/live")).handler_class is WebSocketHandler

    in_session(test)


def test_strangers_are_not_welcome(caplog: pytest.LogCaptureFixture) -> None:
    handler: Any = SimpleNamespace(application=SimpleNamespace(websocket_origins={"localhost:5006"}))
    assert seam.is_welcome(handler, "http://localhost:5006")
    assert not seam.is_welcome(handler, "http://elsewhere")


def test_what_other_sessions_do_changes_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Panel's busy state is one for all of them; each page that followed it cost a walk through its document."""
    followed, left = pmui.Page(title="followed"), pmui.Page(title="left")
    seam.leave_alone(left)
    told: list[tuple[str, bool]] = []
    for page in (followed, left):
        page.param.watch(lambda event: told.append((event.obj.title, event.new)), "busy")
    for busy in (True, False):
        with pn.util.edit_readonly(pn.state):
            pn.state.busy = busy
    assert told == [("followed", True), ("followed", False)]
    seam.leave_alone(followed)


def test_the_files_of_our_page_are_looked_for_once_for_each_way_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, patched = list[str](), list[Any]()

    def find(roots: Any, resources: Any) -> Any:
        looked.append(resources.root_url)
        return SimpleNamespace(js_raw=["a"])

    monkeypatch.setattr(panel.io.server, "bundle_resources", find)
    monkeypatch.setattr(panel.io.server, "patch_model_css", lambda root, dist_url: patched.append(root))
    seam.keep_bundles()
    kept, patch = panel.io.server.bundle_resources, panel.io.server.patch_model_css
    seam.keep_bundles()  # as where the hooks are read twice
    assert panel.io.server.bundle_resources is kept and panel.io.server.patch_model_css is patch
    ways = [SimpleNamespace(mode="server", root_url=f"/{one}/", absolute=False) for one in range(seam.WAYS + 1)]
    ours, other = Document(), Document()
    seam.keep_styles_here(ours)
    with set_curdoc(ours):
        kept([], ways[0]).js_raw.append("written into the one that is embedded")
        assert kept([], ways[0]).js_raw == ["a"] and looked == ["/0/"]
        for way in ways:
            kept([], way)
        assert looked == [way.root_url for way in ways]
        kept([], ways[-1])
        kept([], ways[0])  # of endless ways the first are looked for again
        assert looked[len(ways) :] == ["/0/"]
    with set_curdoc(other):  # an app beside it has files of its own
        for _ in range(2):
            kept([], ways[0])
    assert looked[len(ways) :] == ["/0/"] * 3
    for doc in (ours, other):
        doc.add_root(Div())
        patch(doc.roots[0], "static/")
    assert patched == other.roots


def test_the_page_is_left_alone() -> None:
    def bound() -> int:
        return len(pn.state.param.watchers.get("busy", {}).get("value", []))

    async def test(session: Any) -> None:
        before = bound()
        with set_curdoc(session.document):
            Workbench()
        assert bound() == before

    in_session(test)
