"""What others do not promise is used in the seams alone, and no component has a private name of theirs by accident."""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import panel as pn
import pytest

from app.client import seam
from app.client.messenger import Messenger
from spark.core import param_seam

ROOT = Path(__file__).resolve().parents[2]
SEAMS = ("app/client/seam.py", "spark/core/param_seam.py")
PUBLIC = {"_replace", "_asdict", "_fields"}
"""Promised by Python: named tuples have no other place for them."""


def defined(source: str) -> set[str]:
    """Names that classes and functions of a module define."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
    return found


def own(folders: tuple[str, ...] = ("app", "spark")) -> set[str]:
    """Names that our own classes and modules define."""
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return set().union(*(defined(path.read_text("utf-8")) for path in paths))


def foreign(source: str, ours: set[str]) -> Iterator[str]:
    """Uses of what others do not promise: their private names, and whatever the seams list.

    A public word of theirs that is ours as well ("session") is let be. A private one is let be of an object's own
    (`self`), where any module of ours may have defined it, and of another object where the same module defines it.
    """
    here = defined(source)
    listed = {where.split(":")[1].split(".")[-1] for where, *_ in seam.NAMES + param_seam.NAMES}

    def refused(name: str, mine: bool) -> bool:
        if name.startswith("__") or name in PUBLIC:
            return False
        if name.startswith("_"):
            return name not in (ours if mine else here) or (name in listed and not mine)
        return name in listed and name not in ours

    for node in ast.walk(ast.parse(source)):
        names: list[tuple[str, bool]] = []
        match node:
            case ast.Attribute(value=base, attr=name):
                names = [(name, isinstance(base, ast.Name) and base.id in ("self", "cls"))]
            case ast.Call(func=ast.Name(id="getattr" | "setattr" | "hasattr"), args=[_, ast.Constant(value=name), *_]):
                names = [(str(name), False)]
            case ast.ImportFrom(module=module, names=imported, level=0):
                names = [(part, False) for part in (module or "").split(".") if part.startswith("_")]
                names += [(alias.name, False) for alias in imported]
            case ast.Import(names=imported):
                names = [(part, False) for alias in imported for part in alias.name.split(".")]
        yield from (f"line {node.lineno}: {name}" for name, mine in names if refused(name, mine))  # type: ignore[attr-defined]


@pytest.mark.parametrize("folder", ["app", "spark"])
def test_nothing_private_of_others_is_used_outside_the_seams(folder: str) -> None:
    ours, found = own(), []
    for path in sorted((ROOT / folder).rglob("*.py")):
        at = path.relative_to(ROOT).as_posix()
        if at not in SEAMS:
            found += [f"{at}, {use}" for use in foreign(path.read_text("utf-8"), ours)]
    assert not found, "reach it through app/client/seam.py:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "menu._debounce = 0",
        "self._debounce = 0",
        "state._views[ref]",
        "connection._socket",
        "getattr(session, '_pending_writes', None)",
        "pn.state.param.watchers",
        "from bokeh.io.doc import patch_curdoc",
        "from jax._src import xla_bridge",
        "import bokeh._specs",
        "def f(self): self._process_event(1)",
        "application.add_handlers(r'.*', [])",
        "state._loop",  # we have one of that name, somewhere else
    ],
)
def test_a_use_outside_the_seams_is_found(source: str) -> None:
    assert list(foreign(source, {"_socket", "_loop"}))


@pytest.mark.parametrize(
    "source",
    [
        "self._socket.close()",
        "def _mine(): pass\nother._mine()",
        "pair._replace(x=1)",
        "a.__dict__",
        "from .channel import _Socket",
    ],
)
def test_what_is_our_own_is_let_be(source: str) -> None:
    assert not list(foreign(source, {"_socket", "_mine", "_Socket", "session"}))


def components(above: Any = Messenger) -> Iterator[Any]:
    for kind in above.__subclasses__():
        if kind.__module__.startswith("app."):
            yield kind
            yield from components(kind)


def test_no_component_takes_a_private_name_of_panels_by_accident() -> None:
    for path in (ROOT / "app").rglob("*.py"):
        if "Messenger" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    theirs = set(dir(pn.custom.JSComponent())) - {"_esm"}  # Panel's documented way to say what runs in the page
    kinds = [Messenger, *components()]
    assert len(kinds) > 5
    for kind in kinds:
        tree = ast.parse(inspect.getsource(sys.modules[kind.__module__]))
        body = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
        names = {
            name
            for node in ast.walk(body)
            for name in (getattr(node, "name", None), getattr(node, "attr", None) if _stores(node) else None)
            if name and name.startswith("_") and not name.startswith("__")
        }
        assert not names & theirs, f"{kind.__name__} and Panel {pn.__version__} both call something {names & theirs}"


def _stores(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
