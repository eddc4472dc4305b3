"""Arrows point down only: who may import whom, kept by reading every import of the library and the app.

Floors: core, solvers (0) <- nn, stimuli (1) <- recording (1.5) <- simulation, presets (2) <- analysis, export, io (3)
<- fit (3.2) <- app (4 to 5).
"""

import ast
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import make_rooms

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "spark.core": 0,
    "spark.solvers": 0,
    "spark.nn": 1,
    "spark.stimuli": 1,
    "spark.recording": 1.5,
    "spark.simulation": 2,
    "spark.presets": 2,
    "spark.analysis": 3,
    "spark.io": 3,
    "spark.export": 3,
    "spark.fit": 3.2,
    "spark": 3.5,  # the front door re-exports every room, so no room may come in through it
    "app.hues": 4,
    "app.glossary": 4,
    "app.numbers": 4,
    "app.limits": 4,
    "app.session": 4.1,
    "app.keep": 4.15,
    "app.client": 4.2,
    "app.mystery": 4.25,
    "app.run": 4.3,
    "app.sidebar": 4.4,
    "app.foresight": 4.5,
    "app.classroom": 4.55,
    "app.views": 4.6,
    "app.accuracy": 4.7,
    "app.export": 4.7,
    "app.static_page": 4.7,
    "app.lessons": 4.75,
    "app.compiled_on_disk": 4.75,
    "app.compile_ahead": 4.8,
    "app.page": 4.9,
    "app.server": 4.9,
    "app.main": 5,
    "app.app_hooks": 5,
    "app.__main__": 5,
    "app": 5,
}
APP = FLOORS["app.hues"]
"""The lowest floor of the app."""
LIBRARY = sys.stdlib_module_names | {"jax", "jaxlib", "numpy", "param", "spark"}
EXTRA = {
    "spark.stimuli.waveforms": {"scipy"},  # which JAX brings
    "spark.simulation.progress": {"tqdm"},
    "spark.recording.frames": {"pandas", "xarray"},
    "spark.recording.drawing": {"holoviews"},
    "spark.fit.passive": {"scipy"},  # likewise
    "spark.io.nwb": {"h5py", "hdmf", "pynwb"},
    "spark.io.nwb_reading": {"h5py"},
    "spark.io.readers.abf": {"pyabf"},
    "spark.io.readers.hdf5": {"h5py"},
    "spark.io.readers.igor": {"igor2"},
    "spark.io.readers.nwb": {"h5py"},
    "spark.export.expressions": {"sympy"},
    "spark.export.brian2_text": {"sympy"},
}
"""What a module may import of an extra, when it is asked for."""
GUI = {"panel", "panel_material_ui", "holoviews", "bokeh"}


def floor(module: str) -> float:
    room = ".".join(module.split(".")[:2])
    assert room in FLOORS, f"{room} has no floor: give it one in {Path(__file__).name}"
    return FLOORS[room]


def imported(source: str, module: str, is_package: bool = False) -> Iterator[tuple[int, str, bool]]:
    """(line, absolute name, was relative) of everything that `module` imports, wherever in the file."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name, False) for alias in names)
            case ast.ImportFrom(module=base, names=names, level=level):
                above = package[: len(package) - level + 1] if level else []
                target = ".".join([*above, *([base] if base else [])])
                # In `from spark import x`, x may be a room; deeper, the module alone says enough.
                for alias in names:
                    room = f"{target}.{alias.name}"
                    yield node.lineno, room if target in ("spark", "app") and room in FLOORS else target, level > 0
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, name, False


def violations(source: str, module: str, is_package: bool = False) -> list[str]:
    found = []
    own = floor(module)
    for line, name, relative in imported(source, module, is_package):
        top = name.split(".")[0]
        if top in ("spark", "app") and floor(name) > own:
            found.append(f"{module}:{line} imports {name}, which is on a higher floor")
        if own < APP and top not in LIBRARY | EXTRA.get(module, set()):
            found.append(f"{module}:{line} imports {name}: spark stands on jax, numpy and param alone")
        if top == "app" and own >= APP and not relative:
            found.append(f"{module}:{line} imports {name} by name: the server loads app/ under another one")
        if floor(module) == FLOORS["app.session"] and top in GUI:
            found.append(f"{module}:{line} imports {name}: a session knows nothing of the page")
    return found


def modules(folder: str) -> Iterator[tuple[Path, str, bool]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        yield path, ".".join(parts[:-1] if is_package else parts), is_package


def test_every_arrow_points_down():
    files = [*modules("spark"), *modules("app")]
    assert any(name == "spark" for _, name, _ in files), "there is no library to check"
    assert not [
        fault for path, name, is_package in files for fault in violations(path.read_text("utf-8"), name, is_package)
    ]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("spark.core.config", "from spark.nn import somas"),
        ("spark.core.config", "from spark import nn"),
        ("spark.core.config", "from ..nn.components import base"),
        ("spark.core.config", "from .. import simulation"),
        ("spark.solvers", "import importlib\nimportlib.import_module('spark.nn')"),
        ("spark.stimuli", "from spark import simulate"),
        ("spark.nn.components.base", "def late():\n    import spark.simulation.simulate"),
        ("spark.simulation.simulate", "from spark.analysis import spikes"),
        ("spark.analysis.curves", "from app import session"),
        ("spark.analysis.curves", "import scipy.optimize"),
        ("spark.simulation.simulate", "from tqdm import tqdm"),
        ("spark.nn.components.base", "import flax.nnx"),
        ("spark.recording.recording", "from ..simulation import simulate"),
        ("spark.recording.recording", "from ..io import write"),
        ("spark.recording.recording", "import pandas as pd"),
        ("spark.analysis.phase_plane", "import holoviews as hv"),
        ("app.run.live", "from app.session.session import Session"),
        ("app.session.session", "from bokeh.models import Range1d"),
        ("app.session.job", "import panel as pn"),
        ("app.session.job", "from ..run import live"),
        ("app.run.pipeline", "from .. import compile_ahead"),
        ("app.run.pipeline", "from ..views.style import xy"),
        ("app.views.fi.view", "from ...page.explain import Explain"),
        ("app.views.side", "if TYPE_CHECKING:\n    from ..page import explain"),
    ],
)
def test_a_wrong_arrow_is_found(module, source):
    assert violations(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("spark.core.config", "import math\nimport jax.numpy as jnp\nfrom .quantity import Quantity"),
        ("spark.presets.naud", "from spark.nn import somas\nfrom spark import simulation, stimuli"),
        ("spark.analysis.curves", "from ..simulation import simulate"),
        ("app.run.live", "import spark\nimport panel as pn\nfrom ..session.session import Session"),
        ("app.session.session", "import param\nimport spark"),
        ("app.page.screen", "from .. import compile_ahead\nfrom ..views import traces"),
    ],
)
def test_a_right_arrow_is_let_be(module, source):
    assert not violations(source, module)


def test_a_room_without_a_floor_is_found():
    with pytest.raises(AssertionError, match=r"spark\.cellar has no floor"):
        violations("", "spark.cellar")


def neighbours(package: str, sources: dict[str, tuple[str, bool]]) -> dict[str, set[str]]:
    """Which modules of `package` each of them imports, for a type checker alone or not."""
    found: dict[str, set[str]] = {}
    for module, (source, is_package) in sources.items():
        found[module] = set()
        inside = module.split(".") if is_package else module.split(".")[:-1]
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom):
                above = inside[: len(inside) - node.level + 1] if node.level else []
                target = ".".join([*above, *([node.module] if node.module else [])])
                names = [f"{target}.{alias.name}" for alias in node.names]
                found[module] |= {name if name in sources else target for name in names}
            elif isinstance(node, ast.Import):
                found[module] |= {alias.name for alias in node.names}
        found[module] = {name for name in found[module] - {module} if f"{name}.".startswith(f"{package}.")}
    return found


def circle(neighbours: dict[str, set[str]]) -> list[str]:
    """The first circle of imports, [] when there is none."""
    done: set[str] = set()

    def follow(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for following in sorted(neighbours.get(module, ())):
            if found := follow(following, [*path, module]):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(neighbours) if (found := follow(module, []))), [])


@pytest.mark.parametrize("package", ["spark", "app"])
def test_nobody_imports_in_a_circle(package):
    folder = package.replace(".", "/")
    sources = {name: (path.read_text("utf-8"), is_package) for path, name, is_package in modules(folder)}
    assert len(sources) > 1 and not circle(neighbours(package, sources))


def test_a_circle_is_found_even_where_only_a_type_checker_sees_it():
    sources = {
        "room": ("from .a import thing", True),
        "room.a": ("from . import b", False),
        "room.b": ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .c import C", False),
        "room.c": ("import room.a", False),
    }
    assert circle(neighbours("room", sources)) == ["room.a", "room.b", "room.c", "room.a"]
    assert not circle(neighbours("room", sources | {"room.c": ("import os", False)}))


WITNESS = """
import json, sys, threading
__import__(sys.argv[1])
from jax._src import xla_bridge  # JAX has no public word for "no device was touched yet"
seen = {
    "modules": sorted({name.split(".")[0] for name in sys.modules}),
    "threads": threading.active_count(),
    "device": xla_bridge.backends_are_initialized(),
}
open(sys.argv[2], "w").write(json.dumps(seen))
"""


def witness(module: str, report: Path) -> tuple[str, dict]:
    """What `module` printed when a fresh interpreter imported it, and what stood there afterwards."""
    command = [sys.executable, "-c", WITNESS, module, str(report)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr, json.loads(report.read_text())


@pytest.mark.parametrize("module", ["spark", "spark.io"])
def test_importing_spark_prints_nothing_starts_nothing_and_needs_no_gui(module, tmp_path):
    printed, seen = witness(module, tmp_path / "seen.json")
    assert printed == ""
    assert not (GUI | set().union(*EXTRA.values())) & set(seen["modules"])
    assert seen["threads"] == 1
    assert not seen["device"]


def test_the_session_needs_no_gui(tmp_path):
    rooms = [name for _, name, _ in modules("app") if floor(name) == FLOORS["app.session"]]
    assert "app.session.share" in rooms
    for module in rooms:
        _, seen = witness(module, tmp_path / "seen.json")
        assert not GUI & set(seen["modules"])


def test_the_witness_sees_a_gui(tmp_path):
    _, seen = witness("bokeh", tmp_path / "seen.json")
    assert "bokeh" in seen["modules"]


def test_the_picture_of_the_rooms_is_true():
    """All rooms stand there on their floors; the stations of a slider's move are files, at most twelve."""
    rows = [[room.removesuffix(".py").replace("/", ".") for room in row] for _, row in make_rooms.FLOORS]
    heights = [[FLOORS[room] for room in row] for row in rows]
    assert all(min(above) > max(below) for above, below in itertools.pairwise(heights))
    single = ("main", "app_hooks", "__main__", "compiled_on_disk", "hues", "glossary", "numbers", "limits")
    others = {"app", "spark", *(f"app.{name}" for name in single)}
    assert {room for row in rows for room in row} == set(FLOORS) - others
    assert len(make_rooms.LIFE) <= 12 and all((ROOT / file).is_file() for file, _ in make_rooms.LIFE)
    assert make_rooms.FILE.read_text("utf-8") == make_rooms.draw(), "make it again: python -m docs.make_rooms"
