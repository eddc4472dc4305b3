"""What type checkers read of somas and recordings, from their declarations: the `.pyi` files beside the modules.

A soma takes the fields of its config, and a recording has the variables that were recorded: a checker can find neither
in the code. `python -m docs.make_stubs` writes them down.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from spark.core.choices import OneOf, Whole
from spark.core.config import Config
from spark.core.quantity import Quantity
from spark.nn.components.somas import Soma, catalogue
from spark.nn.components.somas.declared import Reference
from spark.nn.components.somas.population import Precision, Units

ROOT = Path(__file__).resolve().parents[1]
HEAD = '"""Made by `python -m docs.make_stubs` from what is declared: do not edit."""\n'
TYPES: dict[type, str] = {
    Quantity: "Value",
    Units: "int | Sequence[int] | None",
    Precision: "DTypeLike | None",
    Whole: "int",
    OneOf: "Solver",
}
"""What a field takes, by the class that it is declared with."""


def stubs() -> dict[Path, str]:
    """Each stub by its path."""
    own = [kind for kind in catalogue().values() if kind.__module__.startswith("spark.")]
    modules = [importlib.import_module(name) for name in dict.fromkeys(kind.__module__ for kind in own)]
    found = {_path(module): _module(module) for module in modules}
    return found | {ROOT / "spark/recording/recorded.pyi": _recorded(own)}


def _path(module: ModuleType) -> Path:
    return Path(inspect.getfile(module)).with_suffix(".pyi")


def _module(module: ModuleType) -> str:
    here: list[Any] = [thing for thing in vars(module).values() if getattr(thing, "__module__", "") == module.__name__]
    classes: list[Any] = [thing for thing in here if inspect.isclass(thing)]
    references = [f"{name}: Reference" for name, thing in vars(module).items() if isinstance(thing, Reference)]
    needed: dict[str, set[str]] = {Reference.__module__: {Reference.__name__}}
    for base in {base for kind in classes for base in kind.__bases__} - set(classes):
        needed.setdefault(base.__module__, set()).add(base.__name__)
    imports = [
        "from collections.abc import Sequence\n",
        "from jax.typing import DTypeLike\n",
        "from ....core.quantity import Quantity, Value",
        "from ....solvers import Solver",
        *(f"from .{name.rpartition('.')[2]} import {', '.join(sorted(needed[name]))}" for name in sorted(needed)),
    ]
    bodies = [line for kind in classes for line in (_config(kind) if issubclass(kind, Config) else _soma(kind))]
    return "\n".join([HEAD, *imports, "", *references, *bodies]) + "\n"


def _config(kind: type[Config]) -> Iterator[str]:
    base: Any = kind.__bases__[0]
    yield f"\nclass {kind.__name__}({base.__name__}):"
    own = [name for name in kind.quantities() if name not in base.fields()]
    yield from (f"    {name}: Quantity = ..." for name in own)
    if not own:
        yield "    pass"


def _soma(kind: type[Soma]) -> Iterator[str]:
    config, base = kind.config_class, kind.__bases__[0]
    of = f"[{config.__name__}]" if base is Soma else ""
    yield f"\nclass {kind.__name__}({base.__name__}{of}):"
    yield f"    config: {config.__name__}"
    yield "    def __init__("
    yield "        self,"
    yield f"        config: {config.__name__} | None = None,"
    yield "        *,"
    for name, field in config.fields().items():
        yield f"        {name}: {TYPES[type(field)]} = ...,"
    yield "    ) -> None: ..."


def _recorded(own: list[type[Soma]]) -> str:
    names = dict.fromkeys(variable.name for kind in own for variable in kind.system.recordable)
    lines = (HEAD, "import numpy as np", "", "class Recorded:", *(f"    {name}: np.ndarray" for name in names))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for path, text in stubs().items():
        path.write_text(text, "utf-8")
